"""The rows of a world as plain data, and back.

A row is a list of its columns' values; a reference is the place of the row it means in that one's own table, so that it can be
planted anywhere. What of the way back does not need the database is done before (`ready`): while rows are planted, others wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models

from filings.lab import worlds
from filings.lab.judging import columns
from filings.models import Sandbox
from filings.models.sandbox import InSandbox

Tables = dict[str, list[Any]]
"""By the names of the models."""


def read(sandbox: Sandbox) -> Tables:
    """All rows of a sandbox's world."""
    places: dict[type[models.Model], dict[int, int]] = {}
    tables: Tables = {}
    for model in worlds.tables():
        names = [one.attname for one in columns(model)]
        rows = list(model._base_manager.filter(sandbox=sandbox).order_by("pk").values_list("pk", *names))
        places[model] = {row[0]: n for n, row in enumerate(rows)}
        writers = [_writer(one, places) for one in columns(model)]
        tables[model.__name__] = [[write(value) for write, value in zip(writers, row[1:], strict=True)] for row in rows]
    return tables


def ready(tables: Tables) -> Tables:
    """The same rows, as the database takes them but for keys, sandbox and what they refer to; in place, for they may be many."""
    for model in worlds.tables():
        readers = [_reader(one) for one in columns(model)]
        rows = tables[model.__name__]
        for n, row in enumerate(rows):
            rows[n] = [None, None, *(read(value) for read, value in zip(readers, row, strict=True))]
    return tables


def plant(sandbox: Sandbox, tables: Tables) -> None:
    """Write rows that are ready into a sandbox whose world is empty."""
    planted: dict[type[models.Model], Sequence[int]] = {}
    for model in worlds.tables():
        rows = tables[model.__name__]
        keys = planted[model] = _keys(model, len(rows))
        meant = [(n, planted[one.related_model]) for n, one in enumerate(columns(model), 2) if isinstance(one, models.ForeignKey)]
        for key, row in zip(keys, rows, strict=True):
            row[0], row[1] = key, sandbox.pk
            for n, there in meant:
                if row[n] is not None:
                    row[n] = there[row[n]]
        _insert(model, rows)


def _keys(model: type[InSandbox], number: int) -> Sequence[int]:
    """So many primary keys of a table, for rows that refer to one another before they are there."""
    if not number:
        return ()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [model._meta.db_table, number]
            )
            return [key for (key,) in cursor.fetchall()]
        # Nobody else writes meanwhile, and what is inserted with a key of its own moves the sequence on.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        last = (cursor.fetchone() or (0,))[0]
    return range(last + 1, last + 1 + number)


def _insert(model: type[InSandbox], rows: list[list[Any]]) -> None:
    if not rows:
        return
    names = [connection.ops.quote_name(one) for one in ("id", "sandbox_id", *(one.attname for one in columns(model)))]
    into = f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({', '.join(names)})"
    with connection.cursor() as cursor:
        cursor.executemany(f"{into} VALUES ({', '.join(['%s'] * len(names))})", rows)


def _same(value: Any) -> Any:
    return value


def _writer(field: models.Field[Any, Any], places: Mapping[type[Any], Mapping[int, int]]) -> Callable[[Any], Any]:
    """How a column's value is written down: instants and days as text, a reference as a place."""
    match field:
        case models.ForeignKey():
            there = places[field.related_model]
            return lambda value: None if value is None else there[value]
        case models.DateTimeField() | models.DateField():
            return lambda value: None if value is None else value.isoformat()
        case _:
            return _same


def _reader(field: models.Field[Any, Any]) -> Callable[[Any], Any]:
    """How it is given to the database."""
    match field:
        case models.ForeignKey():
            return _same
        case models.DateTimeField():
            return lambda text: None if text is None else field.get_db_prep_save(datetime.fromisoformat(text), connection)
        case models.DateField():
            return lambda text: None if text is None else field.get_db_prep_save(date.fromisoformat(text), connection)
        case _:
            return lambda value: field.get_db_prep_save(value, connection)
