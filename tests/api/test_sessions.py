"""Who is acting, and how they logged in."""

from datetime import datetime, timedelta

import pytest

from filings import visits
from filings.models import Event, Session, wall
from filings.rules.numbers import uscc_complete
from tests.api.client import Caller, World, signature


def by_password(world: World, role: str = "card", **changes: str) -> dict[str, str]:
    account = world.accounts[role]
    return {"sandbox": world.id, "username": account["username"], "password": account["password"], **changes}


def by_card(world: World, role: str = "card", **changes: str) -> dict[str, str]:
    account = world.accounts[role]
    return {"sandbox": world.id, "card_no": account["card_no"], "pin": account["pin"], **changes}


def test_a_password_opens_a_session_that_tells_who_and_how(world: World, anyone: Caller) -> None:
    opened = anyone.post("/sessions", by_password(world)).ok(201)
    assert (opened["medium"], opened["account"]["username"], opened["account"]["user_type"]) == (
        "password",
        "card",
        "enterprise",
    )
    assert opened["enterprise"]["uscc"] == world.accounts["card"]["uscc"]
    now = anyone.get("/sessions/current", opened["token"]).ok(200)
    assert {key: now[key] for key in now.json} == {key: value for key, value in opened.json.items() if key != "token"}


def test_a_card_and_its_pin_open_a_session_of_that_medium(world: World, anyone: Caller) -> None:
    opened = anyone.post("/sessions", by_card(world)).ok(201)
    assert (opened["medium"], opened["account"]["username"]) == ("card", "card")
    assert anyone.get("/sessions/current", opened["token"])["medium"] == "card"


@pytest.mark.faq("1.5")
@pytest.mark.parametrize("typed", ["{}", " {} ", "full width", "lower case"])
def test_a_card_number_is_read_however_it_is_typed(typed: str, world: World, anyone: Caller) -> None:
    def as_typed(text: str) -> str:
        wide = "".join(chr(ord(char) + 0xFEE0) for char in text)
        return {"full width": wide, "lower case": text.lower()}.get(typed, typed.format(text))

    account = world.accounts["card"]
    card = as_typed(account["card_no"])
    assert anyone.post("/sessions", by_card(world, card_no=card)).ok(201)["medium"] == "card"
    challenge = anyone.post("/sessions/challenge", {"sandbox": world.id, "card_no": card}).ok(201)
    key = world.control.get(f"/cards/{account['card_no']}/key").ok(200)["private_key"]
    signed = {
        "sandbox": world.id,
        "card_no": card,
        "random": challenge["random"],
        "signature": signature(key, challenge["random"]),
    }
    assert anyone.post("/sessions", signed).ok(201)["medium"] == "card"


def test_a_personal_user_has_no_enterprise(world: World, anyone: Caller) -> None:
    opened = anyone.post("/sessions", by_password(world, "personal")).ok(201)
    assert (opened["account"]["user_type"], opened["enterprise"]) == ("personal", None)


@pytest.mark.parametrize(
    "changes",
    [
        {"password": "wrong"},
        {"username": "nobody"},
        {"password": "demo-2021"},
        {"password": "Demo-2021 "},
        {"password": ""},
    ],
)
def test_wrong_credentials_are_refused_in_one_way(changes: dict[str, str], world: World, anyone: Caller) -> None:
    refused = anyone.post("/sessions", by_password(world, **changes))
    if changes == {"password": ""}:
        assert refused.errors == {"/password": "blank"}
    else:
        refused.refused(401, "wrong_credentials")
        first = anyone.post("/sessions", by_password(world, username="nobody"), X_Request_Id="r").body
        assert anyone.post("/sessions", by_password(world, password="wrong"), X_Request_Id="r").body == first


@pytest.mark.parametrize("changes", [{"pin": "00000000"}, {"card_no": "SIMC99999999"}])
def test_a_card_without_its_pin_opens_nothing(changes: dict[str, str], world: World, anyone: Caller) -> None:
    anyone.post("/sessions", by_card(world, **changes)).refused(401, "wrong_credentials")


