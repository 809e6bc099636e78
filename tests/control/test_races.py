"""Many at once over HTTP, each race once: the short form of tests/races.py, on the database the tests run on."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.races import RACES, Ring, client
from tests.serving import server

THREADS = 8


@pytest.fixture(scope="module")
def wire(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """A line to a server of its own, as wide as a race."""
    with (
        django_db_blocker.unblock(),
        server(tmp_path_factory.mktemp("raced")) as line,
        client(str(line.base_url), THREADS) as wide,
    ):
        yield wide


@pytest.mark.parametrize("name", RACES)
def test_no_race_breaks_anything(name: str, wire: httpx.Client) -> None:
    ring = Ring(wire, THREADS, random.Random(name))
    ring.name = name
    RACES[name](ring)
    assert ring.broken == []
    assert sum(ring.answers.values()) > 2
