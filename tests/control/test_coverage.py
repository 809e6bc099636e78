"""What a client has met: read off a sandbox's traces, kept when its world is replaced."""

from __future__ import annotations

from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest

from filings.lab import coverage
from filings.rules import faq
from filings.rules.glitches import GLITCHES
from filings.rules.scenarios import CATALOGUE as SCENARIOS
from tests.api.client import World


def parts(world: World) -> dict[str, dict[str, Any]]:
    return {one["part"]: one for one in world.control.get("/coverage").ok(200)["parts"]}


def met(world: World, part: str) -> set[str]:
    return {row["name"] for row in parts(world)[part]["rows"] if row["met"]}


def test_a_fresh_world_has_met_nothing_but_its_opening(world: World) -> None:
    told = parts(world)
    assert {name: one["met"] for name, one in told.items() if one["met"]} == {"situation": 1}
    assert met(world, "situation") == {"standard"}


def test_everything_there_is_to_meet_is_told(world: World) -> None:
    told = {name: [row["name"] for row in one["rows"]] for name, one in parts(world).items()}
    assert told["faq"] == list(faq.ENTRIES)
    assert told["scenario"] == list(SCENARIOS)
    assert told["glitch"] == list(GLITCHES)
    assert {"registration.draft", "change.rejected", "mofcom_change.approved"} <= set(told["state"])
    assert "mofcom_change.sent" not in told["state"]
    assert "registration.manual_review-rejected" in told["edge"]
    assert {"card_login_required", "category_locked", "parent_relation_required"} <= set(told["refusal"])
    assert "malformed_json" not in told["refusal"]
    assert len({(row.part, row.name) for row in coverage.full()}) == len(coverage.full())


def test_a_declaration_leaves_its_states_edges_and_scenario(world: World) -> None:
    world.submit(world.draft(), "cardless", "password", scenario="reject; reason=address_mismatch").ok(200)
    assert met(world, "state") == {"registration.draft", "registration.declared"}
    world.advance(until="idle")
    way = ["draft", "declared", "sent", "stored", "manual_review", "rejected"]
    assert met(world, "state") == {f"registration.{one}" for one in way}
    assert met(world, "edge") == {f"registration.{before}-{now}" for before, now in pairwise(way)}
    assert met(world, "scenario") == {"reject"}
    told = parts(world)["edge"]
    assert (told["met"], told["of"]) == (5, len(told["rows"]))


def test_two_filings_are_two_ways_not_one(world: World) -> None:
    world.submit(world.draft(), "cardless", "password").ok(200)
    world.change()
    assert met(world, "state") == {"registration.draft", "registration.declared", "change.draft"}
    assert met(world, "edge") == {"registration.draft-declared"}


def test_a_refusal_is_met_and_with_it_the_entry_it_cites(world: World) -> None:
    world.begin("change", "card", "password").refused(403, "card_login_required")
    assert met(world, "refusal") == {"card_login_required"}
    assert met(world, "faq") == {"1.5"}


@pytest.mark.django_db(databases="__all__")
def test_an_entry_without_a_refusal_is_met_by_its_call_in_its_situation(world: World) -> None:
    world.caller("card").get("/enterprise").ok(200)
    assert "2.15" not in met(world, "faq")
    world.enter("overdue_mirror")
    assert "2.15" in met(world, "faq")
    world.enter("stuck_sent")
    assert "1.9" not in met(world, "faq")
    filing = world.control.get("/filings")["results"][0]["id"]
    world.caller().get(f"/filings/{filing}/timeline").ok(200)
    assert "1.9" not in met(world, "faq")
    world.caller().get(f"/filings/{filing}").ok(200)
    assert "1.9" in met(world, "faq")


def test_a_glitch_in_force_is_met(world: World) -> None:
    world.control.post("/faults", {"fault": "usd_delayed"}).ok(201)
    assert met(world, "glitch") == {"usd_delayed"}


def test_what_was_met_is_not_forgotten_when_the_world_is_replaced(world: World) -> None:
    world.control.post("/checkpoints", {"name": "start"}).ok(201)
    world.submit(world.draft(), "cardless", "password", scenario="stuck; at=sent").ok(200)
    world.advance(until="idle")
    world.begin("change", "card", "password").refused(403, "card_login_required")
    world.control.post("/checkpoints/start/restore").ok(200)
    before = {name: met(world, name) for name in parts(world)}
    assert "registration.sent" in before["state"]
    assert "registration.declared-sent" in before["edge"]
    world.enter("print_blurred")
    world.control.post("/reset").ok(200)
    after = {name: met(world, name) for name in parts(world)}
    assert after == before | {
        "situation": before["situation"] | {"print_blurred"}, "glitch": {"print_blurred"},
    }  # fmt: skip
    world.control.post("/reset").ok(200)
    assert {name: met(world, name) for name in parts(world)} == after


def test_another_sandbox_has_met_its_own(world: World, other_world: World) -> None:
    world.begin("change", "card", "password").refused(403, "card_login_required")
    assert met(other_world, "refusal") == set()


def test_as_a_junit_report_what_was_not_met_is_skipped(world: World) -> None:
    world.begin("change", "card", "password").refused(403, "card_login_required")
    answer = world.control.get("/coverage?format=junit").ok(200)
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.body)
    suites = {suite.get("name"): suite for suite in root}
    cases = {case.get("name"): case.find("skipped") for case in suites["refusal"]}
    assert cases["card_login_required"] is None
    skipped = cases["category_locked"]
    assert skipped is not None
    assert str(skipped.get("message")).startswith("未触及：")
    told = parts(world)["refusal"]
    assert (suites["refusal"].get("tests"), suites["refusal"].get("skipped")) == (str(told["of"]), str(told["of"] - told["met"]))


def test_as_a_page_it_is_marked_as_a_simulation(world: World) -> None:
    told = world.control.get("/coverage?format=html").ok(200)
    assert told.headers["Content-Type"].startswith("text/html")
    page = told.body.decode()
    assert "模拟" in page
    assert "只有有卡用户使用卡介质方式登录" in page


def test_another_format_there_is_not(world: World) -> None:
    world.control.get("/coverage?format=pdf").refused(400, "unknown_parameter")
