"""注册登记申请: the sheet an enterprise fills to be known to customs.

Fields, groups and their order follow 报关单位备案信息表 as public sources show it; shades follow the FAQ. Lengths are ours.
"""

from __future__ import annotations

from typing import Any, ClassVar

from filings.rules import conditions, numbers
from filings.rules.facts import Facts
from filings.rules.register import ALWAYS, Values, rule, unless
from filings.rules.sheet import (
    Check,
    Choice,
    Choices,
    Date,
    Field,
    Flag,
    Group,
    Money,
    Proof,
    Recommend,
    Rows,
    Section,
    Sheet,
    Source,
    Tab,
    Text,
)
from filings.rules.words import Provenance

PUBLIC, DOCUMENTED, OURS = Provenance.PUBLIC, Provenance.DOCUMENTED, Provenance.OURS


@rule("由海关审核后返回，无法在“单一窗口”修改", faq="2.16", code="field_readonly")
def returned_by_customs(values: Values, facts: Facts) -> bool:
    return True


@rule("审批通过后由海关返填", faq="2.1", code="field_readonly")
def given_on_approval(values: Values, facts: Facts) -> bool:
    return True


def of_record(name: str) -> Source:
    """What the single window shows of the approved record; of a deregistered one nothing is carried over."""
    return lambda facts, siblings: None if facts.mirror.get("deregistered_on") else facts.mirror.get(name)


def usd_of_record(facts: Facts, row: Values) -> Any:
    """The USD amount customs returned for this investor, matched by name and country (FAQ 2.16); of a deregistered record none."""
    for investor in of_record("investors")(facts, row) or ():
        if (investor.get("name"), investor.get("country")) == (row.name, row.country):
            return investor.get("amount_usd")
    return None


def recommend(table: str) -> Recommend:
    """The code the FAQ recommends to a Shenzhen enterprise."""
    return lambda values, facts: conditions.recommended(table, values, facts)


def id_number_fault(number: str, person: Values) -> str | None:
    return numbers.id_card_fault(number) if person.id_type == "居民身份证" else None


def industry_fault(code: str, siblings: Values) -> str | None:
    return None if len(code) == 4 and code.isascii() and code.isdigit() else "行业种类应为四位数字"


def email_fault(address: str, siblings: Values) -> str | None:
    local, at, domain = address.partition("@")
    return None if at and local and "." in domain.strip(".") and " " not in address else "电子邮箱格式不正确"


def alone(fault: Any) -> Any:
    """A check that looks at the value only."""
    return lambda value, siblings: fault(value)


USCC = Proof(alone(numbers.uscc_fault), "uscc_invalid")


def person(label: str) -> Group:
    """姓名, 证件, 电话 of one of the three managers."""
    fields: dict[str, Field] = {
        "name": Text(label="姓名", required=ALWAYS, max_length=50),
        "id_type": Choice(label="身份证件类型", required=ALWAYS, table="id_types"),
        "id_number": Text(
            label="身份证件号码", required=ALWAYS, max_length=30, folded=True, proof=Proof(id_number_fault, "id_number_invalid")
        ),
        "phone": Text(label="固定电话", max_length=30, folded=True, proof=Proof(alone(numbers.phone_fault), "phone_invalid")),
        "mobile": Text(
            label="移动电话",
            required=ALWAYS,
            max_length=20,
            folded=True,
            proof=Proof(alone(numbers.mobile_fault), "mobile_invalid"),
        ),
        "email": Text(label="电子邮箱", max_length=100, proof=Proof(email_fault, "email_invalid")),
    }
    return Group(label=label, fields=fields)


def not_temporary_only(label: str, **more: Any) -> Text:
    return Text(label=label, required=conditions.not_temporary, provenance=PUBLIC, **more)


def division(label: str) -> Choice:
    return Choice(label=label, required=ALWAYS, table="divisions", faq="2.2", provenance=DOCUMENTED)


