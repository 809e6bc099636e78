"""What a sheet changes in the record under it, and when customs has promised to decide."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from filings.lab.worlds import cast
from filings.rules.advice import REASON_AT_CUSTOMS, REASON_BY_CARD
from filings.rules.comparing import Change, compare
from filings.rules.dates import working_days_after
from filings.rules.faq import ENTRIES
from filings.rules.kinds import CHANGE, KINDS
from filings.rules.laying import changed

ZHANG = dict(cast.REFERENCE["investors"][0])
LI = {"name": "李演练", "country": "HKG", "method": "货币", "amount": "10.00", "currency": "HKD"}
RECORD = deepcopy(dict(cast.REFERENCE))


def told(record: dict[str, Any] = RECORD, **content: Any) -> list[Change]:
    return compare(CHANGE.sheet, record, {**record, **content})


def test_the_record_itself_changes_nothing() -> None:
    assert told() == []
    assert told(declarants=None, express_operator=None, cross_border_types=[]) == []


def test_a_field_a_part_of_a_group_and_an_emptied_place_are_each_one_change() -> None:
    person = {**RECORD["finance_manager"], "mobile": "13800000002"}
    assert told(address_cn="别处", finance_manager=person, name_en=None) == [
        Change("name_en", "changed", RECORD["name_en"], None),
        Change("address_cn", "changed", RECORD["address_cn"], "别处"),
        Change("finance_manager.mobile", "changed", "13800000001", "13800000002"),
    ]


@pytest.mark.faq("2.16")
def test_a_row_is_known_by_name_and_country_and_what_customs_returns_is_no_change() -> None:
    assert told(investors=[{**ZHANG, "amount": "800.00", "amount_usd": "1.00"}]) == [
        Change("investors.0.amount", "changed", "500.00", "800.00")
    ]
    assert told(investors=[LI, ZHANG]) == [Change("investors.0", "added", now=LI)]
    renamed = {**ZHANG, "name": "张别名"}
    assert told(investors=[renamed]) == [
        Change("investors.0", "added", now=renamed),
        Change("investors", "removed", ZHANG),
    ]


def test_rows_of_the_same_name_are_told_apart_by_what_else_they_say() -> None:
    more = {**ZHANG, "method": "实物", "amount": "20.00"}
    record = RECORD | {"investors": [ZHANG, more]}
    assert told(record, investors=[{**more, "amount": "30.00"}, ZHANG]) == [
        Change("investors.0.amount", "changed", "20.00", "30.00")
    ]


def test_an_empty_row_is_not_yet_a_change_and_another_order_is_one() -> None:
    assert told(investors=[ZHANG, {"name": None, "amount": None}]) == []
    record = RECORD | {"investors": [ZHANG, LI]}
    assert told(record, investors=[LI, ZHANG]) == [Change("investors", "moved")]


def test_where_there_is_no_record_nothing_is_a_change() -> None:
    assert compare(CHANGE.sheet, {}, RECORD) == []


@pytest.mark.parametrize(
    "content",
    [{}, {"remarks": "新"}, {"investors": [LI]}, {"investors": [ZHANG, LI]}, {"name_en": None}, {"declarants": []}],
)
def test_the_page_says_something_changed_when_the_desk_does(content: dict[str, Any]) -> None:
    assert bool(told(**content)) == bool(changed(RECORD, {**RECORD, **content}))


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        ("2021-12-01", 3, "2021-12-06"),  # Wednesday
        ("2021-12-03", 1, "2021-12-06"),  # Friday
        ("2021-12-04", 1, "2021-12-06"),  # Saturday
        ("2021-12-05", 3, "2021-12-08"),  # Sunday
        ("2021-12-01", 11, "2021-12-16"),
        ("2021-12-01", 0, "2021-12-01"),
    ],
)
def test_working_days_leave_out_saturdays_and_sundays(day: str, count: int, due: str) -> None:
    assert working_days_after(date.fromisoformat(day), count) == date.fromisoformat(due)


@pytest.mark.faq("2.6")
def test_where_to_learn_why_is_said_in_the_document_s_words() -> None:
    for words in (REASON_AT_CUSTOMS, REASON_BY_CARD):
        assert words in ENTRIES["2.6"].answer


@pytest.mark.faq("1.5")
def test_which_kinds_want_a_card_is_read_from_who_may_write_them() -> None:
    assert {kind.name for kind in KINDS.values() if kind.by_card} == {"change", "deregistration"}
