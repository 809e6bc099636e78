"""FAQ 2.14: who holds the enterprise's 法人卡 is given neither its 操作员卡 nor its 报关员卡.

问：企业在办理新入网业务中，法定代表人能否同时作为操作员卡/报关员卡持卡人？
答：自 2021 年 10 月 19 日起，若法人已申请为本企业法人卡持卡人，则不可再申请制发企业操作员卡/报关员卡。届时用户提交企业操作注册
申请时，系统将校验证件号码，若该证件号码已经申请本企业法人卡，则系统将提示用户不能重复注册。
"""

from __future__ import annotations

from typing import Any

import pytest

from filings.models import Card, Event
from tests.api.client import Answer, Caller, World
from tests.factories import SOMEBODY
from tests.faq.boundaries import before, since

pytestmark = pytest.mark.faq("2.14")

BOSS, BOSS_15 = "11010119900101004X", "110101900101004"
"""One person's number in its two forms; it belongs to nobody, its check digit is right."""

LEGAL = {"type": "legal_person", "holder_name": "王演练", "holder_id_type": "居民身份证", "holder_id_number": BOSS}
OTHER_TWO = pytest.mark.parametrize("type", ["operator", "declarant"])


def wanted(**changes: Any) -> dict[str, Any]:
    """An application for an 操作员卡 of the one who has the 法人卡, unless told otherwise."""
    return LEGAL | {"type": "operator"} | changes


def apply(world: World, role: str = "cardless", **changes: Any) -> Answer:
    return world.caller(role).post("/cards", wanted(**changes))


def blocked(answer: Answer) -> Answer:
    answer.refused(409, "card_holder_is_legal_person")
    assert (answer["detail"], answer["faq"], answer["provenance"]) == ("不能重复注册", "2.14", "documented")
    assert answer.errors == {"/holder_id_number": "card_holder_is_legal_person"}
    assert answer["errors"][0]["detail"] == "不能重复注册"
    return answer


def held(world: World, role: str = "cardless", **changes: Any) -> int:
    """The 法人卡 is applied for. Returns its number in the enterprise."""
    n: int = world.caller(role).post("/cards", LEGAL | changes).ok(201)["n"]
    return n


# ── the rule ──────────────────────────────────────────────────────────────────────────────────────────────────────


@OTHER_TWO
@pytest.mark.parametrize("issued", [True, False], ids=["issued", "only applied for"])
def test_the_holder_of_the_legal_persons_card_is_refused_in_the_very_words(
    type: str, issued: bool, world: World
) -> None:
    held(world)
    if issued:
        world.wait(minutes=30)
    blocked(apply(world, type=type))
    assert [row["type"] for row in world.caller().get("/cards")["results"]] == ["legal_person"]
    refused = Event.objects.get(sandbox__key=world.id, name="refused")
    assert refused.data == {"verb": "apply_for_card", "code": "card_holder_is_legal_person", "faq": "2.14"}


@OTHER_TWO
def test_somebody_else_is_given_one(type: str, world: World) -> None:
    held(world)
    assert world.caller().post("/cards", SOMEBODY | {"type": type}).ok(201)["status"] == "applied"


@OTHER_TWO
@before("2.14", "2021-10-18T23:59:59.999999+08:00")
def test_before_the_nineteenth_of_october_in_shenzhen_the_legal_person_may_hold_two(
    type: str, moment: str, db: None
) -> None:
    world = World(clock={"mode": "frozen", "now": moment})
    held(world)
    apply(world, type=type).ok(201)


@OTHER_TWO
@since("2.14")
def test_from_the_nineteenth_of_october_in_shenzhen_on_no_more(type: str, moment: str, db: None) -> None:
    world = World(clock={"mode": "frozen", "now": moment})
    held(world)
    blocked(apply(world, type=type))


def test_it_is_judged_when_the_application_is_submitted_and_older_cards_stay(db: None) -> None:
    world = World(clock={"mode": "frozen", "now": "2021-10-18T23:50:00+08:00"})
    held(world)
    apply(world).ok(201)
    world.wait(minutes=10)
    blocked(apply(world, type="declarant"))
    world.wait(hours=1)
    assert {row["status"] for row in world.caller().get("/cards")["results"]} == {"active"}


@pytest.mark.parametrize(
    "spelling",
    [
        BOSS,
        BOSS.lower(),
        f" {BOSS} ",
        "110101 19900101 004X",
        "１１０１０１１９９００１０１００４Ｘ",
        "１１０１０１１９９００１０１００４ｘ",
        "110101　19900101　004x",
        BOSS_15,
        "１１０１０１９００１０１００４",
    ],
)
def test_one_identity_card_is_one_person_however_it_is_written(spelling: str, world: World) -> None:
    held(world)
    blocked(apply(world, holder_id_number=spelling))


