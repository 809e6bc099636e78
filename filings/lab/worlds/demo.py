"""The demo sandbox, which everybody shares, and those that visitors have for themselves: real time, quick customs, the
standard world."""

from __future__ import annotations

import hashlib
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from filings.lab.worlds import cast, worlds
from filings.models import Sandbox, wall
from filings.models.sandbox import NOTED_AGAIN
from filings.rules.refusals import Refusal
from filings.rules.words import ClockMode

KEY = "demo"

OPENING: dict[str, Any] = {"mode": ClockMode.REAL, "scenario": "approve; pace=fast"}
"""How a demo begins, whosever it is."""

OWN = re.compile(r"demo-[0-9a-f]{8}-[0-9a-f]{12}")
"""The key of a visitor's own demo: a digest of the address it was begun from, and chance."""

MOST = 200
"""Visitors' own demos at a time, OF_ONE those begun from one address; beyond, the one longest unused makes room.
Ours."""

OF_ONE = 40

IN_USE = 2 * NOTED_AGAIN
"""What was used since then is in use, and makes room for nobody: a sandbox's use is noted that coarsely. Ours."""

KEPT_HOURS = 12
"""How long one is kept after its last use: as long as a login lasts. Ours."""


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
                seed=0,
                **OPENING,
                pinned=True,
                login_lock=True,
            )
    return [DemoAccount(player.role, player.username, cast.PASSWORD, player.note) for player in cast.PLAYERS]


def begin_own(address: str) -> Sandbox:
    """A demo for one visitor alone, begun from an address. Raises 429 where too many are in use."""
    from_there = f"{KEY}-{hashlib.sha256(address.encode()).hexdigest()[:8]}-"
    _make_room(MOST, f"{KEY}-")
    _make_room(OF_ONE, from_there)
    key = f"{from_there}{secrets.token_hex(6)}"
    return worlds.create(key=key, name="自己的演示环境", ttl_hours=KEPT_HOURS, **OPENING).sandbox


def own(key: str) -> Sandbox | None:
    """A visitor's own demo, None where there is none such any more."""
    return Sandbox.objects.filter(key=key).first() if OWN.fullmatch(key) else None


def whose(sandbox: Sandbox) -> Literal["everybody", "own", ""]:
    """Whose demo a sandbox is; "" for one that is no demo."""
    if sandbox.key == KEY:
        return "everybody"
    return "own" if OWN.fullmatch(sandbox.key) else ""


def _make_room(most: int, beginning: str) -> None:
    alive = Sandbox.objects.filter(key__startswith=beginning, pinned=False).order_by("-used_at", "-id")
    for old in [sandbox for sandbox in alive if whose(sandbox) == "own"][most - 1 :]:
        if wall() - old.used_at < IN_USE:
            raise Refusal("too_many_practices", headers={"Retry-After": "600"})
        with suppress(Refusal):  # somebody else was quicker
            worlds.erase(old)
