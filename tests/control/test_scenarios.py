"""Scenarios, actions by hand, situations, and why a filing is where it is."""

import re
from itertools import pairwise

import pytest

from filings.rules.events import Verb
from filings.rules.scenarios import CATALOGUE
from tests.api.client import CONTROL, Caller, World
from tests.states import CUSTOMS, STEPS, UNDECIDED

ROAD = [*UNDECIDED]
WALKS = {
    "approve": ([*ROAD, "approved"], ["09:00", "09:01", "09:10", "10:00", "09:00"]),
    "approve; pace=fast": ([*ROAD, "approved"], ["09:00:00", "09:00:02", "09:00:10", "09:00:20", "09:01:00"]),
    "approve_auto": (["declared", "sent", "stored", "approved"], None),
    "reject": ([*ROAD, "rejected"], None),
    "reject; reason=address_mismatch; pace=fast": ([*ROAD, "rejected"], None),
    "stuck; at=declared": (ROAD[:1], None),
    "stuck": (ROAD[:2], None),
    "stuck; at=sent": (ROAD[:2], None),
    "stuck; at=stored": (ROAD[:3], None),
    "stuck; at=manual_review": (ROAD, None),
    "customs_cannot_see": (ROAD[:3], None),
    "slow": ([*ROAD, "approved"], None),
    "slow; days=3": ([*ROAD, "approved"], None),
    "by_hand": (ROAD[:1], None),
    "inspect": ([*ROAD, "rejected"], ["09:00", "09:01", "09:10", "10:00", "09:00"]),
    "inspect; attachments=none; pace=fast": (
        [*ROAD, "approved"],
        ["09:00:00", "09:00:02", "09:00:10", "09:00:20", "09:01:00"],
    ),
}


def statuses(world: World, filing: str) -> list[str]:
    return [step["to"] for step in world.caller().get(f"/filings/{filing}/timeline").ok(200)["results"]][1:]


def scenario_of(world: World, filing: str) -> tuple[str, str] | None:
    chosen = world.control.get(f"/filings/{filing}/explain").ok(200)["scenario"]
    return chosen and (chosen["text"], chosen["source"])


def test_every_scenario_of_the_catalogue_is_tried_here() -> None:
    assert {walk.partition(";")[0] for walk in WALKS} == set(CATALOGUE)


@pytest.mark.parametrize("scenario", WALKS)
def test_a_scenario_takes_a_declaration_exactly_where_it_says(scenario: str, world: World) -> None:
    walk, times = WALKS[scenario]
    filing = world.declared(scenario=scenario)
    world.advance(until="idle")
    steps = world.caller().get(f"/filings/{filing}/timeline")["results"][1:]
    assert [step["to"] for step in steps] == walk
    if times:
        assert [step["at"][11 : 11 + len(times[0])] for step in steps] == times
    receipts = world.caller().get(f"/filings/{filing}/receipts")["results"]
    assert [(row["status"], row["at"]) for row in receipts] == [(step["to"], step["at"]) for step in steps[1:]]
    assert scenario_of(world, filing) == (scenario, "header")


@pytest.mark.parametrize(("days", "decided"), [("3", "2021-12-04"), ("10", "2021-12-11"), ("1", "2021-12-02")])
def test_slow_takes_as_many_days_as_it_is_told(days: str, decided: str, world: World) -> None:
    filing = world.declared(scenario=f"slow; days={days}")
    world.advance(until="idle")
    assert world.caller().get(f"/filings/{filing}")["status_since"] == f"{decided}T09:00:00+08:00"


