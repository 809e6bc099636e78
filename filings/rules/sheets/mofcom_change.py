"""商务部变更申请: what is to change in the record of the commerce authorities (FAQ 2.8, 2.9)."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar

from filings.rules.facts import Facts
from filings.rules.register import Values, rule
from filings.rules.sheet import Check, Money, Section, Sheet, Tab, Text
from filings.rules.sheets.registration import CAPITAL
from filings.rules.words import Provenance

RECORDED = ("name_cn", "name_en", "address_cn", "legal_representative", "registered_capital")
"""What the commerce authorities have on record of an enterprise."""


@rule("企业英文名称不含全角标点", provenance=Provenance.PUBLIC, code="full_width_punctuation")
def english_punctuation(values: Values, facts: Facts) -> bool:
    return not any(_full_width_mark(character) for character in values.name_en or "")


@rule("至少填写一项要变更的备案信息", provenance=Provenance.OURS, code="nothing_changed")
def changes_something(values: Values, facts: Facts) -> bool:
    return any(getattr(values, name) is not None for name in RECORDED)


def _full_width_mark(character: str) -> bool:
    """A mark, sign or space as wide as a Chinese character; curly quotes and dashes count as such."""
    width, category = unicodedata.east_asian_width(character), unicodedata.category(character)[0]
    return (width in "FW" and category in "PSZ") or (width == "A" and category == "P")


class MofcomChange(Sheet):
    """商务部变更申请. Every field is white: it carries what is to change, and says nothing of the rest."""

    name_cn = Text(label="企业中文名称", max_length=100, example="深圳市云帆演练国际贸易有限公司", span=2)
    name_en = Text(
        label="企业英文名称",
        max_length=150,
        example="SHENZHEN YUNFAN TRAINING TRADE CO., LTD.",
        span=2,
        hint="不含全角标点",
        provenance=Provenance.PUBLIC,
    )
    address_cn = Text(label="住所", max_length=255, example="广东省深圳市福田区福中三路1006号", span=2)
    legal_representative = Text(label="法定代表人姓名", max_length=50, example="张演练")
    registered_capital = Money(label="注册资本(万)", proof=CAPITAL)
    remarks = Text(label="备注", max_length=500, long=True, example="无", span=3, provenance=Provenance.OURS)

    tabs: ClassVar[tuple[Tab, ...]] = (
        Tab(
            "basic",
            "变更信息",
            (
                Section("record", "经营者备案信息（填写要变更的项）", RECORDED),
                Section("remarks", "备注", ("remarks",)),
            ),
        ),
    )

    checks: ClassVar[tuple[Check, ...]] = (
        Check(changes_something, "name_cn", "请至少填写一项要变更的备案信息"),
        Check(english_punctuation, "name_en", "企业英文名称不能含有全角标点"),
        Check(english_punctuation, "name_en", "企业英文名称含有全角标点，申报时将被拒绝", warning=True),
    )


def recorded(content: Mapping[str, Any]) -> dict[str, Any]:
    """What of a content goes on record."""
    return {name: value for name, value in content.items() if name in RECORDED}
