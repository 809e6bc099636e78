"""Which scenario answers: the queue, magic names, and their places in the order of the contract; raw receipts."""

import pytest

from filings.rules.numbers import uscc_complete
from tests.api.client import World

pytestmark = pytest.mark.django_db


def source(world: World, filing: str) -> tuple[str, str]:
    told = world.control.get(f"/filings/{filing}/explain").ok(200)["scenario"]
    return told["text"], told["source"]


def queue(world: World, scenario: str, **more: object) -> str:
    identifier: str = world.control.post("/scenario-queue", {"scenario": scenario, **more}).ok(201)["id"]
    return identifier


def test_the_queue_answers_the_next_declarations_in_turn_and_then_no_more(world: World) -> None:
    queue(world, "reject; reason=address_mismatch", times=2)
    queue(world, "stuck; at=sent")
    left = [(row["scenario"], row["left"]) for row in world.control.get("/scenario-queue").ok(200)["results"]]
    assert left == [("reject; reason=address_mismatch", 2), ("stuck; at=sent", 1)]
    met = []
    for role in ("cardless", *[None] * 3):
        uscc = (
            world.accounts["cardless"]["uscc"]
            if role
            else world.control.post("/fixtures/enterprise", {}).ok(201)["uscc"]
        )
        draft = world.control.post("/fixtures/filing", {"uscc": uscc}).ok(201)["id"]
        token = world.control.post("/fixtures/account", {"uscc": uscc}).ok(201)["token"]
        world.caller().post(f"/filings/{draft}/declare", token=token).ok(200)
        met.append(source(world, draft))
    assert met == [
        ("reject; reason=address_mismatch", "queue"),
        ("reject; reason=address_mismatch", "queue"),
        ("stuck; at=sent", "queue"),
        ("approve", "sandbox"),
    ]
    assert world.control.get("/scenario-queue")["results"] == []


def test_a_place_in_the_queue_may_be_for_one_kind_or_one_enterprise_only(world: World) -> None:
    queue(world, "slow; days=9", match={"kind": "change"})
    queue(world, "slow; days=8", match={"uscc": world.accounts["card"]["uscc"]})
    queue(world, "approve_auto", match={"kind": "registration", "uscc": world.accounts["cardless"]["uscc"]})
    filing = world.declare().ok(200)["id"]
    assert source(world, filing) == ("approve_auto", "queue")
    assert [row["scenario"] for row in world.control.get("/scenario-queue")["results"]] == [
        "slow; days=9",
        "slow; days=8",
    ]


def test_a_place_for_an_enterprise_there_is_not_is_told_for_its_turn_would_never_come(world: World) -> None:
    """A slip of the pen that passes the check digit, and one that does not."""
    uscc = world.accounts["cardless"]["uscc"]
    body = {"scenario": "reject", "match": {"uscc": uscc_complete(f"{uscc[:15]}9")}}
    refused = world.control.post("/scenario-queue", body).refused(422, "never_matches")
    assert refused.errors == {"/match/uscc": "never_matches"}
    assert "最接近的是 91440399MAMK" in refused["errors"][0]["detail"]
    wrong = {"scenario": "reject", "match": {"uscc": uscc[:-1] + "X"}}
    assert world.control.post("/scenario-queue", wrong).ok(422).errors == {"/match/uscc": "uscc_invalid"}
    assert world.control.get("/scenario-queue")["results"] == []


def test_what_is_queued_can_be_taken_back(world: World) -> None:
    queued = queue(world, "by_hand")
    world.control.delete(f"/scenario-queue/{queued}").ok(204)
    world.control.delete(f"/scenario-queue/{queued}").refused(404, "not_found")
    assert source(world, world.declare().ok(200)["id"]) == ("approve", "sandbox")


@pytest.mark.parametrize("body", [{"scenario": "aprove"}, {"scenario": "reject; reason=none"}])
def test_a_scenario_nobody_knows_is_not_queued(body: dict, world: World) -> None:
    assert world.control.post("/scenario-queue", body).refused(400, "unknown_scenario")["nearest"]
    assert world.control.get("/scenario-queue")["results"] == []


