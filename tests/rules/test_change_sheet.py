"""注册信息变更申请: which fields are grey over an approved record, what they hold and why."""

from datetime import datetime
from typing import Any

import pytest

from filings.lab.worlds import cast
from filings.rules.appraisal import Appraisal, appraise
from filings.rules.approval import registration_record, with_returned_usd
from filings.rules.dates import SHANGHAI
from filings.rules.facts import Facts
from filings.rules.kinds import CHANGE, KINDS
from filings.rules.sheets.change import Change
from filings.rules.sheets.registration import Registration
from filings.rules.words import Category, Shade

NOW = datetime(2021, 12, 1, 9, tzinfo=SHANGHAI)
SHEET: dict[str, Any] = dict(cast.REFERENCE)

GREY = {
    "filing_scope",
    "customs_code",
    "inspection_number",
    "uscc",
    "category",
    "express_operator",
    "customs_office",
    "investors.0.amount_usd",
}
"""What an applicant does not change: settled by customs, or the enterprise's very name in the register."""


def facts(category: str = Category.CONSIGNEE, **more: Any) -> Facts:
    """An enterprise on record in a category, its amounts in USD returned."""
    record = registration_record({**SHEET, "category": str(category)}, NOW.date(), 7)
    mirror = {**record, "investors": with_returned_usd(record["investors"]), "former": []}
    return Facts(now=NOW, uscc=SHEET["uscc"], name_cn=SHEET["name_cn"], mirror={**mirror, **more})


def appraised(known: Facts, patch: dict[str, Any], kept: dict[str, Any] | None = None, **how: bool) -> Appraisal:
    whole = Change.merge(CHANGE.whole(known.record, kept or {}), patch)
    return appraise(Change, whole, known, sent=patch, **how)


def errors(appraisal: Appraisal) -> dict[str, str]:
    return {error.pointer: error.code for error in appraisal.errors}


def delta(known: Facts, patch: dict[str, Any], kept: dict[str, Any] | None = None) -> dict[str, Any]:
    """What a draft keeps once this is laid over it."""
    appraisal = appraised(known, patch, kept)
    assert errors(appraisal) == {}
    return CHANGE.kept(known.record, appraisal.values)


def test_just_these_are_grey() -> None:
    states = appraised(facts(), {}).states()
    assert {name for name, state in states.items() if state.shade is Shade.READONLY} == GREY
    assert all(states[name].reason for name in GREY)


def test_of_a_dual_firm_the_category_to_add_is_grey_too_and_express_is_not() -> None:
    states = appraised(facts(Category.DUAL), {}).states()
    assert {name for name, state in states.items() if state.shade is Shade.READONLY} == GREY - {"express_operator"} | {
        "added_categories"
    }


def test_grey_holds_what_the_record_says() -> None:
    known = facts()
    held = {name: state.value for name, state in appraised(known, {}).states().items() if name in GREY}
    assert held == {
        "filing_scope": ["customs", "inspection"],
        "customs_code": "4403160007",
        "inspection_number": "4700600007",
        "uscc": SHEET["uscc"],
        "category": "10000000",
        "express_operator": False,
        "customs_office": "5355",
        "investors.0.amount_usd": "78.50",
    }


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        ({"filing_scope": ["customs"]}, "field_readonly"),
        ({"uscc": "91440399MAMK00021X"}, "field_readonly"),
        ({"category": "01000000"}, "category_locked"),
        ({"customs_office": "5301"}, "field_readonly"),
        ({"customs_code": "4403160008"}, "field_readonly"),
        ({"inspection_number": "1"}, "field_readonly"),
        ({"express_operator": True}, "express_not_allowed"),
    ],
)
def test_another_value_is_refused_and_the_same_is_no_change(patch: dict[str, Any], code: str) -> None:
    (name,) = patch
    assert errors(appraised(facts(), patch)) == {f"/content/{name}": code}
    assert delta(facts(), {name: appraised(facts(), {}).states()[name].value}) == {}


@pytest.mark.parametrize("name", sorted(GREY - {"investors.0.amount_usd"}))
def test_to_clear_a_grey_field_changes_nothing(name: str) -> None:
    assert delta(facts(), {name: None}) == {}


def test_a_browsers_grey_value_is_ignored() -> None:
    appraisal = appraised(facts(), {"category": "01000000", "customs_office": "5301"}, browser=True)
    assert errors(appraisal) == {}
    assert CHANGE.kept(facts().record, appraisal.values) == {}
    assert {change["pointer"] for change in appraisal.changes} == {"/content/category", "/content/customs_office"}


# ── what a draft keeps ────────────────────────────────────────────────────────────────────────────────────────────


def test_only_what_differs_is_kept() -> None:
    assert delta(facts(), {"remarks": "一", "name_en": SHEET["name_en"]}) == {"remarks": "一"}


def test_set_back_to_the_records_value_it_is_kept_no_more() -> None:
    kept = delta(facts(), {"address_cn": "深圳市某路1号", "remarks": "一"})
    assert delta(facts(), {"address_cn": SHEET["address_cn"]}, kept) == {"remarks": "一"}