class Registration(Sheet):
    """注册登记申请."""

    filing_scope = Choices(
        label="备案资质", required=ALWAYS, table="qualifications", default=list(conditions.BOTH),
        locked=conditions.qualifications_come_together, locked_code="single_qualification_not_allowed",
        locked_words="自2018年4月20日起，企业在海关注册登记或者备案后，将同时取得报关报检资质（海关总署2018年第28号公告）",
        faq="1.8", provenance=DOCUMENTED,
    )  # fmt: skip
    customs_code = Text(
        label="海关注册编码", max_length=10, returned=True, locked=given_on_approval, fixed=of_record("customs_code"),
        locked_words="海关注册编码由海关审批通过后返填", provenance=PUBLIC,
    )  # fmt: skip
    inspection_number = Text(
        label="检验检疫备案号", max_length=10, returned=True, locked=given_on_approval, fixed=of_record("inspection_number"),
        locked_words="检验检疫备案号由海关审批通过后返填，审批通过后可在此处查看", faq="2.1", provenance=DOCUMENTED,
    )  # fmt: skip

    uscc = Text(
        label="统一社会信用代码",
        required=conditions.not_temporary,
        max_length=18,
        folded=True,
        proof=USCC,
        faq="2.17",
        provenance=PUBLIC,
    )
    name_cn = Text(label="企业中文名称", required=ALWAYS, max_length=100, provenance=PUBLIC, span=2)
    category = Choice(label="企业经营类别", required=ALWAYS, table="categories", faq="2.19", provenance=DOCUMENTED)
    express_operator = Flag(
        label="是否为快件运营企业", default=False,
        locked=unless(conditions.express_allowed),
        locked_code="express_not_allowed",
        locked_words="只有在“企业经营类别”字段选择“报关企业”和“特殊监管区域双重身份企业”时方可以选择“是”；选择其他企业经营类别时，该字段都为“否”，且置灰不可更改",
        faq="2.19", provenance=DOCUMENTED,
    )  # fmt: skip
    name_en = not_temporary_only("企业英文名称", max_length=150, span=2)
    address_cn = Text(label="工商注册地址", required=ALWAYS, max_length=255, faq="2.17", provenance=PUBLIC, span=2)
    postcode = Text(
        label="邮政编码",
        required=ALWAYS,
        max_length=6,
        folded=True,
        proof=Proof(alone(numbers.postcode_fault), "postcode_invalid"),
        provenance=PUBLIC,
    )
    address_en = not_temporary_only("企业英文地址", max_length=255, span=2)

    province = division("省（自治区、直辖市）")
    city = division("市（地区）")
    district = division("区（县）")
    customs_office = Choice(
        label="注册海关", required=ALWAYS, table="customs_offices", recommend=recommend("customs_offices"),
        hint="行政区划三个级别都选择后可选", faq="1.2", provenance=DOCUMENTED,
    )  # fmt: skip
    economic_zone = Choice(
        label="经济区划",
        required=ALWAYS,
        table="economic_zones",
        recommend=recommend("economic_zones"),
        faq="1.3",
        provenance=DOCUMENTED,
    )
    special_trade_zone = Choice(
        label="特殊贸易区域", required=ALWAYS, table="special_trade_zones", recommend=recommend("special_trade_zones"),
        faq="1.4", provenance=DOCUMENTED,
    )  # fmt: skip

    economic_type = Choice(label="经济类型", required=ALWAYS, table="economic_types", provenance=PUBLIC)
    organization_type = Choice(label="组织机构类型", required=ALWAYS, table="organization_types")
    industry = Text(
        label="行业种类",
        required=ALWAYS,
        max_length=4,
        folded=True,
        proof=Proof(industry_fault, "industry_invalid"),
        hint="四位数字",
        provenance=PUBLIC,
    )
    cross_border_types = Choices(label="跨境贸易电子商务类型", table="cross_border_types", provenance=PUBLIC, span=3)
    registered_capital = Money(label="注册资本(万)", required=ALWAYS)
    capital_currency = Choice(label="注册资本币制", required=ALWAYS, table="currencies")
    established_on = Date(label="成立日期", required=ALWAYS, hint="YYYY-MM-DD")
    valid_until = Date(label="营业期限", hint="YYYY-MM-DD，长期不填")
    business_scope = Text(label="经营范围", required=ALWAYS, max_length=2000, long=True, span=3)

    parent_relation = Choice(
        label="与上级单位关系", required=conditions.stale_form, required_words="上级单位关系必填", required_code="parent_relation_required",
        table="parent_relations", faq="2.10", provenance=DOCUMENTED,
    )  # fmt: skip
    parent_uscc = Text(label="上级单位统一社会信用代码", max_length=18, folded=True, proof=USCC, provenance=PUBLIC)
    parent_name = Text(label="上级单位名称", max_length=100, provenance=PUBLIC)
    remarks = Text(label="备注", max_length=500, long=True, span=3, provenance=OURS)

    legal_representative = person("法定代表人（负责人）")
    finance_manager = person("财务负责人")
    customs_manager = person("关务负责人")

    investors = Rows(
        label="出资者信息",
        required=ALWAYS,
        known_by=("name", "country"),
        fields={
            "name": Text(label="出资者名称", required=ALWAYS, max_length=100),
            "country": Choice(label="出资国别", required=ALWAYS, table="countries"),
            "method": Choice(label="出资方式", required=ALWAYS, table="investment_methods"),
            "amount": Money(label="出资金额(万)", required=ALWAYS, faq="2.16", provenance=DOCUMENTED),
            "currency": Choice(label="出资金额币制", required=ALWAYS, table="currencies"),
            "amount_usd": Money(
                label="出资金额(万美元)", returned=True, locked=returned_by_customs, fixed=usd_of_record,
                locked_words="美元的出资金额，这个字段不是在“单一窗口”录入的，是海关审核后返回的。无法在“单一窗口”进行修改，若企业需修改，请向主管海关企管部门申请",
                faq="2.16", provenance=DOCUMENTED,
            ),
        },
    )  # fmt: skip
    declarants = Rows(
        label="报关人员",
        known_by=("id_type", "id_number"),
        fields={
            "name": Text(label="姓名", required=ALWAYS, max_length=50, provenance=PUBLIC),
            "id_type": Choice(label="身份证件类型", required=ALWAYS, table="id_types", provenance=PUBLIC),
            "id_number": Text(
                label="身份证件号码", required=ALWAYS, max_length=30, folded=True,
                proof=Proof(id_number_fault, "id_number_invalid"), provenance=PUBLIC,
            ),
            "action": Choice(label="业务种类", required=ALWAYS, table="declarant_actions", provenance=PUBLIC),
        },
    )  # fmt: skip

    tabs: ClassVar[tuple[Tab, ...]] = (
        Tab("basic", "企业基本信息", (
            Section("application", "申请信息", ("filing_scope", "customs_code", "inspection_number")),
            Section("enterprise", "企业信息", (
                "uscc", "name_cn", "name_en", "category", "address_cn", "postcode", "address_en", "express_operator",
            )),
            Section("region", "注册地", ("province", "city", "district", "customs_office", "economic_zone", "special_trade_zone")),
            Section("licence", "登记信息", (
                "economic_type", "organization_type", "industry", "registered_capital", "capital_currency", "established_on",
                "valid_until", "cross_border_types", "business_scope",
            )),
            Section("parent", "上级单位及备注", ("parent_relation", "parent_uscc", "parent_name", "remarks")),
        )),
        Tab("managers", "管理人员", (
            Section("legal_representative", "法定代表人（负责人）", ("legal_representative",)),
            Section("finance_manager", "财务负责人", ("finance_manager",)),
            Section("customs_manager", "关务负责人", ("customs_manager",)),
        )),
        Tab("investors", "出资者信息", (Section("investors", "出资者信息", ("investors",)),)),
        Tab("declarants", "报关人员", (Section("declarants", "报关人员", ("declarants",)),)),
    )  # fmt: skip

    checks: ClassVar[tuple[Check, ...]] = (
        Check(conditions.both_qualifications, "filing_scope",
              "首次注册不能只申报其中一项资质：自2018年4月20日起，企业在海关注册登记或者备案后，将同时取得报关报检资质（海关总署2018年第28号公告）"),
        Check(conditions.own_uscc, "uscc", "统一社会信用代码与申请企业不一致", always=True),
        Check(conditions.divisions_chain, "district", "行政区划的省、市、区（县）前后不一致"),
        Check(conditions.office_in_region, "customs_office", "注册海关不在所选行政区划内"),
        Check(conditions.trade_zone_in_region, "special_trade_zone", "特殊贸易区域不属于企业所在城市"),
        Check(conditions.established_already, "established_on", "成立日期不能晚于今天"),
        Check(conditions.valid_after_established, "valid_until", "营业期限不能早于成立日期"),
        Check(conditions.both_qualifications, "filing_scope", "首次注册不能只申报其中一项资质，申报时将被拒绝", warning=True),
        Check(conditions.recommended_office, "customs_office", "深圳企业可选择福中海关输入代码 5355", warning=True),
        Check(conditions.office_of_huizhou, "customs_office", "惠州企业应选择惠州海关，代码 5341（公开资料）", warning=True),
        Check(conditions.dual_avoids_futian, "customs_office",
              "特殊监管区域双重身份企业不选 5355，应选择所在特殊监管区域的海关（公开资料）", warning=True),
        Check(conditions.recommended_zone, "economic_zone", "深圳企业可选择（经济特区）", warning=True),
        Check(conditions.recommended_trade_zone, "special_trade_zone", "深圳企业（非前海自贸区企业）可选择（44039999-深圳市其他地区）", warning=True),
        Check(conditions.not_other_area_in_qianhai, "special_trade_zone",
              "44039999-深圳市其他地区适用于非前海自贸区企业，请核实特殊贸易区域", warning=True),
        Check(conditions.branch_names_parent, "parent_uscc", "分支机构一般需填写上级单位", warning=True),
        Check(conditions.record_form_attached, "/attachments", "尚未上传《报关单位备案信息表》", warning=True),
    )  # fmt: skip
