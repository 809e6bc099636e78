"""Can this snapshot be planted? Judged as a whole before anything is, by what the models say of their own columns.

A column is judged by its type, length, choices and validators, a row by its model's `clean`, a table by its unique
constraints: a new model or column is judged without a word here. Besides, the counters of the world must not be behind
its numbers.
"""

from __future__ import annotations

import base64
import hashlib
import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache, partial
from itertools import chain, islice
from typing import Any, Protocol

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.backends.base.operations import BaseDatabaseOperations

from filings.lab.worlds.situations import SITUATIONS
from filings.lab.worlds.tables import columns, of_world
from filings.models import Attachment, Event, Filing, Sandbox
from filings.models.proofs import Misfit, Numbered, expect_day, expect_moment
from filings.models.sandbox import InSandbox
from filings.rules import limits
from filings.rules.appraisal import Problem
from filings.rules.attachments import MAX_BYTES
from filings.rules.refusals import Refusal

MOST_ROWS = 200_000
"""Rows of a snapshot in all. Ours."""

MOST_TOLD = 100
"""How many faults are told of one snapshot: more are no help."""

DEEPEST = 16
"""How deep the documents in a row may be nested; ours are not half so deep."""

ROOM = 1_000_000
"""So far from the end of its range a number must stay, that counters may go on from it."""

HEAD = (
    "seed",
    "situation",
    "opening_clock",
    "opening_scenario",
    "scenario",
    "magic_names",
    "faulty",
    "events_taken",
    "serials_taken",
)
"""What of the sandbox itself belongs to its state, besides the clock."""

CLOCK = {"mode": "clock_mode", "now": "clock_moment", "rate": "clock_rate"}
"""The members of a snapshot's clock, and where the sandbox keeps them."""

_COUNTERS = {"seq": "events_taken", "serial": "serials_taken"}
"""Columns that are numbered by a counter of the sandbox."""

Row = dict[str, Any]

Taker = Callable[[Any, int], Any]
"""Reads a column's value and judges it; it is told how many rows the table has that a reference means."""


def judge(snapshot: Mapping[str, Any]) -> None:
    """Raises 422 with the faults of a snapshot, each with its pointer; the first so many of them."""
    faults = list(islice(_faults(snapshot), MOST_TOLD))
    if faults:
        more = "等" if len(faults) == MOST_TOLD else ""
        detail = f"快照中有 {len(faults)} {more}处不能导入：{faults[0].pointer} {faults[0].detail}"
        raise Refusal("snapshot_faulty", detail, errors=faults)


