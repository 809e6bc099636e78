"""Documented behaviours as a clerk meets them on the screen, where no longer story shows them already."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from filings.lab.worlds import cast, clock
from filings.models import Account, CustomsRecord, Enterprise, Filing, Sandbox, Visit
from filings.rules.dates import SHANGHAI
from tests.browser.entering import Enter, enter
from tests.browser.filling import FUTIAN, choose_division, field, says
from tests.factories import FilingFactory, SandboxFactory, visit_of

__all__ = ["enter"]

NEW = "/filings/new?kind=registration"


def cardless(world: Sandbox) -> Visit:
    return visit_of(Account.objects.select_related("enterprise", "sandbox").get(sandbox=world, username="cardless"))


def in_futian(page: Page) -> None:
    choose_division(page, *FUTIAN)


@pytest.mark.faq("1.3")
def test_a_shenzhen_enterprise_is_advised_to_choose_the_special_economic_zone(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto(NEW)
    expect(says(page, "economic_zone").locator("[data-rec]")).to_be_hidden()
    in_futian(page)
    advice = says(page, "economic_zone").locator("[data-rec]")
    expect(advice).to_contain_text("01 经济特区")
    advice.get_by_role("button", name="采用").click()
    expect(field(page, "economic_zone")).to_have_value("01 经济特区")
    field(page, "economic_zone").fill("09")
    page.keyboard.press("Tab")
    expect(field(page, "economic_zone")).to_have_value("09 一般经济区域")
    expect(says(page, "economic_zone").locator("[data-warn]")).to_contain_text("深圳企业可选择（经济特区）")


@pytest.mark.faq("1.4")
def test_other_areas_of_shenzhen_are_advised_outside_qianhai_only(page: Page, enter: Enter) -> None:
    outside = enter("cardless")
    page.goto(NEW)
    in_futian(page)
    expect(says(page, "special_trade_zone").locator("[data-rec]")).to_contain_text("44039999 深圳市其他地区")

    Enterprise.objects.filter(sandbox=outside, uscc=cast.CARDLESS.uscc).update(in_qianhai=True)
    page.goto(NEW)
    in_futian(page)
    expect(says(page, "economic_zone").locator("[data-rec]")).to_be_visible()
    expect(says(page, "special_trade_zone").locator("[data-rec]")).to_be_hidden()
    field(page, "special_trade_zone").fill("44039999")
    page.keyboard.press("Tab")
    expect(says(page, "special_trade_zone").locator("[data-warn]")).to_contain_text("适用于非前海自贸区企业")


@pytest.mark.faq("1.8")
def test_there_is_no_registering_for_customs_declarations_alone(page: Page, enter: Enter) -> None:
    before = datetime(2018, 4, 19, 23, 0, tzinfo=SHANGHAI)
    world = enter("cardless", SandboxFactory(now=before))
    draft = FilingFactory(visit=cardless(world), content={"filing_scope": ["customs"], "established_on": "2017-06-18"})
    page.goto(f"/filings/{draft.public_id}")
    inspection = page.get_by_role("checkbox", name="报检")
    expect(inspection).to_be_enabled()
    expect(inspection).not_to_be_checked()

    clock.advance(Sandbox.objects.get(pk=world.pk), by=timedelta(hours=1))
    page.goto(f"/filings/{draft.public_id}")
    page.get_by_role("button", name="申报", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("将同时取得报关报检资质")

    page.get_by_role("checkbox", name="报检").check()
    expect(page.get_by_role("checkbox", name="报检")).to_be_disabled()  # both are grey from then on
    expect(page.get_by_role("checkbox", name="报检")).to_be_checked()
    page.get_by_role("button", name="申报", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已申报").first).to_be_visible()

    page.goto(NEW)
    for name in ("报关", "报检"):
        expect(page.get_by_role("checkbox", name=name)).to_be_disabled()
        expect(page.get_by_role("checkbox", name=name)).to_be_checked()
    expect(says(page, "filing_scope")).to_contain_text("自2018年4月20日起")


@pytest.mark.faq("2.1")
def test_the_inspection_number_is_read_in_the_sheet_once_approved(page: Page, enter: Enter) -> None:
    world = enter("cardless")
    waiting = FilingFactory(visit=cardless(world), status="manual_review", scenario="approve")
    page.goto(f"/filings/{waiting.public_id}")
    expect(field(page, "inspection_number")).to_have_text("")

    clock.advance(Sandbox.objects.get(pk=world.pk), until="idle")
    assert Filing.objects.get(pk=waiting.pk).status == "approved"
    number = CustomsRecord.objects.get(sandbox=world, uscc=cast.CARDLESS.uscc).inspection_number
    page.reload()
    expect(field(page, "inspection_number")).to_have_text(number)
    page.goto("/enterprise")
    expect(page.get_by_role("main")).to_contain_text(number)


@pytest.mark.faq("2.5")
def test_the_overview_shows_the_same_status_as_the_filing(page: Page, enter: Enter) -> None:
    world = enter("cardless")
    filing = FilingFactory(visit=cardless(world), status="stored")
    page.goto("/")
    page.get_by_role("link", name="综合查询").first.click()
    row = page.get_by_role("row").filter(has_text=filing.number)
    expect(row).to_contain_text("海关入库成功")
    row.get_by_role("link").first.click()
    expect(page.get_by_role("status").filter(has_text="海关入库成功").first).to_be_visible()
    page.goto("/enquiries/filings")
    expect(page.get_by_role("row").filter(has_text=filing.number)).to_contain_text("海关入库成功")
