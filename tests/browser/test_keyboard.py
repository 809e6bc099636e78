"""A whole registration without a mouse: from field to field and from tab to tab, codes typed blind."""

import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from filings.lab.worlds import cast
from filings.models import Filing
from tests.browser.conftest import Check
from tests.browser.entering import Enter, enter
from tests.browser.filling import FUTIAN, choose_division, field, says

__all__ = ["enter"]

NEW = "/filings/new?kind=registration"
MANAGER = {name: cast.REFERENCE["legal_representative"][name] for name in ("name", "id_type", "id_number", "mobile")}
AT_WORK = (80, 200)
"""Milliseconds between the keys of a clerk who types fast."""

KEYS = {"Tab", "Enter", "ArrowDown", "ArrowRight", "Shift", "Alt", "Escape", "F1"}

Hands = Callable[..., None]


def hands(page: Page, pace: tuple[int, int] = (0, 0)) -> Hands:
    """`press("gd", "Tab", …)`: texts are typed, names of keys pressed, without a look at the page."""
    dice = random.Random(16)

    def press(*keys: str) -> None:
        for key in keys:
            named = key.partition("+")[0] in KEYS
            for stroke in [key] if named else key:
                page.wait_for_timeout(dice.randint(*pace)) if pace[1] else None
                page.keyboard.press(stroke) if stroke.isascii() else page.keyboard.insert_text(stroke)

    return press


def to_the_sheet(page: Page, press: Hands) -> None:
    """Past the frame, as who comes in by keyboard does."""
    press("Tab", "Enter", "Tab")
    for _ in range(9):
        if page.evaluate("document.activeElement.name") == "filing_mode":
            return
        press("Tab")
    raise AssertionError(page.evaluate("document.activeElement.outerHTML"))


def type_registration(press: Hands) -> None:
    """From 企业中文名称 to the last investor, Tab and Enter in turn. What may be left empty is."""
    press("Alt+R", "Enter", "YUNFAN", "Tab", "ArrowDown", "Tab")
    press("福中三路1006号", "Enter", "518048", "Tab", "1006 Fuzhong Rd", "Tab")
    press("gd", "Tab", "sz", "Enter", "ft", "Tab", "5355", "Tab", "01", "Tab", "44039999", "Tab")
    press("150", "Enter", "ArrowDown", "Enter", "5199", "Tab", "1,500.5", "Tab", "rmb", "Tab")
    press("2020年6月18日", "Tab", "20400617", "Tab", "Tab", "Tab", "Tab", "Tab", "货物进出口", "Tab")
    press("Tab", "Tab", "Tab", "Tab")  # 上级单位 and 备注 are left empty; on into 管理人员
    for _ in range(3):
        press(
            "张演练", "Tab", "ArrowDown", "Tab", MANAGER["id_number"], "Enter", "Tab", MANAGER["mobile"], "Tab", "Tab"
        )
    press("张演练", "Tab", "CHN", "Enter", "ArrowDown", "Tab", "1500.5", "Tab", "rmb", "Tab")


TYPED: dict[str, Any] = {
    "name_cn": cast.CARDLESS.name_cn,
    "name_en": "YUNFAN",
    "category": "10000000",
    "address_cn": "福中三路1006号",
    "address_en": "1006 Fuzhong Rd",
    "province": "440000",
    "city": "440300",
    "district": "440304",
    "customs_office": "5355",
    "economic_zone": "01",
    "special_trade_zone": "44039999",
    "organization_type": "企业",
    "registered_capital": "1500.50",
    "capital_currency": "CNY",
    "established_on": "2020-06-18",
    "valid_until": "2040-06-17",
    "business_scope": "货物进出口",
    **dict.fromkeys(("legal_representative", "finance_manager", "customs_manager"), MANAGER),
    "investors": [{"name": "张演练", "country": "CHN", "method": "货币", "amount": "1500.50", "currency": "CNY"}],
}


def declared(page: Page, **expected: Any) -> Filing:
    expect(page.locator(".said")).to_have_text("申报成功")
    filing = Filing.objects.get()
    assert {name: filing.content.get(name) for name in expected} == expected
    return filing


