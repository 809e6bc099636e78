"""商务部变更申请 as a clerk meets it: the control that is not there, the record that is not found (FAQ 2.8, 2.9)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from filings.lab.worlds import cast, clock, worlds
from filings.models import Attachment, Event, Filing, MofcomRecord, Sandbox
from tests.browser.entering import Enter, enter
from tests.factories import SandboxFactory

__all__ = ["enter"]

NEW = "/filings/new?kind=mofcom_change"
PDF = {"name": "营业执照.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 test"}
PHONE = (390, 844)


def world_in(situation: str, firm: cast.Firm) -> Sandbox:
    world = SandboxFactory()
    worlds.enter(world, situation, firm.uscc)
    return world


def upload(page: Page) -> None:
    page.get_by_role("tab", name="附件信息").click()
    page.get_by_label("选择文件").set_input_files(PDF)
    page.get_by_role("button", name="上传附件").click()


def on_a_phone(page: Page) -> None:
    """Nothing of the page stands outside a phone's screen."""
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.faq("2.8")
def test_without_a_card_the_control_is_installed_and_the_file_goes_up(
    page: Page, enter: Enter, axe: Callable[[Page], None]
) -> None:
    enter("cardless", world_in("control_missing", cast.CARDLESS))
    page.goto("/")
    page.get_by_role("navigation", name="业务菜单").get_by_role("link", name="商务部变更申请").click()
    expect(page.locator(".crumb")).to_contain_text("商务部 / ")
    page.get_by_label("企业英文名称").fill("YUNFAN TRAINING TRADE CO., LTD.")
    page.get_by_role("button", name="暂存").click()
    expect(page.locator(".said")).to_have_text("已暂存")
    page.get_by_label("住所").fill("广东省深圳市福田区福中三路1008号")
    for _ in range(2):
        upload(page)
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("连接客户端控件服务失败，请重试")
        axe(page)
        dialog.get_by_role("button", name="确定").click()
    page.get_by_role("tab", name="变更信息").click()
    expect(page.get_by_label("住所")).to_have_value("广东省深圳市福田区福中三路1008号")
    assert not Attachment.objects.exists()
    page.get_by_role("button", name="暂存").click()

    upload(page)
    with page.expect_popup() as beside:  # what was typed stays on its page
        page.get_by_role("dialog").get_by_role("link", name="客户端控件").click()
    page = beside.value
    expect(page.get_by_role("main")).to_contain_text("您是无卡用户：无卡用户请安装客户端控件")
    axe(page)
    on_a_phone(page)
    axe(page)
    page.get_by_role("button", name="安装").click()
    expect(page.locator(".said")).to_have_text("客户端控件已安装")
    expect(page.get_by_role("status").filter(has_text="可以")).to_be_visible()
    page.get_by_role("link", name="返回申请单").click()
    upload(page)
    expect(page.locator(".said")).to_have_text("已暂存，附件已上传")
    expect(page.get_by_role("row").filter(has_text="营业执照.pdf")).to_be_visible()


@pytest.mark.faq("2.8")
def test_with_a_card_the_control_is_restarted_and_its_version_checked(page: Page, enter: Enter) -> None:
    world = world_in("control_outdated", cast.CARD)
    worlds.enter(world, "control_stopped", cast.CARD.uscc)
    enter("card", world, "card_token")
    page.goto("/client-control")
    expect(page.get_by_role("main")).to_contain_text("您是有卡用户：有卡用户请重启客户端控件并确认版本为最新")
    page.get_by_role("button", name="重启").click()
    expect(page.locator("[data-control=running]")).to_have_text("正在运行")
    expect(page.get_by_role("status").filter(has_text="不可以")).to_be_visible()
    page.get_by_role("button", name="检查更新").click()
    expect(page.locator(".said")).to_have_text("客户端控件已是最新版本")
    page.goto(NEW)
    page.get_by_label("住所").fill("广东省深圳市福田区福中三路1008号")
    upload(page)
    expect(page.locator(".said")).to_have_text("已暂存，附件已上传")
    assert [e.name for e in Event.objects.filter(name__startswith="control.").order_by("seq")] == [
        "control.restarted",
        "control.updated",
    ]


@pytest.mark.faq("2.9")
def test_a_record_not_found_is_set_right_by_commerce_and_the_declaration_accepted(
    page: Page, enter: Enter, axe: Callable[[Page], None]
) -> None:
    world = enter("cardless", world_in("mofcom_record_missing", cast.CARDLESS))
    page.goto(NEW)
    page.get_by_label("企业英文名称").fill("YUNFAN TRAINING TRADE CO., LTD.")
    page.get_by_role("button", name="暂存").click()
    page.get_by_role("button", name="申报", exact=True).click()
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text("商务部申报失败：您要修改的信息再经营者备案系统查询不到，请核查！")
    expect(page.get_by_label("企业英文名称")).to_have_value("YUNFAN TRAINING TRADE CO., LTD.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    axe(page)
    with page.expect_popup() as beside:
        banner.get_by_role("link", name="联系商务部门").click()
    page = beside.value
    expect(page.get_by_label("商务部门")).to_be_checked()
    expect(page.get_by_label("事项")).to_have_value("record_update")
    page.get_by_role("button", name="提交").click()
    clock.advance(Sandbox.objects.get(pk=world.pk), by=timedelta(minutes=30))
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("经营者备案信息已协助更新，请重新申报")
    page.get_by_role("link", name="申请单 SIM").click()
    page.get_by_role("button", name="申报", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="已申报").first).to_be_visible()
    clock.advance(Sandbox.objects.get(pk=world.pk), until="idle")
    page.reload()
    expect(page.get_by_role("status").filter(has_text="审批通过").first).to_be_visible()
    expect(page.get_by_role("link", name="打印")).to_have_count(0)


@pytest.mark.faq("2.9")
def test_or_the_business_is_done_on_the_platform_of_commerce(
    page: Page, enter: Enter, axe: Callable[[Page], None]
) -> None:
    world = enter("cardless", world_in("mofcom_record_stale", cast.CARDLESS))
    page.goto(NEW)
    page.get_by_label("企业英文名称").fill("YUNFAN，LTD.")
    page.get_by_role("button", name="暂存").click()
    draft = Filing.objects.get(sandbox=world)
    page.goto(f"/commerce?filing={draft.public_id}")
    expect(page.get_by_role("status").filter(has_text="非最新")).to_be_visible()
    page.get_by_role("button", name="提交办理").click()
    expect(page.get_by_role("alert")).to_contain_text("企业英文名称不能含有全角标点")
    axe(page)
    on_a_phone(page)
    axe(page)
    page.get_by_label("企业英文名称").fill("YUNFAN, LTD.")
    page.get_by_role("button", name="提交办理").click()
    expect(page.locator(".said")).to_have_text("已在商务部统一服务平台办理")
    expect(page.get_by_role("status").filter(has_text="正常")).to_be_visible()
    expect(page.locator("[data-recorded=name_en]")).to_have_text("YUNFAN, LTD.")
    assert not Filing.objects.filter(pk=draft.pk).exists()
    assert MofcomRecord.objects.get(sandbox=world, uscc=cast.CARDLESS.uscc).state == "current"
