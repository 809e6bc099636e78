"""Which `$names` an exercise knows in which of its parts; whatever means nothing where it stands is found here."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from msgspec import to_builtins

from filings.rules.exercises.cases import ANY, NAME
from filings.rules.exercises.schema import Exercise
from filings.rules.papers import Client

FACTS = frozenset(
    {field.name for field in dataclasses.fields(Client) if field.type in ("str", "str | None", "date", "bool")}
    | {"in_qianhai", "district"}
)
"""What of a firm may be told in a text."""

SPOKEN = ("symptom", "task", "answers", "checks", "diagnosers", "hints", "debrief", "screen")
"""The parts in which every name is known, besides what is asked of events and state."""

_ASKING = ("exists", "absent", "of", "first", "then")
"""Under which names a pattern stands."""

_PATHS = ("path", "filing", "state")
"""Members of an operator that lead into the state."""

Fault = tuple[str, str]


def faults(exercise: Exercise) -> Iterator[Fault]:
    """Every name that means nothing where it stands: its path, and what is wrong."""
    said: dict[str, Any] = to_builtins(exercise)
    names = _Names(exercise)
    for part in ("title", "behaviour", "call"):
        yield from names.strangers(said.get(part), f"$.{part}", ())
    yield from names.strangers(said.get("vary"), "$.vary", (*names.firms, *names.filings))
    for part, inner in said["world"].items():
        # The firms are made by what was chosen, and what there is at the beginning by the firms.
        known = names.chosen if part in ("clock", "firms") else (*names.chosen, *names.firms)
        yield from names.strangers(inner, f"$.world.{part}", known)
    for part in SPOKEN:
        yield from names.spoken(said.get(part), f"$.{part}")
    yield from names.script(said["golden"], "$.golden")
    for n, wrong in enumerate(said["wrong"]):
        yield from names.script(wrong["steps"], f"$.wrong[{n}].steps")


class _Names:
    """The names of an exercise."""

    def __init__(self, exercise: Exercise) -> None:
        self.firms: Collection[str] = exercise.world.firms
        self.chosen: Mapping[str, list[Any]] = exercise.vary
        self.filings = [begin.name for begin in exercise.world.begin if begin.name]

    @property
    def known(self) -> tuple[str, ...]:
        return (*self.firms, *self.chosen, *self.filings)

    def strangers(self, part: Any, path: str, known: Collection[str], *, in_path: bool = False) -> Iterator[Fault]:
        """What is not known in a part of the exercise, or has no such member."""
        for where, text in _texts(part, path):
            for found in NAME.finditer(text):
                if found[1] not in known:
                    yield where, f"“{found[0]}” means nothing here"
                elif wrong := self._member(found[1], found[2] or "", in_path=in_path):
                    yield where, f"“{found[0]}”: {wrong}"

    def _member(self, name: str, of: str, *, in_path: bool) -> str:
        if name in self.firms:
            return "" if in_path or not of or of in FACTS else f"no fact of a firm is called {of}"
        if name not in self.chosen:
            return "" if in_path or not of else "a number has no members"
        members = [set(choice) if isinstance(choice, dict) else None for choice in self.chosen[name]]
        if not all(of in known if known is not None else not of for known in members):
            return f"not every choice of {name} has a member {of}" if of else f"say which member of {name}"
        return ""

    def spoken(self, part: Any, path: str) -> Iterator[Fault]:
        """The same of what is said and asked: names that a check has met are known in it."""
        match part:
            case list():
                for n, inner in enumerate(part):
                    yield from self.spoken(inner, f"{path}[{n}]")
            case dict() if path.startswith(("$.checks", "$.diagnosers")):
                texts = {name: inner for name, inner in part.items() if name in ("say", "fail")}
                yield from self.strangers(texts, path, self.known)
                yield from self._asked({name: inner for name, inner in part.items() if name not in texts}, path)
            case _:
                yield from self.strangers(part, path, self.known)

    def _asked(self, condition: dict[str, Any], path: str) -> Iterator[Fault]:
        patterns: list[tuple[str, str, Any]] = []
        others: list[tuple[str, str, Any]] = []
        for where, name, inner in _parts(condition, path):
            (patterns if name in _ASKING else others).append((where, name, inner))
        met: Counter[str] = Counter()
        for where, _, pattern in patterns:
            for at, text in _texts(pattern, where):
                free = NAME.fullmatch(text)
                if free and free[1] not in self.known and not at.endswith((".since", ".until")):
                    met[free[1]] += 1
                    if free[2]:
                        yield at, f"“{text}”: what is met has no members"
                else:
                    yield from self.strangers(text, at, self.known)
        for where, name, inner in others:
            for _, text in _texts(inner, where):
                met.update(found[1] for found in NAME.finditer(text) if found[1] in met)
            yield from self.strangers(inner, where, (*self.known, *met), in_path=name in _PATHS)
        for name, times in met.items():
            if times == 1 and name != ANY:
                yield path, f"“${name}” means whatever it meets, and nothing else here means the same"

    def script(self, steps: list[dict[str, Any]], path: str) -> Iterator[Fault]:
        """The same of a script: what was kept is known to the steps after."""
        kept = {"sandbox"}
        for n, step in enumerate(steps):
            for name, inner in step.items():
                # An address leads on after a name: /filings/$draft.
                yield from self.strangers(inner if name != "keep" else "", f"{path}[{n}].{name}", (*self.known, *kept))
            kept |= set(step.get("keep", ()))


def _texts(part: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every text in a part, with its path."""
    match part:
        case str():
            yield path, part
        case list() | tuple():
            for n, inner in enumerate(part):
                yield from _texts(inner, f"{path}[{n}]")
        case dict():
            for name, inner in part.items():
                yield from _texts(name, f"{path}.{name}")
                yield from _texts(inner, f"{path}.{name}")


def _parts(condition: Any, path: str) -> Iterator[tuple[str, str, Any]]:
    """What operators are about: each pattern, and each other member, with its path and its name."""
    for name, inner in condition.items():
        where = f"{path}.{name}"
        if name in _ASKING and "event" in inner:
            yield where, name, inner
        elif isinstance(inner, dict):
            yield from _parts(inner, where)
        elif isinstance(inner, list) and name in ("all", "any"):
            for n, each in enumerate(inner):
                yield from _parts(each, f"{where}[{n}]")
        else:
            yield where, name, inner
