"""What a sheet changes in the record under it, place by place and row by row: for a person to see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from filings.rules.matching import Row, paired
from filings.rules.sheet import Field, Group, Rows, Sheet


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a sheet changes in the record under it.

    at   the dotted name of a field, of a new row (`investors.1`), or of the rows one is gone from or that changed
         places
    was  what the record says there; of a row, the row
    now  what the sheet says there
    """

    at: str
    how: Literal["changed", "added", "removed", "moved"]
    was: Any = None
    now: Any = None


def compare(sheet: type[Sheet], record: Mapping[str, Any], whole: Mapping[str, Any]) -> list[Change]:
    """What a whole content changes in a record, field by field and row by row, in the order of the page.

    A row is matched to the record's by what it is known by. What customs returns is no change; without a record there
    is none.
    """
    if not record:
        return []
    found: list[Change] = []
    for name in (name for tab in sheet.tabs for section in tab.sections for name in section.fields):
        was, now = record.get(name), whole.get(name)
        match item := sheet.items[name]:
            case Group():
                found += _fields(item.fields, f"{name}.", was or {}, now or {})
            case Rows():
                found += _rows(item, was or [], now or [])
            case _:
                found += _fields({name: item}, "", record, whole)
    return found


def _fields(fields: Mapping[str, Field], prefix: str, was: Row, now: Row) -> Iterator[Change]:
    for key, field in fields.items():
        if not field.returned and (was.get(key) or None) != (now.get(key) or None):
            yield Change(prefix + key, "changed", was.get(key), now.get(key))


def _rows(item: Rows, was: Sequence[Row], now: Sequence[Row]) -> Iterator[Change]:
    filled = [(n, row) for n, row in enumerate(now) if any(row.get(key) for key in item.fields)]
    order, same = list[int](), True
    for (n, row), at in zip(filled, paired(item, [row for _, row in filled], was), strict=True):
        if at is None:
            same = False
            yield Change(f"{item.name}.{n}", "added", now=row)
            continue
        order.append(at)
        differing = list(_fields(item.fields, f"{item.name}.{n}.", was[at], row))
        same = same and not differing
        yield from differing
    gone = [row for at, row in enumerate(was) if at not in order]
    for row in gone:
        yield Change(item.name, "removed", was=row)
    if same and not gone and order != sorted(order):
        yield Change(item.name, "moved")
