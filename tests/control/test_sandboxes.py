"""Sandboxes: worlds to open, keep, put back and throw away; two never touch."""

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps

from filings.lab.worlds import demo, worlds
from filings.models import Sandbox, wall
from filings.models.sandbox import InSandbox
from filings.rules.numbers import uscc_fault
from tests.api.client import CONTROL, Caller, World

CATEGORIES = ["10000000", "20000000", "01000000", "00100000", "00010000", "00000100"]


@pytest.fixture
def plane(db: None) -> Caller:
    return Caller(CONTROL)


def rows_of(world: World) -> dict[str, int]:
    """How many rows of each table hang from a sandbox."""
    models = [model for model in apps.get_app_config("filings").get_models() if issubclass(model, InSandbox)]
    return {one.__name__: one._base_manager.filter(sandbox__key=world.id).count() for one in models}


def test_a_standard_sandbox_holds_the_cast_the_contract_names(world: World) -> None:
    roles = ["cardless", "card", "personal", "agent", *(f"category:{category}" for category in CATEGORIES)]
    assert sorted(world.accounts) == sorted(roles)
    assert world.accounts["cardless"]["uscc"] == "91440399MAMK00013C"
    assert world.accounts["personal"]["uscc"] is None
    assert [role for role in roles if "card_no" in world.accounts[role]] == roles[1:2] + roles[3:]
    assert {one["uscc"] for one in world.opened["enterprises"]} == {
        account["uscc"] for account in world.accounts.values()
    } - {None}
    assert [uscc_fault(one["uscc"]) for one in world.opened["enterprises"]] == [None] * 9


def test_the_reference_registration_declares_cleanly_for_cardless(world: World) -> None:
    assert world.declare().ok(200)["status"] == "declared"


def test_a_sandbox_opens_on_a_frozen_clock_with_approve_unless_it_is_told_otherwise(world: World) -> None:
    assert world.opened["clock"] == {"mode": "frozen", "now": "2021-12-01T09:00:00+08:00", "rate": 1.0}
    assert (world.opened["scenario"], world.opened["situation"], world.opened["pinned"]) == (
        "approve",
        "standard",
        False,
    )
    other = World(
        name="演练",
        clock={"mode": "frozen", "now": "2018-04-19T16:00:00Z"},
        scenario="stuck; at=sent",
        seed=7,
        ttl_hours=1,
    )
    assert other.opened["clock"]["now"] == "2018-04-20T00:00:00+08:00"
    assert (other.opened["name"], other.opened["scenario"], other.opened["seed"]) == ("演练", "stuck; at=sent", 7)


def test_an_empty_sandbox_has_no_one_in_it_and_takes_accounts(plane: Caller) -> None:
    world = World(situation="empty")
    assert (world.opened["accounts"], world.opened["enterprises"]) == ([], [])
    account = {
        "sandbox": world.id,
        "username": "a",
        "password": "long enough",
        "user_type": "enterprise",
        "display_name": "甲",
        "uscc": "91440399MAMK00013C",
    }
    Caller().post("/accounts", account).ok(201)
    assert len(world.control.get("")["enterprises"]) == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"situation": "nothing"}, 400, "unknown_situation"),
        ({"scenario": "nothing"}, 400, "unknown_scenario"),
        ({"scenario": "reject; reason=because"}, 400, "unknown_scenario"),
        ({"clock": {"mode": "backwards"}}, 422, "unknown_code"),
        ({"clock": {"now": "yesterday"}}, 422, "invalid"),
        ({"clock": {"mode": "scaled", "rate": 0}}, 422, "invalid"),
        ({"clock": {"zone": "UTC"}}, 422, "unknown_field"),
        ({"clock": []}, 422, "type_mismatch"),
        ({"seed": "1"}, 422, "type_mismatch"),
        ({"ttl_hours": 0}, 422, "min_value"),
        ({"colour": "red"}, 422, "unknown_field"),
        ({"pinned": "yes"}, 422, "type_mismatch"),
    ],
)
def test_a_sandbox_that_cannot_be_is_not_opened(body: dict, status: int, code: str, plane: Caller) -> None:
    answer = plane.post("/sandboxes", body)
    assert answer.status == status
    assert code in (answer["code"], *answer.errors.values())
    assert Sandbox.objects.count() == 0


def test_what_is_told_of_a_sandbox_is_told_again_but_for_its_key(world: World) -> None:
    read = world.control.get("").ok(200).json
    assert {
        **read,
        "control_key": world.opened["control_key"],
        "expires_at": world.opened["expires_at"],
    } == world.opened
    assert world.opened["control_key"] not in str(read)


def test_a_name_and_how_long_it_is_kept_can_be_changed_and_nothing_else(world: World) -> None:
    changed = world.control.patch("", {"name": "甲班", "ttl_hours": 2, "pinned": False}).ok(200)
    left = datetime.fromisoformat(changed["expires_at"]) - wall()
    assert changed["name"] == "甲班"
    assert timedelta(hours=1, minutes=59) < left <= timedelta(hours=2)
    assert world.control.patch("", {"pinned": True}).ok(200)["expires_at"] is None
    assert world.control.patch("", {"scenario": "reject", "id": "x"}).errors == {
        "/scenario": "unknown_field",
        "/id": "unknown_field",
    }


