"""Time under control: setting a sandbox's clock, advancing it through all that falls due, and going on after a
restart."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Literal

from django.conf import settings
from django.db import DatabaseError

from filings import agenda
from filings.answers.sandboxes import Fired
from filings.lab.watching import journal
from filings.models import Event, Sandbox, authority, wall
from filings.models.sandbox import LATEST
from filings.record.trail import note
from filings.rules.appraisal import Problem
from filings.rules.dates import at, rfc3339
from filings.rules.events import EventName
from filings.rules.refusals import Refusal, invalid
from filings.rules.words import ClockMode, Party

log = logging.getLogger(__name__)

MOST = 10_000
"""How many due events one advance fires at the most. Ours."""

Until = Literal["next_event", "idle"]


def set_clock(sandbox: Sandbox, mode: str, now: datetime | None = None, rate: float | None = None) -> None:
    """Set how the clock runs, and where it stands; the present moment is legal, the past is not. Raises 409 and 422.

    What falls due on the way happens first, up to MOST; should that not be all, the rest does when somebody comes.
    """
    present = sandbox.now()
    moment = now or present
    # A clock told in whole seconds must be able to be set to what it just told.
    if moment < present.replace(microsecond=0):
        raise Refusal("clock_backwards", extra={"now": rfc3339(present)})

    def arrived(fired: Sequence[agenda.Fired]) -> None:
        sandbox.set_clock(max(moment, sandbox.now()), mode, rate if mode == ClockMode.SCALED else 1.0)
        if moment > present:
            _note(sandbox, present)

    agenda.walk(sandbox, max(moment, present), MOST, arrived)


def advance(
    sandbox: Sandbox, *, by: timedelta | None = None, to: datetime | None = None, until: Until | None = None
) -> list[Fired]:
    """Advance by, to, or until; step from due moment to due moment, everything stamped with the moment it was due.

    In turns: others come to theirs meanwhile, those in this world too. Raises 409 `clock_advancing` where somebody is
    at it, 422 `clock_backwards`; and 409 `too_much_work` after MOST events: they have happened, and the clock stands
    where they ended.
    """
    return advance_to(sandbox, destination(sandbox, by=by, to=to, until=until))


def destination(
    sandbox: Sandbox, *, by: timedelta | None = None, to: datetime | None = None, until: Until | None = None
) -> datetime | None:
    """Where an advance leads; None: as far as anything is due. Raises 422."""
    if until == "idle":
        return None
    present = sandbox.now()
    if until == "next_event":
        target = max(agenda.next_at(sandbox) or present, present)
    else:
        target = to if to is not None else present + (by or timedelta())
    if target < present:
        raise Refusal("clock_backwards", extra={"now": rfc3339(present)})
    _within(target, "/until" if until else "/by")
    return target


def advance_to(sandbox: Sandbox, target: datetime | None) -> list[Fired]:
    """Advance to a moment, or as far as anything is due. Raises 409, and 422 where what is due lies beyond all
    clocks."""
    present = sandbox.now()

    def arrived(fired: Sequence[agenda.Fired]) -> None:
        if fired or (target is not None and target > present):
            _note(sandbox, present)

    fired = agenda.walk(sandbox, target, MOST, arrived)
    waiting = agenda.next_at(sandbox)
    if target is None and waiting is not None and waiting > LATEST:
        _within(waiting, "/until")
    if len(fired) >= MOST and waiting is not None and (target is None or waiting <= target):
        progress = {"fired": len(fired), "now": rfc3339(sandbox.now()), "to": at(target)}
        raise Refusal("too_much_work", extra=progress)
    return fired


def _note(sandbox: Sandbox, before: datetime) -> None:
    """Note that the clock was advanced, as far as it came, after all that happened on the way."""
    by = authority(sandbox, Party.CUSTOMS, sandbox.now(), by_hand=True)
    data: dict[str, Any] = {"from": rfc3339(before), "to": rfc3339(by.now)}
    note(by, EventName.CLOCK_ADVANCED, **data)


def _within(moment: datetime, pointer: str) -> None:
    if moment > LATEST:
        raise invalid([Problem(pointer, "clock_too_late", "时刻应在 1990 年至 2200 年之间")])


def go_on() -> None:
    """At a start: no clock that runs shows an earlier moment than it showed before, though the machine's was set back
    meanwhile.

    It goes on from what it last told, in its trail or its journal. One that cannot is told in the log, and stops no
    start. A clock that stands is nobody's to advance any more: who was at it ended with the server.
    """
    Sandbox.objects.filter(clock_mode=ClockMode.FROZEN).exclude(advancing_until=None).update(advancing_until=None)
    for sandbox in Sandbox.objects.exclude(clock_mode=ClockMode.FROZEN):
        try:
            latest = min(_last_moment(sandbox), LATEST)
            if latest > sandbox.now() or sandbox.clock_set_at > wall() or sandbox.advancing:
                with sandbox.held():
                    sandbox.set_clock(max(latest, sandbox.now()))
        except Refusal:
            pass  # deleted meanwhile, by another server
        except DatabaseError:
            raise
        except Exception:
            log.exception("the clock of sandbox %s cannot go on", sandbox.key)


def _last_moment(sandbox: Sandbox) -> datetime:
    """The latest moment at which something is known to have happened in a sandbox, or to have been asked."""
    moments = [
        sandbox.clock_moment,
        *Event.objects.filter(sandbox=sandbox).order_by("-seq").values_list("at", flat=True)[:1],
    ]
    if settings.SIM_JOURNAL:
        with suppress(DatabaseError):
            moments += journal.of(sandbox).order_by("-id").values_list("at", flat=True)[:1]
    return max(moments)
