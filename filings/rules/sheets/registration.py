"""注册登记申请: the sheet an enterprise fills to be known to customs.

Fields, groups and their order follow 报关单位备案信息表 as public sources show it; shades follow the FAQ. Lengths are
ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
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


def investors_of_record(facts: Facts) -> Sequence[Mapping[str, Any]]:
    """The investors on record, each with the USD amount customs returned (FAQ 2.16); of a deregistered record none."""
    return of_record("investors")(facts, Values()) or ()


def recommend(table: str) -> Recommend:
    """The code the FAQ recommends to a Shenzhen enterprise."""
    return lambda values, facts: conditions.recommended(table, values, facts)


def known_name(values: Values, facts: Facts) -> str | None:
    """The name by which the single window knows the enterprise that is filed for."""
    return facts.name_cn


def id_number_fault(number: str, person: Values) -> str | None:
    return numbers.id_card_fault(number) if person.id_type == numbers.IDENTITY_CARD else None


def id_number_doubt(number: str, person: Values) -> str | None:
    return numbers.document_doubt(person.id_type, number)


def industry_fault(code: str, siblings: Values) -> str | None:
    return None if len(code) == 4 and code.isascii() and code.isdigit() else "行业种类应为四位数字"


_ATOM = r"[^\s@.,;:，；：、<>()（）\[\]\"\\]+"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_](?:[\w-]*[^\W_])?")


def email_fault(address: str, siblings: Values) -> str | None:
    if numbers.fold(address).count("@") > 1:
        return "电子邮箱只能填写一个地址，只含一个“@”"
    if numbers.fold(address) != address:
        return "电子邮箱含有全角字符"
    return None if _EMAIL.fullmatch(address) else "电子邮箱格式不正确"


def established_fault(day: str, siblings: Values) -> str | None:
    return None if day >= EARLIEST else f"成立日期不应早于{EARLIEST[:4]}年"


def capital_fault(amount: str, values: Values) -> str | None:
    if values.category in conditions.BRANCHES:
        return None
    return "注册资本应大于0" if numbers.is_nothing(amount) else None


def amount_fault(amount: str, row: Values) -> str | None:
    return "出资金额应大于0" if numbers.is_nothing(amount) else None


def alone(fault: Any) -> Any:
    """A check that looks at the value only."""
    return lambda value, siblings: fault(value)


EARLIEST = "1900-01-01"
"""The first day on which an enterprise may be founded. Ours: before it a slip of the pen is likelier."""

USCC = Proof(
    alone(numbers.uscc_fault), "uscc_invalid", "统一社会信用代码为18位，两个校验位正确（GB 32100、GB 11714）", PUBLIC
)
ID_NUMBER = Proof(
    id_number_fault, "id_number_invalid", "居民身份证号码为18位，出生日期存在，校验位正确（GB 11643）", PUBLIC
)
ID_SHAPE = Proof(
    id_number_doubt,
    "id_number_unlikely",
    "护照、港澳居民来往内地通行证、台湾居民来往大陆通行证、外国人永久居留身份证的号码符合公开的格式，不符合的只作提示",
    PUBLIC,
)
PHONE = Proof(
    alone(numbers.phone_fault),
    "phone_invalid",
    "固定电话为区号加号码，也可为手机号码、400号码，境外号码以“+”和国家（地区）代码开头，按该国家（地区）的号码规则；分隔符号不拘，统一为一种写法保存和发送",
)
MOBILE = Proof(
    alone(numbers.mobile_fault),
    "mobile_invalid",
    "移动电话为11位手机号码，境外号码以“+”和国家（地区）代码开头，按该国家（地区）的号码规则；分隔符号不拘，统一为一种写法保存和发送",
)
EMAIL = Proof(email_fault, "email_invalid", "电子邮箱为一个地址")
FOUNDED = Proof(established_fault, "established_implausible", f"成立日期不早于{EARLIEST}", OURS)
CAPITAL = Proof(
    capital_fault, "amount_not_positive", "注册资本大于0，以万为单位，最多六位小数；分支机构没有注册资本的可为0"
)
AMOUNT = Proof(amount_fault, "amount_not_positive", "出资金额大于0，以万为单位，最多六位小数")


def person(label: str) -> Group:
    """姓名, 证件, 电话 of one of the three managers."""
    fields: dict[str, Field] = {
        "name": Text(label="姓名", required=ALWAYS, max_length=50, example="张演练"),
        "id_type": Choice(label="身份证件类型", required=ALWAYS, table="id_types"),
        "id_number": Text(
            label="身份证件号码",
            required=ALWAYS,
            max_length=30,
            folded=True,
            proof=ID_NUMBER,
            doubt=ID_SHAPE,
            example=numbers.A_PERSON,
        ),
        "phone": Text(
            label="固定电话", max_length=30, folded=True, spelt=numbers.phone, proof=PHONE, example="0755-83160000"
        ),
        "mobile": Text(
            label="移动电话",
            required=ALWAYS,
            max_length=20,
            folded=True,
            spelt=numbers.phone,
            proof=MOBILE,
            example="13800000001",
            hint="境外号码以 + 开头",
        ),
        "email": Text(label="电子邮箱", max_length=100, proof=EMAIL, example="p1@example.com"),
    }
    return Group(label=label, fields=fields)


def not_temporary_only(label: str, **more: Any) -> Text:
    return Text(label=label, required=conditions.not_temporary, provenance=PUBLIC, **more)


def division(label: str) -> Choice:
    return Choice(label=label, required=ALWAYS, table="divisions", faq="2.2", provenance=DOCUMENTED)


INVESTORS = Rows(
    label="出资者信息",
    required=ALWAYS,
    known_by=("name", "country"),
    recorded=investors_of_record,
    fields={
        "name": Text(label="出资者名称", required=ALWAYS, max_length=100, example="张演练"),
        "country": Choice(label="出资国别", required=ALWAYS, table="countries", example="CHN"),
        "method": Choice(label="出资方式", required=ALWAYS, table="investment_methods"),
        "amount": Money(label="出资金额(万)", required=ALWAYS, proof=AMOUNT, faq="2.16", provenance=DOCUMENTED),
        "currency": Choice(label="出资金额币制", required=ALWAYS, table="currencies", example="CNY"),
        "amount_usd": Money(
            label="出资金额(万美元)",
            example="78.50",
            returned=True,
            locked=returned_by_customs,
            locked_words="美元的出资金额，这个字段不是在“单一窗口”录入的，是海关审核后返回的。无法在“单一窗口”进行修改，若企业需修改，请向主管海关企管部门申请",
            faq="2.16",
            provenance=DOCUMENTED,
        ),
    },
)


class Registration(Sheet):
    """注册登记申请."""

    filing_scope = Choices(
        label="备案资质",
        required=ALWAYS,
        table="qualifications",
        default=list(conditions.BOTH),
        locked=conditions.qualifications_come_together,
        locked_code="single_qualification_not_allowed",
        locked_words="自2018年4月20日起，企业在海关注册登记或者备案后，将同时取得报关报检资质（海关总署2018年第28号公告）",
        faq="1.8",
        provenance=DOCUMENTED,
    )
    customs_code = Text(
        label="海关注册编码",
        max_length=10,
        example="4403160001",
        returned=True,
        locked=given_on_approval,
        fixed=of_record("customs_code"),
        locked_words="海关注册编码由海关审批通过后返填",
        provenance=PUBLIC,
    )
    inspection_number = Text(
        label="检验检疫备案号",
        max_length=10,
        example="4700600001",
        returned=True,
        locked=given_on_approval,
        fixed=of_record("inspection_number"),
        locked_words="检验检疫备案号由海关审批通过后返填，审批通过后可在此处查看",
        faq="2.1",
        provenance=DOCUMENTED,
    )

    uscc = Text(
        label="统一社会信用代码",
        required=conditions.not_temporary,
        max_length=18,
        folded=True,
        proof=USCC,
        example=numbers.A_FIRM,
        faq="2.17",
        provenance=PUBLIC,
    )
    name_cn = Text(
        label="企业中文名称",
        required=ALWAYS,
        max_length=100,
        example="深圳市云帆演练国际贸易有限公司",
        recommend=known_name,
        provenance=PUBLIC,
        span=2,
    )
    category = Choice(label="企业经营类别", required=ALWAYS, table="categories", faq="2.19", provenance=DOCUMENTED)
    express_operator = Flag(
        label="是否为快件运营企业",
        default=False,
        locked=unless(conditions.express_allowed),
        locked_code="express_not_allowed",
        locked_words="只有在“企业经营类别”字段选择“报关企业”和“特殊监管区域双重身份企业”时方可以选择“是”；选择其他企业经营类别时，该字段都为“否”，且置灰不可更改",
        faq="2.19",
        provenance=DOCUMENTED,
    )
    name_en = not_temporary_only(
        "企业英文名称", max_length=150, example="SHENZHEN YUNFAN TRAINING TRADE CO., LTD.", span=2
    )
    address_cn = Text(
        label="工商注册地址",
        required=ALWAYS,
        max_length=255,
        example="广东省深圳市福田区福中三路1006号",
        faq="2.17",
        provenance=PUBLIC,
        span=2,
    )
    postcode = Text(
        label="邮政编码",
        required=ALWAYS,
        max_length=6,
        folded=True,
        proof=Proof(alone(numbers.postcode_fault), "postcode_invalid", "邮政编码为6位数字", PUBLIC),
        example="518048",
        provenance=PUBLIC,
    )
    address_en = not_temporary_only(
        "企业英文地址", max_length=255, example="1006 Fuzhong 3rd Road, Futian, Shenzhen", span=2
    )

    province = division("省（自治区、直辖市）")
    city = division("市（地区）")
    district = division("区（县）")
    customs_office = Choice(
        label="注册海关",
        required=ALWAYS,
        table="customs_offices",
        recommend=recommend("customs_offices"),
        hint="行政区划三个级别都选择后可选",
        hint_until=conditions.division_chosen,
        faq="1.2",
        provenance=DOCUMENTED,
    )
    economic_zone = Choice(
        label="经济区划",
        required=ALWAYS,
        table="economic_zones",
        recommend=recommend("economic_zones"),
        faq="1.3",
        provenance=DOCUMENTED,
    )
    special_trade_zone = Choice(
        label="特殊贸易区域",
        required=ALWAYS,
        table="special_trade_zones",
        recommend=recommend("special_trade_zones"),
        faq="1.4",
        provenance=DOCUMENTED,
    )

    economic_type = Choice(label="经济类型", required=ALWAYS, table="economic_types", provenance=PUBLIC)
    organization_type = Choice(label="组织机构类型", required=ALWAYS, table="organization_types")
    industry = Text(
        label="行业种类",
        required=ALWAYS,
        max_length=4,
        folded=True,
        proof=Proof(industry_fault, "industry_invalid", "行业种类为四位数字"),
        example="5199",
        hint="四位数字",
        provenance=PUBLIC,
    )
    cross_border_types = Choices(label="跨境贸易电子商务类型", table="cross_border_types", provenance=PUBLIC, span=3)
    registered_capital = Money(label="注册资本(万)", required=ALWAYS, proof=CAPITAL)
    capital_currency = Choice(label="注册资本币制", required=ALWAYS, table="currencies", example="CNY")
    established_on = Date(label="成立日期", required=ALWAYS, proof=FOUNDED, hint="YYYY-MM-DD")
    valid_until = Date(label="营业期限", example="2040-06-17", hint="YYYY-MM-DD，长期不填")
    business_scope = Text(label="经营范围", required=ALWAYS, max_length=2000, long=True, example="货物进出口", span=3)

    parent_relation = Choice(
        label="与上级单位关系",
        required=conditions.stale_form,
        required_words="上级单位关系必填",
        required_code="parent_relation_required",
        table="parent_relations",
        faq="2.10",
        provenance=DOCUMENTED,
    )
    parent_uscc = Text(
        label="上级单位统一社会信用代码",
        max_length=18,
        folded=True,
        proof=USCC,
        example=numbers.A_FIRM,
        provenance=PUBLIC,
    )
    parent_name = Text(label="上级单位名称", max_length=100, example="深圳市云帆演练集团有限公司", provenance=PUBLIC)
    remarks = Text(label="备注", max_length=500, long=True, example="无", span=3, provenance=OURS)

    legal_representative = person("法定代表人（负责人）")
    finance_manager = person("财务负责人")
    customs_manager = person("关务负责人")

    investors = INVESTORS
    declarants = Rows(
        label="报关人员",
        known_by=("id_type", "id_number"),
        fields={
            "name": Text(label="姓名", required=ALWAYS, max_length=50, example="张演练", provenance=PUBLIC),
            "id_type": Choice(label="身份证件类型", required=ALWAYS, table="id_types", provenance=PUBLIC),
            "id_number": Text(
                label="身份证件号码",
                required=ALWAYS,
                max_length=30,
                folded=True,
                proof=ID_NUMBER,
                doubt=ID_SHAPE,
                example=numbers.A_PERSON,
                provenance=PUBLIC,
            ),
            "action": Choice(label="业务种类", required=ALWAYS, table="declarant_actions", provenance=PUBLIC),
        },
    )

    tabs: ClassVar[tuple[Tab, ...]] = (
        Tab(
            "basic",
            "企业基本信息",
            (
                Section("application", "申请信息", ("filing_scope", "customs_code", "inspection_number")),
                Section(
                    "enterprise",
                    "企业信息",
                    (
                        "uscc",
                        "name_cn",
                        "name_en",
                        "category",
                        "address_cn",
                        "postcode",
                        "address_en",
                        "express_operator",
                    ),
                ),
                Section(
                    "region",
                    "注册地",
                    ("province", "city", "district", "customs_office", "economic_zone", "special_trade_zone"),
                ),
                Section(
                    "licence",
                    "登记信息",
                    (
                        "economic_type",
                        "organization_type",
                        "industry",
                        "registered_capital",
                        "capital_currency",
                        "established_on",
                        "valid_until",
                        "cross_border_types",
                        "business_scope",
                    ),
                ),
                Section("parent", "上级单位及备注", ("parent_relation", "parent_uscc", "parent_name", "remarks")),
            ),
        ),
        Tab(
            "managers",
            "管理人员",
            (
                Section("legal_representative", "法定代表人（负责人）", ("legal_representative",)),
                Section("finance_manager", "财务负责人", ("finance_manager",)),
                Section("customs_manager", "关务负责人", ("customs_manager",)),
            ),
        ),
        Tab("investors", "出资者信息", (Section("investors", "出资者信息", ("investors",)),)),
        Tab("declarants", "报关人员", (Section("declarants", "报关人员", ("declarants",)),)),
    )

    checks: ClassVar[tuple[Check, ...]] = (
        Check(
            conditions.both_qualifications,
            "filing_scope",
            "首次注册不能只申报其中一项资质：自2018年4月20日起，企业在海关注册登记或者备案后，将同时取得报关报检资质（海关总署2018年第28号公告）",
        ),
        Check(conditions.own_uscc, "uscc", "统一社会信用代码与申请企业不一致", always=True, first=USCC),
        Check(conditions.divisions_chain, "district", "行政区划的省、市、区（县）前后不一致"),
        Check(conditions.office_in_region, "customs_office", "注册海关不在所选行政区划内"),
        Check(conditions.trade_zone_in_region, "special_trade_zone", "特殊贸易区域不属于企业所在城市"),
        Check(conditions.established_already, "established_on", "成立日期不能晚于今天"),
        Check(conditions.valid_after_established, "valid_until", "营业期限不能早于成立日期"),
        Check(
            conditions.both_qualifications,
            "filing_scope",
            "首次注册不能只申报其中一项资质，申报时将被拒绝",
            warning=True,
        ),
        Check(conditions.recommended_office, "customs_office", "深圳企业可选择福中海关输入代码 5355", warning=True),
        Check(
            conditions.office_of_huizhou,
            "customs_office",
            "惠州企业应选择惠州海关，代码 5341（公开资料）",
            warning=True,
        ),
        Check(
            conditions.dual_avoids_futian,
            "customs_office",
            "特殊监管区域双重身份企业不选 5355，应选择所在特殊监管区域的海关（公开资料）",
            warning=True,
        ),
        Check(conditions.recommended_zone, "economic_zone", "深圳企业可选择（经济特区）", warning=True),
        Check(
            conditions.recommended_trade_zone,
            "special_trade_zone",
            "深圳企业（非前海自贸区企业）可选择（44039999-深圳市其他地区）",
            warning=True,
        ),
        Check(
            conditions.not_other_area_in_qianhai,
            "special_trade_zone",
            "44039999-深圳市其他地区适用于非前海自贸区企业，请核实特殊贸易区域",
            warning=True,
        ),
        Check(conditions.branch_names_parent, "parent_uscc", "分支机构一般需填写上级单位", warning=True),
        Check(conditions.record_form_attached, "/attachments", "尚未上传《报关单位备案信息表》", warning=True),
    )
