"""Logins live on wall time, so no advance ends one; a lever does, to test what a client does then."""

from __future__ import annotations

from typing import Any

import pytest

from filings.models import Challenge, Session
from tests.api.client import Caller, World, signature

pytestmark = pytest.mark.django_db


def log_in(world: World, role: str = "card") -> str:
    token: str = world.login(role, username=role, password=world.accounts[role]["password"]).ok(201)["token"]
    return token


def challenge(world: World, card: str) -> str:
    random: str = Caller().post("/sessions/challenge", {"sandbox": world.id, "card_no": card}).ok(201)["random"]
    return random


def expire(world: World, **whose: str) -> dict[str, Any]:
    return dict(world.control.post("/sessions/expire", whose).ok(200).json)


def test_an_advance_ends_none_and_the_lever_all(world: World) -> None:
    token, random = log_in(world), challenge(world, world.accounts["card"]["card_no"])
    world.wait(days=30)
    Caller().get("/sessions/current", token).ok(200)
    before = Session.objects.filter(sandbox__key=world.id).count()
    assert expire(world) == {"account": None, "sessions": before, "challenges": 1}
    for ended in (
        token,
        *(account["token"] for account in world.accounts.values()),
        world.accounts["card"]["card_token"],
    ):
        Caller().get("/sessions/current", ended).refused(401, "not_authenticated")
    key = world.control.get(f"/cards/{world.accounts['card']['card_no']}/key").ok(200)["private_key"]
    signed = {"card_no": world.accounts["card"]["card_no"], "random": random, "signature": signature(key, random)}
    world.login(**signed).refused(401, "wrong_credentials")
    assert expire(world) == {"account": None, "sessions": 0, "challenges": 0}


def test_of_one_account_only_its_own_end(world: World) -> None:
    token, random = log_in(world), challenge(world, world.accounts["agent"]["card_no"])
    challenge(world, world.accounts["card"]["card_no"])
    assert expire(world, account="card") == {"account": "card", "sessions": 3, "challenges": 1}
    Caller().get("/sessions/current", token).refused(401, "not_authenticated")
    world.caller("agent", "card").get("/sessions/current").ok(200)
    assert Challenge.objects.filter(sandbox__key=world.id, random=random).exists()


def test_who_was_logged_out_logs_in_again_and_a_reset_brings_the_opening_tokens_back(world: World) -> None:
    expire(world)
    Caller().get("/filings", log_in(world)).ok(200)
    world.control.post("/checkpoints", {"name": "after"}).ok(201)
    world.control.post("/checkpoints/after/restore").ok(200)
    world.caller().get("/filings").refused(401, "not_authenticated")
    world.control.post("/reset").ok(200)
    world.caller().get("/filings").ok(200)
    world.caller("card", "card").get("/filings").ok(200)


def test_another_sandbox_keeps_its_logins(world: World, other_world: World) -> None:
    expire(world)
    other_world.caller("card").get("/filings").ok(200)


def test_an_account_there_is_not_is_refused_by_name(world: World) -> None:
    refused = world.control.post("/sessions/expire", {"account": "crad"}).refused(404, "not_found")
    assert "“crad”，最接近的是 card" in refused["detail"]
    assert f"/control/v1/sandboxes/{world.id} " in refused["remedy"]
    world.caller("card").get("/filings").ok(200)
    assert world.control.post("/sessions/expire", {"acount": "card"}).ok(422).errors == {"/acount": "unknown_field"}


def test_what_was_in_flight_by_key_is_answered_again_to_who_comes_back(world: World) -> None:
    """A session that ends takes no effect with it: the retry after the new login is the same request."""
    first = (
        Caller().post("/filings", {"kind": "change"}, world.accounts["card"]["card_token"], Idempotency_Key="k").ok(201)
    )
    expire(world, account="card")
    again = world.login().ok(201)["token"]
    replayed = Caller().post("/filings", {"kind": "change"}, again, Idempotency_Key="k").ok(201)
    assert (replayed["id"], replayed.headers["Idempotency-Replayed"]) == (first["id"], "true")
