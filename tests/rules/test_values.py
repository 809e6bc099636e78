"""The values a person or program puts into a sheet: what is taken, in which spelling it is kept, and how a fault is
told."""

from typing import Any

import pytest

from filings.lab.worlds import cast
from filings.rules.appraisal import Problem, appraise
from filings.rules.approval import registration_record, with_returned_usd
from filings.rules.kinds import CHANGE, KINDS
from filings.rules.sheet import Choices, Field, Sheet
from filings.rules.sheets.annual_report import AnnualReport
from filings.rules.sheets.change import Change
from filings.rules.sheets.mofcom_change import MofcomChange
from filings.rules.words import Provenance
from tests.rules.known import NOW, errors, judged, known, sheet, warnings

SHEETS = (*(kind.sheet for kind in KINDS.values()), AnnualReport)
MANAGERS = ("legal_representative", "finance_manager", "customs_manager")


def told(**more: Any) -> list[tuple[str, str]]:
    return errors(judged(sheet(**more)))


def words(**more: Any) -> list[str]:
    return [problem.detail for problem in judged(sheet(**more)).errors]


def person(**more: Any) -> dict[str, Any]:
    return {**sheet()["legal_representative"], **more}


def a_foreigner() -> dict[str, Any]:
    """A legal representative from Hong Kong, as such a firm's papers have it."""
    return person(id_type="护照", id_number="K12345678", phone="+852 2123 4567 转 12", mobile="+852 9123 4567")


# ── texts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["business_scope", "remarks"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\x85"])
@pytest.mark.parametrize("declaring", [False, True])
def test_a_long_text_is_taken_with_any_line_ends_and_kept_with_one(name: str, end: str, declaring: bool) -> None:
    appraisal = judged(sheet(**{name: f"一般项目：{end}货物进出口"}), declaring=declaring)
    assert appraisal.errors == []
    assert appraisal.values[name] == "一般项目：\n货物进出口"


@pytest.mark.parametrize(
    "name", ["name_cn", "name_en", "address_cn", "address_en", "parent_name", "postcode", "industry"]
)
@pytest.mark.parametrize(
    ("inside", "code"), [("\n", "line_break"), ("\r\n", "line_break"), ("\t", "control_characters")]
)
@pytest.mark.parametrize("declaring", [False, True])
def test_a_text_of_one_line_is_refused_with_a_line_end_or_a_tab_in_it(
    name: str, inside: str, code: str, declaring: bool
) -> None:
    assert errors(judged(sheet(**{name: f"1{inside}2"}), declaring=declaring)) == [(name, code)]


def test_the_fault_names_the_character_its_place_and_a_right_text() -> None:
    assert words(name_cn="深圳\u200b云帆") == [
        "企业中文名称第 3 个字符是零宽空格（U+200B），请删去（例如 深圳市云帆演练国际贸易有限公司）"
    ]
    assert words(legal_representative=person(name="张\n三")) == [
        "法定代表人（负责人）：姓名应写在一行内：第 2 个字符是换行符（U+000A）（例如 张演练）"
    ]


# ── money ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "kept"), [("1234.5678", "1234.5678"), ("500.000000", "500.00"), ("500", "500.00"), ("０.５", "0.50")]
)
def test_capital_has_up_to_six_places(typed: str, kept: str) -> None:
    appraisal = judged(sheet(registered_capital=typed))
    assert appraisal.errors == []
    assert appraisal.values["registered_capital"] == kept


def test_an_investors_amount_too() -> None:
    rows = [{**sheet()["investors"][0], "amount": "166.6667"}]
    appraisal = judged(sheet(investors=rows))
    assert appraisal.errors == []
    assert appraisal.values["investors"][0]["amount"] == "166.6667"


@pytest.mark.parametrize("typed", ["1.2345678", "-1", "1,000", "500万", "1e3"])
def test_what_is_no_amount_is_told_with_a_right_one(typed: str) -> None:
    assert words(registered_capital=typed) == [
        f"注册资本(万)应为不超过六位小数的金额，不带符号、逗号和单位，填写的是“{typed}”（例如 500.00）"
    ]


