"""The sandbox's clock: how it runs, that it only goes forward, and what falls due on the way."""

import os
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import connection

from filings.lab.worlds import clock
from filings.lab.worlds.clock import go_on
from filings.management.commands import serve
from filings.models import Agenda, Event, Filing, Sandbox, sandbox, wall
from filings.rules.numbers import uscc_complete
from tests.api.client import CONTROL, Caller, World, validator
from tests.running import free_port

START = "2021-12-01T09:00:00+08:00"


def at(moment: str) -> dict[str, str]:
    return {"mode": "frozen", "now": moment}


def names(fired: list[dict]) -> list[tuple[str, str]]:
    return [(one["verb"], one["at"][5:19]) for one in fired]


# ── how it runs ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_frozen_clock_stands_whatever_the_wall_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    later = wall() + timedelta(days=3)
    monkeypatch.setattr(sandbox, "wall", lambda: later)
    assert world.control.get("/clock").ok(200).json == {"mode": "frozen", "now": START, "rate": 1.0}


@pytest.mark.parametrize(
    ("told", "passed"),
    [
        ({"mode": "real"}, 100),
        ({"mode": "scaled", "rate": 3600}, 360_000),
        ({"mode": "scaled", "rate": 0.5}, 50),
        ({"mode": "scaled"}, 100),
    ],
)
def test_a_running_clock_goes_on_from_where_it_was_set_at_its_rate(
    told: dict, passed: int, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_at = wall()
    monkeypatch.setattr(sandbox, "wall", lambda: set_at)
    assert world.control.put("/clock", told).ok(200)["now"] == START
    monkeypatch.setattr(sandbox, "wall", lambda: set_at + timedelta(seconds=100))
    assert world.now == datetime.fromisoformat(START) + timedelta(seconds=passed)


def test_a_running_clock_can_be_stopped_where_it_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.control.put("/clock", {"mode": "scaled", "rate": 60}).ok(200)
    set_at = Sandbox.objects.get(key=world.id).clock_set_at
    monkeypatch.setattr(sandbox, "wall", lambda: set_at + timedelta(seconds=60))
    assert world.control.put("/clock", {"mode": "frozen"}).ok(200)["now"] == "2021-12-01T10:00:00+08:00"
    monkeypatch.setattr(sandbox, "wall", lambda: set_at + timedelta(days=9))
    assert world.control.get("/clock").json == {"mode": "frozen", "now": "2021-12-01T10:00:00+08:00", "rate": 1.0}


def test_it_goes_forward_only_and_the_present_moment_is_legal(world: World) -> None:
    assert world.control.put("/clock", at(START)).ok(200)["now"] == START
    assert world.control.put("/clock", at("2021-12-01T01:00:00Z")).ok(200)["now"] == START
    assert world.control.put("/clock", at("2021-12-02T09:00:00+08:00")).ok(200)["now"] == "2021-12-02T09:00:00+08:00"
    refused = world.control.put("/clock", at("2021-12-02T08:59:59+08:00")).refused(422, "clock_backwards")
    assert datetime.fromisoformat(refused["now"]) == datetime.fromisoformat("2021-12-02T09:00:00+08:00")
    world.control.post("/clock/advance", {"to": "2021-12-02T08:59:59+08:00"}).refused(422, "clock_backwards")
    assert world.advance(to="2021-12-02T09:00:00+08:00")["fired"] == []


def test_a_moment_without_an_offset_is_shenzhens(world: World) -> None:
    assert world.control.put("/clock", at("2021-12-02T00:00:00")).ok(200)["now"] == "2021-12-02T00:00:00+08:00"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"now": START},
        {"mode": "frozen", "now": "soon"},
        {"mode": "frozen", "now": 5},
        {"mode": "scaled", "rate": -1},
        {"mode": "scaled", "rate": "2"},
        {"mode": "real", "zone": "UTC"},
        {"mode": "frozen", "now": "3000-01-01T00:00:00Z"},
    ],
)
def test_a_setting_that_cannot_be_is_refused_and_changes_nothing(body: dict, world: World) -> None:
    assert world.control.put("/clock", body).status == 422
    assert world.control.get("/clock")["now"] == START


