"""The form on paper: everything is there, in order, inside its cell, in a font the file brings along."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filings.lab.worlds import cast
from filings.printing.documents import MARK, Mode
from filings.printing.lettering import glyph, width, wrap
from filings.printing.pen import UNCLEAR
from filings.printing.setting import Box, Tick, Words, set_on_pages
from filings.rules.kinds import KINDS
from filings.rules.sheet import Section, Sheet, Tab, Text
from tests.printing.paper import ON, Page, Rectangle, document, print_, printed, read, squeezed, text

FIRST_TWELVE = (
    "统一社会信用代码",
    "填表/打印日期",
    "申请类型",
    "申请报关单位类型",
    "行政区划",
    "所在地海关",
    "经济区划",
    "中文名称",
    "英文名称",
    "住所(主要经营场所)",
    "邮政编码",
    "英文地址",
)
"""As published, but that the form in force since 2022 calls the seventh 统计经济区划."""

BEHIND_THEM = (
    "组织机构类型", "经济类型", "行业种类", "是否为快件运营企业", "跨境贸易电子商务类型", "经营范围", "注册资本(万)", "注册资本币制", "备注",
    "管理人员", "法定代表人（负责人）", "财务负责人", "关务负责人", "上级单位统一社会信用代码", "上级单位名称", "与上级单位关系",
    "出资者信息", "序号出资者名称出资国别出资方式出资金额(万)出资金额币制", "所属报关人员", "序号姓名身份证件类型身份证件号码业务种类",
    "我单位承诺对本表所填报",
)  # fmt: skip
"""Their order is assumed."""

RARE = "喆堃珺昇镕淼焱犇骉羴猋麤囍龘靐飝朤燚垚鱻赟翀翯翾翙彧昶祎懿韡"

AT_LENGTH: dict[str, Any] = {
    "address_cn": "广东省深圳市福田区" + "福中三路一千零六号诺德中心大厦二十三层" * 10,
    "business_scope": "\n".join(f"第{n}项：货物进出口；技术进出口；国内贸易代理（不含危险化学品）" for n in range(70)),
    "investors": [
        {
            "name": f"云帆（香港）控股第{n}有限公司 Yunfan Holdings No.{n} Limited",
            "country": "HKG",
            "method": "货币",
            "amount": "500.00",
            "currency": "CNY",
            "amount_usd": "78.50",
        }
        for n in range(50)
    ],
    "declarants": [
        {"name": f"报关员{n}", "id_type": "港澳居民来往内地通行证", "id_number": f"H{n:08d}", "action": "备案"}
        for n in range(50)
    ],
}


def test_amounts_and_numbers_are_printed_to_the_last_digit() -> None:
    investor = {
        **cast.REFERENCE["investors"][0],
        "amount": "99999999999999.123456",
        "amount_usd": "15699999999999.862383",
    }
    person = {**cast.REFERENCE["legal_representative"], "mobile": "+85291234567", "phone": "0755-83165355-8001"}
    said = squeezed(text(printed(registered_capital="1234.5678", investors=[investor], legal_representative=person)))
    for words in ("1234.5678", investor["amount"], investor["amount_usd"], person["mobile"], person["phone"]):
        assert words in said


def test_the_twelve_items_that_are_known_stand_first_and_in_order() -> None:
    said = squeezed(read(printed())[0].text)
    places = [said.index(f"{label}", said.index("申请单编号")) for label in FIRST_TWELVE]
    assert places == sorted(places)
    at = places[-1]
    for label in BEHIND_THEM:
        at = said.index(label, at)


@pytest.mark.parametrize("changes", [{}, AT_LENGTH], ids=["usual", "long"])
def test_every_page_is_a4_and_says_that_it_is_a_specimen_and_which(changes: dict[str, Any]) -> None:
    pages = read(printed(**changes))
    for n, page in enumerate(pages, 1):
        assert page.size == pytest.approx((595.28, 841.89), abs=0.01)
        assert page.text.count(MARK) == 2, "across the page and beneath it"
        assert f"第 {n} 页 / 共 {len(pages)} 页" in page.text
        assert page.text.count("SIM-BAXXB-202112010000001") == 2
        assert ("报关单位备案信息表（续）" in page.text) == (n > 1)
        assert "扫码核验（模拟）" in page.text


def test_a_sheet_of_the_usual_length_is_one_page() -> None:
    assert len(read(printed())) == 1


def test_the_fonts_are_subsets_and_come_along() -> None:
    pdf = printed()
    names = re.findall(rb"/BaseFont /(\S+)", pdf)
    assert names
    assert all(re.fullmatch(rb"[A-Z]{6}\+NotoSansSC\S*", name) for name in names), names
    assert pdf.count(b"/FontFile2") == len(set(names))
    assert len(pdf) < 120_000, "the whole font has seven million bytes"


def test_rare_characters_are_written() -> None:
    assert len(RARE) == 30
    assert all(map(glyph, RARE))
    pdf, setting = print_(document(name_cn=f"深圳市{RARE}有限公司"))
    assert f"深圳市{RARE}有限公司" in text(pdf)
    assert setting.missing == 0
    assert "打印字库" not in text(pdf)


def test_a_character_no_font_has_is_noticed_and_not_dropped() -> None:
    pdf, setting = print_(document(name_cn="深圳市𠀂祥😀有限公司", address_cn="𠀂祥路"))
    assert setting.missing == 3
    assert "深圳市〓祥〓有限公司" in text(pdf)
    assert "有3个字符不在打印字库中，以“〓”代替" in text(pdf)
    assert setting.shown["name_cn"] == "深圳市〓祥〓有限公司"


def test_the_same_document_is_the_same_bytes_whatever_was_printed_in_between() -> None:
    first = printed()
    printed(name_cn=RARE)
    assert printed() == first
    assert document().sha256 == document().sha256 != document(name_cn=RARE).sha256


# ── cells ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def around(boxes: list[Rectangle]) -> Rectangle:
    lefts, feet, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(feet), max(rights), max(tops)


def cell_right_of(label: str, page: Page, marks: list[Any]) -> Box:
    """The box behind a label's."""
    left, foot, _, top = around(page.where(label))
    boxes = [mark for mark in marks if isinstance(mark, Box) and mark.y <= (foot + top) / 2 <= mark.y + mark.height]
    own = next(box for box in boxes if box.x <= left < box.x + box.width)
    return next(box for box in boxes if box.x == pytest.approx(own.x + own.width))


