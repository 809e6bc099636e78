"""What very many tests begin with, made once in a process: the rows it leaves are kept, and laid into the tables for
each of them.

Each test has its own transaction and meets the world as if it had been made for it, for a tenth of the time that takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.db import connection, connections, router, transaction
from django.db.models import Model
from django.db.models.sql import InsertQuery

from filings.lab.watching import journal
from filings.models import Exchange, Sandbox
from filings.models.sandbox import OfSandbox

T = TypeVar("T")


PLACES = {"world": 1_000_000, "secrets": 1_000_000, "other world": 2_000_000, "sandbox": 3_000_000}
"""Where the numbers of rows begin, in the order in which the sandboxes are made where they are made anew. Secrets fill
the world."""

FRESH = 20.0
"""Seconds for which rows may be laid again: they tell of wall time when a sandbox was made, used and is to be cleared
away."""


@dataclass(frozen=True, slots=True)
class Planted:
    """The rows of a sandbox as statements that insert them, by alias; and what was told to who made it."""

    statements: list[tuple[str, str, Any]]
    told: Any
    over: str
    at: float


_kept: dict[tuple[str, bool], Planted] = {}


def planted(name: str, make: Callable[[], tuple[str, T]], *, over: str = "") -> T:
    """What `make` tells, having made a sandbox whose key it gives, or furnished `over`; from the second time on, its
    rows as they were.

    Made anew where transactions are committed: a request of one test, still under way in the next, must find no token
    there. And on PostgreSQL, which would number later rows before these.
    """
    if not connection.in_atomic_block or connection.vendor != "sqlite":
        return make()[1]
    kept = _kept.get((name, settings.SIM_JOURNAL))
    if kept is None or kept.over != over or time.monotonic() - kept.at > FRESH:
        with ExitStack() as undone:
            for alias in _aliases():
                undone.enter_context(transaction.atomic(using=alias))
            at, (key, told) = time.monotonic(), make()
            rows = _rows(key, PLACES[name], planted=bool(over))
            kept = _kept[name, settings.SIM_JOURNAL] = Planted(list(rows), told, over, at)
            for alias in _aliases():
                transaction.set_rollback(True, using=alias)
    for alias, statement, values in kept.statements:
        with connections[alias].cursor() as cursor:
            cursor.execute(statement, values)
    return deepcopy(kept.told)


def _aliases() -> list[str]:
    return ["default", *({settings.JOURNAL} - {"default"} if settings.SIM_JOURNAL else ())]


def _rows(key: str, base: int, *, planted: bool) -> Iterator[tuple[str, str, Any]]:
    """The rows of a sandbox, in place of those it has if it was planted itself. They are numbered from `base`."""
    sandbox = Sandbox.objects.get(key=key)
    hanging = [model for model in apps.get_app_config("filings").get_models() if issubclass(model, OfSandbox)]
    if planted:
        for one in hanging:
            yield "default", f'DELETE FROM "{one._meta.db_table}" WHERE sandbox_id = %s', [sandbox.pk]
        yield "default", f'DELETE FROM "{Sandbox._meta.db_table}" WHERE id = %s', [sandbox.pk]
    sets: list[tuple[type[Model], list[Any]]] = [(Sandbox, [sandbox])]
    sets += [(one, list(one._base_manager.filter(sandbox__key=key))) for one in hanging]
    numbers = {model: {pk: base + n for n, pk in enumerate(sorted(row.pk for row in rows), 1)} for model, rows in sets}
    for model, rows in sets:
        for field in model._meta.concrete_fields:
            if field.is_relation or field.primary_key:
                names = numbers[field.related_model or model]
                for row in rows:
                    if (given := getattr(row, field.attname)) is not None:
                        setattr(row, field.attname, names[given])
    if settings.SIM_JOURNAL:
        sets.append((Exchange, list(journal.of(sandbox))))
    for model, rows in sets:
        alias, fields = router.db_for_write(model), model._meta.concrete_fields
        for at in range(0, len(rows), most := 900 // len(fields)):
            query = InsertQuery(model)
            query.insert_values(fields, rows[at : at + most], raw=True)
            yield from ((alias, sql, values) for sql, values in query.get_compiler(alias).as_sql())