def test_the_catalogue_tells_what_the_contract_asks_for() -> None:
    told = Caller(CONTROL).get("/scenarios").ok(200)
    rows = {row["name"]: row for row in told["results"]}
    assert set(rows) == set(CATALOGUE)
    assert (rows["inspect"]["visits"], rows["inspect"]["outcomes"]) == (ROAD, ["approved", "rejected"])
    assert parameters_of(rows["inspect"])["attachments"]["choices"][:2] == ["none", "record_form"]
    assert [name for name, row in rows.items() if not row["outcomes"]] == ["stuck", "customs_cannot_see", "by_hand"]
    assert rows["approve"]["visits"] == [*ROAD, "approved"]
    assert rows["approve_auto"]["visits"] == ["declared", "sent", "stored", "approved"]
    assert rows["approve"]["pace"]["normal"] == {"send": 60, "store": 600, "route_manual": 3600, "decision": 86400}
    assert rows["approve"]["pace"]["fast"] == {"send": 2, "store": 10, "route_manual": 20, "decision": 60}
    parameters = {name: {one["name"]: one for one in row["parameters"]} for name, row in rows.items()}
    assert set(parameters["reject"]) == {"reason", "pace"}
    assert set(parameters["reject"]["reason"]["choices"]) == {one["code"] for one in told["reasons"]}
    assert parameters["stuck"]["at"]["choices"] == ROAD
    assert (parameters["slow"]["days"]["minimum"], parameters["slow"]["days"]["maximum"]) == (1, 365)
    assert all("pace" in parameter for name, parameter in parameters.items() if name != "by_hand")
    ways = {name: row["visits_by_kind"].get("mofcom_change") for name, row in rows.items()}
    assert ways == {
        "approve": ["declared", "approved"],
        "approve_auto": ["declared", "approved"],
        "slow": ["declared", "approved"],
        "reject": ["declared", "rejected"],
        "stuck": ["declared"],
        "by_hand": ["declared"],
        "customs_cannot_see": None,
        "inspect": None,
    }
    assert all(
        row["visits_by_kind"][kind] == row["visits"]
        for row in rows.values()
        for kind in {"registration", "deregistration"} & {*row["kinds"]}
    )


def parameters_of(row: dict) -> dict:
    return {one["name"]: one for one in row["parameters"]}


# ── who chooses ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_header_goes_before_what_is_pinned_and_that_before_the_sandboxs(world: World) -> None:
    world.control.put("/scenario", {"scenario": "stuck; at=stored"}).ok(200)
    chosen = {}
    for pinned, header in ((None, None), ("by_hand", None), ("by_hand", "approve_auto"), (None, "slow; days=2")):
        draft = world.draft()
        if pinned:
            assert world.control.put(f"/filings/{draft}/scenario", {"scenario": pinned}).ok(200)["scenario"] == pinned
        answer = world.declare(draft, **({"X_Sim_Scenario": header} if header else {})).ok(200)
        chosen[pinned, header] = scenario_of(world, draft)
        assert answer.headers.get("X-Sim-Scenario") == (f"{header}; source=header" if header else None)
        world.act(draft, "advance", to="rejected").ok(200)
    assert list(chosen.values()) == [
        ("stuck; at=stored", "sandbox"),
        ("by_hand", "pinned"),
        ("approve_auto", "header"),
        ("slow; days=2", "header"),
    ]


def test_what_was_chosen_on_declaring_stands_though_the_default_changes(world: World) -> None:
    filing = world.declare().ok(200)["id"]
    world.control.put("/scenario", {"scenario": "reject"}).ok(200)
    world.advance(until="idle")
    assert world.caller().get(f"/filings/{filing}")["status"] == "approved"


def test_pinned_on_a_filing_on_its_way_it_counts_from_there_on(world: World) -> None:
    filing = world.declared(scenario="stuck; at=stored")
    world.advance(until="idle")
    world.control.put(f"/filings/{filing}/scenario", {"scenario": "reject; pace=fast"}).ok(200)
    world.advance(until="idle")
    assert statuses(world, filing) == [*ROAD, "rejected"]
    assert scenario_of(world, filing) == ("reject; pace=fast", "pinned")


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [
        ("aprove", "approve"),
        ("stuk; at=sent", "stuck"),
        ("reject; raeson=other", "reason"),
        ("reject; reason=adress_mismatch", "address_mismatch"),
        ("stuck; at=sned", "sent"),
        ("approve; pace=faster", "fast"),
        ("slow; days=0", ""),
        ("slow; days=366", ""),
        ("slow; days=１０", ""),
        ("slow; days=x", ""),
        ("reject; reason", "reason"),
        ("approve; reason=other", "pace"),
        ("reject; reason=other; reason=address_mismatch", "reason"),
        ("approve; pace=fast; pace=fast", "pace"),
    ],
)
def test_an_unknown_name_or_parameter_is_refused_with_the_nearest(wrong: str, nearest: str, world: World) -> None:
    draft = world.draft()
    attempts = [
        world.control.put("/scenario", {"scenario": wrong}),
        world.control.put(f"/filings/{draft}/scenario", {"scenario": wrong}),
    ]
    if wrong.isascii():
        attempts.append(world.declare(draft, X_Sim_Scenario=wrong))
    for answer in attempts:
        refused = answer.refused(400, "unknown_scenario")
        assert nearest in refused["nearest"] or not nearest
    assert world.caller().get(f"/filings/{draft}")["status"] == "draft"
    assert world.control.get("")["scenario"] == "approve"


