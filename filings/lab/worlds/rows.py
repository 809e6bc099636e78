"""The rows of a world as plain data, and back.

A row is a list of its columns' values; a reference is the place of the row it means in that one's own table, so that
it can be planted anywhere. Its way back has four steps, of which only the last has others wait: the values as the
database takes them (`ready`), their keys (`placed`), all of them at hand (`at_hand`), written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django.db import connection, models, transaction

from filings.lab.worlds.tables import columns, of_world
from filings.models import Sandbox
from filings.models.sandbox import InSandbox
from filings.prepared import as_saved

Tables = dict[str, list[list[Any]]]
"""By the names of the models."""

Placed = dict[type[InSandbox], list[list[Any]]]
"""Rows as they will stand in their tables, each with its key and its sandbox before its columns."""


def read(sandbox: Sandbox) -> Tables:
    """All rows of a sandbox's world."""
    places: dict[type[models.Model], dict[int, int]] = {}
    tables: Tables = {}
    for model in of_world():
        names = [column.attname for column in columns(model)]
        rows = [
            list(row) for row in model._base_manager.filter(sandbox=sandbox).order_by("pk").values_list("pk", *names)
        ]
        places[model] = {row.pop(0): n for n, row in enumerate(rows)}
        _each(rows, [_writer(column, places) for column in columns(model)])
        tables[model.__name__] = rows
    return tables


def of(instances: Iterable[InSandbox]) -> Tables:
    """The rows of instances that are in no database yet, ready."""
    tables: Tables = {model.__name__: [] for model in of_world()}
    places: dict[int, int] = {}
    for instance in instances:
        model = type(instance)
        rows = tables[model.__name__]
        places[id(instance)] = len(rows)
        rows.append(
            [
                places[id(value)] if isinstance(value := getattr(instance, field.name), models.Model) else value
                for field in columns(model)
            ]
        )
    for model in of_world():
        _each(
            tables[model.__name__],
            [None if isinstance(column, models.ForeignKey) else as_saved(column) for column in columns(model)],
        )
    return tables


def ready(tables: Tables) -> Tables:
    """The same rows, as the database takes them but for keys and what they refer to; in place, for they may be many."""
    for model in of_world():
        _each(tables[model.__name__], [_reader(column) for column in columns(model)])
    return tables


def placed(sandbox: Sandbox, tables: Tables) -> Placed:
    """Rows that are ready, as they will stand in a sandbox: with keys that are nobody else's from now on."""
    keys = _keys({model: len(tables[model.__name__]) for model in of_world() if tables[model.__name__]})
    found: Placed = {}
    for model, mine in keys.items():
        rows = found[model] = [[key, sandbox.pk, *row] for key, row in zip(mine, tables[model.__name__], strict=True)]
        for n, column in enumerate(columns(model), 2):
            if isinstance(column, models.ForeignKey):
                there: Sequence[int] = keys.get(column.related_model, ())
                for row in rows:
                    if row[n] is not None:
                        row[n] = there[row[n]]
    return found


def write(rows: Placed) -> None:
    """Write rows into a sandbox whose world is empty."""
    with connection.cursor() as cursor:
        for model, mine in rows.items():
            table, names = _names(model)
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({names}) FROM STDIN") as stream:
                    for row in mine:
                        stream.write_row(row)
            else:
                cursor.executemany(_into(table, names), mine)


@contextmanager
def at_hand(rows: Placed) -> Iterator[Callable[[], None]]:
    """Many rows ready to be written: yields what writes them into a sandbox whose world is empty, in the caller's
    transaction.

    SQLite lets one write at a time, to all of its worlds. There they wait in tables of this connection alone, from
    where one statement a table takes them over: half the time, and none of it Python's.
    """
    if connection.vendor == "postgresql":
        yield lambda: write(rows)
        return
    waiting = {model: (*_names(model), connection.ops.quote_name(f"waiting_{model._meta.db_table}")) for model in rows}

    def take_over() -> None:
        with connection.cursor() as cursor:
            for table, names, there in waiting.values():
                cursor.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM temp.{there}")  # noqa: S608

    try:
        with one_moment(), connection.cursor() as cursor:
            for model, (table, names, there) in waiting.items():
                cursor.execute(f"CREATE TEMP TABLE {there} AS SELECT {names} FROM {table} WHERE 0")  # noqa: S608
                cursor.executemany(_into(f"temp.{there}", names), rows.pop(model))
        yield take_over
    finally:
        with connection.cursor() as cursor:
            for *_, there in waiting.values():
                cursor.execute(f"DROP TABLE IF EXISTS temp.{there}")


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read inside is of one moment, rows and counters that belong together, and holds up nobody's
    writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            # Not as Django begins one: that would take the lock for writing.
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("COMMIT")


def _keys(numbers: Mapping[type[InSandbox], int]) -> dict[Any, Sequence[int]]:
    """So many primary keys of each table, for rows that refer to one another before they are there."""
    tables = {model._meta.db_table: number for model, number in numbers.items()}
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            asked = "SELECT %s, nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(
                " UNION ALL ".join([asked] * len(tables)),
                [argument for name, number in tables.items() for argument in (name, name, number)],
            )
            found: dict[str, list[int]] = {name: [] for name in tables}
            for name, key in cursor.fetchall():
                found[name].append(key)
            return {model: found[model._meta.db_table] for model in numbers}
        # Where SQLite keeps the last key of every table.
        named = f"FROM sqlite_sequence WHERE name IN ({_marks(tables)})"
        cursor.execute(f"SELECT name, seq {named}", [*tables])
        last = dict(cursor.fetchall())
        cursor.execute(f"DELETE {named}", [*tables])
        cursor.executemany(
            "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)",
            [(table, last.get(table, 0) + number) for table, number in tables.items()],
        )
    return {
        model: range(first := last.get(model._meta.db_table, 0) + 1, first + number)
        for model, number in numbers.items()
    }


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("%s" for _ in values)


def _names(model: type[InSandbox]) -> tuple[str, str]:
    """A table and its columns, as they are written in a statement."""
    names = ("id", "sandbox_id", *(column.attname for column in columns(model)))
    return connection.ops.quote_name(model._meta.db_table), ", ".join(map(connection.ops.quote_name, names))


def _into(table: str, names: str) -> str:
    return f"INSERT INTO {table} ({names}) VALUES ({_marks(names.split(', '))})"  # noqa: S608


Change = Callable[[Any], Any] | None
"""How a value is changed; None: it is not."""


def _each(rows: list[list[Any]], changes: Sequence[Change]) -> None:
    """Change every row's values, column by column."""
    for n, change in enumerate(changes):
        if change is not None:
            for row in rows:
                if row[n] is not None:
                    row[n] = change(row[n])


def _writer(field: models.Field[Any, Any], places: Mapping[type[Any], Mapping[int, int]]) -> Change:
    """How a column's value is written down: instants and days as text, a reference as a place."""
    match field:
        case models.ForeignKey():
            return places[field.related_model].__getitem__
        case models.DateTimeField() | models.DateField():
            return lambda value: value.isoformat()
        case _:
            return None


def _reader(field: models.Field[Any, Any]) -> Change:
    """How it is given to the database."""
    saved = as_saved(field)
    match field:
        case models.ForeignKey():
            return None
        case models.DateTimeField():
            return lambda text: saved(datetime.fromisoformat(text))  # type: ignore[misc]
        case models.DateField():
            return lambda text: saved(date.fromisoformat(text))  # type: ignore[misc]
        case _:
            return saved
