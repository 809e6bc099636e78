"""FAQ 1.5: may users without a card apply for the customs registration certificate?

问：无卡用户能否申请海关注册登记证？
答：有卡用户或无卡用户均可申请海关注册登记证。只有有卡用户使用卡介质方式登录才能进行海关通用资质中“变更申请”、“注销申请”等相关操作。
"""

from typing import Any

import pytest

from filings.models import Event, Filing
from filings.rules.words import Category
from tests.api.client import Answer, Caller, World

pytestmark = pytest.mark.faq("1.5")

WORDS = "只有有卡用户使用卡介质方式登录才能进行海关通用资质中“变更申请”、“注销申请”等相关操作"
CONTENT = {"registration": {}, "change": {"remarks": "变更"}, "deregistration": {"reason": "停止经营"}}

MAY_BEGIN = {
    ("registration", "password"): 201,
    ("registration", "card"): 201,
    ("change", "password"): 403,
    ("change", "card"): 201,
    ("deregistration", "password"): 403,
    ("deregistration", "card"): 201,
}
"""What the answer says, literally; it is the same for every category."""

MAY_DECLARE = {
    **MAY_BEGIN,
    ("registration", "password"): 409,
    ("registration", "card"): 409,
    ("change", "card"): 200,
    ("deregistration", "card"): 200,
}
"""An enterprise on record declares no second registration (FAQ 2.4); of the others only who came by card."""


def need_card(answer: Answer) -> Answer:
    refused = answer.refused(403, "card_login_required")
    assert (refused["detail"], refused["faq"], refused["provenance"]) == (WORDS, "1.5", "documented")
    assert "卡介质" in refused["remedy"]
    return refused


@pytest.mark.parametrize(("kind", "medium"), MAY_BEGIN)
@pytest.mark.parametrize("category", Category.values)
def test_category_by_medium_by_kind(category: str, medium: str, kind: str, world: World) -> None:
    role = f"category:{category}"
    begun = world.begin(kind, role, medium, **CONTENT[kind])
    assert begun.status == MAY_BEGIN[kind, medium]
    if begun.status == 403:
        need_card(begun)
        assert world.caller(role).get("/filings")["results"] == []
    drafted = world.make("filing", kind=kind, uscc=world.uscc(role))["id"]
    declared = world.submit(drafted, role, medium)
    assert declared.status == MAY_DECLARE[kind, medium]
    if declared.status == 403:
        need_card(declared)
        assert world.caller(role).get(f"/filings/{drafted}")["status"] == "draft"


@pytest.mark.parametrize("kind", ["change", "deregistration"])
def test_without_a_card_the_attempt_leaves_no_row_but_an_event(kind: str, world: World) -> None:
    need_card(world.begin(kind, "cardless", "password", **CONTENT[kind]))
    assert not Filing.objects.exists()
    (event,) = Event.objects.filter(sandbox__key=world.id, name="refused")
    assert (event.actor, event.medium, event.data) == (
        "cardless",
        "password",
        {"verb": "create", "code": "card_login_required", "faq": "1.5"},
    )


def test_without_a_card_a_registration_goes_all_the_way(world: World) -> None:
    filing = world.declare().ok(200)["id"]
    world.advance(until="idle")
    assert world.caller().get(f"/filings/{filing}")["status"] == "approved"


def test_it_is_the_login_that_counts_and_not_the_card_in_the_drawer(world: World) -> None:
    by_password, by_card = world.caller("card"), world.caller("card", "card")
    need_card(by_password.post("/filings", {"kind": "change", "content": {}}))
    by_card.post("/filings", {"kind": "change", "content": {}}).ok(201)
    need_card(by_password.post("/filings", {"kind": "change", "content": {}}))


def every_write(who: Caller, filing: str) -> dict[str, Answer]:
    """All that can be written about one draft."""
    return {
        "save": who.patch(f"/filings/{filing}", {"content": {"remarks": "又"}}),
        "save nonsense": who.patch(f"/filings/{filing}", {"content": 7, "status": "approved"}),
        "declare": who.post(f"/filings/{filing}/declare"),
        "copy": who.post(f"/filings/{filing}/copy"),
        "attach": who.upload(filing),
        "attach nothing": who.call(
            "POST", f"/filings/{filing}/attachments", b"", content_type="multipart/form-data; boundary=x"
        ),
        "detach": who.delete(f"/filings/{filing}/attachments/1"),
        "delete": who.delete(f"/filings/{filing}"),
    }


@pytest.mark.parametrize("kind", ["change", "deregistration"])
def test_what_was_begun_by_card_is_gone_on_with_by_card(kind: str, world: World) -> None:
    draft = world.begin(kind, **CONTENT[kind]).ok(201)
    for answer in every_write(world.caller("card"), draft["id"]).values():
        need_card(answer)
    kept = world.caller("card").get(f"/filings/{draft['id']}").ok(200)
    assert (kept["status"], kept["version"]) == ("draft", 1)
    assert world.submit(draft["id"]).ok(200)["status"] == "declared"


def test_to_read_it_no_card_is_needed(world: World) -> None:
    draft, mine = world.change(), world.caller("card")
    for path in ("", "/timeline", "/attachments"):
        mine.get(f"/filings/{draft}{path}").ok(200)
    assert mine.get("/enquiries/filings?business_type=企业变更")["results"][0]["id"] == draft
    mine.post("/forms/change/state", {"content": {}, "filing": draft}).ok(200)


