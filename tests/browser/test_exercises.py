"""去试一试 by a person at the screens: the same exercises, judged as programs are."""

import re
from collections.abc import Sequence

import pytest
from playwright.sync_api import Locator, Page, expect

from filings.lab.grading import attempts, guests
from filings.lab.grading.scripts import Player
from filings.lab.worlds import planting
from filings.models import Attempt
from filings.rules.exercises import loading
from filings.rules.exercises.schema import Step
from filings.rules.words import Degree
from tests.browser.conftest import Sound
from tests.browser.filling import field, fill_registration

Verdicts = tuple[list[tuple[str, str]], list[str]]
"""What was said of each check, and the mistakes by their names."""


def panel(page: Page) -> Locator:
    return page.get_by_role("complementary", name=re.compile("^练习"))


def begin(page: Page, entry: str, screen: str) -> Attempt:
    """From the page of an entry into its exercise."""
    page.goto(f"/faq/{entry}")
    page.get_by_role("button", name=f"去试一试：{screen}").click()
    expect(page.get_by_role("status").filter(has_text="练习开始")).to_be_visible()
    return Attempt.objects.select_related("sandbox").get(learner__startswith=guests.GUEST)


def check(page: Page) -> None:
    panel(page).get_by_role("button", name="检查").click()
    expect(panel(page).get_by_role("heading", name="检查结果")).to_be_visible()


def said(attempt: Attempt) -> Verdicts:
    """What a person was told at the last check."""
    kept = attempt.evaluations.order_by("-n")[0].body
    return [(one["id"], one["verdict"]) for one in kept["checks"]], [one["id"] for one in kept["mistakes"]]


def said_to_a_program(attempt: Attempt, steps: Sequence[Step]) -> Verdicts:
    """What a program is told that does these steps in the same variant."""
    begun = attempts.begin(attempt.exercise, seed=attempt.seed)
    Player(begun).play(steps)
    found = attempts.check(attempts.of(begun.sandbox))
    return [(one.id, one.verdict.value) for one in found.checks], [one.id for one in found.mistakes]


@pytest.mark.faq("2.10")
def test_the_yellow_field_goes_with_the_draft_and_the_check_passes(page: Page, sound: Sound) -> None:
    attempt = begin(page, "2.10", "注册登记申请")
    exercise = loading.of_entry("2.10")
    relation = page.locator('[data-f="parent_relation"]')
    expect(relation).to_have_class(re.compile("required"))
    sound()
    panel(page).get_by_role("button", name="看提示").click()
    expect(panel(page)).to_contain_text(exercise.hints[0])
    panel(page).get_by_role("button", name="看下一条提示").click()
    expect(page.get_by_role("status").filter(has_text="请先试着做一做")).to_be_visible()
    check(page)
    expect(panel(page)).to_contain_text("0 / 3 项通过")

    page.get_by_role("link", name="删除").click()
    page.get_by_role("dialog", name="系统提示").get_by_role("button", name="确定删除").click()
    expect(relation).to_have_class(re.compile("optional"))
    fill_registration(page, name_cn=attempts.case_of(attempt).firms["A"].name_cn)
    page.get_by_role("button", name="申报").click()
    expect(page.locator(".said")).to_have_text("申报成功")
    expect(panel(page).get_by_role("status").filter(has_text="已通过")).to_be_visible()
    expect(panel(page)).to_contain_text(exercise.debrief)
    expect(panel(page)).to_contain_text("3 / 3 项通过")
    assert said(attempt) == said_to_a_program(attempt, exercise.golden)
    sound()
    panel(page).get_by_role("button", name="结束练习").click()
    expect(page).to_have_url(re.compile(r"/faq/2\.10$"))


@pytest.mark.faq("2.10")
def test_who_invents_a_parent_is_told_the_mistake(page: Page, sound: Sound) -> None:
    attempt = begin(page, "2.10", "注册登记申请")
    exercise = loading.of_entry("2.10")
    field(page, "parent_relation").select_option("母/子公司")
    field(page, "parent_name").fill("深圳市演练集团有限公司")
    field(page, "parent_uscc").fill("91440399MAMK00013C")
    page.get_by_role("button", name="申报").click()
    expect(page.locator(".said")).to_have_text("申报成功")
    check(page)
    expect(panel(page).get_by_role("heading", name="误操作")).to_be_visible()
    expect(panel(page)).to_contain_text(exercise.diagnosers[0].say)
    assert said(attempt) == said_to_a_program(attempt, exercise.wrong[0].steps)
    sound()


