"""A clerk at the screens: filling, declaring, being corrected, with keyboard and with mouse."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from filings.customs import officer
from filings.lab.worlds import cast, worlds
from filings.models import Filing, Sandbox, Visit
from tests.browser.entering import Enter, enter, log_in
from tests.browser.filling import choose_division, field, fill_registration, says, type_code
from tests.factories import FilingFactory, SandboxFactory

__all__ = ["enter"]

NEW = "/filings/new?kind=registration"


@pytest.mark.faq("1.2")
@pytest.mark.faq("1.9")
def test_a_registration_is_filled_by_typed_codes_and_declared(page: Page, enter: Enter) -> None:
    sandbox = enter("cardless")
    page.goto(NEW)
    content = fill_registration(page)
    page.get_by_role("button", name="申报").click()

    status = page.locator("#tab-basic").get_by_role("status")
    expect(status).to_have_text("已申报")
    expect(page.locator(".said")).to_have_text("申报成功")
    filing = Filing.objects.get(sandbox=sandbox)
    assert filing.status == "declared"
    assert filing.content == {key: value for key, value in content.items() if value != []}

    officer.advance(sandbox, filing.public_id, "approved", sandbox.now())
    page.reload()
    expect(status).to_have_text("审批通过")
    expect(field(page, "inspection_number")).to_have_text(re.compile(r"\d{10}"))


@pytest.mark.faq("1.2")
@pytest.mark.faq("1.3")
def test_a_code_that_a_stale_list_has_not_is_typed_all_the_same(page: Page, enter: Enter) -> None:
    sandbox = SandboxFactory()
    for situation in ("office_table_stale", "zone_missing"):
        worlds.enter(sandbox, situation, cast.CARDLESS.uscc)
    (filing,) = worlds.enter(sandbox, "office_not_chosen", cast.CARDLESS.uscc).filings
    enter("cardless", sandbox)
    page.goto(f"/filings/{filing}")
    field(page, "customs_office").fill("福中")
    expect(page.get_by_role("listbox").filter(has_text="无匹配数据")).to_be_visible()
    page.keyboard.press("Tab")
    expect(says(page, "customs_office").locator("[data-err]")).to_have_text("代码表中没有“福中”")
    expect(field(page, "customs_office")).to_have_value("福中")
    type_code(page, "customs_office", "5355")
    expect(field(page, "customs_office")).to_have_value("5355 福中海关")
    field(page, "economic_zone").fill("")
    type_code(page, "economic_zone", "01", "Tab")
    expect(field(page, "economic_zone")).to_have_value("01 经济特区")
    page.get_by_role("button", name="申报").click()
    expect(page.locator("#tab-basic").get_by_role("status")).to_have_text("已申报")


@pytest.mark.faq("2.2")
def test_two_levels_of_division_find_no_office_and_the_third_does(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto(NEW)
    field(page, "name_cn").fill("不可丢失")
    choose_division(page, "440000", "440300")
    office = page.get_by_role("combobox", name="注册海关")
    office.click()
    office.press_sequentially("5355")
    expect(page.get_by_role("listbox", name="注册海关")).to_contain_text("无匹配数据")
    office.press("Tab")
    fault = says(page, "customs_office").locator("[data-err]")
    expect(fault).to_contain_text("无匹配数据：行政区划三个级别都需要选择")
    expect(page.locator("#live")).to_contain_text("无匹配数据")
    expect(office).to_have_value("5355")
    # what was typed is understood as soon as it can be
    choose_division(page, "440000", "440300", "440304")
    expect(office).to_have_value("5355 福中海关")
    expect(fault).to_be_hidden()
    type_code(page, "province", "北京")
    expect(field(page, "city")).to_have_value("")
    expect(field(page, "district")).to_have_value("")
    expect(office).to_have_value("")
    expect(field(page, "name_cn")).to_have_value("不可丢失")


@pytest.mark.faq("2.2")
@pytest.mark.parametrize(("province", "city"), [("440000", "441900"), ("440000", "442000"), ("460000", "460400")])
def test_a_city_without_counties_stands_in_for_its_county(page: Page, enter: Enter, province: str, city: str) -> None:
    enter("cardless")
    page.goto(NEW)
    choose_division(page, province, city, city)
    page.get_by_role("button", name="暂存").click()
    expect(page.locator(".said")).to_have_text("已暂存")
    expect(field(page, "district")).to_have_attribute("data-code", city)
    expect(field(page, "city")).to_have_attribute("data-code", city)


def test_a_click_into_a_code_box_shows_what_there_is(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto(NEW)
    box, listed = page.get_by_role("combobox", name="经济类型"), page.get_by_role("listbox", name="经济类型")
    box.click()
    listed.get_by_role("option").filter(has_text="150").click()
    expect(listed).to_be_hidden()
    expect(box).to_have_attribute("data-code", "150")
    box.click()  # and again, to choose another
    expect(listed.get_by_role("option").nth(1)).to_be_visible()
    box.press("Escape")
    expect(listed).to_be_hidden()
    expect(box).to_have_attribute("data-code", "150")


@pytest.mark.faq("1.2")
def test_the_code_box_by_keyboard(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto(NEW)
    zone = page.get_by_role("combobox", name="特殊贸易区域")
    zone.focus()
    page.keyboard.insert_text("9999999")
    page.keyboard.press("Tab")
    expect(zone).to_have_value(re.compile("^$|99999999"))
    zone.fill("天外")
    zone.press("Tab")
    expect(says(page, "special_trade_zone").locator("[data-err]")).to_have_text("代码表中没有“天外”")
    expect(page.locator("#live")).to_contain_text("没有“天外”")
    expect(zone).to_have_value("天外")
    expect(zone).to_have_attribute("aria-invalid", "true")
    zone.fill("")
    zone.press("Tab")
    expect(says(page, "special_trade_zone").locator("[data-err]")).to_be_hidden()
    country = page.get_by_role("combobox", name="经济类型")
    country.focus()
    country.press("ArrowDown")
    expect(page.get_by_role("option", name="100 内资")).to_be_visible()
    country.press("ArrowDown")
    country.press("Enter")
    expect(country).to_have_value("100 内资")
    country.press("ArrowDown")
    country.press("Escape")
    expect(country).to_have_attribute("aria-expanded", "false")
    expect(country).to_have_value("100 内资")


@pytest.mark.faq("1.2")
def test_the_recommended_office_is_one_click_away(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto(NEW)
    choose_division(page, "440000", "440300", "440304")
    says(page, "customs_office").get_by_role("button", name="采用").click()
    expect(field(page, "customs_office")).to_have_value("5355 福中海关")
    expect(page.locator('[data-says="customs_office"] [data-rec]')).to_be_hidden()
    type_code(page, "customs_office", "5301")
    expect(page.locator('[data-says="customs_office"] [data-warn]')).to_have_text("深圳企业可选择福中海关输入代码 5355")


@pytest.mark.faq("1.2")
def test_what_is_advised_to_huizhou_is_not_told_as_the_documents(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto(NEW)
    advice = page.locator('[data-says="customs_office"] [data-rec]')
    choose_division(page, "440000", "440300", "440304")
    expect(advice).to_contain_text("5355 福中海关")
    expect(advice.get_by_role("link", name="依据：常见问题 1.2")).to_be_visible()
    expect(advice.get_by_text("公开资料")).to_be_hidden()
    choose_division(page, "440000", "441300", "441302")
    expect(advice).to_contain_text("5341 惠州海关")
    expect(advice.get_by_text("公开资料")).to_be_visible()
    expect(advice.get_by_role("link")).to_be_hidden()
    page.get_by_role("button", name="暂存").click()
    expect(page.locator(".said")).to_have_text("已暂存")
    expect(advice.get_by_text("公开资料")).to_be_visible()
    expect(advice.get_by_role("link")).to_be_hidden()


@pytest.mark.faq("2.19")
def test_the_category_greys_and_resets_the_express_operator(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto(NEW)
    group = page.get_by_role("radiogroup", name="是否为快件运营企业")
    yes, no = group.get_by_label("是", exact=True), group.get_by_label("否", exact=True)
    expect(yes).to_be_disabled()
    field(page, "category").select_option("01000000")
    expect(yes).to_be_enabled()
    yes.check()
    field(page, "category").select_option("10000000")
    expect(yes).to_be_disabled()
    expect(no).to_be_checked()
    expect(page.locator('[data-f="express_operator"]')).to_contain_text("置灰不可更改")
    field(page, "category").select_option("00010000")
    expect(yes).to_be_enabled()


@pytest.mark.faq("2.10")
def test_a_stale_draft_is_yellow_and_deleting_it_heals(page: Page, enter: Enter) -> None:
    sandbox = enter("cardless")
    stale = worlds.enter(sandbox, "stale_form", cast.CARDLESS.uscc).filings[0]
    page.goto(f"/filings/{stale}")
    relation = page.locator('[data-f="parent_relation"]')
    expect(relation).to_have_class(re.compile("required"))
    expect(field(page, "parent_relation")).to_have_attribute("aria-required", "true")
    page.get_by_role("button", name="申报").click()
    summary = page.locator("#sum")
    expect(summary).to_contain_text("上级单位关系必填")
    expect(summary).to_contain_text("用户可点击页面左上方的（删除）按钮")
    page.get_by_role("link", name="删除").click()
    dialog = page.get_by_role("dialog", name="系统提示")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name="确定删除").click()
    expect(page).to_have_url(re.compile(r"/filings/new\?kind=registration$"))
    expect(page.locator(".said")).to_contain_text("已删除")
    expect(relation).to_have_class(re.compile("optional"))
    assert not Filing.objects.filter(sandbox=sandbox).exists()


@pytest.mark.faq("2.3")
def test_a_personal_user_meets_the_notice_and_the_way_to_an_account(page: Page, enter: Enter) -> None:
    enter("personal")
    page.goto(NEW)
    expect(page.get_by_role("alert")).to_contain_text("当前用户不是企业用户，无法操作")
    page.get_by_role("link", name="注册企业用户账户").click()
    expect(page.get_by_role("heading", name="注册单一窗口账户")).to_be_visible()


def test_errors_stand_in_a_summary_and_beside_their_fields(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto(NEW)
    field(page, "name_cn").fill("深圳市云帆演练国际贸易有限公司")
    field(page, "postcode").fill("12")
    page.get_by_role("button", name="申报").click()
    summary = page.locator("#sum")
    # it takes the focus, and the title says how many
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile(r"^有 \d+ 处错误"))
    # nothing typed is lost
    expect(field(page, "name_cn")).to_have_value("深圳市云帆演练国际贸易有限公司")
    expect(field(page, "postcode")).to_have_value("12")
    # the tabs count
    expect(page.get_by_role("tab", name="管理人员")).to_contain_text(re.compile(r"12"))
    # every link leads to its field, on whatever tab, with the same words beside it
    link = summary.get_by_role("link", name="法定代表人（负责人）：移动电话必填")
    link.click()
    mobile = field(page, "legal_representative.mobile")
    expect(mobile).to_be_focused()
    expect(mobile).to_have_attribute("aria-invalid", "true")
    expect(page.locator('[data-says="legal_representative.mobile"] [data-err]')).to_have_text(
        "法定代表人（负责人）：移动电话必填"
    )
    # what is mended is no longer marked
    mobile.fill("13800000001")
    mobile.press("Tab")
    expect(page.locator('[data-says="legal_representative.mobile"] [data-err]')).to_be_hidden()
    expect(page.get_by_role("tab", name="管理人员")).to_contain_text(re.compile(r"11"))


def test_rows_are_added_and_taken_away(page: Page, enter: Enter) -> None:
    sandbox = enter("cardless")
    page.goto(NEW)
    page.get_by_role("tab", name="报关人员").click()
    add = page.get_by_role("button", name="新增一行").locator("visible=true")
    add.click()
    expect(field(page, "declarants.0.name")).to_be_focused()
    field(page, "declarants.0.name").fill("甲")
    add.click()
    field(page, "declarants.1.name").fill("乙")
    page.get_by_role("button", name="删除报关人员第1行").click()
    expect(field(page, "declarants.0.name")).to_have_value("乙")
    expect(field(page, "declarants.1.name")).to_have_count(0)
    page.get_by_role("button", name="暂存").click()
    expect(page.locator(".said")).to_have_text("已暂存")
    assert Filing.objects.get(sandbox=sandbox).content["declarants"] == [{"name": "乙"}]
    expect(page.get_by_role("tab", name="报关人员")).to_have_attribute("aria-selected", "true")


def test_an_answer_about_rows_of_before_changes_none_of_now(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto(NEW)
    page.get_by_role("tab", name="报关人员").click()
    add = page.get_by_role("button", name="新增一行").locator("visible=true")
    for n, mobile in enumerate(("13800000001", "13800000002")):
        add.click()
        field(page, f"declarants.{n}.name").fill("甲乙"[n])
        field(page, f"declarants.{n}.id_number").fill(mobile)
    held: list[Route] = []
    page.route("**/state*", lambda answer: answer.continue_() if held else held.append(answer))
    with page.expect_request("**/state*"):
        field(page, "declarants.0.id_number").fill("１３８")  # understood as 138, and shown back so
        field(page, "declarants.1.name").focus()
    page.get_by_role("button", name="删除报关人员第1行").click()
    with page.expect_response("**/state*"):
        held[0].continue_()
    expect(field(page, "declarants.0.name")).to_have_value("乙")
    expect(field(page, "declarants.0.id_number")).to_have_value("13800000002")


def test_leaving_with_something_unsaved_is_asked_about(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto(NEW)
    field(page, "name_cn").press_sequentially("甲")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.get_by_role("link", name="综合查询").click()
    expect(page.get_by_role("heading", name="综合查询")).to_be_visible()
    assert asked == ["beforeunload"]


@pytest.mark.faq("1.7")
def test_an_agent_files_for_a_principal(page: Page, enter: Enter) -> None:
    sandbox = enter("agent")
    page.goto(NEW)
    expect(page.get_by_label("委托企业")).to_be_hidden()
    page.get_by_label("代理", exact=True).check()
    page.get_by_label("委托企业").select_option(cast.CARDLESS.uscc)
    expect(field(page, "uscc")).to_have_value(cast.CARDLESS.uscc)
    page.get_by_role("button", name="暂存").click()
    expect(page.locator(".first")).to_contain_text("代理（深圳市诚达演练报关有限公司）")
    filing = Filing.objects.get(sandbox=sandbox)
    assert (filing.enterprise.uscc, filing.filing_mode) == (cast.CARDLESS.uscc, "agent")


def test_an_attachment_goes_up_with_the_page_and_comes_down_as_a_download(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.goto(NEW)
    field(page, "name_cn").fill("带附件")
    page.get_by_role("tab", name="附件信息").click()
    page.get_by_label("选择文件").set_input_files(
        {"name": "备案表.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 test"}
    )
    page.get_by_role("button", name="上传附件").click()
    expect(page.get_by_role("region", name="附件列表")).to_contain_text("备案表.pdf")
    expect(field(page, "name_cn")).to_have_value("带附件")
    with page.expect_download() as download:
        page.get_by_role("region", name="附件列表").get_by_role("link", name="下载").click()
    assert download.value.suggested_filename == "备案表.pdf"
    page.get_by_label("选择文件").set_input_files({"name": "坏.pdf", "mimeType": "application/pdf", "buffer": b"MZ"})
    page.get_by_role("button", name="上传附件").click()
    expect(page.locator("dialog:modal")).to_contain_text("附件只接受 pdf、jpg、png")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="附件信息").click()
    page.get_by_role("button", name="删除附件 备案表.pdf").click()
    expect(page.get_by_role("region", name="附件列表")).to_contain_text("暂无附件")


def test_without_a_script_the_page_still_files(browser: Browser, live_server: LiveServer) -> None:
    sandbox = SandboxFactory()
    with browser.new_context(java_script_enabled=False, base_url=live_server.url) as context:
        log_in(context, live_server, sandbox, "cardless")
        page = context.new_page()
        page.goto(NEW)
        field(page, "customs_office").fill("5355")
        field(page, "investors.0.name").fill("张演练")
        page.get_by_role("button", name="新增一行").first.click()
        field(page, "investors.1.name").fill("李演练")
        page.get_by_role("button", name="暂存").click()
        expect(page.locator(".said")).to_have_text("已暂存")
    content = Filing.objects.get(sandbox=sandbox).content
    assert content["customs_office"] == "5355"
    assert [row["name"] for row in content["investors"]] == ["张演练", "李演练"]


@pytest.mark.faq("1.9")
def test_the_status_and_the_advice_of_a_declared_filing(
    page: Page, enter: Enter, visit: Callable[..., Visit], sandbox: Sandbox
) -> None:
    enter("cardless", sandbox=sandbox)
    filing = FilingFactory(visit=visit("cardless"), status="declared")
    page.goto(f"/filings/{filing.public_id}")
    expect(page.locator("#tab-basic").get_by_role("status")).to_have_text("已申报")
    expect(page.get_by_role("region", name="处理建议")).to_contain_text("等待：申请单现在由单一窗口处理")
    expect(field(page, "customs_office")).to_have_text("5355 福中海关")
    page.get_by_role("tab", name="回执").click()
    expect(page.get_by_role("region", name="回执列表")).to_contain_text("暂无回执")
    page.get_by_role("button", name="复制为新申请").click()
    expect(page.locator("#tab-basic").get_by_role("status")).to_have_text("暂存")


def test_on_a_phone_the_summary_of_errors_begins_in_view(page: Page, enter: Enter) -> None:
    enter("cardless")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(NEW)
    page.get_by_role("button", name="申报", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("heading", name=re.compile("^申报未提交"))).to_be_in_viewport()
