"""Doing what is due: in order, each thing stamped with the moment it was due, in short transactions.

A row that cannot be carried out is set aside: nothing of it has happened, the error is kept with it, and time goes on.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet

from filings.answers import sandboxes
from filings.counters import cards
from filings.customs import departments, officer, publicity, returning
from filings.customs.sync import sync
from filings.models import Agenda, Sandbox, wall
from filings.models.sandbox import LATEST
from filings.prepared import Prepared, PreparedDelete
from filings.rules.dates import rfc3339
from filings.rules.events import Due
from filings.rules.refusals import Refusal
from filings.rules.words import ClockMode

log = logging.getLogger(__name__)

PASSING = (OperationalError, InterfaceError)
"""Errors of the database itself, which pass; no row is to blame for them."""

SET_ASIDE = "set_aside"
"""The outcome of a row that could not be carried out."""


def _reply(sandbox: Sandbox, row: Agenda) -> None:
    words = dict(row.args)
    officer.reply(sandbox, row.subject, words.pop("verb"), row.at, **words)


def _answer(sandbox: Sandbox, row: Agenda) -> None:
    departments.answer(sandbox, row.subject, row.at)


def _sync(sandbox: Sandbox, row: Agenda) -> None:
    sync(sandbox, row.at, row.subject)


def _usd(sandbox: Sandbox, row: Agenda) -> None:
    if returning.return_usd(sandbox, row.subject):
        sync(sandbox, row.at, row.subject)


def _publicise(sandbox: Sandbox, row: Agenda) -> None:
    publicity.publicise(sandbox, row.subject, row.at)


def _issue_card(sandbox: Sandbox, row: Agenda) -> None:
    cards.issue(sandbox, row.subject, row.at)


_HANDLERS: dict[str, Callable[[Sandbox, Agenda], None]] = {
    Due.REPLY: _reply,
    Due.ANSWER: _answer,
    Due.SYNC: _sync,
    Due.USD: _usd,
    Due.PUBLICISE: _publicise,
    Due.ISSUE_CARD: _issue_card,
}


_NEXT = Prepared(
    lambda sandbox, until: Agenda.objects.filter(sandbox=sandbox, held=False, at__lte=until).order_by("at", "id")[:1],
    1,
    LATEST,
)
_SOONEST = Prepared(
    lambda sandbox: Agenda.objects.filter(sandbox=sandbox, held=False).order_by("at", "id").only("at")[:1], 1
)
_OVER = PreparedDelete(lambda pk: Agenda.objects.filter(pk=pk), 1)


def upcoming(sandbox: Sandbox, subject: str = "") -> QuerySet[Agenda]:
    """All that is still to come, next first."""
    rows = Agenda.objects.filter(sandbox=sandbox, held=False).order_by("at", "id")
    return rows.filter(subject=subject) if subject else rows


def next_at(sandbox: Sandbox) -> datetime | None:
    """When the next thing falls due; None: idle."""
    row = _SOONEST.row(sandbox.pk)
    return row.at if row else None


def set_aside(sandbox: Sandbox, subject: str = "") -> QuerySet[Agenda]:
    """What could not be carried out when it was due, and waits to be scheduled again; oldest first."""
    rows = _set_aside(sandbox.pk)
    return rows.filter(subject=subject) if subject else rows


def all_well(sandbox: Sandbox) -> bool:
    """Whether nothing is set aside, which is usual. Asked wherever a sandbox is shown."""
    return _ASIDE.row(sandbox.pk) is None


def _set_aside(sandbox: int) -> QuerySet[Agenda]:
    return Agenda.objects.filter(sandbox=sandbox, held=True).exclude(trouble="").order_by("id")


_ASIDE = Prepared(lambda sandbox: _set_aside(sandbox).only("pk")[:1], 1)


class Fired(NamedTuple):
    """What happened, when it was due, and the outcome: `done`, SET_ASIDE, or the code of the refusal that dropped
    it."""

    at: datetime
    verb: str
    subject: str
    outcome: str

    @property
    def as_answer(self) -> sandboxes.Fired:
        """It in the form of the control plane."""
        return sandboxes.Fired(rfc3339(self.at), self.verb, self.subject, self.outcome)


TURN = 0.02
"""About how many seconds of work go into one transaction. Other writers may have to wait this long. Ours."""

CLAIM = timedelta(seconds=10)
"""How long (wall time) an interrupted advance still keeps others from doing what is due. Ours."""


def run(sandbox: Sandbox, until: datetime, limit: int | None = None) -> list[sandboxes.Fired]:
    """Do what is due by `until`, from one due moment to the next, at most `limit` things. Returns what fired.

    If somebody else was quicker and it can no longer be done, it is dropped: the trail tells who was. What fails is set
    aside. While somebody advances the clock, all is left to them.
    """
    fired: list[Fired] = []
    while limit is None or len(fired) < limit:
        with sandbox.held():
            more = not sandbox.advancing and _turn(sandbox, until, limit, fired)
        if not more:
            break
    return [event.as_answer for event in fired]


def walk(
    sandbox: Sandbox, until: datetime | None, limit: int, arrived: Callable[[Sequence[Fired]], None]
) -> list[sandboxes.Fired]:
    """Advance the clock to `until`, or as far as anything is due, and do all that falls due on the way. Returns what
    fired.

    It goes in turns. After each, the clock stands at the moment of what happened last; it stays there if the advance
    breaks off, or `limit` is reached. Meanwhile nobody else does what is due. `arrived` is called with what fired, in
    the last turn, when the clock has been set. Raises 409 `clock_advancing` if somebody else is advancing.
    """
    fired: list[Fired] = []
    claim: datetime | None = None
    try:
        more = True
        while more:
            with sandbox.held():
                if sandbox.advancing and sandbox.advancing_until != claim:
                    raise Refusal("clock_advancing")
                left = _turn(sandbox, until or LATEST, limit, fired)
                more = left and len(fired) < limit
                reached = until if until and not left else fired[-1].at if fired else sandbox.now()
                next_claim = wall() + CLAIM if more else None
                sandbox.set_clock(max(reached, sandbox.now()), advancing_until=next_claim)
                if not more:
                    arrived(fired)
            claim = next_claim
    except BaseException:
        if claim:
            with suppress(DatabaseError):
                Sandbox.objects.filter(pk=sandbox.pk, epoch=sandbox.epoch, advancing_until=claim).update(
                    advancing_until=None
                )
        raise
    return [event.as_answer for event in fired]


def _turn(sandbox: Sandbox, until: datetime, limit: int | None, fired: list[Fired]) -> bool:
    """Do some of what is due, in the caller's transaction. Returns whether something is left."""
    began = time.monotonic()
    while done := _next(sandbox, until):
        fired.append(done)
        if len(fired) == limit or time.monotonic() - began > TURN:
            return _is_due(sandbox, until)
    return False


