"""All that this suite has of its own: the ERP, tied to the world of a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from erp.book import Book
from erp.inbox import Inbox
from erp.portal import Portal
from erp.registrar import Registrar

from swsim.receiving import new_secret
from swsim.testing import World


@pytest.fixture
def erp_of(world: World, tmp_path: Path) -> Iterator[Callable[..., Registrar]]:
    """The ERP of an account: `erp_of("card", card=True)`."""
    opened = []

    def tied(role: str, *, card: bool = False, timeout: float = 5) -> Registrar:
        account = world.account(role, card=card)
        login = account.login_by_card if card else account.login
        portal = Portal(world.wire.url, account.token, lambda: login()["token"], timeout)
        book = Book(tmp_path / f"{role.replace(':', '-')}.sqlite3")
        opened.extend((portal, book))
        return Registrar(portal, book)

    yield tied
    for one in opened:
        one.close()


@pytest.fixture
def erp(erp_of: Callable[..., Registrar]) -> Registrar:
    """The ERP of a firm that is not registered yet."""
    return erp_of("cardless")


@pytest.fixture
def inbox(erp: Registrar, world: World) -> Iterator[Inbox]:
    """Where that ERP is told of what happens."""
    with Inbox(erp, new_secret()) as listening:
        world.subscribe(listening.url, secret=listening.secret)
        yield listening
