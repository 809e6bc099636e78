"""A sandbox: one isolated world with its own clock. The only file that asks the system for the time."""

from __future__ import annotations

import hashlib
import logging
import mmap
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, Self, TypeVar, cast

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models, transaction

from filings.models import proofs
from filings.models.fields import JSONField
from filings.models.rows import Row
from filings.prepared import Prepared, PreparedUpdate
from filings.rules.dates import SHANGHAI
from filings.rules.refusals import Refusal, absent
from filings.rules.words import ClockMode, Degree

log = logging.getLogger(__name__)

OPENING_MOMENT = datetime(2021, 12, 1, 9, 0, tzinfo=SHANGHAI)
"""Where a sandbox's frozen clock stands if nothing else is said."""

LATEST = datetime(2200, 12, 31, 23, 59, 59, tzinfo=SHANGHAI)
"""No clock goes past this moment, because later dates soon cannot be written: a fast clock that is left alone stops
here. Ours."""

KEPT_FOR = timedelta(days=7)
"""An unpinned sandbox expires this long after its last use."""


NOTED_AGAIN = timedelta(hours=1)
"""How exactly a sandbox's last use is noted: one write an hour, not one for each read."""


_told = memoryview(mmap.mmap(-1, 8)).cast("d")
"""The latest time that was given out, shared by all processes forked from this one."""


def wall() -> datetime:
    """The system's time, for everything on wall time: tokens, retention, expiry. If it is set back, it waits until that
    time has come again."""
    now = time.time()
    if now < _told[0]:
        now = _told[0]
    else:
        _told[0] = now
    return datetime.fromtimestamp(now, UTC)


