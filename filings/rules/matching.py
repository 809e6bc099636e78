"""Which row of a record a row of a sheet is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from filings.rules.numbers import fold
from filings.rules.sheet import Rows

Row = Mapping[str, Any]


def paired(item: Rows, rows: Sequence[Row], known: Sequence[Row]) -> list[int | None]:
    """For each row which of the record's it is, by what rows are known by; None for one that is new. No row of the
    record is two.

    The width of brackets and letters does not count here (`(香港)` is `（香港）`), while what is kept stays as it was
    typed. A row that is as it was is itself wherever it stands; others of one name follow in order.
    """
    left: dict[tuple[Any, ...], list[int]] = {}
    for at, row in enumerate(known):
        left.setdefault(_key(item, row), []).append(at)
    found: list[int | None] = [None] * len(rows)
    for unchanged in (True, False):
        for n, row in enumerate(rows):
            if found[n] is not None:
                continue
            alike = left.get(_key(item, row), [])
            place = next((at for at in alike if not unchanged or _same(item, known[at], row)), None)
            if place is not None:
                alike.remove(place)
                found[n] = place
    return found


def _key(item: Rows, row: Row) -> tuple[Any, ...]:
    return tuple(fold(value) if isinstance(value := row.get(name), str) else value for name in item.known_by)


def _same(item: Rows, row: Row, other: Row) -> bool:
    return all(
        (row.get(name) or None) == (other.get(name) or None)
        for name, field in item.fields.items()
        if not field.returned
    )
