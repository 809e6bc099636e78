"""Fixtures: what is made to measure, what is filled in, what is refused."""

from datetime import datetime
from typing import Any

import pytest

from filings.models import Card, Enterprise, Event, Filing, Receipt
from filings.rules.numbers import uscc_complete, uscc_fault
from filings.rules.words import CardStatus, CardType, Category, Status
from tests.api.client import Answer, Caller, World, signature

NEW = uscc_complete("91440399MAMK0990")
ROAD = ["draft", "declared", "sent", "stored", "manual_review"]


def refused(world: World, what: str, number: int, code: str, **wanted: Any) -> Answer:
    answer = world.control.post(f"/fixtures/{what}", wanted)
    assert answer.status == number, answer.body
    assert code in (answer["code"], *answer.errors.values()), answer.body
    return answer


# ── enterprises ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_enterprise_unless_told_is_not_registered_and_its_code_is_right(world: World) -> None:
    made = [world.make("enterprise") for _ in range(3)]
    assert len({one["uscc"] for one in made}) == 3
    assert all(uscc_fault(one["uscc"]) is None and one["name_cn"] and one["in_qianhai"] is False for one in made)
    world.control.get(f"/ledgers/customs/{made[0]['uscc']}").refused(404, "not_found")


@pytest.mark.parametrize("category", Category.values)
def test_with_a_category_it_stands_in_both_books(category: str, world: World) -> None:
    made = world.make("enterprise", category=category, name_cn="深圳市某某演练有限公司")
    token = world.make("account", uscc=made["uscc"])["token"]
    read = Caller(token=token).get("/enterprise").ok(200)
    assert (read["standing"], read["categories"], read["name_cn"]) == ("normal", [category], "深圳市某某演练有限公司")
    assert (read["valid_until"] is not None) is (category == Category.TEMPORARY)


def test_it_was_founded_before_it_was_registered(world: World) -> None:
    made = world.make("enterprise", registered_on="2015-05-12")
    assert world.control.get(f"/ledgers/market/{made['uscc']}").ok(200)["established_on"] == "2015-04-12"
    token = world.make("card", username=world.make("account", uscc=made["uscc"])["username"])["card_token"]
    change = Caller(token=token).post("/filings", {"kind": "change"}).ok(201)
    assert change["content"]["established_on"] == "2015-04-12", "customs has it so too"


def test_any_fact_of_a_record_registers_it(world: World) -> None:
    made = world.make(
        "enterprise", registered_on="2019-02-03", customs_qualified_on="2017-01-01", inspection_qualified_on=None
    )
    ledger = world.control.get(f"/ledgers/customs/{made['uscc']}").ok(200)
    assert (ledger["categories"], ledger["registered_on"]) == ([Category.CONSIGNEE], "2019-02-03")
    assert (ledger["customs_qualified_on"], ledger["inspection_qualified_on"]) == ("2017-01-01", None)


def test_unless_mirrored_the_single_window_knows_nothing_of_it(world: World) -> None:
    made = world.make("enterprise", category=Category.BROKER, mirrored=False, in_qianhai=True, uscc=f"　{NEW.lower()} ")
    assert (made["uscc"], made["in_qianhai"]) == (NEW, True)
    token = world.make("account", uscc=NEW)["token"]
    assert Caller(token=token).get("/enterprise")["standing"] == "not_registered"
    assert world.control.get(f"/ledgers/customs/{NEW}").ok(200)["in_qianhai"] is True


def test_an_enterprise_is_refused_that_there_is_or_whose_code_is_wrong(world: World) -> None:
    refused(world, "enterprise", 409, "enterprise_exists", uscc=world.uscc())
    refused(world, "enterprise", 422, "uscc_invalid", uscc="91440399MAMK00013D")
    refused(world, "enterprise", 422, "unknown_code", category="1")
    refused(world, "enterprise", 422, "invalid", registered_on="2021-02-30")
    refused(world, "enterprise", 422, "unknown_field", standing="normal")


# ── accounts ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_account_unless_told_is_of_a_new_enterprise_and_can_log_in(world: World) -> None:
    made = world.make("account")
    assert (made["user_type"], Caller(token=made["token"]).get("/enterprise")["uscc"]) == ("enterprise", made["uscc"])
    login = {"sandbox": world.id, "username": made["username"], "password": made["password"]}
    assert Caller().post("/sessions", login).ok(201)["medium"] == "password"


def test_an_account_made_to_measure(world: World) -> None:
    made = world.make("account", uscc=NEW_OF(world), username="li", password="a", display_name="李演练")
    assert (made["username"], made["password"], made["display_name"]) == ("li", "a", "李演练")
    personal = world.make("account", user_type="personal")
    assert personal["uscc"] is None
    Caller(token=personal["token"]).get("/enterprise").refused(403, "not_enterprise_user")


def NEW_OF(world: World) -> str:
    uscc: str = world.make("enterprise", uscc=NEW)["uscc"]
    return uscc


