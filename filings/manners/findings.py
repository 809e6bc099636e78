"""What was found at a check, as pages tell it: beside the exercise, and when it is looked at afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from filings.rules.exercises.grading import Verdict
from filings.rules.exercises.loading import negative
from filings.rules.exercises.schema import Exercise

MOST_SHOWN = 3
"""Events that are named beside a check. Ours."""

MARKS = {Verdict.PASS: "✓", Verdict.FAIL: "✗", Verdict.NOT_YET: "…", Verdict.ERROR: "!"}
"""What stands before a check, for who sees it."""

KEPT_TO = "至今如此"
"""Said of what must not happen and has not, while the task is not done: “尚未 没有…” would say the contrary."""

LEFT_UNDONE, NOT_COUNTED = "没有做到", "不计"
"""What is said of both once the attempt is over."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A check as it came out, in a word, and the numbers of the events that show it, the first few."""

    verdict: Verdict
    word: str
    mark: str
    say: str
    shown: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found at a check. `untold`: so many checks are not told, as they would say what to do and none was
    asked for yet."""

    checks: tuple[Checked, ...]
    all: int
    passing: int
    untold: int
    mistakes: tuple[str, ...]
    differences: tuple[Mapping[str, str], ...]

    @property
    def tells(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.checks or self.mistakes or self.differences)

    def tells_more_than(self, before: Found | None) -> bool:
        """Whether it tells something else than the one before."""
        if before is None:
            return self.tells
        outcomes = [[(check.verdict, check.say) for check in found.checks] for found in (before, self)]
        return outcomes[0] != outcomes[1] or self.mistakes != before.mistakes or self.differences != before.differences


def found(body: Mapping[str, Any], exercise: Exercise, *, whole: bool, over: bool = False) -> Found:
    """An evaluation as it is kept, as it is told. `whole`: what has yet to be done too; `over`: nothing can be done any
    more."""
    must_not = {check.id for check in exercise.checks if negative(check)}
    checks = tuple(_checked(check, check["id"] in must_not, over) for check in body["checks"])
    shown = tuple(check for check in checks if whole or check.verdict is not Verdict.NOT_YET)
    return Found(
        checks=shown,
        all=len(checks),
        passing=sum(check.verdict is Verdict.PASS for check in checks),
        untold=len(checks) - len(shown),
        mistakes=tuple(mistake["say"] for mistake in body["mistakes"]),
        differences=tuple(body["differences"]),
    )


def _checked(check: Mapping[str, Any], must_not: bool, over: bool) -> Checked:
    verdict = Verdict(check["verdict"])
    word, shown = str(verdict.label), tuple(proof["seq"] for proof in check["evidence"] if "seq" in proof)
    if verdict is Verdict.NOT_YET:
        shown = ()  # of what has yet to be, no event shows it
        if over:
            word = NOT_COUNTED if must_not else LEFT_UNDONE
        elif must_not:
            word = KEPT_TO
    return Checked(verdict, word, MARKS[verdict], check["say"], shown[:MOST_SHOWN])
