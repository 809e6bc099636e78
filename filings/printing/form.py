"""《报关单位备案信息表》: the order in which the form puts a sheet's values on paper.

The first twelve items stand in this order on the published form, with these labels (public); behind them the order is
assumed. Whatever else a sheet has follows under its own label, so that any kind of filing can be printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from filings.printing.documents import Cell, Closing, Grid, Line, Mode
from filings.rules.codes import TABLES
from filings.rules.kinds import Kind
from filings.rules.reading import LEVELS, label_of, text, text_of
from filings.rules.sheet import Choices, Field, Flag, Group, Rows, Sheet
from filings.rules.words import Category

REST = "…"

ORDER: tuple[tuple[str, ...], ...] = (
    ("uscc", "printed_on"),
    ("application",),
    ("category",),
    ("division", "customs_office"),
    ("economic_zone",),
    ("name_cn",),
    ("name_en",),
    ("address_cn", "postcode"),
    ("address_en",),
    ("special_trade_zone", "filing_scope"),
    ("customs_code", "inspection_number"),
    ("organization_type", "economic_type"),
    ("industry", "express_operator"),
    ("cross_border_types",),
    ("established_on", "valid_until"),
    ("business_scope",),
    ("registered_capital", "capital_currency"),
    (REST,),
    ("remarks",),
    ("legal_representative", "finance_manager", "customs_manager"),
    ("parent_uscc", "parent_name"),
    ("parent_relation",),
    ("investors",),
    ("declarants",),
)

LABELS = {
    "category": "申请报关单位类型",
    "customs_office": "所在地海关",
    "name_cn": "中文名称",
    "name_en": "英文名称",
    "address_cn": "住所(主要经营场所)",
    "address_en": "英文地址",
    "declarants": "所属报关人员",
}
"""The form's own labels, where it does not share the screen's."""

APPLICATIONS = {"企业注册登记": "备案", "企业变更": "备案信息变更", "企业注销": "注销"}
"""申请类型 by 申请业务类型: exactly one is ticked (public)."""

SHARES = {"address_cn": 5, "postcode": 2, "division": 5, "customs_office": 4, "parent_uscc": 2, "parent_name": 3}

ON_THE_FORM = (
    Category.CONSIGNEE,
    Category.BROKER,
    Category.TEMPORARY,
    Category.CONSIGNEE_BRANCH,
    Category.BROKER_BRANCH,
)
"""The five types of the published form; 双重身份 is not among them and is added only where it is the one (ours)."""

CALLED = {Category.TEMPORARY.value: "临时备案单位"}

UNDERTAKING = "我单位承诺对本表所填报备案信息内容的真实性和所属报关人员的报关行为负责并承担相应的法律责任。"
"""Verbatim on the predecessor sheet (public)."""

CLOSING = Closing(UNDERTAKING, "（单位公章）", "年　　月　　日")


def blocks(kind: Kind, content: Mapping[str, Any], on: date, modes: Mapping[str, Mode]) -> tuple[Line | Grid, ...]:
    """A filing's content in the form's order; `modes` are the cells that come out otherwise than whole."""
    return tuple(_blocks(kind, content, on, modes))


def _blocks(kind: Kind, content: Mapping[str, Any], on: date, modes: Mapping[str, Mode]) -> Iterator[Line | Grid]:
    sheet = kind.sheet
    composed = _composed(kind, content, on)
    for line in ORDER:
        names = _rest(sheet) if line == (REST,) else [name for name in line if name in composed or name in sheet.items]
        items = {name: sheet.items.get(name) for name in names}
        cells = [
            replace(
                composed.get(name) or _cell(sheet, name, content.get(name)),
                share=SHARES.get(name, 1),
                mode=modes.get(name, Mode.FIT),
            )
            for name, item in items.items()
            if name in composed or isinstance(item, Field)
        ]
        if cells:
            yield from (Line((cell,)) for cell in cells) if line == (REST,) else (Line(tuple(cells)),)
        if groups := {name: item for name, item in items.items() if isinstance(item, Group)}:
            yield _people(sheet, groups, content)
        yield from (_list(sheet, name, item, content) for name, item in items.items() if isinstance(item, Rows))


def _composed(kind: Kind, content: Mapping[str, Any], on: date) -> dict[str, Cell]:
    """The cells that are more, or less, than one field of the sheet. Who it is about is told whatever the sheet
    asks."""
    items = kind.sheet.items
    made = [
        Cell("uscc", "统一社会信用代码", content.get("uscc") or ""),
        Cell("name_cn", LABELS["name_cn"], content.get("name_cn") or ""),
        Cell("printed_on", "填表/打印日期", on.isoformat()),
        Cell("application", "申请类型", ticks=_applications(kind)),
    ]
    if "category" in items:
        made.append(Cell("category", LABELS["category"], ticks=_types(content.get("category"))))
    if items.keys() >= {*LEVELS}:
        made.append(Cell("division", "行政区划", _division(content)))
    return {cell.name: cell for cell in made}


def _rest(sheet: type[Sheet]) -> list[str]:
    """What the form has no place for."""
    placed = {name for line in ORDER for name in line} | {*LEVELS}
    return [name for name in sheet.items if name not in placed]


def _cell(sheet: type[Sheet], name: str, value: Any) -> Cell:
    item = sheet.items[name]
    assert isinstance(item, Field)
    label = LABELS.get(name, item.label)
    match item:
        case Flag():
            return Cell(name, label, ticks=(("是", value is True), ("否", value is False)))
        case Choices():
            return Cell(
                name, label, ticks=tuple((row.name, row.code in (value or ())) for row in TABLES[item.table or ""].rows)
            )
        case _:
            return Cell(name, label, text_of(name, item, value))


def _applications(kind: Kind) -> tuple[tuple[str, bool], ...]:
    return tuple((name, name == APPLICATIONS.get(kind.business_type)) for name in APPLICATIONS.values())


def _types(chosen: str | None) -> tuple[tuple[str, bool], ...]:
    codes = [category.value for category in ON_THE_FORM]
    codes += [chosen] if chosen and chosen not in codes else []
    rows = [TABLES["categories"].get(code) for code in codes]
    return tuple((CALLED.get(row.code, row.name), row.code == chosen) for row in rows if row)


def _division(content: Mapping[str, Any]) -> str:
    """The code of the lowest level chosen, and the names of all."""
    names = [label_of("divisions", content[name], level) for level, name in enumerate(LEVELS, 1) if content.get(name)]
    code = next((content[name] for name in reversed(LEVELS) if content.get(name)), "")
    return f"{code} {''.join(dict.fromkeys(names))}".strip()


def _people(sheet: type[Sheet], groups: Mapping[str, Group], content: Mapping[str, Any]) -> Grid:
    heads = ("职务", *(field.label for field in next(iter(groups.values())).fields.values()))
    rows = tuple(
        (group.label, *(text(sheet, f"{name}.{key}", (content.get(name) or {}).get(key)) for key in group.fields))
        for name, group in groups.items()
    )
    return Grid("管理人员", heads, rows)


def _list(sheet: type[Sheet], name: str, item: Rows, content: Mapping[str, Any]) -> Grid:
    rows = tuple(
        (str(n), *(text(sheet, f"{name}.{n}.{key}", row.get(key)) for key in item.fields))
        for n, row in enumerate(content.get(name) or [], 1)
    )
    return Grid(LABELS.get(name, item.label), ("序号", *(field.label for field in item.fields.values())), rows)
