"""Whole states of a sandbox: taken, kept under a name, restored, exported and imported.

A snapshot holds the rows of a sandbox by table, with the versions of schema and rules. It holds no logins, which live
on wall time: the logins at the time of a restore stay if their account is in the snapshot. Of attached files it holds
the digests: a checkpoint finds the bytes in its sandbox, an export carries them.
"""

from __future__ import annotations

import base64
import hashlib
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import IO, Any, NamedTuple

import orjson
from django.db import DataError, IntegrityError, transaction
from django.db.models import Count, QuerySet

from filings.answers.sandboxes import Share, Usage
from filings.lab.watching import coverage
from filings.lab.worlds import planting, rows, worlds
from filings.lab.worlds.judging import HEAD, body_of, judge
from filings.lab.worlds.tables import columns, of_world
from filings.models import Attachment, Checkpoint, Content, Holding, Sandbox, Session, wall
from filings.prepared import PreparedValues
from filings.record import contents
from filings.rules import limits
from filings.rules.appraisal import Problem
from filings.rules.dates import rfc3339
from filings.rules.refusals import Refusal, absent
from filings.rules.version import RULES_VERSION, VERSION

FORMAT = "singlewindow-simulator/snapshot/1"

IN_MEMORY = 1024 * 1024
"""How many bytes of an export stay in memory; a larger one goes to a temporary file."""

AT_ONCE = 3 * 1024 * 1024
"""How many bytes of a file are written in base64 at a time: a multiple of three, so that the pieces join."""

Snapshot = dict[str, Any]


def take(sandbox: Sandbox) -> Snapshot:
    """The whole state of a sandbox as plain data: rows, clock, counters, agenda. Call it within a transaction."""
    return {
        "format": FORMAT,
        "schema": schema(),
        "rules_version": RULES_VERSION,
        "simulator": VERSION,
        "sandbox": {name: getattr(sandbox, name) for name in HEAD},
        "clock": {"mode": sandbox.clock_mode, "now": rfc3339(sandbox.now()), "rate": sandbox.clock_rate},
        "tables": rows.read(sandbox),
    }


class Ready(NamedTuple):
    """A snapshot whose rows are ready to be written. `digests` are those of its attached files."""

    sandbox: Mapping[str, Any]
    clock: Mapping[str, Any]
    tables: rows.Tables
    digests: frozenset[str]


def ready(snapshot: Snapshot) -> Ready:
    """Make a snapshot ready; the snapshot itself is emptied by it. Raises 422 for one of another version."""
    _expect_version(snapshot)
    digests = _digests(snapshot)
    return Ready(snapshot["sandbox"], snapshot["clock"], rows.ready(snapshot["tables"]), digests)


@contextmanager
def at_hand(sandbox: Sandbox, made: Ready) -> Iterator[Callable[[], None]]:
    """A snapshot that can be planted at once. Yields a function that makes the sandbox's world that of the snapshot, in
    the caller's transaction."""
    with rows.at_hand(rows.placed(sandbox, made.tables)) as write:
        yield lambda: _plant(sandbox, made, write)


def _plant(sandbox: Sandbox, made: Ready, write: Callable[[], None]) -> None:
    logins = _LOGINS.all(sandbox.pk)
    coverage.keep(sandbox)
    worlds.erase_world(sandbox)
    write()
    contents.forget_unused(sandbox)
    for name in HEAD:
        setattr(sandbox, name, made.sandbox[name])
    sandbox.filings_held = len(made.tables["Filing"])
    clock = made.clock
    sandbox.clock_mode, sandbox.clock_rate = clock["mode"], clock["rate"]
    sandbox.clock_moment, sandbox.clock_set_at = datetime.fromisoformat(clock["now"]), wall()
    sandbox.epoch += 1
    sandbox.advancing_until = None
    sandbox.save()
    _log_in_again(sandbox, logins)


def _digests(snapshot: Snapshot) -> frozenset[str]:
    """The digests of all attached files."""
    n = [column.name for column in columns(Attachment)].index("sha256")
    return frozenset(row[n] for row in snapshot["tables"]["Attachment"])


@cache
def schema() -> str:
    """A digest of the shapes of the tables: a snapshot only fits where it is the same."""
    shapes = [f"{model.__name__}:{','.join(column.attname for column in columns(model))}" for model in of_world()]
    return hashlib.sha256("\n".join(shapes).encode()).hexdigest()[:16]


def _expect_version(snapshot: Mapping[str, Any]) -> None:
    """Refuse data that is not a snapshot, or that has other tables or other rules."""
    for name, mine in (("format", FORMAT), ("schema", schema()), ("rules_version", RULES_VERSION)):
        if snapshot.get(name) != mine:
            raise Refusal(
                "snapshot_not_fitting",
                errors=[Problem(f"/{name}", "snapshot_not_fitting", f"应为 {mine}")],
                extra={"schema": schema()},
            )


# ── checkpoints ───────────────────────────────────────────────────────────────────────────────────────────────────


