"""Delivering what the outbox holds: claim it, send it, write down what came of it. At least once, in order while all
is well.

No network within a transaction: a claim is a lease on the row, committed before anything is sent, and the sending is
done by threads that touch no table. Whoever is killed in between leaves a lease that runs out; then the delivery is
sent again, under the same `webhook-id`. To one receiver one delivery is under way at a time, so that it hears things
in order; one that keeps us waiting is not waited for longer than PATIENCE before the next one goes as well, and holds
up nobody else.

Faults of delivery strike where a delivery leaves: `duplicate` sends it twice, `drop` loses the attempt, `reorder` lets
the next delivery to the same receiver go first.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from django.db import DatabaseError, transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet

from filings.answers.sandboxes import Delivered
from filings.lab.faults import faults
from filings.lab.webhooks import reaching
from filings.models import Delivery, DeliveryState, Sandbox, Webhook, wall
from filings.prepared import Prepared
from filings.rules import webhooks
from filings.rules.dates import rfc3339
from filings.rules.refusals import Refusal
from filings.rules.words import ClockMode
from singlewindow.lean import later

if TYPE_CHECKING:
    from filings.lab.webhooks import posting
else:
    posting = later("filings.lab.webhooks.posting")  # what speaks HTTP: 20 ms

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=2 * reaching.TIMEOUT)
"""How long a claimed delivery is nobody else's (wall time)."""

PATIENCE = timedelta(seconds=0.5)
"""How long a delivery under way holds back the next one to the same receiver (wall time)."""

AT_ONCE = 8
"""Deliveries under way to one receiver at the most."""

THREADS = 64
"""Deliveries under way in all at the most."""

HELD = timedelta(days=1)
"""How long `reorder` holds a delivery back at the most, should no other come to overtake it (the sandbox's clock).
Ours."""

WAITS = 4.7
"""Seconds an advance gives the deliveries that fall due in it; with what it takes to stop, five at the most."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery, with all that is needed to send it. `moment` is that of the attempt, on the sandbox's clock.

    `held`: it has been overtaken before. `fault`: the fault of delivery it meets.
    """

    delivery: int
    webhook: int
    key: str
    event: str
    uscc: str
    url: str
    headers: dict[str, str]
    body: bytes
    attempt: int
    moment: datetime
    locked_until: datetime
    deadline: float
    hurried: bool
    held: bool
    fault: str = ""


