"""Reading exercises from their files. An error names the file, the line and what is wrong there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

import msgspec

from filings.rules.events import PAYLOADS, EventName, Payload
from filings.rules.exercises import names
from filings.rules.exercises.cases import ANY
from filings.rules.exercises.schema import Before, Compared, Condition, Count, Exercise, Pattern, Sort, State
from filings.rules.faq import ENTRIES
from filings.rules.papers import stock
from filings.rules.refusals import CATALOGUE
from singlewindow.lean import later

if TYPE_CHECKING:
    import yaml
else:
    yaml = later("yaml")  # 7 ms, and only who asks for exercises needs it

HERE = Path(__file__).parent

AT_LEAST_WRONG = 2
"""How many wrong ways each exercise must show, each noticed by a diagnoser."""


class WrongExercise(ValueError):
    """An exercise that cannot be used: file, line, and what is wrong there."""

    def __init__(self, file: str, line: int, words: str) -> None:
        super().__init__(f"{file}:{line}: {words}")


class Loaded(msgspec.Struct, frozen=True):
    """An exercise with the digest of its file: two versions of a content never have the same."""

    exercise: Exercise
    digest: str


@cache
def catalogue() -> Mapping[str, Loaded]:
    """Every exercise by its id, those of the FAQ in its order, then the capstones."""
    found = [read(file.read_text("utf-8"), file.name) for file in HERE.glob("*.yaml")]
    entries = list(ENTRIES)

    def place(loaded: Loaded) -> tuple[bool, int, str]:
        exercise = loaded.exercise
        return exercise.capstone, entries.index(exercise.faq[0]), exercise.id

    return MappingProxyType({loaded.exercise.id: loaded for loaded in sorted(found, key=place)})


def of_entry(number: str) -> Exercise:
    """The exercise of an entry of the FAQ. Raises KeyError for what is none."""
    return catalogue()[id_of(number)].exercise


def id_of(number: str) -> str:
    """How the exercise of an entry is called."""
    return f"faq-{number.replace('.', '-')}"


def read(text: str, file: str) -> Loaded:
    """Read one file. Raises WrongExercise."""
    lines: dict[str, int] = {}
    try:
        root = yaml.compose(text, Loader=_loader())
        data = _plain(root, "$", lines) if root else None
        exercise = msgspec.convert(data, Exercise)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise WrongExercise(file, mark.line + 1 if mark else 1, str(error.problem or error.context)) from None
    except msgspec.ValidationError as error:
        words, path = _told(error)
        raise WrongExercise(file, _line(lines, _exactly(data, path, str(error))), words) from None
    except RecursionError:
        raise WrongExercise(file, 1, "nested too deeply") from None
    for path, words in _faults(exercise, file):
        raise WrongExercise(file, _line(lines, path), words)
    return Loaded(exercise, hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest())


# ── YAML ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def _loader() -> Any:
    """YAML in which only what looks like a whole number, true, false or null is something else than a text: 2.10 is an
    entry, 2021-07-01 a day as it is written everywhere else, no is a word."""

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
        yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}

    for tag, form, first in (
        ("bool", "true|false", "tf"),
        ("int", "-?(?:0|[1-9][0-9]*)", "-0123456789"),
        ("null", "null|", ["n", ""]),
    ):
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{form})$"), list(first))
    return Loader


def _plain(node: Any, path: str, lines: dict[str, int]) -> Any:
    """A node as plain data; the line of each path is noted."""
    lines[path] = node.start_mark.line + 1
    if node.id == "sequence":
        return [_plain(child, f"{path}[{n}]", lines) for n, child in enumerate(node.value)]
    if node.id == "mapping":
        made: dict[str, Any] = {}
        for key, value in node.value:
            if key.value in made:
                raise yaml.MarkedYAMLError(problem=f"“{key.value}” stands here twice", problem_mark=key.start_mark)
            made[key.value] = _plain(value, f"{path}.{key.value}", lines)
            lines[f"{path}.{key.value}"] = key.start_mark.line + 1
        return made
    return _scalar(node)


def _scalar(node: yaml.ScalarNode) -> Any:
    match node.tag.rpartition(":")[2]:
        case "bool":
            return node.value == "true"
        case "int":
            return int(node.value)
        case "null":
            return None
        case _:
            # Where a line ends YAML puts a blank; Chinese has none.
            return _BROKEN.sub("", node.value) if node.end_mark.line > node.start_mark.line else node.value


_CHINESE = "[\u2014\u2018-\u201d\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]"
_BROKEN = re.compile(rf"(?<={_CHINESE}) (?=(?:{_CHINESE}|\$[A-Za-z]+\.name_))")


def _told(error: msgspec.ValidationError) -> tuple[str, str]:
    """What is wrong, and the path of it, in which `[...]` stands for one of several."""
    words, _, path = str(error).partition(" - at `")
    path = path.rstrip("`") or "$"
    unknown = re.search(r"unknown field `(.+)`", words)
    return words, f"{path}.{unknown[1]}" if unknown else path


def _exactly(data: Any, path: str, error: str) -> str:
    """The path of what is wrong with the one of several that it is: the one that alone is wrong in the same way."""
    before, several, after = path.partition("[...]")
    if not several:
        return path
    holder = data
    for name, n in re.findall(r"\.([^.\[]+)|\[(\d+)\]", before):
        holder = holder[int(n) if n else name]
    rows = dict(enumerate(holder)) if isinstance(holder, list) else dict(holder)
    for key, row in rows.items():
        # In the whole, so that it is read as what it is.
        holder.clear()
        holder.append(row) if isinstance(holder, list) else holder.update({key: row})
        try:
            msgspec.convert(data, Exercise)
        except msgspec.ValidationError as again:
            if str(again) == error:
                there = f"{before}[0]" if isinstance(holder, list) else f"{before}.{key}"
                found = _exactly(data, f"{there}{after}", error)
                return f"{before}[{key}]{found.removeprefix(there)}" if isinstance(holder, list) else found
    return before


def _line(lines: Mapping[str, int], path: str) -> int:
    """The line of a path, or of the nearest thing around it."""
    while path and path not in lines:
        path = re.sub(r"(\.[^.\[]*|\[[^\]]*\]?)$", "", path) if re.search(r"[.\[]", path) else ""
    return lines.get(path or "$", 1)


# ── what no type says ─────────────────────────────────────────────────────────────────────────────────────────────


def _faults(exercise: Exercise, file: str) -> Iterator[tuple[str, str]]:
    if f"{exercise.id}.yaml" != file:
        yield "$.id", f"the file of “{exercise.id}” must be named {exercise.id}.yaml"
    for n, number in enumerate(exercise.faq):
        if number not in ENTRIES:
            yield f"$.faq[{n}]", f"there is no entry {number}"
    if not exercise.faq:
        yield "$.faq", "at least one entry"
    if not exercise.world.firms:
        yield "$.world.firms", "at least one firm, whose account is the learner's"
    yield from _names(exercise)
    yield from _conditions(exercise)
    yield from _questions(exercise)
    yield from _scripts(exercise)
    yield from names.faults(exercise)


def _names(exercise: Exercise) -> Iterator[tuple[str, str]]:
    for name in (*exercise.world.firms, *exercise.vary):
        if not re.fullmatch(r"[A-Za-z][A-Za-z_]*", name) or name == ANY:
            where = "$.world.firms" if name in exercise.world.firms else "$.vary"
            yield f"{where}.{name}", f"“{name}” is no name for a variable"
    for name, wanted in exercise.world.firms.items():
        if not wanted.place.startswith("$"):
            try:
                stock.places(wanted.place)
            except ValueError as error:
                yield f"$.world.firms.{name}.place", str(error)
        if isinstance(wanted.card, str) and not _chosen_by_vary(wanted.card, exercise):
            yield f"$.world.firms.{name}.card", "true, false, or a name that vary chooses for"
    for n, begin in enumerate(exercise.world.begin):
        path = f"$.world.begin[{n}]"
        done = [name for name in ("situation", "filing", "mandate", "seal", "record", "market") if getattr(begin, name)]
        if len(done) != 1:
            yield path, "exactly one of situation, filing, mandate, seal, record, market"
            continue
        part = getattr(begin, done[0])
        for name in ("firm", "agent", "principal"):
            about = getattr(part, name, "")
            if about and about not in exercise.world.firms:
                yield f"{path}.{done[0]}.{name}", f"there is no firm {about}"
        if bool(begin.name) and done[0] not in ("filing", "situation"):
            yield f"{path}.name", "only a filing has a name"
    if sum(firm.papers for firm in exercise.world.firms.values()) > 1:
        yield "$.world.firms", "the papers are those of one firm"
    for name, choices in exercise.vary.items():
        if not choices:
            yield f"$.vary.{name}", "nothing to choose from"


def _chosen_by_vary(word: str, exercise: Exercise) -> bool:
    return word.startswith("$") and word[1:].partition(".")[0] in exercise.vary


def _conditions(exercise: Exercise) -> Iterator[tuple[str, str]]:
    ids = [check.id for check in exercise.checks]
    for n, check in enumerate(exercise.checks):
        path = f"$.checks[{n}]"
        if check.id in ids[:n]:
            yield f"{path}.id", f"two checks are called {check.id}"
        yield from _condition(check, path, exercise)
    if not any(tells_deed(check) for check in exercise.checks):
        yield "$.checks", "no check asks for a deed of the learner"
    for n, diagnoser in enumerate(exercise.diagnosers):
        yield from _condition(diagnoser.when, f"$.diagnosers[{n}].when", exercise)


OPERATORS = ("state", "payload", "exists", "absent", "count", "before", "answer", "all", "any", "not_")

_COMPARING = ("eq", "ne", "among", "holds", "at_least", "at_most", "known")


def _condition(condition: Condition, path: str, exercise: Exercise) -> Iterator[tuple[str, str]]:
    said = [name for name in OPERATORS if getattr(condition, name) is not None]
    if len(said) != 1:
        yield path, f"exactly one of {', '.join(OPERATORS).replace('not_', 'not')}"
        return
    part, path = getattr(condition, said[0]), f"{path}.{said[0].rstrip('_')}"
    match part:
        case list():
            for n, inner in enumerate(part):
                yield from _condition(inner, f"{path}[{n}]", exercise)
        case Condition():
            yield from _condition(part, path, exercise)
        case Compared():
            compared = [name for name in _COMPARING if getattr(part, name) is not None]
            agrees = not isinstance(part, State) and getattr(part, "agrees", False)
            if agrees and not any(firm.papers for firm in exercise.world.firms.values()):
                yield path, "no firm has papers to agree with"
            if len(compared) != (0 if agrees else 1):
                yield path, f"exactly one of {', '.join(_COMPARING)}"
        case Count():
            if part.at_least is None and part.at_most is None:
                yield path, "at_least or at_most"
            yield from _pattern(part.of, f"{path}.of")
        case Before():
            yield from _pattern(part.first, f"{path}.first")
            yield from _pattern(part.then, f"{path}.then")
        case Pattern():
            yield from _pattern(part, path)
        case _:
            asked = getattr(part, "question", None)
            if asked is not None and asked not in {question.id for question in exercise.answers}:
                yield f"{path}.question", f"there is no question {asked}"


def _pattern(pattern: Pattern, path: str) -> Iterator[tuple[str, str]]:
    """What a pattern asks of an event that such an event does not tell: it would be met by none."""
    yield from _asked(pattern.data, PAYLOADS[pattern.event], f"{path}.data", pattern.event)
    code = pattern.data.get("code") if pattern.event == EventName.REFUSED else None
    if isinstance(code, str) and code not in CATALOGUE:
        yield f"{path}.data.code", f"there is no refusal {code}"


def _asked(data: Mapping[str, Any], tells: Payload, path: str, event: str) -> Iterator[tuple[str, str]]:
    known = {name.rstrip("?"): sort for name, sort in tells.items()}
    for name, wanted in data.items():
        where, sort = f"{path}.{name}", known.get(name)
        if sort is None:
            yield where, f"{event} tells no {name}; it tells {', '.join(known) or 'nothing besides'}"
        elif isinstance(sort, list) and isinstance(wanted, dict):
            yield from _asked(wanted, sort[0], where, event)
        elif words := sort if isinstance(sort, tuple) else getattr(sort, "values", ()):
            for each in wanted if isinstance(wanted, list) else [wanted]:
                if each not in words and not str(each).startswith("$"):
                    yield where, f"{each} is none of {', '.join(words)}"


def negative(condition: Condition) -> bool:
    """Whether it is about something that did not happen: it cannot be said before all is done."""
    if condition.count is not None:
        return condition.count.at_least is None
    if condition.all is not None:
        return all(map(negative, condition.all))
    if condition.any is not None:
        return any(map(negative, condition.any))
    return condition.absent is not None or condition.not_ is not None


def tells_deed(condition: Condition) -> bool:
    """Whether it passes only by something that was done."""
    if condition.all is not None:
        return any(map(tells_deed, condition.all))
    if condition.any is not None:
        return all(map(tells_deed, condition.any))
    counted = condition.count is not None and bool(condition.count.at_least)
    return counted or any(part is not None for part in (condition.exists, condition.before, condition.answer))


def _questions(exercise: Exercise) -> Iterator[tuple[str, str]]:
    for n, question in enumerate(exercise.answers):
        if (question.type is Sort.CHOICE) != bool(question.choices):
            yield f"$.answers[{n}]", "a choice has choices, and nothing else has"


def _scripts(exercise: Exercise) -> Iterator[tuple[str, str]]:
    for path, steps in (
        ("$.golden", exercise.golden),
        *((f"$.wrong[{n}].steps", wrong.steps) for n, wrong in enumerate(exercise.wrong)),
    ):
        for n, step in enumerate(steps):
            acts = [name for name in ("get", "post", "patch", "delete", "answer", "advance") if getattr(step, name)]
            if len(acts) != 1:
                yield f"{path}[{n}]", "exactly one of get, post, patch, delete, answer, advance"
            if step.firm and step.firm not in exercise.world.firms and not _chosen_by_vary(step.firm, exercise):
                yield f"{path}[{n}].firm", f"there is no firm {step.firm}"
    noticed = {diagnoser.id for diagnoser in exercise.diagnosers}
    for n, wrong in enumerate(exercise.wrong):
        for move in wrong.fires:
            if move not in noticed:
                yield f"$.wrong[{n}].fires", f"no diagnoser notices {move.value}"
    if not exercise.golden:
        yield "$.golden", "the right way must be shown"
    if sum(bool(wrong.fires) for wrong in exercise.wrong) < AT_LEAST_WRONG:
        yield "$.wrong", f"at least {AT_LEAST_WRONG} wrong ways that fire a diagnoser"
