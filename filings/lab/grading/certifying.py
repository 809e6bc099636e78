"""The record of self-study: what a learner has passed at a moment, and the code by which whoever holds the paper learns
whether it is so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from filings.lab.grading import progress
from filings.lab.grading.progress import Part
from filings.models import Learner, row_or_none, wall
from filings.printing import sealing
from filings.rules.version import RULES_VERSION

PURPOSE = "filings.learning"


@dataclass(frozen=True, slots=True)
class Record:
    """How a learner stood at a moment, by the rules of a version. Nothing of it is kept: it is told anew from what is
    recorded."""

    learner: Learner
    at: datetime
    rules_version: str
    parts: list[Part]

    @property
    def code(self) -> str:
        return sealing.sealed(f"{self.learner.pk}:{int(self.at.timestamp())}:{self.rules_version}", PURPOSE)

    @property
    def passed(self) -> int:
        return sum(part.passed for part in self.parts)

    @property
    def all(self) -> int:
        return sum(len(part.places) for part in self.parts)

    @property
    def hints(self) -> int:
        return sum(place.hints for part in self.parts for place in part.places)


def record(learner: Learner) -> Record:
    """A learner's record as it is now: to the second that has begun, which the code can tell."""
    now = wall().replace(microsecond=0) + timedelta(seconds=1)
    return Record(learner, now, RULES_VERSION, progress.course(learner, now))


def opened(code: str) -> Record | None:
    """The record a code stands for, as it was; None for a code that is not ours, or of a learner who is forgotten."""
    text = sealing.opened(code, PURPOSE)
    if text is None:
        return None
    learner, moment, version = text.split(":", 2)
    found = row_or_none(Learner.objects.select_related("training_class").filter(pk=int(learner)))
    at = datetime.fromtimestamp(int(moment), UTC)
    return Record(found, at, version, progress.course(found, at)) if found else None
