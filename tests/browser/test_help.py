"""The FAQ as the portal's own help: from a refusal to its entry, to trying it, and back."""

import re

import pytest
from playwright.sync_api import Page, expect

from filings.lab.grading import attempts
from filings.models import Attempt
from tests.browser.conftest import Sound
from tests.browser.entering import Enter, enter
from tests.factories import SandboxFactory

__all__ = ["enter"]

OWN = "/faq/2.19"


@pytest.mark.faq("2.3")
def test_from_a_refusal_to_its_entry_to_trying_it_and_back_again(page: Page, enter: Enter) -> None:
    enter("personal", SandboxFactory(name="三月班"))
    page.goto("/filings/new?kind=registration")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="依据：常见问题 2.3").click()
    entry = opened.value
    expect(entry).to_have_url(re.compile(r"/faq/2\.3$"))
    expect(entry.get_by_role("heading", name="现况")).to_be_visible()
    expect(entry.locator("blockquote")).to_contain_text("企业注册单一窗口账户时应选择企业用户注册。")

    entry.get_by_role("button", name="去试一试").click()
    expect(entry.get_by_role("status").filter(has_text="练习开始")).to_be_visible()
    expect(entry.get_by_role("complementary", name="练习 2.3")).to_contain_text("起一份注册登记申请")
    expect(entry.get_by_role("alert")).to_contain_text("当前用户不是企业用户，无法操作")
    entry.get_by_role("button", name="结束练习").click()
    expect(entry).to_have_url(re.compile(r"/faq/2\.3$"))
    expect(entry.get_by_text("演练环境 三月班")).to_be_visible()


@pytest.mark.faq("2.13")
def test_an_entry_is_found_tried_and_time_made_to_pass(page: Page, sound: Sound) -> None:
    page.goto("/faq")
    page.get_by_role("searchbox", name="查找").fill("年报补报")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article")).to_have_count(1)
    page.get_by_role("link", name="企业现已完成海关年报报送").click()
    page.get_by_role("button", name="去试一试：年报补录").click()
    panel, main = page.get_by_role("complementary", name="练习 2.13"), page.get_by_role("main")
    expect(main).to_contain_text("在此之前不会影响企业正常办理海关业务")
    sound()
    opens = attempts.case_of(Attempt.objects.get()).value("when", "opens")
    panel.get_by_label("快进到", exact=True).fill(opens[:10])
    panel.get_by_role("button", name="快进到这一时刻").click()
    expect(panel).to_contain_text(f"{opens[:10]} 00:00")
    expect(page).to_have_url(re.compile("/annual-reports/supplement$"))
    expect(main).not_to_contain_text("在此之前不会影响企业正常办理海关业务")


@pytest.mark.faq("2.19")
def test_a_grey_fields_reason_leads_to_its_entry_and_old_anchors_still_work(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto("/filings/new?kind=registration")
    page.get_by_label("企业经营类别").select_option("10000000")
    link = page.locator('[data-says="express_operator"] .faq').locator("visible=true")
    expect(link).to_have_attribute("href", OWN)
    page.goto(f"{OWN}?names=1")
    expect(page.get_by_role("region", name="拒绝的文字列表")).to_contain_text("express_not_allowed")
    page.goto("/faq#faq-2.19")
    expect(page.locator("#faq-2\\.19")).to_be_in_viewport()


@pytest.mark.faq("1.9")
def test_what_is_how_known_is_filtered_and_the_lifecycle_is_a_picture(page: Page) -> None:
    page.goto("/fidelity")
    total = int(re.sub(r"\D", "", page.get_by_role("status").filter(has_text="共").inner_text()))
    page.get_by_role("combobox", name="出处").select_option(label="推定")
    page.get_by_role("combobox", name="内容").select_option(label="规则")
    page.get_by_role("button", name="筛选").click()
    shown = page.get_by_role("region", name="规则列表").locator("tbody tr")
    expect(shown.first).to_contain_text("推定")
    assert 0 < shown.count() < total
    assert set(shown.locator(".prov").all_inner_texts()) == {"推定"}
    page.goto("/faq/1.9")
    page.get_by_role("link", name="七种状态怎样流转").click()
    expect(page.get_by_role("img", name="申请单的状态流转")).to_be_visible()