def test_a_deleted_sandbox_leaves_nothing_and_its_tokens_open_nothing(world: World) -> None:
    world.declared()
    world.control.delete("").ok(204)
    assert set(rows_of(world).values()) == {0}
    world.control.get("").refused(404, "not_found")
    world.control.delete("").refused(404, "not_found")
    world.caller().get("/filings").refused(401, "not_authenticated")


def test_the_demo_is_not_deleted_here_as_it_is_not_on_the_console(plane: Caller) -> None:
    demo.ensure_demo()
    plane.delete("/sandboxes/demo").refused(409, "demo_stays")
    assert Sandbox.objects.filter(key="demo").exists()
    plane.post("/sandboxes/demo/reset").ok(200)


def test_a_reset_puts_everything_back_and_leaves_clients_logged_in(world: World) -> None:
    filing, before = world.draft(), rows_of(World())
    world.declare(filing, X_Sim_Scenario="stuck; at=sent", Idempotency_Key="k").ok(200)
    world.caller().post("/tickets", {"desk": "customs", "topic": "sync"}).ok(201)
    Caller().post(
        "/accounts",
        {
            "sandbox": world.id,
            "username": "x",
            "password": "long enough",
            "user_type": "personal",
            "display_name": "甲",
        },
    ).ok(201)
    world.control.put("/scenario", {"scenario": "by_hand"}).ok(200)
    world.wait(days=3)
    again = world.control.post("/reset").ok(200).json
    assert {key: again[key] for key in again if key != "expires_at"} == {
        key: world.opened[key] for key in again if key != "expires_at"
    }
    assert rows_of(world) == before
    assert world.caller().get("/filings").ok(200)["results"] == []
    assert world.draft() == filing
    assert world.control.get("", world.opened["control_key"]).status == 200


def test_a_session_opened_by_login_ends_with_the_reset(world: World) -> None:
    login = {"sandbox": world.id, "username": "card", "password": world.accounts["card"]["password"]}
    token = Caller().post("/sessions", login).ok(201)["token"]
    world.control.post("/reset").ok(200)
    Caller().get("/sessions/current", token).refused(401, "not_authenticated")


def test_what_nobody_uses_is_cleared_after_seven_days_and_what_is_pinned_is_not(
    world: World, other_world: World
) -> None:
    third = World()
    other_world.control.patch("", {"pinned": True}).ok(200)
    week_ago = datetime.now(UTC) - timedelta(days=7)
    Sandbox.objects.filter(key__in=[world.id, other_world.id]).update(used_at=week_ago - timedelta(seconds=1))
    Sandbox.objects.filter(key=third.id).update(used_at=week_ago + timedelta(minutes=1))
    assert worlds.clear_expired() == 1
    assert set(Sandbox.objects.values_list("key", flat=True)) == {other_world.id, third.id}
    assert set(rows_of(world).values()) == {0}


@pytest.mark.parametrize("way", ["by the business plane", "by the control plane"])
def test_to_use_a_sandbox_is_to_keep_it(way: str, world: World) -> None:
    Sandbox.objects.filter(key=world.id).update(used_at=datetime.now(UTC) - timedelta(days=6, hours=23))
    world.caller().get("/filings").ok(200) if way == "by the business plane" else world.control.get("/clock").ok(200)
    assert wall() - Sandbox.objects.get(key=world.id).used_at < timedelta(minutes=1)


# ── two worlds ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_happens_in_one_world_does_not_happen_in_another(world: World, other_world: World) -> None:
    before = (rows_of(other_world), other_world.control.get("").json)
    world.control.put("/scenario", {"scenario": "reject"}).ok(200)
    filing = world.declare().ok(200)["id"]
    world.control.post("/situation", {"situation": "stale_form"}).ok(200)
    world.advance(until="idle")
    world.control.post("/sync", {}).ok(200)
    after = (rows_of(other_world), {**other_world.control.get("").json, "expires_at": before[1]["expires_at"]})
    assert after == before
    assert other_world.now.isoformat() == "2021-12-01T09:00:00+08:00"
    other_world.caller().get(f"/filings/{filing}").refused(404, "not_found")
    for path in (f"/filings/{filing}/explain",):
        other_world.control.get(path).refused(404, "not_found")
    other_world.act(filing, "send").refused(404, "not_found")
    other_world.control.put(f"/filings/{filing}/scenario", {"scenario": "approve"}).refused(404, "not_found")


def test_the_tokens_of_two_worlds_are_all_different(world: World, other_world: World) -> None:
    secrets = [
        account.get(name)
        for one in (world, other_world)
        for account in one.accounts.values()
        for name in ("token", "card_token")
    ]
    known = [secret for secret in secrets if secret] + [world.opened["control_key"], other_world.opened["control_key"]]
    assert len(set(known)) == len(known) == 2 * (10 + 8) + 2


def test_a_reset_of_one_world_leaves_the_other(world: World, other_world: World) -> None:
    filing = other_world.declared()
    world.control.post("/reset").ok(200)
    world.control.delete("").ok(204)
    assert other_world.caller().get(f"/filings/{filing}").ok(200)["status"] == "declared"
