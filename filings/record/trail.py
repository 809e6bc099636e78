"""Writing down what happens: events, refusals, and requests that are served once.

`transact` is around every deed of a face: one transaction; a refusal is noted after the rollback, in another.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from django.db import connection, transaction
from django.db.models import Count, Q, Subquery
from django.db.models.functions import Coalesce

from filings.models import Account, Event, Filing, Sandbox, Served, Visit, wall
from filings.models.sandbox import Tick
from filings.prepared import PreparedInsert
from filings.rules.events import EventName, Verb
from filings.rules.refusals import Refusal

T = TypeVar("T")

_EVENT = PreparedInsert(Event)

KEPT = timedelta(hours=24)
"""How long an idempotent answer is kept (wall time)."""


def note(
    visit: Visit,
    name: EventName,
    *,
    subject: str = "",
    version: int | None = None,
    serials: int = 0,
    uscc: str = "",
    tick: Tick | None = None,
    **data: Any,
) -> int:
    """Append an event with its declared data. Returns the last serial.

    `serials` takes that many numbers at the same time, unless its `tick` was taken before.
    """
    tick = tick or visit.sandbox.tick(events=1, serials=serials)
    _EVENT.add(
        sandbox_id=visit.sandbox.pk,
        seq=tick.event,
        at=visit.now,
        at_real=wall(),
        name=name,
        party=visit.party,
        actor=visit.actor,
        medium=visit.medium or "",
        uscc=uscc or (visit.enterprise.uscc if visit.enterprise else ""),
        subject=subject,
        version=version,
        data=data,
    )
    return tick.serial


def note_change(
    visit: Visit,
    filing: Filing,
    name: EventName,
    more: Mapping[str, Any],
    *,
    serials: int = 0,
    tick: Tick | None = None,
) -> int:
    """The event of a filing's change: every version has exactly one, with the status it left the filing in."""
    data = {"kind": filing.kind, "filing_mode": filing.filing_mode, "status": filing.status, **more}
    return note(
        visit,
        name,
        subject=filing.public_id,
        version=filing.version,
        serials=serials,
        uscc=filing.enterprise.uscc,
        tick=tick,
        **data,
    )


_SEEN = {"mirror": "record_seen", "publicity": "register_seen"}
"""The columns with what an account was last shown, by the place that shows an enterprise's record."""


def note_checked(visit: Visit, source: str, standing: str, answer: Mapping[str, Any]) -> None:
    """Note that an enterprise looked up its own record (FAQ 2.4, 2.15), once for each different answer.

    Asking again and again writes nothing.
    """
    assert visit.account is not None
    seen, before = (
        hashlib.sha256(json.dumps(answer, sort_keys=True).encode()).hexdigest(),
        getattr(visit.account, _SEEN[source]),
    )
    if seen != before:
        with visit.held():
            if Account.objects.filter(pk=visit.account.pk, **{_SEEN[source]: before}).update(**{_SEEN[source]: seen}):
                note(visit, EventName.RECORD_CHECKED, source=source, standing=standing)


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply as bytes, the way it is stored and sent again."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    world: Sandbox | None = None
    """The sandbox that the deed made, if it was not done in one."""


@dataclass(frozen=True, slots=True)
class Once:
    """An Idempotency-Key with its scope (account + method + path) and the digest of the body."""

    key: str
    route: str
    digest: str

    def scope(self, visit: Visit | None) -> str:
        who = visit.account.username if visit and visit.account else "-"
        return hashlib.sha256("\0".join((who, self.route, self.key)).encode()).hexdigest()


def attempt(visit: Visit | None, verb: Verb, work: Callable[[], T], filing: str = "") -> T:
    """Do a deed in one transaction that holds its world. A refusal is noted after the rollback, in another."""
    with refusals_noted(visit, verb, filing), visit.held() if visit else transaction.atomic():
        return work()


@contextmanager
def refusals_noted(visit: Visit | None, verb: Verb, filing: str = "") -> Iterator[None]:
    """Around a deed that is not one transaction: its refusal is noted too."""
    try:
        yield
    except Refusal as refusal:
        if visit is not None and refusal.code != "world_reset":
            note_refusal(visit, verb, refusal, filing)
        raise


