"""Coming in by a browser as somebody of a world, past the login page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from filings.lab.worlds import worlds
from filings.models import Sandbox
from tests.factories import SandboxFactory

Enter = Callable[..., Sandbox]


def log_in(
    context: BrowserContext, live_server: LiveServer, sandbox: Sandbox, role: str, medium: str = "token"
) -> None:
    """Give a browser the session of a role; `medium` is `token` or `card_token`."""
    one = next(row for row in worlds.tokens(sandbox) if row.role == role)
    context.add_cookies([{"name": "sim_session", "value": getattr(one, medium), "url": live_server.url}])


@pytest.fixture
def enter(page: Page, live_server: LiveServer) -> Enter:
    """Come in as a role, of a fresh world unless one is given: `enter("cardless")`."""

    def as_role(role: str, sandbox: Sandbox | None = None, medium: str = "token") -> Sandbox:
        sandbox = sandbox or SandboxFactory()
        log_in(page.context, live_server, sandbox, role, medium)
        return sandbox

    return as_role
