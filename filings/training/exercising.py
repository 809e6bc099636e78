"""An exercise of the course: told before it begins, begun and gone on with at the portal, ended, looked at
afterwards."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filings.forms.training import HowToPractise
from filings.lab.grading import attempts, evidence, learning, progress
from filings.lab.worlds import exercising
from filings.manners import findings
from filings.manners.entering import anybody, enter
from filings.manners.entering import leave as leave_exercise
from filings.manners.filling import FORM
from filings.manners.findings import Found
from filings.manners.happenings import Happening, told
from filings.manners.screens import onward
from filings.models import Attempt, Evaluation, HintTaken, Learner
from filings.rules.exercises.cases import unfilled
from filings.rules.exercises.grading import Evidence
from filings.rules.exercises.schema import Exercise
from filings.rules.faq import ENTRIES
from filings.rules.kinds import KINDS
from filings.rules.reading import text_of
from filings.rules.sheet import Field, Group, Rows, Sheet
from filings.rules.words import AttemptState, Degree, Status
from filings.training.doors import known, page

DEGREES = {
    Degree.GUIDED: "页面上有推荐、处理建议和依据，可以看提示。第一次做，选这个。",
    Degree.PRACTICE: "页面与单一窗口一样：没有推荐、处理建议和依据；提示在任务栏里，需要时再看。",
    Degree.EXAM: "页面与单一窗口一样，没有提示，只在最后检查一次。",
}
"""What each degree of help means."""


@require_safe
@known
def brief(request: HttpRequest, learner: Learner, exercise: str) -> HttpResponse:
    """What an exercise is about, and the way into it."""
    place = progress.place(learner, learning.exercise_of(exercise))
    about = place.exercise
    return page(
        request,
        "exercise",
        learner,
        place=place,
        exercise=about,
        symptom=unfilled(about, about.symptom),
        entries=[ENTRIES[number] for number in about.faq],
        degrees=[(degree.value, degree.label, words) for degree, words in DEGREES.items()],
        chosen=place.tries[0].mode if place.tries else Degree.GUIDED,
        tries=[_tried(attempt) for attempt in place.tries],
    )


@dataclass(frozen=True, slots=True)
class Tried:
    """An attempt in a list, with its best score and how many hints were opened."""

    attempt: Attempt
    called: str
    degree: str
    outcome: str
    score: int | None = None
    hints: int = 0

    @classmethod
    def of(cls, attempt: Any, score: int | None = None, hints: int = 0) -> Tried:
        """An attempt that the course has an exercise for."""
        passed, over = attempt.state == AttemptState.PASSED, attempt.sandbox_id is None
        called = learning.exercise_of(attempt.exercise).called
        outcome = "通过" if passed else "未通过" if over else "进行中"
        return cls(attempt, called, Degree(attempt.mode).label, outcome, score, hints)


@require_POST
@known
def begin(request: HttpRequest, learner: Learner, exercise: str) -> HttpResponse:
    """Begin, in a variant one has not had; the attempt under way ends."""
    learning.exercise_of(exercise)
    mode = HowToPractise.from_post(request.POST)["mode"]
    return enter(request, learning.begin(learner, exercise, mode), "practice_begun")


@require_POST
@known
def go_on(request: HttpRequest, learner: Learner, attempt: str) -> HttpResponse:
    """Back into an attempt under way; of one that is over, to what was done in it."""
    found = learning.find(learner, attempt)
    if found.sandbox is None:
        return onward(reverse("learn_attempt", args=[attempt]))
    return enter(request, found, "practice_resumed")


@require_http_methods(FORM)
@known
def end(request: HttpRequest, learner: Learner, attempt: str) -> HttpResponse:
    """Asked first, with how it stands; then back to the course, after an exam to what was found; and be who one was
    before."""
    found = learning.find(learner, attempt)
    if found.sandbox is None:
        return onward(reverse("learn_attempt", args=[attempt]))
    if request.method != "POST":
        return page(request, "end", learner, **_told(found))
    visit = anybody(request)
    was_in_it = visit is not None and visit.sandbox.pk == found.sandbox.pk
    passed = learning.end(found)
    exam = found.mode == Degree.EXAM
    to = reverse("learn_attempt", args=[attempt]) if exam else reverse("learn")
    response = onward(to, "ended_passed" if passed else "ended")
    if was_in_it:
        leave_exercise(request, response)
    return response


# ── afterwards ────────────────────────────────────────────────────────────────────────────────────────────────────


@require_safe
@known
def review(request: HttpRequest, learner: Learner, attempt: str) -> HttpResponse:
    """What was done in an attempt, event by event, with what was found on the way, and the sheets as they stand."""
    found = learning.find(learner, attempt)
    shown = evidence.of(found) if found.sandbox or found.record else Evidence([], {}, [])
    return page(
        request,
        "review",
        learner,
        steps=list(_steps(found, shown)),
        sheets=list(_sheets(shown)),
        **_told(found),
    )


def _opened(attempt: Attempt) -> Sequence[HintTaken]:
    """The hints that were read in an attempt."""
    opened: Sequence[HintTaken] = attempt.opened  # type: ignore[attr-defined]
    return opened


def _tried(attempt: Attempt) -> Tried:
    return Tried.of(attempt, attempt.best, len(_opened(attempt)))  # type: ignore[attr-defined]


def _told(attempt: Attempt) -> dict[str, Any]:
    """An attempt as it stands, in words."""
    case = attempts.case_of(attempt)
    judged: Sequence[Evaluation] = attempt.judged  # type: ignore[attr-defined]
    passed = any(each.passed for each in judged)
    return {
        "attempt": attempt,
        "exercise": case.exercise,
        "number": case.exercise.called,
        "degree": Degree(attempt.mode),
        "symptom": case.filled(case.exercise.symptom),
        "task": case.filled(case.exercise.task),
        "passed": passed,
        "found": _found(attempt, case.exercise, judged[-1]) if judged else None,
        "times": sum(each.asked for each in judged),
        "hints": [case.filled(case.exercise.hints[taken.level - 1]) for taken in _opened(attempt)],
        "debrief": case.filled(case.exercise.debrief) if passed else "",
        "exam_open": attempt.mode == Degree.EXAM and not judged,
    }


def _whole(attempt: Attempt) -> bool:
    """Whether every check may be told: of an attempt under way, what has yet to be done only to who asked for a
    check."""
    return attempt.sandbox is None or any(each.asked for each in attempt.judged)  # type: ignore[attr-defined]


def _found(attempt: Attempt, exercise: Exercise, judged: Evaluation) -> Found:
    """An evaluation, as it is told of an attempt that may be over."""
    return findings.found(judged.body, exercise, whole=_whole(attempt), over=attempt.sandbox is None)


@dataclass(frozen=True, slots=True)
class Step:
    """An event, or a check between two: exactly one of them. `n` counts the checks that were asked for; 0 is one made
    by itself."""

    happening: Happening | None = None
    n: int = 0
    found: Found | None = None


def _steps(attempt: Attempt, shown: Evidence) -> Iterator[Step]:
    """Events and checks in their order."""
    case = attempts.case_of(attempt)
    names = {firm.uscc: firm.name_cn for firm in case.firms.values()}
    names |= {exercising.username(name): firm.name_cn for name, firm in case.firms.items()}
    checks = deque(_checks(attempt, case.exercise))
    for event in shown.events:
        while checks and checks[0][0] < event.seq:
            yield checks.popleft()[1]
        actor, firm, subject = (names.get(key, key) for key in (event.actor, event.firm, event.subject))
        happening = told(
            seq=event.seq,
            name=event.name,
            at=event.at,
            party=event.party,
            actor=actor,
            medium=event.medium,
            firm=firm if firm != actor else "",
            subject=subject if subject != actor else "",
            data=event.data,
        )
        yield Step(happening)
    yield from (step for _, step in checks)


def _checks(attempt: Attempt, exercise: Exercise) -> Iterator[tuple[int, Step]]:
    """The checks, each with the event it came after: those that were asked for, and of those made by themselves what
    tells something new."""
    asked, before = 0, None
    for judged in attempt.judged:  # type: ignore[attr-defined]
        asked += judged.asked
        found = _found(attempt, exercise, judged)
        if judged.asked or found.tells_more_than(before):
            yield judged.up_to_seq, Step(n=asked if judged.asked else 0, found=found)
        before = found


@dataclass(frozen=True, slots=True)
class Kept:
    """A filing as it stood: what was sent of it, or what stood in the draft."""

    number: str
    label: str
    status: str
    status_label: str
    sections: list[tuple[str, list[tuple[str, str]]]]


def _sheets(shown: Evidence) -> Iterator[Kept]:
    """The filings somebody did something to, as they stand at the end."""
    touched = {event.subject for event in shown.events}
    for number, filing in shown.state.get("filings", {}).items():
        if number in touched:
            kind, status = KINDS[filing["kind"]], Status(filing["status"])
            content = filing["transmitted"] or filing["content"]
            yield Kept(number, kind.label, status.value, status.label, list(_sections(kind.sheet, content)))


def _sections(sheet: type[Sheet], content: Mapping[str, Any]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for tab in sheet.tabs:
        for section in tab.sections:
            lines = [line for name in section.fields for line in _lines(sheet, name, content.get(name)) if line[1]]
            if lines:
                yield section.title, lines


def _lines(sheet: type[Sheet], name: str, value: Any) -> Iterator[tuple[str, str]]:
    """What stands in a field, a group or rows, each with its label."""
    match item := sheet.items[name]:
        case Group():
            for key, field in item.fields.items():
                yield field.label, text_of(key, field, (value or {}).get(key))
        case Rows():
            for n, row in enumerate(value or [], 1):
                read = (text_of(key, field, row.get(key)) for key, field in item.fields.items())
                yield f"{item.label}第 {n} 行", "，".join(filter(None, read))
        case Field():
            yield item.label, text_of(name, item, value)
