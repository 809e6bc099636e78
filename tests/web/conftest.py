"""Coming in by requests as somebody of the sandbox, past the login page."""

from collections.abc import Callable

import pytest
from django.test import Client

from filings.lab.worlds import worlds
from filings.models import Sandbox
from tests.api.client import world

__all__ = ["world"]


@pytest.fixture
def enter(sandbox: Sandbox) -> Callable[..., Client]:
    """A client logged in as a role; `medium` is `token` or `card_token`."""

    def as_role(role: str = "cardless", medium: str = "token") -> Client:
        client = Client()
        client.cookies["sim_session"] = getattr(next(row for row in worlds.tokens(sandbox) if row.role == role), medium)
        return client

    return as_role
