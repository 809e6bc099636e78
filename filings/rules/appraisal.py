"""The one interpreter of sheets, and the only cleaner.

A JSON body and a posted form both become one plain dict and go through `appraise`; same sheet, two strictnesses:
暂存 forgives absence and judges type, length, code membership and grey fields; 申报 judges everything else too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, TypeVar

from filings.rules.facts import Facts
from filings.rules.matching import Row, paired
from filings.rules.register import ALWAYS, NEVER, Unreadable, Values
from filings.rules.sheet import Check, Field, Group, Proof, Rows, Sheet
from filings.rules.texts import WrongValue, shown
from filings.rules.words import Provenance, Shade

MISSING = object()

_Answer = TypeVar("_Answer")

Path = tuple[str | int, ...]
"""Where a value stands: a field's name, a group's and its, or rows, the number of one, and its field's."""

MOST_UNKNOWN = 100
"""So many unknown names are told at once: more are no help, and an answer should not outgrow its question."""


@dataclass(frozen=True, slots=True)
class Problem:
    """An error or a warning at one place of the content. `pointer` is a JSON pointer into the filing as it reads."""

    pointer: str
    code: str
    detail: str
    faq: str | None = None
    provenance: str = Provenance.OURS

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class FieldState:
    """How one field stands: what the screen colours yellow, white or grey."""

    field: Field
    shade: Shade
    value: Any
    recommended: str | None
    reason: str | None
    faq: str | None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Appraisal:
    """What an appraisal found.

    filled    the content, clean, every place of it (None where empty)
    changes   grey fields that were set back to what they must hold: {pointer, from, to, reason}
    """

    sheet: type[Sheet]
    facts: Facts
    filled: Values
    errors: list[Problem]
    warnings: list[Problem]
    changes: list[dict[str, Any]]

    @property
    def values(self) -> dict[str, Any]:
        """The clean content as plain data, empty places left out: what is kept."""
        return _kept(self.sheet, self.filled)

    def states(self) -> dict[str, FieldState]:
        """Every field's state by dotted name (`investors.0.amount` for rows)."""
        return {
            ".".join(map(str, path)): _state(field, siblings, self.filled, self.facts)
            for path, field, siblings in _places(self.sheet, self.filled)
        }


def appraise(
    sheet: type[Sheet],
    content: Mapping[str, Any],
    facts: Facts,
    *,
    sent: Mapping[str, Any] | None = None,
    declaring: bool = False,
    browser: bool = False,
) -> Appraisal:
    """Clean and judge a sheet's content, all of it at once: only what hangs on a value that cannot be read waits.

    sent       what the client wrote just now, as against what was kept before (default: all of it). A grey field sent
               with another value than it holds is an error; one merely overtaken by another field's change is set back.
    declaring  judge required fields, proofs and checks across fields too
    browser    a screen posts what it shows: a different value in a grey field is ignored, as a browser would not send
               it
    """
    errors: list[Problem] = []
    warnings: list[Problem] = []
    changes: list[dict[str, Any]] = []
    values = _cleaned(sheet, content, errors)
    recorded = _recorded(sheet, values, facts, warnings)

    for path, field, siblings in _places(sheet, values):
        if field.doubt and (doubt := _fault(field.doubt, sheet, path, field, siblings)):
            warnings.append(doubt)
        if field.locked is NEVER:
            continue
        if field.locked is not ALWAYS and not _ask(field.locked, values, facts, unreadable=False):
            continue
        holds, has = _held(field, path, facts, siblings, recorded), siblings.get(field.name)
        if has == holds:
            continue
        pointer = pointer_to(path)
        if has is not None and not browser and _at(content if sent is None else sent, path) is not MISSING:
            errors.append(Problem(pointer, field.locked_code, _locked_words(field), field.faq, field.provenance))
        elif has is not None:
            changes.append({"pointer": pointer, "from": has, "to": holds, "reason": _locked_words(field)})
        siblings[field.name] = holds

    if declaring:
        _judge_whole(sheet, values, facts, errors)
    faulty = {problem.pointer for problem in errors}
    for check in sheet.checks:
        if check.warning and not facts.helped:
            continue
        if (check.warning or check.always or declaring) and not _ask(check.rule, values, facts, unreadable=True):
            if check.first is None:
                (warnings if check.warning else errors).append(_problem(check))
            elif f"/content/{check.at}" not in faulty:
                whose = sheet.items[check.at]
                assert isinstance(whose, Field)
                errors.append(_fault(check.first, sheet, (check.at,), whose, values) or _problem(check))
    return Appraisal(sheet, facts, values, errors, warnings, changes)


def misfits(sheet: type[Sheet], content: Mapping[str, Any]) -> list[Problem]:
    """What of a kept content a sheet cannot hold: type, length, membership, unknown names. It knows no facts."""
    errors: list[Problem] = []
    _cleaned(sheet, content, errors)
    return errors


def _ask(asked: Callable[..., _Answer], *about: Any, unreadable: _Answer) -> _Answer:
    """What a rule answers; while it reads a value that cannot be read, the answer that has nothing told of it."""
    try:
        return asked(*about)
    except Unreadable:
        return unreadable