@pytest.mark.parametrize("nothing", ["0", "0.00", "0.000000"])
def test_capital_and_amounts_are_above_nothing(nothing: str) -> None:
    rows = [{**sheet()["investors"][0], "amount": nothing}]
    assert told(registered_capital=nothing) == [("registered_capital", "amount_not_positive")]
    assert told(investors=rows) == [("investors/0/amount", "amount_not_positive")]
    assert errors(appraise(MofcomChange, {"registered_capital": nothing}, known(), declaring=True)) == [
        ("registered_capital", "amount_not_positive")
    ]
    assert errors(judged(sheet(registered_capital=nothing, investors=rows), declaring=False)) == []


@pytest.mark.parametrize("category", ["20000000", "00100000"])
def test_a_branch_has_no_capital_of_its_own(category: str) -> None:
    assert ("registered_capital", "amount_not_positive") not in told(category=category, registered_capital="0")


# ── telephones ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("manager", MANAGERS)
def test_a_firm_whose_people_are_from_abroad_can_be_filed(manager: str) -> None:
    appraisal = judged(sheet(**{manager: a_foreigner()}))
    assert appraisal.errors == []
    assert warnings(appraisal) == [("/attachments", "record_form_missing")]
    kept = appraisal.values[manager]
    assert (kept["mobile"], kept["phone"]) == ("+85291234567", "+85221234567-12")


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("mobile", "+86 138 0000 0001", "13800000001"),
        ("phone", "0755 83165355", "0755-83165355"),
        ("phone", "（0755）83165355", "0755-83165355"),
        ("phone", "0755–83165355", "0755-83165355"),
        ("phone", "0755-83165355转8001", "0755-83165355-8001"),
        ("phone", "400-800-8888", "4008008888"),
        ("phone", "075583160000", "075583160000"),
        ("mobile", "13800000001", "13800000001"),
    ],
)
def test_a_number_is_kept_in_one_spelling_even_in_a_draft(name: str, typed: str, kept: str) -> None:
    for declaring in (False, True):
        appraisal = judged(sheet(legal_representative=person(**{name: typed})), declaring=declaring)
        assert appraisal.errors == []
        assert appraisal.values["legal_representative"][name] == kept
        assert judged(appraisal.values).values == appraisal.values


def test_the_annual_reports_contact_is_read_like_any_other() -> None:
    content = {"contact_phone": "(0755) 8316 5355 转 8001"}
    appraisal = appraise(AnnualReport, content, known(), declaring=True)
    assert appraisal.values["contact_phone"] == "0755-83165355-8001"
    wrong = appraise(AnnualReport, {"contact_phone": "1"}, known(), declaring=True).errors
    assert next(one.detail for one in wrong if one.code == "phone_invalid").startswith("联系电话应为区号加号码")


# ── documents of identity ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("id_type", "number", "found"),
    [
        ("外国人永久居留身份证", "ABC", "外国人永久居留身份证号码一般为以9开头的18位，旧版为3位字母加12位数字"),
        ("外国人永久居留身份证", "911440198001010012", "外国人永久居留身份证号码校验位不正确"),
        ("港澳居民来往内地通行证", "12345678", "港澳居民来往内地通行证号码一般为字母H或M加8位数字"),
        ("台湾居民来往大陆通行证", "H12345678", "台湾居民来往大陆通行证号码一般为8位数字"),
        ("护照", "ABC", "护照号码一般为5至12位字母和数字"),
    ],
)
def test_an_unlikely_number_is_a_warning_from_a_public_source_and_no_hindrance(
    id_type: str, number: str, found: str
) -> None:
    declarant = {"name": "李演练", "id_type": id_type, "id_number": number, "action": "备案"}
    content = sheet(customs_manager=person(id_type=id_type, id_number=number), declarants=[declarant])
    for declaring in (False, True):
        appraisal = judged(content, declaring=declaring)
        assert appraisal.errors == []
        doubts: list[Problem] = [warning for warning in appraisal.warnings if warning.code == "id_number_unlikely"]
        assert [doubt.pointer for doubt in doubts] == [
            "/content/customs_manager/id_number",
            "/content/declarants/0/id_number",
        ]
        assert {one.provenance for one in doubts} == {Provenance.PUBLIC}
        assert doubts[0].detail.startswith(f"关务负责人：{found}")
        assert f"填写的是“{number}”" in doubts[1].detail


