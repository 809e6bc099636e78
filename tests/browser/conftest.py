"""A real browser on a live server, and a page that watches over three promises: no script error, nothing the content
security policy forbids, no request to anywhere but the simulator."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright
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
BY_LAYOUT: dict[str, object] = {
    "type": "rule",
    "values": [
        "target-size",
        "scrollable-region-focusable",
        "button-name",
        "link-name",
        "aria-hidden-focus",
        "heading-order",
        "region",
        "link-in-text-block",
        "label",
        "select-name",
    ],
}
"""What another width of window may change: what is shown, how large, whether it scrolls. Colours and structure it does
not."""

PATIENCE = 30_000
"""Milliseconds for what comes in a tenth of one on a machine at rest: a busy one is no fault of a page."""
expect.set_options(timeout=PATIENCE)

DESK, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
NARROWEST = ViewportSize(width=320, height=640)
ZOOMED = ViewportSize(width=720, height=450)
"""The desk's window at 200 %."""

SMALL = """() => [...document.querySelectorAll("button, .btn, select, .in, .nav a, .pills a")]
    .filter((e) => e.checkVisibility() && !e.closest(".combo > button") && e.getBoundingClientRect().height < 43.5)
    .map((e) => `${e.outerHTML.slice(0, 80)} ${e.getBoundingClientRect().height}`)"""
"""Targets a thumb would miss."""

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
        viewport=DESK,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    # A person does not click in the instant between a page's first paint and its script; nor does a test.
    context.add_init_script(UNTOUCHED_TILL_LOADED)
    # chrome: is the browser's own PDF viewer.
    own = (f"{live_server.url}/", "data:", "blob:", "about:", "chrome:", "chrome-extension:")
    context.on("weberror", lambda e: broken.append(f"script error: {e.error}"))
    context.on(
        "console",
        lambda m: broken.append(m.text) if m.type == "error" and "Content Security Policy" in m.text else None,
    )
    context.on("request", lambda r: None if r.url.startswith(own) else broken.append(f"request to {r.url}"))
    yield context.new_page()
    context.close()
    assert not broken, "\n".join(broken)


Check = Callable[[Page], None]
Sound = Callable[..., None]


@pytest.fixture
def axe() -> Check:
    """`axe(page)`: the page as it stands has no accessibility violation."""
    return _accessible


@pytest.fixture
def sound(page: Page) -> Sound:
    """`sound(address)`, or `sound()` for the page as it stands: accessible, never wider than the window, at 200 %, in
    large type too, and with targets a thumb can hit. One page is turned through all sizes of window, as it is the same
    page in each.
    """

    def check(address: str = "") -> None:
        page.set_viewport_size(DESK)
        if address:
            page.goto(address)
        _accessible(page)
        assert _fits(page), f"{page.url} at the desk"
        page.set_viewport_size(ZOOMED)
        _accessible(page, BY_LAYOUT)
        assert _fits(page), f"{page.url} at 200 %"
        page.set_viewport_size(PHONE)
        _accessible(page, BY_LAYOUT)
        assert _fits(page), f"{page.url} on a phone"
        assert not (small := page.evaluate(SMALL)), f"{page.url}: {small}"
        page.set_viewport_size(NARROWEST)
        assert _fits(page), f"{page.url} on the narrowest"
        page.evaluate("document.documentElement.classList.add('big')")
        assert _fits(page), f"{page.url} on the narrowest in large type"
        page.evaluate("document.documentElement.classList.remove('big')")
        page.set_viewport_size(DESK)

    return check


def _accessible(page: Page, rules: dict[str, object] | None = None) -> None:
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    # Without a list of all that passed it takes half the time.
    options = {"runOnly": rules or WCAG, "resultTypes": ["violations"]}
    found = page.evaluate("(options) => axe.run(options).then((told) => told.violations)", options)
    assert not found, (
        page.url + "\n" + "\n".join(f"{v['id']} ({v['impact']}): {[n['target'] for n in v['nodes']]}" for v in found)
    )


def _fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
