"""What the panel of an exercise shows beside every page of its world."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.urls import reverse

from filings.lab.grading import attempts, guests, learning
from filings.lab.grading.attempts import LONGEST, Standing
from filings.lab.worlds import cast, exercising
from filings.manners import findings
from filings.manners.findings import Found
from filings.models import Attempt, Visit
from filings.rules.exercises.schema import Sort
from filings.rules.refusals import Refusal
from filings.rules.words import AttemptState, Degree, Medium

STEPS = {"PT1M": "1 分钟", "PT1H": "1 小时", "P1D": "1 天"}
"""How far the exercise's clock may be advanced by a button."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its choices, and the answer that was given last."""

    name: str
    ask: str
    options: tuple[tuple[str, str], ...]
    given: str


@dataclass(frozen=True, slots=True)
class Player:
    """An account one may go on as: by which media, and by which one is here now."""

    username: str
    name: str
    media: tuple[Medium, ...]
    here: Medium | None


@dataclass(frozen=True, slots=True)
class Panel:
    """All that is shown, and what may be done: the page draws it and asks nothing more.

    attempt     its number, by which a browser keeps what is not sent yet
    title       what there is to be learned, with the debrief: once it is passed
    hints       those that are open; `hints_left`, how many more there are to be had
    once        it is checked once and no more
    fresh       nothing has happened since what was `found`
    again       where another variant is begun, by `mode`; end, where one is asked whether to end; record, where the
                events are told; course, the way back: "" where there is none
    """

    attempt: str
    called: str
    entry: str
    title: str
    degree: str
    symptom: str
    task: str
    questions: tuple[Asked, ...]
    longest: int
    may_check: bool
    once: bool
    found: Found | None
    fresh: bool
    debrief: str
    hints: tuple[str, ...]
    hints_left: int
    players: tuple[Player, ...]
    password: str
    papers: str
    steps: Mapping[str, str]
    may_end: bool
    again: str
    mode: str
    end: str
    record: str
    course: str


def panel(visit: Visit) -> Panel | None:
    """The panel of the exercise whose world one is in; None in any other. If something happened there, it is checked
    first.

    Everything that depends on the degree is decided here: an exam has no hints and is checked once.
    """
    stands = attempts.standing(visit.sandbox) if visit.sandbox.exercise else None
    if stands is None:
        return None
    if stands.stirred:
        stands = _checked(visit, stands)
    attempt, case, exercise = stands.attempt, stands.case, stands.case.exercise
    exam, passed = attempt.mode == Degree.EXAM, attempt.state == AttemptState.PASSED
    return Panel(
        attempt=attempt.public_id,
        called=exercise.called,
        entry=exercise.faq[0],
        title=case.filled(exercise.title) if passed else "",
        degree=Degree(attempt.mode).label,
        symptom=case.filled(exercise.symptom),
        task=case.filled(exercise.task),
        questions=tuple(_asked(stands)),
        longest=LONGEST,
        may_check=not (exam and stands.found),
        once=exam,
        found=_found(stands),
        fresh=stands.fresh,
        debrief=case.filled(exercise.debrief) if passed else "",
        hints=() if exam else stands.hints,
        hints_left=0 if exam else len(exercise.hints) - len(stands.hints),
        players=_players(stands, visit),
        password=cast.PASSWORD,
        papers=reverse("papers") if case.client else "",
        steps=STEPS,
        may_end=guests.is_one(attempt),
        mode=attempt.mode,
        **_ways(attempt),
    )


def _checked(visit: Visit, stands: Standing) -> Standing:
    """How it stands after a check by itself."""
    with suppress(Refusal), visit.held():  # its world may be going just now
        if attempts.check_if_stirred(stands):
            return attempts.standing(visit.sandbox) or stands
    return stands


def _ways(attempt: Attempt) -> dict[str, str]:
    """Where one may go from an attempt: a learner to the course, a guest to the entry."""
    if learning.is_one(attempt):
        return {
            "again": reverse("learn_begin", args=[attempt.exercise]),
            "end": reverse("learn_end", args=[attempt.public_id]),
            "record": reverse("learn_attempt", args=[attempt.public_id]),
            "course": reverse("learn"),
        }
    exercise = attempts.exercise_of(attempt)
    again = reverse("faq_try", args=[exercise.faq[0]]) if guests.is_one(attempt) else ""
    return {"again": again, "end": "", "record": "", "course": ""}


def _asked(stands: Standing) -> Iterator[Asked]:
    for question in stands.case.exercise.answers:
        match question.type:
            case Sort.YES_NO:
                options: tuple[tuple[str, str], ...] = (("yes", "是"), ("no", "否"))
            case _:
                options = tuple((choice.value, stands.case.filled(choice.label)) for choice in question.choices)
        given = stands.answers.get(question.id, "")
        yield Asked(f"answer.{question.id}", stands.case.filled(question.ask), options, given)


def _found(stands: Standing) -> Found | None:
    """What was found at the latest check; nothing, where that has nothing to tell yet."""
    if stands.found is None:
        return None
    found = findings.found(stands.found, stands.case.exercise, whole=stands.asked)
    return found if found.tells else None


def _players(stands: Standing, visit: Visit) -> tuple[Player, ...]:
    """The accounts of the exercise, unless there is nothing to choose."""
    case, here = stands.case, (visit.account.username if visit.account else "")
    players = tuple(
        Player(
            exercising.username(name),
            case.firms[name].name_cn,
            (Medium.PASSWORD, Medium.CARD) if case.filled(firm.card) else (Medium.PASSWORD,),
            visit.medium if here == exercising.username(name) else None,
        )
        for name, firm in case.exercise.world.firms.items()
        if firm.account
    )
    alone = len(players) == 1 and players[0].here and len(players[0].media) == 1
    return () if alone else players