def _column(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def _faults(snapshot: Mapping[str, Any]) -> Iterator[Problem]:
    for name, members in (
        ("sandbox", HEAD),
        ("clock", tuple(CLOCK)),
        ("tables", tuple(model.__name__ for model in of_world())),
    ):
        if faults := list(_members(f"/{name}", snapshot.get(name), members)):
            yield from faults
            return
    head: Row = {}
    for name in HEAD:
        yield from _judged(f"/sandbox/{name}", _column(Sandbox, name), snapshot["sandbox"][name], head)
    for name, column in CLOCK.items():
        yield from _judged(f"/clock/{name}", _column(Sandbox, column), snapshot["clock"][name], head)
    if head.get("situation", "empty") not in SITUATIONS:
        yield Problem("/sandbox/situation", "unknown_situation", "没有这个场面")
    tables: Mapping[str, Any] = snapshot["tables"]
    for name, rows in tables.items():
        if type(rows) is not list:
            yield Problem(f"/tables/{name}", "type_mismatch", "应为数组")
            return
    if (count := sum(map(len, tables.values()))) > MOST_ROWS:
        yield Problem("/tables", "too_many_rows", f"快照共有 {count} 行，最多 {MOST_ROWS} 行")
        return
    if (count := len(tables["Filing"])) > limits.MOST_FILINGS:
        yield Problem(
            "/tables/Filing", "too_many_filings", f"快照中有 {count} 份申请单，每个沙箱最多 {limits.MOST_FILINGS} 份"
        )
        return
    counted, versions, attached = _Counted(), _Versions(), _Attached()
    for model in of_world():
        taken = _Taken(model)
        for n, row in enumerate(tables[model.__name__]):
            pointer = f"/tables/{model.__name__}/{n}"
            values: Row = {}
            faults = list(_row(pointer, model, row, tables, values))
            yield from faults
            if faults:
                attached.unsure |= model is Attachment
            else:
                yield from taken.met(pointer, values)
                counted.met(pointer, model, values)
                versions.met(pointer, model, values)
                attached.met(pointer, model, values)
    yield from attached.misfits(snapshot.get("contents"))
    yield from counted.beyond(head)
    yield from versions.behind()


def _members(pointer: str, value: Any, names: Sequence[str]) -> Iterator[Problem]:
    """Whether an object has these members and no other."""
    if type(value) is not dict:
        yield Problem(pointer, "type_mismatch", "应为对象")
        return
    yield from (Problem(f"{pointer}/{name}", "required", f"缺少“{name}”") for name in names if name not in value)
    others = (name for name in value if name not in names)
    yield from (Problem(f"{pointer}/{name[:60]}", "unknown_field", f"没有名为“{name[:60]}”的成员") for name in others)


def _row(
    pointer: str, model: type[InSandbox], row: Any, tables: Mapping[str, list[Any]], values: Row
) -> Iterator[Problem]:
    """Judge a row by its columns, and, if each is sound, as a whole. Its values as the database would have them are
    left in `values`."""
    of_model = _takers(model)
    if type(row) is not list or len(row) != len(of_model):
        yield Problem(pointer, "invalid", f"应为 {len(of_model)} 项的数组")
        return
    sound = True
    for n, (field, take, meant) in enumerate(of_model):
        try:
            values[field.attname] = take(row[n], len(tables[meant]) if meant else 0)
        except ValidationError as error:
            sound = False
            yield from _problems(f"{pointer}/{n}", field, error)
    if sound and model.clean is not models.Model.clean:
        try:
            _instance(model, values).clean()
        except ValidationError as error:
            by_column = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
            places = {field.name: f"{pointer}/{n}" for n, (field, *_) in enumerate(of_model)}
            for name, errors in by_column.items():
                yield from (_problem(places.get(name, pointer), model, name, part) for part in errors)


def _instance(model: type[InSandbox], values: Row) -> InSandbox:
    """A row of values that are sound each. Made past `__init__`, which costs more than the judging."""
    made = model.__new__(model)
    made.__dict__.update(values)
    return made


def _judged(pointer: str, field: models.Field[Any, Any], value: Any, values: Row) -> Iterator[Problem]:
    """Judge one value by its column; sound, it is left in `values`."""
    try:
        values[field.attname] = _taker(field)(value, 0)
    except ValidationError as error:
        yield from _problems(pointer, field, error)


def _problems(pointer: str, field: models.Field[Any, Any], error: ValidationError) -> Iterator[Problem]:
    return (_problem(pointer, field.model, field.name, part) for part in error.error_list)


def _problem(pointer: str, model: type[models.Model], column: str, error: ValidationError) -> Problem:
    of = model.__name__ if column == NON_FIELD_ERRORS else f"{model.__name__}.{column}"
    return Problem(f"{pointer}{getattr(error, 'at', '')[:200]}", error.code or "invalid", f"{of}：{error.messages[0]}")


# ── columns ───────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _takers(model: type[InSandbox]) -> tuple[tuple[models.Field[Any, Any], Taker, str], ...]:
    """The columns of a table, how each is read and judged, and the table that it refers to, if it does."""
    return tuple(
        (column, _taker(column), column.related_model.__name__ if isinstance(column, models.ForeignKey) else "")
        for column in columns(model)
    )


@cache
def _taker(field: models.Field[Any, Any]) -> Taker:
    """How a column's value is read and judged."""
    read = _reader(field)
    choices = {value for value, _ in field.flatchoices}
    proofs = field.deconstruct()[3].get("validators", ())

    def take(value: Any, there: int) -> Any:
        if value is None:
            if not field.null:
                raise Misfit("required", "不能为空")
            return None
        taken = read(value, there)
        if taken == "":
            if not field.blank:
                raise Misfit("required", "不能为空")
            return taken
        if choices and taken not in choices:
            raise Misfit("unknown_code", f"没有“{str(taken)[:40]}”")
        for proof in proofs:
            proof(taken)
        return taken

    return take


def _reader(field: models.Field[Any, Any]) -> Callable[[Any, int], Any]:
    """How a column's value stands in a snapshot."""
    match field:
        case models.ForeignKey():
            return _place
        case models.DateTimeField():
            return _moment
        case models.DateField():
            return _day
        case models.BooleanField():
            return partial(_exactly, bool, "true 或 false")
        case models.IntegerField():
            low, high = BaseDatabaseOperations.integer_field_ranges[field.get_internal_type()]
            return partial(_whole, low, high - min(ROOM, high // 2))
        case models.FloatField():
            return _real
        case models.JSONField():
            return _document
        case models.CharField() | models.TextField():
            return partial(_text, field.max_length or math.inf)
    raise TypeError(f"{field}: how does it stand in a snapshot?")


def _exactly(kind: type, words: str, value: Any, there: int) -> Any:
    if type(value) is not kind:
        raise Misfit("type_mismatch", f"应为{words}")
    return value


def _text(longest: float, value: Any, there: int) -> Any:
    if type(value) is not str:
        raise Misfit("type_mismatch", "应为文字")
    if len(value) > longest:
        raise Misfit("max_length", f"最多 {longest} 个字符")
    if "\0" in value:
        raise Misfit("control_characters", "含有空字符")
    return value


def _whole(low: int, high: int, value: Any, there: int) -> int:
    _exactly(int, "整数", value, there)
    if not low <= value <= high:
        raise Misfit("out_of_range", f"应在 {low} 与 {high} 之间")
    return int(value)


def _real(value: Any, there: int) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise Misfit("type_mismatch", "应为数")
    return float(value)


def _place(value: Any, there: int) -> int:
    _exactly(int, "所指的行在其表中的位置", value, there)
    if not 0 <= value < there:
        raise Misfit("no_such_row", f"没有第 {value} 行")
    return int(value)


def _moment(value: Any, there: int) -> datetime:
    _exactly(str, "RFC 3339 时刻", value, there)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        raise Misfit("invalid", "应为 RFC 3339 时刻") from None
    expect_moment(moment)
    return moment


def _day(value: Any, there: int) -> date:
    _exactly(str, " YYYY-MM-DD 格式的日期", value, there)
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Misfit("invalid", "应为 YYYY-MM-DD 格式的日期") from None
    expect_day(day)
    return day


def _document(value: Any, there: int) -> Any:
    """A document of any kind: not too deep, and of texts and numbers that every database takes."""
    level = [value]
    for _ in range(DEEPEST):
        below: list[Any] = []
        for node in level:
            kind = type(node)
            if kind is str:
                if "\0" in node:
                    _text(math.inf, node, there)
            elif kind is dict:
                below += node
                below += node.values()
            elif kind is list:
                below += node
            elif kind is float:
                _real(node, there)
        if not below:
            return value
        level = below
    raise Misfit("invalid", "嵌套过深")


# ── tables ────────────────────────────────────────────────────────────────────────────────────────────────────────


class _Taken:
    """What a table's unique columns hold already."""

    def __init__(self, model: type[InSandbox]) -> None:
        self.rules = [*_unique(model)]
        self.met_with: list[set[Hashable]] = [set() for _ in self.rules]

    def met(self, pointer: str, values: Row) -> Iterator[Problem]:
        for (names, applies), there in zip(self.rules, self.met_with, strict=True):
            key = tuple(values[name] for name in names)
            if not applies(values):
                continue
            if key in there:
                yield Problem(pointer, "duplicate", f"与前面的一行重复：{'、'.join(names) or '只能有一行'}")
            there.add(key)


def _unique(model: type[InSandbox]) -> Iterator[tuple[tuple[str, ...], Callable[[Row], bool]]]:
    """The columns of each unique constraint besides the sandbox, and which rows it is of."""
    for field in columns(model):
        if field.unique:
            yield (field.attname,), lambda values: True
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            names = tuple(_column(model, name).attname for name in constraint.fields if name != "sandbox")
            yield names, _condition(constraint.condition)


def _condition(condition: models.Q | None) -> Callable[[Row], bool]:
    """A constraint's condition, asked of values that are in no database yet."""
    lookups: list[Any] = list(condition.children) if condition else []
    asked = [(*str(lookup).partition("__")[::2], value) for lookup, value in lookups]
    return lambda values: all(_ASKED[how](values[name], value) for name, how, value in asked)


_ASKED: Mapping[str, Callable[[Any, Any], bool]] = {
    "": lambda has, value: bool(has == value),
    "in": lambda has, value: has in value,
    "isnull": lambda has, value: (has is None) is value,
}
"""The lookups a constraint of ours is conditioned by."""


class _Counted:
    """The highest number of each counter that a row bears."""

    def __init__(self) -> None:
        self.highest: dict[str, tuple[int, str]] = defaultdict(lambda: (0, ""))

    def met(self, pointer: str, model: type[InSandbox], values: Row) -> None:
        for column, counter, number in _numbered(model):
            self.highest[counter] = max(self.highest[counter], (number(values[column]), pointer))

    def beyond(self, head: Row) -> Iterator[Problem]:
        for counter, (number, pointer) in self.highest.items():
            if head.get(counter, number) < number:
                yield Problem(f"/sandbox/{counter}", "out_of_range", f"计数器应不小于 {number}：已用于 {pointer}")


@cache
def _numbered(model: type[InSandbox]) -> tuple[tuple[str, str, Callable[[Any], int]], ...]:
    """The columns that bear numbers of a counter: which, and how the number is read."""
    found: list[tuple[str, str, Callable[[Any], int]]] = []
    for field in columns(model):
        if field.name in _COUNTERS:
            found.append((field.attname, _COUNTERS[field.name], int))
        proofs = field.deconstruct()[3].get("validators", ())
        found += [(field.attname, "serials_taken", proof.number) for proof in proofs if isinstance(proof, Numbered)]
    return tuple(found)


class _Versions:
    """The versions of filings, and of the events that made them: every version has exactly one."""

    def __init__(self) -> None:
        self.of: dict[str, tuple[int, str]] = {}
        self.made: dict[str, int] = {}

    def met(self, pointer: str, model: type[InSandbox], values: Row) -> None:
        if model is Filing:
            self.of[values["public_id"]] = (values["version"], pointer)
        elif model is Event and values["version"] is not None:
            self.made[values["subject"]] = max(self.made.get(values["subject"], 0), values["version"])

    def behind(self) -> Iterator[Problem]:
        for subject, (version, pointer) in self.of.items():
            if version < self.made.get(subject, 0):
                yield Problem(pointer, "out_of_range", f"版本 {version} 落后于它的事件")


# ── what is attached ──────────────────────────────────────────────────────────────────────────────────────────────


class Place(Protocol):
    """Where base64 stands that has not been read yet."""

    def read(self) -> bytes: ...


def body_of(encoded: str | Place) -> bytes:
    """What base64 means. Raises ValueError for what is none."""
    return base64.b64decode(encoded if isinstance(encoded, str) else encoded.read(), validate=True)


class _Attached:
    """What attachments say of what they hold. `unsure`: not of all of them it is known."""

    def __init__(self) -> None:
        self.unsure = False
        self.sizes: dict[str, list[tuple[int, str]]] = defaultdict(list)

    def met(self, pointer: str, model: type[InSandbox], values: Row) -> None:
        if model is Attachment:
            self.sizes[values["sha256"]].append((values["size"], pointer))

    def misfits(self, contents: Any) -> Iterator[Problem]:
        """Each is judged by itself, so that one is in memory at a time."""
        if type(contents) is not dict:
            yield Problem("/contents", "type_mismatch", "应为对象：附件的内容，各以其 SHA-256 为名")
            return
        total = 0
        for digest, encoded in contents.items():
            pointer = f"/contents/{digest[:64]}"
            try:
                body = body_of(encoded)
            except (TypeError, AttributeError):
                yield Problem(pointer, "type_mismatch", "应为 base64 文字")
                continue
            except ValueError:
                yield Problem(pointer, "invalid", "不是合法的 base64")
                continue
            total += len(body)
            if hashlib.sha256(body).hexdigest() != digest:
                yield Problem(pointer, "invalid", "内容的 SHA-256 与其名不符")
            elif len(body) > MAX_BYTES:
                yield Problem(pointer, "attachment_too_large", f"附件不能超过 {limits.megabytes(MAX_BYTES)}")
            elif digest not in self.sizes and not self.unsure:
                yield Problem(pointer, "unknown_field", "没有附件以此为内容")
            for size, at in self.sizes.pop(digest, ()):
                if size != len(body):
                    yield Problem(at, "invalid", f"Attachment.size：内容为 {len(body)} 字节")
        if total > limits.MOST_BYTES:
            words = f"附件合计 {limits.megabytes(total)}，每个沙箱最多 {limits.megabytes(limits.MOST_BYTES)}"
            yield Problem("/contents", "attachments_full", words)
        for _, at in chain.from_iterable(self.sizes.values()):
            yield Problem(at, "required", "Attachment.sha256：contents 中没有它的内容")
