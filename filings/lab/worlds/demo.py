"""The demo sandbox: real time, quick customs, the standard world."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from filings.lab.worlds import cast, worlds
from filings.models import Sandbox
from filings.rules.refusals import Refusal
from filings.rules.words import ClockMode

KEY = "demo"


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account to be printed at the start."""

    role: str
    username: str
    password: str
    note: str


def ensure_demo() -> list[DemoAccount]:
    """Make the demo sandbox if there is none; tell its accounts."""
    if not Sandbox.objects.filter(key=KEY).exists():
        with suppress(Refusal):  # another server on this database has made it just now
            worlds.create(
                key=KEY,
                name="演示沙箱",
                mode=ClockMode.REAL,
                scenario="approve; pace=fast",
                seed=0,
                pinned=True,
                login_lock=True,
            )
    return [DemoAccount(player.role, player.username, cast.PASSWORD, player.note) for player in cast.PLAYERS]
