"""控制台: sandboxes, clock, scenarios, situations by button; and who gets behind the counter at all."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
import warnings
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core import signing
from django.test import Client

from filings import desk
from filings.lab.worlds import cast, worlds
from filings.models import Account, Filing, Sandbox, Visit, wall
from filings.models.sandbox import OPENING_MOMENT
from filings.rules.words import Status
from filings.web import backstage
from tests.api.client import World
from tests.factories import SOMEBODY, FilingFactory, at_work, visit_of
from tests.web.pages import Page, words

pytestmark = pytest.mark.django_db

TOKEN = "the-operator's-long-token"
FAR = {"REMOTE_ADDR": "192.0.2.7"}
PARTS = ("journal", "webhooks", "faults", "checkpoints", "coverage")


def fresh(sandbox: Sandbox) -> Sandbox:
    return Sandbox.objects.get(pk=sandbox.pk)


def home(sandbox: Sandbox) -> str:
    return f"/console/sandboxes/{sandbox.key}"


def do(client: Client, sandbox: Sandbox, what: str, **given: Any) -> Any:
    return client.post(home(sandbox), {"do": what, **given})


def of(filing: Filing, visit: Visit) -> Filing:
    return desk.find(at_work("customs", visit), filing.public_id)


# ── who gets in ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def opened(db: None) -> worlds.Opened:
    return worlds.create(key="of-this-class", name="三月班")


@pytest.fixture
def far(settings: Any) -> Client:
    """A browser somewhere on the network."""
    settings.SIM_CONTROL_TOKEN = TOKEN
    return Client(**FAR)


@pytest.fixture
def pages(opened: worlds.Opened) -> list[str]:
    """Every page about a sandbox."""
    filing = FilingFactory(visit=_cardless(opened.sandbox), status="declared")
    at = home(opened.sandbox)
    return [
        at,
        f"{at}/reset",
        f"{at}/delete",
        f"{at}/filings/{filing.public_id}",
        f"/customs/?sandbox={opened.sandbox.key}",
        f"/customs/{opened.sandbox.key}/{filing.public_id}",
        *(f"{at}/{page}" for page in PARTS),
    ]


def _cardless(sandbox: Sandbox) -> Visit:
    account = Account.objects.select_related("enterprise").get(sandbox=sandbox, role="cardless")
    account.sandbox = sandbox
    return visit_of(account)


def log_in(client: Client, key: str, to: str = "") -> Any:
    return client.post("/console/login", {"token": key, "next": to})


def test_this_machine_needs_no_key(client: Client, pages: list[str]) -> None:
    assert {client.get(page).status_code for page in ["/console/", *pages]} == {200}


def test_through_a_proxy_this_machine_is_nobody(settings: Any, pages: list[str]) -> None:
    settings.SIM_CONTROL_TOKEN = TOKEN
    behind_a_proxy = Client(HTTP_X_FORWARDED_FOR="192.0.2.7")
    assert {behind_a_proxy.get(page).status_code for page in ["/console/", *pages]} == {401}


def test_the_network_is_asked_for_a_key(far: Client, pages: list[str]) -> None:
    for page in ["/console/", "/customs/", *pages]:
        answer = far.get(page)
        assert answer.status_code == 401
        assert Page(answer).has('[name="token"]')
        assert "三月班" not in answer.content.decode()
        assert far.post(page).status_code in (401, 405)


def test_the_token_opens_everything(far: Client, pages: list[str]) -> None:
    answer = log_in(far, TOKEN, pages[0])
    assert (answer.status_code, answer["Location"]) == (303, pages[0])
    assert {far.get(page).status_code for page in ["/console/", *pages]} == {200}
    assert "新建沙箱" in words(far.get("/console/"))
    far.post("/console/logout")
    assert far.get(pages[0]).status_code == 401


def test_a_sandbox_key_opens_that_sandbox_only(far: Client, opened: worlds.Opened, pages: list[str]) -> None:
    other = worlds.create(key="of-another-class", name="四月班").sandbox
    assert log_in(far, opened.control_key)["Location"] == pages[0]
    assert {far.get(page).status_code for page in pages} == {200}
    listed = words(far.get("/console/"))
    assert "三月班" in listed
    assert "四月班" not in listed
    assert "新建沙箱" not in listed
    assert "三月班" in words(far.get("/customs/"))
    assert "四月班" not in words(far.get("/customs/"))
    for path in (
        home(other),
        f"{home(other)}/reset",
        f"/customs/?sandbox={other.key}",
        f"/customs/{other.key}/F000001",
        home(other) + "x",
    ):
        answer = far.get(path)
        assert answer.status_code == 403
        assert "当前口令不能打开这里" in words(answer)
    assert (
        far.post("/console/", {"situation": "standard", "scenario": "approve", "clock__mode": "frozen"}).status_code
        == 403
    )
    assert far.post(f"{home(other)}/delete").status_code == 403
    assert worlds.sandboxes().count() == 2
    worlds.erase(opened.sandbox)
    assert far.get("/console/").status_code == 403


@pytest.mark.parametrize("given", ["", "wrong", TOKEN + "x", TOKEN[:-1], "口令", "\0"])
def test_a_wrong_key_is_told(far: Client, given: str) -> None:
    answer = log_in(far, given)
    assert answer.status_code in (401, 403)
    assert backstage.COOKIE not in answer.cookies
    if given:
        assert "口令不正确" in words(answer)
        assert given not in Page(answer).values


def test_without_a_token_set_no_key_is_the_right_one(settings: Any) -> None:
    settings.SIM_CONTROL_TOKEN = ""
    assert {log_in(Client(**FAR), given).status_code for given in ("", "anything")} == {401, 403}


def test_the_cookie_is_kept_from_scripts_and_other_sites(far: Client) -> None:
    cookie = log_in(far, TOKEN).cookies[backstage.COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert int(cookie["max-age"]) == 12 * 3600


def held(key: str) -> list[object]:
    """What the cookie holds: the key, and since when."""
    return [key, wall().timestamp()]


FORGED: dict[str, Callable[[], str]] = {
    "nothing": lambda: "",
    "unsigned": lambda: TOKEN,
    "signed for something else": lambda: signing.dumps(held(TOKEN)),
    "a wrong key, signed": lambda: signing.dumps(held("wrong"), salt=backstage.SALT),
    "without its time": lambda: signing.dumps(TOKEN, salt=backstage.SALT),
    "held for too long": lambda: signing.dumps([TOKEN, wall().timestamp() - 12 * 3600], salt=backstage.SALT),
    "cut": lambda: signing.dumps(held(TOKEN), salt=backstage.SALT)[:-1],
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_cookie_opens_nothing(far: Client, how: str) -> None:
    far.cookies[backstage.COOKIE] = FORGED[how]()
    assert far.get("/console/").status_code in (401, 403)


def test_an_old_cookie_opens_nothing(far: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    log_in(far, TOKEN)
    monkeypatch.setattr(backstage, "KEPT", timedelta(seconds=-1))
    assert far.get("/console/").status_code == 401


def test_a_changed_token_locks_out_who_held_the_old(far: Client, settings: Any) -> None:
    log_in(far, TOKEN)
    settings.SIM_CONTROL_TOKEN = "another"
    assert far.get("/console/").status_code == 403


@pytest.mark.parametrize(
    "to", ["https://example.com/console/", "//example.com", "/\\example.com", "/login", "javascript:alert(1)"]
)
def test_the_login_leads_nowhere_else(far: Client, to: str) -> None:
    assert log_in(far, TOKEN, to)["Location"] == "/console/"


def test_other_sites_are_refused_and_ones_own_pages_pass(client: Client, opened: worlds.Opened) -> None:
    at = home(opened.sandbox)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.com"}, {"Origin": "null"}):
        assert client.post(at, {"do": "pin:yes"}, headers=headers).status_code == 403
        assert client.get(at, headers=headers).status_code == 403
        assert log_in(Client(headers=headers), TOKEN).status_code == 403
    assert not fresh(opened.sandbox).pinned
    assert (
        client.post(
            at, {"do": "pin:yes"}, headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}
        ).status_code
        == 303
    )
    assert fresh(opened.sandbox).pinned


def test_a_form_without_its_token_is_refused(opened: worlds.Opened) -> None:
    strict = Client(enforce_csrf_checks=True)
    at = home(opened.sandbox)
    assert strict.post(at, {"do": "pin:yes"}).status_code == 403
    token = Page(strict.get(at)).value("csrfmiddlewaretoken")
    assert strict.post(at, {"do": "pin:yes", "csrfmiddlewaretoken": token}).status_code == 303


def test_every_form_that_posts_carries_a_csrf_token(client: Client, pages: list[str]) -> None:
    forms = [(page, form) for page in ["/console/", "/console/login", *pages] for form in Page(client.get(page)).forms]
    assert len(forms) > len(pages)
    assert [page for page, form in forms if "csrfmiddlewaretoken" not in form.fields] == []


def test_a_closed_control_plane_has_no_counter(settings: Any) -> None:
    """The map of the face, read anew with the plane off: 404, as the API."""
    settings.SIM_CONTROL_PLANE = False
    spec = importlib.util.spec_from_file_location("map_without", Path(backstage.__file__).with_name("urls.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        spec.loader.exec_module(module)
    names = {urlpattern.name for urlpattern in module.urlpatterns}
    assert {"home", "faq_entry", "faq_try", "practice", "fidelity", "machine"} <= names
    assert not {"first_steps", "first_steps_file"} & names
    assert not {name for name in names if name.startswith(("console", "customs"))}


def test_an_applicant_stays_an_applicant(far: Client, opened: worlds.Opened) -> None:
    far.post("/login", {"sandbox": opened.sandbox.key, "username": "cardless", "password": cast.PASSWORD})
    assert far.get("/").status_code == 200
    assert far.get(home(opened.sandbox)).status_code == 401


# ── sandboxes ─────────────────────────────────────────────────────────────────────────────────────────────────────

NEW = {"name": "五月班", "situation": "standard", "scenario": "approve", "clock__mode": "frozen"}


def test_a_new_sandbox_tells_its_key_once(client: Client) -> None:
    answer = client.post(
        "/console/",
        NEW | {"scenario": "reject", "p-reason": "name_mismatch", "p-pace": "fast", "p-days": "9", "pinned": "on"},
    )
    assert answer.status_code == 201
    sandbox = Sandbox.objects.get(name="五月班")
    key = re.search(r"ctl_[\w-]+", answer.content.decode())
    assert key
    assert backstage.own(key[0]) == sandbox
    assert sandbox.scenario == "reject; reason=name_mismatch; pace=fast"
    assert sandbox.pinned
    assert sandbox.now() == OPENING_MOMENT
    for page in (home(sandbox), "/console/"):
        assert "ctl_" not in client.get(page).content.decode()


def test_a_new_sandbox_with_a_clock_of_its_own(client: Client) -> None:
    client.post(
        "/console/", NEW | {"clock__mode": "scaled", "clock__now": "２０２０-01-02 03:04", "clock__rate": "3600"}
    )
    sandbox = Sandbox.objects.get(name="五月班")
    assert (sandbox.clock_mode, sandbox.clock_rate) == ("scaled", 3600)
    assert sandbox.clock_moment == datetime.fromisoformat("2020-01-02T03:04:00+08:00")


@pytest.mark.parametrize(
    ("given", "status", "told"),
    [
        ({"name": "长" * 101}, 422, "最多 100 个字"),
        ({"clock__mode": "wild"}, 422, "时钟方式：应为 real"),
        ({"clock__now": "昨天"}, 422, "2021-12-01 09:00"),
        ({"clock__now": "0001-01-01 00:00"}, 422, "1990 年"),
        ({"clock__mode": "scaled", "clock__rate": "0"}, 422, "倍速应为大于 0"),
        ({"clock__mode": "scaled", "clock__rate": "nan"}, 422, "倍速应为大于 0"),
        ({"scenario": "miracle"}, 400, "没有名为“miracle”的情景"),
        ({"scenario": "slow", "p-days": "0"}, 400, "参数 days 不接受“0”"),
        ({"scenario": "slow", "p-days": "3; pace=warp"}, 400, "参数 pace 不接受“warp”"),
        ({"situation": "utopia"}, 400, "没有名为“utopia”的场面"),
    ],
)
def test_what_is_wrong_with_a_new_sandbox_is_told(
    client: Client, given: dict[str, str], status: int, told: str
) -> None:
    answer = client.post("/console/", NEW | given)
    assert answer.status_code == status
    assert told in words(answer)
    assert not Sandbox.objects.exists()
    if "name" not in given:
        assert Page(answer).value("name") == "五月班"


def test_sandboxes_are_found_by_name(client: Client, opened: worlds.Opened) -> None:
    worlds.create(key="sb-ci-1", name="")
    told = words(client.get("/console/", {"q": "三月"}))
    assert "三月班" in told
    assert "sb-ci-1" not in told
    assert "sb-ci-1" in words(client.get("/console/", {"q": "CI-1"}))


def test_pin_and_unpin(client: Client, sandbox: Sandbox) -> None:
    do(client, sandbox, "pin:yes")
    assert fresh(sandbox).expires_at is None
    do(client, sandbox, "pin:no")
    assert fresh(sandbox).expires_at is not None


def test_reset_and_delete_ask_first(client: Client, sandbox: Sandbox, declared: Filing) -> None:
    assert "确定重置" in words(client.get(f"{home(sandbox)}/reset"))
    assert Filing.objects.filter(sandbox=sandbox).exists()
    assert client.post(f"{home(sandbox)}/reset").status_code == 303
    assert not Filing.objects.filter(sandbox=sandbox).exists()
    assert "确定删除" in words(client.get(f"{home(sandbox)}/delete"))
    assert client.post(f"{home(sandbox)}/delete")["Location"] == "/console/"
    assert client.get(home(sandbox)).status_code == 404


def test_the_demo_stays(client: Client) -> None:
    demo = worlds.create(key="demo").sandbox
    assert "删除沙箱" not in words(client.get(home(demo)))
    client.post(f"{home(demo)}/delete")
    assert Sandbox.objects.filter(key="demo").exists()


# ── a sandbox's page ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("step", "by"),
    [
        ("PT1M", timedelta(minutes=1)),
        ("PT10M", timedelta(minutes=10)),
        ("PT1H", timedelta(hours=1)),
        ("P1D", timedelta(days=1)),
    ],
)
def test_the_clock_is_advanced_by_a_button(client: Client, sandbox: Sandbox, step: str, by: timedelta) -> None:
    answer = do(client, sandbox, f"advance:{step}")
    assert answer.status_code == 303
    assert fresh(sandbox).now() == OPENING_MOMENT + by
    assert "没有到期的事" in words(client.get(answer["Location"]))


def test_to_the_next_event_and_to_idle_telling_what_fired(client: Client, sandbox: Sandbox, cardless: Visit) -> None:
    filing = FilingFactory(visit=cardless, status="declared", scenario="approve")
    page = client.get(do(client, sandbox, "advance:next_event")["Location"])
    assert "本次推进发生了 1 件事 12-01 09:01:00 发往海关" in words(page)
    assert Page(page).has('[value="advance:next_event"][autofocus]')
    told = words(client.get(do(client, sandbox, "advance:idle")["Location"]))
    assert "本次推进发生了 4 件事" in told
    assert "12-02 09:00:00 审批通过" in told
    assert "按情景自动" in told
    assert of(filing, cardless).status == Status.APPROVED
    assert "空闲：没有排定的事" in told


def test_what_comes_is_told(client: Client, sandbox: Sandbox, cardless: Visit) -> None:
    FilingFactory(visit=cardless, status="declared", scenario="approve")
    assert "接下来 已排定、尚未到期 12-01 09:01:00 发往海关" in words(client.get(home(sandbox)))


@pytest.mark.parametrize("what", ["advance", "advance:P9Y", "explode", "", "advance:idle:now"])
def test_other_buttons_do_not_exist(client: Client, sandbox: Sandbox, what: str) -> None:
    assert do(client, sandbox, what).status_code == 404
    assert fresh(sandbox).now() == OPENING_MOMENT


def test_the_clock_is_set_and_only_forward(client: Client, sandbox: Sandbox) -> None:
    do(client, sandbox, "clock", mode="frozen", now="2022-01-01 00:00")
    assert fresh(sandbox).now() == datetime.fromisoformat("2022-01-01T00:00:00+08:00")
    answer = do(client, sandbox, "clock", mode="frozen", now="2021-01-01 00:00")
    assert answer.status_code == 422
    assert "只能向前" in words(answer)
    assert "2021-01-01 00:00" in Page(answer).values
    do(client, sandbox, "clock", mode="scaled", rate="60")
    assert (fresh(sandbox).clock_mode, fresh(sandbox).clock_rate) == ("scaled", 60)
    do(client, sandbox, "clock", mode="real")
    assert fresh(sandbox).clock_mode == "real"
    assert fresh(sandbox).now() >= datetime.fromisoformat("2022-01-01T00:00:00+08:00")


def test_the_default_is_picked_from_the_catalogue(client: Client, sandbox: Sandbox) -> None:
    page = Page(client.get(home(sandbox)))
    for name in ("approve", "approve_auto", "reject", "stuck", "customs_cannot_see", "slow", "by_hand"):
        assert page.has(f'option[value="{name}"]')
    do(client, sandbox, "scenario", **{"scenario": "stuck", "p-at": "stored", "p-pace": "normal", "p-days": "3"})
    assert fresh(sandbox).scenario == "stuck; at=stored"
    page = Page(client.get(home(sandbox)))
    assert page.has('option[value="stuck"][selected]')
    assert page.has('option[value="stored"][selected]')
    assert do(client, sandbox, "scenario", scenario="miracle").status_code == 400
    assert fresh(sandbox).scenario == "stuck; at=stored"


@pytest.mark.faq("2.10")
def test_a_situation_is_about_the_enterprise_chosen(client: Client, sandbox: Sandbox, draft: Filing) -> None:
    do(client, sandbox, "situation", situation="stale_form", uscc=cast.CARDLESS.uscc)
    assert Filing.objects.get(pk=draft.pk).stale_form
    assert do(client, sandbox, "situation", situation="stale_form", uscc="91440399MAMK99999X").status_code == 404
    unsure = do(client, sandbox, "situation", situation="empty")
    assert unsure.status_code == 422
    assert "请确认清除" in words(unsure)
    assert Filing.objects.filter(sandbox=sandbox).exists()
    do(client, sandbox, "situation", situation="empty", sure="on")
    assert not Filing.objects.filter(sandbox=sandbox).exists()
    assert "这个场面没有账户" in words(client.get(home(sandbox)))


def test_an_account_is_one_click_from_its_login_and_no_secret_is_in_the_address(
    client: Client, sandbox: Sandbox
) -> None:
    page = Page(client.get(home(sandbox)))
    links = [one["href"] for one in page.all('a[href^="/login?"]')]
    assert f"/login?sandbox={sandbox.key}&username=cardless" in links
    assert f"/login?sandbox={sandbox.key}&medium=card&card_no=SIMC00000002" in links
    for told in worlds.tokens(sandbox):
        assert told.token not in page.source
        assert not any(secret in link for link in links for secret in (told.token, told.password, cast.PIN))
    form = Page(client.get(links[1]))
    assert form.value("sandbox") == sandbox.key
    assert form.value("username") == "cardless"


# ── a filing ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_filing_is_explained(client: Client, sandbox: Sandbox, cardless: Visit) -> None:
    filing = FilingFactory(visit=cardless, status="declared", scenario="stuck; at=sent")
    at = f"{home(sandbox)}/filings/{filing.public_id}"
    told = words(client.get(at))
    assert "长时间停留（停留的状态：成功发往海关）" in told
    assert "时钟走到 2021-12-01 09:01:00 （1 分钟后）自动 发往海关" in told
    do(client, sandbox, "advance:idle")
    told = words(client.get(at))
    assert "情景到此为止，不会自己动" in told
    assert "由人推进：海关入库" in told


def test_a_scenario_is_pinned_to_one_filing(client: Client, sandbox: Sandbox, cardless: Visit, draft: Filing) -> None:
    at = f"{home(sandbox)}/filings/{draft.public_id}"
    assert "申报时将用 审批通过（经人工审核）（缺省）" in words(client.get(at))
    assert client.post(at, {"do": "scenario", "scenario": "reject", "p-reason": "other"}).status_code == 303
    assert "审批不通过（原因：不符合备案条件，请联系主管海关）（钉在本单）" in words(client.get(at))
    desk.perform(cardless, draft.public_id, "declare")
    do(client, sandbox, "advance:idle")
    assert of(draft, cardless).status == Status.REJECTED
    assert "已办结" in words(client.get(at))
    assert client.post(at, {"do": "scenario", "scenario": "miracle"}).status_code == 400
    assert client.post(at, {"do": "declare"}).status_code == 404


def test_a_filing_is_held_and_released(client: Client, sandbox: Sandbox, cardless: Visit) -> None:
    filing = FilingFactory(visit=cardless, status="declared", scenario="approve")
    at = f"{home(sandbox)}/filings/{filing.public_id}"
    client.post(at, {"do": "hold"})
    do(client, sandbox, "advance:P1D")
    assert of(filing, cardless).status == Status.DECLARED
    client.post(at, {"do": "release"})
    do(client, sandbox, "advance:idle")
    assert of(filing, cardless).status == Status.APPROVED


# ── the same by API ───────────────────────────────────────────────────────────────────────────────────────────────


def calls(page: Page) -> list[tuple[str, str, str | None]]:
    """The calls a page tells: method, path, body."""
    told = []
    for block in page.all("pre > code"):
        for line in block.lines:
            if not line.startswith("curl "):
                continue
            given = shlex.split(line)
            if "--data-binary" in given:
                continue  # a file, which another test carries
            method = given[given.index("-X") + 1] if "-X" in given else "GET"
            body = given[given.index("-d") + 1] if "-d" in given else None
            told.append((method, urlsplit(next(one for one in given if one.startswith("http"))).path, body))
    return told


@pytest.mark.django_db(databases="__all__")
def test_every_call_told_does_what_it_says(client: Client, sandbox: Sandbox, cardless: Visit, settings: Any) -> None:
    settings.SIM_WEBHOOK_ALLOW = ["127.0.0.1:9000"]
    filing = FilingFactory(visit=cardless, status="stored")
    other = FilingFactory(visit=cardless, scenario="approve")
    pages = [
        "/console/",
        f"{home(sandbox)}/filings/{other.public_id}",
        f"{home(sandbox)}/filings/{filing.public_id}",
        f"/customs/{sandbox.key}/{filing.public_id}",
        home(sandbox),
        *(f"{home(sandbox)}/{part}" for part in PARTS),
    ]
    told = [call for page in pages for call in calls(Page(client.get(page)))]
    assert len(told) > 18
    # A decision can be taken once, and the end comes last.
    told = [call for call in told if not call[1].endswith(("/reject", "/approve"))] + [
        call for call in told if call[1].endswith("/reject")
    ]
    last = (f"/control/v1/sandboxes/{sandbox.key}", "/reset", "/clock")
    for method, path, body in sorted(told, key=lambda call: (call[0] == "DELETE", call[1].endswith(last))):
        if body:
            json.loads(body)
        answer = client.generic(method, path, body or "", content_type="application/json")
        assert answer.status_code < 300 or "clock" in path, (method, path, body, answer.content)
        if path.endswith("/clock"):
            assert answer.status_code in (200, 422)  # after advances the moment told may be past; its form is right
    assert not Sandbox.objects.filter(pk=sandbox.pk).exists()


def test_a_call_told_to_the_network_names_the_token_and_does_not_show_it(far: Client, opened: worlds.Opened) -> None:
    log_in(far, TOKEN)
    page = Page(far.get(home(opened.sandbox)))
    assert '"Authorization: Bearer $SIM_CONTROL_TOKEN"' in page
    assert TOKEN not in page.source


def test_nothing_on_the_pages_is_styled_or_scripted_inline(client: Client, pages: list[str]) -> None:
    for page in ["/console/", "/console/login", *pages]:
        answer = client.get(page)
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        shown = Page(answer)
        assert not shown.has("[style], style, script:not([src])"), page
        assert not [name for one in shown.all("*") for name in one.node.attributes if name.startswith("on")], page
        assert "模拟环境" in shown


def test_what_happened_to_no_filing_is_told_without_a_way_to_one(client: Client) -> None:
    world = World()
    world.caller("card").post("/annual-reports", {"year": 2020}).ok(201)
    world.caller("card").get("/enterprise/certificate.pdf").ok(200)
    world.caller("card", "card").post("/cards", SOMEBODY).ok(201)
    filing = world.declared(scenario="approve")
    told = client.get(f"/console/sandboxes/{world.id}")
    assert told.status_code == 200
    shown = Page(told)
    assert "2020 年度" in shown
    at = f"/console/sandboxes/{world.id}/filings/"
    assert {link.removeprefix(at) for link in shown.links if link.startswith(at)} == {filing}
