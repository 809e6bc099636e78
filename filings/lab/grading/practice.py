"""去试一试: a sandbox of one's own for one entry of the FAQ, thrown away afterwards."""

from __future__ import annotations

import hashlib
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from filings.lab.grading.exercises import EXERCISES, Exercise
from filings.lab.worlds import cast, clock, fixtures, worlds
from filings.models import Sandbox, wall
from filings.models.sandbox import NOTED_AGAIN
from filings.rules.refusals import Refusal, absent

MARK = "try-"
"""How the key of a practice sandbox begins."""

MOST = 200
"""Practice sandboxes alive at a time, OF_ONE those begun from one address; beyond, the one longest unused makes room.
Ours."""

OF_ONE = 40

IN_USE = 2 * NOTED_AGAIN
"""What was used since then is in use, and makes room for nobody: a sandbox's use is noted that coarsely. Ours."""

KEPT_HOURS = 12
"""How long one is kept after its last use: as long as a login lasts. Ours."""

STEPS = {
    "PT1M": ("1 分钟", timedelta(minutes=1)),
    "PT1H": ("1 小时", timedelta(hours=1)),
    "P1D": ("1 天", timedelta(days=1)),
}
"""How far one's own clock may be advanced by a button."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sandbox put into an entry's situation. `filing` is the public id of what its screen is about, "" for none."""

    sandbox: Sandbox
    exercise: Exercise
    filing: str
    player: cast.Player


def begin(entry: str, address: str) -> Begun:
    """Make a sandbox for an entry, begun from an address. Raises 404 for none of the thirty, 429 where too many are in
    use."""
    if entry not in EXERCISES:
        raise absent("常见问题", entry)
    from_there = f"-{hashlib.sha256(address.encode()).hexdigest()[:8]}-"
    _make_room(MOST)
    _make_room(OF_ONE, key__contains=from_there)
    return _begun(entry, f"{MARK}{entry.replace('.', '-')}{from_there}{secrets.token_hex(6)}")


@transaction.atomic
def _begun(entry: str, key: str) -> Begun:
    exercise = EXERCISES[entry]
    sandbox = worlds.create(key=key, name=f"练习 {entry}", now=exercise.now, ttl_hours=KEPT_HOURS).sandbox
    player = next(player for player in cast.PLAYERS if player.role == exercise.role)
    uscc = player.firm.uscc if player.firm else ""
    filings: list[str] = []
    if exercise.situation != worlds.STANDARD:
        filings += worlds.enter(sandbox, exercise.situation, uscc).filings
    if exercise.draft:
        filings.append(fixtures.filing(sandbox, kind=exercise.draft, uscc=uscc).public_id)
    return Begun(sandbox, exercise, filings[-1] if filings else "", player)


def tried_in(sandbox: Sandbox) -> Exercise | None:
    """What is practised in a sandbox, None in any other."""
    if not sandbox.key.startswith(MARK):
        return None
    part, _, rest = sandbox.key.removeprefix(MARK).partition("-")
    return EXERCISES.get(f"{part}.{rest.partition('-')[0]}")


def advance(sandbox: Sandbox, step: str) -> None:
    """Let time pass in one's own practice. Raises 404 in any other sandbox."""
    if tried_in(sandbox) is None or step not in STEPS:
        raise Refusal("not_found")
    clock.advance(sandbox, by=STEPS[step][1])


def end(sandbox: Sandbox) -> None:
    """Throw a practice away. Raises 404 for any other sandbox."""
    if tried_in(sandbox) is None:
        raise Refusal("not_found")
    worlds.erase(sandbox)


def _make_room(most: int, **which: str) -> None:
    alive = Sandbox.objects.filter(key__startswith=MARK, **which).order_by("-used_at", "-id")
    for old in alive[most - 1 :]:
        if wall() - old.used_at < IN_USE:
            raise Refusal("too_many_practices", headers={"Retry-After": "600"})
        with suppress(Refusal):  # somebody else was quicker
            worlds.erase(old)
