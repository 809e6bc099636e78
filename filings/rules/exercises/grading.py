"""Grading: what was really done, judged by events and state alone.

`grade` is pure: no clock, no database, no network. The same case and the same evidence give the same bytes. Nothing
passes without evidence; only the learner's own deeds count, unless a check says otherwise; pages looked at and time
taken are never asked for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from typing import Any
from unicodedata import normalize

from django.db.models import TextChoices
from django.utils.dateparse import parse_duration
from msgspec import UNSET, Struct, UnsetType, to_builtins
from msgspec.structs import replace

from filings.rules.events import EventName
from filings.rules.exercises.cases import ANY, NAME, Case
from filings.rules.exercises.loading import negative
from filings.rules.exercises.schema import Actor, Before, Compared, Condition, Count, Given, Pattern, Payload
from filings.rules.papers import Difference, differences
from filings.rules.words import Party

GRADER = 1
"""Raised whenever the same evidence may be judged otherwise."""

MOST_SHOWN = 20
"""How many events are named for one check."""


class Verdict(TextChoices):
    """What is said of a check. An error is the grader's own, and never a learner's failure."""

    PASS = "pass", "通过"
    FAIL = "fail", "未通过"
    NOT_YET = "not_yet", "尚未"
    ERROR = "error", "检查出错"


class Event(Struct, frozen=True):
    """An event as the trail has it. `at` is on the sandbox's clock."""

    seq: int
    at: datetime
    name: str
    party: str
    actor: str
    medium: str
    firm: str
    subject: str
    data: dict[str, Any]


class Evidence(Struct, frozen=True):
    """All that is looked at: the events since the beginning in their order, the state after them, and the accounts the
    learner was given."""

    events: list[Event]
    state: dict[str, Any]
    learner: list[str]


class Proof(Struct, frozen=True):
    """What shows a verdict: an event, a place in the state, or the events among which something was looked for."""

    seq: int | UnsetType = UNSET
    path: str | UnsetType = UNSET
    first: int | UnsetType = UNSET
    last: int | UnsetType = UNSET


class Judged(Struct, frozen=True):
    """A check and what is said of it."""

    id: str
    verdict: Verdict
    say: str
    evidence: list[Proof]


class Mistake(Struct, frozen=True):
    """A usual wrong move that was made, with the sentence that teaches."""

    id: str
    say: str
    evidence: list[Proof]


class Evaluation(Struct, frozen=True):
    """What is said of an attempt. `score` is the share of checks that pass, in per cent."""

    passed: bool
    score: int
    checks: list[Judged]
    mistakes: list[Mistake]
    differences: list[Difference]