@pytest.mark.parametrize("spelling", [BOSS_15, BOSS.lower(), "110101 19900101 004x"])
def test_nor_does_it_matter_how_the_legal_person_wrote_it(spelling: str, world: World) -> None:
    held(world, holder_id_number=spelling)
    blocked(apply(world))
    assert world.caller().get("/cards")["results"][0]["holder_id_number"] == BOSS


def test_a_passport_is_compared_as_it_is(world: World) -> None:
    passport = {"holder_id_type": "护照", "holder_id_number": "E12345678"}
    held(world, **passport)
    blocked(apply(world, **passport))
    apply(world, **passport | {"holder_id_number": "e12345678"}).ok(201)
    apply(world, **passport | {"holder_id_number": "E12345679"}).ok(201)


@pytest.mark.parametrize("id_type", ["其他", "护照"])
@pytest.mark.parametrize(
    "spelling", [BOSS, BOSS.lower(), "110101 19900101 004x", "１１０１０１１９９００１０１００４ｘ"]
)
def test_an_identity_cards_number_is_known_as_one_whatever_it_is_called(
    spelling: str, id_type: str, world: World
) -> None:
    held(world)
    blocked(apply(world, holder_id_type=id_type, holder_id_number=spelling))


def test_fifteen_digits_of_a_passport_are_no_identity_card(world: World) -> None:
    held(world)
    apply(world, holder_id_type="护照", holder_id_number=BOSS_15).ok(201)


def test_another_enterprises_legal_persons_card_does_not_matter(world: World) -> None:
    held(world, "card")
    apply(world, "cardless").ok(201)
    assert world.control.post("/situation", {"situation": "card_legal_elsewhere"}).ok(200)["cards"]
    apply(world, "card", holder_id_number="110101189001010016").ok(201)


def test_a_cancelled_legal_persons_card_does_not_matter(world: World) -> None:
    n = held(world)
    blocked(apply(world))
    world.caller().post(f"/cards/{n}/cancel").ok(200)
    apply(world).ok(201)


def test_the_other_way_round_is_not_covered_and_allowed(world: World) -> None:
    apply(world).ok(201)
    held(world)
    assert [row["type"] for row in world.caller().get("/cards")["results"]] == ["legal_person", "operator"]


def test_an_enterprise_has_one_legal_persons_card_at_a_time(world: World) -> None:
    n = held(world)
    again = world.caller().post("/cards", SOMEBODY | {"type": "legal_person"}).refused(409, "legal_person_card_exists")
    assert (again.errors, again["provenance"]) == ({"/type": "legal_person_card_exists"}, "ours")
    world.caller().post(f"/cards/{n}/cancel").ok(200)
    held(world, holder_id_number=SOMEBODY["holder_id_number"])


# ── the application ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"holder_id_number": "110101199001010041"}, {"/holder_id_number": "id_number_invalid"}),
        ({"holder_id_number": "11010119900101"}, {"/holder_id_number": "id_number_invalid"}),
        ({"holder_id_number": "110101199013010041"}, {"/holder_id_number": "id_number_invalid"}),
        ({"holder_id_number": "1" * 31}, {"/holder_id_number": "max_length"}),
        ({"holder_id_number": " ", "holder_name": ""}, {"/holder_id_number": "blank", "/holder_name": "blank"}),
        (
            {"type": "driver", "holder_id_number": "1"},
            {"/type": "unknown_code", "/holder_id_number": "id_number_invalid"},
        ),
        ({"holder_id_type": "驾驶证"}, {"/holder_id_type": "unknown_code"}),
        (
            {"holder_id_number": 110101199001010041, "pin": "1"},
            {"/holder_id_number": "type_mismatch", "/pin": "unknown_field"},
        ),
    ],
)
def test_what_is_wrong_with_it_is_told_all_at_once(
    changes: dict[str, Any], errors: dict[str, str], world: World
) -> None:
    assert apply(world, **changes).ok(422).errors == errors
    assert world.caller().get("/cards")["results"] == []


def test_whose_field_is_unknown_is_not_sent_to_another_form(world: World) -> None:
    assert "registration" not in apply(world, pin="88888888").refused(422, "unknown_field")["remedy"]


def test_a_faulty_number_is_told_before_the_rule(world: World) -> None:
    held(world)
    assert apply(world, holder_id_number=BOSS[:-1] + "1").ok(422).errors == {"/holder_id_number": "id_number_invalid"}


