"""The integration target as a client meets it: over HTTP alone, everything each catalogue tells of is driven.

What there is is read from the API itself: a scenario, a parameter, a reason, a fault or a situation that nothing here
expects fails. What a test of one of them goes into further is beside this file; of situations, all is
(test_situations.py).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest

from filings.rules.kinds import KINDS
from singlewindow.front import BrokenAnswer
from tests.api.client import CONTROL, Answer, Caller, World
from tests.control.misbehaviours import MEETS
from tests.control.test_situations import CHECKS
from tests.receiving import Receiver, receiver

pytestmark = pytest.mark.django_db

# ── scenarios ─────────────────────────────────────────────────────────────────────────────────────────────────────

ROAD = ["declared", "sent", "stored", "manual_review"]
BY_CUSTOMS = {
    "approve": [*ROAD, "approved"],
    "approve_auto": ["declared", "sent", "stored", "approved"],
    "reject": [*ROAD, "rejected"],
    "stuck": ROAD,
    "customs_cannot_see": ROAD[:3],
    "slow": [*ROAD, "approved"],
    "by_hand": ROAD[:1],
}
INSPECTED = BY_CUSTOMS | {"inspect": ROAD}
BY_COMMERCE = {
    "approve": ["declared", "approved"],
    "approve_auto": ["declared", "approved"],
    "reject": ["declared", "rejected"],
    "stuck": ["declared"],
    "slow": ["declared", "approved"],
    "by_hand": ["declared"],
}
WAYS = {"registration": INSPECTED, "change": INSPECTED, "deregistration": BY_CUSTOMS, "mofcom_change": BY_COMMERCE}
"""The statuses a declaration of each kind passes through, by scenario; `stuck` ends where it is told to, `inspect` as
it finds."""

PACES = {"normal": (60, 600, 3_600, 86_400), "fast": (2, 10, 20, 60)}
"""Seconds from the declaration to 成功发往海关, 海关入库成功, 转人工审核 and the decision."""

MATTERS: Mapping[str, Callable[[Mapping[str, Any]], list[Any]]] = {
    "pace": lambda one: one["choices"],
    "reason": lambda one: one["choices"],
    "at": lambda one: one["choices"],
    "attachments": lambda one: one["choices"],
    "days": lambda one: [one["minimum"], int(one["default"]), one["maximum"]],
}
"""The values of each parameter that make a difference."""


def declarable(world: World, kind: str) -> tuple[str, str, str]:
    """A draft that declares cleanly, of a role that may: its id, the role and how it logs in."""
    match kind:
        case "registration":
            return world.draft(), "cardless", "password"
        case "deregistration":
            return world.begin(kind, reason="停止经营").ok(201)["id"], "card", "card"
        case "mofcom_change":
            return world.begin(kind, medium="password", name_en="NEW NAME").ok(201)["id"], "card", "password"
    return world.change(), "card", "card"


def expected(kind: str, scenario: str, values: Mapping[str, Any]) -> list[tuple[str, int]]:
    """Each status of a declaration and the seconds after which it is reached."""
    way = WAYS[kind][scenario]
    if scenario == "stuck" and (at := values.get("at", "sent")) in way:
        way = way[: way.index(at) + 1]
    sent, stored, manual, decision = PACES[values.get("pace", "normal")]
    waits = {"declared": 0, "sent": sent, "stored": stored, "manual_review": manual}
    if scenario == "inspect":  # what is filed here agrees with the register, and nothing is attached
        way = [*way, "approved" if values.get("attachments") == "none" else "rejected"]
    if scenario == "slow":
        decision = int(values.get("days", 10)) * 86_400
    return [(status, waits.get(status, decision)) for status in way]


def walked(world: World, filing: str, who: Caller) -> list[tuple[str, int]]:
    steps = who.get(f"/filings/{filing}/timeline").ok(200)["results"][1:]
    began = datetime.fromisoformat(steps[0]["at"])
    return [(step["to"], int((datetime.fromisoformat(step["at"]) - began).total_seconds())) for step in steps]


def drive(kind: str, scenario: str, values: Mapping[str, Any]) -> tuple[World, str, Caller, str]:
    """A declaration answered by a scenario to its end."""
    world = World()
    filing, role, medium = declarable(world, kind)
    text = "; ".join([scenario, *(f"{name}={value}" for name, value in values.items())])
    answer = world.submit(filing, role, medium, text).ok(200)
    assert answer.headers["X-Sim-Scenario"] == f"{text}; source=header"
    world.advance(until="idle")
    return world, filing, world.caller(role, medium), text


def variants(scenario: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A scenario as it stands, and with each value of each parameter that makes a difference."""
    yield {}
    for parameter in scenario["parameters"]:
        for value in MATTERS[parameter["name"]](parameter):
            yield {parameter["name"]: value}