def grade(case: Case, evidence: Evidence) -> Evaluation:
    """Judge what was done in a case."""
    grader = _Grader(case, evidence)
    exercise = case.exercise
    found = {check.id: grader.judged(check) for check in exercise.checks}
    done = all(found[check.id].verdict is Verdict.PASS for check in exercise.checks if not negative(check))
    checks = []
    for check in exercise.checks:
        outcome = found[check.id]
        verdict = outcome.verdict
        if verdict is Verdict.PASS and negative(check) and not done:
            verdict = Verdict.NOT_YET
        words = check.fail if verdict is Verdict.FAIL and check.fail else check.say
        checks.append(Judged(check.id, verdict, case.filled(words), outcome.shown))
    passing = [check for check in checks if check.verdict is Verdict.PASS]
    passed = len(passing) == len(checks) and grader.acted
    mistakes = [
        Mistake(diagnoser.id.value, case.filled(diagnoser.say), outcome.shown)
        for diagnoser in exercise.diagnosers
        if (outcome := grader.judged(diagnoser.when)).verdict is Verdict.PASS
    ]
    different = next((found[check.id].different for check in exercise.checks if found[check.id].different), ())
    return Evaluation(passed, 100 * len(passing) // len(checks), checks, mistakes, list(different))


Names = Mapping[str, Any]
"""What the free names of a pattern have met."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """One way a condition came out: with what its names met, and what shows it."""

    verdict: Verdict
    names: Names
    evidence: tuple[Proof, ...]
    different: tuple[Difference, ...] = ()

    @property
    def shown(self) -> list[Proof]:
        return list(dict.fromkeys(self.evidence))[:MOST_SHOWN]


class _Grader:
    """Judges conditions by the evidence of one attempt."""

    def __init__(self, case: Case, evidence: Evidence) -> None:
        self.case, self.evidence = case, evidence
        self.filled: dict[int, Pattern] = {}
        self.compared: dict[str, tuple[Difference, ...]] = {}
        self.by_name: dict[str, list[Event]] = defaultdict(list)
        for event in evidence.events:
            self.by_name[event.name].append(event)

    @cached_property
    def learner(self) -> frozenset[str]:
        """Whose deeds are the learner's: the accounts given, and those registered since."""
        registered = (e.actor for e in self.by_name[EventName.ACCOUNT_REGISTERED] if e.party == Party.APPLICANT)
        return frozenset((*self.evidence.learner, *registered))

    @property
    def acted(self) -> bool:
        """Whether the learner did anything at all."""
        return any(self._is_by(Actor.LEARNER, event) for event in self.evidence.events)

    def judged(self, condition: Condition) -> _Outcome:
        """The best way a condition came out. An exception is an error of the grader's, not a failure."""
        try:
            outcomes = self._outcomes(condition, {})
            found = next((outcome for outcome in outcomes if outcome.verdict is Verdict.PASS), outcomes[-1])
            if found.verdict is Verdict.PASS and not found.evidence:
                return _Outcome(Verdict.ERROR, {}, ())
        except Exception:
            return _Outcome(Verdict.ERROR, {}, ())
        return found

    def _outcomes(self, condition: Condition, names: Names) -> list[_Outcome]:
        """Every way a condition came out under what its names have met, in the order of events; one at least."""
        match condition:
            case Condition(state=part) if part is not None:
                path = self._path(part.path, names)
                found = _at(self.evidence.state, path)
                verdict = Verdict.PASS if self._fits(part, found) else Verdict.NOT_YET
                return [_Outcome(verdict, names, (Proof(path=path),))]
            case Condition(payload=part) if part is not None:
                return [self._payload(part, names)]
            case Condition(exists=part) if part is not None:
                found = [
                    _Outcome(Verdict.PASS, met, (Proof(seq=events[0].seq),))
                    for met, events in self._by_names(part, names, once=True)
                ]
                return found or [_Outcome(Verdict.NOT_YET, names, self._searched)]
            case Condition(absent=part) if part is not None:
                return [self._none_of(((Proof(seq=event.seq),) for event, _ in self._met(part, names)), names)]
            case Condition(count=part) if part is not None:
                return [self._counted(part, names)]
            case Condition(before=part) if part is not None:
                return self._before(part, names)
            case Condition(answer=part) if part is not None:
                return [self._answered(part, names)]
            case Condition(all=parts) if parts is not None:
                return self._all(parts, names)
            case Condition(any=parts) if parts is not None:
                ways = [outcome for part in parts for outcome in self._outcomes(part, names)]
                passes = [way for way in ways if way.verdict is Verdict.PASS]
                waiting = [way for way in ways if way.verdict is Verdict.NOT_YET]
                return passes or waiting or ways
            case Condition(not_=part) if part is not None:
                ways = self._outcomes(part, names)
                return [self._none_of((way.evidence for way in ways if way.verdict is Verdict.PASS), names)]
        raise ValueError(condition)

    def _all(self, parts: Sequence[Condition], names: Names) -> list[_Outcome]:
        if not parts:
            return [_Outcome(Verdict.PASS, names, ())]
        ways: list[_Outcome] = []
        for way in self._outcomes(parts[0], names):
            if way.verdict is not Verdict.PASS:
                ways.append(way)
                continue
            ways += [
                _Outcome(rest.verdict, rest.names, (*way.evidence, *rest.evidence), rest.different)
                for rest in self._all(parts[1:], way.names)
            ]
        return ways

    def _before(self, part: Before, names: Names) -> list[_Outcome]:
        """Of each thing that happened the first time counts, unless it may be done again: by then the other must have
        happened."""
        ways: list[_Outcome] = []
        for met, then in self._by_names(part.then, names):
            passes = [
                _Outcome(Verdict.PASS, both, (Proof(seq=pair[0].seq), Proof(seq=pair[1].seq)))
                for both, first in self._by_names(part.first, met)
                if (pair := self._pair(first, then if part.again else then[:1], part.within))
            ]
            ways += passes or [_Outcome(Verdict.FAIL, met, (Proof(seq=then[-1 if part.again else 0].seq),))]
        return ways or [_Outcome(Verdict.NOT_YET, names, self._searched)]

    @staticmethod
    def _pair(first: list[Event], then: list[Event], within: str) -> tuple[Event, Event] | None:
        """The first of the later events that comes after one of the earlier ones, with the nearest of these."""
        longest = parse_duration(within) if within else None
        numbers = [event.seq for event in first]
        for event in then:
            n = bisect_left(numbers, event.seq)
            if n and (longest is None or event.at - first[n - 1].at <= longest):
                return first[n - 1], event
        return None

    def _counted(self, part: Count, names: Names) -> _Outcome:
        found = tuple(Proof(seq=event.seq) for event, _ in self._met(part.of, names))
        if part.at_most is not None and len(found) > part.at_most:
            return _Outcome(Verdict.FAIL, names, found)
        if part.at_least is not None and len(found) < part.at_least:
            return _Outcome(Verdict.NOT_YET, names, found or self._searched)
        return _Outcome(Verdict.PASS, names, found or self._searched)

    def _none_of(self, found: Iterable[tuple[Proof, ...]], names: Names) -> _Outcome:
        proofs = tuple(proof for proofs in found for proof in proofs)
        return _Outcome(Verdict.FAIL, names, proofs) if proofs else _Outcome(Verdict.PASS, names, self._searched)

    def _payload(self, part: Payload, names: Names) -> _Outcome:
        """What was sent; of a filing that was not declared, nothing was."""
        number = self._path(part.filing, names)
        path = f"filings.{number}.transmitted"
        sent = _at(self.evidence.state, path)
        if sent is None:
            return _Outcome(Verdict.NOT_YET, names, (Proof(path=path),))
        if part.agrees:
            assert self.case.client is not None
            if number not in self.compared:
                self.compared[number] = differences(sent, self.case.client)
            different = self.compared[number]
            verdict = Verdict.FAIL if different else Verdict.PASS
            return _Outcome(verdict, names, (Proof(path=path),), different)
        path = f"{path}.{self._path(part.path, names)}"
        verdict = Verdict.PASS if self._fits(part, _at(self.evidence.state, path)) else Verdict.FAIL
        return _Outcome(verdict, names, (Proof(path=path),))

    def _answered(self, part: Given, names: Names) -> _Outcome:
        """The latest answer to a question counts."""
        given = (
            (event, said["value"])
            for event in reversed(self.by_name[EventName.ANSWER_GIVEN])
            if self._is_by(Actor.LEARNER, event)
            for said in reversed(event.data["answers"])
            if said["id"] == part.question
        )
        event, value = next(given, (None, None))
        if event is None:
            return _Outcome(Verdict.NOT_YET, names, self._searched)
        path = self._path(part.state, names)
        verdict = Verdict.PASS if _same(value, _at(self.evidence.state, path)) else Verdict.FAIL
        # Where the right answer stands is not told to whoever missed it.
        return _Outcome(
            verdict, names, (Proof(seq=event.seq), *([Proof(path=path)] if verdict is Verdict.PASS else []))
        )

    # ── events ────────────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _searched(self) -> tuple[Proof, ...]:
        events = self.evidence.events
        return (Proof(first=events[0].seq, last=events[-1].seq) if events else Proof(first=0, last=0),)

    def _is_by(self, actor: Actor, event: Event) -> bool:
        match actor:
            case Actor.LEARNER:
                return event.party == Party.APPLICANT and event.actor in self.learner
            case Actor.AUTHORITY:
                return event.party != Party.APPLICANT
            case Actor.ANYBODY:
                return True

    def _met(self, pattern: Pattern, names: Names) -> Iterator[tuple[Event, Names]]:
        """The events of a pattern in their order, each with what the names have met by it."""
        pattern = self._as_is_known(pattern)
        since, until = self._moment(pattern.since), self._moment(pattern.until)
        for event in self.by_name.get(pattern.event, ()):
            if not self._is_by(pattern.actor, event):
                continue
            if pattern.medium is not None and event.medium != pattern.medium:
                continue
            if (since and event.at < since) or (until and event.at >= until):
                continue
            met: Names | None = names
            for wanted, is_so in ((pattern.firm, event.firm), (pattern.subject, event.subject)):
                met = self._meets(wanted, is_so, met) if wanted and met is not None else met
            for name, wanted in pattern.data.items():
                met = self._meets(wanted, event.data.get(name), met) if met is not None else None
            if met is not None:
                yield event, met

    def _by_names(self, pattern: Pattern, names: Names, *, once: bool = False) -> list[tuple[Names, list[Event]]]:
        """The events of a pattern by what the names have met, in the order in which that was first met: however often
        the same is done, it is one way. For who wants each way `once`, one event is enough where no name met anything.
        """
        found: dict[str, tuple[Names, list[Event]]] = {}
        for event, met in self._met(pattern, names):
            key = repr(sorted(met.items(), key=lambda pair: pair[0])) if met is not names else ""
            found.setdefault(key, (met, []))[1].append(event)
            if once and met is names:
                break
        return list(found.values())

    def _meets(self, wanted: Any, is_so: Any, names: Names) -> Names | None:
        """What the names have met if a value is as wanted, None if it is not. A free name meets anything."""
        free = NAME.fullmatch(wanted) if isinstance(wanted, str) and wanted.startswith("$") else None
        if free:
            if free[1] == ANY:
                return None if is_so in (None, "") else names
            if free[1] in names:
                return names if names[free[1]] == is_so else None
            return None if is_so in (None, "") else {**names, free[1]: is_so}
        if isinstance(wanted, dict):
            return self._meets_all(wanted, is_so, names)
        if isinstance(wanted, list):
            return names if is_so in wanted else None
        return names if _same(wanted, is_so) else None

    def _meets_all(self, wanted: Mapping[str, Any], is_so: Any, names: Names) -> Names | None:
        """The same of an object by its members; of a list, by the first of it that is as wanted."""
        for each in is_so if isinstance(is_so, list) else [is_so]:
            met: Names | None = names
            for name, value in wanted.items():
                met = self._meets(value, each.get(name), met) if met is not None and isinstance(each, dict) else None
            if met is not None:
                return met
        return None

    def _as_is_known(self, pattern: Pattern) -> Pattern:
        """A pattern with the names of the case filled in, once: those left are free."""
        if id(pattern) not in self.filled:
            members = ("firm", "subject", "since", "until", "data")
            self.filled[id(pattern)] = replace(
                pattern, **{name: self.case.filled(getattr(pattern, name)) for name in members}
            )
        return self.filled[id(pattern)]

    @staticmethod
    def _moment(text: str) -> datetime | None:
        return datetime.fromisoformat(text) if text else None

    def _path(self, text: str, names: Names) -> str:
        """A path with every name filled in. Raises KeyError for one that has met nothing."""
        return NAME.sub(lambda found: f"{names[found[1]]}{'.' + found[2] if found[2] else ''}", self.case.path(text))

    def _fits(self, part: Compared, found: Any) -> bool:
        wanted = {
            name: self.case.filled(value)
            for name, value in to_builtins(part).items()
            if name not in ("path", "filing", "agrees")
        }
        (how, value), *_ = wanted.items()
        match how:
            case "eq":
                return _same(found, value)
            case "ne":
                return not _same(found, value)
            case "among":
                return any(_same(found, each) for each in value)
            case "holds":
                return found is not None and any(_same(each, value) for each in found)
            case "at_least":
                return found is not None and _number(found) >= _number(value)
            case "at_most":
                return found is not None and _number(found) <= _number(value)
            case _:
                return (found not in (None, "", [])) is value


def _at(state: Any, path: str) -> Any:
    """What stands at a path; None where nothing does."""
    for name in path.split("."):
        if isinstance(state, Mapping):
            state = state.get(name)
        elif isinstance(state, list) and name.isdecimal() and int(name) < len(state):
            state = state[int(name)]
        else:
            return None
    return state


def _same(mine: Any, other: Any) -> bool:
    """Whether two values mean the same: numbers by their worth, texts but for white space, letter case and full width;
    yes is true and no is false."""
    if mine is None or other is None:
        return mine is other
    if type(mine) is type(other) and mine == other:
        return True
    return _meaning(mine) == _meaning(other)


def _meaning(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return _of_text(str(value)) if isinstance(value, str | int) else value


@lru_cache(maxsize=4096)
def _of_text(text: str) -> Any:
    text = re.sub(r"\s+", "", normalize("NFKC", text)).casefold()
    return Decimal(text).normalize() if re.fullmatch(r"-?[0-9]+\.[0-9]+", text) else text


def _number(value: Any) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"{value!r} is no number") from None
