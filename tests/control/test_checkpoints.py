"""Whole states: kept under a name, restored, exported, imported elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, connections, transaction

from filings import desk
from filings.lab.worlds import rows, snapshots, worlds
from filings.lab.worlds.tables import of_world
from filings.models import Event, Filing, Sandbox, Session, Visit
from filings.models.sandbox import Beside, InSandbox, Login, OfSandbox
from tests.api.client import CONTROL, Caller, World
from tests.factories import SandboxFactory, refused

pytestmark = pytest.mark.django_db


def portrait(world: World) -> dict[str, Any]:
    """All that an export tells of a world; of a frozen clock the same as long as nothing happens."""
    return dict(world.control.get("/export").ok(200).json)


def lived_in(world: World) -> str:
    filing = world.declared(scenario="approve")
    world.caller().post("/tickets", {"desk": "platform", "topic": "status", "filing": filing}).ok(201)
    for situation in ("print_blurred", "mandate_expired", "backfill_only_customs", "rejected_change"):
        world.control.post("/situation", {"situation": situation}).ok(200)
    world.caller("card").post("/enterprise/backfill", {"number": "1"}).ok(201)
    world.control.post("/scenario-queue", {"scenario": "reject", "times": 3}).ok(201)
    world.caller("card").post("/mandates", {"agent": world.accounts["agent"]["uscc"]}).ok(201)
    world.advance(by="PT5M")
    return filing


def test_a_checkpoint_brings_back_every_row_the_clock_and_what_is_due(world: World) -> None:
    filing = lived_in(world)
    kept = world.control.post("/checkpoints", {"name": "五分钟后"}).ok(201)
    assert (kept["name"], kept["clock_at"]) == ("五分钟后", "2021-12-01T09:05:00+08:00")
    before, due = portrait(world), world.control.get("")["next_event_at"]
    world.advance(until="idle")
    world.draft("card")
    world.control.put("/scenario", {"scenario": "reject"}).ok(200)
    assert portrait(world) != before
    restored = world.control.post("/checkpoints/五分钟后/restore").ok(200)
    assert (restored["clock"]["now"], restored["next_event_at"]) == ("2021-12-01T09:05:00+08:00", due)
    assert portrait(world) == before
    assert world.caller().get(f"/filings/{filing}")["status"] == "sent"
    world.advance(until="idle")
    assert world.caller().get(f"/filings/{filing}")["status"] == "approved"


def test_after_a_restore_the_same_calls_bring_the_same_numbers(world: World) -> None:
    world.control.post("/checkpoints", {"name": "start"}).ok(201)
    stories = []
    for _ in range(2):
        lived_in(world)
        world.advance(until="idle")
        stories.append(portrait(world)["tables"])
        world.control.post("/checkpoints/start/restore").ok(200)
    first, second = ({name: rows for name, rows in story.items() if name != "Event"} for story in stories)
    assert first == second


def test_logins_outlive_a_restore_as_far_as_their_account_does(world: World) -> None:
    world.control.post("/checkpoints", {"name": "start"}).ok(201)
    made = world.control.post("/fixtures/account", {}).ok(201)
    later = Caller().post(
        "/sessions", {"sandbox": world.id, "username": "card", "password": world.accounts["card"]["password"]}
    )
    Caller().get("/filings", made["token"]).ok(200)
    world.control.post("/checkpoints/start/restore").ok(200)
    Caller().get("/filings", made["token"]).refused(401, "not_authenticated")
    for token in (later["token"], world.accounts["card"]["token"], world.accounts["card"]["card_token"]):
        Caller().get("/filings", token).ok(200)
    world.caller("card", "card").post("/filings", {"kind": "change", "content": {}}).ok(201)


def test_checkpoints_are_listed_replaced_on_request_and_dropped_and_outlive_a_reset(world: World) -> None:
    for name in ("a", "b"):
        world.control.post("/checkpoints", {"name": name}).ok(201)
    world.control.post("/checkpoints", {"name": "a"}).refused(409, "checkpoint_exists")
    world.advance(by="PT1H")
    assert (
        world.control.post("/checkpoints", {"name": "a", "replace": True}).ok(201)["clock_at"]
        == "2021-12-01T10:00:00+08:00"
    )
    world.control.post("/reset").ok(200)
    assert [one["name"] for one in world.control.get("/checkpoints").ok(200)["results"]] == ["a", "b"]
    world.control.post("/checkpoints/a/restore").ok(200)
    assert world.now.hour == 10
    world.control.delete("/checkpoints/a").ok(204)
    world.control.delete("/checkpoints/a").refused(404, "not_found")
    world.control.post("/checkpoints/a/restore").refused(404, "not_found")
    for name in ("", "x/y", "x\ny", 1):
        world.control.post("/checkpoints", {"name": name}).ok(422)


@pytest.mark.parametrize("name", ["..", ".", "a/b", " .. "])
def test_a_name_that_leads_elsewhere_in_an_address_is_refused(name: str, world: World) -> None:
    answer = world.control.post("/checkpoints", {"name": name}).refused(422, "invalid_content")
    assert answer.errors == {"/name": "not_printable"}
    assert world.control.get("/checkpoints").ok(200)["results"] == []
    world.control.post("/checkpoints", {"name": "..."}).ok(201)


def test_another_sandbox_is_neither_restored_nor_seen(world: World, other_world: World) -> None:
    world.control.post("/checkpoints", {"name": "mine"}).ok(201)
    other_world.control.post("/checkpoints/mine/restore").refused(404, "not_found")
    draft = other_world.draft()
    world.draft()
    world.control.post("/checkpoints/mine/restore").ok(200)
    assert other_world.caller().get(f"/filings/{draft}").ok(200)["id"] == draft


def test_an_exported_world_goes_on_elsewhere_where_it_stood(world: World) -> None:
    filing = lived_in(world)
    exported = portrait(world)
    told = Caller(CONTROL).post("/sandboxes/import", exported).ok(201)
    assert told["id"] != world.id
    there = Caller(f"{CONTROL}/sandboxes/{told['id']}")
    assert there.get("/export").ok(200)["tables"] == exported["tables"]
    token = next(one["token"] for one in told["accounts"] if one["role"] == "cardless")
    assert Caller().get(f"/filings/{filing}", token).ok(200)["status"] == "sent"
    there.post("/clock/advance", {"until": "idle"}).ok(200)
    assert Caller().get(f"/filings/{filing}", token)["status"] == "approved"
    assert world.caller().get(f"/filings/{filing}")["status"] == "sent"


def test_a_checkpoint_can_be_exported_by_its_name(world: World) -> None:
    before = portrait(world)
    world.control.post("/checkpoints", {"name": "start"}).ok(201)
    world.draft()
    answer = world.control.get("/export?checkpoint=start").ok(200)
    assert answer.json == before
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    world.control.get("/export?checkpoint=none").refused(404, "not_found")


@pytest.mark.parametrize("spoil", ["format", "schema", "rules_version"])
def test_what_is_no_snapshot_of_this_version_is_refused(spoil: str, world: World) -> None:
    answer = (
        Caller(CONTROL)
        .post("/sandboxes/import", {**portrait(world), spoil: "other"})
        .refused(422, "snapshot_not_fitting")
    )
    assert answer.errors == {f"/{spoil}": "snapshot_not_fitting"}
    assert answer["schema"] == snapshots.schema()


def test_every_table_is_part_of_the_world_or_said_not_to_be() -> None:
    """A new model is carried by snapshots, or belongs to the logins or to what stands beside a world: there is no
    fourth way."""
    tables = [model for model in apps.get_app_config("filings").get_models() if issubclass(model, OfSandbox)]
    assert [model.__name__ for model in tables if not issubclass(model, InSandbox | Login | Beside)] == []
    assert {model.__name__ for model in of_world()} == {
        model.__name__ for model in tables if issubclass(model, InSandbox)
    }
    assert {model.__name__ for model in tables if issubclass(model, Login)} == {"Session", "Challenge", "Served"}


def test_a_write_over_which_the_world_was_replaced_is_told_and_does_nothing(visit: Callable[..., Visit]) -> None:
    late = visit("cardless")
    snapshots.keep(late.sandbox, "start")
    snapshots.restore(Sandbox.objects.get(pk=late.sandbox.pk), "start")
    with refused("world_reset") as refusal:
        desk.open_filing(late, "registration", {})
    assert refusal.value.headers == {"Retry-After": "1"}
    assert not Filing.objects.filter(sandbox=late.sandbox).exists()


@pytest.mark.django_db(transaction=True)
def test_writes_during_restores_take_effect_whole_or_are_told_to_come_again(world: World) -> None:
    """409 with Retry-After, or a draft with its event and its numbers; never half of either."""
    world.control.post("/checkpoints", {"name": "start"}).ok(201)
    before, told, over = portrait(world), set(), threading.Event()
    registration = {"kind": "registration", "content": {}}

    def write() -> None:
        try:
            while not over.is_set():
                answer = Caller(documented=False, token=world.accounts["cardless"]["token"]).post(
                    "/filings", registration
                )
                told.add((answer.status, answer.json.get("code"), answer.headers.get("Retry-After")))
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for one in writers:
        one.start()
    for n in range(200):
        world.control.post("/checkpoints/start/restore").ok(200)
        time.sleep(0.02)
        if n > 10 and len(told) > 1:
            break
    over.set()
    for one in writers:
        one.join()
    assert told == {(201, None, None), (409, "world_reset", "1")}
    # What came after the last restore stands on numbers taken after it: a draft, its event, and no gap.
    sandbox = Sandbox.objects.get(key=world.id)
    drafts, events = Filing.objects.filter(sandbox=sandbox), Event.objects.filter(sandbox=sandbox).order_by("seq")
    assert [event.seq for event in events] == list(range(1, sandbox.events_taken + 1))
    assert [one.subject for one in events if one.name == "filing.created"] == [
        draft.public_id for draft in drafts.order_by("serial")
    ]
    world.control.post("/checkpoints/start/restore").ok(200)
    assert portrait(world) == before


def test_a_deleted_sandbox_takes_its_checkpoints_along() -> None:
    sandbox = SandboxFactory()
    snapshots.keep(sandbox, "start")
    worlds.erase(sandbox)
    assert not snapshots.Checkpoint.objects.filter(sandbox_id=sandbox.pk).exists()
    assert not Session.objects.filter(sandbox_id=sandbox.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_while_a_world_is_made_ready_and_half_of_it_is_never_seen() -> None:
    sandbox, other = SandboxFactory(), SandboxFactory()
    snapshots.keep(sandbox, "start")
    before = snapshots.take(sandbox)["tables"]
    Filing.objects.filter(sandbox=sandbox).delete()
    made = snapshots.ready(snapshots.take(sandbox))
    Event.objects.create(
        sandbox=sandbox, seq=1, at=sandbox.now(), name="clock.advanced", party="customs", data={"from": "", "to": ""}
    )
    came: list[str] = []

    def write() -> None:
        try:
            worlds.keep(other, name="meanwhile")
            came.append(Sandbox.objects.get(pk=other.pk).name)
        finally:
            connections.close_all()

    with snapshots.at_hand(sandbox, made) as plant:
        somebody = threading.Thread(target=write)
        somebody.start()
        somebody.join(10)
        assert came == ["meanwhile"]
        assert Event.objects.filter(sandbox=sandbox).exists()
        with transaction.atomic():
            sandbox.lock_anew()
            plant()
    assert snapshots.take(sandbox)["tables"] == before
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_temp_master")
            assert cursor.fetchall() == []


def test_what_two_are_about_to_plant_has_keys_of_its_own(sandbox: Sandbox) -> None:
    before, tables = snapshots.take(sandbox)["tables"], snapshots.ready(snapshots.take(sandbox)).tables
    placed = [rows.placed(sandbox, tables) for _ in range(2)]
    for model, mine in placed[0].items():
        keys = [row[0] for row in mine]
        assert not {*keys} & {row[0] for row in placed[1][model]}
        assert not model._base_manager.filter(pk__in=keys).exists()  # type: ignore[attr-defined]
    worlds.erase_world(sandbox)
    rows.write(placed[1])
    assert snapshots.take(sandbox)["tables"] == before
