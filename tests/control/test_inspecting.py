"""Customs that reads: a declaration is decided by the register of enterprises and its attachments, as they stand when
the decision is due."""

from __future__ import annotations

from typing import Any

import pytest

from filings.rules.numbers import uscc_complete
from filings.rules.scenarios import REASONS
from filings.rules.words import Category
from tests.api.client import CONTROL, Caller, World

ELSEWHERE = "广东省深圳市福田区福中三路1008号"


def register(world: World, role: str = "cardless", **facts: Any) -> None:
    """Lay facts over what market regulation holds of a role's enterprise."""
    world.control.put(f"/ledgers/market/{world.uscc(role)}", facts).ok(200)


def inspected(
    world: World, filing: str, role: str = "cardless", medium: str = "password", text: str = "inspect"
) -> str:
    """Declare a draft, let customs look at it, and tell what it is then."""
    world.submit(filing, role, medium, text).ok(200)
    world.advance(until="idle")
    status: str = world.caller(role, medium).get(f"/filings/{filing}").ok(200)["status"]
    return status


def with_form(
    world: World, filing: str, role: str = "cardless", medium: str = "password", type: str = "record_form"
) -> str:
    """A draft with an attachment of a type."""
    world.caller(role, medium).upload(filing, type=type).ok(201)
    return filing


def reason(world: World, filing: str) -> tuple[str, str]:
    """Why customs says no: as whoever asks there is told, and as customs keeps it."""
    who = world.caller()
    ticket = who.post("/tickets", {"desk": "customs", "topic": "reason", "filing": filing}).ok(201)["id"]
    world.wait(hours=1)
    return who.get(f"/tickets/{ticket}").ok(200)["outcome"], who.get(f"/tickets/{ticket}")["answer"]


# ── the decision ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_agrees_is_approved_and_on_record(world: World) -> None:
    filing = with_form(world, world.draft())
    assert inspected(world, filing) == "approved"
    told = world.control.get(f"/ledgers/customs/{world.uscc('cardless')}").ok(200)
    assert told["registered_on"] == "2021-12-02"


@pytest.mark.parametrize("role", ["card", "agent", *(f"category:{code}" for code in Category.values)])
def test_every_firm_of_the_world_agrees_with_its_licence(role: str, world: World) -> None:
    change = world.change(role)
    assert inspected(world, change, role, "card", "inspect; attachments=none") == "approved"


@pytest.mark.faq("2.6")
@pytest.mark.parametrize(
    ("facts", "code", "register_says"),
    [
        ({"name_cn": "深圳市云帆贸易有限公司"}, "name_mismatch", "深圳市云帆贸易有限公司"),
        ({"legal_representative": "李演练"}, "representative_mismatch", "李演练"),
        ({"registered_capital": "600"}, "capital_mismatch", "600.00"),
        ({"capital_currency": "USD"}, "capital_mismatch", "USD 美元"),
        ({"address_cn": ELSEWHERE}, "address_mismatch", ELSEWHERE),
        ({"economic_type": "173"}, "economic_type_mismatch", "173 私营有限责任（公司）"),
        ({"state": "deregistered"}, "not_in_business", "注销"),
        ({"state": "revoked"}, "not_in_business", "吊销，未注销"),
    ],
)
def test_what_differs_is_the_reason_and_customs_tells_it_to_whoever_asks(
    facts: dict[str, str], code: str, register_says: str, world: World
) -> None:
    register(world, **facts)
    filing = with_form(world, world.draft())
    assert inspected(world, filing) == "rejected"
    outcome, answer = reason(world, filing)
    assert outcome == "told"
    assert answer.startswith(REASONS[code].public)
    assert f"为“{register_says}”" in answer


