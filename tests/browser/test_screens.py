"""Every screen, at the desk and on the phone: accessible, never wider than the window, with targets a thumb can hit."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from filings import desk
from filings.counters import card_keys, cards, mandates, seals, tickets
from filings.lab.worlds import cast, fixtures, worlds
from filings.models import Filing, Sandbox, Visit
from filings.printing.verifying import code_of, record_form_number
from filings.rules.words import Department, Topic
from tests.api.client import signature
from tests.browser.conftest import Check, Sound
from tests.browser.entering import Enter, enter
from tests.factories import SOMEBODY, FilingFactory, pdf

__all__ = ["enter"]

NEW, CHANGE = "/filings/new?kind=registration", "/filings/new?kind=change"


@pytest.fixture
def screens(sandbox: Sandbox, visit: Callable[..., Visit], enter: Enter) -> list[str]:
    """Every screen's address, in a world with a draft that has an attachment, a rejected filing, and a question
    asked."""
    cardless = visit("cardless")
    draft = FilingFactory(visit=cardless).public_id
    desk.attach(cardless, draft, pdf)
    tickets.contact(cardless, Department.CUSTOMS, Topic.SYNC, text="请同步备案信息")
    rejected = FilingFactory(visit=cardless, status="rejected").public_id
    enter("cardless", sandbox)
    cards.apply(cardless, **SOMEBODY)
    cards.issue(sandbox, cards.find(cardless, 1).number, cardless.now)
    seals.issue(cardless)
    of_cards = ["/cards", "/cards/1/cancel", "/cards/1/pin", "/seal-certificates"]
    asking = ["/enquiries/overview", "/enquiries/filings", "/enterprise", "/tickets", "/faq"]
    asking += ["/annual-reports", "/annual-reports/supplement", "/publicity"]
    asking += ["/market/", "/market/?q=演练", f"/market/{cast.CARDLESS.uscc}"]
    asking += ["/faq?q=无此词", "/faq/2.13", "/fidelity?faq=1.9", "/machine", "/first-steps"]
    of_draft = [f"/filings/{draft}", f"/filings/{draft}/delete", f"/filings/{draft}/print"]
    of_rejected = [f"/filings/{rejected}{at}" for at in ("", "#tab-receipts", "#tab-investors", "/receipts")]
    verified = f"/verify/documents/{code_of(sandbox, record_form_number(desk.find(cardless, draft).number))}"
    mandate = mandates.of(cardless).get().public_id
    asking += ["/filings/new?kind=mofcom_change", "/client-control", "/commerce"]
    asking += ["/mandates", f"/mandates/{mandate}/revoke", "/enterprise/backfill", CHANGE, "/login?medium=card"]
    return [
        "/login",
        "/register",
        "/",
        NEW,
        *of_draft,
        *of_rejected,
        *of_cards,
        *asking,
        verified,
        "/filings/F999999",
        "/nowhere",
        "/logout",
    ]


@pytest.fixture
def over_a_record(sandbox: Sandbox, enter: Enter) -> list[str]:
    """The screens of change and deregistration, with a draft and a refused filing that change a field and the
    investors."""
    investors = [{"name": "李演练", "country": "HKG", "method": "货币", "amount": "10.00", "currency": "HKD"}]
    content = {"address_cn": "广东省深圳市福田区福中三路1008号", "investors": investors}
    draft = fixtures.filing(sandbox, kind="change", uscc=cast.CARD.uscc, content=content).public_id
    refused = fixtures.filing(sandbox, kind="change", uscc=cast.CARD.uscc, content=content, state="rejected").public_id
    enter("card", sandbox, "card_token")
    of_drafts = [CHANGE, "/filings/new?kind=deregistration", f"/filings/{draft}", f"/filings/{draft}#tab-investors"]
    of_refused = [f"/filings/{refused}{at}" for at in ("", "#tab-investors", "#tab-receipts", "/receipts")]
    return [*of_drafts, *of_refused, "/", f"/customs/{sandbox.key}/{refused}"]


@pytest.mark.parametrize("part", range(3))
def test_every_screen_is_sound(screens: list[str], sound: Sound, part: int) -> None:
    for screen in screens[part::3]:
        sound(screen)


def test_every_screen_over_a_record_is_sound(sandbox: Sandbox, over_a_record: list[str], sound: Sound) -> None:
    for screen in over_a_record:
        sound(screen)
    for situation, screen in (
        ("backfill_only_customs", "/enterprise/backfill"),
        ("overdue_mirror", "/enterprise"),
        ("card_expired", "/"),
    ):
        worlds.enter(sandbox, situation)
        sound(screen)


def test_the_login_by_signature_has_no_violation(page: Page, sandbox: Sandbox, axe: Check) -> None:
    page.goto(f"/login?sandbox={sandbox.key}&medium=card&proof=signature")
    page.get_by_label("卡号").fill("SIMC00000002")
    expect(page.get_by_label("数字签名")).to_be_checked()
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_hidden()
    page.get_by_role("button", name="获取随机数").click()
    axe(page)
    random = page.locator("[data-random]").inner_text()
    page.get_by_label("签名（base64）").fill(signature(card_keys.of_card(sandbox, "SIMC00000002").private_key, random))
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.locator(".medium")).to_have_text("卡介质登录")


def test_the_sheet_in_every_state_is_sound(page: Page, enter: Enter, axe: Check, sound: Sound) -> None:
    enter("cardless")
    page.goto(NEW)
    page.get_by_role("button", name="申报").click()
    expect(page.get_by_role("alert")).to_be_focused()
    for tab in page.get_by_role("tab").all():
        tab.click()
        sound()
    page.get_by_role("tab", name="出资者信息").click()
    page.get_by_role("button", name="新增一行").locator("visible=true").click()
    country = page.get_by_role("combobox", name="出资国别").last
    country.fill("中国")
    expect(page.get_by_role("option", name="CHN 中国")).to_be_visible()
    country.press("ArrowDown")
    axe(page)
    country.press("Escape")
    page.get_by_role("tab", name="企业基本信息").click()
    page.get_by_label("代理", exact=True).check()
    sound()


def test_dialogs_have_no_violation(page: Page, draft: Filing, enter: Enter, axe: Check) -> None:
    enter("cardless", draft.sandbox)
    page.goto(f"/filings/{draft.public_id}")
    page.get_by_role("link", name="删除", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    axe(page)


def test_large_type_is_kept(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto("/")
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    before = page.evaluate(size)
    page.get_by_role("button", name="大字").click()
    page.goto("/enterprise")
    assert page.evaluate(size) > before * 1.2
    expect(page.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")


def test_logging_in_by_card_and_out_again(page: Page, sandbox: Sandbox) -> None:
    page.goto(f"/login?sandbox={sandbox.key}&next=/enterprise")
    page.get_by_label("卡介质").check()
    page.get_by_label("卡号").fill("SIMC00000002")
    page.get_by_label("卡密码（PIN）").fill("00000000")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_have_text("卡号或密码不正确；连续输错 5 次，卡将被锁定")
    page.get_by_label("卡密码（PIN）").fill("88888888")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="基本信息查询")).to_be_visible()
    expect(page.locator(".medium")).to_have_text("卡介质登录")
    expect(page.locator(".where")).to_contain_text(sandbox.key)
    page.get_by_role("button", name="退出").click()
    expect(page.locator(".said")).to_have_text("已退出")
    page.goto("/enterprise")
    expect(page).to_have_url(re.compile(r"/login\?next=%2Fenterprise$"))


def test_the_whole_frame_by_keyboard(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto(NEW)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到主要内容")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="新增")).to_be_focused()
    tab = page.get_by_role("tab", name="企业基本信息")
    tab.focus()
    tab.press("ArrowRight")
    expect(page.get_by_role("tab", name="管理人员")).to_be_focused()
    expect(page.get_by_role("tabpanel", name="管理人员")).to_be_visible()
    page.keyboard.press("End")
    expect(page.get_by_role("tabpanel", name="回执")).to_be_visible()
