"""The page for developers: from a plane's own page to a file, copied or taken away. (Every width and axe:
test_screens.py.)"""

from pathlib import Path

from playwright.sync_api import Page, expect

from filings.web import first_steps


def test_a_developer_finds_a_file_copies_it_and_takes_it_away(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/control/v1/docs")
    page.get_by_role("link", name="开发者第一步").click()
    page.get_by_role("list", name="语言").get_by_role("link", name="Java").click()
    expect(page.get_by_role("heading", name="Java", exact=True)).to_be_in_viewport()
    page.get_by_role("button", name="复制 FirstSteps.java").click()
    expect(page.get_by_text("已复制", exact=True).last).to_be_attached()
    text = first_steps.SAMPLES["FirstSteps.java"].text
    assert page.evaluate("navigator.clipboard.readText()") == text
    with page.expect_download() as taken:
        page.get_by_role("link", name="下载 FirstSteps.java").click()
    assert taken.value.suggested_filename == "FirstSteps.java"
    assert Path(taken.value.path()).read_text("utf-8") == text
