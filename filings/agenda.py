"""Running what is due: each row in order, in its own transaction, stamped with the moment it was due."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Min, QuerySet

from filings import cards
from filings.customs import desks, officer, publicity, returning
from filings.customs.sync import sync
from filings.models import Agenda, Sandbox
from filings.rules.dates import rfc3339
from filings.rules.refusals import Refusal
from filings.rules.words import ClockMode


def _reply(sandbox: Sandbox, row: Agenda) -> None:
    words = dict(row.args)
    officer.act(sandbox, row.subject, words.pop("verb"), row.at, **words)


def _answer(sandbox: Sandbox, row: Agenda) -> None:
    desks.answer(sandbox, row.subject, row.at)


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
    "reply": _reply,
    "answer": _answer,
    "sync": _sync,
    "usd": _usd,
    "publicise": _publicise,
    "issue_card": _issue_card,
}


def due(sandbox: Sandbox, until: datetime) -> QuerySet[Agenda]:
    """What is due by a moment, in order."""
    return Agenda.objects.filter(sandbox=sandbox, held=False, at__lte=until).order_by("at", "id")


def upcoming(sandbox: Sandbox, subject: str = "") -> QuerySet[Agenda]:
    """All that is still to come, next first."""
    rows = Agenda.objects.filter(sandbox=sandbox, held=False).order_by("at", "id")
    return rows.filter(subject=subject) if subject else rows


def next_at(sandbox: Sandbox) -> datetime | None:
    """When the next thing falls due; None: idle."""
    return upcoming(sandbox).values_list("at", flat=True).first()


def run(sandbox: Sandbox, until: datetime, limit: int | None = None) -> list[dict[str, Any]]:
    """Do what is due by `until`, steps from due moment to due moment, at most `limit` of them. Returns what fired.

    What can no longer be done, because somebody was quicker, is dropped: the trail tells who.
    """
    fired: list[dict[str, Any]] = []
    while limit is None or len(fired) < limit:
        with transaction.atomic():
            sandbox.lock()
            row = due(sandbox, until).first()
            if row is None:
                break
            Agenda.objects.filter(pk=row.pk).delete()
            try:
                with transaction.atomic():
                    _HANDLERS[row.verb](sandbox, row)
            except Refusal as refusal:
                outcome = refusal.code
            else:
                outcome = "done"
            fired.append(
                {"at": rfc3339(row.at), "verb": row.args.get("verb", row.verb), "subject": row.subject, "outcome": outcome}
            )
    return fired


_IS_DUE = "SELECT 1 FROM filings_agenda WHERE sandbox_id = %s AND NOT held AND at <= %s LIMIT 1"


def catch_up(sandbox: Sandbox) -> None:
    """Before a request is served: one indexed question, and a transaction only if something is due."""
    now = sandbox.now()
    with connection.cursor() as cursor:
        # Asked at every request, so past the query compiler, which costs more than the question.
        cursor.execute(_IS_DUE, [sandbox.pk, connection.ops.adapt_datetimefield_value(now)])
        waiting = cursor.fetchone() is not None
    if waiting:
        run(sandbox, now)


def running() -> list[Sandbox]:
    """The sandboxes whose clock runs by itself and that have something due. Frozen ones move by `advance` only."""
    waiting = Agenda.objects.filter(held=False).exclude(sandbox__clock_mode=ClockMode.FROZEN)
    earliest = waiting.values("sandbox").annotate(at=Min("at")).values_list("sandbox", "at")
    sandboxes = Sandbox.objects.in_bulk([pk for pk, _ in earliest])
    return [sandboxes[pk] for pk, at in earliest if pk in sandboxes and at <= sandboxes[pk].now()]