@pytest.mark.parametrize("nothing", ["", "  "])
def test_a_header_in_which_nothing_arrived_is_refused_not_overlooked(nothing: str, world: World) -> None:
    """Such a header is what the server leaves of `X-Sim-Scenario: 拒绝`."""
    draft = world.draft()
    refused = world.declare(draft, X_Sim_Scenario=nothing).refused(400, "unknown_scenario")
    assert "ASCII" in refused["detail"]
    assert world.caller().get(f"/filings/{draft}")["status"] == "draft"
    assert "ASCII" in world.caller().get("/filings", X_Sim_Fault=nothing).refused(400, "unknown_fault")["detail"]


def test_blanks_in_a_scenario_do_not_matter(world: World) -> None:
    assert world.control.put("/scenario", {"scenario": " stuck ;at = sent ; "}).ok(200)["scenario"] == "stuck; at=sent"


def test_a_header_changes_nothing_a_get_answers(world: World) -> None:
    filing, mine = world.draft(), world.caller()
    for path in (f"/filings/{filing}", "/filings", "/enterprise"):
        assert (
            mine.get(path, X_Sim_Scenario="reject").json
            == mine.get(path, X_Sim_Scenario="no such thing").json
            == mine.get(path).json
        )


# ── by hand ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_step_can_be_taken_by_hand_with_its_receipt(world: World) -> None:
    filing = world.declared()
    for n, (action, status) in enumerate(
        [("send", "sent"), ("store", "stored"), ("route_manual", "manual_review"), ("approve", "approved")], start=1
    ):
        done = world.act(filing, action).ok(200)
        assert (done["status"], done["version"]) == (status, n + 2)
        assert [row["status"] for row in world.caller().get(f"/filings/{filing}/receipts")["results"]][n - 1 :] == [
            status
        ]


@pytest.mark.parametrize("to", ["sent", "stored", "manual_review", "approved", "rejected"])
@pytest.mark.parametrize("begin", ["declared", "stored"])
def test_advance_walks_every_state_between_and_leaves_each_receipt(begin: str, to: str, world: World) -> None:
    filing = world.draft()
    world.bring(filing, begin)
    road = [*ROAD, to] if to in ("approved", "rejected") else ROAD
    answer = world.act(filing, "advance", to=to)
    if road.index(to) <= road.index(begin):
        refused = answer.refused(409, "illegal_transition")
        assert (refused["from"], refused["action"]) == (begin, "advance")
        assert refused["allowed"]
        return
    assert answer.ok(200)["status"] == to
    assert statuses(world, filing) == road[: road.index(to) + 1]
    assert [row["status"] for row in world.caller().get(f"/filings/{filing}/receipts")["results"]] == road[
        1 : road.index(to) + 1
    ]


def allowed(status: str) -> list[str]:
    """What the authorities may do in a status."""
    return CUSTOMS.may("platform", status) + CUSTOMS.may("customs", status)