def test_a_clock_set_past_what_is_due_does_it_on_the_way(world: World) -> None:
    filing = world.declared(scenario="approve")
    world.control.put("/clock", at("2021-12-01T09:30:00+08:00")).ok(200)
    read = world.caller().get(f"/filings/{filing}")
    assert (read["status"], read["status_since"]) == ("stored", "2021-12-01T09:10:00+08:00")


# ── advance ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_by_a_duration_fires_what_falls_due_each_stamped_with_its_moment(world: World) -> None:
    filing = world.declared(scenario="approve")
    told = world.advance(by="PT1H")
    assert (told["now"], told["deliveries"]) == ("2021-12-01T10:00:00+08:00", [])
    assert names(told["fired"]) == [
        ("send", "12-01T09:01:00"),
        ("store", "12-01T09:10:00"),
        ("route_manual", "12-01T10:00:00"),
    ]
    assert {(one["subject"], one["outcome"]) for one in told["fired"]} == {(filing, "done")}
    events = Event.objects.filter(sandbox__key=world.id, subject=filing).order_by("seq")
    assert [event.at.astimezone(world.now.tzinfo).strftime("%H:%M") for event in events] == [
        "09:00",
        "09:00",
        "09:01",
        "09:10",
        "10:00",
    ]
    assert world.caller().get(f"/filings/{filing}")["status_since"] == "2021-12-01T10:00:00+08:00"


def test_a_microsecond_before_it_is_due_it_has_not_happened(world: World) -> None:
    filing = world.declared(scenario="approve")
    assert world.advance(to="2021-12-01T09:00:59.999999+08:00")["fired"] == []
    assert world.caller().get(f"/filings/{filing}")["status"] == "declared"
    assert names(world.advance(by="PT0.000001S")["fired"]) == [("send", "12-01T09:01:00")]


def test_to_a_moment_and_until_the_next_event(world: World) -> None:
    world.declared(scenario="approve")
    assert names(world.advance(to="2021-12-01T09:05:00+08:00")["fired"]) == [("send", "12-01T09:01:00")]
    told = world.advance(until="next_event")
    assert (told["now"], names(told["fired"])) == ("2021-12-01T09:10:00+08:00", [("store", "12-01T09:10:00")])


def test_until_the_next_event_does_all_that_is_due_at_that_moment(world: World) -> None:
    world.declared(scenario="approve")
    world.caller("card").post("/tickets", {"desk": "customs", "topic": "sync"}).ok(201)
    world.caller().post("/tickets", {"desk": "platform", "topic": "sync"}).ok(201)
    world.advance(to="2021-12-01T09:20:00+08:00")
    told = world.advance(until="next_event")
    assert names(told["fired"]) == [("answer", "12-01T09:30:00")] * 2


@pytest.mark.parametrize(
    ("by", "lasts"),
    [
        ("P2W", timedelta(weeks=2)),
        ("P1D", timedelta(days=1)),
        ("PT1H", timedelta(hours=1)),
        ("PT90M", timedelta(minutes=90)),
        ("P1W2DT3H4M5.5S", timedelta(weeks=1, days=2, hours=3, minutes=4, seconds=5.5)),
        ("PT5,5S", timedelta(seconds=5.5)),
        ("PT0.000001S", timedelta(microseconds=1)),
        ("PT1.5H", timedelta(hours=1.5)),
        ("P0D", timedelta()),
        ("PT0S", timedelta()),
        ("P1043W", timedelta(weeks=1043)),
    ],
)
def test_a_duration_is_of_weeks_days_and_time_parts(by: str, lasts: timedelta, world: World) -> None:
    assert validator(CONTROL, '{"$ref": "#/components/schemas/Advance"}').is_valid({"by": by}) is (by != "P1043W")
    world.advance(by=by)
    assert Sandbox.objects.get(key=world.id).now() == datetime.fromisoformat(START) + lasts
    if lasts < timedelta(days=365):
        filing = world.make("filing", state="sent", age=by)["id"]
        assert world.control.get(f"/filings/{filing}/explain")["status_since"] == START


