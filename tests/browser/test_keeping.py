"""Nothing a clerk typed is lost, nothing is done twice, and what was said is seen."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from filings.lab.worlds import cast
from filings.models import Filing
from tests.browser.entering import Enter, enter

__all__ = ["enter"]

CHANGE = "/filings/new?kind=mofcom_change"
WORDS = '第一行\n第二行 <b>&"引号"'


def fill(page: Page) -> None:
    page.get_by_label("住所").fill("深圳市福田区新住所1号")
    page.get_by_label("备注").fill(WORDS)


def test_the_login_runs_out_while_a_page_is_being_filled(page: Page, enter: Enter, axe: Callable[[Page], None]) -> None:
    sandbox = enter("card")
    page.goto(CHANGE)
    page.context.clear_cookies(name="sim_session")
    fill(page)
    expect(page.get_by_role("alert")).to_contain_text("登录已失效")
    axe(page)
    page.get_by_role("button", name="暂存").click()
    expect(page.get_by_role("heading", name="登录已失效")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="重新登录").click()
    axe(page)
    expect(page.get_by_label("演练环境")).to_have_value(sandbox.key)
    page.get_by_label("用户名").fill("card")
    page.get_by_label("密码", exact=True).fill(cast.PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.get_by_role("button", name="继续提交").click()
    expect(page.get_by_text("已暂存")).to_be_visible()
    expect(page.get_by_label("备注")).to_have_value(WORDS)
    assert Filing.objects.get(sandbox=sandbox).content == {"address_cn": "深圳市福田区新住所1号", "remarks": WORDS}


def test_a_login_in_another_window_changes_the_pages_token(page: Page, enter: Enter) -> None:
    enter("card")
    page.goto(CHANGE)
    page.context.clear_cookies(name="csrftoken")
    fill(page)
    page.get_by_role("button", name="暂存").click()
    expect(page.get_by_role("heading", name="页面已过期")).to_be_visible()
    page.get_by_role("button", name="继续提交").click()
    expect(page.get_by_text("已暂存")).to_be_visible()
    expect(page.get_by_label("备注")).to_have_value(WORDS)


@pytest.mark.faq("1.5")
def test_a_refusal_of_the_card_keeps_what_was_typed(page: Page, enter: Enter) -> None:
    """The change was opened by card; by the time it is saved the login is one by password."""
    sandbox = enter("card", medium="card_token")
    page.goto("/filings/new?kind=change")
    page.get_by_label("企业英文名称").fill("RENAMED TRADE CO., LTD.")
    enter("card", sandbox)
    page.get_by_role("button", name="暂存").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("只有有卡用户使用卡介质方式登录才能进行")
    expect(dialog.get_by_role("link", name="使用卡介质方式登录")).to_have_attribute("target", "_blank")
    dialog.get_by_role("button", name="确定").click()
    expect(page.get_by_label("企业英文名称")).to_have_value("RENAMED TRADE CO., LTD.")
    enter("card", sandbox, medium="card_token")
    page.get_by_role("button", name="暂存").click()
    expect(page.get_by_text("已暂存")).to_be_visible()
    assert Filing.objects.get(sandbox=sandbox, kind="change").content["name_en"] == "RENAMED TRADE CO., LTD."


def test_a_double_click_declares_once_and_success_is_in_view(page: Page, enter: Enter) -> None:
    sandbox = enter("card")
    page.goto(CHANGE)
    page.set_viewport_size({"width": 1440, "height": 500})
    fill(page)
    page.get_by_role("button", name="申报").dblclick()
    said = page.get_by_text("申报成功")
    expect(said).to_be_in_viewport()
    page.wait_for_timeout(300)
    expect(said).to_be_in_viewport()
    assert Filing.objects.filter(sandbox=sandbox).count() == 1
