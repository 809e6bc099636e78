"""新入网 and 电子签章证书 as a clerk meets them (FAQ 1.6, 2.14)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from filings.lab.worlds import clock, worlds
from filings.models import Card, Sandbox
from tests.browser.entering import Enter, enter
from tests.factories import SandboxFactory

__all__ = ["enter"]

BOSS, BOSS_LOWER, OTHER = "11010118900102002X", "11010118900102002x", "110101189001010024"


def again(world: Sandbox) -> Sandbox:
    return Sandbox.objects.get(pk=world.pk)


@pytest.mark.faq("1.6")
def test_a_certificate_is_applied_for_once_an_hour_and_downloaded(page: Page, enter: Enter) -> None:
    world = enter("card")
    page.clock.install()
    page.goto("/")
    page.get_by_role("link", name="电子签章证书").first.click()
    expect(page.get_by_role("main")).to_contain_text("目前系统允许用户每一小时可以申请一次最新证书下载。")
    button = page.get_by_role("button", name="申请最新证书")
    button.click()
    expect(page.locator(".said")).to_have_text("证书已签发，请下载")
    expect(button).to_be_disabled()
    expect(page.locator("#wait")).to_have_text("还需等待 60 分 0 秒，可申请时间 2021-12-01 10:00:00")
    with page.expect_download() as caught:
        page.get_by_role("link", name="下载 P12（1 号证书）").click()
    assert caught.value.suggested_filename.endswith("-1.p12")

    clock.advance(again(world), by=timedelta(minutes=59, seconds=59))
    page.reload()
    expect(button).to_be_disabled()
    expect(page.locator("#wait")).to_have_text("还需等待 0 分 1 秒，可申请时间 2021-12-01 10:00:00")
    page.clock.fast_forward("10:00:00")
    expect(button).to_be_disabled()  # the clock stands: nothing counts down

    clock.advance(again(world), by=timedelta(seconds=1))
    page.reload()
    button.click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("最新")
    expect(page.get_by_role("row").nth(2)).to_contain_text("已被取代")


@pytest.mark.faq("1.6")
def test_the_wait_counts_down_at_the_sandboxs_own_pace(page: Page, enter: Enter) -> None:
    world = SandboxFactory(situation="seal_certificate_at_59_59")
    enter("card", world)
    clock.set_clock(again(world), "scaled", rate=0.001)  # the last second takes a thousand
    page.clock.install()
    page.goto("/seal-certificates")
    button = page.get_by_role("button", name="申请最新证书")
    page.clock.fast_forward(900_000)
    expect(button).to_be_disabled()
    page.clock.fast_forward(100_000)
    expect(button).to_be_enabled()
    clock.advance(again(world), by=timedelta(seconds=1))
    expect(page.locator("#wait")).to_be_hidden()
    button.click()
    expect(page.locator(".said")).to_have_text("证书已签发，请下载")


@pytest.mark.faq("1.6")
def test_one_who_comes_too_early_all_the_same_is_told_in_the_words(page: Page, enter: Enter) -> None:
    world = SandboxFactory(situation="seal_certificate_at_60_00")
    enter("card", world)
    page.goto("/seal-certificates")
    worlds.enter(again(world), "seal_certificate_at_59_59")
    page.get_by_role("button", name="申请最新证书").click()
    expect(page.get_by_role("alert")).to_contain_text("目前系统允许用户每一小时可以申请一次最新证书下载")
    expect(page.get_by_role("button", name="申请最新证书")).to_be_disabled()

    worlds.enter(again(world), "seal_certificate_at_60_00")
    page.goto("/seal-certificates")
    worlds.enter(again(world), "seal_certificate_fails")
    page.get_by_role("button", name="申请最新证书").click()
    expect(page.get_by_role("alert")).to_contain_text("电子签章证书签发失败")
    expect(page.get_by_role("button", name="申请最新证书")).to_be_enabled()


@pytest.mark.faq("2.14")
def test_the_legal_person_is_given_his_card_and_no_other(page: Page, enter: Enter) -> None:
    world = enter("cardless")

    def apply(type: str, name: str, number: str) -> None:
        page.get_by_label(type, exact=True).check()
        page.get_by_label("持卡人姓名").fill(name)
        page.get_by_label("证件类型").select_option("居民身份证")
        page.get_by_label("证件号码").fill(number)
        page.get_by_role("button", name="提交申请").click()

    page.goto("/")
    page.get_by_role("link", name="新入网").first.click()
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("alert")).to_be_focused()
    for words in ("卡类型：必填", "持卡人姓名：必填", "证件类型：必填", "证件号码：必填"):
        expect(page.get_by_role("alert").get_by_role("link", name=words)).to_be_visible()
    apply("法人卡", "王演练", BOSS)
    expect(page.locator(".said")).to_have_text("入网申请已提交，请等待制发")
    expect(page.get_by_role("row").nth(1)).to_contain_text("待制发")

    apply("操作员卡", "王演练", BOSS_LOWER)
    expect(page.locator("#f-holder_id_number-s .err")).to_have_text("不能重复注册")
    expect(page.get_by_label("证件号码")).to_have_value(BOSS_LOWER)
    expect(page.get_by_label("证件号码")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("alert").get_by_role("link", name="不能重复注册").click()
    expect(page.get_by_label("证件号码")).to_be_focused()
    apply("操作员卡", "李演练", OTHER)
    expect(page.locator(".said")).to_be_visible()

    clock.advance(again(world), until="idle")
    page.reload()
    expect(page.get_by_role("main")).to_contain_text("默认密码为 88888888，应及时修改")
    page.get_by_role("link", name="修改密码（2 号卡）").click()
    for label, value in (("原密码", "88888888"), ("新密码", "20211201"), ("再次输入新密码", "20211202")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_role("alert")).to_contain_text("两次输入的新密码不一致")
    for label, value in (("原密码", "88888888"), ("新密码", "20211201"), ("再次输入新密码", "20211201")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="修改密码").click()
    expect(page.locator(".said")).to_have_text("卡密码已修改")

    page.get_by_role("link", name="注销（1 号卡）").click()
    expect(page.get_by_role("main")).to_contain_text("确定注销法人卡（1 号，持卡人 王演练）吗？")
    page.get_by_role("button", name="确定注销").click()
    expect(page.get_by_role("row").nth(2)).to_contain_text("已注销")

    number = Card.objects.get(sandbox=world, enterprise__accounts__username="cardless", n=2).number
    page.get_by_role("button", name="退出").click()
    page.goto(f"/login?sandbox={world.key}&next=/cards")
    page.get_by_label("卡介质").check()
    page.get_by_label("卡号").fill(number)
    page.get_by_label("卡密码（PIN）").fill("20211201")
    page.get_by_role("button", name="登录").click()
    expect(page.locator(".medium")).to_have_text("卡介质登录")