def test_every_scenario_with_every_value_that_matters_walks_a_registration_as_it_says(db: None) -> None:
    for scenario in Caller(CONTROL).get("/scenarios").ok(200)["results"]:
        for values in variants(scenario):
            world, filing, mine, text = drive("registration", scenario["name"], values)
            assert walked(world, filing, mine) == expected("registration", scenario["name"], values), text
            told = {*scenario["visits"], *scenario["outcomes"]}
            assert told >= {status for status, _ in walked(world, filing, mine)}, text
            receipts = mine.get(f"/filings/{filing}/receipts").ok(200)["results"]
            assert not [row for row in receipts if "reason" in row], text


@pytest.mark.parametrize("kind", KINDS)
def test_every_scenario_there_is_for_a_kind_walks_it_as_it_says(kind: str, db: None) -> None:
    rows = [row for row in Caller(CONTROL).get("/scenarios").ok(200)["results"] if kind in row["kinds"]]
    assert {row["name"] for row in rows} == set(WAYS[kind])
    for row in rows:
        world, filing, mine, text = drive(kind, row["name"], {"pace": "fast"} if row["parameters"] else {})
        met = walked(world, filing, mine)
        assert met == expected(kind, row["name"], {"pace": "fast"}), text
        # What the catalogue tells is how far it goes at the most: `stuck` is told where to stop.
        way = row["visits_by_kind"][kind]
        *before, last = (status for status, _ in met)
        assert [*before, last] == way[: len(met)] or (before == way and last in row["outcomes"]), text


def test_every_reason_is_told_by_card_for_a_change_and_never_what_is_said_within(db: None) -> None:
    told = Caller(CONTROL).get("/scenarios").ok(200)
    (reject,) = (row for row in told["results"] if row["name"] == "reject")
    (parameter,) = (one for one in reject["parameters"] if one["name"] == "reason")
    assert {one["code"] for one in told["reasons"]} == set(parameter["choices"])
    for reason in told["reasons"]:
        world, filing, mine, _ = drive("change", "reject", {"reason": reason["code"]})
        last = mine.get(f"/filings/{filing}/receipts").ok(200)["results"][-1]
        assert (last["status"], last["reason"]) == ("rejected", reason["public"])
        world.caller("card").get(f"/filings/{filing}/receipts").refused(403, "card_login_required")
        for answer in read_by(mine, filing) + read_by(world.caller("card"), filing):
            assert reason["internal"] not in answer.body.decode("utf-8", "replace")


def read_by(who: Caller, filing: str) -> list[Answer]:
    """All an applicant can read about a filing."""
    parts = ("", "/timeline", "/receipts", "/transmitted", "/record-form.pdf")
    return [
        *(who.get(f"/filings/{filing}{part}") for part in parts),
        who.get("/receipts"),
        who.get("/enquiries/overview"),
    ]


# ── faults ────────────────────────────────────────────────────────────────────────────────────────────────────────


def put(world: World, fault: str, **more: Any) -> str:
    identifier: str = world.control.post("/faults", {"fault": fault, **more}).ok(201)["id"]
    return identifier


def _status(world: World, fault: str) -> None:
    mine = Caller(token=world.accounts["cardless"]["token"], documented=False)
    for code in (400, 503, 599):
        put(world, f"{fault}; code={code}; retry_after=7", times=1)
        answer = mine.post("/filings", {"kind": "registration", "content": world.sheet()})
        assert (answer.status, answer["code"], answer.headers["Retry-After"]) == (code, "injected_fault", "7")
    assert mine.get("/filings").ok(200)["results"] == []


def _latency(world: World, fault: str) -> None:
    put(world, f"{fault}; ms=60", times=1)
    began = time.monotonic()
    world.caller().get("/filings").ok(200)
    assert time.monotonic() - began >= 0.06