def _judge_whole(sheet: type[Sheet], values: Values, facts: Facts, errors: list[Problem]) -> None:
    """What only 申报 asks: required fields and rows, and each value's proof."""
    faulty = {problem.pointer for problem in errors}
    for name, item in sheet.items.items():
        if (
            isinstance(item, Rows)
            and not values.get(name)
            and name not in values.unread
            and _ask(item.required, values, facts, unreadable=False)
        ):
            errors.append(Problem(f"/content/{name}", "required", item.lacking))
    for path, field, siblings in _places(sheet, values):
        value, pointer = siblings.get(field.name), pointer_to(path)
        if pointer in faulty or field.name in siblings.unread:
            continue
        if value is None:
            if _is_required(field, values, facts) and not _is_locked(field, values, facts):
                words = whose(sheet, path) + field.lacking
                errors.append(
                    Problem(pointer, field.required_code, words, field.required.faq or field.faq, field.provenance)
                )
        elif field.proof and (fault := _fault(field.proof, sheet, path, field, siblings)):
            errors.append(fault)


def _fault(proof: Proof, sheet: type[Sheet], path: Path, field: Field, siblings: Values) -> Problem | None:
    """What a proof finds wrong with the value at a place, with the value and a right one."""
    value = siblings.get(field.name)
    fault = None if value is None else _ask(proof.fault, value, siblings, unreadable=None)
    if fault is None:
        return None
    words = f"{whose(sheet, path)}{fault}，填写的是{shown(value)}{field.like if proof is field.proof else ''}"
    return Problem(pointer_to(path), proof.code, words, field.faq, proof.provenance)


def _recorded(sheet: type[Sheet], values: Values, facts: Facts, warnings: list[Problem]) -> dict[str, list[Row | None]]:
    """For each row the record's row it is; a row that may have lost by its name what customs returned of it is warned
    of."""
    found: dict[str, list[Row | None]] = {}
    for name, item in sheet.items.items():
        if isinstance(item, Rows) and item.recorded is not None:
            known = item.recorded(facts)
            there = paired(item, values[name], known)
            found[name] = [None if at is None else known[at] for at in there]
            left = [row for at, row in enumerate(known) if at not in there]
            new = [n for n, row in enumerate(values[name]) if there[n] is None and any(row.values())]
            warnings += [
                warning
                for field in item.fields.values()
                if field.returned
                for warning in _lost(sheet, item, field, left, new)
            ]
    return found


def _lost(sheet: type[Sheet], item: Rows, field: Field, left: list[Row], new: list[int]) -> Iterator[Problem]:
    """That rows are new, while the record has others, of which customs returned something, that none of the sheet's
    is."""
    names = "、".join(str(row.get(item.known_by[0])) for row in left if row.get(field.name))
    labels = "、".join(item.fields[key].label for key in item.known_by)
    for n in new if names else ():
        path = (item.name, n, field.name)
        words = (
            f"备案中没有{labels}与此行对应的一行，按新增处理，{field.label}不再沿用备案的值；备案中没有对上的：{names}"
        )
        yield Problem(pointer_to(path), f"{field.name}_lost", whose(sheet, path) + words, field.faq)


def _held(field: Field, path: Path, facts: Facts, siblings: Values, recorded: Mapping[str, list[Row | None]]) -> Any:
    """What a grey field holds: what customs returned of a row is in the record's row that it is."""
    match path:
        case (str(name), int(n), _) if field.returned and name in recorded:
            row = recorded[name][n]
            return row.get(field.name) if row else None
    return field.held(facts, siblings)


def _cleaned(sheet: type[Sheet], content: Mapping[str, Any], errors: list[Problem]) -> Values:
    """Type, length, membership; unknown names are each named."""
    values = Values()
    unread: set[str] = set()
    _name_unknown("/content", content, sheet.items, errors)
    for name, item in sheet.items.items():
        raw, pointer = content.get(name), f"/content/{name}"
        match item:
            case Group():
                if raw is not None and type(raw) is not dict:
                    errors.append(Problem(pointer, "type_mismatch", f"{item.label}应为对象，填写的是{shown(raw)}"))
                    values[name] = Values(dict.fromkeys(item.fields))
                    values[name].unread = item.fields
                else:
                    values[name] = _cleaned_fields(sheet, item.fields, raw or {}, (name,), errors)
            case Rows():
                if raw is not None and (type(raw) is not list or any(type(row) is not dict for row in raw)):
                    odd = raw if type(raw) is not list else next(row for row in raw if type(row) is not dict)
                    given = f"填写的是{shown(raw)}" if odd is raw else f"其中有{shown(odd)}"
                    errors.append(Problem(pointer, "type_mismatch", f"{item.label}应为对象数组，{given}"))
                    raw, unread = None, {*unread, name}
                elif raw and len(raw) > item.max_rows:
                    errors.append(
                        Problem(pointer, "too_many_rows", f"{item.label}最多 {item.max_rows} 行，填写了 {len(raw)} 行")
                    )
                    raw, unread = None, {*unread, name}
                values[name] = [
                    _cleaned_fields(sheet, item.fields, row, (name, n), errors) for n, row in enumerate(raw or [])
                ]
            case _:
                values[name] = _cleaned_value(sheet, item, raw, (name,), errors, unread)
    values.unread = unread
    return values


