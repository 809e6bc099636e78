"""The gate for the content of exercises: the right way passes, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from filings.lab.grading import attempts
from filings.lab.grading.scripts import Broken, Player
from filings.lab.worlds import worlds
from filings.rules.exercises.grading import Evaluation, Verdict
from filings.rules.exercises.loading import negative
from filings.rules.exercises.schema import Exercise, Step

SEEDS = (0, 1, 2, 3, 4)
"""The variants in which the right way must pass."""

READS = ("/enterprise", "/filings", "/enquiries/overview", "/receipts", "/faq/1.1", "/codes/categories")
"""Looking about, which changes nothing, whatever is answered."""


@dataclass(frozen=True, slots=True)
class Run:
    """One way through an exercise: its name, what is wrong with how it was judged ("" for nothing), and the seconds.

    stopped  the checks that would not have it so, if the learner did something
    """

    exercise: str
    name: str
    fault: str
    seconds: float
    stopped: frozenset[str] = frozenset()


def verify(exercise: Exercise, seeds: Iterable[int] = SEEDS) -> Iterator[Run]:
    """Every way that the content must stand, the right one in the variants of these seeds. A check that no way has ever
    met in its way is idle."""
    stopped: set[str] = set()
    for run in _ways(exercise, seeds):
        stopped |= run.stopped
        yield run
    idle = [check.id for check in exercise.checks if check.id not in stopped]
    yield Run(exercise.id, "every check", f"idle, whatever is done: {', '.join(idle)}" if idle else "", 0.0)


def _ways(exercise: Exercise, seeds: Iterable[int]) -> Iterator[Run]:
    for seed in seeds:
        yield _run(exercise, f"golden, seed {seed}", exercise.golden, _passes, seed)
    yield _run(exercise, "golden, with idle reads", exercise.golden, _passes, looking=READS)
    yield _run(exercise, "golden, by somebody else", exercise.golden, _not_done, colleague=True)
    yield _run(exercise, "nothing at all", (), _not_done)
    for n in range(len(exercise.golden)):
        steps = [*exercise.golden[:n], *exercise.golden[n + 1 :]]
        yield _run(exercise, f"golden, less step {n + 1}", steps, _does_not_pass)
    for wrong in exercise.wrong:

        def noticed(found: Evaluation, fires: Sequence[str] = tuple(wrong.fires)) -> str:
            missed = set(fires) - {mistake.id for mistake in found.mistakes}
            return _does_not_pass(found) or (f"not noticed: {', '.join(sorted(missed))}" if missed else "")

        yield _run(exercise, f"wrong: {wrong.name}", wrong.steps, noticed, goes_through=True)


def _run(
    exercise: Exercise,
    name: str,
    steps: Sequence[Step],
    expected: Callable[[Evaluation], str],
    seed: int = 0,
    *,
    colleague: bool = False,
    looking: Sequence[str] = (),
    goes_through: bool = False,
) -> Run:
    began = perf_counter()
    begun = attempts.begin(exercise.id, seed=seed)
    try:
        stopped = ""
        try:
            Player(begun, colleague=colleague, looking=looking).play(steps)
        except Broken as broken:
            stopped = str(broken)
        begun.sandbox.read_anew()
        found = attempts.judge(attempts.of(begun.sandbox))
        fault = _errors(found) or expected(found)
        if stopped and (fault or goes_through):
            fault = f"{fault}; {stopped}".lstrip("; ")
    finally:
        worlds.erase(begun.sandbox)
    stopping = _stopping(exercise, found) if steps and not colleague else frozenset()
    return Run(exercise.id, name, fault, perf_counter() - began, stopping)


def _stopping(exercise: Exercise, found: Evaluation) -> frozenset[str]:
    """The checks that do not pass of themselves: what must not happen did, and what must did not."""
    return frozenset(
        judged.id
        for check, judged in zip(exercise.checks, found.checks, strict=True)
        if judged.verdict is Verdict.FAIL or (judged.verdict is Verdict.NOT_YET and not negative(check))
    )


def _passes(found: Evaluation) -> str:
    missing = [f"{check.id} {check.verdict.value}" for check in found.checks if check.verdict is not Verdict.PASS]
    if found.mistakes:
        missing += [f"noticed {mistake.id}" for mistake in found.mistakes]
    return "" if found.passed and not found.mistakes else f"does not pass: {', '.join(missing)}"


def _not_done(found: Evaluation) -> str:
    """Who does nothing does not pass anyhow; so the checks themselves must not."""
    idle = all(check.verdict is Verdict.PASS for check in found.checks)
    return "passes, though the learner did nothing" if idle else ""


def _does_not_pass(found: Evaluation) -> str:
    return "passes" if found.passed else ""


def _errors(found: Evaluation) -> str:
    wrong = [check.id for check in found.checks if check.verdict is Verdict.ERROR]
    return f"the grader fails at {', '.join(wrong)}" if wrong else ""