@pytest.mark.parametrize(("status", "label"), [("cancelled", "已注销"), ("expired", "已过期"), ("locked", "已锁定")])
def test_a_card_that_ends_during_the_session_ends_it(status: str, label: str, world: World) -> None:
    mine, draft = world.caller("card", "card"), world.change()
    world.control.patch(f"/cards/{world.accounts['card']['card_no']}", {"status": status}).ok(200)
    for answer in every_write(mine, draft).values():
        assert need_card(answer)["card_status"] == status
    assert Event.objects.filter(sandbox__key=world.id, name="refused", data__code="card_login_required").count() == 8
    for path in (f"/filings/{draft}", "/filings", "/receipts", "/enterprise", "/sessions/current", "/cards"):
        over = mine.get(path).refused(401, "card_unusable")
        assert (over["detail"], over["card_status"]) == (f"登录所用的卡{label}，登录已结束", status)
    world.caller("card").get(f"/filings/{draft}").ok(200)
    refused = Caller().post(
        "/sessions", {"sandbox": world.id, "card_no": world.accounts["card"]["card_no"], "pin": "88888888"}
    )
    assert refused.refused(401, "card_unusable")["card_status"] == status
    assert label in refused["detail"]
    world.control.patch(f"/cards/{world.accounts['card']['card_no']}", {"status": "active"}).ok(200)
    mine.patch(f"/filings/{draft}", {"content": {"remarks": "又"}}).ok(200)


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2021-12-31T23:59:59+08:00", 200),
        ("2022-01-01T00:00:00+08:00", 403),
        ("2021-12-31T15:59:59Z", 200),
        ("2021-12-31T16:00:00Z", 403),
    ],
)
def test_a_card_is_good_through_its_last_day_in_shenzhen(moment: str, status: int, world: World) -> None:
    card = world.accounts["card"]["card_no"]
    world.control.patch(f"/cards/{card}", {"status": "active", "valid_until": "2021-12-31"}).ok(200)
    draft = world.change()
    world.advance(to=moment)
    assert world.caller("card", "card").patch(f"/filings/{draft}", {"content": {"remarks": "又"}}).status == status
    opened = Caller().post("/sessions", {"sandbox": world.id, "card_no": card, "pin": "88888888"})
    assert opened.status == (201 if status == 200 else 401)


def test_what_needs_no_card_is_done_by_password_once_the_card_has_ended(world: World) -> None:
    world.enter("card_cancelled", uscc=world.uscc("agent"))
    need_card(world.begin("registration", "agent", "card"))
    world.begin("registration", "agent", "password").ok(201)


@pytest.mark.parametrize("situation", ["card_expired", "card_cancelled", "card_locked"])
def test_a_tester_can_bring_each_about(situation: str, world: World) -> None:
    (card,) = world.enter(situation)["cards"]
    assert card == world.accounts["card"]["card_no"]
    need_card(world.begin("change", **CONTENT["change"]))


def test_with_the_reader_unplugged_nobody_comes_in_by_card_and_by_password_they_do(world: World) -> None:
    world.enter("card_reader_unplugged")
    who = world.accounts["card"]
    refused = Caller().post("/sessions", {"sandbox": world.id, "card_no": who["card_no"], "pin": who["pin"]})
    refused.refused(503, "card_reader_unavailable")
    assert "Retry-After" not in refused.headers  # a reader is not plugged in by waiting
    Caller().post("/sessions", {"sandbox": world.id, "username": "card", "password": who["password"]}).ok(201)
    (event,) = Event.objects.filter(sandbox__key=world.id, name="refused")
    assert (event.actor, event.medium, event.data["verb"], event.data["code"]) == (
        "card",
        "card",
        "log_in",
        "card_reader_unavailable",
    )
    other = world.accounts["agent"]
    Caller().post("/sessions", {"sandbox": world.id, "card_no": other["card_no"], "pin": other["pin"]}).ok(201)


def test_a_personal_user_hears_of_the_account_before_the_card(world: World) -> None:
    for kind in CONTENT:
        world.begin(kind, "personal", "password").refused(403, "not_enterprise_user")


@pytest.mark.parametrize("kind", ["change", "deregistration"])
@pytest.mark.parametrize("content", [{}, {"nonsense": 1}, None, 7, {"category": "x", "reason": 9}])
def test_the_card_is_asked_for_before_the_record_and_the_fields_are(content: Any, kind: str, world: World) -> None:
    body = {"kind": kind, "content": content, "filing_mode": "nobody's"}
    need_card(world.caller().post("/filings", body))
    need_card(world.caller("card").post("/filings", body))


@pytest.mark.parametrize("kind", ["change", "deregistration"])
def test_then_the_record_is_asked_for_before_the_fields_are(kind: str, world: World) -> None:
    card = world.make("card", username="cardless")["card_token"]
    refused = Caller(token=card).post("/filings", {"kind": kind, "content": {"nonsense": 1}})
    refused.refused(409, "not_registered")
    assert refused["errors"] == []


def test_an_agents_card_opens_nothing_for_an_enterprise_that_gave_no_mandate(world: World) -> None:
    for kind, content in CONTENT.items():
        body = {"kind": kind, "filing_mode": "agent", "principal": world.uscc("card"), "content": content}
        world.caller("agent", "card").post("/filings", body).refused(403, "mandate_required")


def test_an_agent_changes_for_its_principal_by_its_own_card_only(world: World) -> None:
    given = world.caller("card").post("/mandates", {"agent": world.uscc("agent")}).ok(201)
    body = {"kind": "change", "filing_mode": "agent", "principal": world.uscc("card"), "content": CONTENT["change"]}
    need_card(world.caller("agent").post("/filings", body))
    draft = world.caller("agent", "card").post("/filings", body).ok(201)["id"]
    need_card(world.submit(draft, "agent", "password"))
    assert world.submit(draft, "agent").ok(200)["agent"]["uscc"] == given["agent"]["uscc"]
