"""The page of a declared filing keeps itself up to date while somebody looks at it."""

import pytest
from playwright.sync_api import Page, expect

from filings.customs import officer
from filings.models import Filing
from tests.browser.conftest import Sound
from tests.browser.entering import Enter, enter

__all__ = ["enter"]

HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.mark.faq("1.9")
def test_customs_decides_while_the_page_is_open_and_it_says_so(
    page: Page, declared: Filing, enter: Enter, sound: Sound
) -> None:
    def advance(status: str) -> None:
        officer.advance(declared.sandbox, declared.public_id, status, declared.sandbox.now())

    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.url.endswith("/live") else None)
    enter("cardless", declared.sandbox)
    page.clock.install(time="2021-12-01T09:00:00+08:00")
    page.goto(f"/filings/{declared.public_id}")
    page.get_by_role("tab", name="回执").click()
    page.clock.pause_at("2021-12-01T10:00:00+08:00")
    said, badge = page.locator(".news"), page.locator(".first .badge")
    expect(badge).to_have_text("已申报")
    expect(said).to_be_hidden()

    page.evaluate(HIDE, True)
    before = len(asked)
    advance("stored")
    page.clock.run_for(60_000)
    assert len(asked) == before, "a hidden page asks nothing"
    page.evaluate(HIDE, False)
    expect(said).to_have_text("状态：海关入库成功 处理建议：等待")
    expect(page.get_by_role("tab", name="回执")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("region", name="回执列表").locator("tbody tr")).to_have_count(2)

    advance("approved")
    page.clock.run_for(2_000)
    expect(said).to_have_text("状态：审批通过 处理建议：已经有审批结果")
    page.clock.run_for(100)
    expect(page.locator("#live")).to_have_text("状态：审批通过，处理建议：已经有审批结果")
    page.get_by_role("tab", name="企业基本信息").click()
    expect(badge).to_have_text("审批通过")
    before = len(asked)
    page.clock.run_for(60_000)
    assert len(asked) == before, "there is nothing more to come"
    page.clock.resume()  # which the search for violations waits by
    sound()


def test_a_login_that_is_over_is_told_and_the_page_asks_no_more(page: Page, declared: Filing, enter: Enter) -> None:
    enter("cardless", declared.sandbox)
    page.goto(f"/filings/{declared.public_id}")
    page.context.clear_cookies()
    expect(page.locator(".news")).to_contain_text("本页不再自动更新，请刷新")
    page.get_by_role("link", name="刷新").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