def test_an_enterprise_that_registered_itself_is_not_in_the_register_until_it_is_put_there(world: World) -> None:
    uscc = uscc_complete("91440399MAMK0992")
    account = {
        "username": "new",
        "password": "long-enough",
        "display_name": "深圳市新演练有限公司",
        "sandbox": world.id,
    }
    Caller().post("/accounts", account | {"user_type": "enterprise", "uscc": uscc}).ok(201)
    login = {name: account[name] for name in ("username", "password", "sandbox")}
    mine = Caller(token=Caller().post("/sessions", login).ok(201)["token"])
    content = world.sheet(uscc=uscc, name_cn="深圳市新演练有限公司")
    world.control.get(f"/ledgers/market/{uscc}").refused(404, "not_found")
    for facts, then in ((None, "rejected"), ({"name_cn": content["name_cn"]}, "approved")):
        if facts:
            world.control.put(f"/ledgers/market/{uscc}", facts).ok(200)
        filing = mine.post("/filings", {"kind": "registration", "content": content}).ok(201)["id"]
        mine.post(f"/filings/{filing}/declare", X_Sim_Scenario="inspect; attachments=none").ok(200)
        world.advance(until="idle")
        assert mine.get(f"/filings/{filing}").ok(200)["status"] == then


def test_the_register_counts_as_it_stands_when_the_decision_is_due(world: World) -> None:
    late = with_form(world, world.draft())
    world.submit(late, "cardless", "password", "inspect").ok(200)
    world.wait(hours=23)
    register(world, address_cn=ELSEWHERE)
    told = world.control.get(f"/filings/{late}/explain").ok(200)
    assert (told["status"], told["inspection"]["outcome"]) == ("manual_review", "rejected")
    register(world, address_cn=world.sheet()["address_cn"])
    assert world.control.get(f"/filings/{late}/explain").ok(200)["inspection"]["outcome"] == "approved"
    fired = world.wait(hours=1)["fired"]
    assert [(one["verb"], one["outcome"]) for one in fired] == [("decide", "done")]
    assert world.caller().get(f"/filings/{late}")["status"] == "approved"


@pytest.mark.faq("2.6")
def test_of_a_change_what_would_be_approved_is_compared_and_its_reason_is_read_by_card(world: World) -> None:
    change = with_form(world, world.change(address_cn=ELSEWHERE), "card", "card")
    assert inspected(world, change, "card", "card") == "rejected"
    told = world.caller("card", "card").get(f"/filings/{change}/receipts").ok(200)["results"][-1]["reason"]
    assert told == (f"{REASONS['address_mismatch'].public}：申报为“{ELSEWHERE}”，登记为“{world.sheet()['address_cn']}”")
    world.caller("card").get(f"/filings/{change}/receipts").refused(403, "card_login_required")
    register(world, "card", address_cn=ELSEWHERE)
    again = with_form(world, world.change(address_cn=ELSEWHERE), "card", "card")
    assert inspected(world, again, "card", "card") == "approved"


def test_a_change_of_something_else_meets_a_record_that_is_out_of_date(world: World) -> None:
    register(world, "card", address_cn=ELSEWHERE)
    assert inspected(world, world.change(), "card", "card", "inspect; attachments=none") == "rejected"


@pytest.mark.parametrize(
    ("asked", "attached", "then"),
    [
        ("inspect", "", "rejected"),
        ("inspect", "licence", "rejected"),
        ("inspect", "record_form", "approved"),
        ("inspect; attachments=none", "", "approved"),
        ("inspect; attachments=licence", "licence", "approved"),
        ("inspect; attachments=record_form+licence", "record_form", "rejected"),
    ],
)
def test_the_attachments_that_are_asked_for_have_to_be_there(
    asked: str, attached: str, then: str, world: World
) -> None:
    draft = world.draft()
    filing = with_form(world, draft, type=attached) if attached else draft
    assert inspected(world, filing, text=asked) == then
    if then == "rejected":
        assert reason(world, filing)[1].startswith(REASONS["attachment_missing"].public)


def test_of_what_the_register_does_not_hold_there_is_nothing_to_compare(world: World) -> None:
    """As a sandbox's own scenario it answers every kind; a deregistration and a change with commerce are approved."""
    world.control.put("/scenario", {"scenario": "inspect"}).ok(200)
    register(world, "card", state="deregistered", address_cn=ELSEWHERE)
    leaving = world.begin("deregistration", reason="停止经营").ok(201)["id"]
    commerce = world.begin("mofcom_change", "agent", "password", name_en="NEW NAME").ok(201)["id"]
    for filing, role, medium in ((leaving, "card", "card"), (commerce, "agent", "password")):
        who = world.caller(role, medium)
        who.post(f"/filings/{filing}/declare").ok(200)
        assert world.control.get(f"/filings/{filing}/explain").ok(200)["inspection"] is None
        world.advance(until="idle")
        assert who.get(f"/filings/{filing}").ok(200)["status"] == "approved"


