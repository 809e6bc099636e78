"""What a client has met: read off a sandbox's traces, kept when its world is replaced."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.management import call_command

from filings.lab.watching import coverage, journal
from filings.rules import faq
from filings.rules.glitches import GLITCHES
from filings.rules.scenarios import CATALOGUE as SCENARIOS
from tests.api.client import CONTROL, Caller, World

journalled = pytest.mark.django_db(databases="__all__")


def parts(world: World) -> dict[str, dict[str, Any]]:
    return {one["part"]: one for one in world.control.get("/coverage").ok(200)["parts"]}


def met(world: World, part: str) -> set[str]:
    return {row["name"] for row in parts(world)[part]["rows"] if row["met"]}


def test_a_fresh_world_has_met_nothing_but_its_opening(world: World) -> None:
    told = parts(world)
    assert {name: one["met"] for name, one in told.items() if one["met"]} == {"situation": 1}
    assert met(world, "situation") == {"standard"}


def test_everything_there_is_to_meet_is_told(world: World) -> None:
    told = {name: [row["name"] for row in part["rows"]] for name, part in parts(world).items()}
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


@journalled
def test_an_entry_without_a_refusal_is_met_by_its_call_in_its_situation(world: World) -> None:
    """A call made before it was so, and one that does not show it, do not count."""
    world.caller("card").get("/enterprise").ok(200)
    world.enter("overdue_mirror")
    assert "2.15" not in met(world, "faq")
    world.caller("card").get("/enterprise").ok(200)
    assert "2.15" in met(world, "faq")
    world.enter("stuck_sent")
    assert "1.9" not in met(world, "faq")
    filing = world.control.get("/filings")["results"][0]["id"]
    world.caller().get(f"/filings/{filing}/timeline").ok(200)
    assert "1.9" not in met(world, "faq")
    world.caller().get(f"/filings/{filing}").ok(200)
    assert "1.9" in met(world, "faq")


SHOWN: dict[str, tuple[str, Callable[[World], object]]] = {
    "a state that was reached": ("1.9", lambda world: (world.declared(), world.advance(until="idle"))),
    "a scenario that answered": ("2.6", lambda world: _look_at_the_receipts(world, world.declared(scenario="reject"))),
    "a situation that was entered": (
        "2.4",
        lambda world: (world.enter("not_synced"), world.caller("card").get("/enterprise")),
    ),
    "a misbehaviour in force": ("2.7", lambda world: _print(world, "print_blurred")),
    "a refusal": ("1.5", lambda world: world.begin("change", "card", "password")),
    "a call that is refused in the words of another": (
        "2.18",
        lambda world: (world.enter("dual_not_printable"), world.caller("card").get("/enterprise/certificate.pdf")),
    ),
}
"""By each part that cites entries: one of them, and what a client does to meet its behaviour."""


def _look_at_the_receipts(world: World, filing: str) -> None:
    world.advance(until="idle")
    world.caller().get(f"/filings/{filing}/receipts").ok(200)


def _print(world: World, fault: str) -> None:
    world.control.post("/faults", {"fault": fault}).ok(201)
    world.caller("card").get("/enterprise/certificate.pdf").ok(200)


@journalled
@pytest.mark.parametrize("part", SHOWN)
def test_an_entry_is_met_by_whatever_cites_it_once_the_client_saw_it(part: str, world: World) -> None:
    entry, meet = SHOWN[part]
    assert entry not in met(world, "faq")
    meet(world)
    assert entry in met(world, "faq")


@journalled
def test_what_only_levers_did_no_client_has_met(world: World) -> None:
    """A filing walked to its end, a scenario pinned, a situation, a glitch: none of them an entry, until somebody
    looks."""
    filing = world.make("filing", state="rejected")["id"]
    world.enter("stuck_stored")
    world.control.post("/faults", {"fault": "print_truncated"}).ok(201)
    world.control.post("/fixtures/filing", {"content": {"filing_scope": ["customs"]}, "state": "declared"}).ok(422)
    assert met(world, "state") >= {"registration.rejected", "registration.stored"}
    assert (met(world, "faq"), met(world, "refusal")) == (set(), set())
    world.caller("card").get(f"/filings/{filing}").refused(404, "not_found")
    assert met(world, "faq") == set()
    world.caller().get(f"/filings/{_newest(world)}").ok(200)
    assert met(world, "faq") == {"1.9"}


@journalled
def test_an_approval_from_end_to_end_is_the_normal_course_of_1_9(world: World) -> None:
    world.declared(scenario="approve")
    world.advance(until="idle")
    assert met(world, "scenario") == {"approve"}
    assert "registration.approved" in met(world, "state")
    assert met(world, "faq") == {"1.9"}


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
        "situation": before["situation"] | {"print_blurred"},
        "glitch": {"print_blurred"},
    }
    world.control.post("/reset").ok(200)
    assert {name: met(world, name) for name in parts(world)} == after


FORGOTTEN: dict[str, tuple[tuple[str, str], Callable[[World], object], Callable[[World], object]]] = {
    "a stuck filing that a desk has healed": (
        ("scenario", "stuck"),
        lambda world: world.enter("stuck_sent"),
        lambda world: _ask_the_platform(world),
    ),
    "a scenario a declaration met, healed": (
        ("scenario", "customs_cannot_see"),
        lambda world: (world.declared(scenario="customs_cannot_see"), world.wait(hours=2)),
        lambda world: _ask_customs(world),
    ),
    "a scenario that was pinned and replaced": (
        ("scenario", "slow"),
        lambda world: world.control.put(f"/filings/{world.declared()}/scenario", {"scenario": "slow"}),
        lambda world: world.control.put(f"/filings/{_newest(world)}/scenario", {"scenario": "by_hand"}),
    ),
    "a glitch that was taken away": (
        ("glitch", "usd_delayed"),
        lambda world: world.control.post("/faults", {"fault": "usd_delayed"}),
        lambda world: world.control.delete(f"/faults/{world.control.get('/faults')['results'][0]['id']}"),
    ),
    "a misbehaviour a desk has mended": (
        ("glitch", "sync_fails_once"),
        lambda world: world.enter("sync_fails_once"),
        lambda world: _ask_customs(world, "sync", "card"),
    ),
    "a draft that was deleted": (
        ("state", "registration.draft"),
        lambda world: world.draft(),
        lambda world: world.caller().delete(f"/filings/{_newest(world)}"),
    ),
    "a refusal whose exchange was cleared away": (
        ("refusal", "category_not_printable"),
        lambda world: world.caller("category:00010000").get("/enterprise/certificate.pdf"),
        lambda world: world.control.delete("/journal"),
    ),
    "a call whose exchange was cleared away": (
        ("faq", "2.15"),
        lambda world: (world.enter("overdue_mirror"), world.caller("card").get("/enterprise")),
        lambda world: world.control.delete("/journal"),
    ),
}
"""What was met, how, and what takes its trace away."""


def _newest(world: World) -> str:
    filing: str = world.control.get("/filings")["results"][0]["id"]
    return filing


def _ask_the_platform(world: World) -> None:
    world.caller().post("/tickets", {"desk": "platform", "topic": "status", "filing": _newest(world)}).ok(201)
    world.wait(hours=1)
    assert world.control.get(f"/filings/{_newest(world)}/explain")["scenario"]["name"] == "approve"


def _ask_customs(world: World, topic: str = "status", role: str = "cardless") -> None:
    filing = {"filing": _newest(world)} if topic == "status" else {}
    world.caller(role).post("/tickets", {"desk": "customs", "topic": topic, **filing}).ok(201)
    world.wait(hours=1)


@journalled
@pytest.mark.parametrize("what", FORGOTTEN)
def test_what_was_met_stays_met(what: str, world: World) -> None:
    (part, name), meet, take_away = FORGOTTEN[what]
    meet(world)
    before = {one: met(world, one) for one in parts(world)}
    assert name in before[part]
    take_away(world)
    after = {one: met(world, one) for one in parts(world)}
    assert {one: before[one] - after[one] for one in before} == {one: set() for one in before}


@journalled
def test_what_the_journal_has_no_room_for_any_more_stays_met(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.caller("category:00010000").get("/enterprise/certificate.pdf").refused(403, "category_not_printable")
    monkeypatch.setattr(journal, "KEPT", 2)
    for _ in range(4):
        world.caller().get("/tickets").ok(200)
    call_command("worker", "--once")
    assert "category_not_printable" not in {row["code"] for row in world.control.get("/journal").ok(200)["results"]}
    assert met(world, "refusal") == {"category_not_printable"}


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
    assert (suites["refusal"].get("tests"), suites["refusal"].get("skipped")) == (
        str(told["of"]),
        str(told["of"] - told["met"]),
    )


def test_as_a_page_it_is_marked_as_a_simulation(world: World) -> None:
    told = world.control.get("/coverage?format=html").ok(200)
    assert told.headers["Content-Type"].startswith("text/html")
    page = told.body.decode()
    assert "模拟" in page
    assert "只有有卡用户使用卡介质方式登录" in page


def test_another_format_there_is_not(world: World) -> None:
    for wrong in ("pdf", ""):
        world.control.get(f"/coverage?format={wrong}").refused(400, "unknown_parameter")


KINDS = {"json": "application/json", "html": "text/html", "junit": "application/xml"}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        ("", "", "json"),
        ("", "*/*", "json"),
        ("", "application/json", "json"),
        ("", "text/html", "html"),
        ("", "application/xml", "junit"),
        ("", BROWSER, "html"),
        ("", "application/xml;q=0.5, text/html;q=0.4", "junit"),
        *((f"?format={name}", accept, name) for name, accept in KINDS.items()),
        ("?format=junit", "*/*", "junit"),
        ("?format=junit", "application/json", "junit"),
        ("?format=html", "", "html"),
        ("?format=json", BROWSER, "json"),
    ],
)
def test_every_format_is_one_that_accept_may_name(query: str, accept: str, kind: str, world: World) -> None:
    headers = {"Accept": accept} if accept else {}
    for answer in (
        world.control.get(f"/coverage{query}", **headers),
        Caller(CONTROL).post(f"/coverage{query}", {"sandboxes": [world.id]}, **headers),
    ):
        assert answer.ok(200).headers["Content-Type"].partition(";")[0] == KINDS[kind]


def test_what_is_sent_in_no_format_is_406(world: World) -> None:
    world.control.get("/coverage", Accept="image/png").refused(406, "not_acceptable")
    world.control.get("/clock", Accept="text/html").refused(406, "not_acceptable")


# ── of several as one ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_coverage_of_several_is_what_any_of_them_has_met(world: World, other_world: World) -> None:
    world.begin("change", "card", "password").refused(403, "card_login_required")
    other_world.submit(other_world.draft(), "cardless", "password").ok(200)
    told = Caller(CONTROL).post("/coverage", {"sandboxes": [world.id, other_world.id, world.id]}).ok(200)
    assert told["sandboxes"] == [world.id, other_world.id]
    merged = {one["part"]: {row["name"] for row in one["rows"] if row["met"]} for one in told["parts"]}
    assert merged == {part: met(world, part) | met(other_world, part) for part in merged}
    assert merged["refusal"] == {"card_login_required"}
    assert "registration.declared" in merged["state"]
    assert [(one["met"], one["of"]) for one in told["parts"]] == [
        (len(merged[one["part"]]), len(one["rows"])) for one in told["parts"]
    ]
    alone = Caller(CONTROL).post("/coverage", {"sandboxes": [world.id]}).ok(200)
    assert alone["parts"] == world.control.get("/coverage")["parts"]


def test_of_several_there_is_a_report_and_a_page_too(world: World, other_world: World) -> None:
    world.begin("change", "card", "password").refused(403, "card_login_required")
    both = {"sandboxes": [other_world.id, world.id]}
    report = ElementTree.fromstring(Caller(CONTROL).post("/coverage?format=junit", both).ok(200).body)
    cases = {
        case.get("name"): case.find("skipped") for suite in report if suite.get("name") == "refusal" for case in suite
    }
    assert report.get("name") == f"{other_world.id}、{world.id}"
    assert cases["card_login_required"] is None
    assert cases["category_locked"] is not None
    page = Caller(CONTROL).post("/coverage?format=html", both).ok(200).body.decode()
    assert f"2 个沙箱合计：{other_world.id}、{world.id}" in " ".join(page.split())


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"/sandboxes": "required"}),
        ({"sandboxes": []}, {"/sandboxes": "min_length"}),
        ({"sandboxes": "demo"}, {"/sandboxes": "not_a_list"}),
        ({"sandboxes": [1]}, {"/sandboxes/0": "type_mismatch"}),
    ],
)
def test_what_is_no_list_of_sandboxes_is_told(body: dict[str, Any], errors: dict[str, str], world: World) -> None:
    refused = Caller(CONTROL).post("/coverage", body).ok(422)
    assert refused.errors == errors


def test_those_there_are_not_are_named(world: World) -> None:
    refused = (
        Caller(CONTROL).post("/coverage", {"sandboxes": ["sb-gone", world.id, "sb-never"]}).refused(404, "not_found")
    )
    assert refused["detail"] == "没有沙箱：sb-gone、sb-never"
    assert "GET /control/v1/sandboxes" in refused["remedy"]