class Packed(NamedTuple):
    """A state ready to be kept: how many rows, the clock, and the digests of the attached files."""

    body: bytes
    rows: int
    clock_at: datetime
    digests: frozenset[str]


def pack(sandbox: Sandbox) -> Packed:
    """The present state. Nobody has to wait meanwhile, unless it is called within a deed. Raises 404."""
    with rows.one_moment():
        sandbox.read_anew()
        snapshot = take(sandbox)
    number, stood = sum(map(len, snapshot["tables"].values())), datetime.fromisoformat(snapshot["clock"]["now"])
    return Packed(zlib.compress(orjson.dumps(snapshot), 1), number, stood, _digests(snapshot))


@transaction.atomic
def keep(sandbox: Sandbox, name: str, packed: Packed | None = None, *, replace: bool = False) -> Checkpoint:
    """Keep a state under a name; the present one, unless another is given.

    Raises 409 `checkpoint_exists`, unless it may replace, and 409 `too_many_checkpoints`.
    """
    sandbox.lock_anew()
    before = Checkpoint.objects.filter(sandbox=sandbox)
    if before.filter(name=name).exists():
        if not replace:
            raise Refusal("checkpoint_exists")
        _forget(before.filter(name=name))
    limits.expect_checkpoint(before.count())
    attached = contents.kept(sandbox, packed.digests) if packed else None
    if packed is None or attached is None:
        # What was attached when it was packed has been taken off since: it is packed anew, with the sandbox in hand.
        packed = pack(sandbox)
        attached = contents.kept(sandbox, packed.digests)
    kept = Checkpoint.objects.create(
        sandbox=sandbox,
        name=name,
        taken_at=wall(),
        clock_at=packed.clock_at,
        rows=packed.rows,
        sha256=_digest(packed.body),
        body=packed.body,
    )
    Holding.objects.bulk_create(
        Holding(sandbox=sandbox, checkpoint=kept, content=content) for content in attached or ()
    )
    contents.forget_unused(sandbox)
    return kept


def restore(sandbox: Sandbox, name: str) -> Sandbox:
    """Restore a checkpoint, clock included: all of it or nothing.

    A write that was under way is refused (409 `world_reset`). The checkpoint is read and made ready before anybody has
    to wait. No limit is asked: the checkpoint is of this sandbox, and its files have been counted all along. Raises
    404, and 422 `checkpoint_damaged`.
    """
    while True:
        kept = find(sandbox, name)
        made = ready(orjson.loads(_unpacked(kept)))
        with at_hand(sandbox, made) as plant, transaction.atomic():
            sandbox.lock_anew()
            if Checkpoint.objects.filter(pk=kept.pk).exists():
                if contents.kept(sandbox, made.digests) is None:
                    raise Refusal("checkpoint_damaged")
                plant()
                return sandbox
        # It has been dropped meanwhile, or another kept under its name.


def checkpoints(sandbox: Sandbox) -> QuerySet[Checkpoint]:
    """The checkpoints of a sandbox, newest first."""
    return Checkpoint.objects.filter(sandbox=sandbox).defer("body").order_by("-id")


def find(sandbox: Sandbox, name: str) -> Checkpoint:
    """A checkpoint by its name. Raises 404."""
    found = Checkpoint.objects.filter(sandbox=sandbox, name=name).first()
    if found is None:
        raise _no_checkpoint(name)
    return found


@transaction.atomic
def drop(sandbox: Sandbox, name: str) -> None:
    """Forget a checkpoint. Raises 404."""
    sandbox.lock_anew()
    if not _forget(Checkpoint.objects.filter(sandbox=sandbox, name=name)):
        raise _no_checkpoint(name)
    contents.forget_unused(sandbox)


def usage(sandbox: Sandbox) -> Usage:
    """How much a sandbox holds of each thing that has a limit: bytes of files, checkpoints, filings."""
    return Usage(
        attached_bytes=Share(contents.used(sandbox), limits.MOST_BYTES),
        checkpoints=Share(sum(number for (number,) in _NUMBER.all(sandbox.pk)), limits.MOST_CHECKPOINTS),
        filings=Share(sandbox.filings_held, limits.MOST_FILINGS),
    )


_NUMBER = PreparedValues(
    lambda sandbox: (
        Checkpoint.objects.filter(sandbox=sandbox).order_by().values("sandbox").annotate(n=Count("pk")).values_list("n")
    ),
    1,
)


def _forget(kept: QuerySet[Checkpoint]) -> int:
    Holding.objects.filter(checkpoint__in=kept).delete()
    return int(kept._raw_delete(kept.db))  # the ORM's own way would read what it deletes


def _no_checkpoint(name: str) -> Refusal:
    return absent("检查点", name, remedy="现有的检查点见 GET /control/v1/sandboxes/{sandbox}/checkpoints")


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _unpacked(kept: Checkpoint) -> bytes:
    """The snapshot of a checkpoint, as JSON. Raises 422 if somebody altered it in the database: its world might not
    work."""
    body = bytes(kept.body)
    if _digest(body) != kept.sha256:
        raise Refusal("checkpoint_damaged")
    return zlib.decompress(body)


