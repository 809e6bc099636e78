"""The thirty entries, held against the extracted text of the document itself (`faq.txt` beside this file)."""

import re
from pathlib import Path
from typing import get_args

import pytest

from filings.rules.faq import ENTRIES, Entry, Validity
from filings.rules.words import Provenance

HEADINGS = {"1": "一、业务咨询类", "2": "二、页面操作类"}
TEXT = (Path(__file__).parent / "faq.txt").read_text(encoding="utf-8")
BODY = TEXT[TEXT.index("\n一、业务咨询类\n") :]
"""Without title and table of contents, which writes its headings `一． `."""

entries = pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def printed(entry: Entry) -> str:
    part, item = entry.id.split(".")
    heading = HEADINGS[part] if item == "1" else ""
    return f"{heading}{item}.{entry.question}答：{entry.answer}"


def test_there_are_thirty_in_the_order_of_the_document() -> None:
    assert list(ENTRIES) == [f"1.{n}" for n in range(1, 11)] + [f"2.{n}" for n in range(1, 21)]
    assert all(entry.id == key for key, entry in ENTRIES.items())


def test_together_with_the_headings_they_are_the_whole_body_and_nothing_else() -> None:
    assert squeezed("".join(printed(entry) for entry in ENTRIES.values())) == squeezed(BODY)


@entries
def test_every_line_of_the_document_survives_with_its_own_blanks(entry: Entry) -> None:
    lines = [line for line in BODY.splitlines() if squeezed(line) and squeezed(line) in squeezed(printed(entry))]
    joined = entry.question + "\n" + entry.answer
    assert lines
    for line in lines:
        own = re.sub(r"^(答：|[一二]、|\d+\. ?(?=\D))", "", line).strip()
        assert own in joined or own in HEADINGS[entry.id[0]]


@entries
def test_joining_lines_adds_no_blank_between_chinese_characters(entry: Entry) -> None:
    for text in (entry.question, entry.answer):
        assert text == text.strip()
        for blank in re.findall(r"[\u4e00-\u9fff] +[\u4e00-\u9fff]", text):
            assert blank in BODY


@entries
def test_a_line_break_is_kept_only_before_a_numbered_item_or_a_paragraph(entry: Entry) -> None:
    assert "\n" not in entry.question
    for line in entry.answer.split("\n")[1:]:
        assert re.match(r"[①②③④]|\d[)）]|如果您提交的是|联系电话：", line)


@pytest.mark.parametrize(
    ("entry_id", "field", "words"),
    [
        ("1.1", "question", "2018年 8月 1日前"),
        ("1.2", "answer", "深圳企业可选择福中海关输入代码 5355。"),
        ("1.4", "answer", "44039999-深圳市其他地区"),
        ("1.9", "answer", "您查询的到状态有如下几种：\n①如果状态是暂存"),
        ("2.3", "question", "“ 当前用户不是企业用户，无法操作“"),
        ("2.9", "question", "您要修改的信息再经营者备案系统查询不到"),
        ("2.10", "question", "企业资质-海关企业通关资质-企业注册登记"),
        ("2.12", "answer", "\n联系电话：0755-84397137、84397138（周一至周五 9:00-12:00,13:30-17:30）。"),
        ("2.19", "answer", "“特殊监管双重身份企业”"),
    ],
)
def test_slips_and_spacing_of_the_original_are_kept(entry_id: str, field: str, words: str) -> None:
    assert words in getattr(ENTRIES[entry_id], field)


def test_entry_2_13_is_here_though_the_table_of_contents_forgets_it() -> None:
    assert "年报补录" in ENTRIES["2.13"].answer
    assert squeezed(ENTRIES["2.13"].question) not in squeezed(TEXT.removesuffix(BODY))


@entries
def test_each_says_honestly_what_holds_today(entry: Entry) -> None:
    assert entry.part == HEADINGS[entry.id[0]][2:]
    assert entry.validity in get_args(Validity)
    assert isinstance(entry.today_provenance, Provenance)
    assert re.fullmatch(r"[^。\n]+。", entry.today)


@entries
def test_what_is_unknown_says_that_no_source_was_found(entry: Entry) -> None:
    if entry.validity == "unknown":
        assert "未找到公开资料" in entry.today


@pytest.mark.parametrize(
    ("validity", "ids"),
    [
        ("current", "1.8 2.14"),
        ("historic", "1.1 2.8 2.9 2.11 2.13"),
        ("moved", "1.2 1.3 1.9 2.2 2.5 2.17"),
    ],
)
def test_the_rest_are_sorted_as_the_sources_have_it(validity: str, ids: str) -> None:
    assert [entry.id for entry in ENTRIES.values() if entry.validity == validity] == ids.split()


@pytest.mark.parametrize("entry_id", ["2.11", "2.13"])
def test_the_dates_of_report_year_2020_are_called_that(entry_id: str) -> None:
    assert "2020年度" in ENTRIES[entry_id].today
    assert "按报告年度" in ENTRIES[entry_id].today