@pytest.mark.parametrize("status", CUSTOMS.states)
@pytest.mark.parametrize("action", STEPS[1:])
def test_an_illegal_step_is_refused_with_what_is_allowed(action: str, status: str, world: World) -> None:
    filing = world.draft()
    world.bring(filing, status)
    before = world.caller().get(f"/filings/{filing}").json
    told = next(row for row in world.control.get("/filings").ok(200)["results"] if row["id"] == filing)
    assert told["allowed"] == allowed(status)
    answer = world.act(filing, action)
    if action in allowed(status):
        answer.ok(200)
        return
    refused = answer.refused(409, "illegal_transition")
    assert (refused["from"], refused["action"]) == (status, action)
    assert set(refused["allowed"]) <= set(allowed(status))
    assert world.caller().get(f"/filings/{filing}").json == before


def test_a_rejection_by_hand_takes_its_words_and_no_other_step_does(world: World) -> None:
    filing = world.declared()
    assert world.act(filing, "send", reason_code="other").errors == {"/reason_code": "unknown_field"}
    assert world.act(filing, "advance").errors == {"/to": "required"}
    assert world.act(filing, "advance", to="draft").errors == {"/to": "unknown_code"}
    world.act(filing, "dance").refused(404, "not_found")
    world.act(filing, "advance", to="stored").ok(200)
    assert (
        world.act(filing, "reject", reason_code="own", public_comment="外", internal_comment="内").ok(200)["status"]
        == "rejected"
    )


def test_what_is_held_stays_and_what_fell_due_meanwhile_comes_on_release(world: World) -> None:
    filing = world.declared(scenario="approve")
    assert world.act(filing, "hold").ok(200)["held"] is True
    assert world.act(filing, "hold").ok(200)["held"] is True
    assert world.wait(days=3)["fired"] == []
    told = world.control.get(f"/filings/{filing}/explain").ok(200)
    assert (told["held"], told["status"], told["next_event"]) == (True, "declared", None)
    assert any("release" in way for way in told["unblock"])
    assert world.act(filing, "release").ok(200)["held"] is False
    world.advance(until="idle")
    steps = world.caller().get(f"/filings/{filing}/timeline")["results"][2:]
    assert [step["to"] for step in steps] == ["sent", "stored", "manual_review", "approved"]
    assert {step["at"] for step in steps} == {"2021-12-04T09:00:00+08:00"}


# ── why it is where it is ─────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("scenario", WALKS)
def test_explain_tells_who_chose_and_what_comes_next_at_every_step(scenario: str, world: World) -> None:
    filing = world.declared(scenario=scenario)
    for step in [*WALKS[scenario][0][1:], None]:
        told = world.control.get(f"/filings/{filing}/explain").ok(200)
        assert (told["scenario"]["text"], told["scenario"]["source"]) == (scenario, "header")
        assert told["unblock"]
        if step is None:
            assert told["next_event"] is None
            continue
        fired = world.advance(until="next_event")["fired"]
        assert told["next_event"] == {
            "at": fired[0]["at"],
            "verb": fired[0]["verb"],
            "label": Verb(fired[0]["verb"]).label,
        }
        assert world.caller().get(f"/filings/{filing}")["status"] == step
    if told["status"] in ROAD and scenario != "by_hand":
        assert any("tickets" in way for way in told["unblock"])


def test_explain_tells_which_rules_refused_and_which_warn(world: World) -> None:
    draft = world.draft(customs_office="5301", express_operator=None, parent_relation=None, filing_scope=["customs"])
    world.declare(draft).refused(422, "single_qualification_not_allowed")
    told = {
        one["code"]: (one["faq"], one["sentence"])
        for one in world.control.get(f"/filings/{draft}/explain").ok(200)["rules"]
    }
    assert told["single_qualification_not_allowed"][0] == "1.8"
    assert told["not_recommended_office"] == ("1.2", "深圳企业选择推荐的注册海关（福中海关 5355）")
    assert told["record_form_missing"][0] == "2.17"


def test_what_strangers_met_at_a_filing_is_not_told_of_it(world: World) -> None:
    filing = world.declared()
    for stranger in ("card", "personal"):
        assert world.caller(stranger).patch(f"/filings/{filing}", {"content": {}}).status in (403, 404)
    assert {one["code"] for one in world.control.get(f"/filings/{filing}/explain").ok(200)["rules"]} == {
        "record_form_missing"
    }
    world.caller().patch(f"/filings/{filing}", {"content": {}}).refused(409, "illegal_transition")
    world.act(filing, "approve").refused(409, "illegal_transition")
    told = [one["code"] for one in world.control.get(f"/filings/{filing}/explain").ok(200)["rules"]]
    assert told == ["illegal_transition", "record_form_missing"]