def test_it_is_chosen_by_the_name_of_an_enterprise_too(world: World) -> None:
    name = f"SIM_INSPECT {world.sheet()['name_cn']}"
    filing = with_form(world, world.draft(name_cn=name))
    assert world.caller().post(f"/filings/{filing}/declare").ok(200)["status"] == "declared"
    told = world.control.get(f"/filings/{filing}/explain").ok(200)
    assert (told["scenario"]["text"], told["scenario"]["source"]) == ("inspect", "name")
    assert told["inspection"]["outcome"] == "approved"


@pytest.mark.faq("1.9")
@pytest.mark.parametrize(("wait", "desk"), [({"minutes": 2}, "platform"), ({"hours": 2}, "customs")])
def test_to_ask_how_it_stands_is_no_way_around_it(wait: dict[str, int], desk: str, world: World) -> None:
    register(world, name_cn="深圳市云帆贸易有限公司")
    filing, mine = world.declared(scenario="inspect"), world.caller()
    world.wait(**wait)
    mine.post("/tickets", {"desk": desk, "topic": "status", "filing": filing}).ok(201)
    world.advance(until="idle")
    assert mine.get(f"/filings/{filing}")["status"] == "rejected"


def test_a_person_may_decide_otherwise_and_a_held_one_is_looked_at_when_it_goes_on(world: World) -> None:
    register(world, address_cn=ELSEWHERE)
    filing = world.declared(scenario="inspect")
    world.wait(hours=2)
    assert world.act(filing, "approve").ok(200)["status"] == "approved"
    assert world.advance(until="idle")["fired"] == []
    change = world.change()
    world.submit(change, scenario="inspect; attachments=none").ok(200)
    world.act(change, "hold").ok(200)
    world.wait(days=2)
    register(world, "card", economic_type="160")
    world.act(change, "release").ok(200)
    world.advance(until="idle")
    assert world.caller("card").get(f"/filings/{change}")["status"] == "rejected"


def test_what_is_still_to_be_decided_goes_along_with_a_snapshot(world: World) -> None:
    filing = with_form(world, world.draft())
    world.submit(filing, "cardless", "password", "inspect").ok(200)
    world.wait(hours=2)
    world.control.post("/checkpoints", {"name": "before"}).ok(201)
    register(world, registered_capital="600")
    snapshot = world.control.get("/export").ok(200).json
    world.control.post("/checkpoints/before/restore").ok(200)
    world.advance(until="idle")
    assert world.caller().get(f"/filings/{filing}")["status"] == "approved"
    elsewhere = Caller(CONTROL).post("/sandboxes/import", snapshot).ok(201)["id"]
    Caller(CONTROL).post(f"/sandboxes/{elsewhere}/clock/advance", {"until": "idle"}).ok(200)
    (row,) = Caller(CONTROL).get(f"/sandboxes/{elsewhere}/filings").ok(200)["results"]
    assert row["status"] == "rejected"


# ── explain ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_explain_tells_what_will_be_compared_and_how_it_stands(world: World) -> None:
    register(world, address_cn=ELSEWHERE, legal_representative=None)
    filing = world.declared(scenario="inspect")
    told = world.control.get(f"/filings/{filing}/explain").ok(200)["inspection"]
    assert told["outcome"] == "rejected"
    rows = {row["pointer"]: row for row in told["compared"]}
    assert list(rows) == [
        "/content/uscc",
        "/content/name_cn",
        "/content/legal_representative/name",
        "/content/registered_capital",
        "/content/capital_currency",
        "/content/address_cn",
        "/content/economic_type",
        "/attachments",
    ]
    assert [pointer for pointer, row in rows.items() if row["differs"]] == ["/content/address_cn", "/attachments"]
    assert rows["/content/address_cn"] == {
        "pointer": "/content/address_cn",
        "label": "工商注册地址",
        "declared": world.sheet()["address_cn"],
        "register": ELSEWHERE,
        "differs": True,
        "reason": "address_mismatch",
    }
    assert rows["/content/legal_representative/name"]["register"] is None
    world.advance(until="idle")
    assert world.control.get(f"/filings/{filing}/explain").ok(200)["inspection"] is None


