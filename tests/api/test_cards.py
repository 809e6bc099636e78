"""Logging in by card: PIN and lock, challenge and signature, and what nobody is told (FAQ 1.5)."""

import base64
from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from filings import visits
from filings.counters import cards
from filings.models import Card, Challenge, Event, Sandbox, Visit
from tests.api.client import BUSINESS, Answer, Caller, World, document, signature

pytestmark = pytest.mark.faq("1.5")


def by_pin(world: World, pin: str = "88888888", card: str = "") -> Answer:
    return Caller().post(
        "/sessions", {"sandbox": world.id, "card_no": card or world.accounts["card"]["card_no"], "pin": pin}
    )


def ask(world: World, card: str = "") -> Answer:
    return (
        Caller()
        .post("/sessions/challenge", {"sandbox": world.id, "card_no": card or world.accounts["card"]["card_no"]})
        .ok(201)
    )


def sign(world: World, random: str, card: str = "", key_of: str = "", **more: str) -> Answer:
    """What one gets who signs a random text with a card's key and says it is this card."""
    card = card or world.accounts["card"]["card_no"]
    key = world.control.get(f"/cards/{key_of or card}/key").ok(200)["private_key"]
    return Caller().post(
        "/sessions",
        {"sandbox": world.id, "card_no": card, "random": random, "signature": signature(key, random), **more},
    )


def wrong_pins(world: World) -> int:
    return Card.objects.get(sandbox__key=world.id, number=world.accounts["card"]["card_no"]).wrong_pins


# ── the PIN ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_four_wrong_pins_lock_nothing_and_the_right_one_begins_the_count_anew(world: World) -> None:
    for _ in range(2):
        for _ in range(4):
            by_pin(world, "0").refused(401, "wrong_credentials")
        assert wrong_pins(world) == 4
        by_pin(world).ok(201)
        assert wrong_pins(world) == 0
    assert not Event.objects.filter(sandbox__key=world.id, name="card.locked").exists()


def test_the_fifth_in_a_row_locks_the_card_and_only_who_has_the_pin_learns_it(world: World) -> None:
    answers = [by_pin(world, "0").refused(401, "wrong_credentials") for _ in range(7)]
    assert len({answer["detail"] for answer in answers}) == 1
    assert wrong_pins(world) == 5
    refused = by_pin(world).refused(401, "card_unusable")
    assert (refused["card_status"], "已锁定" in refused["detail"]) == ("locked", True)
    event = Event.objects.get(sandbox__key=world.id, name="card.locked")
    assert (event.actor, event.subject, event.data) == ("card", world.accounts["card"]["card_no"], {"type": "operator"})


def test_a_locked_card_is_unlocked_behind_the_scenes_only(world: World) -> None:
    for _ in range(5):
        by_pin(world, "0")
    world.wait(days=365)
    by_pin(world).refused(401, "card_unusable")
    world.control.patch(f"/cards/{world.accounts['card']['card_no']}", {"status": "active"}).ok(200)
    by_pin(world).ok(201)


def test_a_lock_ends_what_sessions_by_that_card_may(world: World) -> None:
    draft = world.change()
    for _ in range(5):
        by_pin(world, "0")
    assert world.submit(draft).refused(403, "card_login_required")["card_status"] == "locked"
    world.caller("card").get("/filings").ok(200)


def test_wrong_pins_of_one_card_are_not_counted_on_another_nor_on_the_password(world: World) -> None:
    other = world.make("card", username="card")["card_no"]
    for _ in range(5):
        by_pin(world, "0")
    by_pin(world, card=other).ok(201)
    Caller().post(
        "/sessions", {"sandbox": world.id, "username": "card", "password": world.accounts["card"]["password"]}
    ).ok(201)