@pytest.mark.faq("2.17")
@pytest.mark.parametrize("address", ["广东省深圳市福田区福中三路1006号", AT_LENGTH["address_cn"], "字"])
def test_a_clipped_cell_shows_part_of_its_text_inside_its_border(address: str) -> None:
    pdf, setting = print_(document(modes={"address_cn": Mode.CLIP}, address_cn=address))
    page = read(pdf)[0]
    shown = setting.shown["address_cn"]
    assert address.startswith(shown)
    assert len(shown) < len(address)
    assert address not in text(pdf)
    if shown:
        cell = cell_right_of("住所(主要经营场所)", page, setting.pages[0])
        left, foot, right, top = around(page.where(shown, behind="住所(主要经营场所)"))
        assert cell.x <= left
        assert right <= cell.x + cell.width
        assert cell.y <= foot
        assert top <= cell.y + cell.height


@pytest.mark.faq("2.17")
def test_a_blank_cell_shows_nothing_and_a_whole_one_everything() -> None:
    uscc = cast.REFERENCE["uscc"]
    assert uscc in text(printed())
    pdf, setting = print_(document(modes={"uscc": Mode.BLANK}))
    assert uscc not in text(pdf)
    assert setting.shown["uscc"] == ""
    assert set_on_pages(document()).shown["uscc"] == uscc


def test_nothing_leaves_its_cell_however_long() -> None:
    for marks in set_on_pages(document(**AT_LENGTH)).pages:
        boxes = [mark for mark in marks if isinstance(mark, Box)]
        for mark in marks:
            if isinstance(mark, Words):
                ends = mark.x + width(mark.text, mark.size)
                assert any(
                    box.x <= mark.x and ends <= box.x + box.width + 0.01 and box.y <= mark.y <= box.y + box.height
                    for box in boxes
                ), mark


def test_what_is_long_flows_on_and_nothing_is_lost() -> None:
    pdf = printed(**AT_LENGTH)
    pages, said = read(pdf), text(pdf)
    assert len(pages) > 3
    for row in AT_LENGTH["investors"]:
        assert squeezed(row["name"]) in said
    for row in AT_LENGTH["declarants"]:
        assert row["id_number"] in said
    for line in AT_LENGTH["business_scope"].split("\n"):
        assert squeezed(line) in said
    reached = [page for page in pages if "Yunfan Holdings" in page.text]
    assert len(reached) > 1
    assert all("出资金额(万美元)" in page.text for page in reached), "the heads are said again"
    assert all("出资者信息（续）" in page.text for page in reached[1:])
    assert AT_LENGTH["address_cn"] in said


@pytest.mark.parametrize("declarants", [0, 1, 5])
@pytest.mark.parametrize("lines", range(0, 40, 3))
def test_the_statement_to_be_sealed_never_stands_alone_on_a_page(lines: int, declarants: int) -> None:
    *_, last = read(printed(business_scope="\n".join("第项" * lines), declarants=AT_LENGTH["declarants"][:declarants]))
    said = squeezed(last.text)
    assert "我单位承诺" in said
    assert said.index("序号", said.index("所属报关人员")) < said.index("我单位承诺"), (
        "the table of declarants, or the end of it"
    )
    assert (f"报关员{declarants - 1}" if declarants else "无") in said


