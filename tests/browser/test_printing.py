"""Printing as a clerk meets it: the preview, the download, and the button that is there or not."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from filings.lab.worlds import cast, worlds
from filings.models import Account, Event, Filing, Sandbox
from filings.rules.faq import ENTRIES
from tests.browser.entering import Enter, enter
from tests.factories import FilingFactory, visit_of
from tests.printing.paper import text

__all__ = ["enter"]


def filing_of_cardless(world: Sandbox, status: str = "draft") -> Filing:
    account = Account.objects.select_related("enterprise", "sandbox").get(sandbox=world, username="cardless")
    return FilingFactory(visit=visit_of(account), status=status)


def downloaded(page: Page) -> bytes:
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载", exact=True).click()
    return Path(waiting.value.path()).read_bytes()


def previewed(page: Page, world: Sandbox, times: int) -> bool:
    """Whether the browser's own viewer has fetched the paper so often; it does so in its own time."""
    for _ in range(600):
        if Event.objects.filter(sandbox=world, name="document.previewed").count() >= times:
            return True
        page.wait_for_timeout(50)
    return False


@pytest.mark.faq("2.7")
def test_what_is_unclear_in_the_preview_is_clear_once_downloaded(page: Page, enter: Enter) -> None:
    world = enter("cardless")
    draft = filing_of_cardless(world)
    worlds.enter(world, "print_blurred", cast.CARDLESS.uscc)
    page.goto(f"/filings/{draft.public_id}")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="打印").click()
    preview = opened.value
    expect(preview.get_by_role("main")).to_contain_text("直接打印可能会导致不清晰的情况，请下载到本地电脑后再打印")
    expect(preview.get_by_role("link", name="直接打印（预览）")).to_be_visible()
    assert previewed(preview, world, 1)
    pdf = downloaded(preview)
    assert draft.number in text(pdf)
    told = (
        Event.objects.filter(sandbox=world, name__startswith="document.").order_by("seq").values_list("name", flat=True)
    )
    assert list(told) == ["document.previewed", "document.downloaded"]


@pytest.mark.faq("2.7")
def test_so_is_a_certificate(page: Page, enter: Enter) -> None:
    world = enter("card")
    worlds.enter(world, "print_blurred", cast.CARD.uscc)
    page.goto("/enterprise/certificate")
    expect(page.get_by_role("main")).to_contain_text("直接打印可能会导致不清晰的情况，请下载到本地电脑后再打印")
    assert previewed(page, world, 1)
    assert cast.CARD.name_cn in text(downloaded(page))


@pytest.mark.faq("2.17")
def test_the_print_is_cut_and_the_clerk_sees_that_the_data_are_whole(
    page: Page, enter: Enter, axe: Callable[[Page], None]
) -> None:
    world = enter("cardless")
    filing = filing_of_cardless(world, "declared")
    worlds.enter(world, "print_truncated", cast.CARDLESS.uscc)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/filings/{filing.public_id}/print")
    main = page.get_by_role("main")
    expect(main).to_contain_text(ENTRIES["2.17"].answer)
    expect(page.get_by_role("row", name="统一社会信用代码")).to_contain_text("（空）")
    expect(page.get_by_role("row", name="统一社会信用代码")).to_contain_text(cast.CARDLESS.uscc)
    expect(page.get_by_role("row", name="住所")).to_contain_text("（显示不全）")
    expect(main).to_contain_text(filing.transmitted_sha256)
    assert cast.CARDLESS.uscc not in text(downloaded(page)), "the downloaded sheet is cut as well"
    axe(page)


@pytest.mark.faq("1.10")
def test_an_enterprise_entitled_to_its_certificate_finds_the_button(
    page: Page, enter: Enter, axe: Callable[[Page], None]
) -> None:
    enter("card")
    page.goto("/enterprise")
    axe(page)
    page.get_by_role("link", name="打印报关单位备案证明").click()
    expect(page.get_by_role("heading", name="报关单位备案证明")).to_be_visible()
    axe(page)
    assert cast.CARD.name_cn in text(downloaded(page))


@pytest.mark.faq("2.18")
def test_an_enterprise_of_double_identity_finds_none_and_reads_why(
    page: Page, enter: Enter, axe: Callable[[Page], None]
) -> None:
    enter("category:00010000")
    page.goto("/enterprise")
    expect(page.get_by_role("main")).to_contain_text("正常")
    expect(page.get_by_role("main")).to_contain_text(ENTRIES["2.18"].answer)
    assert page.locator("text=打印报关单位备案证明").count() == 0
    axe(page)
    page.goto("/enterprise/certificate")
    expect(page.get_by_role("alert")).to_contain_text(ENTRIES["2.18"].answer.rstrip("。"))