def test_of_a_card_there_is_not_one_is_told_the_same(world: World) -> None:
    for number in ("SIMC99999999", "SIMC0000000", "x"):
        unknown = Caller().post("/sessions", {"sandbox": world.id, "card_no": number, "pin": "0"}, X_Request_Id="r")
        known = Caller().post(
            "/sessions",
            {"sandbox": world.id, "card_no": world.accounts["agent"]["card_no"], "pin": "0"},
            X_Request_Id="r",
        )
        assert unknown.refused(401, "wrong_credentials").body == known.body


def test_the_pin_is_read_to_the_letter(world: World) -> None:
    for pin in ("88888888 ", " 88888888", "８８８８８８８８", "8888888"):
        by_pin(world, pin).refused(401, "wrong_credentials")


def test_two_wrong_pins_at_once_count_for_two(world: World) -> None:
    """Each request read the card before the other wrote; that is how it goes when they run beside each other."""
    sandbox = Sandbox.objects.get(key=world.id)
    card = Card.objects.get(sandbox=sandbox, number=world.accounts["card"]["card_no"])
    for _ in range(3):
        by_pin(world, "0")
    stale = [Card.objects.get(pk=card.pk) for _ in range(3)]
    for one in stale:
        cards.count_wrong_pin(visits._at_the_reader(sandbox, one), one)
    assert wrong_pins(world) == 5
    assert Event.objects.filter(sandbox=sandbox, name="card.locked").count() == 1