@pytest.mark.faq("1.9")
def test_four_that_wait_are_looked_at_and_two_departments_asked(page: Page) -> None:
    attempt = begin(page, "1.9", "综合查询")
    exercise, numbers = loading.of_entry("1.9"), attempt.filings
    page.goto(f"/filings/{numbers['first']}")
    page.get_by_role("button", name="申报").click()
    expect(page.locator(".said")).to_have_text("申报成功")
    for name, department in (("second", "platform"), ("third", "customs")):
        page.goto(f"/tickets?desk={department}&topic=status&filing={numbers[name]}")
        page.get_by_role("button", name="提交").click()
        expect(page.locator(".said")).to_have_text("已提交，请等待答复")
    check(page)
    expect(page.get_by_role("status").filter(has_text="检查通过")).to_be_visible()
    assert said(attempt) == said_to_a_program(attempt, exercise.golden)


@pytest.mark.faq("2.1")
def test_a_number_is_looked_up_for_both_and_answered(page: Page, sound: Sound) -> None:
    attempt = begin(page, "2.1", "综合查询")
    numbers = {}
    for n, name in enumerate(("first", "second")):
        if n:
            panel(page).get_by_role("button", name=re.compile("账号密码登录")).last.click()
            expect(page.get_by_role("status").filter(has_text="已切换账户")).to_be_visible()
        page.goto("/enquiries/overview")
        page.get_by_role("main").locator("tbody").get_by_role("link").first.click()
        numbers[name] = field(page, "inspection_number").inner_text()
        panel(page).get_by_label("的检验检疫备案号是什么").nth(n).fill(numbers[name])
        panel(page).get_by_role("button", name="提交回答").click()
        expect(page.get_by_role("status").filter(has_text="已提交回答")).to_be_visible()
    check(page)
    expect(page.get_by_role("status").filter(has_text="检查通过")).to_be_visible()
    assert len({*numbers.values()}) == 2
    assert said(attempt) == said_to_a_program(attempt, loading.of_entry("2.1").golden)
    sound()


@pytest.mark.faq("1.1")
def test_the_panel_is_put_away_and_brought_back(page: Page) -> None:
    begin(page, "1.1", "企业备案信息补录")
    main = page.get_by_role("main")
    wide = main.bounding_box()
    page.get_by_text("练习 1.1").locator("visible=true").last.click()
    expect(panel(page).get_by_role("button", name="检查")).to_be_hidden()
    folded = main.bounding_box()
    assert wide
    assert folded
    assert folded["width"] > wide["width"] + 200
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    page.get_by_role("link", name="练习 1.1：任务与检查").click()
    expect(panel(page).get_by_role("button", name="检查")).to_be_in_viewport()


@pytest.mark.parametrize("mode", [Degree.GUIDED, Degree.EXAM])
def test_what_differs_and_the_papers_themselves_are_read_everywhere(
    page: Page, sound: Sound, live_server: object, mode: str
) -> None:
    begun = attempts.begin("first-filing", seed=0, mode=mode)
    token = planting.opening_token(begun.sandbox, "clerk-g", attempts.exercise_of(begun.attempt).world.medium)
    page.context.add_cookies([{"name": "sim_session", "value": token, "url": str(live_server)}])
    Player(begun).play(attempts.exercise_of(begun.attempt).wrong[2].steps)
    page.goto("/tickets")
    mine = page.get_by_role("complementary", name="首次备案")
    mine.get_by_role("button", name="检查").click()
    if mode == Degree.EXAM:
        page.get_by_role("dialog").get_by_role("button", name="做完了，现在检查").click()
    row = mine.get_by_role("row").filter(has_text="518999")
    expect(row).to_contain_text("邮政编码")
    expect(row).to_contain_text("企业信息及联系人登记表")
    sound()
    with page.context.expect_page() as opened:
        mine.get_by_role("link", name="查看材料包").click()
    expect(opened.value.get_by_role("article").first).to_be_visible()
    sound("/papers")
