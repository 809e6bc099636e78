"""Coming in: login, logout, registration, and where one is sent without them."""

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from filings.lab.worlds import cast
from filings.models import Account, Event, Filing, Sandbox, Session
from tests.factories import SandboxFactory
from tests.web.pages import Page

PASSWORD = {"username": "cardless", "password": cast.PASSWORD}
FROM_HERE = {"Origin": "http://testserver"}


def hidden(reply: HttpResponse) -> dict[str, str]:
    """The hidden fields of a page, as a browser posts them."""
    found = {one["name"]: one["value"] for one in Page(reply).all('input[type="hidden"]')}
    return {name: value.replace("\n", "\r\n") for name, value in found.items() if name != "csrfmiddlewaretoken"}


def log_in(client: Client, sandbox: Sandbox, **given: str):
    return client.post("/login", {"sandbox": sandbox.key, "medium": "password", **PASSWORD, **given})


def test_a_login_opens_a_session_in_a_guarded_cookie(client: Client, sandbox: Sandbox) -> None:
    reply = log_in(client, sandbox, next="/enterprise")
    assert (reply.status_code, reply["Location"]) == (303, "/enterprise")
    cookie = reply.cookies["sim_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert bool(cookie["secure"]) is settings.SESSION_COOKIE_SECURE
    assert "云帆演练 经办人" in Page(client.get("/"))


@pytest.mark.faq("1.5")
def test_a_card_login_has_the_medium_card(client: Client, sandbox: Sandbox) -> None:
    reply = client.post(
        "/login", {"sandbox": sandbox.key, "medium": "card", "card_no": "SIMC00000002", "pin": cast.PIN}
    )
    assert reply.status_code == 303
    assert "卡介质登录" in Page(client.get("/"))


@pytest.mark.parametrize("given", [{"password": "wrong"}, {"username": "nobody"}])
def test_a_wrong_login_is_told_in_words(client: Client, sandbox: Sandbox, given: dict[str, str]) -> None:
    reply = log_in(client, sandbox, **given)
    assert reply.status_code == 401
    assert "用户名或密码不正确" in Page(reply)
    assert "sim_session" not in reply.cookies


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"username": "a\0b"}, "用户名：第 2 个字符是空字符（U+0000），请删去"),
        ({"password": ""}, "密码：必填：登录须同时给出用户名、密码"),
        (
            {"medium": "card", "card_no": "SIMC00000002"},
            "卡密码（PIN）：必填：登录须同时给出卡号、卡密码（PIN）",
        ),
    ],
)
def test_a_login_that_is_none_is_told_at_its_box(
    client: Client, sandbox: Sandbox, given: dict[str, str], told: str
) -> None:
    reply = log_in(client, sandbox, **given)
    assert reply.status_code == 422
    assert told in Page(reply)
    assert "sim_session" not in reply.cookies


def test_an_unknown_sandbox_is_told_in_words(client: Client, sandbox: Sandbox) -> None:
    reply = client.post("/login", {"sandbox": "<nowhere>", **PASSWORD})
    assert reply.status_code == 404
    assert "没有名为“<nowhere>”的演练环境" in Page(reply)


def test_each_login_is_a_new_session_and_ends_the_old(client: Client, sandbox: Sandbox) -> None:
    before = Session.objects.count()
    log_in(client, sandbox)
    old = client.cookies["sim_session"].value
    log_in(client, sandbox)
    assert client.cookies["sim_session"].value != old
    assert Session.objects.count() == before + 1


def test_logging_out_ends_the_session(client: Client, sandbox: Sandbox) -> None:
    log_in(client, sandbox)
    token = client.cookies["sim_session"].value
    assert client.get("/logout").status_code == 405
    client.post("/logout")
    client.cookies["sim_session"] = token
    assert client.get("/")["Location"] == "/login?next=%2F"


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_a_login_leads_nowhere_but_here(client: Client, sandbox: Sandbox, to: str) -> None:
    assert log_in(client, sandbox, next=to)["Location"] == "/"


@pytest.mark.parametrize(
    "page",
    ["/", "/filings/new?kind=registration", "/filings/F000001", "/enquiries/overview", "/enterprise", "/tickets"],
)
def test_nobody_is_shown_anything(client: Client, db: None, page: str) -> None:
    reply = client.get(page)
    assert reply.status_code == 302
    assert reply["Location"].startswith("/login?next=%2F")


def test_the_demo_accounts_are_shown_for_the_demo_sandbox_only(client: Client, db: None) -> None:
    assert cast.PASSWORD in Page(client.get("/login"))
    assert cast.PASSWORD not in client.get("/login?sandbox=sb-mine").content.decode()


def test_an_unsafe_request_needs_a_csrf_token(sandbox: Sandbox) -> None:
    client = Client(enforce_csrf_checks=True)
    reply = log_in(client, sandbox)
    assert reply.status_code == 403
    assert "页面已过期" in Page(reply)


