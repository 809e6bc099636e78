"""A whole application with people on both sides: the applicant files, a clerk plays customs, a trainer turns the
clock."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from filings import desk
from filings.customs import officer
from filings.lab.faults import faults
from filings.lab.webhooks import webhooks
from filings.lab.worlds import cast, queueing, snapshots, worlds
from filings.models import Account, Filing, Sandbox, Visit
from filings.rules.words import Status
from tests.api.client import NOBODY, loopback
from tests.browser.conftest import Check, Sound
from tests.factories import FilingFactory, visit_of

__all__ = ["loopback"]

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "内部金丝雀：请核查实际控制人"
PUBLIC = "可告知的话：住所与执照不符"


@pytest.fixture
def by_hand() -> Sandbox:
    """A class in which people play customs."""
    return worlds.create(key="of-this-class", name="三月班", scenario="by_hand").sandbox


def role(sandbox: Sandbox, name: str) -> Visit:
    account = Account.objects.select_related("enterprise").get(sandbox=sandbox, role=name)
    account.sandbox = sandbox
    return visit_of(account)


@pytest.fixture
def filed(by_hand: Sandbox) -> Filing:
    """The reference registration, declared."""
    visit = role(by_hand, "cardless")
    filing = FilingFactory(visit=visit)
    desk.perform(visit, filing.public_id, "declare")
    return filing


def status(page: Page) -> Any:
    return page.locator("dl.first .badge")


def log_in(page: Page, sandbox: Sandbox, username: str) -> None:
    page.goto(f"/login?sandbox={sandbox.key}&username={username}")
    page.get_by_label("密码", exact=True).fill(cast.PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page).not_to_have_url(re.compile("/login"))


def test_a_clerk_takes_a_registration_to_its_refusal_and_keeps_the_inside_inside(
    page: Page, browser: Browser, live_server: Any, axe: Check, by_hand: Sandbox, filed: Filing
) -> None:
    page.goto(f"/customs/?sandbox={by_hand.key}")
    expect(page.get_by_role("row", name=filed.number)).to_contain_text("已申报")
    page.get_by_role("link", name=filed.number, exact=True).click()
    for button, then in (("发往海关", "成功发往海关"), ("海关入库", "海关入库成功"), ("转人工审核", "转人工审核")):
        page.get_by_role("button", name=button).click()
        expect(status(page)).to_have_text(then)
        expect(page.locator(".said")).to_be_visible()
    expect(page.get_by_label("申请人可知的意见")).to_have_value(re.compile("^应上传的附件没有上传.*没有上传附件$"))
    expect(page.get_by_role("region", name="比对结果")).to_contain_text("相符")
    page.get_by_label("原因").select_option("address_mismatch")
    expect(page.get_by_label("申请人可知的意见")).to_have_value("工商注册地址与营业执照登记的住所不一致")
    expect(page.get_by_label("仅海关内部的意见")).to_have_value("比对市场监管登记信息，住所不符")
    page.get_by_label("申请人可知的意见").fill(PUBLIC)
    page.get_by_label("仅海关内部的意见").fill(CANARY)
    page.get_by_role("button", name="审批不通过").click()
    expect(status(page)).to_have_text("审批不通过")
    receipts = page.get_by_role("region", name="回执列表")
    expect(receipts).to_contain_text(CANARY)
    axe(page)

    context = browser.new_context(base_url=live_server.url, locale="zh-CN")
    applicant = context.new_page()
    log_in(applicant, by_hand, "cardless")
    own = f"/filings/{filed.public_id}"
    for path in (
        "/",
        own,
        f"{own}#tab-receipts",
        f"{own}/print",
        "/enquiries/overview",
        "/enquiries/filings",
        "/tickets",
    ):
        applicant.goto(path)
        assert CANARY not in applicant.content()
        assert PUBLIC not in applicant.content()
    applicant.goto(own)
    expect(applicant.locator("dl.first .badge")).to_have_text("审批不通过")
    context.close()


def test_what_a_trainer_turns_an_applicant_sees(page: Page, axe: Check, by_hand: Sandbox, filed: Filing) -> None:
    page.goto(f"/console/sandboxes/{by_hand.key}/filings/{filed.public_id}")
    expect(page.get_by_role("main")).to_contain_text("由人办理：没有排定的事")
    page.get_by_label("情景", exact=True).select_option("approve")
    page.get_by_role("button", name="用于本单").click()
    expect(page.get_by_role("main")).to_contain_text("自动发往海关")

    page.goto(f"/console/sandboxes/{by_hand.key}")
    page.get_by_role("button", name="快进到下一事件").click()
    expect(page.get_by_role("heading", name="本次推进发生了 1 件事")).to_be_visible()
    expect(page.get_by_role("button", name="快进到下一事件")).to_be_focused()
    page.get_by_role("button", name="快进到空闲").press("Enter")
    expect(page.get_by_role("heading", name="本次推进发生了 4 件事")).to_be_visible()
    expect(page.get_by_role("row", name=filed.number)).to_contain_text("审批通过")
    expect(page.locator(".now time")).to_have_text("2021-12-02 09:00:00")
    axe(page)

    page.get_by_role("link", name="以 cardless 账号密码登录").click()
    expect(page.get_by_label("用户名")).to_have_value("cardless")
    page.get_by_label("密码", exact=True).fill(cast.PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    page.goto(f"/filings/{filed.public_id}")
    expect(page.locator("dl.first .badge")).to_have_text("审批通过")


def test_a_clerk_who_is_overtaken_is_told_and_keeps_his_words(page: Page, by_hand: Sandbox, filed: Filing) -> None:
    officer.advance(by_hand, filed.public_id, Status.STORED, by_hand.now())
    page.goto(f"/customs/{by_hand.key}/{filed.public_id}")
    page.get_by_label("原因").select_option("other")
    page.get_by_label("仅海关内部的意见").fill(CANARY)
    officer.act(by_hand, filed.public_id, "approve", by_hand.now(), by_hand=True)
    page.get_by_role("button", name="审批不通过").click()
    alert = page.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(alert).to_contain_text("审批通过")
    expect(alert).to_contain_text(CANARY)
    expect(status(page)).to_have_text("审批通过")


def test_sandboxes_come_and_go_by_keyboard(page: Page) -> None:
    page.goto("/console/")
    page.get_by_label("名称", exact=True).press_sequentially("五月班")
    page.get_by_label("情景", exact=True).select_option("slow")
    expect(page.get_by_label("审批天数")).to_be_visible()
    expect(page.get_by_label("停留的状态")).to_be_hidden()
    page.get_by_label("审批天数").fill("7")
    page.get_by_text("等效的接口调用：新建沙箱").click()
    expect(page.locator("[data-curl=create] pre")).to_contain_text('"scenario":"slow; days=7; pace=normal"')
    expect(page.locator("[data-curl=create] pre")).to_contain_text('"name":"五月班"')
    page.get_by_role("button", name="新建沙箱").press("Enter")
    expect(page.get_by_role("heading", name="沙箱已建立：五月班")).to_be_visible()
    page.get_by_role("link", name="进入沙箱").press("Enter")
    expect(page.get_by_role("main")).to_contain_text("审批缓慢（审批天数：7）")
    page.get_by_role("link", name="删除沙箱").press("Enter")
    dialog = page.get_by_role("dialog", name="删除沙箱")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.get_by_role("link", name="删除沙箱").press("Enter")
    dialog.get_by_role("button", name="确定删除").press("Enter")
    expect(page.locator(".said")).to_have_text("沙箱已删除")
    assert not worlds.sandboxes().exists()


@pytest.mark.parametrize("part", range(2))
def test_every_page_is_sound(page: Page, sound: Sound, by_hand: Sandbox, filed: Filing, part: int) -> None:
    draft = FilingFactory(visit=role(by_hand, "agent"))
    at = f"/console/sandboxes/{by_hand.key}"
    faults.put(by_hand, "status; code=503", {"path": "/api/v1/filings/*"}, times=2)
    queueing.put(by_hand, "reject", kind="change", uscc=cast.CARD.uscc)
    snapshots.keep(by_hand, "起点")
    webhooks.register(by_hand, f"http://{NOBODY}/a-rather-long-address-of-a-receiver-that-has-to-break-somewhere")
    paths = (
        "/console/",
        "/console/login",
        at,
        f"{at}/reset",
        f"{at}/delete",
        f"{at}/filings/{filed.public_id}",
        f"{at}/filings/{draft.public_id}",
        "/console/sandboxes/nowhere",
        f"/customs/?sandbox={by_hand.key}",
        f"/customs/{by_hand.key}/market/?q=演练",
        f"/customs/{by_hand.key}/market/{cast.CARDLESS.uscc}",
        f"/customs/{by_hand.key}/{filed.public_id}",
        f"/customs/{by_hand.key}/{draft.public_id}",
        f"{at}/journal",
        f"{at}/webhooks",
        f"{at}/faults",
        f"{at}/checkpoints",
        f"{at}/coverage",
    )
    for path in paths[part::2]:
        page.goto(path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        sound()
