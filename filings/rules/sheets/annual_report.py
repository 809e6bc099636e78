"""海关年报: the sheet an enterprise fills once a year.

No public source shows its fields. 报关事项 is a heading of the FAQ (2.12); what stands under it, and that nothing must
be filled but what a 是 calls for, is the simulator's own.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from filings.rules import numbers
from filings.rules.codes import TABLES
from filings.rules.facts import Facts
from filings.rules.register import ALWAYS, Values, rule, unless
from filings.rules.sheet import Choices, Date, Flag, Money, Proof, Section, Sheet, Source, Tab, Text
from filings.rules.sheets.registration import PHONE
from filings.rules.words import Provenance

OURS, ASSUMED = Provenance.OURS, Provenance.ASSUMED

CUSTOMS_SECTION = "customs_matters"
"""报关事项: for enterprises registered with customs only (FAQ 2.12)."""


@rule("取自海关备案记录", provenance=ASSUMED, code="field_readonly")
def of_the_customs_record(values: Values, facts: Facts) -> bool:
    return True


@rule("本年度有进出口业务")
def traded_that_year(values: Values, facts: Facts) -> bool:
    return values.traded is True


def recorded(name: str) -> Source:
    """What the customs ledger says, as a sheet holds it."""

    def read(facts: Facts, siblings: Values) -> Any:
        value = facts.ledger.get(name)
        return value.isoformat() if isinstance(value, date) else value

    return read


def recorded_categories(facts: Facts, siblings: Values) -> list[str] | None:
    held = facts.ledger.get("categories") or ()
    return [row.code for row in TABLES["categories"].rows if row.code in held] or None


def count_fault(text: str, siblings: Values) -> str | None:
    return None if text.isascii() and text.isdigit() else "报关单数量应为整数"


def phone_fault(number: str, siblings: Values) -> str | None:
    fault = numbers.phone_fault(number)
    return fault and fault.replace("固定电话", "联系电话")


FROM_RECORD: dict[str, Any] = {
    "locked": of_the_customs_record,
    "locked_words": "取自海关备案记录，不在年报中修改",
    "provenance": ASSUMED,
}
IF_TRADED: dict[str, Any] = {
    "locked": unless(traded_that_year),
    "locked_words": "本年度没有进出口业务的，不填报此项",
    "provenance": OURS,
}


class AnnualReport(Sheet):
    """海关年报."""

    uscc = Text(
        label="统一社会信用代码",
        max_length=18,
        example=numbers.A_FIRM,
        fixed=lambda facts, siblings: facts.uscc,
        **FROM_RECORD,
    )
    name_cn = Text(
        label="企业名称",
        max_length=100,
        example="深圳市云帆演练国际贸易有限公司",
        fixed=lambda facts, siblings: facts.name_cn,
        span=2,
        **FROM_RECORD,
    )
    customs_code = Text(
        label="海关注册编码", max_length=10, example="4403160001", fixed=recorded("customs_code"), **FROM_RECORD
    )
    categories = Choices(label="企业经营类别", table="categories", fixed=recorded_categories, span=3, **FROM_RECORD)
    registered_on = Date(label="海关注册时间", fixed=recorded("registered_on"), **FROM_RECORD)

    contact_name = Text(label="年报联系人", max_length=50, example="张演练", provenance=OURS)
    contact_phone = Text(
        label="联系电话",
        max_length=30,
        folded=True,
        spelt=numbers.phone,
        proof=replace(PHONE, fault=phone_fault),
        example="0755-83160000",
        provenance=OURS,
    )

    traded = Flag(label="本年度是否有进出口业务", default=False, required=ALWAYS, provenance=OURS)
    import_amount = Money(label="本年度进口额(万美元)", required=traded_that_year, **IF_TRADED)
    export_amount = Money(label="本年度出口额(万美元)", required=traded_that_year, **IF_TRADED)
    declaration_count = Text(
        label="本年度报关单数量",
        required=traded_that_year,
        max_length=9,
        folded=True,
        proof=Proof(count_fault, "count_invalid", "报关单数量为整数", OURS),
        example="120",
        **IF_TRADED,
    )
    processing_trade = Flag(label="是否开展加工贸易", default=False, **IF_TRADED)
    cross_border_types = Choices(label="跨境贸易电子商务类型", table="cross_border_types", provenance=OURS, span=3)
    remarks = Text(label="备注", max_length=500, long=True, example="无", provenance=OURS, span=3)

    tabs = (
        Tab(
            "report",
            "海关年报",
            (
                Section(
                    "enterprise", "企业基本信息", ("uscc", "name_cn", "customs_code", "registered_on", "categories")
                ),
                Section("contact", "联系信息", ("contact_name", "contact_phone")),
                Section(
                    CUSTOMS_SECTION,
                    "报关事项",
                    (
                        "traded",
                        "import_amount",
                        "export_amount",
                        "declaration_count",
                        "processing_trade",
                        "cross_border_types",
                        "remarks",
                    ),
                ),
            ),
        ),
    )