@pytest.mark.parametrize(
    "by",
    [
        "",
        "P",
        "PT",
        "P1DT",
        "P1WT",
        "T1H",
        "1H",
        "PT1",
        "P1",
        "PTH",
        "-P1D",
        "+P1D",
        "P-1D",
        "p1d",
        "P1H",
        "PT1D",
        "PT1S1M",
        "P1D1W",
        " PT1H",
        "PT1H\n",
        "P１D",
        "PT1e3S",
        "P1Y",
        "P1M",
        3600,
        None,
        ["PT1H"],
    ],
)
def test_what_is_no_duration_is_refused_with_one_that_is(by: object, world: World) -> None:
    assert not validator(CONTROL, '{"$ref": "#/components/schemas/Advance"}').is_valid({"by": by}) or by == "PT1H\n"
    refused = world.control.post("/clock/advance", {"by": by}).ok(422)
    assert list(refused.errors) == ["/by"]
    if by is not None:
        assert "PT1H" in refused["errors"][0]["detail"]
    if by in ("P1Y", "P1M"):
        assert "年和月长短不一" in refused["errors"][0]["detail"]
    assert world.now.isoformat() == START


@pytest.mark.parametrize("by", ["P1046W", "P7321D", "PT99999999H", "P99999999W99999999D"])
def test_twenty_years_are_the_most(by: str, world: World) -> None:
    assert world.control.post("/clock/advance", {"by": by}).ok(422).errors == {"/by": "too_long"}


def test_until_idle_nothing_is_left(world: World) -> None:
    filing = world.declared(scenario="approve")
    world.caller().post("/tickets", {"desk": "customs", "topic": "status", "filing": filing}).ok(201)
    told = world.advance(until="idle")
    assert [one["verb"] for one in told["fired"]] == ["send", "store", "answer", "route_manual", "approve"]
    assert not Agenda.objects.filter(sandbox__key=world.id).exists()
    assert world.control.get("")["next_event_at"] is None
    assert told["now"] == "2021-12-02T09:00:00+08:00"


@pytest.mark.parametrize("until", ["next_event", "idle"])
def test_with_nothing_due_the_clock_stays(until: str, world: World) -> None:
    assert world.advance(until=until).json == {"now": START, "fired": [], "deliveries": []}


def test_no_clock_is_advanced_beyond_the_last_moment_by_what_is_due(world: World) -> None:
    world.control.put("/clock", {"mode": "frozen", "now": "2200-12-31T12:00:00+08:00"}).ok(200)
    world.declared(scenario="approve")
    refused = world.control.post("/clock/advance", {"until": "idle"}).refused(422, "invalid_content")
    assert refused.errors == {"/until": "clock_too_late"}
    assert world.control.get("/clock").ok(200)["now"] == "2200-12-31T13:00:00+08:00", "what could happen has happened"


@pytest.mark.parametrize("mode", ["real", "scaled"])
def test_a_running_clock_has_caught_up_before_the_control_plane_acts(mode: str, world: World) -> None:
    """By hand or by schedule: what was due first happens first, whether or not the worker has come by."""
    filing = world.declared(scenario="approve")
    world.control.put("/clock", {"mode": mode, "rate": 3600.0} if mode == "scaled" else {"mode": mode}).ok(200)
    long_ago = wall() - timedelta(minutes=30)
    Sandbox.objects.filter(key=world.id).update(clock_set_at=long_ago)
    assert world.control.get(f"/filings/{filing}/explain").ok(200)["status"] in ("stored", "approved")


def test_a_real_clock_opened_at_a_moment_begins_there_again_after_a_reset(db: None) -> None:
    opened = "2018-04-19T23:50:00+08:00"
    world = World(clock={"mode": "real", "now": opened})
    world.advance(by="PT1H")
    world.control.post("/reset").ok(200)
    assert world.control.get("/clock").ok(200)["now"][:16] == opened[:16]


