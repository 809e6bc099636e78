"""The rows of attempts: opened with a world, and closed when it goes, with the evidence as it was then."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from filings.lab.grading import evidence
from filings.models import Attempt, Learner, Sandbox, row_or_none, wall
from filings.rules.events import EventName
from filings.rules.exercises.cases import Case
from filings.rules.exercises.loading import catalogue
from filings.rules.words import AttemptState

KEPT = timedelta(days=180)
"""How long an attempt stays after its world has gone. Ours."""


def open_row(sandbox: Sandbox, case: Case, accounts: list[str], learner: str) -> Attempt:
    """Begin an attempt in a sandbox whose world has just been planted, in the caller's transaction."""
    return Attempt.objects.create(
        public_id=f"A{secrets.token_hex(8)}",
        learner=learner,
        exercise=case.exercise.id,
        version=case.exercise.version,
        digest=catalogue()[case.exercise.id].digest,
        seed=sandbox.seed,
        mode=sandbox.degree,
        sandbox=sandbox,
        sandbox_key=sandbox.key,
        begun_at_seq=sandbox.events_taken,
        accounts=accounts,
        filings=dict(case.filings),
    )


def of(sandbox: Sandbox) -> Attempt | None:
    """The attempt under way in a sandbox."""
    return row_or_none(Attempt.objects.filter(sandbox=sandbox)) if sandbox.exercise else None


def close(sandbox: Sandbox) -> str:
    """A world goes: its attempt stays with what was done in it. One in which nobody did more than come in is forgotten.

    Returns whose it was.
    """
    attempt = of(sandbox)
    if attempt is None:
        return ""
    attempt.sandbox = sandbox
    shown = evidence.of(attempt)
    if all(event.name == EventName.SESSION_OPENED for event in shown.events) and not attempt.evaluations.exists():
        attempt.delete()
        return attempt.learner
    ended: dict[str, Any] = {"record": evidence.kept(shown), "sandbox": None, "ended_at": wall()}
    if attempt.state == AttemptState.STARTED:
        ended["state"] = AttemptState.ABANDONED
    Attempt.objects.filter(pk=attempt.pk).update(**ended)
    return attempt.learner


def forget_old() -> None:
    """Forget attempts that ended long ago; a learner's stay as long as the learner."""
    of_learners = Exists(Learner.objects.filter(key=OuterRef("learner")))
    Attempt.objects.filter(~of_learners, ended_at__lt=wall() - KEPT).delete()