def test_an_account_of_one_sandbox_is_unknown_in_another(world: World, other_world: World, anyone: Caller) -> None:
    account = {
        "sandbox": world.id,
        "username": "only-here",
        "password": "long enough",
        "user_type": "personal",
        "display_name": "张",
    }
    anyone.post("/accounts", account).ok(201)
    login = {"username": "only-here", "password": "long enough"}
    anyone.post("/sessions", {**login, "sandbox": world.id}).ok(201)
    anyone.post("/sessions", {**login, "sandbox": other_world.id}).refused(401, "wrong_credentials")
    anyone.post("/sessions", {**login, "sandbox": "nothing"}).refused(404, "not_found")


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({}, {"/username": "required", "/password": "required"}),
        ({"username": "card"}, {"/password": "required"}),
        ({"card_no": "SIMC00000002"}, {"/pin": "required"}),
        ({"pin": "1"}, {"/card_no": "required"}),
        ({"username": "card", "password": "x", "card_no": "y", "pin": "z"}, {"/card_no": "ambiguous"}),
        ({"username": 1, "password": True}, {"/username": "type_mismatch", "/password": "type_mismatch"}),
        ({"username": "x", "password": "y", "role": "admin"}, {"/role": "unknown_field"}),
    ],
)
def test_one_way_to_log_in_is_chosen_and_chosen_whole(
    body: dict, errors: dict[str, str], world: World, anyone: Caller
) -> None:
    answer = anyone.post("/sessions", {"sandbox": world.id, **body})
    assert (answer.status, answer.errors) == (422, errors)


def test_a_session_that_is_ended_is_ended_and_no_other(world: World, anyone: Caller) -> None:
    first, second = (anyone.post("/sessions", by_password(world)).ok(201)["token"] for _ in range(2))
    anyone.delete("/sessions/current", first).ok(204)
    anyone.get("/sessions/current", first).refused(401, "not_authenticated")
    anyone.delete("/sessions/current", first).refused(401, "not_authenticated")
    anyone.get("/sessions/current", second).ok(200)


def test_a_session_expires_by_wall_time_and_never_by_the_sandboxs_clock(world: World, anyone: Caller) -> None:
    opened = anyone.post("/sessions", by_password(world)).ok(201)
    left = datetime.fromisoformat(opened["expires_at"]) - wall()
    assert timedelta(hours=11, minutes=59) < left <= timedelta(hours=12)
    world.wait(days=400)
    anyone.get("/sessions/current", opened["token"]).ok(200)
    Session.objects.filter(expires_at__isnull=False).update(expires_at=wall() + timedelta(minutes=5))
    anyone.get("/sessions/current", opened["token"]).ok(200)
    Session.objects.filter(expires_at__isnull=False).update(expires_at=wall())
    anyone.get("/sessions/current", opened["token"]).refused(401, "not_authenticated")
    world.caller("card").get("/sessions/current").ok(200)


