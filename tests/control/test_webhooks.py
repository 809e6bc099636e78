"""Webhooks: every status change reaches its receivers at least once, signed, in order, and never with a reason."""

from __future__ import annotations

import base64
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from standardwebhooks import WebhookVerificationError

from filings.lab.webhooks import delivering, posting, reaching
from filings.lab.webhooks.delivering import Courier
from filings.models import Delivery, Sandbox, Webhook, wall
from filings.rules.webhooks import EVENTS
from tests.api.client import CONTROL, NOBODY, Answer, Caller, World
from tests.receiving import (
    Behaviour,
    Heard,
    Receiver,
    answering,
    cutting,
    cutting_short,
    dripping,
    endless,
    hanging,
    receiver,
)

pytestmark = pytest.mark.django_db

Opens = Callable[..., Receiver]
WAY = ["filing.sent", "filing.stored", "filing.manual_review", "filing.approved"]


@pytest.fixture
def opens(settings: Any) -> Iterator[Opens]:
    """Receivers on this machine, listed so that they may be reached: `opens(answering(500), answering(200))`."""
    settings.SIM_WEBHOOK_ALLOW = []
    with ExitStack() as stack:

        def one(*behaves: Behaviour) -> Receiver:
            opened = stack.enter_context(receiver(*behaves))
            settings.SIM_WEBHOOK_ALLOW.append(opened.listed)
            return opened

        yield one


def register(world: World, to: Receiver, *events: str) -> Answer:
    return world.control.post("/webhooks", {"url": to.url, **({"events": list(events)} if events else {})}).ok(201)


def deliver_now() -> None:
    """What the worker does within a second."""
    courier = Courier()
    while courier.turn(0.02):
        pass