def test_a_number_of_the_public_shape_is_not_warned_of() -> None:
    for id_type, number in (
        ("外国人永久居留身份证", "usa440380010101"),
        ("外国人永久居留身份证", "911440198001010011"),
        ("港澳居民来往内地通行证", "h1234567801"),
        ("台湾居民来往大陆通行证", "１２３４５６７８"),
        ("护照", "E12345678"),
        ("其他", "ABC"),
    ):
        assert warnings(judged(sheet(customs_manager=person(id_type=id_type, id_number=number)))) == [
            ("/attachments", "record_form_missing")
        ]


# ── each fault by its own name ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("a@@b.com", "只能填写一个地址"),
        ("p1@x.com;p2@x.com", "只能填写一个地址"),
        ("p1@x.com，p2@x.com", "只能填写一个地址"),
        ("ｐ１@x.com", "含有全角字符"),
        ("nobody", "格式不正确"),
        ("a b@x.com", "格式不正确"),
        ("a@b", "格式不正确"),
        ("@x.com", "格式不正确"),
        ("a@.com", "格式不正确"),
        ("a.@x.com", "格式不正确"),
        ("a@x..com", "格式不正确"),
        ("a@x.com.", "格式不正确"),
        ("a@-x.com", "格式不正确"),
        ("a@x.1", "格式不正确"),
        ("<a@x.com>", "格式不正确"),
    ],
)
def test_an_email_is_one_address(address: str, found: str) -> None:
    assert told(legal_representative=person(email=address)) == [("legal_representative/email", "email_invalid")]
    assert found in words(legal_representative=person(email=address))[0]


@pytest.mark.parametrize(
    "address",
    ["p1@example.com", "zhang.san+hg@mail.example.com.cn", "a_b-c@x-y.cn", "张三@例子.中国", "a'b@x.io", "A@X.COM"],
)
def test_an_address_is_taken_as_it_is(address: str) -> None:
    appraisal = judged(sheet(legal_representative=person(email=address)))
    assert appraisal.errors == []
    assert appraisal.values["legal_representative"]["email"] == address


@pytest.mark.parametrize(
    ("day", "code"),
    [("0001-01-01", "established_implausible"), ("1899-12-31", "established_implausible"), ("1900-01-01", None)],
)
def test_an_enterprise_was_founded_in_a_plausible_year(day: str, code: str | None) -> None:
    assert told(established_on=day) == ([("established_on", code)] if code else [])


@pytest.mark.parametrize("declaring", [False, True])
def test_of_a_credit_code_its_check_digit_is_told_before_whose_it_is(declaring: bool) -> None:
    for wrong, code in (
        ("91440399MAMK00013D", "uscc_invalid"),
        ("91440399MAMK0001", "uscc_invalid"),
        ("91440399MAMK000217", "uscc_mismatch"),
    ):
        assert errors(judged(sheet(uscc=wrong), declaring=declaring)) == [("uscc", code)]
    found = judged(sheet(uscc="91440399MAMK00013D"), declaring=declaring).errors
    assert found[0].detail == "统一社会信用代码校验位不正确，填写的是“91440399MAMK00013D”（例如 91440399MAMK00013C）"


# ── a right value for every field ─────────────────────────────────────────────────────────────────────────────────


def fields(of: type[Sheet]) -> list[tuple[str, Field]]:
    return list(of.walk())