@pytest.mark.faq("2.3")
def test_a_personal_user_is_refused_before_any_look_at_the_fields(world: World, anyone: Caller) -> None:
    for path, body in (("/cards", {"x": 1}), ("/cards/1/cancel", None), ("/cards/1/change-pin", {"x": 1})):
        world.caller("personal").post(path, body).refused(403, "not_enterprise_user")
        anyone.post(path, body).refused(401, "not_authenticated")
    assert world.caller("personal").get("/cards").ok(200)["results"] == []


def test_a_card_is_issued_on_the_sandboxs_clock_and_comes_with_the_factory_pin(world: World, anyone: Caller) -> None:
    made = world.caller().post("/cards", SOMEBODY).ok(201)
    assert (made["status"], made["status_label"], made["card_no"], made["valid_until"]) == (
        "applied",
        "待制发",
        None,
        None,
    )
    kept = Card.objects.get(sandbox__key=world.id, enterprise__uscc=world.accounts["cardless"]["uscc"])
    login = {"sandbox": world.id, "card_no": kept.number, "pin": "88888888"}
    assert anyone.post("/sessions", login).refused(401, "card_unusable")["card_status"] == "applied"
    world.wait(minutes=29, seconds=59)
    assert world.caller().get("/cards")["results"][0]["status"] == "applied"
    fired = world.wait(seconds=1)["fired"]
    assert [(one["verb"], one["outcome"]) for one in fired] == [("issue_card", "done")]
    card = world.caller().get("/cards")["results"][0]
    assert (card["status"], card["card_no"], card["issued_at"]) == ("active", kept.number, "2021-12-01T09:30:00+08:00")
    assert card["valid_until"] == "2031-12-01"
    opened = anyone.post("/sessions", login).ok(201)
    assert (opened["medium"], opened["account"]["username"]) == ("card", "cardless")
    names = (
        Event.objects.filter(sandbox__key=world.id, name__startswith="card.")
        .order_by("seq")
        .values_list("name", "party")
    )
    assert list(names) == [("card.applied", "applicant"), ("card.issued", "platform")]


def test_the_list_tells_the_enterprises_cards_and_no_pin(world: World) -> None:
    world.caller("card").post("/cards", SOMEBODY).ok(201)
    answer = world.caller("card").get("/cards").ok(200)
    assert [(row["n"], row["card_no"]) for row in answer["results"]] == [
        (2, None),
        (1, world.accounts["card"]["card_no"]),
    ]
    assert b"pin" not in answer.body
    assert b"88888888" not in answer.body
    assert world.caller().get("/cards")["results"] == []
    assert len(world.caller("card").get("/cards?limit=1")["results"]) == 1


# ── its end, its PIN ──────────────────────────────────────────────────────────────────────────────────────────────


def test_a_cancelled_card_is_never_issued_and_lets_nobody_in(world: World, anyone: Caller) -> None:
    n = world.caller().post("/cards", SOMEBODY).ok(201)["n"]
    for _ in range(2):
        assert world.caller().post(f"/cards/{n}/cancel").ok(200)["status"] == "cancelled"
    assert world.advance(until="idle")["fired"] == []
    assert world.caller().get("/cards")["results"][0]["card_no"] is None
    assert Event.objects.filter(sandbox__key=world.id, name="card.cancelled").count() == 1
    world.caller("card", "card").post("/cards/1/cancel").ok(200)
    number = world.accounts["card"]["card_no"]
    refused = anyone.post("/sessions", {"sandbox": world.id, "card_no": number, "pin": "88888888"})
    assert refused.refused(401, "card_unusable")["card_status"] == "cancelled"
    world.caller("card", "card").post("/filings", {"kind": "change", "content": {}}).refused(403, "card_login_required")


def test_nobody_else_may_touch_a_card(world: World, other_world: World) -> None:
    n = world.caller().post("/cards", SOMEBODY).ok(201)["n"]
    pins = {"old_pin": "88888888", "new_pin": "20211201"}
    world.caller("card").post("/cards/2/cancel").refused(404, "not_found")
    world.caller("card").post("/cards/99999999999999999999/cancel").refused(404, "not_found")
    other_world.caller().post(f"/cards/{n}/cancel").refused(404, "not_found")
    other_world.caller().post(f"/cards/{n}/change-pin", pins).refused(404, "not_found")


def test_a_pin_is_changed_and_the_old_one_lets_nobody_in(world: World, anyone: Caller) -> None:
    world.caller("card").post("/cards/1/change-pin", {"old_pin": "88888888", "new_pin": "20211201"}).ok(200)
    login = {"sandbox": world.id, "card_no": world.accounts["card"]["card_no"], "pin": "88888888"}
    anyone.post("/sessions", login).refused(401, "wrong_credentials")
    anyone.post("/sessions", login | {"pin": "20211201"}).ok(201)


