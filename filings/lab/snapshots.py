"""Whole states of a sandbox: taken, kept under a name, planted again, carried elsewhere.

A snapshot holds the rows of a sandbox by table; a reference is the place of the row it means in its own table, so that it
can be planted anywhere. It carries schema and rules version. Logins are no part of it: they live on wall time, and those
there are when it is restored stay, as far as their account is in it.
"""

from __future__ import annotations

import base64
import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

import orjson
from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.models import QuerySet

from filings.lab import coverage, planting, worlds
from filings.lab.judging import HEAD, columns, judge
from filings.models import Checkpoint, Sandbox, Session, wall
from filings.models.sandbox import InSandbox
from filings.rules.appraisal import Problem
from filings.rules.dates import rfc3339
from filings.rules.refusals import Refusal, absent
from filings.rules.version import RULES_VERSION, VERSION

FORMAT = "singlewindow-simulator/snapshot/1"

LARGEST = 64 * 1024 * 1024
"""Bytes of a snapshot carried here. Ours."""

VALUES = 4_000_000
"""Values of a snapshot carried here, an object for four: so much memory they take, 300 MB at the most. Ours."""

AT_ONCE = 1_000
"""Rows planted in one go: so many are in memory as models."""

Snapshot = dict[str, Any]


def take(sandbox: Sandbox) -> Snapshot:
    """The whole state of a sandbox as plain data: rows, clock, counters, what is due. In the transaction of the caller."""
    places: dict[type[InSandbox], dict[int, int]] = {}
    tables: dict[str, list[list[Any]]] = {}
    for model in worlds.tables():
        names = [one.attname for one in columns(model)]
        rows = list(model._base_manager.filter(sandbox=sandbox).order_by("pk").values_list("pk", *names))
        places[model] = {row[0]: n for n, row in enumerate(rows)}
        writers = [_writer(one, places) for one in columns(model)]
        tables[model.__name__] = [[write(value) for write, value in zip(writers, row[1:], strict=True)] for row in rows]
    return {
        "format": FORMAT,
        "schema": schema(),
        "rules_version": RULES_VERSION,
        "simulator": VERSION,
        "sandbox": {name: getattr(sandbox, name) for name in HEAD},
        "clock": {"mode": sandbox.clock_mode, "now": rfc3339(sandbox.now()), "rate": sandbox.clock_rate},
        "tables": tables,
    }


def plant(sandbox: Sandbox, snapshot: Mapping[str, Any]) -> None:
    """Make a sandbox's world the snapshot's, in the transaction of the caller. Raises 422 for one of another version."""
    _expect_version(snapshot)
    logins = _logins(sandbox)
    coverage.keep(sandbox)
    worlds.erase_world(sandbox)
    planted: dict[type[InSandbox], list[int]] = {}
    for model in worlds.tables():
        readers = [(one.attname, _reader(one, planted)) for one in columns(model)]
        rows, planted[model] = snapshot["tables"][model.__name__], []
        for begin in range(0, len(rows), AT_ONCE):
            made = model._base_manager.bulk_create(
                model(sandbox=sandbox, **{name: read(value) for (name, read), value in zip(readers, row, strict=True)})
                for row in rows[begin : begin + AT_ONCE]
            )
            planted[model] += [one.pk for one in made]
    for name in HEAD:
        setattr(sandbox, name, snapshot["sandbox"][name])
    clock = snapshot["clock"]
    sandbox.clock_mode, sandbox.clock_rate = clock["mode"], clock["rate"]
    sandbox.clock_moment, sandbox.clock_set_at = datetime.fromisoformat(clock["now"]), wall()
    sandbox.epoch += 1
    sandbox.advancing_until = None
    sandbox.save()
    _log_in_again(sandbox, logins)


@cache
def schema() -> str:
    """A digest of the tables' shapes: a snapshot fits only where it is the same."""
    shapes = [f"{model.__name__}:{','.join(one.attname for one in columns(model))}" for model in worlds.tables()]
    return hashlib.sha256("\n".join(shapes).encode()).hexdigest()[:16]


def _expect_version(snapshot: Mapping[str, Any]) -> None:
    """Refuse what is no snapshot, or one of other tables or other rules."""
    for name, mine in (("format", FORMAT), ("schema", schema()), ("rules_version", RULES_VERSION)):
        if snapshot.get(name) != mine:
            raise Refusal(
                "snapshot_not_fitting",
                errors=[Problem(f"/{name}", "snapshot_not_fitting", f"应为 {mine}")],
                extra={"schema": schema()},
            )


# ── checkpoints ───────────────────────────────────────────────────────────────────────────────────────────────────


class Packed(NamedTuple):
    """A state ready to be kept, of how many rows, and where the clock stood."""

    body: bytes
    rows: int
    clock_at: datetime


def pack(sandbox: Sandbox) -> Packed:
    """The present state. Nobody waits for it, unless it is asked for within a deed. Raises 404."""
    snapshot = _present(sandbox)
    rows, stood = sum(map(len, snapshot["tables"].values())), datetime.fromisoformat(snapshot["clock"]["now"])
    return Packed(zlib.compress(orjson.dumps(snapshot), 1), rows, stood)


def _present(sandbox: Sandbox) -> Snapshot:
    """The state of one moment: rows and counters that belong together, whoever writes beside us."""
    with _one_moment():
        sandbox.read_anew()
        return take(sandbox)