def test_explain_of_a_draft_tells_what_is_pinned_and_that_it_waits_for_its_declaration(world: World) -> None:
    draft = world.draft()
    world.control.put(f"/filings/{draft}/scenario", {"scenario": "reject"}).ok(200)
    told = world.control.get(f"/filings/{draft}/explain").ok(200)
    assert (told["scenario"], told["pinned_scenario"], told["next_event"], told["advice"]["code"]) == (
        None,
        "reject",
        None,
        "submit",
    )
    world.control.get("/filings/F999999/explain").refused(404, "not_found")


# ── situations and the machine ────────────────────────────────────────────────────────────────────────────────────


def test_the_situations_are_told_with_their_entry(world: World) -> None:
    rows = {row["name"]: row["faq"] for row in Caller(CONTROL).get("/situations").ok(200)["results"]}
    assert rows.items() >= {"standard": None, "empty": None, "stale_form": "2.10"}.items()
    refused = world.control.post("/situation", {"situation": "stale_from"}).refused(400, "unknown_situation")
    assert "stale_form" in refused["known"]
    world.control.post("/situation", {"situation": "stale_form", "uscc": "91440399MAMK0999XX"}).refused(
        404, "not_found"
    )


def test_a_world_can_be_emptied_and_filled_again(world: World) -> None:
    world.draft()
    world.control.post("/situation", {"situation": "empty"}).ok(200)
    assert world.control.get("")["accounts"] == []
    world.caller().get("/filings").refused(401, "not_authenticated")
    world.control.post("/situation", {"situation": "standard"}).ok(200)
    assert world.caller().get("/filings").ok(200)["results"] == []


def test_the_machine_of_a_change_with_commerce_is_short_and_its_own() -> None:
    machine = Caller(CONTROL).get("/machine?kind=mofcom_change").ok(200)
    assert [state["code"] for state in machine["states"]] == ["draft", "declared", "approved", "rejected"]
    assert {(edge["from"], edge["action"], edge["to"], edge["by"]) for edge in machine["edges"]} == {
        ("draft", "declare", "declared", "applicant"),
        ("declared", "approve", "approved", "mofcom"),
        ("declared", "reject", "rejected", "mofcom"),
    }
    assert machine["actions"] == {"declare": "applicant", "approve": "mofcom", "reject": "mofcom"}
    assert "declared --> approved : 审批通过（商务部门）" in machine["mermaid"]
    assert {guard["code"] for guard in machine["guards"]} >= {"mofcom_record_not_found", "client_control_unavailable"}
    assert {one["kind"]: one["handlers"] for one in machine["kinds"]}["mofcom_change"] == ["mofcom"]
    Caller(CONTROL).get("/machine?kind=x").refused(400, "unknown_parameter")


def test_the_machine_is_told_as_data_and_as_a_drawing_of_the_same() -> None:
    machine = Caller(CONTROL).get("/machine").ok(200)
    assert [state["code"] for state in machine["states"]] == ["draft", *ROAD, "approved", "rejected"]
    edges = {(edge["from"], edge["to"]) for edge in machine["edges"]}
    assert edges == {
        ("draft", "declared"),
        *pairwise(ROAD),
        ("stored", "approved"),
        ("stored", "rejected"),
        ("manual_review", "approved"),
        ("manual_review", "rejected"),
    }
    assert {(edge["from"], edge["action"]) for edge in machine["edges"] if edge["by"] != "applicant"} == {
        (status, action) for status in ROAD for action in allowed(status)
    }
    drawn = set(re.findall(r"^ +(\w+) --> (\w+) :", machine["mermaid"], re.M))
    assert drawn == edges
    assert machine["mermaid"].startswith("stateDiagram-v2")
    assert {guard["code"] for guard in machine["guards"]} >= {
        "not_enterprise_user",
        "open_application_exists",
        "already_registered_at_customs",
    }