@pytest.mark.parametrize("of", SHEETS, ids=lambda of: of.__name__)
def test_every_field_has_a_right_value_to_give_and_takes_it_as_it_is(of: type[Sheet]) -> None:
    for name, field in fields(of):
        assert field.like, name
        right = field.sample.code if field.table else field.example
        right = [right] if isinstance(field, Choices) else right
        assert field.clean(right) == right, name
        beside = judged(sheet()).filled["legal_representative"]
        for proof in filter(None, (field.proof, field.doubt)):
            assert proof.fault(right, beside) is None, name
            assert proof.sentence, name


@pytest.mark.parametrize("of", SHEETS, ids=lambda of: of.__name__)
def test_every_value_of_the_wrong_type_is_told_with_what_was_given_and_a_right_one(of: type[Sheet]) -> None:
    for name, field in fields(of):
        wrong = [{"a": 1}] if isinstance(field, Choices) else {"a": 1}
        content: dict[str, Any] = {}
        match name.split("."):
            case [group, "*", key]:
                content[group] = [{key: wrong}]
            case [group, key]:
                content[group] = {key: wrong}
            case _:
                content[name] = wrong
        found = [error.detail for error in appraise(of, content, known()).errors if error.code == "type_mismatch"]
        assert len(found) == 1, name
        assert field.label in found[0]
        assert "一个对象" in found[0]
        assert found[0].endswith(field.like)


# ── 2.16: investors of a change ───────────────────────────────────────────────────────────────────────────────────


def record_of(*names: str) -> Any:
    rows = [{**cast.REFERENCE["investors"][0], "name": name, "amount": f"{n}00.00"} for n, name in enumerate(names, 1)]
    record = registration_record({**cast.REFERENCE, "investors": rows}, NOW.date(), 7)
    return known(mirror={**record, "investors": with_returned_usd(record["investors"]), "former": []})


def changed(facts: Any, *rows: tuple[str, str]) -> Any:
    investors = [{**cast.REFERENCE["investors"][0], "name": name, "amount": amount} for name, amount in rows]
    return appraise(Change, CHANGE.whole(facts.record, {"investors": investors}), facts, sent={"investors": investors})


def lost(appraisal: Any) -> list[Problem]:
    return [warning for warning in appraisal.warnings if warning.code == "amount_usd_lost"]


def usd(appraisal: Any) -> list[str | None]:
    return [row["amount_usd"] for row in appraisal.filled["investors"]]


@pytest.mark.faq("2.16")
def test_a_name_in_other_brackets_keeps_its_usd_amount_and_its_spelling() -> None:
    appraisal = changed(record_of("演练投资（香港）有限公司"), ("演练投资(香港)有限公司", "100.00"))
    assert usd(appraisal) == ["15.70"]
    assert lost(appraisal) == []
    assert appraisal.values["investors"][0]["name"] == "演练投资(香港)有限公司"


@pytest.mark.faq("2.16")
def test_of_two_rows_of_one_name_each_keeps_its_own() -> None:
    facts = record_of("甲公司", "甲公司")
    assert usd(changed(facts, ("甲公司", "150.00"), ("甲公司", "250.00"))) == ["15.70", "31.40"]
    assert usd(changed(facts, ("甲公司", "200.00"))) == ["31.40"]


@pytest.mark.faq("2.16")
def test_a_row_that_lost_its_usd_amount_is_warned_of() -> None:
    appraisal = changed(record_of("甲公司", "乙公司"), ("甲公司", "100.00"), ("乙有限公司", "200.00"))
    assert usd(appraisal) == ["15.70", None]
    (warning,) = lost(appraisal)
    assert (warning.pointer, warning.faq) == ("/content/investors/1/amount_usd", "2.16")
    assert warning.detail.startswith("出资者信息第2行：")
    assert "备案中没有对上的：乙公司" in warning.detail


@pytest.mark.faq("2.16")
def test_neither_a_new_investor_nor_one_that_left_has_lost_anything() -> None:
    facts = record_of("甲公司")
    assert lost(changed(facts, ("甲公司", "100.00"), ("乙公司", "200.00"))) == []
    assert lost(changed(record_of("甲公司", "乙公司"), ("甲公司", "100.00"))) == []
