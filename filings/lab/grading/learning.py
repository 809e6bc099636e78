"""A learner at the exercises of the course: begun, gone on with, ended, and looked at afterwards."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db.models import Prefetch, QuerySet

from filings.lab.grading import attempts, progress
from filings.lab.worlds import worlds
from filings.models import Attempt, Evaluation, HintTaken, Learner, row_or_none
from filings.models.learners import KEY
from filings.rules.dates import at, rfc3339
from filings.rules.exercises.loading import catalogue
from filings.rules.exercises.schema import Exercise
from filings.rules.refusals import Refusal, absent
from filings.rules.words import AttemptState, Degree

RECENT = 5
"""How many attempts are shown as the latest. Ours."""


def is_one(attempt: Attempt) -> bool:
    """Whether an attempt is a learner's."""
    return attempt.learner.startswith(KEY)


def begin(learner: Learner, exercise: str, mode: str) -> Attempt:
    """Begin an exercise in a variant the learner has not had; the one under way ends. Raises 404 for an unknown
    one."""
    seed = progress.another_seed(learner, exercise)
    for before in _of(learner).filter(exercise=exercise, sandbox__isnull=False):
        end(before)
    return attempts.begin(exercise, seed=seed, mode=mode, learner=learner.key).attempt


def end(attempt: Attempt) -> bool:
    """End an attempt: its world goes, what was done in it stays. An exam that was not checked is checked now. Returns
    whether it has passed."""
    passed = attempt.state == AttemptState.PASSED
    if attempt.sandbox is None:
        return passed
    if attempt.mode == Degree.EXAM and not passed:
        with suppress(Refusal):  # it was checked
            passed = attempts.check(attempt).passed
    with suppress(Refusal):  # somebody else was quicker
        worlds.erase(attempt.sandbox)
    return passed


def find(learner: Learner, public_id: str) -> Attempt:
    """One of a learner's attempts, with its evaluations and hints. Raises 404 for anybody else's."""
    found = row_or_none(_of(learner).filter(public_id=public_id).prefetch_related(*_MORE))
    if found is None or found.exercise not in catalogue():
        raise absent("练习记录", public_id)
    return found


def exercise_of(name: str) -> Exercise:
    """An exercise of the course. Raises 404."""
    if name not in catalogue():
        raise absent("练习", name)
    return catalogue()[name].exercise


def latest(learner: Learner) -> list[Attempt]:
    """The attempts of a learner that ended last, the newest first."""
    ended = _of(learner).filter(sandbox=None, exercise__in=list(catalogue())).defer("record")
    return list(ended.order_by("-ended_at")[:RECENT])


def recorded(learner: Learner) -> dict[str, Any]:
    """All that is recorded of a learner, as plain data."""
    return {
        "name": learner.name,
        "class": learner.training_class.name if learner.training_class else None,
        "created_at": rfc3339(learner.created_at),
        "seen_at": rfc3339(learner.seen_at),
        "attempts": [_recorded(attempt) for attempt in _of(learner).order_by("id").prefetch_related(*_MORE)],
        "mistakes": [
            {
                "exercise": mistake.exercise,
                "move": mistake.move,
                "times": mistake.times,
                "attempt": mistake.attempt,
                "evidence": mistake.evidence,
                "note": mistake.note,
                "noticed_at": rfc3339(mistake.noticed_at),
                "stage": mistake.stage,
                "review_at": at(mistake.review_at),
            }
            for mistake in learner.mistakes.order_by("id")
        ],
    }


def _recorded(attempt: Attempt) -> dict[str, Any]:
    return {
        "id": attempt.public_id,
        "exercise": attempt.exercise,
        "version": attempt.version,
        "seed": attempt.seed,
        "mode": attempt.mode,
        "state": attempt.state,
        "started_at": rfc3339(attempt.started_at),
        "ended_at": at(attempt.ended_at),
        "evaluations": [
            {
                "at": rfc3339(kept.at),
                "asked": kept.asked,
                "up_to_seq": kept.up_to_seq,
                "passed": kept.passed,
                "found": kept.body,
            }
            for kept in attempt.judged  # type: ignore[attr-defined]
        ],
        "hints": [
            {"level": taken.level, "at": rfc3339(taken.at)}
            for taken in attempt.opened  # type: ignore[attr-defined]
        ],
        "record": attempt.record,
    }


_MORE = (
    Prefetch("evaluations", Evaluation.objects.order_by("n"), to_attr="judged"),
    Prefetch("hints", HintTaken.objects.order_by("level"), to_attr="opened"),
)


def _of(learner: Learner) -> QuerySet[Attempt]:
    return Attempt.objects.select_related("sandbox").filter(learner=learner.key)