@pytest.mark.parametrize("scenario", ["approve", "reject", "by_hand", "stuck"])
def test_where_nothing_will_be_compared_nothing_is_told(scenario: str, world: World) -> None:
    assert world.control.get(f"/filings/{world.declared(scenario=scenario)}/explain").ok(200)["inspection"] is None


# ── the register under control ────────────────────────────────────────────────────────────────────────────────────


def test_every_enterprise_of_a_world_is_in_the_register(world: World) -> None:
    for one in world.opened["enterprises"]:
        held = world.control.get(f"/ledgers/market/{one['uscc']}").ok(200)
        assert (held["name_cn"], held["state"], held["valid_until"]) == (one["name_cn"], "in_business", None)
        assert (held["legal_representative"], held["registered_capital"]) == ("张演练", "500.00")


def test_named_facts_are_laid_over_the_record_and_the_rest_stays(world: World) -> None:
    at = f"/ledgers/market/{world.uscc()}"
    before = world.control.get(at).ok(200).json
    laid = world.control.put(
        at,
        {
            "registered_capital": "１０００",
            "economic_type": "１６０",
            "capital_currency": "usd",
            "valid_until": "2040-06-17",
        },
    ).ok(200)
    assert laid.json == {
        **before,
        "registered_capital": "1000.00",
        "economic_type": "160",
        "capital_currency": "USD",
        "valid_until": "2040-06-17",
    }
    assert world.control.put(at, {"valid_until": None, "state": "deregistered"}).ok(200)["valid_until"] is None
    assert world.control.get(at).ok(200)["state"] == "deregistered"


@pytest.mark.parametrize(
    ("facts", "pointer"),
    [
        ({"state": "gone"}, "/state"),
        ({"economic_type": "151x"}, "/economic_type"),
        ({"economic_type": "999"}, "/economic_type"),
        ({"capital_currency": "XYZ"}, "/capital_currency"),
        ({"registered_capital": "-1"}, "/registered_capital"),
        ({"registered_capital": 500}, "/registered_capital"),
        ({"established_on": "2020-02-30"}, "/established_on"),
        ({"name_cn": "长" * 101}, "/name_cn"),
        ({"uscc": "x"}, "/uscc"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_and_nothing_is_laid(
    facts: dict[str, Any], pointer: str, world: World
) -> None:
    at = f"/ledgers/market/{world.uscc()}"
    before = world.control.get(at).ok(200).json
    assert pointer in world.control.put(at, {"address_cn": ELSEWHERE, **facts}).ok(422).errors
    assert world.control.get(at).ok(200).json == before
    assert world.control.put("/ledgers/market/91440399MAMK00013D", {}).ok(422).errors == {"/uscc": "uscc_invalid"}


def test_an_enterprise_made_to_measure_is_there_as_told(world: World) -> None:
    plain = world.make("enterprise", name_cn="深圳市甲演练有限公司")
    held = world.control.get(f"/ledgers/market/{plain['uscc']}").ok(200)
    assert (held["name_cn"], held["address_cn"]) == ("深圳市甲演练有限公司", world.sheet()["address_cn"])
    dual = world.make("enterprise", category="00010000", market={"legal_representative": "李演练"})
    held = world.control.get(f"/ledgers/market/{dual['uscc']}").ok(200)
    assert (held["legal_representative"], held["address_cn"]) == (
        "李演练",
        "广东省深圳市盐田区盐田综合保税区演练路8号",
    )
    wrong = world.control.post("/fixtures/enterprise", {"market": {"economic_type": "x"}})
    assert wrong.ok(422).errors == {"/market/economic_type": "unknown_code"}


def test_a_firm_that_moves_into_a_zone_by_a_situation_moves_in_the_register_too(world: World) -> None:
    told = world.enter("dual", uscc=world.uscc("card")).json
    assert {one["book"] for one in told["records"] if one["uscc"] == world.uscc("card")} == {
        "customs",
        "market",
        "mirror",
    }
    assert inspected(world, world.change(), "card", "card", "inspect; attachments=none") == "approved"
