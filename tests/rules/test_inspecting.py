"""What customs finds: real differences, each with its reason, and none that is a matter of spelling."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.lab.worlds import cast, planting
from filings.rules.inspecting import COMPARED, Inspection, inspect, meaning
from filings.rules.scenarios import ATTACHMENTS, CATALOGUE, REASONS
from filings.rules.words import MarketState

SHEET = cast.CARDLESS.content
HELD = {"state": "in_business", **planting.market_facts(SHEET)}
LONGEST_COMMENT = 500
"""What the form of a rejection takes."""


def found(register: dict[str, Any] | None = HELD, attached: str = "record_form", **declared: Any) -> Inspection:
    """What is found of the reference registration with these values, its 备案信息表 attached."""
    wanted = ATTACHMENTS["record_form"]
    return inspect({**SHEET, **declared}, register, uscc=SHEET["uscc"], attached=attached.split(), wanted=wanted)


def reasons(inspection: Inspection) -> list[str]:
    return [one.reason for one in inspection.differences]


@pytest.mark.parametrize("firm", cast.FIRMS, ids=lambda firm: firm.category or "not registered")
def test_the_sheet_of_each_firm_of_the_cast_agrees_with_its_licence(firm: cast.Firm) -> None:
    held = {"state": "in_business", **planting.market_facts(firm.content)}
    told = inspect(firm.content, held, uscc=firm.uscc, attached=["record_form"], wanted=["record_form"])
    assert told.differences == ()
    assert told.rejection == {}
    assert len(told.compared) == 1 + len(COMPARED) + 1


DIFFERING: dict[str, tuple[dict[str, Any], str, str, str, str]] = {
    "name_cn": ({"name_cn": "深圳市云帆国际贸易有限公司"}, "name_mismatch", "企业中文名称", "深圳市云帆国际贸易有限公司", SHEET["name_cn"]),
    "legal_representative/name": (
        {"legal_representative": {**SHEET["legal_representative"], "name": "李演练"}},
        "representative_mismatch", "法定代表人（负责人）姓名", "李演练", "张演练",
    ),
    "registered_capital": ({"registered_capital": "500.01"}, "capital_mismatch", "注册资本(万)", "500.01", "500.00"),
    "capital_currency": ({"capital_currency": "USD"}, "capital_mismatch", "注册资本币制", "USD 美元", "CNY 人民币"),
    "address_cn": (
        {"address_cn": "广东省深圳市福田区福中三路1008号"},
        "address_mismatch", "工商注册地址", "广东省深圳市福田区福中三路1008号", SHEET["address_cn"],
    ),
    "economic_type": ({"economic_type": "160"}, "economic_type_mismatch", "经济类型", "160 股份有限（公司）", "150 有限责任（公司）"),
}  # fmt: skip


@pytest.mark.parametrize("at", DIFFERING)
def test_a_difference_is_told_with_both_sides_and_its_reason(at: str) -> None:
    declared, reason, label, here, there = DIFFERING[at]
    (one,) = found(**declared).differences
    assert (one.pointer, one.reason, one.label) == (f"/content/{at}", reason, label)
    assert (one.declared, one.register) == (here, there)
    words = found(**declared).rejection
    assert words == {
        "reason_code": reason,
        "public_comment": f"{REASONS[reason].public}：申报为“{here}”，登记为“{there}”",
        "internal_comment": REASONS[reason].internal,
    }


def test_everything_that_is_compared_is_tried_here() -> None:
    assert {at.replace("/", ".") for at in DIFFERING} == set(COMPARED)
    assert {*COMPARED.values(), "not_in_register", "not_in_business", "attachment_missing"} <= set(REASONS)


def test_they_are_told_in_order_the_first_is_the_reason_and_inside_customs_all_are_named() -> None:
    every: dict[str, Any] = {}
    for declared, *_ in DIFFERING.values():
        every |= declared
    told = found(attached="", **every)
    assert reasons(told) == [*COMPARED.values(), "attachment_missing"]
    assert told.rejection["reason_code"] == "name_mismatch"
    assert told.rejection["internal_comment"].endswith(
        "；另有不符：法定代表人（负责人）姓名、注册资本(万)、注册资本币制、工商注册地址、经济类型、附件"
    )


@pytest.mark.parametrize(
    "declared",
    [
        {"name_cn": "深圳市 云帆演练国际贸易有限公司"},
        {"name_cn": "深圳市云帆演练国际贸易有限公司　"},
        {"name_cn": "SIM_INSPECT 深圳市云帆演练国际贸易有限公司"},
        {"address_cn": "广东省深圳市福田区福中三路１００６号"},
        {"address_cn": "广东省深圳市 福田区 福中三路 1006 号"},
        {"registered_capital": "500"},
        {"registered_capital": "0500.000000"},
    ],
)
def test_spelling_is_no_difference(declared: dict[str, str]) -> None:
    assert found(**declared).differences == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("（香港）投资有限公司", "(香港)投资有限公司"),
        ("A座12—3", "a座 12-3"),
        ("阿依古丽·买买提", "阿依古丽•买买提"),
        ("JOHN  SMITH", "John Smith"),
        ("福\uf90a路", "福金路"),
    ],
)
def test_what_is_spelt_otherwise_means_the_same(one: str, other: str) -> None:
    assert meaning(one) == meaning(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("深圳市甲有限公司", "深圳市甲有限责任公司"),
        ("福中三路1006号", "福中三路106号"),
        ("JOHN SMITH", "JOHNSMITH"),
        ("1 2号", "12号"),
        ("㛃", "洁"),
    ],
)
def test_what_differs_in_truth_stays_different(one: str, other: str) -> None:
    assert meaning(one) != meaning(other)


HANZI = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=40)


@given(HANZI, st.data())
def test_blanks_anywhere_in_a_chinese_name_change_nothing_and_another_character_does(name: str, data: Any) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    blank = data.draw(st.sampled_from([" ", "　", "  "]))
    assert meaning(name[:at] + blank + name[at:]) == meaning(name)
    other = data.draw(HANZI.filter(lambda text: text[0] != name[at]))[0]
    assert meaning(name[:at] + other + name[at + 1 :]) != meaning(name)


@given(HANZI.map(lambda text: (text * 255)[:255]), HANZI, st.integers(0, 254))
def test_a_comment_is_never_too_long_and_shows_where_they_part(address: str, other: str, at: int) -> None:
    changed = (address[:at] + other + address[at:])[:255]
    told = found({**HELD, "address_cn": address}, address_cn=changed)
    for words in (told.rejection.get("public_comment", ""), told.rejection.get("internal_comment", "")):
        assert len(words) <= LONGEST_COMMENT
    if told.differences:
        here, there = told.rejection["public_comment"].split("，登记为")
        assert here.split("申报为")[1] != there


def test_an_enterprise_that_is_not_in_the_register_is_a_difference_of_its_own() -> None:
    told = found(None)
    assert reasons(told) == ["not_in_register"]
    assert told.rejection["public_comment"] == f"{REASONS['not_in_register'].public}：{SHEET['uscc']}"
    assert [one.label for one in told.compared] == ["市场监管登记", "附件"]


@pytest.mark.parametrize("state", [MarketState.REVOKED, MarketState.DEREGISTERED])
def test_one_that_has_ended_there_is_one_as_well_before_all_others(state: MarketState) -> None:
    told = found({**HELD, "state": state.value, "address_cn": "别处"})
    assert reasons(told) == ["not_in_business", "address_mismatch"]
    assert f"登记状态为“{state.label}”" in told.rejection["public_comment"]


@pytest.mark.parametrize("name", [name for name in HELD if name in {at.split(".")[0] for at in COMPARED}])
def test_what_the_register_does_not_say_is_not_compared(name: str) -> None:
    told = found({**HELD, name: None}, **DIFFERING[name if name in DIFFERING else f"{name}/name"][0])
    assert told.differences == ()
    (one,) = (one for one in told.compared if one.pointer.startswith(f"/content/{name}"))
    assert one.register is None


@pytest.mark.parametrize(
    ("wanted", "attached", "lacking"),
    [
        ("none", "", []),
        ("record_form", "", ["《报关单位备案信息表》"]),
        ("record_form", "other licence", ["《报关单位备案信息表》"]),
        ("record_form", "record_form", []),
        ("licence", "record_form", ["营业执照"]),
        ("record_form+licence", "", ["《报关单位备案信息表》", "营业执照"]),
        ("record_form+licence", "licence record_form other", []),
    ],
)
def test_the_attachments_asked_for_are_there_by_their_types(wanted: str, attached: str, lacking: list[str]) -> None:
    told = inspect(SHEET, HELD, uscc=SHEET["uscc"], attached=attached.split(), wanted=ATTACHMENTS[wanted])
    assert [one.register for one in told.differences] == lacking
    assert all((one.pointer, one.reason) == ("/attachments", "attachment_missing") for one in told.differences)
    if lacking:
        there = "已上传的附件为" if attached else "没有上传附件"
        assert f"应上传{lacking[0]}，{there}" in told.rejection["public_comment"]


def test_every_choice_of_attachments_has_its_types() -> None:
    (parameter,) = (one for one in CATALOGUE["inspect"].parameters if one.name == "attachments")
    assert parameter.choices == tuple(ATTACHMENTS)
    assert all("+".join(types) == name for name, types in ATTACHMENTS.items() if types)