def test_a_minute_before_its_end_a_session_is_open_and_a_minute_after_it_is_not(
    world: World, anyone: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, opened = anyone.post("/sessions", by_password(world)).ok(201)["token"], wall()
    monkeypatch.setattr(visits, "wall", lambda: opened + timedelta(hours=11, minutes=59))
    anyone.get("/sessions/current", token).ok(200)
    monkeypatch.setattr(visits, "wall", lambda: opened + timedelta(hours=12, minutes=1))
    anyone.get("/sessions/current", token).refused(401, "not_authenticated")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic Y2FyZDp4", "tok_x", "Bearer tok x", "Token {}"])
def test_only_a_bearer_token_is_a_token(header: str, world: World) -> None:
    Caller().get("/filings", Authorization=header.format(world.accounts["card"]["token"])).refused(
        401, "not_authenticated"
    )


def test_the_scheme_may_be_written_small(world: World) -> None:
    Caller().get("/filings", Authorization=f"bearer {world.accounts['card']['token']}").ok(200)


def test_every_account_of_a_standard_sandbox_can_log_in_as_it_is_told(world: World, anyone: Caller) -> None:
    for role, account in world.accounts.items():
        token = anyone.post("/sessions", by_password(world, role)).ok(201)["token"]
        assert anyone.get("/sessions/current", token)["account"]["username"] == account["username"]
        if "card_no" in account:
            anyone.post("/sessions", by_card(world, role)).ok(201)
            assert world.caller(role, "card").get("/sessions/current")["medium"] == "card"
    assert [role for role, account in world.accounts.items() if "card_no" not in account] == ["cardless", "personal"]


def test_a_login_is_remembered_with_its_medium_and_the_token_is_not(world: World, anyone: Caller) -> None:
    token = anyone.post("/sessions", by_card(world)).ok(201)["token"]
    event = Event.objects.get(sandbox__key=world.id, name="session.opened")
    assert (event.actor, event.medium) == ("card", "card")
    assert not Session.objects.filter(token_digest__contains=token).exists()


# ── accounts ──────────────────────────────────────────────────────────────────────────────────────────────────────

ACCOUNT = {"username": "zhang", "password": "long enough", "user_type": "personal", "display_name": "张演练"}


def test_a_new_account_is_told_without_its_password(world: World, anyone: Caller) -> None:
    made = anyone.post("/accounts", {**ACCOUNT, "sandbox": world.id}).ok(201)
    assert made.json == {"username": "zhang", "user_type": "personal", "display_name": "张演练", "enterprise": None}


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"password": "short"}, {"/password": "min_length"}),
        ({"username": ""}, {"/username": "blank"}),
        ({"username": "x" * 61}, {"/username": "max_length"}),
        ({"username": "a\x00b"}, {"/username": "control_characters"}),
        ({"user_type": "staff"}, {"/user_type": "unknown_code"}),
        ({"user_type": True}, {"/user_type": "unknown_code"}),
        ({"display_name": None}, {"/display_name": "null"}),
        ({"role": "card", "is_staff": True}, {"/role": "unknown_field", "/is_staff": "unknown_field"}),
    ],
)
def test_an_account_is_judged_field_by_field(
    changes: dict, errors: dict[str, str], world: World, anyone: Caller
) -> None:
    answer = anyone.post("/accounts", {**ACCOUNT, "sandbox": world.id, **changes})
    assert (answer.status, answer.errors) == (422, errors)
    anyone.post("/sessions", {"sandbox": world.id, "username": "zhang", "password": "long enough"}).refused(
        401, "wrong_credentials"
    )


def test_the_same_name_may_be_taken_in_two_sandboxes_and_not_twice_in_one(
    world: World, other_world: World, anyone: Caller
) -> None:
    for sandbox in (world.id, other_world.id):
        anyone.post("/accounts", {**ACCOUNT, "sandbox": sandbox}).ok(201)
    anyone.post("/accounts", {**ACCOUNT, "sandbox": world.id}).refused(409, "username_taken")
    anyone.post("/accounts", {**ACCOUNT, "sandbox": "nothing"}).refused(404, "not_found")


def test_an_enterprise_has_one_account_however_its_code_is_typed(world: World, anyone: Caller) -> None:
    uscc = uscc_complete("91440399MAMK0992")
    account = {**ACCOUNT, "sandbox": world.id, "user_type": "enterprise"}
    assert anyone.post("/accounts", {**account, "uscc": f" {uscc.lower()} "}).ok(201)["enterprise"]["uscc"] == uscc
    anyone.post("/accounts", {**account, "username": "li", "uscc": uscc}).refused(409, "enterprise_has_account")
    anyone.post("/accounts", {**account, "username": "li", "uscc": world.accounts["card"]["uscc"]}).refused(
        409, "enterprise_has_account"
    )