def test_a_cleared_field_is_kept_as_nothing_and_stays_so() -> None:
    kept = delta(facts(), {"name_en": None})
    assert kept == {"name_en": None}
    assert delta(facts(), {"remarks": "一"}, kept) == {"name_en": None, "remarks": "一"}
    assert delta(facts(), {"name_en": SHEET["name_en"]}, kept) == {}


def test_a_cleared_required_field_is_missed_on_declaring() -> None:
    appraisal = appraised(facts(), {}, delta(facts(), {"address_cn": None}), declaring=True)
    assert errors(appraisal) == {"/content/address_cn": "required"}


def test_one_field_of_a_group_takes_the_group_along() -> None:
    kept = delta(facts(), {"finance_manager": {"email": None}})
    assert kept == {
        "finance_manager": {key: value for key, value in SHEET["finance_manager"].items() if key != "email"}
    }
    assert delta(facts(), {"finance_manager": {"email": "p1@example.com"}}, kept) == {}


def test_rows_are_kept_whole_without_what_customs_returns() -> None:
    (row,) = SHEET["investors"]
    assert delta(facts(), {"investors": [row, {**row, "name": "王演练"}]}) == {
        "investors": [row, {**row, "name": "王演练"}]
    }
    assert delta(facts(), {"investors": [{**row, "amount_usd": "78.50"}]}) == {}


def test_a_draft_follows_the_record_it_lies_over() -> None:
    kept = delta(facts(), {"remarks": "一"})
    moved = facts(content={**SHEET, "remarks": "一", "postcode": "518000"})
    assert delta(moved, {}, kept) == {}
    assert appraised(moved, {}, kept).values["postcode"] == "518000"


# ── over a record of another making ───────────────────────────────────────────────────────────────────────────────


def test_a_record_without_a_sheet_is_not_yet_changed_by_being_looked_at() -> None:
    known = facts(content={}, investors=[])
    assert delta(known, {}) == {}
    assert appraised(known, {}).values["category"] == "10000000"
    appraisal = appraised(known, {}, declaring=True)
    assert errors(appraisal)["/content/address_cn"] == "required"
    assert not {"/content/uscc", "/content/name_cn", "/content/category"} & errors(appraisal).keys()


def test_filled_in_full_it_declares() -> None:
    known = facts(content={}, investors=[])
    grey = {"filing_scope", "customs_office", "uscc", "category"}
    appraisal = appraised(known, {name: value for name, value in SHEET.items() if name not in grey}, declaring=True)
    assert errors(appraisal) == {}
    assert set(CHANGE.kept(known.record, appraisal.values)).isdisjoint(grey | {"name_cn"})


@pytest.mark.parametrize("category", [Category.DUAL, Category.BROKER])
def test_the_category_is_the_records_own_whatever_its_sheet_says(category: str) -> None:
    known = facts(categories=[str(category)])
    assert appraised(known, {}).values["category"] == category
    assert delta(known, {}) == {}


# ── categories and express ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.faq("2.19")
@pytest.mark.parametrize(
    ("on_record", "added", "allowed"),
    [
        (["10000000"], [], False),
        (["10000000"], ["01000000"], True),
        (["10000000", "01000000"], [], True),
        (["10000000"], ["00100000"], False),
        (["00100000"], [], False),
        (["00010000"], [], True),
        (["01000000"], [], True),
    ],
)
def test_one_category_that_may_suffices_for_express(on_record: list[str], added: list[str], allowed: bool) -> None:
    known = facts(categories=on_record)
    assert errors(appraised(known, {"added_categories": added, "express_operator": True})) == (
        {} if allowed else {"/content/express_operator": "express_not_allowed"}
    )


@pytest.mark.faq("2.20")
@pytest.mark.parametrize("added", [["10000000"], ["00010000"], ["01000000", "00010000"]])
def test_what_cannot_be_added_is_told_on_declaring(added: list[str]) -> None:
    assert errors(appraised(facts(), {"added_categories": added})) == {}
    assert errors(appraised(facts(), {"added_categories": added}, declaring=True)) == {
        "/content/added_categories": "category_not_addable"
    }


def test_to_move_to_another_city_is_not_this_application() -> None:
    moved = {"city": "440100", "district": "440103", "special_trade_zone": "99999999"}
    assert errors(appraised(facts(), moved, declaring=True)) == {"/content/district": "office_region_mismatch"}
    assert errors(appraised(facts(), {"district": "440305"}, declaring=True)) == {}


def test_of_the_advice_on_the_office_there_is_none_where_the_office_is_not_chosen() -> None:
    appraisal = appraised(facts(content={**SHEET, "customs_office": "5301"}), {}, declaring=True)
    assert "not_recommended_office" not in {warning.code for warning in appraisal.warnings}
    assert appraisal.states()["customs_office"].recommended is None


# ── the kinds ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_registration_is_kept_whole_and_its_own_fields_are_untouched_by_the_change() -> None:
    assert KINDS["registration"].kept({"a": 1}, {"a": 1}) == {"a": 1}
    assert KINDS["registration"].whole({"a": 1}, {"b": 2}) == {"b": 2}
    assert Registration.items["category"].locked.name == "never"
    assert "added_categories" not in Registration.items


def test_a_blank_deregistration_is_blank() -> None:
    assert KINDS["deregistration"].blank(facts()) == {}
    assert set(KINDS["deregistration"].sheet.items) == {"reason", "remarks"}
