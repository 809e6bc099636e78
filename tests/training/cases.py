"""Small exercises and small trails, for tests of the grader: no database, no world."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from filings.rules.dates import SHANGHAI
from filings.rules.exercises.cases import Case, case
from filings.rules.exercises.grading import Evaluation, Event, Evidence, Judged, grade
from filings.rules.exercises.schema import Exercise

BEGAN = datetime(2021, 12, 1, 9, tzinfo=SHANGHAI)
FREE = "$filing"

SMALL: Mapping[str, Any] = {
    "id": "small",
    "version": 1,
    "faq": ["1.1"],
    "title": "小练习",
    "minutes": 1,
    "screen": {"label": "注册登记申请", "page": "enterprise"},
    "world": {"clock": BEGAN.isoformat(), "firms": {"A": {}, "B": {"account": False}}},
    "symptom": "—",
    "task": "—",
    "diagnosers": [],
    "hints": ["一", "二", "三"],
    "debrief": "—",
    "golden": [],
    "wrong": [],
}


def small(*checks: Mapping[str, Any], seed: int = 0, **more: Any) -> Case:
    """A case of a small exercise with these checks; what they say is what they are called."""
    named = [{"id": f"c{n}", "say": f"c{n}", **check} for n, check in enumerate(checks)]
    exercise = msgspec.convert({**SMALL, "checks": named, **more}, Exercise)
    return case(exercise, seed).with_filings({"draft": "F000001"})


def deed(
    name: str,
    *,
    actor: str = "clerk-a",
    party: str = "applicant",
    medium: str = "password",
    firm: str = "",
    subject: str = "",
    after: timedelta = timedelta(),
    **data: Any,
) -> Event:
    """An event, still without its number: the learner's own unless told otherwise, `after` the beginning."""
    return Event(0, BEGAN + after, name, party, actor, medium, firm, subject, data)


def by_customs(name: str, **more: Any) -> Event:
    return deed(name, party="customs", actor="customs", medium="", **more)


def trail(*events: Event, state: Any = None, learner: tuple[str, ...] = ("clerk-a",), first: int = 8) -> Evidence:
    """Events in this order, numbered as in a world that had some before."""
    numbered = [msgspec.structs.replace(event, seq=first + n) for n, event in enumerate(events)]
    return Evidence(numbered, state or {}, list(learner))


def judged(checked: Case, *events: Event, state: Any = None) -> Evaluation:
    return grade(checked, trail(*events, state=state))


def one(check: Mapping[str, Any], *events: Event, state: Any = None) -> Judged:
    """What is said of one check."""
    return judged(small(check), *events, state=state).checks[0]


def shown(judged: Judged) -> list[Any]:
    """The evidence of a check: numbers of events, paths, and ranges."""
    return [
        proof.seq if proof.seq else proof.path if proof.path else (proof.first, proof.last) for proof in judged.evidence
    ]