@pytest.mark.faq("2.3")
def test_an_enterprise_registers_as_an_enterprise_user(client: Client, sandbox: Sandbox) -> None:
    given = {
        "sandbox": sandbox.key,
        "username": "new",
        "password": "Practice-1",
        "user_type": "enterprise",
        "display_name": "深圳市新演练有限公司",
    }
    reply = client.post("/register", given)
    assert reply.status_code == 422
    assert "企业用户须填写统一社会信用代码" in Page(reply)
    assert Page(reply).value("display_name") == "深圳市新演练有限公司"
    reply = client.post("/register", given | {"uscc": cast.CARDLESS.uscc})
    assert reply.status_code == 409
    reply = client.post("/register", given | {"uscc": cast.uscc_complete("91440399MAMK0099")})
    assert (reply.status_code, reply["Location"]) == (303, f"/login?sandbox={sandbox.key}")
    assert Account.objects.get(sandbox=sandbox, username="new").enterprise.name_cn == "深圳市新演练有限公司"


def test_a_registration_tells_everything_at_once(client: Client, sandbox: Sandbox) -> None:
    told = Page(client.post("/register", {"sandbox": sandbox.key}))
    for label in ("用户名", "密码", "企业名称或姓名", "用户类型"):
        assert f"{label}：必填，没有给出" in told
    assert told.text.count("必填，没有给出") == 8


@pytest.mark.faq("2.3")
def test_a_personal_user_is_refused_in_the_words_and_it_is_noted(client: Client, sandbox: Sandbox) -> None:
    log_in(client, sandbox, username="personal")
    reply = client.get("/filings/new?kind=registration")
    assert reply.status_code == 403
    assert "当前用户不是企业用户，无法操作" in Page(reply)
    assert "/register" in {link.partition("?")[0] for link in Page(reply).links}
    assert Event.objects.filter(sandbox=sandbox, name="refused", data__code="not_enterprise_user").count() == 1


def test_every_page_is_marked_and_keeps_to_itself(client: Client, sandbox: Sandbox) -> None:
    log_in(client, sandbox)
    for page in (
        "/login",
        "/register",
        "/",
        "/filings/new?kind=registration",
        "/enquiries/overview",
        "/faq",
        "/nowhere",
    ):
        reply = client.get(page)
        told = Page(reply)
        assert "模拟环境" in told, page
        assert "非官方系统" in told, page
        assert "unsafe" not in reply["Content-Security-Policy"]
        assert not told.has("[style], [onclick], script:not([src])"), page
        assert "http://" not in told.source.replace("http://www.w3.org", ""), page


def test_one_sandbox_never_shows_another(client: Client, sandbox: Sandbox) -> None:
    log_in(client, SandboxFactory())
    assert client.get("/filings/F000001").status_code == 404


def test_what_was_typed_outlives_the_login(client: Client, sandbox: Sandbox) -> None:
    """The login ran out while a page was being filled: the fields go along over the login and are posted once more."""
    log_in(client, sandbox)
    client.post("/logout")
    typed = {"kind": "mofcom_change", "do": "save", "remarks": "深圳市福田区\r\n新住所<1>号"}
    lapsed = client.post("/filings/new?kind=mofcom_change", typed, headers=FROM_HERE)
    assert lapsed.status_code == 401
    asked = client.post("/login", hidden(lapsed) | {"do": "come_back"})
    assert "您填写的内容仍保留" in Page(asked)
    wrong = client.post("/login", hidden(asked) | {"sandbox": sandbox.key, "username": "cardless", "password": "wrong"})
    assert wrong.status_code == 401
    back = client.post(
        "/login", hidden(wrong) | {"sandbox": sandbox.key, "username": "cardless", "password": cast.PASSWORD}
    )
    assert "/filings/new?kind=mofcom_change" in [form.action for form in Page(back).forms]
    assert hidden(back) == typed
    saved = client.post("/filings/new?kind=mofcom_change", hidden(back))
    assert saved.status_code == 303
    assert Filing.objects.get().content == {"remarks": "深圳市福田区\n新住所<1>号"}


def test_what_was_typed_outlives_the_pages_token(sandbox: Sandbox) -> None:
    """A login in another window changes the browser's token: the page filled meanwhile is not lost."""
    client = Client(enforce_csrf_checks=True)
    reply = client.post("/filings/new", {"do": "save", "name_cn": "深圳"}, headers=FROM_HERE)
    assert reply.status_code == 403
    assert "您填写的内容都还在" in Page(reply)
    assert hidden(reply) == {"do": "save", "name_cn": "深圳"}
    assert not Filing.objects.exists()


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_another_sites_fields_are_never_kept(headers: dict[str, str], db: None) -> None:
    reply = Client(enforce_csrf_checks=True).post("/filings/new", {"name_cn": "planted"}, headers=headers)
    assert reply.status_code == 403
    assert "planted" not in reply.content.decode()
    assert Client().post("/filings/new", {"name_cn": "planted"}, headers=headers)["Location"] == "/login"


def test_a_password_is_never_written_into_a_page(db: None) -> None:
    reply = Client(enforce_csrf_checks=True).post(
        "/cards/1/pin", {"old_pin": "12345678", "new_pin": "87654321"}, headers=FROM_HERE
    )
    assert "87654321" not in reply.content.decode()


def test_an_address_for_buttons_only_says_so(client: Client, db: None) -> None:
    reply = client.get("/logout")
    assert (reply.status_code, reply["Allow"]) == (405, "POST")
    assert "只供页面上的按钮使用" in Page(reply)
    assert client.get("/api/v1/sessions").content != reply.content
