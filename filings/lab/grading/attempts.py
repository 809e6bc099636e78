"""Attempts: begun in a sandbox of their own, checked, answered, helped with hints, and looked at afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from msgspec import structs, to_builtins

from filings.lab.grading import evidence, progress, rows
from filings.lab.worlds import exercising, worlds
from filings.models import Account, Attempt, Evaluation, Event, HintTaken, Sandbox, Visit, row_or_none, wall
from filings.prepared import Prepared
from filings.record.trail import note
from filings.rules.appraisal import MOST_UNKNOWN, Problem, escaped
from filings.rules.events import EventName
from filings.rules.exercises import grading
from filings.rules.exercises.cases import Case
from filings.rules.exercises.grading import Evidence, grade
from filings.rules.exercises.loading import catalogue
from filings.rules.exercises.schema import Exercise, Question, Sort
from filings.rules.papers import Client
from filings.rules.papers.dossier import Agent, DossierPaper
from filings.rules.refusals import Refusal, absent, invalid
from filings.rules.texts import shown
from filings.rules.words import AttemptState, Degree, Medium, Party

KEPT_HOURS = 24 * 7
"""How long an attempt's sandbox is kept after its last use, unless told otherwise. Ours."""

HINT_AFTER_SECONDS = 90
"""The second hint comes after a check, or this long after the beginning (wall time). Ours."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A new attempt with its sandbox and the key to that, which is told only here."""

    attempt: Attempt
    sandbox: Sandbox
    control_key: str


def begin(
    exercise: str,
    *,
    seed: int | None = None,
    mode: str = Degree.GUIDED,
    learner: str = "",
    ttl_hours: int = KEPT_HOURS,
    key: str = "",
) -> Begun:
    """Begin an exercise in a sandbox of its own. Raises 404 for an unknown one."""
    case = exercising.case_of(exercise, seed or 0)
    opened = worlds.create(
        key=key,
        name=case.exercise.called,
        exercise=exercise,
        seed=seed,
        degree=mode,
        learner=learner,
        ttl_hours=ttl_hours,
    )
    attempt = rows.of(opened.sandbox)
    assert attempt is not None
    attempt.sandbox = opened.sandbox
    return Begun(attempt, opened.sandbox, opened.control_key)


def find_or_none(public_id: str) -> Attempt | None:
    """An attempt, over or not."""
    return row_or_none(Attempt.objects.select_related("sandbox").filter(public_id=public_id))


def of(sandbox: Sandbox) -> Attempt:
    """The attempt under way in a sandbox. Raises 409 where there is none."""
    attempt = rows.of(sandbox)
    if attempt is None:
        raise Refusal("no_attempt")
    attempt.sandbox = sandbox
    return attempt


def case_of(attempt: Attempt) -> Case:
    """The case of an attempt, as the exercise says it today. Raises 404 if there is no such exercise any more."""
    return exercising.case_of(attempt.exercise, attempt.seed).with_filings(attempt.filings)


def exercise_of(attempt: Attempt) -> Exercise:
    """The exercise of an attempt, as it is today. Raises 404."""
    return case_of(attempt).exercise


# ── as it stands ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Standing:
    """How an attempt stands by what is kept: nothing is judged.

    found    what was found at the latest check, as it is kept; None before the first
    fresh    nothing that is judged has happened in its world since then
    stirred  something has that may change what is found
    asked    the learner has asked for a check
    hints    those opened, in their order
    answers  as they were given last, by question
    """

    attempt: Attempt
    case: Case
    found: Mapping[str, Any] | None
    fresh: bool
    stirred: bool
    asked: bool
    hints: tuple[str, ...]
    answers: Mapping[str, str]


def standing(sandbox: Sandbox) -> Standing | None:
    """How the attempt under way in a sandbox stands; None where there is none, or its exercise is no more."""
    attempt: Any = _STANDING.row(sandbox.pk) if sandbox.exercise in catalogue() else None
    if attempt is None:
        return None
    attempt.sandbox = sandbox
    case = case_of(attempt)
    given = attempt.given or {"answers": ()}
    return Standing(
        attempt,
        case,
        attempt.found,
        max(attempt.stirred_at or 0, attempt.given_at or 0) <= (attempt.found_at or attempt.begun_at_seq),
        (attempt.stirred_at or 0) > (attempt.found_at or attempt.begun_at_seq),
        attempt.asked,
        tuple(str(case.filled(words)) for words in case.exercise.hints[: attempt.taken or 0]),
        {said["id"]: said["value"] for said in given["answers"]},
    )