class Courier:
    """Carries what is due in all sandboxes; or, for an advance, in one, by a moment on its clock, until a deadline.

    An advance passes each moment on its way: its attempts are made at the moments they were due. Elsewhere they are
    made now.
    """

    def __init__(
        self, sandbox: Sandbox | None = None, until: datetime | None = None, deadline: float = float("inf")
    ) -> None:
        self._sandbox, self._until, self._deadline = sandbox, until, deadline
        self._back: SimpleQueue[tuple[Parcel, reaching.Result]] = SimpleQueue()
        self._flying = 0

    def turn(self, pause: float) -> bool:
        """Send what may go, then take in what comes back within so many seconds. Tells whether there was or is
        anything to do."""
        self.send_out()
        busy = self._flying > 0
        self.take_in(pause)
        return busy

    def send_out(self) -> None:
        """Send what may go now."""
        for sandbox, webhook, until in self._calling():
            try:
                while self._flying < THREADS and (parcel := self._claim(sandbox, webhook, until)):
                    if not self._send(sandbox, parcel):
                        break
            except DatabaseError:
                raise
            except Exception as error:
                _put_aside(sandbox, webhook, until, error)

    def take_in(self, pause: float) -> None:
        """Write down what has come back; if nothing has yet, wait for the first."""
        try:
            self._record(*self._back.get(timeout=pause))
            while True:
                self._record(*self._back.get_nowait())
        except Empty:
            return

    def _calling(self) -> Iterator[tuple[Sandbox, str, datetime]]:
        """The receivers for whom something is due and free, each with its sandbox and the moment there."""
        waiting = Delivery.objects.filter(_free(), state=DeliveryState.PENDING)
        if self._sandbox:
            waiting = waiting.filter(sandbox=self._sandbox)
        earliest = list(waiting.values_list("sandbox", "webhook").annotate(at=Min("due_at")).order_by("at"))
        known = [self._sandbox] if self._sandbox else Sandbox.objects.filter(pk__in={pk for pk, *_ in earliest})
        sandboxes = {sandbox.pk: sandbox for sandbox in known}
        for pk, webhook, at in earliest:
            sandbox = sandboxes.get(pk)
            if sandbox and at and at <= (until := self._until or sandbox.now()) and _may_go(pk, webhook):
                yield sandbox, webhook, until

    @transaction.atomic
    def _claim(self, sandbox: Sandbox, webhook: str, until: datetime) -> Parcel | None:
        """Take the next delivery of a receiver, unless somebody else is at it."""
        receivers = Webhook.objects.filter(sandbox=sandbox, key=webhook, disabled_at=None)
        if not receivers.exists():
            withdraw(sandbox.pk, webhook)
            return None
        receiver = receivers.select_for_update(skip_locked=True).first()
        if receiver is None or not _may_go(sandbox.pk, webhook):
            return None
        due = _pending(sandbox.pk, webhook).filter(_free(), due_at__lte=until).select_for_update(skip_locked=True)
        row = due.order_by("due_at", "id").first()
        if row is None:
            return None
        now, deadline = wall(), time.monotonic() + reaching.TIMEOUT
        Delivery.objects.filter(pk=row.pk).update(locked_until=now + LEASE)
        standing = self._until is not None or sandbox.clock_mode == ClockMode.FROZEN
        body = row.body.encode()
        return Parcel(
            delivery=row.pk,
            webhook=receiver.pk,
            key=webhook,
            event=row.event,
            uscc=row.uscc,
            held=row.held_until is not None,
            url=receiver.url,
            headers=webhooks.signed(receiver.secret, row.message, now, body),
            body=body,
            attempt=len(row.attempts) + 1,
            moment=row.due_at if standing else until,
            locked_until=now + LEASE,
            deadline=min(deadline, self._deadline),
            hurried=self._deadline < deadline,
        )

    def _send(self, sandbox: Sandbox, parcel: Parcel) -> bool:
        """The one place where a delivery leaves the house. Tells whether it stayed, so that the next one may go
        first."""
        try:
            fault = _fault(sandbox, parcel) if sandbox.faulty else ""
        except Refusal:
            return True  # its world was reset or deleted meanwhile, and the delivery with it
        if fault == "reorder":
            until = parcel.moment + HELD
            claimed = Delivery.objects.filter(pk=parcel.delivery, locked_until=parcel.locked_until)
            claimed.update(due_at=until, held_until=until, locked_until=None)
            return True
        self._flying += 1
        threading.Thread(target=self._carry, args=(replace(parcel, fault=fault),), daemon=True).start()
        return False

    def _carry(self, parcel: Parcel) -> None:
        result = reaching.Result(error="模拟系统内部错误")
        try:
            if parcel.fault == "drop":
                result = reaching.Result(error="故障：通知丢失")
                return
            result = posting.post(parcel.url, parcel.headers, parcel.body, parcel.deadline)
            if parcel.fault == "duplicate":
                # What comes of the first one stands, whatever is said to the second.
                posting.post(parcel.url, parcel.headers, parcel.body, parcel.deadline)
        except Exception:
            log.exception("delivery to %s", parcel.url)
        finally:
            self._back.put((parcel, result))

    def _record(self, parcel: Parcel, result: reaching.Result) -> None:
        self._flying -= 1
        record(parcel, result)


def _put_aside(sandbox: Sandbox, webhook: str, until: datetime, error: Exception) -> None:
    """Give up a delivery that cannot even be sent, so that the next one goes, and others' do."""
    due = _pending(sandbox.pk, webhook).filter(due_at__lte=until).order_by("due_at", "id")
    for pk in due.values_list("pk", flat=True)[:1]:
        log.error("sandbox %s: a delivery to %s is given up (row %s)", sandbox.key, webhook, pk, exc_info=error)
        Delivery.objects.filter(pk=pk).update(state=DeliveryState.FAILED, locked_until=None)


def record(parcel: Parcel, result: reaching.Result) -> None:
    """Write down an attempt, and when the next one is due; not if the world it was of is gone, or the lease was
    another's by then."""
    with transaction.atomic():
        mine = Delivery.objects.filter(pk=parcel.delivery, locked_until=parcel.locked_until)
        row = mine.select_for_update().first()
        if row is None:
            return
        if parcel.hurried and not result.in_time:
            mine.update(locked_until=None)
            return
        state, due_at = _after(parcel, result)
        attempts = row.attempts if isinstance(row.attempts, list) else []
        attempts.append(
            {
                "n": parcel.attempt,
                "at": rfc3339(parcel.moment),
                "at_real": rfc3339(now := wall()),
                "outcome": "delivered" if result.delivered else "failed",
                "status": result.status,
                "error": result.error or None,
                "duration_ms": result.duration_ms,
                "response": result.response or None,
                "fault": parcel.fault or None,
            }
        )
        mine.update(attempts=attempts, state=state, due_at=due_at or row.due_at, tried_at=now, locked_until=None)
        if parcel.fault != "drop":
            # What it has overtaken may follow now.
            overtaken = _held(row.sandbox_id, parcel.key).filter(pk__lt=row.pk).select_for_update(skip_locked=True)
            Delivery.objects.filter(pk__in=list(overtaken.values_list("pk", flat=True))).update(due_at=parcel.moment)
    if result.status == webhooks.GONE:
        Webhook.objects.filter(pk=parcel.webhook, disabled_at=None).update(disabled_at=wall())


