"""A poisoned world, planted straight into the database: its neighbours' time goes on, and it can be looked at and
deleted."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import Client

from filings import agenda, desk
from filings.lab.webhooks import posting, reaching
from filings.lab.webhooks.delivering import Courier
from filings.lab.worlds import worlds
from filings.management.commands import worker
from filings.models import Agenda, Delivery, Event, Sandbox, Webhook
from filings.rules.words import ClockMode
from tests.api.client import CONTROL, Caller, World

pytestmark = pytest.mark.django_db

POISON = {
    "a verb nobody knows": "UPDATE filings_agenda SET verb = 'fly' WHERE sandbox_id = %s",
    "no verb": "UPDATE filings_agenda SET verb = '' WHERE sandbox_id = %s",
    "words that are a list": "UPDATE filings_agenda SET args = '[1]' WHERE sandbox_id = %s",
    "words without a verb": "UPDATE filings_agenda SET args = '{}' WHERE sandbox_id = %s",
    "a verb of no authority": """UPDATE filings_agenda SET args = '{"verb": "fly"}' WHERE sandbox_id = %s""",
    "words too many": """UPDATE filings_agenda SET args = '{"verb": "reject", "x": 1}' WHERE sandbox_id = %s""",
    "a moment at the end of the calendar": "UPDATE filings_agenda SET at = '9999-12-31 23:59:59' WHERE sandbox_id = %s",
    "a moment at its beginning": "UPDATE filings_agenda SET at = '0001-01-01 00:00:00' WHERE sandbox_id = %s",
    "a filing without a moment of declaration": "UPDATE filings_filing SET declared_at = NULL WHERE sandbox_id = %s",
    "a filing whose content is a list": "UPDATE filings_filing SET content = '[1]' WHERE sandbox_id = %s",
    "a filing of no kind": "UPDATE filings_filing SET kind = 'nothing' WHERE sandbox_id = %s",
    "a scenario there is not": "UPDATE filings_filing SET scenario = 'fly' WHERE sandbox_id = %s",
    "a counter that is behind": "UPDATE filings_sandbox SET events_taken = 0 WHERE id = %s",
    "a clock at the end of the calendar": (
        "UPDATE filings_sandbox SET clock_moment = '9999-12-31 23:59:59' WHERE id = %s"
    ),
    "a clock at its beginning": "UPDATE filings_sandbox SET clock_moment = '0001-01-01 00:00:00' WHERE id = %s",
}
NO_MOMENT = "2021-13-45 00:00:00"
"""What no column of PostgreSQL would take, and Python cannot read."""


@pytest.fixture
def poisoned(world: World) -> World:
    """A world in which something is due soon."""
    world.declared(scenario="approve; pace=fast")
    return world


def poison(world: World, statement: str) -> Sandbox:
    sandbox = Sandbox.objects.get(key=world.id)
    with connection.cursor() as cursor:
        cursor.execute(statement, [sandbox.pk])
    return sandbox


def run_by_itself(world: World) -> None:
    """Its clock runs so fast that all that is to come is due at once."""
    moment = Sandbox.objects.get(key=world.id).clock_moment + timedelta(days=3)
    Sandbox.objects.filter(key=world.id).update(clock_mode=ClockMode.SCALED, clock_moment=moment, clock_rate=1.0)


@pytest.mark.parametrize("statement", POISON.values(), ids=POISON)
def test_its_neighbours_time_goes_on_and_it_can_be_looked_at_and_deleted(
    statement: str, poisoned: World, other_world: World, caplog: pytest.LogCaptureFixture
) -> None:
    filing = other_world.declared(scenario="approve; pace=fast")
    for one in (poisoned, other_world):
        run_by_itself(one)
    sandbox = poison(poisoned, statement)
    for _ in range(3):
        call_command("worker", "--once")
    assert other_world.caller().get(f"/filings/{filing}")["status"] == "approved"
    plane = Caller(CONTROL, documented=False)  # a moment of the year 1 is not told as the document has it
    assert poisoned.id in {one["id"] for one in plane.get("/sandboxes").ok(200)["results"]}
    assert plane.get(f"/sandboxes/{poisoned.id}").ok(200)["id"] == poisoned.id
    for page in (f"/console/sandboxes/{poisoned.id}", f"/console/sandboxes/{poisoned.id}/delete", "/console/"):
        assert Client().get(page).status_code == 200, page
    poisoned.control.delete("").ok(204)
    assert not Sandbox.objects.filter(pk=sandbox.pk).exists()
    assert not Agenda.objects.filter(sandbox_id=sandbox.pk).exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a column of PostgreSQL holds nothing unreadable")
@pytest.mark.parametrize("table", ["filings_agenda SET at", "filings_sandbox SET created_at"])
def test_nor_does_what_cannot_even_be_read_stop_anybody(table: str, poisoned: World, other_world: World) -> None:
    filing = other_world.declared(scenario="approve; pace=fast")
    for one in (poisoned, other_world):
        run_by_itself(one)
    poison(poisoned, f"UPDATE {table} = '{NO_MOMENT}' WHERE {'sandbox_id' if 'agenda' in table else 'id'} = %s")
    for _ in range(3):
        call_command("worker", "--once")
    assert other_world.caller().get(f"/filings/{filing}")["status"] == "approved"
    if "agenda" in table:
        poisoned.control.delete("").ok(204)


# ── what is set aside is told ─────────────────────────────────────────────────────────────────────────────────────


def test_what_is_set_aside_is_told_in_the_log_by_explain_by_the_sandbox_and_on_the_console(
    poisoned: World, caplog: pytest.LogCaptureFixture
) -> None:
    filing = poisoned.caller().get("/filings")["results"][0]["id"]
    poison(poisoned, """UPDATE filings_agenda SET args = '{"verb": "fly"}' WHERE sandbox_id = %s""")
    assert poisoned.control.get("").ok(200)["set_aside"] == []
    with caplog.at_level(logging.ERROR, "filings.agenda"):
        fired = poisoned.advance(until="idle")["fired"]
    assert [(one["subject"], one["outcome"]) for one in fired] == [(filing, "set_aside")]
    (record,) = caplog.records
    assert poisoned.id in record.getMessage()
    assert record.exc_info
    told = poisoned.control.get(f"/filings/{filing}/explain").ok(200)
    assert (told["status"], told["next_event"]) == ("declared", None)
    (aside,) = told["set_aside"]
    assert (aside["verb"], aside["subject"], aside["trouble"]) == ("reply", filing, "KeyError: 'fly'")
    assert any("actions/release" in way for way in told["unblock"])
    assert poisoned.control.get("").ok(200)["set_aside"] == told["set_aside"]
    for page in (f"/console/sandboxes/{poisoned.id}", f"/console/sandboxes/{poisoned.id}/filings/{filing}"):
        shown = Client().get(page).content.decode()
        assert "已搁置" in shown
        assert "KeyError: &#x27;fly&#x27;" in shown


def test_once_it_is_mended_it_is_tried_anew(poisoned: World) -> None:
    filing = poisoned.caller().get("/filings")["results"][0]["id"]
    sandbox = poison(poisoned, """UPDATE filings_agenda SET args = '{"verb": "fly"}' WHERE sandbox_id = %s""")
    poisoned.advance(until="idle")
    Agenda.objects.filter(sandbox=sandbox).update(args={"verb": "send"})
    poisoned.act(filing, "release").ok(200)
    assert poisoned.control.get(f"/filings/{filing}/explain").ok(200)["set_aside"] == []
    poisoned.advance(until="idle")
    assert poisoned.caller().get(f"/filings/{filing}")["status"] == "approved"


def test_another_scenario_schedules_it_anew(poisoned: World) -> None:
    filing = poisoned.caller().get("/filings")["results"][0]["id"]
    poison(poisoned, "UPDATE filings_agenda SET verb = 'fly' WHERE sandbox_id = %s")
    poisoned.advance(until="idle")
    poisoned.control.put(f"/filings/{filing}/scenario", {"scenario": "approve"}).ok(200)
    poisoned.advance(until="idle")
    # What bore an unknown verb is nobody's reply; it stays where it was put.
    assert poisoned.caller().get(f"/filings/{filing}")["status"] == "approved"
    assert len(poisoned.control.get("").ok(200)["set_aside"]) == 1


def test_of_what_is_set_aside_nothing_has_happened(poisoned: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fails after the filing was moved and the event was written: neither stays."""
    filing = poisoned.caller().get("/filings")["results"][0]["id"]
    happened = Event.objects.filter(sandbox__key=poisoned.id).exclude(name="clock.advanced")
    before = happened.count()

    def broken(*args: Any, **words: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(desk, "schedule", broken)
    poisoned.advance(until="idle")
    monkeypatch.undo()
    assert poisoned.caller().get(f"/filings/{filing}")["status"] == "declared"
    assert happened.count() == before
    poisoned.act(filing, "release").ok(200)
    poisoned.advance(until="idle")
    assert poisoned.caller().get(f"/filings/{filing}")["status"] == "approved"


def test_trouble_of_the_database_sets_nothing_aside(poisoned: World, monkeypatch: pytest.MonkeyPatch) -> None:
    sandbox = Sandbox.objects.get(key=poisoned.id)

    def locked(*args: Any, **words: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(desk, "schedule", locked)
    with pytest.raises(OperationalError):
        agenda.run(sandbox, sandbox.now() + timedelta(days=1))
    monkeypatch.undo()
    assert not agenda.set_aside(sandbox).exists()
    assert [one.outcome for one in agenda.run(sandbox, sandbox.now() + timedelta(days=1))] == ["done"] * 4


# ── the worker ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_sandbox_that_fails_beyond_its_rows_is_told_once_and_passed_over(
    poisoned: World, other_world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    filing = other_world.declared(scenario="approve; pace=fast")
    for one in (poisoned, other_world):
        run_by_itself(one)
    run = agenda.run

    def failing(sandbox: Sandbox, *args: Any) -> Any:
        if sandbox.key == poisoned.id:
            raise ZeroDivisionError
        return run(sandbox, *args)

    monkeypatch.setattr(agenda, "run", failing)
    at_work = worker.Command()
    for number in range(1, 4):
        at_work._round(number)
    assert other_world.caller().get(f"/filings/{filing}")["status"] == "approved"
    assert [poisoned.id in record.getMessage() for record in caplog.records] == [True]


def test_one_that_cannot_be_cleared_away_keeps_no_other(
    poisoned: World, other_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    Sandbox.objects.update(used_at=worlds.wall() - timedelta(days=30), pinned=False)
    erase = worlds.erase

    def failing(sandbox: Sandbox, **how: bool) -> bool:
        if sandbox.key == poisoned.id:
            raise OverflowError
        return erase(sandbox, **how)

    monkeypatch.setattr(worlds, "erase", failing)
    worker.Command()._round(0)
    left = set(Sandbox.objects.values_list("key", flat=True))
    assert poisoned.id in left
    assert other_world.id not in left


BAD_DELIVERIES: dict[str, dict[str, Any]] = {
    "attempts that are a number": {"attempts": 5},
}


@pytest.mark.parametrize("how", BAD_DELIVERIES.values(), ids=BAD_DELIVERIES)
def test_a_delivery_that_cannot_be_sent_is_given_up_and_the_next_one_goes(
    how: dict[str, Any], poisoned: World, other_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    def post(url: str, headers: dict[str, str], body: bytes, deadline: float) -> Any:
        sent.append(url)
        return reaching.Result(status=200)

    monkeypatch.setattr(posting, "post", post)
    for one in (poisoned, other_world):
        sandbox = Sandbox.objects.get(key=one.id)
        Sandbox.objects.filter(pk=sandbox.pk).update(faulty=True)
        Webhook.objects.create(sandbox=sandbox, key="wh", url=f"https://{one.id}.example", secret="whsec_" + "A" * 32)
        now = sandbox.now()
        Delivery.objects.create(
            sandbox=sandbox,
            key="a",
            webhook="wh",
            message="m",
            event="filing.sent",
            filing="F000001",
            at=now,
            due_at=now,
            body='{"data": {"filing": {"enterprise": {"uscc": "x"}}}}',
        )
    Delivery.objects.filter(sandbox__key=poisoned.id).update(**how)
    courier = Courier()
    for _ in range(3):
        courier.turn(0.05)
    assert f"https://{other_world.id}.example" in sent
    assert Delivery.objects.get(sandbox__key=other_world.id).state == "delivered"
    assert Delivery.objects.get(sandbox__key=poisoned.id).state == "failed"
