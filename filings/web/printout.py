"""打印: the order in which 《报关单位备案信息表》 puts a sheet's values on paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from filings.rules.codes import TABLES
from filings.rules.reading import text
from filings.rules.sheet import Choice, Field, Group, Rows, Sheet

ORDER = (
    "uscc", "category", "province", "city", "district", "customs_office", "economic_zone", "special_trade_zone", "name_cn", "name_en",
    "address_cn", "postcode", "address_en", "organization_type", "economic_type", "industry", "express_operator", "cross_border_types",
    "business_scope", "registered_capital", "capital_currency", "established_on", "valid_until", "remarks",
    "legal_representative", "finance_manager", "customs_manager", "parent_uscc", "parent_name", "parent_relation", "investors", "declarants",
)  # fmt: skip
"""The first twelve and the last two items stand in this order on the published form; between them the order is assumed."""

UNDERTAKING = "我单位承诺对本表所填报备案信息内容的真实性和所属报关人员的报关行为负责并承担相应的法律责任。"


@dataclass(slots=True)
class Cell:
    """One item of the form; `ticks` are all its choices, each with whether it is the one."""

    label: str
    text: str
    wide: bool = False
    ticks: list[tuple[str, bool]] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """People, investors, declarants: a table of its own."""

    title: str
    heads: list[str]
    rows: list[list[str]]


@dataclass(slots=True)
class Form:
    """The form on paper."""

    cells: list[Cell]
    grids: list[Grid]
    undertaking: str = UNDERTAKING


def form(sheet: type[Sheet], content: Mapping[str, Any]) -> Form:
    """A sheet's content in the form's order."""
    cells: list[Cell] = []
    people: list[tuple[Group, list[str]]] = []
    lists: list[Grid] = []
    for name in (name for name in ORDER if name in sheet.items):
        match item := sheet.items[name]:
            case Group():
                part = content.get(name) or {}
                people.append((item, [text(sheet, f"{name}.{key}", part.get(key)) for key in item.fields]))
            case Rows():
                rows = [
                    [text(sheet, f"{name}.{n}.{key}", row.get(key)) for key in item.fields]
                    for n, row in enumerate(content.get(name) or [])
                ]
                numbered = [[str(n), *row] for n, row in enumerate(rows, 1)]
                lists.append(Grid(item.label, ["序号", *(one.label for one in item.fields.values())], numbered))
            case _:
                cells.append(_cell(sheet, name, item, content.get(name)))
    if people:
        heads = ["", *(one.label for one in people[0][0].fields.values())]
        lists.insert(0, Grid("管理人员", heads, [[group.label, *row] for group, row in people]))
    return Form(_squared(cells), lists)


def _squared(cells: list[Cell]) -> list[Cell]:
    """Cells two by two: one that is left alone takes the whole line."""
    alone: Cell | None = None
    for cell in [*cells, Cell("", "", wide=True)]:
        if cell.wide and alone:
            alone.wide = True
        alone = None if cell.wide or alone else cell
    return cells


def _cell(sheet: type[Sheet], name: str, item: Field, value: Any) -> Cell:
    ticks = (
        [(row.name, row.code == value) for row in TABLES["categories"].rows]
        if isinstance(item, Choice) and item.table == "categories"
        else []
    )
    return Cell(item.label, text(sheet, name, value), wide=item.span > 1 or bool(ticks), ticks=ticks)