def log(world: World, **query: str) -> list[dict[str, Any]]:
    """The log, oldest first."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    rows: list[dict[str, Any]] = world.control.get(f"/deliveries?{asked}").ok(200)["results"]
    return rows[::-1]


def outcomes(told: Answer) -> list[tuple[str, int, str, str]]:
    return [(one["event"], one["attempt"], one["outcome"], one["at"][5:19]) for one in told["deliveries"]]


# ── receivers ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_receiver_is_told_its_secret_once_listed_without_it_and_deleted(world: World, opens: Opens) -> None:
    made = register(world, opens(), "filing.rejected", "filing.approved")
    assert made["secret"].startswith("whsec_")
    assert made["events"] == ["filing.approved", "filing.rejected"]
    every = register(world, opens())
    assert every["events"] == list(EVENTS)
    listed = world.control.get("/webhooks").ok(200)["results"]
    assert [one["id"] for one in listed] == [made["id"], every["id"]]
    assert not any("secret" in one for one in listed)
    world.control.delete(f"/webhooks/{made['id']}").ok(204)
    world.control.delete(f"/webhooks/{made['id']}").refused(404, "not_found")
    assert [one["id"] for one in world.control.get("/webhooks")["results"]] == [every["id"]]


def test_a_receiver_may_bring_its_secret_and_is_told_it_back(world: World, opens: Opens) -> None:
    """A test that verifies signatures can have the key before it has the receiver."""
    to, secret = opens(answering(200)), "whsec_" + base64.b64encode(bytes(range(24))).decode()
    made = world.control.post("/webhooks", {"url": to.url, "secret": secret}).ok(201)
    assert made["secret"] == secret
    assert secret not in world.control.get("/webhooks").ok(200).body.decode()
    world.submit(world.draft(), "cardless", "password").ok(200)
    deliver_now()
    assert to.heard[0].verify(secret)["type"] == "filing.declared"


@pytest.mark.parametrize(
    ("secret", "told"),
    [
        ("whsec_x", "标准 base64"),
        ("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_ 开头"),
        ("whsec_" + "A" * 28, "这里是 21 字节"),
        ("whsec_" + "A" * 92, "这里是 69 字节"),
        (5, "应为文字"),
    ],
)
def test_a_secret_that_is_none_is_told_why(secret: Any, told: str, world: World) -> None:
    refused = world.control.post("/webhooks", {"url": f"http://{NOBODY}/", "secret": secret}).ok(422)
    assert list(refused.errors) == ["/secret"]
    assert told in refused["errors"][0]["detail"]
    assert world.control.get("/webhooks")["results"] == []


@pytest.mark.parametrize("listed", ["127.0.0.1:*", "localhost:*", "127.0.0.1:1-65535"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_receiver_on_any_free_port_is_reached_where_the_list_says_so(
    listed: str, host: str, world: World, settings: Any
) -> None:
    settings.SIM_WEBHOOK_ALLOW = [listed]
    with receiver() as to:
        world.control.post("/webhooks", {"url": to.url.replace("127.0.0.1", host)}).ok(201)
        world.submit(world.draft(), "cardless", "password").ok(200)
        deliver_now()
        assert to.events == ["filing.declared"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": ""},
        {"url": 1},
        {"url": "x"},
        {"url": "ftp://example.com/"},
        {"url": "https://example.com/", "events": []},
        {"url": "https://example.com/", "events": ["filing.draft"]},
        {"url": "https://example.com/", "events": "filing.sent"},
        {"url": "https://example.com/", "secret": "whsec_x"},
        {"url": "https://example.com/" + "x" * 2000},
    ],
)
def test_a_receiver_that_cannot_be_is_refused(body: dict[str, Any], world: World) -> None:
    assert world.control.post("/webhooks", body).status == 422
    assert world.control.get("/webhooks")["results"] == []


def test_a_receiver_on_this_machine_must_be_listed(world: World, settings: Any) -> None:
    settings.SIM_WEBHOOK_ALLOW = []
    with receiver() as to:
        refused = world.control.post("/webhooks", {"url": to.url}).refused(422, "receiver_not_allowed")
        assert refused.errors == {"/url": "receiver_not_allowed"}
        assert "SIM_WEBHOOK_ALLOW" in refused["remedy"]
        settings.SIM_WEBHOOK_ALLOW = [to.listed]
        world.control.post("/webhooks", {"url": to.url}).ok(201)


def test_there_is_a_bound_to_receivers(world: World, opens: Opens) -> None:
    to = opens()
    for _ in range(20):
        register(world, to)
    world.control.post("/webhooks", {"url": to.url}).refused(409, "too_many_webhooks")


def test_a_webhook_belongs_to_one_sandbox(world: World, other_world: World, opens: Opens) -> None:
    to = opens()
    made = register(world, to)
    other_world.control.delete(f"/webhooks/{made['id']}").refused(404, "not_found")
    other_world.declared()
    deliver_now()
    assert to.heard == []
    world.declared()
    deliver_now()
    assert to.events == ["filing.declared"]
    assert log(other_world) == []


# ── what arrives ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_status_change_arrives_once_in_order_signed_and_as_the_applicant_reads_it(
    world: World, opens: Opens
) -> None:
    to = opens()
    made = register(world, to)
    filing = world.declared(scenario="approve")
    deliver_now()
    assert to.heard[0].event["data"]["filing"] == world.caller().get(f"/filings/{filing}").json
    told = world.advance(by="P1D")
    assert outcomes(told) == [
        ("filing.sent", 1, "delivered", "12-01T09:01:00"),
        ("filing.stored", 1, "delivered", "12-01T09:10:00"),
        ("filing.manual_review", 1, "delivered", "12-01T10:00:00"),
        ("filing.approved", 1, "delivered", "12-02T09:00:00"),
    ]
    assert to.events == ["filing.declared", *WAY]
    for heard in to.heard:
        assert heard.line == "POST /hook HTTP/1.1"
        assert heard.headers["content-type"] == "application/json"
        assert abs(int(heard.headers["webhook-timestamp"]) - wall().timestamp()) < 60
        event = heard.verify(made["secret"])
        assert event.keys() == {"type", "timestamp", "data"}
        assert event["type"] == f"filing.{event['data']['filing']['status']}"
        assert event["timestamp"] == event["data"]["filing"]["status_since"]
    assert len({heard.id for heard in to.heard}) == 5
    # What customs returned with the approval stands in it, as in the filing itself (FAQ 2.1, 2.16).
    last = to.heard[-1].event["data"]["filing"]
    assert last == world.caller().get(f"/filings/{filing}").json
    assert last["content"]["investors"][0]["amount_usd"]
    assert [row["state"] for row in log(world)] == ["delivered"] * 5


def test_a_signature_with_another_secret_or_over_another_body_does_not_verify(world: World, opens: Opens) -> None:
    here, there = opens(), opens()
    mine, other = register(world, here)["secret"], register(world, there)["secret"]
    world.declared()
    deliver_now()
    [first], [second] = here.heard, there.heard
    assert first.id == second.id
    assert first.verify(mine)
    assert second.verify(other)
    with pytest.raises(WebhookVerificationError):
        first.verify(other)
    with pytest.raises(WebhookVerificationError):
        type(first)(first.line, first.headers, first.body + b" ", 0).verify(mine)


def test_only_the_events_asked_for_arrive(world: World, opens: Opens) -> None:
    to = opens()
    register(world, to, "filing.rejected")
    world.declared(scenario="reject")
    assert [one["event"] for one in world.advance(until="idle")["deliveries"]] == ["filing.rejected"]
    assert to.events == ["filing.rejected"]


def test_drafts_saved_or_deleted_tell_nobody_anything(world: World, opens: Opens) -> None:
    to = opens()
    register(world, to)
    draft = world.draft()
    world.caller().patch(f"/filings/{draft}", {"content": {"remarks": "x"}}).ok(200)
    world.caller().delete(f"/filings/{draft}").ok(204)
    deliver_now()
    assert to.heard == []


@pytest.mark.faq("2.6")
@pytest.mark.parametrize("kind", ["registration", "change"])
def test_no_reason_is_ever_in_one(kind: str, world: World, opens: Opens) -> None:
    to = opens(answering(500), answering(200))
    register(world, to)
    if kind == "registration":
        filing = world.declared()
    else:
        card = world.caller("card", "card")
        filing = card.post("/filings", {"kind": "change", "content": {"name_en": "NEW NAME LTD."}}).ok(201)["id"]
        card.post(f"/filings/{filing}/declare", X_Sim_Scenario="by_hand").ok(200)
    words = {"reason_code": "CANARY-code", "public_comment": "CANARY-public", "internal_comment": "CANARY-internal"}
    world.act(filing, "advance", to="rejected", **words).ok(200)
    world.advance(by="PT1H")
    assert "filing.rejected" in to.events
    assert {row["state"] for row in log(world)} == {"delivered"}
    for heard in to.heard:
        assert b"CANARY" not in heard.body
        assert "CANARY" not in repr(heard.headers)


def test_what_was_rolled_back_was_not_told(world: World, opens: Opens) -> None:
    to = opens()
    register(world, to)
    draft = world.draft(address_cn=None)
    world.caller().post(f"/filings/{draft}/declare").refused(422, "invalid_content")
    deliver_now()
    assert (to.heard, log(world)) == ([], [])


# ── attempts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_retries_come_on_the_sandboxs_clock_with_one_id_and_end(world: World, opens: Opens) -> None:
    to = opens(answering(500, "坏了\0".encode()))
    made = register(world, to, "filing.declared")
    world.declared()
    world.advance(by="P2D")
    [row] = log(world)
    assert [(one["n"], one["at"][5:19], one["status"], one["outcome"]) for one in row["attempts"]] == [
        (1, "12-01T09:00:00", 500, "failed"),
        (2, "12-01T09:00:05", 500, "failed"),
        (3, "12-01T09:05:05", 500, "failed"),
        (4, "12-01T09:35:05", 500, "failed"),
        (5, "12-01T11:35:05", 500, "failed"),
        (6, "12-01T16:35:05", 500, "failed"),
        (7, "12-02T02:35:05", 500, "failed"),
    ]
    assert (row["state"], row["next_attempt_at"]) == ("failed", None)
    assert row["attempts"][0]["response"] == "坏了\N{REPLACEMENT CHARACTER}"
    assert {heard.id for heard in to.heard} == {row["webhook_id"]}
    assert len({heard.body for heard in to.heard}) == 1
    assert all(heard.verify(made["secret"]) for heard in to.heard)
    assert world.advance(by="P30D")["deliveries"] == []


def test_a_retry_that_succeeds_is_the_last(world: World, opens: Opens) -> None:
    to = opens(answering(500), cutting, answering(204))
    register(world, to)
    world.declared()
    assert outcomes(world.advance(by="PT4.999S")) == [("filing.declared", 1, "failed", "12-01T09:00:00")]
    assert outcomes(world.advance(by="PT0.001S")) == [("filing.declared", 2, "failed", "12-01T09:00:05")]
    assert log(world)[0]["next_attempt_at"] == "2021-12-01T09:05:05+08:00"
    assert outcomes(world.advance(by="PT1H")) == [("filing.declared", 3, "delivered", "12-01T09:05:05")]
    assert world.advance(by="P1D")["deliveries"] == []


def test_one_that_fails_does_not_hold_up_the_next(world: World, opens: Opens) -> None:
    to = opens(answering(500), answering(200))
    register(world, to)
    filing = world.declared()
    world.act(filing, "send").ok(200)
    deliver_now()
    assert to.events == ["filing.declared", "filing.sent"]
    assert [row["state"] for row in log(world)] == ["pending", "delivered"]
    world.advance(by="PT5S")
    assert to.events == ["filing.declared", "filing.sent", "filing.declared"]


def test_idle_does_not_wait_for_retries_but_makes_first_attempts(world: World, opens: Opens) -> None:
    to = opens(answering(500))
    register(world, to)
    world.declared(scenario="approve")
    told = world.advance(until="idle")
    assert told["now"] == "2021-12-02T09:00:00+08:00"
    assert outcomes(told)[-1] == ("filing.approved", 1, "failed", "12-02T09:00:00")
    assert world.advance(until="idle").json == {"now": told["now"], "fired": [], "deliveries": []}


@pytest.mark.parametrize(
    ("status", "asked", "due"),
    [
        (429, "60", "09:01:00"),
        (503, "60", "09:01:00"),
        (429, "1", "09:00:05"),
        (503, "soon", "09:00:05"),
        (500, "60", "09:00:05"),
        (429, "999999999", "2021-12-02T09:00:00"),
        (429, "Wed, 01 Dec 2010 00:00:00 GMT", "09:00:05"),
    ],
)
def test_retry_after_is_heeded_within_reason(status: int, asked: str, due: str, world: World, opens: Opens) -> None:
    register(world, opens(answering(status, Retry_After=asked)))
    world.declared()
    deliver_now()
    assert due in log(world)[0]["next_attempt_at"]


def test_410_ends_the_webhook(world: World, opens: Opens) -> None:
    gone, other = opens(answering(410)), opens()
    made = register(world, gone)
    register(world, other)
    filing = world.declared()
    world.act(filing, "send").ok(200)
    world.advance(by="PT0S")
    assert len(gone.heard) == 1
    assert other.events == ["filing.declared", "filing.sent"]
    assert [row["state"] for row in log(world, webhook=made["id"])] == ["failed", "withdrawn"]
    ended = world.control.get("/webhooks")["results"][0]
    assert (ended["id"], ended["enabled"]) == (made["id"], False)
    assert ended["disabled_at"]
    world.act(filing, "store").ok(200)
    world.advance(by="P1D")
    assert (len(gone.heard), len(other.heard)) == (1, 3)


def test_redirects_are_not_followed(world: World, opens: Opens) -> None:
    elsewhere = opens()
    register(world, opens(answering(302, Location=elsewhere.url), answering(307, Location=elsewhere.url)))
    world.declared()
    world.advance(by="PT5S")
    assert elsewhere.heard == []
    assert [one["status"] for one in log(world)[0]["attempts"]] == [302, 307]


@pytest.mark.parametrize(
    ("behaves", "error"), [(hanging, "TimeoutError"), (dripping, "TimeoutError"), (cutting, "RemoteProtocolError")]
)
def test_one_that_hangs_drips_or_cuts_has_failed_in_time(
    behaves: Behaviour, error: str, world: World, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reaching, "TIMEOUT", 60.0 if behaves is cutting else 0.3)
    register(world, opens(behaves))
    world.declared()
    began = time.monotonic()
    deliver_now()
    assert time.monotonic() - began < 15  # none of them would let go before twenty
    [attempt] = log(world)[0]["attempts"]
    assert attempt["error"].startswith(error)
    assert (attempt["status"], attempt["outcome"]) == (None, "failed")


@pytest.mark.parametrize("behaves", [cutting_short, endless, answering(200, b"x" * 100_000)])
def test_a_status_is_enough_whatever_the_body_does(behaves: Behaviour, world: World, opens: Opens) -> None:
    register(world, opens(behaves))
    world.declared()
    deliver_now()
    [row] = log(world)
    assert row["state"] == "delivered"
    assert len(row["attempts"][0]["response"] or "") <= posting.READ


def test_nobody_listening_is_told(world: World, opens: Opens, settings: Any) -> None:
    with receiver() as closed:
        settings.SIM_WEBHOOK_ALLOW.append(closed.listed)
        register(world, closed)
    world.declared()
    deliver_now()
    assert "ConnectionRefusedError" in log(world)[0]["attempts"][0]["error"]


# ── advance ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_an_advance_has_no_time_for_is_told_to_be_pending(
    world: World, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "WAITS", 2.0)
    monkeypatch.setattr(reaching, "TIMEOUT", 60.0)
    hangs, good = opens(hanging), opens()
    register(world, hangs, "filing.declared")
    register(world, good)
    world.declared(scenario="approve")
    began = time.monotonic()
    told = world.advance(by="PT1M")
    assert time.monotonic() - began < 15
    assert outcomes(told) == [
        ("filing.declared", 1, "pending", "12-01T09:00:00"),
        ("filing.declared", 1, "delivered", "12-01T09:00:00"),
        ("filing.sent", 1, "delivered", "12-01T09:01:00"),
    ]
    # Cut short by the advance, not by itself: it is no failure, and free to be tried again at once.
    [row] = log(world, state="pending")
    assert row["attempts"] == []
    assert Delivery.objects.get(key=row["id"]).locked_until is None


def test_a_replayed_advance_tells_the_same_deliveries_and_sends_nothing(world: World, opens: Opens) -> None:
    to = opens()
    register(world, to)
    world.declared(scenario="approve")
    first = world.control.post("/clock/advance", {"by": "P1D"}, Idempotency_Key="k").ok(200)
    assert len(first["deliveries"]) == 5
    second = world.control.post("/clock/advance", {"by": "P1D"}, Idempotency_Key="k").ok(200)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.body == first.body
    assert len(to.heard) == 5


def test_what_the_worker_had_under_way_is_told_by_the_advance_too(world: World, opens: Opens) -> None:
    to = opens(answering(500), answering(200))
    register(world, to)
    world.declared()
    courier = Courier()
    courier.send_out()
    began = wall()
    courier.take_in(60)
    sandbox = Sandbox.objects.get(key=world.id)
    sandbox.set_clock(sandbox.now() + timedelta(seconds=5))
    told = delivering.deliver(sandbox, began)
    assert [(one.attempt, one.outcome) for one in told] == [(1, "failed"), (2, "delivered")]


# ── a receiver that collects ──────────────────────────────────────────────────────────────────────────────────────


def collected(world: World, webhook: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = world.control.get(f"/webhooks/{webhook}/waiting").ok(200)["results"]
    return rows


def acknowledge(world: World, webhook: str, *deliveries: str) -> int:
    said = world.control.post(f"/webhooks/{webhook}/acknowledge", {"deliveries": list(deliveries)}).ok(200)
    return int(said["acknowledged"])


def test_a_receiver_without_an_address_collects_what_others_are_sent_and_acknowledges_it(
    world: World, opens: Opens
) -> None:
    to = opens(answering(200))
    register(world, to)
    mine = world.control.post("/webhooks", {"url": None}).ok(201)
    assert mine["url"] is None
    assert mine["secret"].startswith("whsec_")
    world.declared(scenario="approve")
    told = world.advance(until="idle")
    assert mine["id"] not in {one["webhook"] for one in told["deliveries"]}, "nothing is sent to it"

    waiting = collected(world, mine["id"])
    assert [one["event"] for one in waiting] == ["filing.declared", *WAY], "the oldest first"
    assert {(one["state"], one["next_attempt_at"], len(one["attempts"])) for one in waiting} == {("waiting", None, 0)}
    assert [(one["webhook_id"], one["body"].encode()) for one in waiting] == [(one.id, one.body) for one in to.heard]

    first, second = waiting[0]["id"], waiting[1]["id"]
    assert acknowledge(world, mine["id"], first, second) == 2
    assert acknowledge(world, mine["id"], first, "del_nobodys") == 0, "once more is no matter"
    assert [one["event"] for one in collected(world, mine["id"])] == WAY[1:]
    states = [(one["state"], [a["outcome"] for a in one["attempts"]]) for one in log(world, webhook=mine["id"])]
    assert states == [("delivered", ["delivered"])] * 2 + [("waiting", [])] * 3


def test_what_waits_to_be_collected_is_cut_into_pages_the_oldest_first(world: World) -> None:
    mine = world.control.post("/webhooks", {"url": None, "events": WAY}).ok(201)["id"]
    world.declared(scenario="approve")
    world.advance(until="idle")
    page = world.control.get(f"/webhooks/{mine}/waiting?limit=3").ok(200)
    rest = Caller().get(page["next"]).ok(200)
    assert [one["event"] for one in page["results"] + rest["results"]] == WAY


def test_an_advance_does_not_wait_for_a_receiver_that_collects(world: World) -> None:
    world.control.post("/webhooks", {"url": None}).ok(201)
    world.declared(scenario="approve")
    began = time.monotonic()
    assert world.advance(until="idle")["deliveries"] == []
    assert time.monotonic() - began < delivering.WAITS


def test_what_waits_stays_through_a_checkpoint_and_goes_with_its_receiver_and_its_world(world: World) -> None:
    mine = world.control.post("/webhooks", {"url": None}).ok(201)["id"]
    world.declared(scenario="approve")
    world.control.post("/checkpoints", {"name": "declared"}).ok(201)
    before = collected(world, mine)
    acknowledge(world, mine, before[0]["id"])
    world.control.post("/checkpoints/declared/restore").ok(200)
    assert collected(world, mine) == before, "as with any receiver: told again, under its webhook-id"

    other = world.control.post("/webhooks", {"url": None}).ok(201)["id"]
    assert collected(world, other) == []
    world.control.delete(f"/webhooks/{mine}").ok(204)
    world.control.get(f"/webhooks/{mine}/waiting").refused(404, "not_found")
    world.control.post(f"/webhooks/{mine}/acknowledge", {"deliveries": ["x"]}).refused(404, "not_found")
    assert [one["state"] for one in log(world, webhook=mine)] == ["withdrawn"]

    world.advance(until="idle")
    assert collected(world, other)
    world.control.post("/reset").ok(200)
    assert collected(world, other) == [], "a world that begins anew has told nothing"


# ── faults of delivery ────────────────────────────────────────────────────────────────────────────────────────────


def put(world: World, fault: str, **more: Any) -> None:
    world.control.post("/faults", {"fault": fault, **more}).ok(201)


def struck(world: World) -> list[str | None]:
    """The fault each attempt in the log met, oldest delivery first."""
    return [attempt["fault"] for row in log(world) for attempt in row["attempts"]]


def test_duplicate_brings_the_same_message_twice(world: World, opens: Opens) -> None:
    to = opens()
    made = register(world, to)
    put(world, "duplicate", times=1)
    filing = world.declared()
    deliver_now()
    world.act(filing, "send").ok(200)
    deliver_now()
    assert to.events == ["filing.declared", "filing.declared", "filing.sent"]
    first, second, other = to.heard
    assert first.id == second.id != other.id
    assert first.body == second.body
    assert all(heard.verify(made["secret"]) for heard in to.heard)
    assert [(row["state"], len(row["attempts"])) for row in log(world)] == [("delivered", 1)] * 2
    assert struck(world) == ["duplicate", None]
    assert [one["left"] for one in world.control.get("/faults")["results"]] == []


@pytest.mark.parametrize(("first", "second", "state"), [(200, 500, "delivered"), (500, 200, "pending")])
def test_what_was_said_to_the_first_of_two_stands(
    first: int, second: int, state: str, world: World, opens: Opens
) -> None:
    to = opens(answering(first), answering(second), answering(200))
    register(world, to)
    put(world, "duplicate", times=1)
    world.declared()
    deliver_now()
    assert len(to.heard) == 2
    assert [(row["state"], row["attempts"][0]["status"]) for row in log(world)] == [(state, first)]
    world.advance(by="PT1H")
    assert len({heard.id for heard in to.heard}) == 1
    assert [row["state"] for row in log(world)] == ["delivered"]


def test_drop_loses_an_attempt_and_the_retry_arrives(world: World, opens: Opens) -> None:
    to = opens()
    register(world, to)
    put(world, "drop", times=1)
    world.declared()
    deliver_now()
    assert to.heard == []
    [row] = log(world)
    assert (row["state"], row["next_attempt_at"]) == ("pending", "2021-12-01T09:00:05+08:00")
    assert [(one["outcome"], one["status"], one["fault"]) for one in row["attempts"]] == [("failed", None, "drop")]
    assert outcomes(world.advance(by="PT5S")) == [("filing.declared", 2, "delivered", "12-01T09:00:05")]
    assert [heard.id for heard in to.heard] == [row["webhook_id"]]


def test_a_notice_dropped_every_time_never_arrives(world: World, opens: Opens) -> None:
    to = opens()
    register(world, to)
    put(world, "drop", match={"event": "filing.sent"})
    world.declared(scenario="approve")
    world.advance(by="P2D")
    assert to.events == ["filing.declared", "filing.stored", "filing.manual_review", "filing.approved"]
    assert [(row["state"], len(row["attempts"])) for row in log(world) if row["event"] == "filing.sent"] == [
        ("failed", 7)
    ]


def test_reorder_lets_the_next_one_overtake_in_an_advance(world: World, opens: Opens) -> None:
    to = opens()
    register(world, to)
    put(world, "reorder", times=1)
    world.declared(scenario="approve")
    told = world.advance(by="P1D")
    assert to.events == ["filing.sent", "filing.declared", "filing.stored", "filing.manual_review", "filing.approved"]
    assert ("filing.declared", 1, "delivered", "12-01T09:01:00") in outcomes(told)
    assert [row["state"] for row in log(world)] == ["delivered"] * 5


def test_reorder_waits_for_a_next_one_that_is_not_there_yet(world: World, opens: Opens) -> None:
    to = opens()
    register(world, to)
    put(world, "reorder", match={"event": "filing.declared"})
    filing = world.declared()
    deliver_now()
    assert to.heard == []
    assert [(row["state"], row["attempts"]) for row in log(world)] == [("pending", [])]
    world.act(filing, "send").ok(200)
    deliver_now()
    assert to.events == ["filing.sent", "filing.declared"]
    assert [row["state"] for row in log(world)] == ["delivered"] * 2


def test_what_was_lost_has_overtaken_nobody(world: World, opens: Opens) -> None:
    to = opens()
    register(world, to)
    put(world, "reorder", match={"event": "filing.declared"})
    put(world, "drop", match={"event": "filing.sent"}, times=1)
    world.declared(scenario="approve")
    told = outcomes(world.advance(by="PT5M"))
    assert to.events == ["filing.sent", "filing.declared"]
    assert told[0] == ("filing.sent", 1, "failed", "12-01T09:01:00")
    assert sorted(told[1:]) == [
        ("filing.declared", 1, "delivered", "12-01T09:01:05"),
        ("filing.sent", 2, "delivered", "12-01T09:01:05"),
    ]


def test_one_sent_before_has_overtaken_nobody(world: World, opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivering, "PATIENCE", timedelta(seconds=0.1))
    monkeypatch.setattr(reaching, "TIMEOUT", 0.6)
    to = opens(hanging, answering(200))
    register(world, to)
    put(world, "reorder", match={"event": "filing.sent"})
    filing = world.declared()
    world.act(filing, "send").ok(200)
    deliver_now()
    assert to.events == ["filing.declared"]
    world.act(filing, "store").ok(200)
    deliver_now()
    assert to.events == ["filing.declared", "filing.stored", "filing.sent"]


def test_one_that_nobody_overtakes_goes_a_day_later(world: World, opens: Opens) -> None:
    to = opens()
    register(world, to)
    put(world, "reorder")
    world.declared()
    deliver_now()
    assert world.advance(by="PT23H59M59S")["deliveries"] == []
    assert outcomes(world.advance(by="PT1S")) == [("filing.declared", 1, "delivered", "12-02T09:00:00")]
    assert to.events == ["filing.declared"]


def test_reorder_in_force_for_good_swaps_in_pairs_and_loses_nothing(world: World, opens: Opens) -> None:
    to = opens()
    register(world, to)
    put(world, "reorder")
    world.declared(scenario="approve")
    world.advance(by="P3D")
    assert to.events == ["filing.sent", "filing.declared", "filing.manual_review", "filing.stored", "filing.approved"]
    assert [row["state"] for row in log(world)] == ["delivered"] * 5


def test_a_fault_of_delivery_strikes_where_it_matches_and_no_other_sandbox(
    world: World, other_world: World, opens: Opens
) -> None:
    here, there = opens(), opens()
    register(world, here)
    register(other_world, there)
    put(world, "drop", match={"uscc": world.accounts["card"]["uscc"]})
    world.declared()
    other_world.declared()
    deliver_now()
    assert (here.events, there.events) == (["filing.declared"], ["filing.declared"])
    put(world, "drop", match={"uscc": world.accounts["cardless"]["uscc"], "event": "filing.s*"})
    world.advance(by="PT0S")
    world.act(world.control.get("/filings")["results"][0]["id"], "send").ok(200)
    deliver_now()
    assert struck(world) == [None, "drop"]


# ── leases, the worker, and worlds that end ───────────────────────────────────────────────────────────────────────


def test_a_claimed_delivery_is_nobody_elses_until_its_lease_runs_out(
    world: World, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = opens()
    register(world, to)
    world.declared()
    monkeypatch.setattr(Courier, "_send", lambda *args: None)  # killed between claiming and sending
    Courier().send_out()
    monkeypatch.undo()
    deliver_now()
    assert to.heard == []
    later = wall() + delivering.LEASE
    monkeypatch.setattr(delivering, "wall", lambda: later)
    deliver_now()
    assert to.events == ["filing.declared"]


def test_one_killed_between_sending_and_writing_sends_again_under_the_same_id(
    world: World, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = opens()
    made = register(world, to)
    world.declared()
    courier = Courier()
    courier.send_out()
    parcel, result = courier._back.get(timeout=60)
    later = wall() + delivering.LEASE
    monkeypatch.setattr(delivering, "wall", lambda: later)
    deliver_now()
    assert len(to.heard) == 2
    assert len({heard.id for heard in to.heard}) == 1
    assert all(heard.verify(made["secret"]) for heard in to.heard)
    delivering.record(parcel, result)  # the first one was not dead but slow: the row is no longer its own
    assert len(log(world)[0]["attempts"]) == 1


def test_a_slow_receiver_is_waited_for_so_long_and_holds_up_nobody_else(
    world: World, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivering, "PATIENCE", timedelta(seconds=1.5))
    monkeypatch.setattr(reaching, "TIMEOUT", 60.0)
    came = threading.Event()

    def slowly(wire: socket.socket, heard: Heard) -> None:
        came.wait(20)

    slow, quick = opens(slowly, lambda wire, heard: came.set()), opens()
    register(world, slow)
    register(world, quick)
    filing = world.declared()
    world.act(filing, "send").ok(200)
    deliver_now()
    first, second = (heard.at for heard in slow.heard)
    assert 0.5 < second - first < 15  # the first was still waited for
    assert all(heard.at < second for heard in quick.heard)
    assert quick.events == ["filing.declared", "filing.sent"]


def test_on_a_running_clock_a_late_attempt_is_stamped_when_it_is_made(world: World, opens: Opens) -> None:
    register(world, opens(answering(500)))
    world.declared()
    Delivery.objects.update(due_at=datetime.fromisoformat("2021-12-01T08:00:00+08:00"))
    world.control.put("/clock", {"mode": "scaled", "rate": 0.001}).ok(200)
    deliver_now()
    [attempt] = log(world)[0]["attempts"]
    assert attempt["at"].startswith("2021-12-01T09:00:00")


def test_the_worker_delivers(world: World, opens: Opens) -> None:
    to = opens()
    register(world, to)
    world.declared()
    call_command("worker", "--once")
    assert to.events == ["filing.declared"]


@pytest.mark.parametrize("how", ["reset", "restore"])
def test_a_world_that_goes_takes_its_deliveries_along_and_leaves_its_receivers(
    how: str, world: World, opens: Opens
) -> None:
    to = opens(answering(500))
    register(world, to)
    world.control.post("/checkpoints", {"name": "start"}).ok(201)
    ids = []
    for _ in range(2):
        world.declared()
        deliver_now()
        ids.append(log(world)[0]["webhook_id"])
        world.control.post("/reset" if how == "reset" else "/checkpoints/start/restore").ok(200)
        assert log(world) == []
        assert world.advance(by="P1D")["deliveries"] == []
        assert len(world.control.get("/webhooks")["results"]) == 1
    assert len(set(ids)) == 2
    assert len(to.heard) == 2


def test_what_a_checkpoint_had_pending_is_pending_again(world: World, opens: Opens) -> None:
    to = opens(answering(500), answering(200))
    register(world, to)
    world.declared()
    deliver_now()
    world.control.post("/checkpoints", {"name": "start"}).ok(201)
    for _ in range(2):
        assert outcomes(world.advance(by="PT5S")) == [("filing.declared", 2, "delivered", "12-01T09:00:05")]
        world.control.post("/checkpoints/start/restore").ok(200)
    assert len({heard.id for heard in to.heard}) == 1


def test_an_exported_world_knows_no_secret_and_elsewhere_tells_nobody(world: World, opens: Opens) -> None:
    to = opens()
    secret = register(world, to)["secret"]
    world.declared()
    exported = world.control.get("/export").ok(200)
    assert secret not in exported.body.decode()
    assert to.url not in exported.body.decode()
    told = Caller(CONTROL).post("/sandboxes/import", exported.json).ok(201)
    there = Caller(f"{CONTROL}/sandboxes/{told['id']}")
    assert there.post("/clock/advance", {"by": "PT1H"}).ok(200)["deliveries"] == []
    assert [row["state"] for row in there.get("/deliveries").ok(200)["results"]] == ["withdrawn"]
    assert to.heard == []


def test_a_deleted_receiver_is_sent_no_more_and_its_log_stays(world: World, opens: Opens) -> None:
    to = opens(answering(500))
    made = register(world, to)
    world.declared()
    deliver_now()
    world.control.delete(f"/webhooks/{made['id']}").ok(204)
    assert world.advance(by="P1D")["deliveries"] == []
    [row] = log(world)
    assert (row["state"], len(row["attempts"]), len(to.heard)) == ("withdrawn", 1, 1)


def test_the_log_is_paged_newest_first_and_asked_by_receiver_and_state(world: World, opens: Opens) -> None:
    made = register(world, opens(), "filing.declared")
    other = register(world, opens(answering(500)), "filing.sent")
    world.act(world.declared(), "send").ok(200)
    deliver_now()
    first = world.control.get("/deliveries?limit=1").ok(200)
    assert [row["event"] for row in first["results"]] == ["filing.sent"]
    assert [row["event"] for row in world.control.get(first["next"]).ok(200)["results"]] == ["filing.declared"]
    assert [row["event"] for row in log(world, webhook=made["id"])] == ["filing.declared"]
    assert [row["webhook"] for row in log(world, state="pending")] == [other["id"]]
    assert log(world, webhook="none") == []
    for query in ("state=x", "webhook=%00", "limit=x", "x=1"):
        world.control.get(f"/deliveries?{query}").refused(400, "unknown_parameter")


@pytest.mark.django_db(transaction=True)
def test_nothing_is_sent_within_a_transaction_and_the_row_is_there_with_its_event(
    world: World, opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = opens()
    register(world, to)
    inside: list[bool] = []
    send = Courier._send
    monkeypatch.setattr(Courier, "_send", lambda *args: (inside.append(connection.in_atomic_block), send(*args))[1])
    with transaction.atomic():
        world.declared()
        assert Delivery.objects.filter(sandbox__key=world.id).count() == 1
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()
    world.declared(scenario="approve")
    assert len(world.advance(by="P1D")["deliveries"]) == 5
    assert inside == [False] * 5
    assert Webhook.objects.count() == 1
