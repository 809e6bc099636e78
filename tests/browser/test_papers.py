"""A clerk copies a registration from the papers that lie beside it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from filings.lab.worlds import cast, demo
from filings.models import Filing
from tests.browser.conftest import PHONE, Sound
from tests.browser.entering import Enter, enter
from tests.browser.filling import field, transcribe
from tests.browser.test_registration import NEW
from tests.training.clerk import transcribed

__all__ = ["enter"]

READ = """(articles) => articles.map((one) => ({
    title: one.querySelector("h3").innerText,
    fields: [...one.querySelectorAll("dl > div")].map((row) => ({
      label: row.querySelector("dt").innerText, value: row.querySelector("dd").innerText,
    })),
  }))"""
"""What stands on the papers, as one reads it."""


def read(page: Page) -> dict[str, Any]:
    return {"documents": page.locator("#papers article").evaluate_all(READ)}


@pytest.mark.django_db(databases="__all__", transaction=True)
def test_the_papers_of_the_demo_are_copied_into_the_sheet_and_it_is_declared(page: Page, sound: Sound) -> None:
    demo.ensure_demo()
    page.goto("/login")
    page.get_by_role("button", name="从头再来").click()
    page.get_by_role("link", name="照材料包填").click()
    papers = page.get_by_role("complementary", name="材料包")
    expect(papers.get_by_role("article", name="营业执照")).to_be_in_viewport()
    expect(papers.get_by_text("模拟样张", exact=True).first).to_be_visible()
    sound()
    transcribe(page, transcribed(read(page)))
    page.get_by_role("button", name="申报").click()
    expect(page.locator(".said")).to_have_text("申报成功")
    (filing,) = Filing.objects.all()
    assert filing.content == {name: value for name, value in cast.REFERENCE.items() if value != []}
    sound("/papers")


def test_an_agent_has_them_once_it_says_for_whom_and_a_phone_has_them_below(page: Page, enter: Enter) -> None:
    enter("agent")
    page.goto(NEW)
    papers, leads = page.locator("#papers"), page.get_by_role("link", name=f"材料包：{cast.CARDLESS.name_cn}")
    expect(papers).to_be_hidden()
    page.get_by_label("代理", exact=True).check()
    page.get_by_label("委托企业").select_option(cast.CARDLESS.uscc)
    expect(papers.get_by_role("article", name="授权委托书")).to_contain_text(cast.AGENT.name_cn)
    expect(page.locator("#live")).to_contain_text("页面旁附有材料包")
    expect(field(page, "uscc")).to_have_value(cast.CARDLESS.uscc)
    page.set_viewport_size(PHONE)
    leads.click()
    expect(papers.get_by_role("heading", name="材料包")).to_be_in_viewport()
    page.get_by_label("自理", exact=True).check()
    expect(papers).to_be_hidden()
    expect(leads).to_be_hidden()