@pytest.mark.faq("1.2")
def test_a_registration_by_keyboard_alone(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto(NEW)
    press = hands(page)
    to_the_sheet(page, press)
    press("Tab", "Enter")  # 自理, and the credit code that is known
    expect(field(page, "name_cn")).to_be_focused()
    type_registration(press)
    expect(page.get_by_role("button", name="新增一行").locator("visible=true")).to_be_focused()
    press("Alt+Enter")
    declared(page, **TYPED)


@pytest.mark.faq("1.7")
def test_a_registration_for_a_principal_by_keyboard_alone(page: Page, enter: Enter) -> None:
    """At the pace of a hand where there is time for it."""
    enter("agent")
    page.goto(NEW)
    press = hands(page, AT_WORK if os.environ.get("CI") == "true" else (0, 0))
    to_the_sheet(page, press)
    press("ArrowRight", "Tab", "ArrowDown", "Tab", "Enter")
    expect(page.locator("[data-applicant]")).to_have_text(cast.CARDLESS.name_cn)
    type_registration(press)
    press("Alt+Enter")
    filing = declared(page, **TYPED)
    assert (filing.enterprise.uscc, filing.agent.uscc) == (cast.CARDLESS.uscc, cast.AGENT.uscc)


def test_tab_goes_to_the_next_field_whatever_a_hint_does(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto(NEW)
    press = hands(page)
    choose_division(page, *FUTIAN)
    for name in ("customs_office", "economic_zone", "special_trade_zone"):
        expect(says(page, name).get_by_role("button", name="采用")).to_be_visible()
    field(page, "customs_office").focus()
    press("5355", "Tab", "01", "Tab", "44039999", "Tab")
    expect(field(page, "economic_type")).to_be_focused()
    expect(field(page, "customs_office")).to_have_value("5355 福中海关")
    expect(field(page, "economic_zone")).to_have_value("01 经济特区")
    expect(field(page, "special_trade_zone")).to_have_value("44039999 深圳市其他地区")
    expect(page.get_by_role("button", name="采用").locator("visible=true")).to_have_count(1)  # of the name alone

    press("Shift+Tab", "999x", "Tab")
    fault = says(page, "special_trade_zone").locator("[data-err]")
    expect(fault).to_have_text("代码表中没有“999x”")
    expect(field(page, "special_trade_zone")).to_have_value("999x")
    press("Alt+S")
    expect(page.get_by_role("alert")).to_contain_text("特殊贸易区域的代码表中没有“999x”")
    expect(field(page, "special_trade_zone")).to_have_value("999x")
    expect(field(page, "customs_office")).to_have_value("5355 福中海关")


def test_what_was_understood_is_shown_back(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto(NEW)
    press = hands(page)
    field(page, "registered_capital").focus()
    press("1,234,567.8", "Tab", "Tab", "2020年5月6日", "Tab", "2040/5/6", "Tab")
    expect(field(page, "registered_capital")).to_have_value("1234567.80")
    expect(field(page, "established_on")).to_have_value("2020-05-06")
    expect(field(page, "valid_until")).to_have_value("2040-05-06")
    press("Shift+Tab", "2040-02-30", "Tab")
    expect(says(page, "valid_until").locator("[data-err]")).to_contain_text("没有这一天")
    expect(field(page, "valid_until")).to_have_value("2040-02-30")


def test_enter_goes_on_and_never_submits_and_the_keys_do_their_deeds(page: Page, enter: Enter) -> None:
    sandbox = enter("cardless")
    page.goto(NEW)
    press = hands(page)
    field(page, "remarks").focus()
    press("又及?", "Tab")
    expect(field(page, "legal_representative.name")).to_be_focused()
    press("Shift+Tab")
    expect(field(page, "remarks")).to_be_focused()
    expect(page.get_by_role("tab", name="企业基本信息")).to_have_attribute("aria-selected", "true")
    field(page, "uscc").focus()
    press(*["Enter"] * 15)
    expect(field(page, "industry")).to_be_focused()
    press("Alt+N")
    expect(page.get_by_role("group", name="出资者信息第2行")).to_have_count(0)  # no rows on this tab
    page.get_by_role("tab", name="出资者信息").click()
    field(page, "investors.0.name").focus()
    press("甲", "Alt+N", "乙", "Alt+N", "Alt+Delete", "Shift+Tab")
    expect(field(page, "investors.2.name")).to_have_count(0)
    expect(field(page, "investors.1.currency")).to_be_focused()
    press("Enter")
    expect(page.get_by_role("tab", name="附件信息")).to_have_attribute("aria-selected", "true")
    press("Alt+S")
    expect(page.locator(".said")).to_have_text("已暂存")
    content = Filing.objects.get(sandbox=sandbox).content
    assert [row["name"] for row in content["investors"]] == ["甲", "乙"]
    assert content["remarks"] == "又及?"


def test_what_a_field_rests_on_is_a_key_away(page: Page, enter: Enter, axe: Check) -> None:
    enter("cardless")
    page.goto(NEW)
    press = hands(page)
    dialog = page.get_by_role("dialog", name="按键与说明")
    for name, key, entry in (("customs_office", "F1", "1.2"), ("filing_mode", "?", "1.7"), ("uscc", "F1", "2.17")):
        page.locator(f"[name={name}]").first.focus()
        press(key)
        expect(dialog.get_by_role("link", name=f"依据：常见问题 {entry}")).to_be_focused()
        expect(dialog).to_contain_text("Alt+Enter")
        if name == "customs_office":
            axe(page)
        press("Escape")
        expect(page.locator(f"[name={name}]").first).to_be_focused()
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("tab", name="管理人员").focus()
    press("?")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("link")).to_have_count(0)
    axe(page)


@pytest.mark.faq("1.7")
def test_the_whole_page_follows_whom_it_is_for(page: Page, enter: Enter) -> None:
    enter("agent")
    page.goto(NEW)
    applicant, futile = page.locator("[data-applicant]"), page.locator("main").get_by_text("不能重复申报")
    expect(applicant).to_have_text(cast.AGENT.name_cn)
    expect(futile).to_be_visible()
    name = says(page, "name_cn").locator("[data-rec]")
    expect(name).to_contain_text(cast.AGENT.name_cn)
    page.get_by_label("自理", exact=True).focus()
    press = hands(page)
    press("ArrowRight")
    expect(applicant).to_have_text("请先选择委托企业")
    expect(futile).to_be_hidden()
    press("Tab", "ArrowDown")
    expect(applicant).to_have_text(cast.CARDLESS.name_cn)
    expect(page.locator("#live")).to_contain_text(f"申请企业：{cast.CARDLESS.name_cn}")
    expect(field(page, "uscc")).to_have_value(cast.CARDLESS.uscc)
    expect(name).to_contain_text(cast.CARDLESS.name_cn)
    expect(field(page, "principal")).to_be_focused()
    page.get_by_label("自理", exact=True).check()
    expect(applicant).to_have_text(cast.AGENT.name_cn)
    expect(futile).to_be_visible()
    expect(field(page, "uscc")).to_have_value(cast.AGENT.uscc)


def test_the_login_begins_where_one_types(page: Page) -> None:
    page.goto("/login")
    press = hands(page)
    expect(page.get_by_label("用户名")).to_be_focused()
    press("card", "Tab", "wrong", "Enter")
    expect(page.get_by_role("alert")).to_be_focused()
    page.goto("/login?medium=card")
    expect(page.get_by_label("卡号")).to_be_focused()


def test_tab_leaves_a_box_whose_list_stands_open(page: Page, enter: Enter) -> None:
    """A list that scrolls is a stop of its own to a browser, while it is shown."""
    enter("cardless")
    page.goto(NEW)
    press = hands(page)
    choose_division(page, *FUTIAN)
    field(page, "economic_type").focus()
    press("1")
    listed = page.get_by_role("listbox", name="经济类型")
    expect(listed).to_be_visible()
    assert listed.evaluate("list => list.scrollHeight > list.clientHeight")
    press("50", "Tab")  # the rows shown are those of 1: what 150 means is not known yet
    expect(field(page, "organization_type")).to_be_focused()
    expect(field(page, "economic_type")).to_have_attribute("data-code", "150")
