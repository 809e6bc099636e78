"""Two clerks at one draft, at the screens."""

from playwright.sync_api import Page, expect

from filings import desk
from filings.lab.worlds import cast
from filings.models import Account, Filing
from tests.browser.conftest import Sound
from tests.browser.entering import Enter, enter
from tests.browser.filling import field
from tests.browser.test_registration import NEW
from tests.factories import visit_of

__all__ = ["enter"]


def test_two_clerks_at_one_draft(page: Page, enter: Enter, sound: Sound) -> None:
    """The principal keeps something while its agent has the page open: the agent lays his own over it, and another
    time leaves his own."""
    sandbox = enter("agent")
    page.goto(f"{NEW}&filing_mode=agent&principal={cast.CARDLESS.uscc}")
    field(page, "name_cn").fill("先到")
    page.get_by_role("button", name="暂存").click()
    expect(page.locator(".said")).to_have_text("已暂存")
    filing = Filing.objects.get(sandbox=sandbox)
    principal = visit_of(Account.objects.select_related("sandbox", "enterprise").get(sandbox=sandbox, role="cardless"))
    desk.save(principal, filing.public_id, {"name_cn": "委托企业", "name_en": "PRINCIPAL"})
    field(page, "name_cn").press_sequentially("后到")
    field(page, "remarks").press_sequentially("后到")
    page.get_by_role("button", name="暂存", exact=True).click()
    told = page.get_by_role("alert")
    expect(told).to_be_focused()
    expect(told).to_contain_text("云帆演练 经办人于 2021-12-01 09:00 暂存：企业中文名称、企业英文名称")
    expect(told.get_by_role("row", name="企业中文名称")).to_contain_text("两边都改过")
    expect(field(page, "name_en")).to_have_value("PRINCIPAL")
    sound()
    told.get_by_role("link", name="备注").click()
    expect(field(page, "remarks")).to_be_focused()
    told.get_by_role("button", name="保留我的修改并暂存").click()
    expect(page.locator(".said")).to_have_text("已暂存")
    kept = Filing.objects.get(sandbox=sandbox).content
    assert (kept["name_cn"], kept["name_en"], kept["remarks"]) == ("后到先到", "PRINCIPAL", "后到")
    desk.save(principal, filing.public_id, {"remarks": "委托企业"})
    field(page, "remarks").press_sequentially("不要的")
    page.get_by_role("button", name="暂存", exact=True).click()
    page.get_by_role("link", name="放弃我的修改，用已保存的内容").click()
    expect(field(page, "remarks")).to_have_value("委托企业")
