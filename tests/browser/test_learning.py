"""A learner at the screens: comes in, does three exercises whole, leaves, comes back with the code, sees the map."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from filings import learners
from filings.lab.grading import attempts
from filings.lab.grading.attempts import Begun
from filings.lab.grading.scripts import Player
from filings.models import Attempt, Learner
from filings.rules.exercises.loading import catalogue
from tests.api.client import PDF
from tests.browser.conftest import DESK, PHONE, Sound
from tests.browser.filling import field, fill_registration, transcribe


def come_in(page: Page, name: str, class_code: str = "") -> str:
    """By the door, as somebody new. Returns the return code."""
    page.goto("/learn/")
    new = page.get_by_role("region", name="第一次来")
    new.get_by_label("姓名").fill(name)
    new.get_by_label("班级代码").fill(class_code)
    new.get_by_role("button", name="开始学习").click()
    code = page.locator(".code-big").inner_text().strip()
    assert re.fullmatch("[A-Z]{6}", code)
    page.get_by_role("link", name="记下了，开始学习").click()
    return code


def tile(page: Page, called: str) -> Locator:
    return page.locator(f'svg.map a[aria-label^="{called}："]')


def begin(page: Page, called: str, degree: str = "引导") -> Attempt:
    """From the map into an exercise."""
    page.goto("/learn/")
    tile(page, called).click()
    page.get_by_role("radio", name=degree).check()
    page.get_by_role("button", name=re.compile("开始练习|再来一次")).click()
    expect(page.get_by_role("status").filter(has_text="练习开始")).to_be_visible()
    found = Attempt.objects.select_related("sandbox").order_by("-id").first()
    assert found
    return found


def panel(page: Page) -> Locator:
    return page.locator("#exercise")


def passed(page: Page) -> None:
    """It is told at once, without a check."""
    expect(panel(page).get_by_role("status").filter(has_text="已通过")).to_be_visible()


@pytest.mark.faq("2.10")
@pytest.mark.faq("1.9")
@pytest.mark.faq("1.7")
def test_a_learner_does_three_exercises_leaves_and_comes_back(
    page: Page, browser: Browser, live_server: LiveServer, sound: Sound
) -> None:
    sound("/learn/")
    made = learners.open_class("三月班")
    code = come_in(page, "张演练", made.code)
    sound()

    # 2.10: the yellow field
    attempt = begin(page, "练习 2.10")
    sound()
    page.get_by_role("link", name="删除").click()
    page.get_by_role("dialog", name="系统提示").get_by_role("button", name="确定删除").click()
    fill_registration(page, name_cn=attempts.case_of(attempt).firms["A"].name_cn)
    page.get_by_role("button", name="申报").click()
    passed(page)
    panel(page).get_by_role("link", name="结束练习").click()
    expect(page.get_by_role("main")).to_contain_text("3 / 3 项通过")
    sound()
    page.get_by_role("button", name="结束，返回课程").click()
    expect(page).to_have_url(re.compile("/learn/$"))
    expect(tile(page, "练习 2.10")).to_have_attribute("aria-label", "练习 2.10：通过")

    # 1.9: four that wait
    attempt = begin(page, "练习 1.9", "真实")
    page.goto(f"/filings/{attempt.filings['first']}")
    expect(page.get_by_role("main")).not_to_contain_text("处理建议")
    page.get_by_role("button", name="申报").click()
    for name, department in (("second", "platform"), ("third", "customs")):
        page.goto(f"/tickets?desk={department}&topic=status&filing={attempt.filings[name]}")
        page.get_by_role("button", name="提交").click()
    passed(page)

    # 首次备案: one field wrong, then anew
    attempt = begin(page, "首次备案")
    case = attempts.case_of(attempt)
    assert case.client
    content = case.client.content()
    file_for_the_client(page, {**content, "registered_capital": "123.45"})
    panel(page).get_by_role("button", name="检查").click()
    row = panel(page).get_by_role("row").filter(has_text="123.45")
    expect(row).to_contain_text("注册资本")
    expect(row).to_contain_text(str(content["registered_capital"]))
    sound()
    panel(page).get_by_role("button", name="快进 1 天").click()
    page.get_by_role("button", name="复制为新申请").click()
    page.locator("#t-basic").click()
    field(page, "registered_capital").fill(content["registered_capital"])
    attach(page)
    page.get_by_role("button", name="申报").click()
    expect(page.locator(".said")).to_have_text("申报成功")
    panel(page).get_by_role("button", name="快进 1 天").click()
    passed(page)
    panel(page).get_by_role("link", name="结束练习").click()
    page.get_by_role("button", name="结束，返回课程").click()
    page.get_by_role("link", name="首次备案", exact=True).last.click()
    expect(page.get_by_role("main")).to_contain_text("自动检查")
    sound()

    # out, and back on another machine
    page.get_by_role("button", name="退出学习").click()
    expect(page.get_by_role("heading", name="第一次来")).to_be_visible()
    elsewhere = browser.new_context(base_url=live_server.url, locale="zh-CN", viewport=PHONE)
    phone = elsewhere.new_page()
    phone.goto("/learn/")
    back = phone.get_by_role("region", name="回来继续")
    back.get_by_label("姓名").fill("张演练")
    back.get_by_label("返回码").fill(code.lower())
    back.get_by_role("button", name="继续学习").click()
    for called in ("练习 2.10", "首次备案"):
        expect(tile(phone, called)).to_have_attribute("aria-label", f"{called}：通过")
    expect(tile(phone, "练习 1.9")).to_have_attribute("aria-label", "练习 1.9：通过")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert all(
        size >= 12
        for size in phone.evaluate(
            "[...document.querySelectorAll('svg.map text')].map((e) => e.getBoundingClientRect().height)"
        )
    )
    elsewhere.close()


def file_for_the_client(page: Page, content: dict[str, object]) -> None:
    """The registration of the client, as its agent, with the form attached."""
    page.get_by_role("radio", name="代理").check()
    field(page, "principal").select_option(str(content["uscc"]))
    transcribe(page, content)
    attach(page)
    page.get_by_role("button", name="申报").click()
    expect(page.locator(".said")).to_have_text("申报成功")


def attach(page: Page) -> None:
    page.locator("#t-attachments").click()
    page.locator("#f-file-type").select_option("record_form")
    page.locator("#f-file").set_input_files({"name": "form.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="上传附件").click()
    expect(page.locator(".said")).to_contain_text("附件已上传")


def test_the_map_is_walked_by_keyboard(page: Page) -> None:
    come_in(page, "张演练")
    first = page.locator("svg.map a").first
    first.focus()
    expect(first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("svg.map a").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/learn/exercises/faq-1-3$"))


def test_the_panel_stays_as_it_was_left_from_page_to_page(page: Page) -> None:
    come_in(page, "张演练")
    begin(page, "练习 2.4")
    check = panel(page).get_by_role("button", name="检查")
    expect(check).to_be_visible()
    panel(page).locator("summary").click()
    expect(check).to_be_hidden()
    page.wait_for_function("document.cookie.includes('sim_panel=1')")
    page.goto("/tickets")
    expect(check).to_be_hidden()
    panel(page).locator("summary").click()
    page.wait_for_function("document.cookie.includes('sim_panel=0')")
    page.goto("/enterprise")
    expect(check).to_be_visible()
    page.set_viewport_size(PHONE)
    box, main = panel(page).bounding_box(), page.get_by_role("main").bounding_box()
    assert box
    assert main
    assert box["y"] >= main["y"] + main["height"] - 1, "beneath the page on a phone"
    page.set_viewport_size(DESK)


def test_answers_not_sent_yet_and_the_place_in_the_panel_stay_from_page_to_page(page: Page) -> None:
    come_in(page, "张演练")
    begin(page, "两个年度的海关年报")
    first = panel(page).get_by_role("radio", name="是", exact=True).first
    first.check()
    inside = panel(page).locator("details")
    inside.evaluate("one => (one.scrollTop = 400)")
    panel(page).get_by_role("button", name=re.compile("^以账号密码登录")).nth(1).click()
    expect(page.get_by_role("status").filter(has_text="已切换账户")).to_be_visible()
    expect(first).to_be_checked()
    assert inside.evaluate("one => one.scrollTop") > 0
    page.get_by_role("link", name="综合查询").click()
    expect(first).to_be_checked()


def test_an_exam_asks_before_it_is_checked(page: Page, sound: Sound) -> None:
    come_in(page, "张演练")
    attempt = begin(page, "练习 2.4", "考核")
    check = panel(page).get_by_role("button", name="检查", exact=True)
    check.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("考核只检查一次")
    sound()
    dialog.get_by_role("button", name="还没有").click()
    assert not attempt.evaluations.exists()
    check.click()
    dialog.get_by_role("button", name="做完了，现在检查").click()
    expect(panel(page).get_by_role("heading", name="检查结果")).to_be_visible()
    assert attempt.evaluations.count() == 1


def test_enter_goes_on_to_the_next_box_and_in_the_last_one_sends(page: Page) -> None:
    page.goto("/learn/")
    new = page.get_by_role("region", name="第一次来")
    new.get_by_label("姓名").fill("张演练")
    new.get_by_label("姓名").press("Enter")
    expect(new.get_by_label("班级代码")).to_be_focused()
    assert not Learner.objects.exists()
    new.get_by_label("班级代码").press("Enter")
    expect(page.locator(".code-big")).to_be_visible()
    page.goto("/login")
    page.get_by_label("用户名", exact=True).fill("cardless")
    page.get_by_label("用户名", exact=True).press("Enter")
    expect(page.get_by_label("密码", exact=True)).to_be_focused()


def test_on_a_phone_the_way_to_the_panel_says_how_far_one_is(page: Page) -> None:
    page.set_viewport_size(PHONE)
    come_in(page, "张演练")
    attempt = begin(page, "练习 2.14")
    way = page.get_by_role("link", name=re.compile("任务与检查"))
    expect(way).to_have_text("练习 2.14：任务与检查")
    assert attempt.sandbox
    Player(Begun(attempt, attempt.sandbox, "")).play(catalogue()["faq-2-14"].exercise.golden)
    page.reload()
    expect(way).to_contain_text("已通过")
    way.click()
    panel(page).get_by_role("link", name="做完了，回到课程").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("结束“练习 2.14”")
    page.set_viewport_size(DESK)


def test_every_page_of_the_face_is_sound(page: Page, sound: Sound) -> None:
    come_in(page, "张演练")
    attempt = begin(page, "练习 2.10")
    field(page, "parent_relation").select_option("母/子公司")
    field(page, "parent_name").fill("深圳市演练集团有限公司")
    field(page, "parent_uscc").fill("91440399MAMK00013C")
    page.get_by_role("button", name="申报").click()
    expect(panel(page).get_by_role("heading", name="误操作")).to_be_visible()
    learner = Learner.objects.get()
    for path in ("diary", "record", "forget", f"attempts/{attempt.public_id}", "exercises/faq-2-10", "attempts/none"):
        sound(f"/learn/{path}")
    from filings.lab.grading import certifying

    sound(f"/learn/verify/{certifying.record(learner).code}")
    page.goto("/learn/diary")
    page.get_by_label("我的笔记").fill("先看是不是页面异常")
    page.get_by_role("button", name="保存笔记：2.10").click()
    expect(page.get_by_label("我的笔记")).to_have_value("先看是不是页面异常")
    assert catalogue()["faq-2-10"].exercise.diagnosers[0].say in page.get_by_role("main").inner_text()
