"""海关年报 as a clerk meets it: the three ticks, the section that should not be there, the platform that lags."""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from filings.lab.worlds import cast, clock
from filings.models import AnnualReport, Event, Sandbox, Ticket
from filings.rules.dates import SHANGHAI
from tests.browser.conftest import Sound
from tests.browser.entering import Enter, enter, log_in
from tests.factories import SandboxFactory

__all__ = ["enter"]


def part(page: Page, rule: str) -> Locator:
    return page.locator(f'[data-rule="{rule}"]')


def advance(world: Sandbox, **how: object) -> None:
    clock.advance(Sandbox.objects.get(pk=world.pk), **how)


@pytest.mark.faq("2.11")
def test_three_ticks_say_who_must_report_and_the_report_is_made(page: Page, enter: Enter) -> None:
    world = enter(
        "card", SandboxFactory(now=datetime(2021, 5, 20, 10, tzinfo=SHANGHAI), situation="annual_registered_20210101")
    )
    page.goto("/")
    page.get_by_role("navigation", name="业务菜单").get_by_role("link", name="年报申报").click()
    expect(page.locator(".crumb")).to_have_text("标准版应用 / 企业资质 / 关企合作平台 / 企业年报管理 / 年报申报")
    expect(page.get_by_label("报告年度")).to_have_value("2020")
    expect(part(page, "category_reports")).to_have_class("yes")
    expect(part(page, "registered_before_next_year")).to_have_class("no")
    expect(part(page, "registered_before_next_year")).to_contain_text("海关注册时间在2021年1月1日之前")
    expect(page.get_by_text("不需要报送 2020 年度海关年报")).to_be_visible()
    expect(page.get_by_role("button", name="提交年报")).to_have_count(0)

    advance(world, to=datetime(2022, 1, 1, tzinfo=SHANGHAI))
    page.get_by_role("link", name="年报申报").first.click()
    expect(page.get_by_text("需要报送 2021 年度海关年报", exact=True)).to_be_visible()
    amount = page.locator('[data-field="import_amount"]')
    expect(amount).to_have_attribute("readonly", "")
    page.get_by_role("radiogroup", name="本年度是否有进出口业务").get_by_label("是", exact=True).check()
    expect(page.locator('[data-f="import_amount"]')).to_have_class("f w1 required")
    page.get_by_role("button", name="提交年报").click()
    expect(page.get_by_role("alert")).to_contain_text("本年度进口额(万美元)必填")
    for name, value in (("import_amount", "12.5"), ("export_amount", "0"), ("declaration_count", "3")):
        page.locator(f'[data-field="{name}"]').fill(value)
    page.get_by_role("button", name="提交年报").click()
    expect(page.locator(".said")).to_have_text("年报已报送")
    expect(page.get_by_role("region", name="年报列表")).to_contain_text("未报送")
    expect(amount).to_have_text("12.50")
    assert AnnualReport.objects.get(sandbox=world).year == 2021


@pytest.mark.faq("2.12")
def test_a_section_that_should_not_be_there_is_taken_to_the_desk_in_its_hours(page: Page, enter: Enter) -> None:
    friday = datetime(2021, 12, 3, 12, 10, tzinfo=SHANGHAI)
    world = enter("card", SandboxFactory(now=friday, situation="phantom_customs_section"))
    page.goto("/annual-reports")
    expect(page.get_by_role("group", name="报关事项")).to_be_visible()
    help_ = page.get_by_role("region", name="未在海关注册登记，年报却有“报关事项”")
    expect(help_).to_contain_text("0755-84397137、84397138（周一至周五 9:00-12:00,13:30-17:30）")
    page.get_by_role("button", name="提交年报").click()
    expect(page.get_by_role("alert")).to_contain_text("非海关注册登记企业不填报“报关事项”")

    help_.get_by_role("link", name="联系深圳海关企业管理和稽查处").click()
    expect(page.get_by_text("现在不在联系时间，下次可联系时间：2021-12-03 13:30")).to_be_visible()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("现在不在联系时间")
    advance(world, to=friday.replace(hour=13, minute=30))
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("请提供“统一社会信用代码”")
    expect(page.get_by_role("alert")).to_contain_text("请提供“企业名称”")
    page.get_by_label("统一社会信用代码").fill(cast.CARD.uscc)
    page.get_by_label("企业名称").fill(cast.CARD.name_cn)
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".said")).to_contain_text("已提交")
    assert Ticket.objects.get(sandbox=world).enterprise_name == cast.CARD.name_cn

    advance(world, by=timedelta(minutes=30))
    page.reload()
    expect(page.locator(".answer")).to_contain_text("甄别处置")
    page.goto("/annual-reports")
    expect(page.get_by_role("heading", name="年报申报")).to_be_visible()
    expect(page.get_by_text("报关事项")).to_have_count(0)
    assert not AnnualReport.objects.filter(sandbox=world).exists()


