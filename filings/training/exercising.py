"""An exercise of the course: told before it begins, begun and gone on with at the portal, ended, looked at
afterwards."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from filings.forms.training import HowToPractise
from filings.lab.grading import attempts, evidence, learning, progress
from filings.manners.entering import anybody, enter
from filings.manners.entering import leave as leave_exercise
from filings.manners.filling import FORM
from filings.manners.happenings import Happening, told
from filings.manners.screens import onward
from filings.models import Attempt, Evaluation, HintTaken, Learner
from filings.rules.exercises.cases import unfilled
from filings.rules.exercises.grading import Evidence, Verdict
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
    return enter(request, found, "practice_begun")


@require_http_methods(FORM)
@known
def end(request: HttpRequest, learner: Learner, attempt: str) -> HttpResponse:
    """Asked first, with how it stands; then back to the course, and who one was before."""
    found = learning.find(learner, attempt)
    if found.sandbox is None:
        return onward(reverse("learn_attempt", args=[attempt]))
    if request.method != "POST":
        return page(request, "end", learner, **_told(found))
    visit = anybody(request)
    was_in_it = visit is not None and visit.sandbox.pk == found.sandbox.pk
    learning.end(found)
    response = onward(reverse("learn"), "ended")
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
    body: Any = judged[-1].body if judged else None
    passed = any(each.passed for each in judged)
    return {
        "attempt": attempt,
        "exercise": case.exercise,
        "number": case.exercise.called,
        "degree": Degree(attempt.mode),
        "symptom": case.filled(case.exercise.symptom),
        "task": case.filled(case.exercise.task),
        "passed": passed,
        "found": body and _found(body, _whole(attempt)),
        "times": len(judged),
        "hints": [case.filled(case.exercise.hints[taken.level - 1]) for taken in _opened(attempt)],
        "debrief": case.filled(case.exercise.debrief) if passed else "",
        "exam_open": attempt.mode == Degree.EXAM and not judged,
    }


def _whole(attempt: Attempt) -> bool:
    """Whether every check may be told: of an attempt under way, what has yet to be done only to who asked for a
    check."""
    return attempt.sandbox is None or any(each.asked for each in attempt.judged)  # type: ignore[attr-defined]


def _found(body: Mapping[str, Any], whole: bool) -> dict[str, Any]:
    """An evaluation as it is kept, as it is shown."""
    checks = [
        {"verdict": Verdict(check["verdict"]), "say": check["say"], "shown": _shown(check["evidence"])}
        for check in body["checks"]
    ]
    return {
        "checks": [check for check in checks if whole or check["verdict"] is not Verdict.NOT_YET],
        "all": len(checks),
        "passing": sum(check["verdict"] is Verdict.PASS for check in checks),
        "mistakes": body["mistakes"],
        "differences": body["differences"],
    }


def _shown(proofs: Sequence[Mapping[str, Any]]) -> list[int]:
    return [proof["seq"] for proof in proofs if "seq" in proof]


@dataclass(frozen=True, slots=True)
class Step:
    """An event, or a check between two: exactly one of them."""

    happening: Happening | None = None
    n: int = 0
    found: Mapping[str, Any] | None = None


def _steps(attempt: Attempt, shown: Evidence) -> Iterator[Step]:
    """Events and checks in their order."""
    judged: list[Evaluation] = list(attempt.judged)  # type: ignore[attr-defined]
    whole = _whole(attempt)
    for event in shown.events:
        while judged and judged[0].up_to_seq < event.seq:
            yield _check(judged.pop(0), whole)
        happening = told(
            seq=event.seq,
            name=event.name,
            at=event.at,
            party=event.party,
            actor=event.actor,
            medium=event.medium,
            firm=event.firm,
            subject=event.subject,
            data=event.data,
        )
        yield Step(happening)
    yield from (_check(each, whole) for each in judged)


def _check(judged: Evaluation, whole: bool) -> Step:
    return Step(n=judged.n, found=_found(judged.body, whole))


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