def secret_digest(secret: str) -> str:
    """How a bearer secret is kept: it is random enough to need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Tick(NamedTuple):
    """Numbers taken from a sandbox's counters: the place of the next event, the last serial, and how many filings there
    are now."""

    event: int
    serial: int
    filings: int


class Sandbox(Row):
    """One world: every other row belongs to one, and to delete them is the reset.

    `exercise` is the exercise whose world it is, "" for none; its scenario is the exercise's then, whatever a request
    says. `degree` is how much help its screens and answers give. `epoch` counts how often
    its world was replaced. `filings_held` is the number of its filings, so that nobody has to
    count them. `advancing_until`: until then (wall time) only the one who advances the clock does what falls due.
    """

    key = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100, blank=True)
    control_key_digest = models.CharField(max_length=64)
    seed = models.BigIntegerField(default=0)
    situation = models.CharField(max_length=60, default="standard")
    exercise = models.CharField(max_length=40, blank=True)
    degree = models.CharField(max_length=10, choices=Degree.choices, default=Degree.GUIDED)
    opening_clock = JSONField(default=dict, validators=[proofs.opening_clock])
    opening_scenario = models.CharField(max_length=200, default="approve", validators=[proofs.scenario])

    clock_mode = models.CharField(max_length=10, choices=ClockMode.choices, default=ClockMode.FROZEN)
    clock_moment = models.DateTimeField(default=OPENING_MOMENT, validators=[proofs.clock])
    clock_set_at = models.DateTimeField(default=wall)
    clock_rate = models.FloatField(default=1.0, validators=[proofs.rate])
    advancing_until = models.DateTimeField(null=True)

    scenario = models.CharField(max_length=200, default="approve", validators=[proofs.scenario])
    faulty = models.BooleanField(default=False)
    login_lock = models.BooleanField(default=False)
    magic_names = models.BooleanField(default=True)
    epoch = models.PositiveIntegerField(default=0)
    events_taken = models.PositiveIntegerField(default=0)
    serials_taken = models.PositiveIntegerField(default=0, validators=[proofs.serials])
    filings_held = models.IntegerField(default=0)

    pinned = models.BooleanField(default=False)
    kept_hours = models.PositiveIntegerField(default=int(KEPT_FOR.total_seconds() // 3600))
    created_at = models.DateTimeField(default=wall)
    used_at = models.DateTimeField(default=wall, db_index=True)

    def __str__(self) -> str:
        return self.key

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """A value that somebody damaged in the database reads as in a new sandbox, and is logged once.

        So a sandbox can always be looked at, reset and deleted, and does not stop others.
        """
        found = super().from_db(*args, **kwargs)
        for name, sound in _SOUND:
            if name in found.__dict__ and not sound(found.__dict__[name]):
                if (found.pk, name) not in _told_spoilt:
                    _told_spoilt.add((found.pk, name))
                    log.error("sandbox number %s: %s cannot be %r", found.pk, name, found.__dict__[name])
                setattr(found, name, cast("models.Field[Any, Any]", cls._meta.get_field(name)).get_default())
        return found

    def now(self) -> datetime:
        """The moment on this sandbox's clock: moment + rate × (real − set_at)."""
        if self.clock_mode == ClockMode.FROZEN:
            return self.clock_moment
        rate = self.clock_rate if self.clock_mode == ClockMode.SCALED else 1.0
        try:
            # No time has passed on a machine whose clock was set back behind the setting of this one.
            return min(self.clock_moment + rate * max(wall() - self.clock_set_at, timedelta()), LATEST)
        except OverflowError:
            return LATEST

    @contextmanager
    def held(self) -> Iterator[bool]:
        """One transaction that holds this world as it was read: see `lock`."""
        with transaction.atomic():
            yield self.lock()

    def lock(self) -> bool:
        """Hold this world until the transaction ends: the writes in one sandbox happen one after another, each on top
        of all before it.

        On PostgreSQL its row is locked; every deed locks it before any other row, so none deadlocks. SQLite allows one
        write at a time. Returns whether the clock was set since the sandbox was read; then it is read again. Raises 404
        if the sandbox is gone, and 409 `world_reset` if its world was replaced: what was read may be gone.
        """
        now = _HELD.row(self.pk)
        if now is None:
            raise absent("沙箱", self.key, "名")
        if now.epoch != self.epoch:
            raise Refusal("world_reset")
        moved = now.clock_set_at != self.clock_set_at
        for name in _MOVING:
            setattr(self, name, getattr(now, name))
        return moved

    def lock_anew(self) -> None:
        """The same, even if its world was replaced: the sandbox is read again. Raises 404 if it is gone."""
        self._become(_LOCKED.row(self.pk))

    def read_anew(self) -> None:
        """Read the sandbox as it is now. Raises 404 where it is gone."""
        self._become(_WHOLE.row(self.pk))

    def _become(self, found: Sandbox | None) -> None:
        if found is None:
            raise absent("沙箱", self.key, "名")
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(found, field.attname))

    @property
    def advancing(self) -> bool:
        """Whether somebody is advancing its clock through what falls due."""
        return self.advancing_until is not None and self.advancing_until > wall()

    def set_clock(
        self,
        moment: datetime,
        mode: str | None = None,
        rate: float | None = None,
        advancing_until: datetime | None = None,
    ) -> None:
        """Set the clock; the caller has checked that it does not go backwards."""
        self.clock_moment, self.clock_set_at, self.advancing_until = moment, wall(), advancing_until
        self.clock_mode = mode or self.clock_mode
        self.clock_rate = rate if rate is not None else self.clock_rate
        _CLOCK.run(self.pk, **{name: getattr(self, name) for name in _MOVING})

    def tick(self, events: int = 0, serials: int = 0, filings: int = 0) -> Tick:
        """Take numbers from the counters, in the transaction of the deed they number. `filings`: how many filings are
        added, or removed."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE filings_sandbox SET events_taken = events_taken + %s, serials_taken = serials_taken + %s,"
                " filings_held = filings_held + %s WHERE id = %s AND epoch = %s RETURNING events_taken, "
                "serials_taken, filings_held",
                [events, serials, filings, self.pk, self.epoch],
            )
            taken = cursor.fetchone()
        if taken is None:
            # Its world was replaced, or it was deleted, under somebody who does not hold it.
            raise Refusal("world_reset")
        tick = Tick(*taken)
        self.filings_held = tick.filings
        return tick

    @property
    def pace(self) -> float:
        """How many of its seconds pass in a real one."""
        return {ClockMode.FROZEN.value: 0.0, ClockMode.REAL.value: 1.0}.get(self.clock_mode, self.clock_rate)

    @property
    def helped(self) -> bool:
        """Whether the simulator's own help is shown in it: in an exercise that is as at the portal it is not. The one
        place that decides."""
        return self.degree == Degree.GUIDED

    @property
    def expired(self) -> bool:
        """Whether it was not used for as long as it is kept."""
        return self.expires_at is not None and self.expires_at <= wall()

    @property
    def expires_at(self) -> datetime | None:
        """When it will be deleted (wall time); None: it is pinned."""
        return None if self.pinned else self.used_at + timedelta(hours=self.kept_hours)


_MODES = frozenset(ClockMode.values)


def _moment(value: Any) -> bool:
    return isinstance(value, datetime) and 1 < value.year < 9000


def _count(value: Any) -> bool:
    return isinstance(value, int) and 0 <= value < 2**31


_SOUND: tuple[tuple[str, Callable[[Any], bool]], ...] = (
    ("clock_mode", lambda value: value in _MODES),
    ("clock_moment", _moment),
    ("clock_set_at", _moment),
    ("clock_rate", lambda value: isinstance(value, float)),
    ("advancing_until", lambda value: value is None or _moment(value)),
    ("seed", lambda value: isinstance(value, int)),
    ("epoch", _count),
    ("events_taken", _count),
    ("serials_taken", _count),
    ("kept_hours", lambda value: isinstance(value, int) and 0 <= value < 10**7),
    ("created_at", _moment),
    ("used_at", _moment),
)
"""What the columns must hold so that a sandbox can be handled at all. What the values may mean is judged where they are
used."""

_told_spoilt: set[tuple[int, str]] = set()

_MOVING = ("clock_mode", "clock_moment", "clock_set_at", "clock_rate", "advancing_until")
"""What can change in a sandbox while its world stays the same, and matters to the one who holds it."""

_HELD: Prepared[Sandbox] = Prepared(
    lambda pk: Sandbox.objects.filter(pk=pk).only("epoch", *_MOVING).select_for_update(no_key=True), 1
)

_WHOLE: Prepared[Sandbox] = Prepared(lambda pk: Sandbox.objects.filter(pk=pk), 1)
_LOCKED: Prepared[Sandbox] = Prepared(lambda pk: Sandbox.objects.filter(pk=pk).select_for_update(no_key=True), 1)
_CLOCK: PreparedUpdate[Sandbox] = PreparedUpdate(_MOVING, lambda pk: Sandbox.objects.filter(pk=pk), 1)


def new_secret(prefix: str) -> str:
    """A fresh bearer secret."""
    return f"{prefix}_{secrets.token_urlsafe(24)}"


class OfSandbox(Row):
    """Every row belongs to exactly one sandbox, and is found by it: each model has an index that begins with it."""

    sandbox = models.ForeignKey(Sandbox, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        abstract = True


class InSandbox(OfSandbox):
    """Part of the sandbox's world: it goes with a reset, and a snapshot carries it."""

    class Meta(OfSandbox.Meta):
        abstract = True


class Login(OfSandbox):
    """Belongs to people of the world but lives on wall time: it goes with a reset, and no snapshot carries it."""

    class Meta(OfSandbox.Meta):
        abstract = True


class Beside(OfSandbox):
    """Belongs to the tester, beside the world: it stays through a reset, and no snapshot carries it."""

    class Meta(OfSandbox.Meta):
        abstract = True


_Row = TypeVar("_Row", bound=models.Model)


def row_or_none(rows: models.QuerySet[_Row]) -> _Row | None:
    """The row of a unique lookup, or None. Unlike `first()` it sets no order, which costs a third of such a query."""
    try:
        return rows.get()
    except ObjectDoesNotExist:
        return None
