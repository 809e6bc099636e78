"""One server for all that is asked of the front: as it is run, with a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.client import world
from tests.serving import server

__all__ = ["world"]


@pytest.fixture(scope="module")
def wire(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A line to a server; raw connections take its address from it."""
    with django_db_blocker.unblock(), server(tmp_path_factory.mktemp("served")) as line:
        yield line


@pytest.fixture
def opened(wire: httpx.Client) -> dict[str, Any]:
    """A standard world on that server."""
    told: dict[str, Any] = wire.post("/control/v1/sandboxes", json={}).json()
    return told


@pytest.fixture
def token(opened: dict[str, Any]) -> str:
    """The token of `cardless`."""
    return str(next(one["token"] for one in opened["accounts"] if one["role"] == "cardless"))