def _cleaned_fields(
    sheet: type[Sheet], fields: Mapping[str, Field], raw: Mapping[str, Any], path: Path, errors: list[Problem]
) -> Values:
    _name_unknown(pointer_to(path), raw, fields, errors)
    unread: set[str] = set()
    values = Values(
        {
            name: _cleaned_value(sheet, field, raw.get(name), (*path, name), errors, unread)
            for name, field in fields.items()
        }
    )
    values.unread = unread
    return values


def _cleaned_value(
    sheet: type[Sheet], field: Field, raw: Any, path: Path, errors: list[Problem], unread: set[str]
) -> Any:
    try:
        value = field.clean(raw)
    except WrongValue as fault:
        words = whose(sheet, path) + fault.detail
        errors.append(Problem(pointer_to(path), fault.code, words, field.faq, field.provenance))
        unread.add(field.name)
        return None
    return field.default if value is None else value


def _places(sheet: type[Sheet], values: Values) -> Iterator[tuple[Path, Field, Values]]:
    """Every place a value stands, with the values beside it."""
    for name, item in sheet.items.items():
        match item:
            case Group():
                for key, field in item.fields.items():
                    yield (name, key), field, values[name]
            case Rows():
                for n, row in enumerate(values[name]):
                    for key, field in item.fields.items():
                        yield (name, n, key), field, row
            case _:
                yield (name,), item, values


def _state(field: Field, siblings: Values, values: Values, facts: Facts) -> FieldState:
    value = siblings.get(field.name)
    asked = field.recommend if facts.helped else None
    recommended = _ask(asked, values, facts, unreadable=None) if asked else None
    hint = "" if field.hint_until and _ask(field.hint_until, values, unreadable=False) else field.hint
    if _is_locked(field, values, facts):
        return FieldState(
            field, Shade.READONLY, value, recommended, _locked_words(field), field.locked.faq or field.faq, hint
        )
    if _is_required(field, values, facts):
        return FieldState(
            field,
            Shade.REQUIRED,
            value,
            recommended,
            field.required_words or None,
            field.required.faq or field.faq,
            hint,
        )
    return FieldState(field, Shade.OPTIONAL, value, recommended, None, field.faq, hint)


def _is_locked(field: Field, values: Values, facts: Facts) -> bool:
    return field.locked is not NEVER and _ask(field.locked, values, facts, unreadable=False)


def _is_required(field: Field, values: Values, facts: Facts) -> bool:
    return field.required is not NEVER and _ask(field.required, values, facts, unreadable=False)


def _locked_words(field: Field) -> str:
    return field.locked_words or f"{field.label}为只读项，不可更改：{field.locked.sentence}"


def _problem(check: Check) -> Problem:
    pointer = check.at if check.at.startswith("/") else f"/content/{check.at}"
    return Problem(pointer, check.rule.code, check.otherwise, check.rule.faq, check.rule.provenance)


def _name_unknown(pointer: str, raw: Mapping[str, Any], known: Mapping[str, Any], errors: list[Problem]) -> None:
    """Name what there is no place for, as long as not too many faults are told already."""
    unknown = (name for name in raw if name not in known)
    errors += [_unknown(pointer, name) for name in islice(unknown, max(0, MOST_UNKNOWN - len(errors)))]


def _unknown(pointer: str, name: str) -> Problem:
    return Problem(f"{pointer}/{escaped(name)[:60]}", "unknown_field", f"没有名为{shown(name)}的字段")


def escaped(name: str) -> str:
    """A name as a piece of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def whose(sheet: type[Sheet], path: Path) -> str:
    """Whose field it is, where a label alone would not tell: a group's, or a row's."""
    match path:
        case (str(name), int(n), _):
            return f"{sheet.items[name].label}第{n + 1}行："
        case (str(name), _):
            return f"{sheet.items[name].label}："
    return ""


def pointer_to(path: Path) -> str:
    return "/content/" + "/".join(map(str, path))


def _at(content: Any, path: Path) -> Any:
    """What stands at a path, MISSING where nothing was written (null counts as nothing)."""
    for key in path:
        if isinstance(key, int):
            content = content[key] if isinstance(content, list) and key < len(content) else None
        else:
            content = content.get(key) if isinstance(content, dict) else None
        if content is None:
            return MISSING
    return content


def _kept(sheet: type[Sheet], values: Values) -> dict[str, Any]:
    """The clean values as plain data, empty places and what customs returns left out."""
    kept: dict[str, Any] = {}
    for name, item in sheet.items.items():
        value = values[name]
        match item:
            case Group():
                value = _kept_fields(item.fields, value) or None
            case Rows():
                value = [_kept_fields(item.fields, row) for row in value] or None
            case Field(returned=True):
                continue
        if value is not None:
            kept[name] = value
    return kept


def _kept_fields(fields: Mapping[str, Field], values: Values) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None and not fields[key].returned}