def test_a_text_stands_on_one_line_to_the_last_character_that_has_room_and_on_two_beyond() -> None:
    rows = [
        [
            mark.text
            for page in set_on_pages(document(name_cn="字" * n)).pages
            for mark in page
            if isinstance(mark, Words) and "字字" in mark.text
        ]
        for n in range(1, 70)
    ]
    assert {"".join(row) for row in rows[1:]} == {"字" * n for n in range(2, 70)}, "whole on either side"
    assert [len(row) for row in rows[1:]] == sorted(len(row) for row in rows[1:])
    assert {len(row) for row in rows[1:]} == {1, 2}


def test_the_seal_has_its_place_above_the_date() -> None:
    page = read(printed())[0]
    seal, date = around(page.where("（单位公章）")), around(page.where("年　　月　　日"))
    assert seal[1] > date[3]
    assert seal[0] + seal[2] == pytest.approx(date[0] + date[2], abs=12)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Cf"]), max_size=120), st.floats(20, 400))
@settings(max_examples=150, deadline=None)
def test_wrapped_lines_fit_and_say_it_all(words: str, room: float) -> None:
    lines = wrap(words, 9, room)
    assert squeezed("".join(lines)) == squeezed(words)
    assert all(width(line, 9) <= room + 0.01 or len(line) == 1 for line in lines)


def test_a_line_does_not_begin_with_the_punctuation_that_ends_a_word() -> None:
    for room in range(30, 200, 3):
        lines = wrap("货物进出口；技术进出口，“国内贸易”代理（不含危险品）。", 9, room)
        assert not any(line[0] in "；，”）。" for line in lines)
        assert not any(line[-1] in "“（" for line in lines)


# ── ticks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def ticked(**more: Any) -> dict[str, list[str]]:
    """What is ticked in each cell of ticks, as the page has it: a chosen box, and the words behind it."""
    one = document(**more)
    marks = [mark for page in set_on_pages(one).pages for mark in page]
    chosen = [after.text for before, after in pairwise(marks) if isinstance(before, Tick) and before.chosen]
    return {
        cell.name: [name for name, yes in cell.ticks if yes and name in chosen] for cell in one.cells() if cell.ticks
    }


def test_one_kind_of_application_and_one_type_are_ticked() -> None:
    ticks = ticked()
    assert (ticks["application"], ticks["category"]) == (["备案"], ["进出口货物收发货人"])
    assert (ticks["express_operator"], ticks["filing_scope"], ticks["cross_border_types"]) == (
        ["否"],
        ["报关", "报检"],
        [],
    )
    assert not set("☐☑■□✓") & set(text(printed())), "ticks are drawn, no font is asked"


@pytest.mark.parametrize(
    ("category", "name", "offered"),
    [
        ("10000000", "进出口货物收发货人", 5),
        ("20000000", "进出口货物收发货人分支机构", 5),
        ("01000000", "报关企业", 5),
        ("00100000", "报关企业分支机构", 5),
        ("00000100", "临时备案单位", 5),
        ("00010000", "特殊监管区域双重身份企业", 6),
        (None, None, 5),
    ],
)
def test_the_five_types_of_the_form_and_a_sixth_only_where_it_is_the_one(
    category: str, name: str, offered: int
) -> None:
    (cell,) = [cell for cell in document(category=category).cells() if cell.name == "category"]
    assert len(cell.ticks) == offered
    assert [one for one, yes in cell.ticks if yes] == ([name] if name else [])


def test_a_sheet_the_form_knows_little_of_is_printed_whole_all_the_same() -> None:
    class Leaving(Sheet):
        why = Text(label="注销原因")
        remarks = Text(label="备注")
        tabs = (Tab("basic", "注销信息", (Section("basic", "注销信息", ("why", "remarks")),)),)

    kind = replace(KINDS["registration"], sheet=Leaving, business_type="企业注销")
    said = text(printed(kind=kind, why="停止经营", remarks="无异议"))
    for words in (cast.REFERENCE["uscc"], cast.REFERENCE["name_cn"], "注销原因停止经营", "备注无异议", ON.isoformat()):
        assert words in said
    assert "邮政编码" not in said
    assert ticked(kind=kind) == {"application": ["注销"]}


# ── ink ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.faq("2.7")
def test_unclear_ink_is_another_picture_with_the_same_words() -> None:
    sharp, unclear = printed(), printed(UNCLEAR)
    assert sharp != unclear
    assert [page.text for page in read(sharp)] == [page.text for page in read(unclear)]
    assert replace(document(), unclear=True).sha256 == document().sha256


def test_nor_from_the_server_it_is_printed_on() -> None:
    assert replace(document(), code="y" * 67).sha256 == document().sha256


def test_a_page_takes_less_than_fifty_milliseconds() -> None:
    printed()
    taken = []
    for _ in range(5):
        began = time.process_time()
        _, setting = print_(document(**AT_LENGTH))
        taken.append((time.process_time() - began) / len(setting.pages))
    assert min(taken) < 0.050