def test_a_real_clock_that_was_told_no_moment_begins_at_the_present_again(db: None) -> None:
    world = World(clock={"mode": "real"})
    world.advance(by="P9D")
    world.control.post("/reset").ok(200)
    assert abs(datetime.fromisoformat(world.control.get("/clock")["now"]) - wall()) < timedelta(minutes=1)


def test_the_replies_to_two_filings_come_in_the_order_they_are_due(world: World) -> None:
    world.declared(scenario="approve_auto")
    world.wait(seconds=30)
    agents, uscc = Caller(), uscc_complete("91440399MAMK0999")
    other = {
        "sandbox": world.id,
        "username": "b",
        "password": "long enough",
        "user_type": "enterprise",
        "display_name": "乙",
        "uscc": uscc,
    }
    agents.post("/accounts", other).ok(201)
    token = agents.post("/sessions", {"sandbox": world.id, "username": "b", "password": "long enough"}).ok(201)["token"]
    second = agents.post(
        "/filings", {"kind": "registration", "content": world.sheet(uscc=uscc, name_cn="乙")}, token
    ).ok(201)["id"]
    agents.post(f"/filings/{second}/declare", token=token, X_Sim_Scenario="approve_auto").ok(200)
    told = world.advance(until="idle")["fired"]
    assert [one["at"] for one in told] == sorted(one["at"] for one in told)
    assert [one["verb"] for one in told] == ["send", "send", "store", "store", "approve", "approve"]


def test_an_advance_logs_nobody_out(world: World) -> None:
    token = (
        world.caller()
        .post("/sessions", {"sandbox": world.id, "username": "card", "password": world.accounts["card"]["password"]})
        .ok(201)["token"]
    )
    world.advance(by="P3650D")
    world.caller().get("/sessions/current", token).ok(200)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"by": "PT1H", "to": START},
        {"by": "1 hour"},
        {"by": "-PT1H"},
        {"by": "PT-1H"},
        {"by": "P1Y"},
        {"by": "P99999D"},
        {"by": 3600},
        {"until": "christmas"},
        {"to": "later"},
        {"to": None},
        {"hours": 1},
    ],
)
def test_an_advance_that_cannot_be_is_refused(body: dict, world: World) -> None:
    assert world.control.post("/clock/advance", body).status == 422
    assert world.control.get("/clock")["now"] == START


def test_far_beyond_all_use_the_clock_refuses_to_go_on(world: World) -> None:
    world.control.put("/clock", at("2200-12-31T00:00:00+08:00")).ok(200)
    refused = world.control.post("/clock/advance", {"by": "P7000D"})
    assert refused.status == 422
    assert world.caller().get("/filings").status == 200


@pytest.mark.parametrize("how", [{"until": "idle"}, {"by": "P2D"}, {"to": "2021-12-03T09:00:00+08:00"}])
def test_one_advance_is_bounded_and_at_the_bound_it_stands_where_it_got(
    how: dict, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "MOST", 2)
    filing = world.declared(scenario="approve")
    refused = world.control.post("/clock/advance", how).refused(409, "too_much_work")
    stands, leads = "2021-12-01T09:10:00+08:00", None if "until" in how else "2021-12-03T09:00:00+08:00"
    assert (refused["fired"], refused["now"], refused["to"]) == (2, stands, leads)
    assert world.control.get("/clock")["now"] == stands
    assert world.caller().get(f"/filings/{filing}")["status"] == "stored"
    assert [one["verb"] for one in world.advance(**({"to": leads} if leads else how))["fired"]] == [
        "route_manual",
        "approve",
    ]


def test_a_set_clock_lets_happen_what_its_bound_allows_and_the_rest_at_the_next_visit(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "MOST", 2)
    filing = world.declared(scenario="approve")
    there = "2021-12-03T09:00:00+08:00"
    assert world.control.put("/clock", {"mode": "frozen", "now": there}).ok(200)["now"] == there
    assert Filing.objects.get(sandbox__key=world.id).status == "stored"
    assert world.caller().get(f"/filings/{filing}")["status"] == "approved"


