"""At every size of window, at twice the size, and on paper: nothing is covered, shifted, broken or left unmarked."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from pypdfium2 import PdfDocument

from filings.lab.worlds import cast, fixtures
from filings.models import Sandbox, Visit
from filings.rules.kinds import KINDS
from tests.browser.conftest import DESK, PHONE, ZOOMED
from tests.browser.entering import Enter, enter
from tests.browser.filling import field
from tests.browser.test_registration import NEW
from tests.factories import FilingFactory

__all__ = ["enter"]

COVERED = """() => {
  const one = document.activeElement, bar = document.querySelector(".bar-in");
  if (one === document.body || bar.contains(one)) return "";
  const [a, b] = [one.getBoundingClientRect(), bar.getBoundingClientRect()];
  const over = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return over > 0.5 || a.bottom <= 0 || a.top >= innerHeight ? one.outerHTML.slice(0, 100) : "";
}"""
"""What has the focus, if the toolbar lies over any of it or it is out of view."""

BROKEN = """() => [...document.querySelectorAll(".badge")].filter((e) => e.checkVisibility())
    .filter((e) => e.getBoundingClientRect().height > 1.8 * parseFloat(getComputedStyle(e).lineHeight))
    .map((e) => e.textContent)"""
"""The badges that take more than a line."""


@pytest.mark.parametrize("size", [ZOOMED, ViewportSize(width=960, height=540)], ids=["200 %", "150 %"])
def test_the_toolbar_covers_nothing_one_comes_to_by_keyboard(page: Page, enter: Enter, size: ViewportSize) -> None:
    enter("cardless")
    page.set_viewport_size(size)
    page.goto(NEW)
    page.locator("#main").focus()
    stops, covered = set(), []
    for key in ["Tab"] * 45 + ["Shift+Tab"] * 45:
        page.keyboard.press(key)
        stops.add(page.evaluate("document.activeElement.id"))
        covered.append(page.evaluate(COVERED))
    assert len(stops) > 25
    assert [what for what in covered if what] == []


def test_a_list_that_finds_nothing_shifts_nothing(page: Page, enter: Enter) -> None:
    enter("cardless")
    for size in (DESK, PHONE, ZOOMED, ViewportSize(width=1100, height=800)):
        page.set_viewport_size(size)
        page.goto(NEW)
        for name, typed in (("customs_office", "99zz"), ("special_trade_zone", "44"), ("economic_type", "1")):
            field(page, name).focus()
            page.keyboard.type(typed, delay=40)
            expect(page.locator(".list:not([hidden])")).to_be_in_viewport(ratio=0.3)
            edges = "[scrollX, document.documentElement.scrollWidth - innerWidth]"
            assert page.evaluate(edges) == [0, 0], (size, name)
            page.keyboard.press("Escape")
            page.keyboard.press("Escape")


def test_a_phone_shows_whose_when_and_how_and_no_badge_breaks(
    page: Page, enter: Enter, sandbox: Sandbox, visit: Callable[..., Visit]
) -> None:
    FilingFactory(visit=visit("cardless"), status="manual_review")
    enter("cardless", sandbox)
    page.set_viewport_size(PHONE)
    for screen in ("/", "/enquiries/overview", "/enterprise"):
        page.goto(screen)
        head = page.get_by_role("banner")
        expect(head.get_by_text("时间 2021-12-01 09:00")).to_be_in_viewport()
        expect(head.get_by_text("账号密码登录")).to_be_in_viewport()
        expect(head.get_by_text(cast.CARDLESS.name_cn)).to_be_in_viewport()
        assert page.evaluate(BROKEN) == []
    for screen in (f"/console/sandboxes/{sandbox.key}", f"/customs/?sandbox={sandbox.key}"):
        page.goto(screen)
        expect(page.locator(".badge").filter(has_text="转人工审核").first).to_be_visible()
        assert page.evaluate(BROKEN) == []


def printed(page: Page) -> list[str]:
    """What stands on each sheet of paper, without white space."""
    papers = PdfDocument(page.pdf(prefer_css_page_size=True))
    return ["".join(paper.get_textpage().get_text_range().split()) for paper in papers]


def test_every_printed_page_of_every_face_is_marked(page: Page, enter: Enter, sandbox: Sandbox) -> None:
    filing = fixtures.filing(sandbox, kind="change", uscc=cast.CARD.uscc, state="rejected").public_id
    enter("card", sandbox, "card_token")
    portal = [f"/filings/{filing}", "/filings/new?kind=deregistration", "/faq", "/login", "/nowhere"]
    behind = [
        f"/console/sandboxes/{sandbox.key}",
        f"/customs/?sandbox={sandbox.key}",
        f"/customs/{sandbox.key}/{filing}",
    ]
    for screen in [*portal, *behind, "/first-steps", "/api/v1/docs", "/control/v1/docs"]:
        page.goto(screen)
        if screen.endswith("docs"):
            page.locator(".opblock").first.wait_for()
        pages = printed(page)
        assert all("模拟环境" in paper for paper in pages), (screen, [("模拟环境" in paper) for paper in pages])


def test_a_sheet_is_printed_whole_whichever_tab_is_open(page: Page, enter: Enter) -> None:
    enter("card", medium="card_token")
    page.goto("/filings/new?kind=change")
    page.get_by_role("tab", name="报关人员").click()
    name = "深圳市" + "很长的" * 25 + "演练有限公司"
    field(page, "name_cn").evaluate("(box, text) => (box.value = text)", name)
    sheet = cast.CARD.content
    values = [name, sheet["address_en"], "广东省", "福田区", "5355 福中海关", sheet["investors"][0]["amount"]]
    values += [sheet[group]["mobile"] for group in ("legal_representative", "finance_manager", "customs_manager")]
    for _ in range(2):
        pages = printed(page)
        text = "".join(pages)
        titles = [tab.title for tab in KINDS["change"].sheet.tabs] + ["附件信息", "回执", "本次变更"]
        assert [what for what in titles + values if what.replace(" ", "") not in text] == []
        assert "新增一行" not in text
    expect(page.get_by_role("tabpanel", name="报关人员")).to_be_visible()
    expect(page.locator(".onpaper")).to_have_count(0)