@pytest.mark.parametrize("code", ["x", "9" * 40])
def test_a_place_for_an_enterprise_that_cannot_be_is_not_kept(code: str, world: World) -> None:
    wanted = {"scenario": "reject", "match": {"uscc": code}}
    assert world.control.post("/scenario-queue", wanted).ok(422).errors == {"/match/uscc": "uscc_invalid"}


def test_a_name_may_choose_the_scenario_unless_that_is_switched_off(world: World) -> None:
    filing = world.declare(world.draft(name_cn="SIM_REJECT 深圳市演练有限公司")).ok(200)["id"]
    assert source(world, filing) == ("reject", "name")
    world.control.post("/reset").ok(200)
    assert world.control.patch("", {"magic_names": False}).ok(200)["magic_names"] is False
    filing = world.declare(world.draft(name_cn="SIM_REJECT 深圳市演练有限公司")).ok(200)["id"]
    assert source(world, filing) == ("approve", "sandbox")


@pytest.mark.parametrize("name", ["SIM_DANCE 公司", "sim_reject 公司", "深圳市SIM_REJECT公司", "SIM_"])
def test_other_names_choose_nothing(name: str, world: World) -> None:
    assert source(world, world.declare(world.draft(name_cn=name)).ok(200)["id"])[1] == "sandbox"


def test_the_first_match_wins_header_pinned_queue_name_default(world: World) -> None:
    def declared(
        *, header: bool = False, pinned: bool = False, queued: bool = False, named: bool = False
    ) -> tuple[str, str]:
        world.control.post("/reset").ok(200)
        world.control.put("/scenario", {"scenario": "slow; days=5"}).ok(200)
        draft = world.draft(**({"name_cn": "SIM_BY_HAND 公司"} if named else {}))
        if pinned:
            world.control.put(f"/filings/{draft}/scenario", {"scenario": "slow; days=2"}).ok(200)
        if queued:
            queue(world, "slow; days=3")
        headers = {"X_Sim_Scenario": "slow; days=1"} if header else {}
        return source(world, world.declare(draft, **headers).ok(200)["id"])

    assert declared(header=True, pinned=True, queued=True, named=True) == ("slow; days=1", "header")
    assert declared(pinned=True, queued=True, named=True) == ("slow; days=2", "pinned")
    assert declared(queued=True, named=True) == ("slow; days=3", "queue")
    assert declared(named=True) == ("by_hand", "name")
    assert declared() == ("slow; days=5", "sandbox")


def test_a_refused_declaration_takes_nothing_out_of_the_queue(world: World) -> None:
    queue(world, "reject")
    world.caller().post(f"/filings/{world.draft(address_cn=None)}/declare").refused(422, "invalid_content")
    assert [row["left"] for row in world.control.get("/scenario-queue")["results"]] == [1]


def test_a_raw_receipt_reaches_the_mailbox_and_moves_nothing(world: World) -> None:
    filing, mine = world.declared(), world.caller()
    world.act(filing, "send").ok(200)
    before = mine.get(f"/filings/{filing}").json
    raw = {"status": "approved", "text": "迟到的回执", "at": "2021-11-30T08:00:00+08:00", "public_comment": "secret"}
    injected = world.control.post(f"/filings/{filing}/receipts", raw).ok(201)
    assert (injected["status"], injected["at"]) == ("approved", "2021-11-30T08:00:00+08:00")
    world.control.post(f"/filings/{filing}/receipts", {"status": "sent"}).ok(201)
    box = mine.get("/receipts").ok(200)["results"]
    assert [(one["status"], one["text"]) for one in box] == [
        ("sent", "成功发往海关"),
        ("approved", "迟到的回执"),
        ("sent", "成功发往海关"),
    ]
    assert not any("reason" in one for one in box)
    assert mine.get(f"/filings/{filing}").json == before
    world.control.post(f"/filings/{filing}/receipts", {"status": "draft"}).ok(422)
    world.control.post("/filings/F999999/receipts", {"status": "sent"}).refused(404, "not_found")