AGAIN = 3
"""How often the same refusal (same actor, deed and code) is noted before another event comes. Ours."""

DRAWN = frozenset({"client_control_unavailable"})
"""Refusals that hang on a number drawn by how many events there are (FAQ 2.8): each is noted, or the next try would
draw the same."""

IN_A_ROW = 100
"""How many refusals are noted in a row; after that, only those that are new for their actor. Ours."""


def note_refusal(visit: Visit, verb: Verb, refusal: Refusal, filing: str = "") -> None:
    """A refusal is an event too: with its verb, its code, and the filing if one was named.

    A client that asks the same thing again and again fills no table: between two other events every different refusal
    is noted, but not every time.
    """
    about = filing if _NUMBERED.fullmatch(filing) else ""
    if _is_news(visit, verb, about, refusal.code):
        with visit.held():
            note(visit, EventName.REFUSED, subject=about, verb=verb, code=refusal.code, faq=refusal.wording.faq)


def _is_news(visit: Visit, verb: Verb, about: str, code: str) -> bool:
    """Whether this refusal should be noted: not if the end of the trail has it often enough. One statement, which reads
    no further back."""
    events = Event.objects.filter(sandbox=visit.sandbox)
    other = events.exclude(name=EventName.REFUSED).order_by("-seq").values("seq")[:1]
    own = Q(actor=visit.actor, data__code=code)
    already = events.filter(seq__gt=Coalesce(Subquery(other), 0)).aggregate(
        all=Count("pk"), own=Count("pk", filter=own), same=Count("pk", filter=own & Q(subject=about, data__verb=verb))
    )
    return already["same"] < (IN_A_ROW if code in DRAWN else AGAIN) and (
        already["all"] < IN_A_ROW or not already["own"]
    )


_NUMBERED = re.compile(r"F[0-9]{6,9}")
"""The form of a filing's number, whether such a filing exists or not."""


def transact(
    visit: Visit | None, verb: Verb, work: Callable[[], Answer], once: Once | None = None, *, filing: str = ""
) -> tuple[Answer, bool]:
    """Do a deed in one transaction; with a key, at most once. Returns the answer, and whether it is a replay.

    Only answers of deeds that took effect (2xx) are kept, in the transaction of the effect.
    """
    if once is None:
        return attempt(visit, verb, work, filing), False
    return attempt(visit, verb, lambda: _served_once(visit, work, once), filing)


def amend(visit: Visit, once: Once, answer: Answer) -> None:
    """Keep the final answer in place of the planned one."""
    Served.objects.filter(sandbox=visit.sandbox, scope=once.scope(visit)).update(status=answer.status, body=answer.body)


def _served_once(visit: Visit | None, work: Callable[[], Answer], once: Once) -> tuple[Answer, bool]:
    scope = once.scope(visit)
    if visit is None and connection.vendor == "postgresql":
        # In one world, and on SQLite anywhere, a second request waits and finds the answer; what makes a world has to
        # be asked.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(0, %s)", [int(scope[:7], 16)])
            if not cursor.fetchone()[0]:
                raise Refusal("idempotency_in_flight", headers={"Retry-After": "1"})
    where = {"sandbox": visit.sandbox} if visit else {"account": None}
    kept = Served.objects.filter(scope=scope, **where).order_by("-at").first()
    if kept and kept.at > wall() - KEPT:
        if kept.digest != once.digest:
            raise Refusal("idempotency_key_reused")
        return Answer(kept.status, bytes(kept.body), kept.headers), True
    answer = work()
    world = visit.sandbox if visit else answer.world
    if world and 200 <= answer.status < 300:
        Served.objects.update_or_create(
            sandbox=world,
            scope=scope,
            defaults={
                "account": visit.account if visit else None,
                "digest": once.digest,
                "status": answer.status,
                "headers": answer.headers,
                "body": answer.body,
                "at": wall(),
            },
        )
    return answer, False
