"""A real browser on a live server, and a page that watches over three promises: no script error, nothing the content security
policy forbids, no request to anywhere but the simulator."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

# Playwright's sync API keeps an event loop in this thread, and Django's guard asks only whether one is running.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

CHROMIUM = os.environ.get("E2E_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
ARGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
]
UNTOUCHED_TILL_LOADED = """
  new MutationObserver((_, watch) => {
    document.documentElement.style.pointerEvents = document.readyState === "complete" ? "" : "none";
    watch.disconnect();
  }).observe(document, { childList: true });
  addEventListener("load", () => document.documentElement.style.removeProperty("pointer-events"));
"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_itemcollected(item: pytest.Item) -> None:
    """Every test in this folder is a browser test."""
    item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        give_up = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        give_up("no chromium (apt-get install chromium fonts-noto-cjk, or name one in E2E_CHROMIUM)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page of its own context, based at the live server: `page.goto("/")`."""
    broken: list[str] = []
    context = browser.new_context(
        base_url=live_server.url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1440, "height": 900},
        reduced_motion="reduce",
    )
    context.set_default_timeout(5000)
    # A person does not click in the instant between a page's first paint and its script; nor does a test.
    context.add_init_script(UNTOUCHED_TILL_LOADED)
    # chrome: is the browser's own PDF viewer.
    own = (f"{live_server.url}/", "data:", "blob:", "about:", "chrome:", "chrome-extension:")
    context.on("weberror", lambda e: broken.append(f"script error: {e.error}"))
    context.on("console", lambda m: broken.append(m.text) if m.type == "error" and "Content Security Policy" in m.text else None)
    context.on("request", lambda r: None if r.url.startswith(own) else broken.append(f"request to {r.url}"))
    yield context.new_page()
    context.close()
    assert not broken, "\n".join(broken)


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """`axe(page)`: the page as it stands has no accessibility violation."""

    def check(page: Page) -> None:
        # Without a list of all that passed it takes half the time.
        found = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]}).response["violations"]
        assert not found, "\n".join(f"{v['id']} ({v['impact']}): {[n['target'] for n in v['nodes']]}" for v in found)

    return check
