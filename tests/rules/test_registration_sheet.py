"""注册登记申请, field by field: what the FAQ says of it, and what the simulator adds."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from filings.rules.appraisal import Problem
from filings.rules.dates import SHANGHAI
from filings.rules.faq import ENTRIES
from filings.rules.sheet import Field
from filings.rules.sheets.registration import Registration
from filings.rules.words import Category, Provenance
from tests.rules.known import NOW, errors, judged, known, sheet, warnings

FIELDS = dict(Registration.walk())
REQUIRED = [
    "name_cn",
    "name_en",
    "address_cn",
    "address_en",
    "uscc",
    "category",
    "postcode",
    "province",
    "city",
    "district",
    "customs_office",
    "economic_zone",
    "special_trade_zone",
    "economic_type",
    "organization_type",
    "industry",
    "registered_capital",
    "capital_currency",
    "established_on",
    "business_scope",
    "investors",
]
MANAGERS = ("legal_representative", "finance_manager", "customs_manager")
MISSING = ("/attachments", "record_form_missing")


def told(**more: Any) -> list[tuple[str, str]]:
    return errors(judged(sheet(**more)))


def warned(facts: dict[str, Any] | None = None, **more: Any) -> list[tuple[str, str]]:
    return [warning for warning in warnings(judged(sheet(**more), known(**facts or {}))) if warning != MISSING]


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1
    return problems[0]


# ── as a whole ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_reference_registration_is_right() -> None:
    appraisal = judged(sheet())
    assert appraisal.errors == []
    assert warnings(appraisal) == [MISSING]
    assert judged(appraisal.values).values == appraisal.values


@pytest.mark.parametrize("name", REQUIRED)
def test_what_is_required_is_missed_on_declaring_and_not_in_a_draft(name: str) -> None:
    content = sheet(**{name: None})
    wanted = [(name, "required")]
    assert errors(judged(content)) == wanted
    assert errors(judged(content, declaring=False)) == []


@pytest.mark.parametrize("manager", MANAGERS)
@pytest.mark.parametrize("name", ["name", "id_type", "id_number", "mobile"])
def test_of_each_manager_four_things_are_required(manager: str, name: str) -> None:
    person = {key: value for key, value in sheet()[manager].items() if key != name}
    appraisal = judged(sheet(**{manager: person}))
    assert errors(appraisal) == [(f"{manager}/{name}", "required")]
    assert only(appraisal.errors).detail.startswith(Registration.items[manager].label)


@pytest.mark.parametrize("name", ["name", "country", "method", "amount", "currency"])
@pytest.mark.faq("2.16")
def test_of_each_investor_five_things_are_required(name: str) -> None:
    rows = sheet()["investors"]
    del rows[0][name]
    assert told(investors=rows) == [(f"investors/0/{name}", "required")]


def test_a_blank_page_misses_everything_that_is_required_and_nothing_else() -> None:
    missed = {pointer for pointer, code in errors(judged({})) if code == "required"}
    assert missed == {
        *REQUIRED,
        *(f"{manager}/{name}" for manager in MANAGERS for name in ("name", "id_type", "id_number", "mobile")),
    }
    assert {code for _, code in errors(judged({}))} == {"required"}


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_has_a_label_and_a_source_that_exists(name: str) -> None:
    field: Field = FIELDS[name]
    assert field.label
    assert field.provenance in Provenance
    assert field.faq is None or field.faq in ENTRIES
    if field.provenance == Provenance.DOCUMENTED:
        assert field.faq


@pytest.mark.parametrize(
    ("name", "right", "wrong", "code"),
    [
        ("postcode", "518000", "51800", "postcode_invalid"),
        ("industry", "0111", "51A9", "industry_invalid"),
        ("industry", "5199", "519", "industry_invalid"),
        ("industry", "５１９９", "²²²²", "industry_invalid"),
    ],
)
def test_numbers_are_proved_on_declaring_only(name: str, right: str | None, wrong: str, code: str) -> None:
    assert right is None or told(**{name: right}) == []
    assert (name, code) in told(**{name: wrong})
    assert code not in [one for _, one in errors(judged(sheet(**{name: wrong}), declaring=False))]


@pytest.mark.parametrize(
    ("name", "wrong", "code"),
    [
        ("id_number", "110101189001010017", "id_number_invalid"),
        ("mobile", "12345678901", "mobile_invalid"),
        ("phone", "123", "phone_invalid"),
        ("email", "nobody", "email_invalid"),
        ("email", "a b@example.com", "email_invalid"),
    ],
)
@pytest.mark.parametrize("manager", MANAGERS)
def test_a_managers_numbers_are_proved_too(manager: str, name: str, wrong: str, code: str) -> None:
    assert told(**{manager: {**sheet()[manager], name: wrong}}) == [(f"{manager}/{name}", code)]


def test_only_an_identity_card_has_the_digits_of_one() -> None:
    person = {**sheet()["legal_representative"], "id_type": "护照", "id_number": "e12345678"}
    appraisal = judged(sheet(legal_representative=person))
    assert appraisal.errors == []
    assert appraisal.values["legal_representative"]["id_number"] == "E12345678"


@pytest.mark.parametrize(
    "number",
    ["11010118900101018X", "11010118900101018x", "１１０１０１１８９００１０１０１８ｘ", " 11010118900101018X "],
)
def test_the_letter_at_the_end_of_an_identity_card_may_be_small_or_wide(number: str) -> None:
    appraisal = judged(sheet(legal_representative={**sheet()["legal_representative"], "id_number": number}))
    assert appraisal.errors == []
    assert appraisal.values["legal_representative"]["id_number"] == "11010118900101018X"


def test_a_record_must_be_of_the_enterprise_that_applies_even_in_a_draft() -> None:
    assert errors(judged(sheet(), known(uscc="91440399MAMK99999X"), declaring=False)) == [("uscc", "uscc_mismatch")]
    assert errors(judged(sheet(uscc=None), known(uscc="91440399MAMK99999X"), declaring=False)) == []


@pytest.mark.parametrize(("offset", "right"), [(-1, True), (0, True), (1, False)])
def test_an_enterprise_was_founded_by_today_in_shenzhen(offset: int, right: bool) -> None:
    moment = datetime(2021, 12, 1, 0, 30, tzinfo=SHANGHAI)  # in Greenwich it is still November
    day = (moment.date() + timedelta(days=offset)).isoformat()
    found = errors(judged(sheet(established_on=day), known(now=moment)))
    assert found == ([] if right else [("established_on", "established_in_future")])


def test_a_licence_does_not_end_before_it_begins() -> None:
    assert told(valid_until="2020-06-17") == [("valid_until", "validity_before_establishment")]
    assert told(valid_until="2020-06-18") == []


# ── 1.2, 1.3, 1.4, 2.2: Shenzhen's choices ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("office", ["5355", "５３５５", " 5355 "])
@pytest.mark.faq("1.2")
def test_a_shenzhen_enterprise_may_choose_5355_however_it_is_typed(office: str) -> None:
    appraisal = judged(sheet(customs_office=office))
    assert appraisal.errors == []
    assert appraisal.values["customs_office"] == "5355"


@pytest.mark.parametrize("office", ["535", "53555", "福中海关"])
@pytest.mark.faq("1.2")
def test_what_is_no_code_is_no_office(office: str) -> None:
    assert told(customs_office=office) == [("customs_office", "unknown_code")]


@pytest.mark.faq("1.2")
def test_another_office_of_shenzhen_is_taken_with_a_warning() -> None:
    appraisal = judged(sheet(customs_office="5301"))
    assert appraisal.errors == []
    assert ("customs_office", "not_recommended_office") in warnings(appraisal)


@pytest.mark.faq("2.2")
def test_an_office_of_another_city_is_not() -> None:
    assert told(customs_office="5315") == [("customs_office", "office_region_mismatch")]
    assert errors(judged(sheet(customs_office="5315"), declaring=False)) == []


@pytest.mark.faq("2.2")
def test_three_levels_that_do_not_belong_together_are_refused() -> None:
    found = told(city="440100")
    assert ("district", "region_chain_invalid") in found
    for missing in ("province", "city", "district"):
        assert told(**{missing: None}) == [(missing, "required")]


@pytest.mark.faq("1.3")
def test_any_economic_zone_is_taken_and_the_special_zone_advised() -> None:
    assert warned() == []
    assert warned(economic_zone="09") == [("economic_zone", "not_recommended_zone")]
    assert told(economic_zone="09") == []
    assert told(economic_zone="99") == [("economic_zone", "unknown_code")]


@pytest.mark.parametrize(
    ("in_qianhai", "zone", "said"),
    [
        (False, "44039999", []),
        (None, "44039999", []),
        (True, "44039999", [("special_trade_zone", "qianhai_zone_mismatch")]),
        (True, "4403F962", []),
        (False, "4403F962", [("special_trade_zone", "not_recommended_trade_zone")]),
    ],
)
@pytest.mark.faq("1.4")
def test_44039999_is_for_enterprises_outside_qianhai(
    in_qianhai: bool | None, zone: str, said: list[tuple[str, str]]
) -> None:
    assert warned({"in_qianhai": in_qianhai}, special_trade_zone=zone) == said
    assert errors(judged(sheet(special_trade_zone=zone), known(in_qianhai=in_qianhai))) == []


@pytest.mark.parametrize(("in_qianhai", "recommended"), [(False, "44039999"), (True, None), (None, None)])
@pytest.mark.faq("1.4")
def test_it_is_recommended_only_where_the_enterprise_is_known_to_be_outside(
    in_qianhai: bool | None, recommended: str | None
) -> None:
    states = judged(sheet(), known(in_qianhai=in_qianhai)).states()
    assert states["special_trade_zone"].recommended == recommended
    assert (states["customs_office"].recommended, states["economic_zone"].recommended) == ("5355", "01")


@pytest.mark.faq("1.2")
def test_elsewhere_nothing_is_recommended() -> None:
    guangzhou = sheet(
        city="440100", district="440103", customs_office=None, special_trade_zone="99999999", economic_zone="09"
    )
    appraisal = judged(guangzhou)
    assert {name: state.recommended for name, state in appraisal.states().items() if state.recommended} == {}
    assert [warning for warning in warnings(appraisal) if warning != MISSING] == []
    assert errors(appraisal) == [("customs_office", "required")]


@pytest.mark.faq("1.4")
def test_a_trade_zone_of_shenzhen_is_for_shenzhen() -> None:
    found = told(city="440100", district="440103", customs_office=None)
    assert ("special_trade_zone", "trade_zone_region_mismatch") in found


# ── 1.8 ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scope", [["customs"], ["inspection"]])
@pytest.mark.faq("1.8")
def test_one_qualification_alone_is_warned_of_in_a_draft_and_refused_on_declaring(scope: list[str]) -> None:
    draft = judged(sheet(filing_scope=scope), declaring=False)
    assert errors(draft) == []
    assert ("filing_scope", "single_qualification_not_allowed") in warnings(draft)
    assert only(judged(sheet(filing_scope=scope)).errors).code == "single_qualification_not_allowed"


@pytest.mark.parametrize("scope", [None, [], ["customs", "inspection"], ["inspection", "customs"]])
@pytest.mark.faq("1.8")
def test_both_and_none_given_are_both(scope: list[str] | None) -> None:
    appraisal = judged(sheet(filing_scope=scope))
    assert appraisal.errors == []
    assert appraisal.values["filing_scope"] == ["customs", "inspection"]
    assert appraisal.states()["filing_scope"].shade == "readonly"


@pytest.mark.faq("1.8")
def test_before_the_20th_of_april_2018_the_choice_is_free() -> None:
    facts = known(now=datetime(2018, 4, 19, 23, 59, 59, tzinfo=SHANGHAI))
    for scope in (["customs"], ["inspection"], ["customs", "inspection"]):
        appraisal = judged(sheet(filing_scope=scope, established_on="2017-01-01"), facts)
        assert appraisal.errors == []
        assert appraisal.states()["filing_scope"].shade == "required"


# ── 2.10, 2.16, 2.17 ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.faq("2.10")
def test_the_relation_to_a_parent_is_white_and_on_a_stale_page_yellow() -> None:
    sound, stale = judged(sheet()), judged(sheet(), known(stale_form=True))
    assert sound.errors == []
    assert sound.states()["parent_relation"].shade == "optional"
    assert stale.states()["parent_relation"].shade == "required"
    problem = only(stale.errors)
    assert (problem.pointer, problem.code, problem.detail, problem.faq) == (
        "/content/parent_relation",
        "parent_relation_required",
        "上级单位关系必填",
        "2.10",
    )
    assert Registration.items["parent_relation"].label == "与上级单位关系"
    assert errors(judged(sheet(parent_relation="其他"), known(stale_form=True))) == []
    assert errors(judged(sheet(), known(stale_form=True), declaring=False)) == []


@pytest.mark.parametrize("category", ["20000000", "00100000"])
def test_a_branch_that_names_no_parent_is_warned(category: str) -> None:
    assert warned(category=category) == [("parent_uscc", "parent_missing")]
    assert told(category=category) == []
    parent = {"parent_uscc": "91440399MAMK00013C", "parent_name": "深圳市云帆演练国际贸易有限公司"}
    assert warned(category=category, **parent) == []


USD = {"mirror": {"investors": [{"name": "张演练", "country": "CHN", "amount_usd": "78.50"}]}}


@pytest.mark.parametrize(
    ("sent", "refused"), [("78.50", False), ("78.5", False), (None, False), ("80.00", True), ("0", True)]
)
@pytest.mark.faq("2.16")
def test_the_amount_in_dollars_is_what_customs_returned_and_nothing_else(sent: str | None, refused: bool) -> None:
    rows = [{**sheet()["investors"][0], "amount_usd": sent}]
    appraisal = judged(sheet(investors=rows), known(**USD))
    assert errors(appraisal) == ([("investors/0/amount_usd", "field_readonly")] if refused else [])
    assert appraisal.filled["investors"][0]["amount_usd"] == "78.50"
    assert "amount_usd" not in appraisal.values["investors"][0]
    assert appraisal.states()["investors.0.amount_usd"].shade == "readonly"


@pytest.mark.faq("2.16")
def test_dollars_belong_to_their_investor_wherever_he_stands_and_to_no_other() -> None:
    first = sheet()["investors"][0]
    other, foreign = {**first, "name": "李演练"}, {**first, "country": "HKG"}
    values = judged(sheet(investors=[other, foreign, first]), known(**USD)).filled["investors"]
    assert [row.get("amount_usd") for row in values] == [None, None, "78.50"]
    assert errors(judged(sheet(investors=[{**other, "amount_usd": "78.50"}]), known(**USD))) == [
        ("investors/0/amount_usd", "field_readonly")
    ]


@pytest.mark.faq("2.17")
def test_a_missing_record_form_is_a_warning_and_never_an_error() -> None:
    assert MISSING in warnings(judged(sheet()))
    assert MISSING not in warnings(judged(sheet(), known(record_form_attached=True)))
    assert judged(sheet()).errors == []


@pytest.mark.faq("2.17")
def test_a_long_address_and_rare_characters_are_kept_whole() -> None:
    address = "广东省深圳市福田区" + "𠮷" * 100 + "（Ａ座）１号"
    assert judged(sheet(address_cn=address)).values["address_cn"] == address
    assert told(uscc=None) == [("uscc", "required")]


# ── 2.19: the category decides ────────────────────────────────────────────────────────────────────────────────────

EXPRESS = {
    "10000000": False,
    "20000000": False,
    "01000000": True,
    "00100000": False,
    "00010000": True,
    "00000100": False,
}


@pytest.mark.parametrize("express", [True, False])
@pytest.mark.parametrize("category", EXPRESS)
@pytest.mark.faq("2.19")
def test_an_express_operator_is_a_broker_or_a_dual_enterprise(category: str, express: bool) -> None:
    appraisal = judged(sheet(category=category, express_operator=express))
    allowed = EXPRESS[category] or not express
    assert errors(appraisal) == ([] if allowed else [("express_operator", "express_not_allowed")])
    assert appraisal.values["express_operator"] is (express and EXPRESS[category])
    assert appraisal.states()["express_operator"].shade == ("optional" if EXPRESS[category] else "readonly")


@pytest.mark.faq("2.19")
def test_left_out_it_is_no_and_without_a_category_it_is_no_too() -> None:
    for category in (*EXPRESS, None):
        appraisal = judged(sheet(category=category, express_operator=None), declaring=False)
        assert appraisal.values["express_operator"] is False
    assert errors(judged(sheet(category=None, express_operator=True), declaring=False)) == [
        ("express_operator", "express_not_allowed")
    ]


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.faq("2.19")
def test_in_whichever_order_category_and_express_are_sent(order: int) -> None:
    def content(category: str) -> dict[str, Any]:
        return dict(list(sheet(category=category, express_operator=True).items())[::order])

    assert errors(judged(content("01000000"))) == []
    assert errors(judged(content("10000000"))) == [("express_operator", "express_not_allowed")]


@pytest.mark.faq("2.19")
def test_a_change_of_category_sets_express_back_and_says_so() -> None:
    kept = sheet(category="10000000", express_operator=True)
    appraisal = judged(kept, sent={"category": "10000000"}, declaring=False)
    assert appraisal.errors == []
    change = only(appraisal.changes)
    assert (change["pointer"], change["from"], change["to"]) == ("/content/express_operator", True, False)
    assert change["reason"].endswith("该字段都为“否”，且置灰不可更改")


def test_a_temporary_unit_needs_no_code_and_no_english() -> None:
    bare = sheet(category=Category.TEMPORARY.value, uscc=None, name_en=None, address_en=None)
    assert errors(judged(bare)) == []
    assert judged(bare).states()["uscc"].shade == "optional"
    assert judged(sheet()).states()["uscc"].shade == "required"


@pytest.mark.parametrize("code", ["customs_code", "inspection_number"])
@pytest.mark.faq("2.1")
def test_what_customs_fills_in_is_grey_and_shows_what_the_mirror_says(code: str) -> None:
    appraisal = judged(sheet(), known(mirror={code: "4700600001"}))
    assert (appraisal.states()[code].shade, appraisal.states()[code].value) == ("readonly", "4700600001")
    assert errors(judged(sheet(**{code: "4700600002"}))) == [(code, "field_readonly")]


def test_nothing_in_the_sheet_depends_on_the_hour() -> None:
    morning, evening = (judged(sheet(), known(now=NOW.replace(hour=hour))) for hour in (0, 23))
    assert (morning.values, morning.errors, morning.warnings) == (evening.values, evening.errors, evening.warnings)