@pytest.mark.parametrize(
    "new", ["1234567", "123456789", "1234567a", "88888888", "²²²²²²²²", "２０２１１２０１", " 20211201"]
)
def test_not_every_pin_will_do(new: str, world: World) -> None:
    answer = world.caller("card").post("/cards/1/change-pin", {"old_pin": "88888888", "new_pin": new}).ok(422)
    assert answer.errors == {"/new_pin": "pin_invalid"}


def test_five_wrong_pins_lock_a_card_whatever_asked_for_them_and_only_control_unlocks_it(
    world: World, anyone: Caller
) -> None:
    card, number = world.caller("card"), world.accounts["card"]["card_no"]
    pins = {"old_pin": "00000000", "new_pin": "20211201"}
    for _ in range(3):
        assert card.post("/cards/1/change-pin", pins).refused(422, "wrong_pin").errors == {"/old_pin": "wrong_pin"}
    for _ in range(2):
        anyone.post("/sessions", {"sandbox": world.id, "card_no": number, "pin": "1"}).refused(401, "wrong_credentials")
    right = pins | {"old_pin": "88888888"}
    assert card.post("/cards/1/change-pin", right).refused(409, "card_not_active")["card_status"] == "locked"
    assert Event.objects.filter(sandbox__key=world.id, name="card.locked").count() == 1
    world.control.patch(f"/cards/{number}", {"status": "active"}).ok(200)
    card.post("/cards/1/change-pin", right).ok(200)


def test_a_right_pin_begins_the_count_anew(world: World) -> None:
    card = world.caller("card")
    for _ in range(4):
        card.post("/cards/1/change-pin", {"old_pin": "0", "new_pin": "20211201"}).refused(422, "wrong_pin")
    card.post("/cards/1/change-pin", {"old_pin": "88888888", "new_pin": "20211201"}).ok(200)
    assert Card.objects.get(sandbox__key=world.id, number=world.accounts["card"]["card_no"]).wrong_pins == 0


def test_a_change_sent_again_is_done_once_and_counts_no_wrong_pin(world: World) -> None:
    for _ in range(2):
        world.caller("card").post(
            "/cards/1/change-pin", {"old_pin": "88888888", "new_pin": "20211201"}, Idempotency_Key="k"
        ).ok(200)
    assert Card.objects.get(sandbox__key=world.id, number=world.accounts["card"]["card_no"]).wrong_pins == 0


# ── the situations ────────────────────────────────────────────────────────────────────────────────────────────────


@OTHER_TWO
@pytest.mark.parametrize(
    ("situation", "number", "blocks"),
    [
        ("card_legal_held", "110101189001010016", True),
        ("card_legal_pending", "110101189001010016", True),
        ("card_legal_cancelled", "110101189001010016", False),
        ("card_legal_elsewhere", "110101189001010016", False),
        ("card_legal_ends_in_x", "11010118900102002x", True),
        ("card_legal_held", "110101189001010024", False),
    ],
)
def test_a_world_can_be_put_there(situation: str, number: str, blocks: bool, type: str, world: World) -> None:
    for _ in range(2):
        assert len(world.control.post("/situation", {"situation": situation}).ok(200)["cards"]) == 1
    answer = apply(world, "card", type=type, holder_id_number=number)
    if blocks:
        blocked(answer)
    else:
        answer.ok(201)


def test_a_card_made_by_control_is_judged_like_any_other(world: World) -> None:
    uscc = world.accounts["cardless"]["uscc"]
    made = world.control.post(
        "/fixtures/card", {"uscc": uscc, "type": "legal_person", "holder_id_number": BOSS_15, "status": "applied"}
    ).ok(201)
    assert (made["status"], made["valid_until"]) == ("applied", None)
    blocked(apply(world))
    assert world.advance(until="idle")["fired"] == []
    world.control.patch(f"/cards/{made['card_no']}", {"status": "active"}).ok(200)
    assert world.caller().get("/cards")["results"][0]["card_no"] == made["card_no"]
    blocked(apply(world))


def test_a_card_of_a_fresh_world_has_a_number_of_its_own(world: World) -> None:
    for _ in range(8):
        world.control.post("/fixtures/card", {"uscc": world.accounts["card"]["uscc"]}).ok(201)
    world.control.post("/fixtures/card", {"username": "personal"}).refused(403, "not_enterprise_user")