def test_what_somebody_did_by_hand_before_it_was_due_is_not_done_twice(world: World) -> None:
    filing = world.declared(scenario="approve")
    world.act(filing, "send").ok(200)
    fired = world.advance(until="idle")["fired"]
    assert [one["verb"] for one in fired] == ["store", "route_manual", "approve"]
    receipts = world.caller().get(f"/filings/{filing}/receipts")["results"]
    assert [row["status"] for row in receipts] == ["sent", "stored", "manual_review", "approved"]


# ── the machine's clock ───────────────────────────────────────────────────────────────────────────────────────────


def test_set_back_the_machines_clock_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    before = sandbox.wall()
    monkeypatch.setattr(sandbox.time, "time", lambda: (before - timedelta(hours=2)).timestamp())
    assert [sandbox.wall() >= before for _ in range(3)] == [True] * 3
    assert sandbox.wall() == sandbox.wall(), "it stands until it is that late again"
    monkeypatch.undo()
    assert sandbox.wall() >= before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_all_processes_of_a_server_wait_for_the_same_time() -> None:
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        sandbox._told[0] += 3600
        os.write(write, repr(sandbox._told[0]).encode())
        os._exit(0)
    os.waitpid(child, 0)
    ahead = float(os.read(read, 100))
    try:
        assert sandbox.wall().timestamp() == pytest.approx(ahead)
    finally:
        sandbox._told[0] = 0


