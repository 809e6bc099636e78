"""Grading stored attempts anew: what would be judged otherwise today."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import to_builtins

from filings.lab.grading import attempts
from filings.models import Attempt
from filings.rules.refusals import Refusal


def differences() -> Iterator[str]:
    """For every attempt with an evaluation, what would be judged otherwise. Nothing is written."""
    for attempt in Attempt.objects.select_related("sandbox").order_by("id").iterator():
        latest = attempt.evaluations.order_by("-n").first()
        if latest is None:
            continue
        try:
            found = to_builtins(attempts.judge_again(attempt, latest))
        except Refusal as refusal:
            yield f"{attempt.public_id} {attempt.exercise}: {refusal.detail}"
            continue
        before, after = ({check["id"]: check["verdict"] for check in body["checks"]} for body in (latest.body, found))
        for name in sorted({*before, *after}):
            if before.get(name) != after.get(name):
                yield f"{attempt.public_id} {attempt.exercise} {name}: {before.get(name)} → {after.get(name)}"
        if latest.passed != found["passed"]:
            yield f"{attempt.public_id} {attempt.exercise} passed: {latest.passed} → {found['passed']}"
