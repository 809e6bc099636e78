"""Each column of each table with a wrong value in it: neighbours go on, and the world can be looked at, reset and
deleted."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.test import Client

from filings.lab.webhooks.delivering import Courier
from filings.management.commands import worker
from filings.models import Filing, Sandbox
from filings.models.sandbox import OfSandbox
from tests.api.client import CONTROL, Caller, World
from tests.control.test_poison import run_by_itself
from tests.desk.test_worlds import lived_in

pytestmark = pytest.mark.django_db

ALL = bool(os.environ.get("POISONS"))
"""Whether each column is tried with each wrong value, and not only with the worst; and all pages are looked at again
after each deed."""

TABLES: list[type[models.Model]] = [
    Sandbox,
    *(model for model in apps.get_app_config("filings").get_models() if issubclass(model, OfSandbox)),
]

ON_SQLITE = connection.vendor == "sqlite"
"""A column of SQLite holds anything, one of PostgreSQL what it is for."""

NO_MOMENT = ["2021-13-45 00:00:00"] if ON_SQLITE else []
WORDS = ["x"] if ON_SQLITE else []

WRONG: dict[type[models.Field[Any, Any]], list[Any]] = {
    models.DateTimeField: [*NO_MOMENT, "0001-01-01 00:00:00", "9999-12-31 23:59:59", *WORDS, None],
    models.DateField: [*NO_MOMENT, "0001-01-01", "9999-12-31", *WORDS, None],
    models.JSONField: ["5", "[1]", "null", "{}", '"x"', "[[]]", '{"": null}'],
    models.BooleanField: [7] if ON_SQLITE else [],
    models.IntegerField: [*WORDS, -1, 0, 2**31 - 1, None],
    models.FloatField: [*WORDS, "-1", "0", "1e308", None],
    models.BinaryField: [*WORDS, b""],
    models.CharField: ["不对", "", "; =", "\x07", None],
}
"""By the kind of a column, the worst first."""


def columns(table: type[models.Model]) -> Iterator[tuple[models.Field[Any, Any], Any]]:
    """What may stand in each column of a table and must not."""
    for field in table._meta.concrete_fields:
        if field.is_relation or field.primary_key or (table is Sandbox and field.name == "key"):
            continue
        kind = next(kind for kind in (*WRONG, models.TextField) if isinstance(field, kind))
        yield from ((field, value) for value in WRONG.get(kind, WRONG[models.CharField])[: None if ALL else 1])


def plant(table: type[models.Model], field: models.Field[Any, Any], value: Any, sandbox: Sandbox) -> bool:
    """Whether the database let it in; in every row where they may be alike, else in the first."""
    where = f"{'id' if table is Sandbox else 'sandbox_id'} = %s"
    first = f"{where} AND id = (SELECT min(id) FROM {table._meta.db_table} WHERE {where})"
    for rows, given in ((where, [sandbox.pk]), (first, [sandbox.pk] * 2)):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f'UPDATE {table._meta.db_table} SET "{field.column}" = %s WHERE {rows}', [value, *given])
                return cursor.rowcount > 0
        except IntegrityError:
            continue
        except DatabaseError:
            return False
    return False


@pytest.fixture
def worlds(world: World, other_world: World) -> tuple[World, World, str]:
    """One in which something of every kind has happened, and a neighbour with a filing that is due."""
    lived_in(Sandbox.objects.get(key=world.id))
    world.control.post("/checkpoints", {"name": "kept"}).ok(201)
    filing = other_world.declared(scenario="approve; pace=fast")
    for one in (world, other_world):
        run_by_itself(one)
    return world, other_world, filing


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_neighbours_go_on_and_the_world_can_be_looked_at_reset_and_deleted(
    table: type[models.Model], worlds: tuple[World, World, str]
) -> None:
    poisoned, neighbour, filing = worlds
    sandbox, tried, told = Sandbox.objects.get(key=poisoned.id), 0, list[str]()
    for field, value in columns(table):
        point = transaction.savepoint()
        if plant(table, field, value, sandbox):
            tried += 1
            told += [f"{field.name} = {value!r}: {words}" for words in faults(poisoned, neighbour, filing)]
        transaction.savepoint_rollback(point)
        transaction.set_rollback(False)
    assert told == [], "\n" + "\n".join(told)
    assert tried or not [*columns(table)]  # one of references only has nothing to be altered


def faults(poisoned: World, neighbour: World, filing: str) -> Iterator[str]:
    """What does not hold."""
    plane, page = Caller(CONTROL, documented=False), Client()
    at, screen = f"/sandboxes/{poisoned.id}", f"/console/sandboxes/{poisoned.id}"
    looked_at: list[Asked] = [
        ("the list", lambda: plane.get("/sandboxes?limit=500").status, 200),
        ("the console's list", lambda: page.get("/console/").status_code, 200),
        ("it", lambda: plane.get(at).status, 200),
        ("its page", lambda: page.get(screen).status_code, 200),
        ("its page to be reset", lambda: page.get(f"{screen}/reset").status_code, 200),
        ("its page to be deleted", lambda: page.get(f"{screen}/delete").status_code, 200),
    ]
    others: list[Asked] = [
        ("the worker", lambda: worker.Command()._round(1), None),
        ("the courier", lambda: bool(Courier().turn(0.0)) in (True, False), True),
        (
            "its neighbour's time",
            lambda: Filing.objects.get(sandbox__key=neighbour.id, public_id=filing).status,
            "approved",
        ),
        ("its neighbour", lambda: neighbour.caller().get(f"/filings/{filing}").status, 200),
    ]
    again = looked_at if ALL else [one for one in looked_at if one[0] in ("it", "its page")]
    for asked in (looked_at, others, again):
        yield from wrong(asked)
    point = transaction.savepoint()
    yield from wrong([("its deletion", lambda: plane.delete(at).status, 204)])
    transaction.savepoint_rollback(point)
    yield from wrong([("its reset", lambda: plane.post(f"{at}/reset").status, 200), *again])
    yield from wrong([("its deletion after that", lambda: plane.delete(at).status, 204)])
    if Sandbox.objects.filter(key=poisoned.id).exists():
        yield "it is still there"


Asked = tuple[str, Callable[[], Any], Any]
"""What is asked, how, and the right answer."""


def wrong(asked: list[Asked]) -> Iterator[str]:
    for name, ask, right in asked:
        try:
            with transaction.atomic():
                told = ask()
        except Exception as error:
            told = f"{type(error).__name__}: {error}"[:160]
        if told != right:
            yield f"{name}: {told}"
