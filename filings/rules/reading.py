"""How a value of a sheet reads to a person: on a screen and on paper alike."""

from __future__ import annotations

from typing import Any

from filings.rules.codes import TABLES, Code, county
from filings.rules.sheet import Choice, Choices, Field, Sheet

LEVELS = ("province", "city", "district")
"""The three fields of 行政区划, from the top down."""


def label(row: Code) -> str:
    """A row of a code table as its box shows it."""
    return row.name if row.name == row.code else f"{row.code} {row.name}"


def label_of(table: str, code: str, level: int = 0) -> str:
    """What a code stands for; divisions are told by name alone, pseudo-counties by the level they are chosen at."""
    if table == "divisions":
        row = county(code) if level == 3 else TABLES[table].get(code)
        return row.name if row else code
    row = TABLES[table].get(code)
    return label(row) if row else code


def text(sheet: type[Sheet], name: str, value: Any) -> str:
    """How a value reads, of a field by its dotted name."""
    first, *rest = name.split(".")
    item = sheet.items[first]
    return text_of(name, item if isinstance(item, Field) else item.fields[rest[-1]], value)


def text_of(name: str, field: Field, value: Any) -> str:
    """How a value of a field reads; nothing is an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(field, Choices):
        rows = TABLES[field.table or ""]
        return "、".join(row.name if (row := rows.get(code)) else str(code) for code in value)
    if isinstance(field, Choice):
        return label_of(field.table or "", str(value), LEVELS.index(name) + 1 if name in LEVELS else 0)
    return str(value)