def test_the_right_pin_does_not_undo_a_lock_that_came_beside_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    by_pin(world, "0")
    visit_of = visits._at_the_reader

    def meanwhile(*args: object) -> Visit:
        Card.objects.filter(sandbox__key=world.id).update(wrong_pins=5)
        return visit_of(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(visits, "_at_the_reader", meanwhile)
    assert by_pin(world).refused(401, "card_unusable")["card_status"] == "locked"
    assert not Event.objects.filter(sandbox__key=world.id, name="session.opened").exists()


# ── challenge and signature ───────────────────────────────────────────────────────────────────────────────────────


def test_a_signature_over_a_challenge_opens_a_session_of_the_card(world: World) -> None:
    asked = ask(world)
    opened = sign(world, asked["random"]).ok(201)
    assert (opened["medium"], opened["account"]["username"]) == ("card", "card")
    assert Caller(token=opened["token"]).post("/filings", {"kind": "change", "content": {}}).ok(201)
    assert Event.objects.get(sandbox__key=world.id, name="session.opened").medium == "card"


def test_it_serves_once(world: World) -> None:
    random = ask(world)["random"]
    sign(world, random).ok(201)
    sign(world, random).refused(401, "wrong_credentials")
    assert not Challenge.objects.exists()


def test_it_serves_soon(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    random = ask(world)["random"]
    now = visits.wall()
    monkeypatch.setattr(visits, "wall", lambda: now + visits.CHALLENGE_LASTS + timedelta(seconds=1))
    sign(world, random).refused(401, "wrong_credentials")


def test_the_sandboxs_clock_does_not_age_it(world: World) -> None:
    random = ask(world)["random"]
    world.wait(days=2)
    sign(world, random).ok(201)


def test_it_is_of_one_card(world: World) -> None:
    other = world.accounts["agent"]["card_no"]
    random = ask(world)["random"]
    sign(world, random, card=other).refused(401, "wrong_credentials")
    sign(world, random, key_of=other).refused(401, "wrong_credentials")
    sign(world, random).ok(201)


def test_it_is_of_one_sandbox(world: World, other_world: World) -> None:
    random = ask(other_world)["random"]
    sign(world, random).refused(401, "wrong_credentials")


def r_and_s(der: str) -> bytes:
    """A signature as WebCrypto, .NET and JOSE libraries give it: IEEE P1363."""
    return b"".join(part.to_bytes(32, "big") for part in decode_dss_signature(base64.b64decode(der)))


FORMS: dict[str, Callable[[str], str]] = {
    "DER": lambda der: der,
    "DER in lines": lambda der: "\r\n".join(der[n : n + 20] for n in range(0, len(der), 20)) + "\n",
    "r‖s": lambda der: base64.b64encode(r_and_s(der)).decode(),
    "r‖s, white space": lambda der: f" \t{base64.b64encode(r_and_s(der)).decode()} \n",
    "r‖s, url-safe": lambda der: base64.urlsafe_b64encode(r_and_s(der)).decode(),
    "r‖s, as in a JWS": lambda der: base64.urlsafe_b64encode(r_and_s(der)).decode().rstrip("="),
    "DER, url-safe": lambda der: base64.urlsafe_b64encode(base64.b64decode(der)).decode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_signature_is_read_in_every_form_that_libraries_give(form: str, world: World) -> None:
    number = world.accounts["card"]["card_no"]
    key = world.control.get(f"/cards/{number}/key").ok(200)["private_key"]
    random = ask(world)["random"]
    body = {"sandbox": world.id, "card_no": number, "random": random, "signature": FORMS[form](signature(key, random))}
    assert Caller().post("/sessions", body).ok(201)["medium"] == "card"
    body["random"] = ask(world)["random"]
    Caller().post("/sessions", body).refused(401, "wrong_credentials")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("AAAA", "3 字节"),
        ("not base64!", "不是 base64"),
        ("é", "不是 base64"),
        ("MEUCIQ", "4 字节"),
        ("A" * 200, "150 字节"),
        ("ab" * 72, "108 字节"),
        (base64.b64encode(b"x" * 63).decode(), "63 字节"),
        (base64.b64encode(b"x" * 65).decode(), "65 字节"),
        ("A", "不是 base64"),
        ("====", "0 字节"),
    ],
)
def test_what_is_no_signature_is_told_so_with_how_to_make_one_whichever_card(
    wrong: str, told: str, world: World
) -> None:
    random = ask(world)["random"]
    answers = []
    for number in (world.accounts["card"]["card_no"], "SIMC99999999"):
        body = {"sandbox": world.id, "card_no": number, "random": random, "signature": wrong}
        refused = Caller().post("/sessions", body, X_Request_Id="r").refused(401, "wrong_credentials")
        assert (refused.errors, told in refused["detail"]) == ({"/signature": "signature_malformed"}, True)
        assert all(
            word in refused["remedy"]
            for word in ("ECDSA P-256/SHA-256", "base64", "r‖s", "DER", "/api/v1/sessions/challenge")
        )
        answers.append(refused.body)
    assert answers[0] == answers[1]
    assert Caller().post("/sessions", {**body, "signature": ""}).ok(422).errors == {"/signature": "blank"}


@pytest.mark.parametrize("halves", [(0, 0), (1, 1), (2**256 - 1, 2**256 - 1)])
def test_numbers_that_no_key_signs_with_are_refused_like_any_wrong_signature(
    halves: tuple[int, int], world: World
) -> None:
    made = base64.b64encode(b"".join(halve.to_bytes(32, "big") for halve in halves)).decode()
    body = {
        "sandbox": world.id,
        "card_no": world.accounts["card"]["card_no"],
        "random": ask(world)["random"],
        "signature": made,
    }
    refused = Caller().post("/sessions", body).refused(401, "wrong_credentials")
    assert (refused.errors, "签名" in refused["remedy"]) == ({}, True)


def test_a_wrong_signature_tells_the_same_of_a_card_there_is_and_one_there_is_not(world: World) -> None:
    """Of a card without a key, too; and the remedy speaks of the signature, not of passwords."""
    fresh = world.make("card", username="card")["card_no"]
    key = world.control.get(f"/cards/{world.accounts['agent']['card_no']}/key").ok(200)["private_key"]
    bodies = set()
    for number in (world.accounts["card"]["card_no"], fresh, "SIMC99999999"):
        random = ask(world, number)["random"]
        body = {"sandbox": world.id, "card_no": number, "random": random, "signature": signature(key, random)}
        bodies.add(Caller().post("/sessions", body, X_Request_Id="r").refused(401, "wrong_credentials").body)
    (told,) = bodies
    assert "签名不正确" in told.decode()
    assert "用户名" not in told.decode()


def test_one_over_the_bytes_that_the_text_writes_is_not_one_over_the_text(world: World) -> None:
    number = world.accounts["card"]["card_no"]
    key = load_pem_private_key(world.control.get(f"/cards/{number}/key").ok(200)["private_key"].encode(), None)
    random = ask(world)["random"]
    over_bytes = key.sign(bytes.fromhex(random), ec.ECDSA(SHA256()))  # type: ignore[union-attr, call-arg, arg-type]
    body = {
        "sandbox": world.id,
        "card_no": number,
        "random": random,
        "signature": base64.b64encode(over_bytes).decode(),
    }
    assert "64 个 ASCII 字符" in Caller().post("/sessions", body).refused(401, "wrong_credentials")["remedy"]


def test_the_document_says_how_to_sign_with_examples_that_are_signatures() -> None:
    told = document(BUSINESS)["components"]["schemas"]["SignatureLogIn"]["properties"]["signature"]
    assert all(word in told["description"] for word in ("ECDSA P-256/SHA-256", "base64", "DER", "r‖s", "random"))
    der, plain = told["examples"]
    assert base64.b64decode(plain) == r_and_s(der)


def test_one_made_up_is_no_challenge(world: World) -> None:
    sign(world, "0" * 64).refused(401, "wrong_credentials")
    sign(world, "中文").refused(401, "wrong_credentials")


def test_of_a_card_there_is_not_one_is_told_too_and_it_serves_nobody(world: World) -> None:
    made, real = ask(world, "SIMC99999999"), ask(world)
    assert {key: type(value) for key, value in made.json.items()} == {
        key: type(value) for key, value in real.json.items()
    }
    assert (len(made["random"]), made["random"] != real["random"]) == (len(real["random"]), True)
    assert Challenge.objects.get(random=made["random"]).card is None
    body = {"sandbox": world.id, "card_no": "SIMC99999999", "random": made["random"], "signature": "AAAA"}
    Caller().post("/sessions", body).refused(401, "wrong_credentials")


@pytest.mark.parametrize("status", ["cancelled", "expired", "locked"])
def test_a_card_that_has_ended_signs_in_vain(status: str, world: World) -> None:
    random = ask(world)["random"]
    world.control.patch(f"/cards/{world.accounts['card']['card_no']}", {"status": status}).ok(200)
    assert sign(world, random).refused(401, "card_unusable")["card_status"] == status


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"card_no": "x", "random": "r"}, {"/signature": "required"}),
        ({"card_no": "x", "signature": "s"}, {"/random": "required"}),
        ({"random": "r", "signature": "s"}, {"/card_no": "required"}),
        ({"card_no": "x", "random": "r", "signature": "s", "pin": "1"}, {"/pin": "ambiguous"}),
        ({"card_no": "x", "random": "r", "signature": "s", "username": "u"}, {"/card_no": "ambiguous"}),
    ],
)
def test_one_says_how_one_logs_in_and_in_full(body: dict, errors: dict, world: World) -> None:
    refused = Caller().post("/sessions", {"sandbox": world.id, **body})
    assert (refused.status, refused.errors) == (422, errors)


def test_asking_needs_a_card_and_a_sandbox(world: World) -> None:
    assert Caller().post("/sessions/challenge", {"sandbox": world.id}).errors == {"/card_no": "required"}
    Caller().post("/sessions/challenge", {"sandbox": "nowhere", "card_no": "x"}).refused(404, "not_found")


def test_no_answer_of_the_business_plane_holds_a_key(world: World) -> None:
    world.control.get(f"/cards/{world.accounts['card']['card_no']}/key").ok(200)
    for answer in (ask(world), by_pin(world), world.caller("card", "card").get("/sessions/current")):
        assert b"PRIVATE" not in answer.body