QUIET = (EventName.SESSION_OPENED, EventName.ANSWER_GIVEN)
"""Events that are no reason to check: who comes in has done nothing, and answers are judged when that is asked for."""


def _standing(sandbox: int) -> QuerySet[Attempt]:
    latest = Evaluation.objects.filter(attempt=OuterRef("pk")).order_by("-n")
    taken = HintTaken.objects.filter(attempt=OuterRef("pk")).order_by("-level")
    events = Event.objects.filter(sandbox=OuterRef("sandbox")).order_by("-seq")
    given = events.filter(name=EventName.ANSWER_GIVEN)
    return Attempt.objects.filter(sandbox=sandbox).annotate(
        found=Subquery(latest.values("body")[:1]),
        found_at=Subquery(latest.values("up_to_seq")[:1]),
        taken=Subquery(taken.values("level")[:1]),
        given=Subquery(given.values("data")[:1]),
        given_at=Subquery(given.values("seq")[:1]),
        asked=Exists(latest.filter(asked=True)),
        stirred_at=Subquery(events.exclude(name__in=QUIET).values("seq")[:1]),
    )


_STANDING: Prepared[Attempt] = Prepared(_standing, 7)  # not 1, which is also true


# ── checking ──────────────────────────────────────────────────────────────────────────────────────────────────────


def judge(attempt: Attempt) -> grading.Evaluation:
    """What an attempt is judged now. Nothing is written."""
    return grade(case_of(attempt), evidence.of(attempt))


def judge_again(attempt: Attempt, latest: Evaluation) -> grading.Evaluation:
    """What is said today of what was judged at the latest check, and of nothing that came later. Nothing is written."""
    now = evidence.of(attempt)
    until = [event for event in now.events if event.seq <= latest.up_to_seq]
    return grade(case_of(attempt), structs.replace(now, events=until, state=latest.state))


def check_if_stirred(stands: Standing) -> bool:
    """Check an attempt by itself after something happened in its world, but not an exam, which is checked once.
    Returns whether it was."""
    if not stands.stirred or stands.attempt.mode == Degree.EXAM:
        return False
    check(stands.attempt, asked=False)
    return True


@transaction.atomic
def check(attempt: Attempt, *, asked: bool = True) -> grading.Evaluation:
    """Judge an attempt and keep what was found, unless it is what was found last. One that passes has passed; a
    learner's wrong moves are remembered. `asked`: it is asked for.

    Raises 409 for the second check of an exam.
    """
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("sandbox").get(pk=attempt.pk)
    if attempt.mode == Degree.EXAM and attempt.evaluations.exists():
        raise Refusal("checked_already")
    by = evidence.of(attempt)
    found = grade(case_of(attempt), by)
    keep(attempt, found, by, asked=asked)
    if found.passed and attempt.state == AttemptState.STARTED:
        attempt.state = AttemptState.PASSED
        attempt.save(update_fields=["state"])
    progress.remember(attempt, found)
    return found


def keep(attempt: Attempt, found: grading.Evaluation, by: Evidence, *, asked: bool = True) -> None:
    """Add an evaluation; none is ever changed. One that tells the same again is none, unless a hint was read since:
    with the next hint it counts as a try."""
    body, last = to_builtins(found), by.events[-1].seq if by.events else attempt.begun_at_seq
    before = attempt.evaluations.order_by("-n").defer("state").first()
    same = before is not None and (before.body, before.up_to_seq, before.grader) == (body, last, grading.GRADER)
    enough = before is not None and same and (before.asked or not asked)
    if before is not None and enough and not attempt.hints.filter(at__gte=before.at).exists():
        return
    attempt.evaluations.exclude(state=None).update(state=None)
    Evaluation.objects.create(
        attempt=attempt,
        n=before.n + 1 if before else 1,
        up_to_seq=last,
        grader=grading.GRADER,
        digest=catalogue()[attempt.exercise].digest,
        passed=found.passed,
        score=found.score,
        asked=asked,
        body=body,
        state=by.state,
    )


# ── answers ───────────────────────────────────────────────────────────────────────────────────────────────────────


def answer(attempt: Attempt, given: Mapping[str, Any]) -> None:
    """Give what the task asks to be told: an event of the learner's, judged by the next check.

    In a transaction that holds the world. Raises 409, 422.
    """
    sandbox = _world(attempt)
    noted = _as_noted(exercise_of(attempt), given)
    account = Account.objects.select_related("enterprise").get(sandbox=sandbox, username=attempt.accounts[0])
    visit = Visit(sandbox=sandbox, party=Party.APPLICANT, now=sandbox.now(), account=account, medium=Medium.PASSWORD)
    note(visit, EventName.ANSWER_GIVEN, answers=noted)


