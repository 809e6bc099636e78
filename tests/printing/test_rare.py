"""Names as people have them: letters with marks, and characters beyond GBK, on paper and off it again."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from unicodedata import category, normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfbase.ttfonts import TTFontFile

from filings.lab.worlds import cast
from filings.models import Filing, Sandbox
from filings.printing import lettering
from filings.printing.documents import Mode, composed
from filings.printing.lettering import FILES, MORE, NAME, font, glyph, runs, width, wrap
from filings.printing.pen import SHARP, UNCLEAR, Ink
from filings.printing.setting import Box, Words, set_on_pages
from tests.api.client import World
from tests.printing.paper import document, print_, printed, squeezed, text
from tests.printing.test_layout import AT_LENGTH, RARE

NAMES = ["深圳市䶮㛃㐂有限公司", "𠮷祥", "王𬱖", "JOSÉ NGUYỄN THỊ HƯỜNG", "吕Lǚ"]
"""Of them 𠮷 and 𬱖 stand beyond U+FFFF."""

BEYOND_BOTH = "𠀂"


@pytest.mark.parametrize("ink", [SHARP, UNCLEAR], ids=["sharp", "unclear"])
@pytest.mark.parametrize("name", NAMES)
def test_a_rare_name_is_printed_and_copied_off_the_paper_wherever_it_stands(name: str, ink: Ink) -> None:
    people = {one: {**cast.REFERENCE[one], "name": name} for one in ("legal_representative", "finance_manager")}
    investors = [{**cast.REFERENCE["investors"][0], "name": name}]
    pdf, setting = print_(document(name_cn=f"甲{name}", business_scope=f"乙{name}", investors=investors, **people), ink)
    said = text(pdf)
    assert setting.missing == 0
    assert said.count(squeezed(name)) == 5
    assert f"甲{squeezed(name)}" in said
    assert f"乙{squeezed(name)}" in said
    assert "〓" not in said


def test_every_character_of_both_fonts_is_copied_off_as_it_was_written() -> None:
    have = {chr(code) for name in FILES for code in font(name).face.charToGlyph}
    chars = "".join(sorted(char for char in have if category(char) not in ("Cn", "Zs")))
    assert len(chars) > 32_900
    pdf, setting = print_(document(business_scope=chars))
    said = set(text(pdf))
    assert setting.missing == 0
    assert set(chars) - said <= set("ﬀﬁﬂﬃﬄ"), "which PDFium tells as the letters they join"


def test_what_neither_font_has_is_noticed_as_before() -> None:
    pdf, setting = print_(document(name_cn=f"深圳市{BEYOND_BOTH}𠮷😀有限公司"))
    assert "深圳市〓𠮷〓有限公司" in text(pdf)
    assert setting.missing == 2
    assert "有2个字符不在打印字库中" in text(pdf)


def test_a_letter_and_its_mark_are_drawn_as_one() -> None:
    apart = normalize("NFD", "CAFÉ NGUYỄN")
    pdf, setting = print_(document(name_en=apart))
    assert "CAFÉNGUYỄN" in text(pdf)
    assert setting.missing == 0
    assert printed(name_en=apart) == printed(name_en="CAFÉ NGUYỄN")
    assert document(name_en=apart).sha256 != document(name_en="CAFÉ NGUYỄN").sha256, "the data are what they are"


def test_only_letters_and_marks_are_composed() -> None:
    assert composed("か\u3099 e\u0301") == "が é"
    for kept in ("\uf9dc\ufa10", "Å", "①ＡＢ", "x\u0323", "\u0301", "\n\u0301", ""):
        assert composed(kept) == kept
    pdf, setting = print_(document(name_cn="\uf9dc\ufa10x\u030c"))
    assert "\uf9dc\ufa10x\u030c" in text(pdf)
    assert setting.missing == 0


def test_a_clipped_rare_name_is_cut_between_characters() -> None:
    address = "𠮷É" * 20
    pdf, setting = print_(document(modes={"address_cn": Mode.CLIP}, address_cn=normalize("NFD", address)))
    shown = setting.shown["address_cn"]
    assert shown
    assert address.startswith(shown) and shown != address  # noqa: PT018
    assert f"住所(主要经营场所){shown}" in text(pdf)


# ── setting ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_part_of_a_text_is_measured_by_the_font_that_writes_it() -> None:
    assert list(runs("CAFÉ 深圳𠮷𬱖市")) == [(NAME, "CAF"), (MORE, "É"), (NAME, " 深圳"), (MORE, "𠮷𬱖"), (NAME, "市")]
    for name in FILES:
        face = font(name).face
        for code in list(face.charToGlyph)[::97]:
            if (one := glyph(chr(code))) and one.font == name:
                assert width(chr(code), 1000) == face.charWidths[code]
    assert width("É", 9) < 9 == width("𠮷", 9) == width(BEYOND_BOTH, 9)


def test_nothing_rare_leaves_its_cell() -> None:
    rare = document(address_cn="𠮷祥㐂路" * 40, name_en="NGUYỄN " * 30, business_scope="䶮É" * 700)
    for marks in set_on_pages(rare).pages:
        boxes = [mark for mark in marks if isinstance(mark, Box)]
        for mark in marks:
            if isinstance(mark, Words):
                ends = mark.x + width(mark.text, mark.size)
                assert any(
                    box.x <= mark.x and ends <= box.x + box.width + 0.01 and box.y <= mark.y <= box.y + box.height
                    for box in boxes
                )


def test_a_word_with_marks_is_not_broken() -> None:
    words = "NGUYỄN THỊ HƯỜNG x\u030c天\u0301地"
    for room in range(60, 160, 7):
        lines = wrap(words, 9, room)
        assert not {line[0] for line in lines} & set("\u030c\u0301")
        assert "".join(lines).replace(" ", "") == words.replace(" ", "")
        assert all(any(word in line for line in lines) for word in ("NGUYỄN", "THỊ", "HƯỜNG"))


@given(st.text(st.sampled_from("Ẹ́́é䶮𠮷𬱖A深，。《 \n\u0323\u3099" + BEYOND_BOTH), max_size=200), st.floats(20, 300))
@settings(max_examples=100, deadline=None)
def test_rare_lines_fit_and_say_it_all(words: str, room: float) -> None:
    lines = wrap(words, 9, room)
    assert squeezed("".join(lines)) == squeezed(words)
    assert all(width(line, 9) <= room + 0.01 or len(line) == 1 for line in lines)


# ── what it costs ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_second_font_is_read_and_comes_along_only_where_a_character_needs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(lettering, "font", lambda name=NAME: asked.append(name) or font(name))
    glyph.cache_clear()
    for usual in ({}, AT_LENGTH, {"name_cn": RARE}, {"modes": {"address_cn": Mode.CLIP, "uscc": Mode.BLANK}}):
        assert MORE.encode() not in printed(**usual)
    assert set(asked) == {NAME}
    pdf = printed(name_cn="深圳市䶮𠮷有限公司")
    assert set(asked) == {NAME, MORE}
    assert len(set(re.findall(rb"/BaseFont /[A-Z]{6}\+NotoSansSCSimMore\S*", pdf))) == 1
    assert len(pdf) - len(printed()) < 10_000, "the whole font has three and a half million bytes"


def test_sixteen_print_at_once_and_each_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"深圳市{chr(0x3400 + 40 * n)}{chr(0x4E00 + 77 * n)}É𠮷有限公司" for n in range(16)]
    alone = [printed(name_cn=name) for name in names]
    cutting, most, cut = [0], [0], TTFontFile.makeSubset

    def watched(face: TTFontFile, subset: list[int]) -> bytes:
        cutting[0] += 1
        most[0] = max(most[0], cutting[0])
        time.sleep(0.001)
        made: bytes = cut(face, subset)
        cutting[0] -= 1
        return made

    monkeypatch.setattr(TTFontFile, "makeSubset", watched)
    begin = threading.Barrier(16)

    def one(name: str) -> bytes:
        begin.wait(30)
        return printed(name_cn=name)

    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(one, names)) == alone
    assert most == [1], "ReportLab reads both from one place of the file"


# ── every document ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_certificate_of_a_rare_name(world: World) -> None:
    name, mine = "深圳市䶮𠮷𬱖É演练有限公司", world.caller("card")
    change = world.change(name_cn=name)
    assert name in text(mine.get(f"/filings/{change}/record-form.pdf").ok(200).body)
    world.submit(change, scenario="approve").ok(200)
    world.advance(until="idle")
    for disposition in ("inline", "attachment"):
        answer = mine.get(f"/enterprise/certificate.pdf?disposition={disposition}").ok(200)
        assert name in text(answer.body)
        assert "X-Sim-Missing-Glyphs" not in answer.headers


def test_a_draft_of_a_rare_name_over_http(world: World) -> None:
    name = normalize("NFD", "JOSÉ NGUYỄN") + " 𠮷㛃"
    draft = world.draft(name_cn=name, legal_representative={**cast.REFERENCE["legal_representative"], "name": name})
    answer = world.caller().get(f"/filings/{draft}/record-form.pdf").ok(200)
    assert text(answer.body).count("JOSÉNGUYỄN𠮷㛃") == 2
    assert "X-Sim-Missing-Glyphs" not in answer.headers
    filing = Filing.objects.get(sandbox=Sandbox.objects.get(key=world.id), public_id=draft)
    assert filing.content["name_cn"] == name, "what customs receives is what was filled in"