def test_an_account_is_refused_whose_name_is_taken_or_whose_enterprise_there_is_not(world: World) -> None:
    refused(world, "account", 409, "username_taken", username="card")
    refused(world, "account", 404, "not_found", uscc=NEW)
    refused(world, "account", 422, "unknown_code", user_type="customs")
    refused(world, "account", 422, "not_allowed", user_type="personal", uscc=world.uscc())
    assert not Enterprise.objects.filter(sandbox__key=world.id, uscc=NEW).exists()


# ── cards ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_card_unless_told_is_good_for_ten_years_and_opens_a_session(world: World) -> None:
    made = world.make("card", username="cardless")
    assert (made["type"], made["status"], made["status_label"], made["valid_until"]) == (
        "operator",
        "active",
        "有效",
        "2031-12-01",
    )
    assert (made["username"], made["uscc"]) == ("cardless", world.uscc("cardless"))
    login = {"sandbox": world.id, "card_no": made["card_no"], "pin": made["pin"]}
    assert Caller().post("/sessions", login).ok(201)["medium"] == "card"
    assert Caller(token=made["card_token"]).get("/sessions/current")["medium"] == "card"


def test_a_card_of_nobody_named_is_of_a_new_enterprise(world: World) -> None:
    made = world.make("card")
    assert Caller(token=made["card_token"]).get("/enterprise")["uscc"] == made["uscc"]


def test_no_card_made_has_the_number_of_another(world: World) -> None:
    numbers = [world.make("card", uscc=world.uscc())["card_no"] for _ in range(20)]
    assert len({*numbers, *(account.get("card_no") for account in world.accounts.values())}) == 20 + 9


@pytest.mark.parametrize("kind", CardType.values)
def test_a_card_made_to_measure(kind: str, world: World) -> None:
    holder = {"holder_name": "王演练", "holder_id_type": "居民身份证", "holder_id_number": "110101189001010016"}
    made = world.make("card", uscc=world.uscc(), type=kind, pin="123456", valid_until="2022-01-01", **holder)
    assert (made["type"], made["pin"], made["holder_name"], made["valid_until"]) == (
        kind,
        "123456",
        "王演练",
        "2022-01-01",
    )
    kept = Card.objects.get(sandbox__key=world.id, number=made["card_no"])
    assert (kept.holder_id_type, kept.holder_id_number) == ("居民身份证", "110101189001010016")


@pytest.mark.parametrize("status", CardStatus.values)
def test_a_card_stands_as_told_and_is_brought_to_stand_otherwise(status: str, world: World) -> None:
    made = world.make("card", uscc=world.uscc(), status=status)
    assert (made["status"], made["status_label"]) == (status, CardStatus(status).label)
    for other in CardStatus.values:
        path = f"/cards/{made['card_no']}"
        assert world.control.patch(path, {"status": other}).ok(200)["status"] == other
        assert world.control.get(path).ok(200)["status"] == other


def test_a_card_is_refused_of_whom_there_is_not(world: World) -> None:
    refused(world, "card", 404, "not_found", username="nobody")
    refused(world, "card", 404, "not_found", uscc=NEW)
    refused(world, "card", 422, "unknown_code", type="key")
    refused(world, "card", 422, "unknown_code", status="lost")
    world.control.get("/cards/SIMC99999999").refused(404, "not_found")
    world.control.get("/cards/SIMC99999999/key").refused(404, "not_found")
    world.control.patch("/cards/SIMC99999999", {"status": "active"}).refused(404, "not_found")
    assert world.control.patch(f"/cards/{world.accounts['card']['card_no']}", {}).errors == {"/status": "required"}


def test_a_cards_key_is_made_once_and_signs_what_opens_a_session(world: World) -> None:
    card = world.accounts["card"]["card_no"]
    key = world.control.get(f"/cards/{card}/key").ok(200)
    assert world.control.get(f"/cards/{card}/key").json == key.json
    assert key["private_key"].startswith("-----BEGIN PRIVATE KEY-----")
    assert key["public_key"].startswith("-----BEGIN PUBLIC KEY-----")
    asked = Caller().post("/sessions/challenge", {"sandbox": world.id, "card_no": card}).ok(201)
    signed = {"sandbox": world.id, "card_no": card, "random": asked["random"]}
    opened = Caller().post("/sessions", {**signed, "signature": signature(key["private_key"], asked["random"])}).ok(201)
    assert (opened["medium"], opened["account"]["username"]) == ("card", "card")


