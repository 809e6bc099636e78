"""A client developer at the console: watches what the client sends, forces what it must bear, comes back to where it
began."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from filings.lab.worlds import worlds
from filings.models import Filing, Sandbox

pytestmark = pytest.mark.django_db(transaction=True, databases="__all__")


@pytest.fixture
def client(live_server: LiveServer, sandbox: Sandbox) -> httpx.Client:
    """The software under test, as the enterprise that is not registered yet."""
    token = next(one.token for one in worlds.tokens(sandbox) if one.role == "cardless")
    return httpx.Client(base_url=f"{live_server.url}/api/v1", headers={"Authorization": f"Bearer {token}"})


def test_what_a_client_sends_appears_while_one_looks(page: Page, sandbox: Sandbox, client: httpx.Client) -> None:
    page.goto(f"/console/sandboxes/{sandbox.key}/journal")
    rows = page.get_by_role("list", name="请求").get_by_role("listitem")
    expect(page.get_by_text("还没有请求")).to_be_visible()
    client.post("/filings", json={"kind": "registration", "content": {"remarks": "练习"}})
    expect(rows).to_have_count(1)
    expect(page.get_by_text("还没有请求")).to_be_hidden()
    rows.locator("summary").click()
    expect(page.get_by_role("region", name="正文")).to_contain_text('"remarks": "练习"')
    client.post("/filings", json={"kind": "nonsense"})
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("422")
    expect(page.get_by_role("region", name="正文")).to_be_visible()  # what was open stays open
    page.get_by_role("button", name="暂停刷新").click()
    expect(page.get_by_role("button", name="继续刷新")).to_have_attribute("aria-pressed", "true")


def test_it_is_verified_that_the_client_sent_what_it_should(page: Page, sandbox: Sandbox, client: httpx.Client) -> None:
    client.post("/filings", json={"kind": "registration", "content": {"remarks": "练习"}})
    page.goto(f"/console/sandboxes/{sandbox.key}/journal")
    asked = page.get_by_role("region", name="核对", exact=True).first
    asked.get_by_label("路径").fill("/api/v1/filings")
    asked.get_by_label("请求体的一部分").fill('{"content": {"remarks": "考试"}}')
    asked.get_by_label("恰好").fill("1")
    asked.get_by_text("等效的接口调用").click()
    expect(asked.locator("pre")).to_contain_text(
        '{"match":{"path":"/api/v1/filings","body":{"content":{"remarks":"考试"}}},"count":{"exactly":1}}'
    )
    asked.get_by_role("button", name="核对").click()
    verdict = page.get_by_role("region", name="不符合预期")
    expect(verdict).to_contain_text("other body at /content/remarks")
    page.get_by_label("请求体的一部分").fill('{"content": {"remarks": "练习"}}')
    page.get_by_role("button", name="核对", exact=True).click()
    expect(page.get_by_role("region", name="符合预期", exact=True)).to_contain_text("1 次")


def test_a_fault_is_put_met_and_taken_away(page: Page, sandbox: Sandbox, client: httpx.Client) -> None:
    page.goto(f"/console/sandboxes/{sandbox.key}/faults")
    page.get_by_label("故障", exact=True).select_option("latency")
    expect(page.get_by_label("状态码")).to_be_hidden()
    page.get_by_label("故障", exact=True).select_option("status")
    page.get_by_label("状态码").fill("502")
    page.get_by_label("路径").fill("/api/v1/enterprise")
    page.get_by_label("次数").fill("1")
    page.get_by_text("等效的接口调用：布置故障").click()
    expect(page.locator("form pre").last).to_contain_text(
        '{"fault":"status; code=502; retry_after=5","match":{"path":"/api/v1/enterprise"},"times":1}'
    )
    page.get_by_role("button", name="布置").click()
    expect(page.locator(".said")).to_have_text("故障已布置")
    assert [client.get("/enterprise").status_code for _ in range(2)] == [502, 200]
    page.get_by_label("故障", exact=True).select_option("print_truncated")
    expect(page.get_by_label("路径")).to_be_hidden()
    page.get_by_role("button", name="布置").click()
    page.get_by_role("button", name="撤去 打印的表格显示不全").click()
    expect(page.locator(".said")).to_have_text("故障已撤去")
    expect(page.get_by_role("region", name="故障列表")).to_contain_text("没有故障：一切照常")


def test_one_comes_back_to_where_one_began(page: Page, sandbox: Sandbox, client: httpx.Client) -> None:
    page.goto(f"/console/sandboxes/{sandbox.key}/checkpoints")
    page.get_by_label("名称").fill("起点")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".said")).to_have_text("检查点已保存")
    client.post("/filings", json={"kind": "registration", "content": {}})
    page.get_by_role("button", name="快进 1 小时").click()
    expect(page).to_have_url(f"/console/sandboxes/{sandbox.key}/checkpoints")
    expect(page.locator(".now time")).to_have_text("2021-12-01 10:00:00")
    page.get_by_text("恢复或删除").click()
    page.get_by_role("button", name="恢复到 起点").click()
    expect(page.locator(".said")).to_have_text("已恢复到检查点，时钟一并恢复")
    expect(page.locator(".now time")).to_have_text("2021-12-01 09:00:00")
    assert not Filing.objects.filter(sandbox=sandbox).exists()
    with page.expect_download() as download:
        page.get_by_role("link", name="导出当前状态").click()
    page.goto("/console/")
    page.get_by_label("由“导出”得到的文件").set_input_files(download.value.path())
    page.get_by_role("button", name="导入为新沙箱").click()
    expect(page.get_by_role("heading", name="沙箱已建立")).to_be_visible()
