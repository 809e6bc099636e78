"""The home page and what leads on from it: what waits, the filings looked through, a demo of one's own."""

import re
from io import BytesIO

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from filings.lab.worlds import cast, demo, fixtures
from filings.models import Filing
from tests.browser.conftest import Sound
from tests.browser.entering import Enter, enter

__all__ = ["enter"]


@pytest.mark.faq("1.9")
def test_from_what_waits_to_the_list_its_filters_its_columns_and_its_file(
    page: Page, rejected: Filing, enter: Enter, sound: Sound
) -> None:
    fixtures.filing(rejected.sandbox, kind="change", state="declared", uscc=cast.CARD.uscc, agent=cast.AGENT.uscc)
    fixtures.filing(
        rejected.sandbox, kind="registration", state="rejected", uscc=cast.CARDLESS.uscc, agent=cast.AGENT.uscc
    )
    enter("agent", rejected.sandbox)
    page.goto("/")
    first = page.get_by_role("region", name="申请单列表").locator("tbody tr").first
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("scrollTo(0, 0)")
        expect(first).to_be_in_viewport()
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("link", name="1 有新回执").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name="重置").click()
    expect(page.locator("tbody tr")).to_have_count(2)

    page.get_by_role("link", name="申请企业").click()
    page.get_by_label("状态", exact=True).select_option("审批不通过")
    page.get_by_label("申请企业").fill("云帆")
    page.get_by_label("申请企业").press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile("sort=enterprise.*status=rejected"))
    expect(page.get_by_role("columnheader", name="申请企业")).to_have_attribute("aria-sort", "ascending")
    with page.expect_download() as taken:
        page.get_by_role("link", name="XLSX").click()
    assert "模拟" in taken.value.suggested_filename
    book = openpyxl.load_workbook(BytesIO(taken.value.path().read_bytes()))
    assert book.active is not None
    assert [row[2].value for row in book.active.iter_rows(min_row=2)] == [cast.CARDLESS.name_cn]

    page.locator("tbody a").first.click()
    expect(page.get_by_role("heading", name="注册登记申请")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("申请企业")).to_have_value("云帆")
    page.get_by_label("申报日期自").fill("昨天")
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    sound()


def test_where_the_shared_demo_stops_a_visitor_one_press_begins_a_demo_of_ones_own(page: Page, sound: Sound) -> None:
    demo.ensure_demo()
    page.goto("/login")
    page.get_by_role("button", name="填入 card 的账号密码").click()
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("region", name="演示环境")).to_contain_text("公用演示环境")
    page.goto("/filings/new?kind=registration")
    stopped = page.get_by_role("region", name="提示").filter(has_text="已有备案")
    stopped.get_by_role("button", name="从头再来").click()
    expect(page.locator(".said")).to_contain_text("这是您自己的演示环境")
    expect(page.get_by_text("海纳演练 经办人")).to_be_visible()
    sound()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_text("登录到您自己的演示环境")).to_be_visible()
    sound()
    page.get_by_role("button", name="填入 cardless 的账号密码").click()
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("region", name="演示环境")).to_contain_text("与他人互不影响")
    page.get_by_role("navigation", name="业务菜单").get_by_role("link", name="练习", exact=True).click()
    expect(page.get_by_role("heading", name="练习课程", level=1)).to_be_visible()
    page.get_by_role("link", name="常见问题").first.click()
    page.get_by_role("link", name="去试一试 2.10").click()
    expect(page.get_by_role("heading", name="去试一试")).to_be_in_viewport()