def _cut(effects: int) -> Callable[[World, str], None]:
    """No whole answer, and so many effects; asked again with the same key there is one."""

    def check(world: World, fault: str) -> None:
        body = {"kind": "registration", "content": world.sheet()}
        careless = Caller(token=world.accounts["cardless"]["token"], documented=False)
        put(world, fault, times=1)
        with pytest.raises(BrokenAnswer):
            careless.post("/filings", body, Idempotency_Key="once")
        assert len(world.caller().get("/filings").ok(200)["results"]) == effects
        again = world.caller().post("/filings", body, Idempotency_Key="once").ok(201)
        assert ("Idempotency-Replayed" in again.headers) is bool(effects)
        assert len(world.caller().get("/filings").ok(200)["results"]) == 1

    return check


def _malformed(world: World, fault: str) -> None:
    put(world, fault, times=1)
    with pytest.raises(json.JSONDecodeError):
        Caller(token=world.accounts["cardless"]["token"], documented=False).get("/enterprise")
    world.caller().get("/enterprise").ok(200)


def _delivery(*heard: str) -> Callable[[World, str, Receiver], None]:
    """What a receiver hears, in which order, of a registration on its way when the first notice meets the fault."""

    def check(world: World, fault: str, to: Receiver) -> None:
        world.control.post("/webhooks", {"url": to.url}).ok(201)
        put(world, fault, times=1)
        world.declared(scenario="stuck; at=stored")
        world.advance(until="idle")
        world.wait(days=1)
        assert to.events == [f"filing.{status}" for status in heard]

    return check


TRANSPORT: Mapping[str, Callable[[World, str], None]] = {
    "status": _status,
    "latency": _latency,
    "cut_before_commit": _cut(effects=0),
    "cut_after_commit": _cut(effects=1),
    "malformed": _malformed,
}
DELIVERY: Mapping[str, Callable[[World, str, Receiver], None]] = {
    "duplicate": _delivery("declared", "declared", "sent", "stored"),
    "reorder": _delivery("sent", "declared", "stored"),
    "drop": _delivery("declared", "sent", "stored"),
}


def test_every_fault_the_plane_tells_of_is_met_here(world: World) -> None:
    told: dict[str, set[str]] = {}
    for one in world.control.get("/faults").ok(200)["catalogue"]:
        told.setdefault(one["of"], set()).add(one["name"])
    assert told == {"transport": set(TRANSPORT), "delivery": set(DELIVERY), "glitch": set(MEETS)}


@pytest.mark.parametrize("fault", TRANSPORT)
def test_every_fault_of_transport_is_met_and_passes(fault: str, world: World) -> None:
    TRANSPORT[fault](world, fault)
    assert world.control.get("/faults").ok(200)["results"] == []


@pytest.mark.parametrize("fault", DELIVERY)
def test_every_fault_of_delivery_is_met_and_nothing_is_lost(fault: str, world: World, settings: Any) -> None:
    with receiver() as to:
        settings.SIM_WEBHOOK_ALLOW = [to.listed]
        DELIVERY[fault](world, fault, to)
    states = {row["state"] for row in world.control.get("/deliveries").ok(200)["results"]}
    assert states == {"delivered"}


@pytest.mark.parametrize("name", MEETS)
def test_every_misbehaviour_is_met_while_it_stands_as_a_fault_and_only_then(name: str, world: World) -> None:
    if name == "sync_fails_once":
        world.ledger(synced=False, valid_until=None)
    world.control.post("/checkpoints", {"name": "before"}).ok(201)
    met = []
    for in_force in (False, True, False):
        world.control.post("/checkpoints/before/restore").ok(200)
        about = "cardless" if name in ("phantom_customs_section", "mirror_lag") else "card"
        fault = put(world, name, match={"uscc": world.uscc(about)}) if in_force else None
        met.append(MEETS[name](world))
        if fault:
            world.control.delete(f"/faults/{fault}").ok(204)
    assert met == [False, True, False]


# ── situations ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_situation_the_plane_tells_of_is_one_a_sandbox_can_be_in(world: World) -> None:
    told = Caller(CONTROL).get("/situations").ok(200)["results"]
    assert {one["name"] for one in told} == set(CHECKS)
    assert [one["name"] for one in told[:2]] == ["standard", "empty"]
    everyone = {"card", "cardless", "agent"}
    assert {one["about"] for one in told[2:]} == everyone
    refused = world.control.post("/situation", {"situation": "no such"}).refused(400, "unknown_situation")
    assert refused["known"] == [one["name"] for one in told]
