"""从头再来: a demo of one's own, and the shared one beside it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from filings.lab.worlds import cast, demo, worlds
from filings.models import Sandbox, Session, wall
from filings.models.sandbox import secret_digest
from tests.web.pages import Page
from tests.web.test_sheet import POSTED

pytestmark = pytest.mark.django_db
NEW = "/filings/new?kind=registration"


@pytest.fixture(autouse=True)
def shared(db: None) -> None:
    demo.ensure_demo()


def log_in(client: Client, username: str, medium: str = "password") -> None:
    player = next(one for one in cast.PLAYERS if one.username == username)
    told = {"username": username, "password": cast.PASSWORD, "card_no": player.card, "pin": cast.PIN}
    assert client.post("/login", {"medium": medium, **told}).status_code == 303


def begin(client: Client) -> Any:
    return client.post("/demo")


def session(client: Client) -> Session:
    token = client.cookies["sim_session"].value
    return Session.objects.select_related("sandbox", "account").get(token_digest=secret_digest(token))


def own() -> list[Sandbox]:
    return [one for one in Sandbox.objects.order_by("id") if demo.whose(one) == "own"]


def test_one_press_on_the_login_page_is_enough_and_it_says_so(client: Client) -> None:
    assert "从头再来" in Page(client.get("/login"))
    answer = begin(client)
    assert (answer.status_code, answer["Location"]) == (303, "/")
    page = Page(client.get("/"))
    assert "这是您自己的演示环境：与他人互不影响" in page
    assert "自己的演示环境" in page.find(".where")
    where = session(client)
    assert (where.account.username, where.medium) == ("cardless", "password")
    assert (where.sandbox.kept_hours, where.sandbox.pinned, where.sandbox.clock_mode) == (12, False, "real")


def test_the_next_visitor_is_stopped_by_nothing_of_the_one_before() -> None:
    first = Client()
    log_in(first, "card")
    assert "公用演示环境" in Page(first.get("/"))
    futile = Page(first.get(NEW))
    assert "已有备案" in futile
    assert {"/demo"} <= {form.action for form in futile.forms}, "where one is stopped one may begin anew"
    for _ in range(2):
        visitor = Client()
        begin(visitor)
        answer = visitor.post(NEW, POSTED | {"do": "declare"})
        assert answer.status_code == 303, answer.content.decode()
    assert len(own()) == 2
    assert Sandbox.objects.get(key=demo.KEY).filings_held == 0


@pytest.mark.parametrize(("username", "medium"), [("agent", "card"), ("personal", "password"), ("card", "password")])
def test_one_comes_in_as_who_one_was_in_a_demo(client: Client, username: str, medium: str) -> None:
    log_in(client, username, medium)
    begin(client)
    assert (session(client).account.username, session(client).medium) == (username, medium)
    begin(client)
    assert (session(client).account.username, session(client).medium) == (username, medium)


def test_who_comes_from_another_world_begins_at_the_beginning(client: Client, sandbox: Sandbox) -> None:
    client.cookies["sim_session"] = next(one for one in worlds.tokens(sandbox) if one.role == "card").token
    page = Page(client.get("/"))
    assert "从头再来" not in page
    begin(client)
    assert session(client).account.username == "cardless"
    assert Sandbox.objects.filter(pk=sandbox.pk).exists()


def test_once_more_takes_the_place_of_the_one_before(client: Client) -> None:
    begin(client)
    client.post(NEW, POSTED | {"do": "declare"})
    first = own()
    begin(client)
    assert own() != first
    assert len(own()) == 1
    assert "还没有申请单" in Page(client.get("/"))


def test_after_leaving_one_finds_it_again_or_goes_to_the_shared_one(client: Client) -> None:
    begin(client)
    key = session(client).sandbox.key
    client.post("/logout")
    page = Page(client.get("/login"))
    assert page.value("sandbox") == key
    assert "登录到您自己的演示环境" in page
    assert Page(client.get(page.link("改为登录公用演示环境"))).value("sandbox") == demo.KEY
    log_in_own = {"sandbox": key, "medium": "password", "username": "agent", "password": cast.PASSWORD}
    assert client.post("/login", log_in_own).status_code == 303
    assert session(client).sandbox.key == key


def test_an_expired_one_leads_to_the_login_which_says_so_and_to_a_new_one(client: Client) -> None:
    begin(client)
    Sandbox.objects.filter(pk=own()[0].pk).update(used_at=wall() - wall().resolution - demo.IN_USE * 100)
    assert worlds.clear_expired() == 1
    answer = client.get("/enquiries/overview", follow=True)
    page = Page(answer)
    assert answer.redirect_chain[-1][0].startswith("/login")
    assert "演示环境已清除" in page
    assert "已超过 12 小时没有使用" in page
    assert not page.has('[name="sandbox"]')
    assert begin(client).status_code == 303
    assert "演示环境已清除" not in Page(client.get("/login"))


def test_who_goes_on_in_the_shared_one_is_told_no_more(client: Client) -> None:
    begin(client)
    worlds.erase(own()[0])
    log_in(client, "card")
    client.post("/logout")
    assert "演示环境已清除" not in Page(client.get("/login"))


@pytest.mark.parametrize("limit", ["MOST", "OF_ONE"])
def test_what_is_in_use_is_never_thrown_out_and_the_longest_unused_makes_room(
    limit: str, monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox
) -> None:
    monkeypatch.setattr(demo, limit, 2)
    for _ in range(2):
        assert begin(Client()).status_code == 303
    made = own()
    full = begin(Client())
    assert (full.status_code, full["Retry-After"]) == (429, "600")
    assert own() == made
    Sandbox.objects.filter(pk=made[0].pk).update(used_at=wall() - demo.IN_USE)
    assert begin(Client()).status_code == 303
    assert made[0] not in own()
    assert made[1] in own()
    assert Sandbox.objects.filter(key__in=[demo.KEY, sandbox.key]).count() == 2


def test_one_address_takes_nothing_from_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "OF_ONE", 1)
    assert begin(Client()).status_code == 303
    assert begin(Client()).status_code == 429
    assert begin(Client(REMOTE_ADDR="192.0.2.9")).status_code == 303


def test_it_is_a_deed_and_needs_its_token() -> None:
    client = Client(enforce_csrf_checks=True)
    assert begin(client).status_code == 403
    assert client.get("/demo").status_code == 405
    assert own() == []


@pytest.mark.parametrize(
    "key", ["demo", "demo-x", "sb-1-2", "demo-00000000-00000000000", "try-2-4-0-0", "xdemo-00000000-000000000000"]
)
def test_no_other_key_is_a_visitors_own(client: Client, key: str) -> None:
    other = Sandbox.objects.filter(key=key).first() or worlds.create(key=key).sandbox
    client.cookies["sim_demo"] = key
    assert demo.own(key) is None
    begin(client)
    assert Sandbox.objects.filter(pk=other.pk).exists(), "a cookie that names another world throws none away"