@pytest.fixture
def earlier(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Starts the server anew on a machine whose clock stands two hours back."""
    now = sandbox.wall()

    def start() -> None:
        monkeypatch.setattr(sandbox, "_told", [0.0])
        monkeypatch.setattr(sandbox.time, "time", lambda: (now - timedelta(hours=2)).timestamp())

    return start


@pytest.mark.parametrize("clock", [{"mode": "real"}, {"mode": "scaled", "rate": 60}], ids=lambda clock: clock["mode"])
def test_set_back_over_a_restart_a_clock_goes_on_from_what_it_told(
    clock: dict[str, Any], world: World, earlier: Callable[[], None]
) -> None:
    world.control.put("/clock", clock).ok(200)
    Sandbox.objects.filter(key=world.id).update(clock_set_at=wall() - timedelta(hours=3))
    world.draft()
    told = Event.objects.filter(sandbox__key=world.id).latest("seq").at
    earlier()
    assert Sandbox.objects.get(key=world.id).now() < told, "as it would be"
    go_on()
    assert world.now >= told.replace(microsecond=0)
    for _ in range(2):
        world.draft()
    moments = list(Event.objects.filter(sandbox__key=world.id).order_by("seq").values_list("at", flat=True))
    assert moments == sorted(moments)


@pytest.mark.django_db(databases="__all__")
def test_nor_does_it_show_a_moment_again_that_was_only_looked_at(world: World, earlier: Callable[[], None]) -> None:
    world.control.put("/clock", {"mode": "real"}).ok(200)
    Sandbox.objects.filter(key=world.id).update(clock_set_at=wall() - timedelta(hours=3))
    told = datetime.fromisoformat(world.caller().get("/filings").headers["X-Sim-Clock"])
    earlier()
    go_on()
    assert world.now >= told


def test_behind_the_setting_of_a_clock_no_time_has_passed(world: World, earlier: Callable[[], None]) -> None:
    set_to = datetime.fromisoformat(world.control.put("/clock", {"mode": "real"}).ok(200)["now"])
    earlier()
    assert world.now >= set_to.replace(microsecond=0), "whether or not anybody saw to it at the start"
    go_on()
    assert Sandbox.objects.get(key=world.id).clock_set_at <= wall(), "and it goes on from there"


@pytest.mark.parametrize("mode", ["real", "frozen"])
def test_an_advance_that_the_restart_broke_off_keeps_nobody(
    mode: str, world: World, earlier: Callable[[], None]
) -> None:
    world.control.put("/clock", {"mode": mode}).ok(200)
    Sandbox.objects.filter(key=world.id).update(advancing_until=wall() + timedelta(seconds=10))
    earlier()
    go_on()
    world.advance(by="PT1M")


def test_a_frozen_clock_and_one_that_was_not_set_back_stay_as_they_are(world: World, other_world: World) -> None:
    other_world.control.put("/clock", {"mode": "scaled", "rate": 2}).ok(200)
    before = list(Sandbox.objects.order_by("id").values_list("clock_moment", "clock_set_at"))
    go_on()
    assert list(Sandbox.objects.order_by("id").values_list("clock_moment", "clock_set_at")) == before


def test_a_start_of_the_server_sees_to_it(
    world: World, earlier: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.control.put("/clock", {"mode": "real"}).ok(200)
    Sandbox.objects.filter(key=world.id).update(clock_set_at=wall() - timedelta(hours=3))
    world.draft()
    told = Event.objects.filter(sandbox__key=world.id).latest("seq").at
    earlier()
    for name in ("bind", "granian", "warm_up"):
        monkeypatch.setattr(serve, name, lambda *given: None)
    monkeypatch.setattr(serve, "background", lambda command: nullcontext())
    monkeypatch.setattr(serve.Command, "prepare", lambda *given: None)
    serve.Command(stdout=StringIO()).handle(host="127.0.0.1", port=free_port(), workers=1)
    assert world.now >= told.replace(microsecond=0)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="a column of PostgreSQL holds nothing unreadable")
@pytest.mark.parametrize("wrong", ["filings_event SET at", "filings_sandbox SET clock_set_at"])
def test_one_that_cannot_be_read_stops_no_start(
    wrong: str, world: World, other_world: World, earlier: Callable[[], None]
) -> None:
    for one in (world, other_world):
        one.control.put("/clock", {"mode": "real"}).ok(200)
        one.draft()
    told = Event.objects.filter(sandbox__key=other_world.id).latest("seq").at
    pk = Sandbox.objects.get(key=world.id).pk
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {wrong} = '2021-13-45' WHERE {'sandbox_id' if 'event' in wrong else 'id'} = %s", [pk])
    earlier()
    go_on()
    assert other_world.now >= told.replace(microsecond=0)


def test_an_advance_with_a_key_is_made_once_and_told_again(world: World) -> None:
    world.declared(scenario="approve")
    first = world.control.post("/clock/advance", {"by": "P2D"}, Idempotency_Key="k").ok(200)
    again = world.control.post("/clock/advance", {"by": "P2D"}, Idempotency_Key="k").ok(200)
    assert (first.json, again.headers["Idempotency-Replayed"]) == (again.json, "true")
    assert (len(first["fired"]), "Idempotency-Replayed" in first.headers) == (4, False)
    assert world.control.get("/clock")["now"] == first["now"] == "2021-12-03T09:00:00+08:00"


@pytest.mark.parametrize("how", [{"by": "P2D"}, {"until": "idle"}])
def test_one_that_broke_off_goes_on_to_where_it_led_when_it_is_sent_again(
    how: dict, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.declared(scenario="approve")
    with monkeypatch.context() as bounded:
        bounded.setattr(clock, "MOST", 2)
        world.control.post("/clock/advance", how, Idempotency_Key="k").refused(409, "too_much_work")
    rest = world.control.post("/clock/advance", how, Idempotency_Key="k").ok(200)
    assert [one["verb"] for one in rest["fired"]] == ["route_manual", "approve"]
    assert rest["now"] == ("2021-12-03T09:00:00+08:00" if "by" in how else "2021-12-02T09:00:00+08:00")
    assert "Idempotency-Replayed" not in rest.headers
    again = world.control.post("/clock/advance", how, Idempotency_Key="k").ok(200)
    assert (again.json, again.headers["Idempotency-Replayed"]) == (rest.json, "true")