def _as_noted(exercise: Exercise, given: Mapping[str, Any]) -> list[dict[str, str]]:
    """The answers as they are noted. Raises 422 with every fault."""
    questions = {question.id: question for question in exercise.answers}
    faults = [
        Problem(
            f"/{escaped(name)[:60]}",
            "unknown_field",
            f"没有名为{shown(name)}的问题；" + (f"问题有 {'、'.join(questions)}" if questions else "本练习没有问题"),
        )
        for name in islice((name for name in given if name not in questions), MOST_UNKNOWN)
    ]
    noted = []
    for name, value in given.items():
        if name in questions:
            text = _text(questions[name], value)
            if text is None:
                faults.append(Problem(f"/{name}", "invalid", _wanted(questions[name])))
            else:
                noted.append({"id": name, "value": text})
    if not given:
        faults.append(Problem("", "required", "至少回答一个问题"))
    if faults:
        raise invalid(faults)
    return noted


LONGEST = 200
"""Characters of an answer in words. Ours."""


def _text(question: Question, value: Any) -> str | None:
    """An answer as it is noted; None for one that cannot be."""
    match question.type:
        case Sort.YES_NO:
            if value in ("yes", "no"):
                return str(value)
            return ("yes" if value else "no") if isinstance(value, bool) else None
        case Sort.CHOICE:
            return value if value in [choice.value for choice in question.choices] else None
        case Sort.TEXT:
            whole = value.strip() if isinstance(value, str) else ""
            return whole if 0 < len(whole) <= LONGEST and whole.isprintable() else None


def _wanted(question: Question) -> str:
    match question.type:
        case Sort.YES_NO:
            return "应为 true 或 false"
        case Sort.CHOICE:
            return f"应为 {'、'.join(choice.value for choice in question.choices)} 之一"
        case Sort.TEXT:
            return f"应为一行文字，不超过 {LONGEST} 个字"


# ── hints ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def hint(attempt: Attempt) -> HintTaken:
    """Open the next hint; once all are open, the last again.

    The second comes after a check that was asked for, or after a while; the third after one that did not pass. Raises
    409 before that, and 403 in an exam.
    """
    attempt = Attempt.objects.select_for_update(of=("self",)).select_related("sandbox").get(pk=attempt.pk)
    sandbox = _world(attempt)
    if attempt.mode == Degree.EXAM:
        raise Refusal("no_hints")
    taken = list(attempt.hints.order_by("level"))
    level = len(taken) + 1
    if level > len(exercise_of(attempt).hints):
        return taken[-1]
    tried = attempt.evaluations.filter(asked=True)
    checked = tried.exists()
    waited = (wall() - attempt.started_at).total_seconds() >= HINT_AFTER_SECONDS
    since = tried.filter(passed=False, at__gte=taken[-1].at).exists() if taken else False
    if (level == 2 and not (checked or waited)) or (level == 3 and not since):
        raise Refusal("hint_not_yet")
    return HintTaken.objects.create(attempt=attempt, level=level, after_seq=sandbox.events_taken)


def words_of(taken: HintTaken) -> str:
    """What a hint says."""
    case = case_of(taken.attempt)
    return str(case.filled(case.exercise.hints[taken.level - 1]))


# ── papers ────────────────────────────────────────────────────────────────────────────────────────────────────────


def papers(attempt: Attempt) -> tuple[Client, Agent | None]:
    """Whose papers lie on the desk, and the agent they name. Raises 404 where there are none."""
    case = case_of(attempt)
    client = case.client
    if client is None:
        raise absent("材料包", attempt.public_id)
    return client, agent_of(case)


def agent_of(case: Case) -> Agent | None:
    """The agent whom the client mandates in the exercise."""
    for begin in case.exercise.world.begin:
        if begin.mandate and case.exercise.world.firms[begin.mandate.principal].papers:
            who = case.firms[begin.mandate.agent]
            return Agent(who.name_cn, who.uscc)
    return None


def documents(attempt: Attempt) -> tuple[DossierPaper, ...]:
    """The papers of an attempt. Raises 404."""
    client, agent = papers(attempt)
    return client.documents(agent)


def _world(attempt: Attempt) -> Sandbox:
    """The sandbox of an attempt that is under way. Raises 409 for one that is over."""
    if attempt.sandbox is None:
        raise Refusal("attempt_over")
    return attempt.sandbox
