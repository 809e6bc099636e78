"""A change carries only what changes: what is on record, laying over it, and the difference."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.lab.worlds import cast
from filings.rules.laying import changed, lay, on_record

SHEET: dict[str, Any] = dict(cast.REFERENCE)
VALUES = st.one_of(st.none(), st.text(max_size=3), st.booleans(), st.lists(st.text(max_size=2), max_size=2))
SHEETS = st.dictionaries(st.sampled_from("abcd"), VALUES)


def plain(sheet: dict[str, Any]) -> dict[str, Any]:
    """A sheet without its empty places: nothing, 否 and an empty list are one."""
    return {name: value for name, value in sheet.items() if value}


@given(SHEETS, SHEETS)
def test_the_difference_laid_over_the_record_is_the_sheet(record: dict[str, Any], whole: dict[str, Any]) -> None:
    assert plain(lay(record, changed(record, whole))) == plain(whole)


@given(SHEETS)
def test_between_a_record_and_itself_there_is_no_difference(record: dict[str, Any]) -> None:
    assert changed(record, record) == {}
    assert changed(record, plain(record)) == {}


def test_an_emptied_place_is_carried_as_nothing() -> None:
    assert changed({"remarks": "一", "name_en": "A"}, {"name_en": "A"}) == {"remarks": None}
    assert lay({"remarks": "一", "name_en": "A"}, {"remarks": None}) == {"name_en": "A"}


@pytest.mark.parametrize(("before", "after"), [([], None), (False, None), (None, False), (None, []), ("", None)])
def test_what_reads_as_empty_is_no_change(before: Any, after: Any) -> None:
    assert changed({"field": before}, {"field": after}) == {}


def test_rows_and_groups_are_carried_whole() -> None:
    record = {"investors": [{"name": "一"}, {"name": "二"}], "finance_manager": {"name": "张", "phone": "1"}}
    whole = {"investors": [{"name": "二"}], "finance_manager": {"name": "张"}}
    assert changed(record, whole) == whole


# ── what is on record ─────────────────────────────────────────────────────────────────────────────────────────────


def test_of_no_record_there_is_no_sheet() -> None:
    assert on_record({}, "U", "N") == {}


def test_the_sheet_as_approved_is_what_is_on_record() -> None:
    rows = [{**row, "amount_usd": "78.50"} for row in SHEET["investors"]]
    assert on_record({"content": SHEET, "categories": ["10000000"], "investors": rows}, "U", "N") == SHEET


def test_a_record_laid_without_a_sheet_tells_what_it_has() -> None:
    record = {"content": {}, "categories": ["01000000", "10000000"], "investors": []}
    assert on_record(record, "U", "N") == {"uscc": "U", "name_cn": "N", "category": "01000000"}


def test_what_was_laid_over_a_record_is_what_it_says() -> None:
    row = {
        "name": "王演练",
        "country": "HKG",
        "method": None,
        "amount": "1.00",
        "currency": "HKD",
        "amount_usd": "0.13",
    }
    told = on_record({"content": SHEET, "categories": ["00010000"], "investors": [row]}, "U", "N")
    assert told["category"] == "00010000"
    assert told["investors"] == [{"name": "王演练", "country": "HKG", "amount": "1.00", "currency": "HKD"}]
    assert (told["name_cn"], told["uscc"]) == (SHEET["name_cn"], SHEET["uscc"])


def test_a_category_among_several_stays_the_sheets_own() -> None:
    record = {"content": SHEET, "categories": ["01000000", "10000000"], "investors": []}
    assert on_record(record, "U", "N")["category"] == "10000000"
