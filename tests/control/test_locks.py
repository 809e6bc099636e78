"""One order of locks: whoever writes in a world has it in hand before anything else there, so that none waits for
another in a ring.

Eight clients live their lives, and every statement is looked at. (What it is good for is shown by the races.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client

from filings.models import Sandbox
from filings.models.sandbox import OfSandbox
from tests.api.client import World
from tests.control.lives import LIVES
from tests.control.test_replay import Near, ear
from tests.receiving import Receiver

__all__ = ["ear"]

pytestmark = pytest.mark.django_db(databases="__all__")

HANGING = {
    model._meta.db_table for model in apps.get_app_config("filings").get_models() if issubclass(model, OfSandbox)
}

ALONE = {
    "UPDATE filings_sandbox",  # that it is in use
    "UPDATE filings_session",
    "DELETE filings_session",  # seen again, logged out, expired
    "UPDATE filings_served",  # an answer completed
}
"""Single statements that need nothing in hand: each writes one row, or rows nothing else hangs on, and waits for
nothing meanwhile."""

SKIPPING = {"UPDATE filings_delivery", "UPDATE filings_webhook"}
"""What couriers write in transactions of their own, upon rows they claimed by passing over those that are locked."""

_WRITE = re.compile(r'(INSERT|UPDATE|DELETE)(?: INTO| FROM)? "?(\w+)"?')
_FRAME = re.compile(r"(SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) (\S+)")


class Watch:
    """Follows transactions, which in a test are savepoints, and what is locked and written in them."""

    def __init__(self) -> None:
        self.frames: list[str] = []
        self.held = False
        self.written = 0
        self.wrong: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if frame := _FRAME.match(sql):
            self.frame(*frame.groups())
        elif sql.startswith("SELECT") and 'FROM "filings_sandbox" WHERE "filings_sandbox"."id" = ' in sql:
            locked = not connection.features.has_select_for_update or "FOR NO KEY UPDATE" in sql
            self.held = self.held or (locked and bool(self.frames))
        elif write := _WRITE.match(sql):
            self.write(f"{write[1]} {write[2]}", write[2])
        return execute(sql, params, many, context)

    def frame(self, verb: str, name: str) -> None:
        if verb == "SAVEPOINT":
            self.frames.append(name)
        elif name in self.frames:
            del self.frames[self.frames.index(name) :]
        if not self.frames:
            self.held = False

    def write(self, what: str, table: str) -> None:
        if what == "INSERT filings_sandbox":
            self.held = True  # nobody else knows of it yet
        elif table in HANGING or table == "filings_sandbox":
            self.written += 1
            alone = not self.frames and what in ALONE
            if not self.held and not alone and what not in SKIPPING:
                self.wrong.append(what)


@contextmanager
def watched() -> Iterator[Watch]:
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch


@pytest.mark.parametrize("name", LIVES)
def test_whoever_writes_in_a_world_has_it_in_hand_first(name: str, ear: Receiver) -> None:
    world = World(partial(Near, documented=False), name=name)
    with watched() as watch:
        LIVES[name](world, ear)
        world.control.delete("/journal").ok(204)
        world.control.post("/reset").ok(200)
        world.control.delete("").ok(204)
    assert watch.written > 20
    assert watch.wrong == []


def test_so_do_the_screens(sandbox: Sandbox, client: Client) -> None:
    at = f"/console/sandboxes/{sandbox.key}"
    who = {"sandbox": sandbox.key, "username": "card", "password": "Demo-2021"}
    registered = {
        "sandbox": sandbox.key,
        "username": "new",
        "password": "Demo-2021",
        "user_type": "enterprise",
        "display_name": "演练",
        "uscc": "91440399MAMX00015C",
    }
    with watched() as watch:
        for address, form in (
            ("/register", registered),
            ("/login", who),
            ("/enterprise", None),
            ("/filings/new", {"do": "save"}),
            ("/cards", {"type": "operator"}),
            ("/seal-certificates", {}),
            ("/tickets", {"desk": "customs", "topic": "sync"}),
            ("/client-control", {"do": "install"}),
            ("/enterprise/certificate.pdf", None),
            (at, {"do": "advance:PT1H"}),
            (at, {"do": "pin:yes"}),
            (at, {"do": "magic:no"}),
            (at, {"do": "scenario", "scenario": "reject"}),
            (f"{at}/reset", {}),
            ("/logout", {}),
            (f"{at}/delete", {}),
        ):
            answer = client.get(address) if form is None else client.post(address, form)
            assert answer.status_code < 500, address
    assert watch.written > 40
    assert watch.wrong == []


def test_what_is_written_without_it_is_noticed(sandbox: Sandbox) -> None:
    with watched() as watch, transaction.atomic():
        sandbox.tick(events=1)
    assert watch.wrong == ["UPDATE filings_sandbox"]