@contextmanager
def _one_moment() -> Iterator[None]:
    """All that is read inside is of one moment, and holds up nobody's writing."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            # Not as Django begins one: that would take the lock for writing.
            cursor.execute("BEGIN")
            try:
                yield
            finally:
                cursor.execute("COMMIT")


@transaction.atomic
def keep(sandbox: Sandbox, name: str, packed: Packed | None = None, *, replace: bool = False) -> Checkpoint:
    """Keep a state under a name, the present one unless told. Raises 409 `checkpoint_exists` unless it may replace."""
    sandbox.lock_anew()
    kept = Checkpoint.objects.filter(sandbox=sandbox, name=name)
    if kept.exists() and not replace:
        raise Refusal("checkpoint_exists")
    kept.delete()
    packed = packed or pack(sandbox)
    return Checkpoint.objects.create(sandbox=sandbox, name=name, taken_at=wall(), **packed._asdict())


@transaction.atomic
def restore(sandbox: Sandbox, name: str) -> Sandbox:
    """Come back to a checkpoint, clock included: all of it or nothing. A write that was under way is told (409 `world_reset`)."""
    sandbox.lock_anew()
    plant(sandbox, orjson.loads(zlib.decompress(find(sandbox, name).body)))
    return sandbox


def checkpoints(sandbox: Sandbox) -> QuerySet[Checkpoint]:
    """The checkpoints of a sandbox, newest first."""
    return Checkpoint.objects.filter(sandbox=sandbox).defer("body").order_by("-id")


def find(sandbox: Sandbox, name: str) -> Checkpoint:
    """A checkpoint by its name. Raises 404."""
    found = Checkpoint.objects.filter(sandbox=sandbox, name=name).first()
    if found is None:
        raise absent("检查点", name, remedy="现有的检查点见 GET /control/v1/sandboxes/{sandbox}/checkpoints")
    return found


def drop(sandbox: Sandbox, name: str) -> None:
    """Forget a checkpoint. Raises 404."""
    find(sandbox, name).delete()


def exported(sandbox: Sandbox, name: str = "") -> bytes:
    """A checkpoint, or the present state, as a file to carry elsewhere."""
    return zlib.decompress(find(sandbox, name).body) if name else orjson.dumps(_present(sandbox))


def expect_light(body: bytes) -> None:
    """Refuse a file before it is read that would take too much memory, by its bytes or by how many values they can be."""
    if len(body) > LARGEST:
        raise Refusal("payload_too_large", f"快照最大 {LARGEST >> 20} MB")
    if body.count(b",") + body.count(b"[") + 4 * body.count(b"{") > VALUES:
        raise Refusal("payload_too_large", f"快照中的值过多，最多约 {VALUES} 个")


def imported(snapshot: Mapping[str, Any], name: str = "") -> worlds.Opened:
    """A new sandbox with an exported state; the accounts of the cast get tokens of its own.

    Judged as a whole before anything is written. Raises 422 with every fault.
    """
    _expect_version(snapshot)
    judge(snapshot)
    try:
        with transaction.atomic():
            opened = worlds.create(situation="empty", name=name)
            plant(opened.sandbox, snapshot)
            planting.open_sessions(opened.sandbox)
    except (IntegrityError, DataError) as error:
        raise Refusal("snapshot_faulty") from error
    return opened


# ── rows as plain data ────────────────────────────────────────────────────────────────────────────────────────────


def _same(value: Any) -> Any:
    return value


def _writer(field: models.Field[Any, Any], places: Mapping[type[Any], Mapping[int, int]]) -> Callable[[Any], Any]:
    """How a column's value is written down: instants and days as text, bytes in base64, a reference as a place."""
    match field:
        case models.ForeignKey():
            there = places[field.related_model]
            return lambda value: None if value is None else there[value]
        case models.DateTimeField() | models.DateField():
            return lambda value: None if value is None else value.isoformat()
        case models.BinaryField():
            return lambda value: base64.b64encode(value).decode()
        case _:
            return _same


def _reader(field: models.Field[Any, Any], planted: Mapping[type[Any], list[int]]) -> Callable[[Any], Any]:
    match field:
        case models.ForeignKey():
            there = planted[field.related_model]
            return lambda place: None if place is None else there[place]
        case models.DateTimeField():
            return lambda text: None if text is None else datetime.fromisoformat(text)
        case models.DateField():
            return lambda text: None if text is None else date.fromisoformat(text)
        case models.BinaryField():
            return base64.b64decode
        case _:
            return _same


# ── logins ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _logins(sandbox: Sandbox) -> list[Session]:
    """The logins there are, with the names of what they hang on."""
    return list(Session.objects.filter(sandbox=sandbox).select_related("account", "card"))


def _log_in_again(sandbox: Sandbox, logins: list[Session]) -> None:
    """Hang the logins on the accounts and cards that are there now, by their names; others have ended."""
    accounts, cards = planting.by_name(sandbox)
    again = []
    for login in logins:
        account = accounts.get(login.account.username)
        card = cards.get(login.card.number) if login.card else None
        if account and (card or login.card is None):
            login.pk, login.account, login.card = None, account, card
            again.append(login)
    Session.objects.bulk_create(again)
