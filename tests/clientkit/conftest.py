"""A simulator as the kit starts it, one for all of a worker's tests; and worlds of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from swsim import SingleWindow, World
from swsim.serving import Server, serving

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, str(ROOT / "manage.py")]


@pytest.fixture(autouse=True)
def in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the kit says is compared in English, whatever this machine speaks."""
    monkeypatch.setenv("SWSIM_LANG", "en")


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server on a free port, with data of its own; receivers on this machine are told."""
    with serving(command=COMMAND) as running:
        yield running


@pytest.fixture(scope="session")
def sw(server: Server) -> Iterator[SingleWindow]:
    """The client of it."""
    with SingleWindow(server.url) as client:
        yield client


@pytest.fixture
def world(sw: SingleWindow) -> Iterator[World]:
    """A standard world, its clock standing."""
    with sw.world(seed=7) as made:
        yield made