@pytest.mark.faq("2.13")
def test_filed_and_not_shown_is_waited_out_and_then_sent_again(page: Page, enter: Enter) -> None:
    world = enter("card", SandboxFactory(now=datetime(2021, 6, 30, 23, 59, tzinfo=SHANGHAI), situation="publicity_lag"))
    page.goto("/publicity")
    year = page.get_by_role("row").filter(has_text="2020")
    expect(year).to_contain_text("未报送")
    page.get_by_role("navigation", name="业务菜单").get_by_role("link", name="年报补录").click()
    expect(page.locator(".crumb")).to_have_text("标准版应用 / 企业资质 / 关企合作平台 / 企业年报管理 / 年报补录")
    banner = page.get_by_role("region", name="2020 年度年报提示")
    expect(banner).to_contain_text("在此之前不会影响企业正常办理海关业务")
    expect(banner).to_contain_text("2021-07-01")
    send = page.get_by_role("button", name="补报 2020 年度年报")
    expect(send).to_have_count(0)

    advance(world, by=timedelta(minutes=1))
    page.reload()
    expect(banner).to_have_count(0)
    send.click()
    expect(page.locator(".said")).to_contain_text("年报已补报")
    expect(page.get_by_role("region", name="年报列表")).to_contain_text("已补报，请等待公示")
    assert Event.objects.filter(sandbox=world, name="annual_report.supplemented").count() == 1
    advance(world, by=timedelta(hours=24))
    page.get_by_role("link", name="公示平台查询").last.click()
    expect(year).to_contain_text("已报送")


@pytest.mark.faq("2.13")
def test_the_platform_catching_up_behind_an_open_page_is_told(page: Page, enter: Enter) -> None:
    world = enter("card", SandboxFactory(situation="publicity_lag"))
    page.goto("/annual-reports/supplement")
    AnnualReport.objects.filter(sandbox=world).update(publicised_at=world.now())
    page.get_by_role("button", name="补报 2020 年度年报").click()
    expect(page.get_by_role("alert")).to_contain_text("公示平台已显示该年度年报，不需要补录")


def test_without_a_script_a_report_is_made_and_a_desk_is_asked(browser: Browser, live_server: LiveServer) -> None:
    world = SandboxFactory()
    with browser.new_context(java_script_enabled=False, base_url=live_server.url) as context:
        log_in(context, live_server, world, "card")
        page = context.new_page()
        page.goto("/annual-reports?year=2020")
        page.get_by_role("radiogroup", name="本年度是否有进出口业务").get_by_label("是", exact=True).check()
        page.get_by_role("button", name="提交年报").click()
        for name, value in (("import_amount", "1"), ("export_amount", "2"), ("declaration_count", "3")):
            page.locator(f'[data-field="{name}"]').fill(value)
        page.get_by_role("button", name="提交年报").click()
        expect(page.locator(".said")).to_have_text("年报已报送")
        page.goto("/tickets")
        page.get_by_label("深圳海关企业管理和稽查处", exact=True).check()
        page.get_by_label("事项").select_option("phantom_section")
        page.get_by_label("统一社会信用代码").fill(cast.CARD.uscc)
        page.get_by_label("企业名称").fill(cast.CARD.name_cn)
        page.get_by_role("button", name="提交").click()
        expect(page.locator(".said")).to_contain_text("已提交")
    assert AnnualReport.objects.get(sandbox=world).content["export_amount"] == "2.00"


def test_its_screens_are_sound(page: Page, enter: Enter, sound: Sound) -> None:
    enter("card", SandboxFactory(situation="publicity_lag", now=datetime(2021, 5, 20, 12, 10, tzinfo=SHANGHAI)))
    screens = [
        "/annual-reports",
        "/annual-reports?year=2019",
        "/annual-reports/supplement",
        "/publicity",
        "/publicity?uscc=x",
    ]
    for screen in (*screens, "/tickets?desk=customs_inspection&topic=phantom_section"):
        sound(screen)
    enter("card", SandboxFactory(situation="phantom_customs_section"))
    page.goto("/annual-reports")
    page.get_by_role("button", name="提交年报").click()
    expect(page.get_by_role("alert")).to_be_visible()
    sound()