# ── filings ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("state", Status.values)
@pytest.mark.parametrize("kind", ["registration", "change", "deregistration"])
def test_a_filing_lands_in_its_state_with_a_legal_history(kind: str, state: str, world: World) -> None:
    made = world.make("filing", kind=kind, state=state)
    assert (made["kind"], made["status"], made["filing_mode"]) == (kind, state, "self")
    token = world.make("account", uscc=made["enterprise"]["uscc"])["token"]
    steps = Caller(token=token).get(f"/filings/{made['id']}/timeline").ok(200)["results"]
    way = ROAD[: ROAD.index(state) + 1] if state in ROAD else [*ROAD, state]
    assert [step["to"] for step in steps] == way
    assert [step["from"] for step in steps] == [None, *way[:-1]]
    receipts = Receipt.objects.filter(filing__public_id=made["id"], sandbox__key=world.id).order_by("serial")
    assert [receipt.status for receipt in receipts] == way[2:]
    assert made["version"] == len(way)
    if state == "approved":
        shown = Caller(token=token).get("/enterprise")["standing"]
        assert shown == ("deregistered" if kind == "deregistration" else "normal")
    assert world.advance(until="idle")["fired"] == []


def test_a_filing_unless_told_is_a_registration_draft_of_a_new_enterprise(world: World) -> None:
    made = world.make("filing")
    assert (made["kind"], made["status"]) == ("registration", "draft")
    assert made["enterprise"]["uscc"] not in [one["uscc"] for one in world.opened["enterprises"]]


def test_so_old_and_no_older(world: World) -> None:
    made = world.make("filing", state="sent", age="PT30H", uscc=world.uscc("cardless"), client_reference="mine")
    read = world.caller().get(f"/filings/{made['id']}").ok(200)
    for moment in ("created_at", "declared_at", "status_since"):
        assert datetime.fromisoformat(read[moment]) == datetime.fromisoformat("2021-11-30T03:00:00+08:00")
    assert (read["advice"]["code"], read["client_reference"]) == ("contact_platform", "mine")


def test_filed_by_an_agent_whose_mandate_is_filled_in(world: World) -> None:
    made = world.make(
        "filing", kind="change", state="declared", uscc=world.uscc(), agent=world.uscc("agent"), age="P3D"
    )
    assert world.caller("agent").get(f"/filings/{made['id']}").ok(200)["agent"]["uscc"] == world.uscc("agent")
    (mandate,) = world.caller("card").get("/mandates")["results"]
    assert (mandate["agent"]["uscc"], mandate["given_at"]) == (world.uscc("agent"), "2021-11-28T09:00:00+08:00")


def test_with_its_own_content_and_answered_as_named(world: World) -> None:
    made = world.make(
        "filing",
        kind="change",
        state="declared",
        uscc=world.uscc(),
        content={"remarks": "又"},
        scenario="reject; reason=other",
    )
    assert made["scenario"] == "reject; reason=other"
    world.advance(until="idle")
    read = world.caller("card").get(f"/filings/{made['id']}").ok(200)
    assert (read["status"], read["content"]["remarks"], read["changed"]) == (
        "rejected",
        "又",
        ["address_cn", "remarks"],
    )


def test_refused_for_a_reason(world: World) -> None:
    words = {"reason_code": "address_mismatch", "public_comment": "地址不符"}
    made = world.make("filing", kind="change", state="rejected", uscc=world.uscc(), **words)
    assert world.caller("card", "card").get(f"/filings/{made['id']}/receipts")["results"][-1]["reason"] == "地址不符"


def test_what_the_desk_refuses_is_refused_here_too_and_leaves_nothing(world: World) -> None:
    before = (Filing.objects.count(), Event.objects.count())
    refused(world, "filing", 409, "already_registered_at_customs", uscc=world.uscc(), state="declared")
    refused(world, "filing", 404, "not_found", uscc=NEW)
    refused(world, "filing", 404, "not_found", agent=NEW)
    refused(world, "filing", 422, "agent_is_principal", uscc=world.uscc(), agent=world.uscc())
    refused(world, "filing", 422, "category_locked", kind="change", uscc=world.uscc(), content={"category": "01000000"})
    refused(world, "filing", 422, "required", kind="deregistration", content={"reason": None}, state="declared")
    refused(world, "filing", 422, "unknown_code", kind="mofcom")
    refused(world, "filing", 422, "unknown_code", state="nearly")
    refused(world, "filing", 422, "invalid", age="-PT1H")
    refused(world, "filing", 400, "unknown_scenario", state="declared", scenario="maybe")
    refused(world, "filing", 422, "not_allowed", state="approved", scenario="approve")
    refused(world, "filing", 422, "not_allowed", state="approved", public_comment="地址不符")
    world.control.post("/fixtures/mandate", {}).refused(404, "not_found")
    assert Filing.objects.count() == before[0]
    assert not Event.objects.exclude(name="refused").exists()


def test_two_on_their_way_there_are_not(world: World) -> None:
    first = world.make("filing", kind="change", state="sent", uscc=world.uscc())["id"]
    answer = refused(
        world, "filing", 409, "open_application_exists", kind="deregistration", state="sent", uscc=world.uscc()
    )
    assert answer["filing"] == first


def test_once_by_key(world: World) -> None:
    made = [world.control.post("/fixtures/enterprise", {}, Idempotency_Key="one").ok(201).json for _ in range(2)]
    assert made[0] == made[1]