def _after(parcel: Parcel, result: reaching.Result) -> tuple[DeliveryState, datetime | None]:
    """How a delivery stands after an attempt, and when its next one is due."""
    if result.delivered:
        return DeliveryState.DELIVERED, None
    asked = webhooks.retry_after(result.retry_after, wall())
    wait = webhooks.next_attempt(parcel.attempt, result.status, asked)
    if result.status == webhooks.GONE or wait is None:
        return DeliveryState.FAILED, None
    return DeliveryState.PENDING, parcel.moment + wait


def deliver(sandbox: Sandbox, began: datetime) -> list[Delivered]:
    """Give every delivery that is due by the sandbox's clock its attempt, and the attempts that fall due on the way
    theirs.

    Tells what was attempted since `began` (wall time), by whomever, in the order it was due; and what is still pending.
    """
    until, deadline = sandbox.now(), time.monotonic() + WAITS
    if _TO_TELL.row(sandbox.pk, until, began) is None:
        return []
    courier = Courier(sandbox, until, deadline)
    due = Delivery.objects.filter(sandbox=sandbox, state=DeliveryState.PENDING, due_at__lte=until)
    while due.exists() and time.monotonic() < deadline:
        courier.turn(0.02)
    courier.take_in(0.2 if due.exists() else 0)
    tried = [
        _told(row, attempt["n"], attempt["outcome"], datetime.fromisoformat(attempt["at"]))
        for row in Delivery.objects.filter(sandbox=sandbox, tried_at__gte=began)
        for attempt in row.attempts
        if datetime.fromisoformat(attempt["at_real"]) >= began
    ]
    left = [_told(row, len(row.attempts) + 1, DeliveryState.PENDING.value, row.due_at) for row in due]
    return [attempt for *_, attempt in sorted([*tried, *left], key=lambda row: row[:3])]


_TO_TELL = Prepared(
    lambda sandbox, until, began: Delivery.objects.filter(
        Q(state=DeliveryState.PENDING, due_at__lte=until) | Q(tried_at__gte=began), sandbox=sandbox
    ).only("pk")[:1],
    1,
    datetime(2000, 1, 1, tzinfo=UTC),
    datetime(2000, 1, 2, tzinfo=UTC),
)
"""Whether an advance has anything to tell of deliveries."""


def _told(row: Delivery, attempt: int, outcome: str, at: datetime) -> tuple[datetime, int, int, Delivered]:
    return at, row.pk, attempt, Delivered(row.key, row.webhook, row.event, attempt, outcome, rfc3339(at))


OPEN = (DeliveryState.PENDING, DeliveryState.WAITING)
"""How a delivery stands that may still reach its receiver."""


def withdraw(sandbox: int, webhook: str) -> None:
    """Send a receiver no more of what is pending, and let it collect no more; what is under way ends by itself."""
    with transaction.atomic():
        open_ = Delivery.objects.filter(sandbox=sandbox, webhook=webhook, state__in=OPEN)
        idle = open_.filter(_free()).select_for_update(skip_locked=True)
        Delivery.objects.filter(pk__in=list(idle.values_list("pk", flat=True))).update(state=DeliveryState.WITHDRAWN)


def _pending(sandbox: int, webhook: str) -> QuerySet[Delivery]:
    return Delivery.objects.filter(sandbox=sandbox, webhook=webhook, state=DeliveryState.PENDING)


def _fault(sandbox: Sandbox, parcel: Parcel) -> str:
    """The fault a delivery meets. One is overtaken once, and by the next one: nothing else is held back meanwhile."""
    about = {"event": parcel.event, "uscc": parcel.uscc}
    in_order = parcel.held or _held(sandbox.pk, parcel.key).exists()
    chosen = faults.met(sandbox, "delivery", about, but=("reorder",) if in_order else ())
    return chosen.fault.name if chosen else ""


def _held(sandbox: int, webhook: str) -> QuerySet[Delivery]:
    """What is held back until a later one has gone."""
    return _pending(sandbox, webhook).filter(held_until=F("due_at"))


def _free() -> Q:
    """Under nobody's lease."""
    return Q(locked_until=None) | Q(locked_until__lte=wall())


def _may_go(sandbox: int, webhook: str) -> bool:
    """Whether a receiver may be sent another: nothing is under way to it, or it has kept us waiting."""
    under_way = _pending(sandbox, webhook).filter(locked_until__gt=wall())
    found = under_way.aggregate(n=Count("pk"), newest=Max("locked_until"))
    return not found["n"] or (found["n"] < AT_ONCE and bool(found["newest"] <= wall() + LEASE - PATIENCE))
