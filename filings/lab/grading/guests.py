"""去试一试: attempts of guests, begun on a page of the FAQ by whoever comes by, each thrown away after a while."""

from __future__ import annotations

import hashlib
from contextlib import suppress

from filings.lab.grading import attempts
from filings.lab.grading.attempts import Begun
from filings.lab.worlds import exercising, worlds
from filings.models import Attempt, wall
from filings.models.sandbox import NOTED_AGAIN
from filings.rules.refusals import Refusal
from filings.rules.words import Degree

GUEST = "guest-"
"""How the key of a learner begins who is known by an address alone."""

MOST = 200
"""Guests' attempts under way at a time, OF_ONE those begun from one address; beyond, the one longest unused makes room.
Ours."""

OF_ONE = 40

IN_USE = 2 * NOTED_AGAIN
"""What was used since then is in use, and makes room for nobody: a sandbox's use is noted that coarsely. Ours."""

KEPT_HOURS = 12
"""How long its sandbox is kept after its last use: as long as a login lasts. Ours."""


def begin(exercise: str, address: str) -> Begun:
    """Begin an exercise in 引导 from an address. Raises 404 for an unknown one, 429 where too many are in use."""
    exercising.case_of(exercise, 0)  # before anybody makes room
    learner = f"{GUEST}{hashlib.sha256(address.encode()).hexdigest()[:8]}"
    _make_room(MOST, learner__startswith=GUEST)
    _make_room(OF_ONE, learner=learner)
    return attempts.begin(exercise, mode=Degree.GUIDED, learner=learner, ttl_hours=KEPT_HOURS)


def is_one(attempt: Attempt) -> bool:
    """Whether an attempt is a guest's, who may throw its world away."""
    return attempt.learner.startswith(GUEST)


def _make_room(most: int, **which: str) -> None:
    alive = Attempt.objects.select_related("sandbox").filter(sandbox__isnull=False, **which)
    for old in alive.order_by("-sandbox__used_at", "-id")[most - 1 :]:
        assert old.sandbox is not None
        if wall() - old.sandbox.used_at < IN_USE:
            raise Refusal("too_many_practices", headers={"Retry-After": "600"})
        with suppress(Refusal):  # somebody else was quicker
            worlds.erase(old.sandbox)
