"""Time under control: setting a sandbox's clock and advancing it through all that falls due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Literal

from django.db import transaction

from filings import agenda
from filings.models import Sandbox
from filings.models.sandbox import LATEST
from filings.rules.appraisal import Problem
from filings.rules.refusals import Refusal, invalid
from filings.rules.words import ClockMode

MOST = 10_000
"""How many due events one advance fires at the most. Ours."""


@transaction.atomic
def set_clock(sandbox: Sandbox, mode: str, now: datetime | None = None, rate: float | None = None) -> None:
    """Set how the clock runs, and where it stands; the present moment is legal, the past is not. Raises 422."""
    sandbox.lock()
    sandbox.refresh_from_db()
    present = sandbox.now()
    moment = now or present
    # A clock told in whole seconds must be able to be set to what it just told.
    if moment < present.replace(microsecond=0):
        raise Refusal("clock_backwards", extra={"now": present.isoformat()})
    sandbox.set_clock(max(moment, present), mode, rate if mode == ClockMode.SCALED else 1.0)
    agenda.run(sandbox, sandbox.now(), MOST)


@transaction.atomic
def advance(
    sandbox: Sandbox,
    *,
    by: timedelta | None = None,
    to: datetime | None = None,
    until: Literal["next_event", "idle"] | None = None,
) -> list[dict[str, Any]]:
    """Advance by, to, or until; step from due moment to due moment, everything stamped with the moment it was due.

    Raises 422 `clock_backwards`, 409 `too_much_work` when more than MOST events were due: then none of it happened.
    """
    sandbox.lock()
    sandbox.refresh_from_db()
    if until == "idle":
        return _until_idle(sandbox)
    present = sandbox.now()
    if until == "next_event":
        target = agenda.next_at(sandbox) or present
        target = max(target, present)
    else:
        target = to if to is not None else present + (by or timedelta())
    if target < present:
        raise Refusal("clock_backwards", extra={"now": present.isoformat()})
    _within(target, "/until" if until else "/by")
    sandbox.set_clock(target)
    return _bounded(agenda.run(sandbox, target, MOST + 1))


def _until_idle(sandbox: Sandbox) -> list[dict[str, Any]]:
    fired: list[dict[str, Any]] = []
    while (due := agenda.next_at(sandbox)) is not None:
        if due > sandbox.now():
            _within(due, "/until")
            sandbox.set_clock(due)
        fired += agenda.run(sandbox, due, MOST + 1 - len(fired))
        _bounded(fired)
    return fired


def _within(moment: datetime, pointer: str) -> None:
    if moment > LATEST:
        raise invalid([Problem(pointer, "clock_too_late", "时刻应在 1990 年至 2200 年之间")])


def _bounded(fired: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(fired) > MOST:
        raise Refusal("too_much_work", extra={"fired": len(fired)})
    return fired
