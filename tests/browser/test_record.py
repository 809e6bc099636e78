"""What happens to a record, as clerks meet it: changed by card, refused and read why, deregistered, filed for, out of
step with customs."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from filings.counters import mandates
from filings.customs import officer
from filings.lab.worlds import cast, clock, fixtures, worlds
from filings.models import CustomsRecord, Filing, Sandbox, Visit
from tests.browser.entering import Enter, enter, log_in

__all__ = ["enter"]

CHANGE = "/filings/new?kind=change"
DUAL = cast.BY_CATEGORY["00010000"]


def field(page: Page, name: str) -> Locator:
    return page.locator(f'[data-field="{name}"]')


def says(page: Page, name: str) -> Locator:
    return page.locator(f'[data-says="{name}"]')


def changes(page: Page) -> Locator:
    return page.get_by_role("region", name="本次变更")


def declare(page: Page) -> Filing:
    """Declare the page as it stands."""
    page.get_by_role("button", name="申报", exact=True).click()
    expect(page.locator(".said")).to_have_text("申报成功")
    return Filing.objects.order_by("-serial")[0]


def later(world: Sandbox, **by: float) -> None:
    clock.advance(Sandbox.objects.get(pk=world.pk), by=timedelta(**by))


@pytest.mark.faq("1.5")
@pytest.mark.faq("2.6")
def test_a_change_wants_a_card_and_its_refusal_is_read_by_card(page: Page, enter: Enter) -> None:
    world = enter("card")
    page.goto("/")
    menu = page.get_by_role("navigation", name="业务菜单")
    expect(menu.get_by_role("link", name="注册信息变更申请", exact=True)).to_be_disabled()
    page.goto(CHANGE)
    expect(page.get_by_role("alert")).to_contain_text("只有有卡用户使用卡介质方式登录才能进行海关通用资质中“变更申请”")
    page.get_by_role("main").get_by_role("link", name="使用卡介质方式登录").click()
    page.get_by_label("卡号").fill("SIMC00000002")
    page.get_by_label("卡密码（PIN）").fill(cast.PIN)
    page.get_by_role("button", name="登录", exact=True).click()

    expect(changes(page)).to_contain_text("共 0 项")
    field(page, "address_cn").fill("广东省深圳市福田区福中三路1008号")
    page.keyboard.press("Tab")
    expect(says(page, "address_cn").get_by_text("已变更")).to_be_visible()
    expect(changes(page)).to_contain_text("共 1 项")
    page.get_by_role("tab", name="管理人员").click()
    changes(page).get_by_role("link", name="工商注册地址").click()
    expect(field(page, "address_cn")).to_be_focused()
    filing = declare(page)
    assert filing.content == {"address_cn": "广东省深圳市福田区福中三路1008号"}
    expect(changes(page)).to_contain_text("福中三路1006号")

    officer.advance(world, filing.public_id, "rejected", world.now(), public_comment="地址与营业执照不一致")
    page.get_by_role("link", name="申请单查询").click()
    page.get_by_label("申请业务类型").select_option("企业变更")
    page.get_by_role("button", name="查询", exact=True).click()
    page.get_by_role("link", name=f"查看回执 {filing.number}").click()
    expect(page.get_by_role("row").filter(has_text="审批不通过").last).to_contain_text("地址与营业执照不一致")


@pytest.mark.faq("2.6")
def test_why_a_registration_was_refused_only_customs_can_tell(page: Page, enter: Enter) -> None:
    world = enter("cardless")
    filing = fixtures.filing(world, uscc=cast.CARDLESS.uscc, state="rejected", public_comment="缺少公章")
    page.goto(f"/filings/{filing.public_id}/receipts")
    expect(page.get_by_role("main")).to_contain_text("暂时无法在“企业资质”系统中查询，只能联系海关咨询")
    expect(page.get_by_role("main")).not_to_contain_text("缺少公章")
    page.get_by_role("link", name="联系海关咨询").click()
    page.get_by_role("button", name="提交").click()
    later(world, hours=1)
    page.goto("/tickets")
    expect(page.get_by_role("main")).to_contain_text("缺少公章")


@pytest.mark.faq("2.20")
@pytest.mark.faq("1.5")
def test_a_dual_enterprise_becomes_a_consignee_by_leaving_and_coming_anew(page: Page, enter: Enter) -> None:
    world = enter("category:00010000", medium="card_token")
    page.goto(CHANGE)
    expect(field(page, "category")).not_to_be_editable()
    expect(says(page, "category")).to_contain_text("“经营类别”已经审批通过不可以变更")
    expect(page.get_by_role("checkbox", name="报关企业", exact=True)).to_be_disabled()
    says(page, "category").get_by_role("link", name="办理注销申请").click()

    expect(page.get_by_text("承诺办结时限 11 个工作日（公开资料）")).to_be_visible()
    field(page, "reason").fill("调整经营类别")
    leaving = declare(page)
    officer.advance(world, leaving.public_id, "approved", world.now())
    page.goto("/enterprise")
    expect(page.get_by_role("main")).to_contain_text("已注销")
    expect(page.locator("del")).to_have_text(CustomsRecord.objects.get(sandbox=world, uscc=DUAL.uscc).inspection_number)

    anew = fixtures.filing(world, uscc=DUAL.uscc, content={"category": "10000000"})
    page.goto(f"/filings/{anew.public_id}")
    expect(field(page, "category")).to_be_editable()
    declare(page)
    officer.advance(world, anew.public_id, "approved", world.now())
    page.goto("/enterprise")
    former = page.get_by_role("region", name="历次备案").get_by_role("row").last
    expect(former).to_contain_text("特殊监管区域双重身份企业")
    expect(page.locator(".facts")).to_contain_text("进出口货物收发货人")


@pytest.mark.faq("1.7")
def test_an_agent_changes_the_record_of_the_principal_it_chose(
    page: Page, enter: Enter, sandbox: Sandbox, live_server: LiveServer, visit: Callable[..., Visit]
) -> None:
    log_in(page.context, live_server, sandbox, "category:10000000")
    page.goto("/mandates")
    page.get_by_label("代理企业的统一社会信用代码").fill("91440399MAMK00013X")
    page.get_by_role("button", name="授权", exact=True).click()
    expect(page.locator("#f-agent-s")).to_contain_text("单一窗口没有该统一社会信用代码的企业用户")
    page.get_by_label("代理企业的统一社会信用代码").fill(cast.AGENT.uscc)
    page.get_by_role("button", name="授权", exact=True).click()
    expect(page.locator(".said")).to_have_text("已给予代理授权")

    enter("agent", sandbox, "card_token")
    page.goto(CHANGE)
    expect(field(page, "name_cn")).to_have_value(cast.AGENT.name_cn)
    page.get_by_label("代理", exact=True).check()
    principal = cast.BY_CATEGORY["10000000"]
    field(page, "principal").select_option(principal.uscc)
    expect(page.locator(".said")).to_have_text(f"已载入{principal.name_cn}的备案，请核对后再填写")
    expect(field(page, "name_cn")).to_have_value(principal.name_cn)
    field(page, "postcode").fill("518001")
    filing = declare(page)
    assert (filing.enterprise.uscc, filing.agent.uscc, filing.content) == (
        principal.uscc,
        cast.AGENT.uscc,
        {"postcode": "518001"},
    )

    log_in(page.context, live_server, sandbox, "category:10000000")
    page.goto("/mandates")
    page.get_by_role("link", name=f"撤销 {mandates.of(visit('category:10000000')).get().public_id}").click()
    page.get_by_role("button", name="确定撤销").click()
    expect(page.get_by_role("row").last).to_contain_text("已撤销")


@pytest.mark.faq("2.15")
def test_an_overdue_status_is_healed_in_the_documented_order(page: Page, enter: Enter) -> None:
    world = enter("card", medium="card_token")
    worlds.enter(world, "overdue_mirror")
    page.goto(CHANGE)
    field(page, "postcode").fill("518001")
    page.get_by_role("button", name="申报", exact=True).click()
    expect(page.get_by_role("dialog")).to_contain_text("单一窗口显示企业状态为“超期”")
    expect(page.get_by_role("dialog").get_by_role("link", name="基本信息查询")).to_have_attribute("href", "/enterprise")
    page.get_by_role("dialog").get_by_role("button", name="确定").click()
    page.get_by_role("button", name="暂存").click()
    expect(page.locator(".said")).to_have_text("已暂存")
    draft = page.url
    page.goto("/enterprise")
    expect(page.locator(".badge", has_text="超期")).to_be_visible()
    page.get_by_role("link", name="联系主管海关").click()
    page.get_by_role("button", name="提交").click()
    later(world, hours=1)
    page.goto("/enterprise")
    expect(page.locator(".badge", has_text="正常")).to_be_visible()
    page.goto(draft)
    declare(page)


@pytest.mark.faq("2.4")
def test_a_registration_customs_has_is_brought_over_by_a_sync(page: Page, enter: Enter) -> None:
    world = enter("card")
    worlds.enter(world, "not_synced")
    page.goto("/enterprise")
    expect(page.locator(".badge")).to_have_text("企业未注册成功")
    page.get_by_role("link", name="查询报关有效期").click()
    expect(page.locator(".facts")).to_contain_text("报关有效期 长期")
    page.go_back()
    page.get_by_role("link", name="联系主管海关同步信息").click()
    page.get_by_role("button", name="提交").click()
    later(world, hours=1)
    page.goto("/enterprise")
    expect(page.locator(".badge")).to_have_text("正常")


@pytest.mark.faq("2.4")
def test_a_code_that_is_refused_is_to_be_seen_whatever_desk_it_was_typed_for(page: Page, enter: Enter) -> None:
    enter("card")
    page.goto("/tickets?desk=customs_inspection&topic=sync")
    code = page.get_by_label("统一社会信用代码")
    code.fill(cast.AGENT.uscc)
    page.get_by_label("主管海关", exact=True).check()
    expect(code).to_be_hidden()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_contain_text("统一社会信用代码与本企业不一致")
    expect(code).to_be_visible()


@pytest.mark.faq("1.1")
def test_a_backfill_is_asked_of_those_only_who_lack_one(page: Page, enter: Enter) -> None:
    world = enter("card")
    worlds.enter(world, "backfill_both_before")
    page.goto("/")
    page.get_by_role("navigation", name="业务菜单").get_by_role("link", name="企业备案信息补录").click()
    expect(page.locator(".verdict")).to_contain_text("不需要")
    expect(page.get_by_role("main").get_by_role("button")).to_have_count(0)
    worlds.enter(world, "backfill_only_customs")
    page.reload()
    expect(page.locator(".verdict")).to_contain_text("需要补录报检资质的备案信息")
    page.get_by_label("原备案或登记证号").fill("4700600002")
    page.get_by_role("button", name="提交补录").click()
    expect(page.locator(".said")).to_have_text("已补录")
    expect(page.locator(".verdict")).to_contain_text("已补录")


@pytest.mark.faq("2.16")
def test_the_amount_in_usd_is_customs_own_and_follows_after_review(page: Page, enter: Enter) -> None:
    world = enter("card", medium="card_token")
    page.goto(CHANGE)
    page.get_by_role("tab", name="出资者信息").click()
    usd = field(page, "investors.0.amount_usd")
    expect(usd).not_to_be_editable()
    before = usd.input_value()
    note = page.locator(".rows .note")
    expect(note).to_contain_text("美元的出资金额，这个字段不是在“单一窗口”录入的，是海关审核后返回的")
    usd.evaluate("element => { element.readOnly = false; element.value = '999.00'; }")
    field(page, "investors.0.amount").fill("1000")
    page.keyboard.press("Tab")
    expect(usd).to_have_value(before)
    usd.evaluate("element => { element.readOnly = false; element.value = '999.00'; }")
    filing = declare(page)
    assert "amount_usd" not in filing.content["investors"][0]
    expect(changes(page)).to_contain_text("共 1 项")
    expect(field(page, "investors.0.amount_usd")).to_have_text(before)
    officer.advance(world, filing.public_id, "approved", world.now())
    page.reload()
    expect(field(page, "investors.0.amount_usd")).to_have_text("157.00")
    page.goto(f"{CHANGE}#tab-investors")
    page.locator(".rows .note").get_by_role("link", name="联系主管海关").click()
    expect(page.get_by_label("事项")).to_have_value("usd")


def test_what_is_typed_before_the_script_has_come_counts_too(page: Page, enter: Enter) -> None:
    enter("card", medium="card_token")
    held: list[Route] = []
    page.route("**/sheet*.js", lambda route: held.append(route))
    page.goto(CHANGE, wait_until="commit")
    field(page, "address_cn").fill("广东省深圳市福田区福中三路1008号")
    page.keyboard.press("Tab")
    expect(says(page, "address_cn").get_by_text("已变更")).to_be_hidden()
    for one in held:
        one.continue_()
    expect(says(page, "address_cn").get_by_text("已变更")).to_be_visible()