def exported(sandbox: Sandbox, name: str = "") -> IO[bytes]:
    """A checkpoint, or the present state, as a file. The attached files come last.

    It is of one moment, and complete before any of it is sent. One attached file at a time is in memory.
    """
    file: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by who has sent it
    with rows.one_moment():
        sandbox.read_anew()
        packed = _unpacked(find(sandbox, name)) if name else orjson.dumps(take(sandbox))
        file.write(packed[:-1] + b',"contents":{')
        for n, digest in enumerate(sorted(_digests(orjson.loads(packed)))):
            file.write(f'{"," if n else ""}"{digest}":"'.encode())
            body = memoryview(contents.read(sandbox, digest))
            for begin in range(0, len(body), AT_ONCE):
                file.write(base64.b64encode(body[begin : begin + AT_ONCE]))
            file.write(b'"')
        file.write(b"}}")
    file.seek(0)
    return file


def imported(snapshot: Snapshot, name: str = "") -> worlds.Opened:
    """A new sandbox with an exported state. The accounts of the cast get new tokens.

    The whole is judged before anything is written; raises 422 with every error. Attached files are written one by one,
    so that others can work between them; the world comes last, at once.
    """
    _expect_version(snapshot)
    judge(snapshot)
    attached = snapshot["contents"]
    made = ready(snapshot)
    opened = worlds.create(situation="empty", name=name)
    try:
        for digest in attached:
            _put_away(opened.sandbox, digest, body_of(attached[digest]))
        with at_hand(opened.sandbox, made) as plant, transaction.atomic():
            opened.sandbox.lock_anew()
            if contents.kept(opened.sandbox, made.digests) is None:
                raise Refusal("world_reset")  # by somebody who found it before it was whole
            plant()
            planting.open_sessions(opened.sandbox)
    except (IntegrityError, DataError) as error:
        worlds.erase(opened.sandbox)
        raise Refusal("snapshot_faulty") from error
    except BaseException:
        worlds.erase(opened.sandbox)
        raise
    return opened


@transaction.atomic
def _put_away(sandbox: Sandbox, digest: str, body: bytes) -> None:
    sandbox.lock_anew()
    contents.put(sandbox, digest, body)


# ── looked over ───────────────────────────────────────────────────────────────────────────────────────────────────


def faults(sandbox: Sandbox) -> Iterator[str]:
    """What keeps a sandbox from being carried elsewhere as it is, or from coming back to a checkpoint; nothing, unless
    somebody altered it in the database."""
    try:
        with rows.one_moment():
            _judge_here(sandbox, orjson.loads(orjson.dumps(take(sandbox))))
    except (Refusal, *_UNREADABLE) as error:
        yield _told(error)
    for kept in checkpoints(sandbox):
        try:
            snapshot = orjson.loads(_unpacked(find(sandbox, kept.name)))
            _expect_version(snapshot)
            _judge_here(sandbox, snapshot)
        except (Refusal, *_UNREADABLE) as error:
            yield f"检查点 {kept.name}：{_told(error)}"


_UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)
"""What spoilt rows do to who reads them."""


def _told(error: Exception) -> str:
    return error.detail if isinstance(error, Refusal) else f"不能读出（{error!r}）"


def _judge_here(sandbox: Sandbox, snapshot: Snapshot) -> None:
    """Judge a snapshot with what is attached in it, as this sandbox has it."""
    there = Content.objects.filter(sandbox=sandbox, sha256__in=_digests(snapshot)).values_list("sha256", flat=True)
    judge({**snapshot, "contents": {digest: _Kept(sandbox, digest) for digest in there}})


class _Kept(NamedTuple):
    """A content where it is kept, read when it is judged."""

    sandbox: Sandbox
    digest: str

    def read(self) -> bytes:
        return base64.b64encode(contents.read(self.sandbox, self.digest))


# ── logins ────────────────────────────────────────────────────────────────────────────────────────────────────────


_LOGIN = ("medium", "token_digest", "opened_at", "expires_at", "seen_at")
"""The columns that belong to the login alone."""

_LOGINS = PreparedValues(
    lambda sandbox: (
        Session.objects.filter(sandbox=sandbox).order_by("id").values_list("account__username", "card__number", *_LOGIN)
    ),
    1,
)


def _log_in_again(sandbox: Sandbox, logins: Iterable[tuple[Any, ...]]) -> None:
    """Give the old logins to the accounts and cards of the new world that have the same names; the other logins end."""
    accounts, cards = planting.by_name(sandbox)
    planting.log_in(
        {
            "sandbox_id": sandbox.pk,
            "account_id": accounts[username],
            "card_id": None if number is None else cards[number],
            **dict(zip(_LOGIN, login, strict=True)),
        }
        for username, number, *login in logins
        if username in accounts and (number is None or number in cards)
    )