def _next(sandbox: Sandbox, until: datetime) -> Fired | None:
    """Do the next thing that is due, and return it; None: there is nothing."""
    row = _NEXT.row(sandbox.pk, until)
    if row is None:
        return None
    if row.at is None:  # what stands there is no moment
        row.at = min(until, sandbox.now())
        return _put_aside(sandbox, row, ValueError("at"))
    try:
        verb = row.deed
        with transaction.atomic():
            _HANDLERS[row.verb](sandbox, row)
    except Refusal as refusal:
        outcome = refusal.code
    except PASSING:
        raise
    except Exception as error:
        return _put_aside(sandbox, row, error)
    else:
        outcome = "done"
    _OVER.run(row.pk)
    return Fired(row.at, verb, row.subject, outcome)


def _put_aside(sandbox: Sandbox, row: Agenda, error: Exception) -> Fired:
    """Set aside what failed, with its error, and return it as such."""
    log.error("sandbox %s: %s of %s is set aside (row %s)", sandbox.key, row.verb, row.subject, row.pk, exc_info=error)
    trouble = f"{type(error).__name__}: {error}".replace("\0", "")[:200]
    Agenda.objects.filter(pk=row.pk).update(held=True, trouble=trouble, at=row.at)
    return Fired(row.at, row.verb, row.subject, SET_ASIDE)


DUE_BY_THE_CLOCK = Exists(
    Agenda.objects.filter(sandbox=OuterRef("sandbox"), held=False, at__lte=OuterRef("sandbox__clock_moment"))
)
"""Of the row of a sandbox: whether something is due at the moment its clock was set to. If its clock stands still, that
moment is now."""

_IS_DUE = "SELECT 1 FROM filings_agenda WHERE sandbox_id = %s AND NOT held AND at <= %s LIMIT 1"


def catch_up(sandbox: Sandbox, limit: int | None = None, *, due: bool | None = None) -> None:
    """Do what is due: before a request is served, or when nobody comes.

    `due`: the answer of DUE_BY_THE_CLOCK that came with the row, so that it is not asked again while the clock stands
    still.
    """
    now = sandbox.now()
    if due is None or sandbox.clock_mode != ClockMode.FROZEN:
        due = _is_due(sandbox, now)
    if due and not sandbox.advancing:
        run(sandbox, now, limit)


def _is_due(sandbox: Sandbox, now: datetime) -> bool:
    """One indexed question, and a transaction only if something is due."""
    with connection.cursor() as cursor:
        # Asked at every request, so past the query compiler, which costs more than the question.
        cursor.execute(_IS_DUE, [sandbox.pk, connection.ops.adapt_datetimefield_value(now)])
        return cursor.fetchone() is not None


def running() -> QuerySet[Sandbox]:
    """The sandboxes whose clock runs by itself and that have something to come. Frozen ones only move by `advance`."""
    waiting = Agenda.objects.filter(held=False).exclude(sandbox__clock_mode=ClockMode.FROZEN)
    return Sandbox.objects.filter(pk__in=list(waiting.values_list("sandbox", flat=True).distinct()))
