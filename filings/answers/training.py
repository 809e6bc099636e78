"""Exercises, attempts and what they are judged."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, UnsetType

from filings.answers.base import ENTRY, Answer, Instant, Link, named, one_of, said
from filings.answers.papers import Difference, differences
from filings.answers.sandboxes import SandboxAccount
from filings.rules.exercises.grading import Evaluation, Verdict
from filings.rules.exercises.grading import Proof as Shown
from filings.rules.exercises.schema import Sort
from filings.rules.faq import VALIDITIES
from filings.rules.words import AttemptState, Degree

MODE = one_of(Degree, "ExerciseMode")


class Choice(Answer):
    """Something to choose."""

    value: str
    label: str


class Question(Answer):
    """Something the task asks to be told; never the right answer."""

    id: str
    ask: str
    type: Annotated[str, one_of(Sort, "QuestionType")]
    choices: list[Choice]


class CheckAsked(Answer):
    """What is asked by a check; never the value."""

    id: str
    say: str


class Exercise(Answer):
    """An exercise, before it is known in which variant."""

    id: str
    version: int
    title: str
    faq: list[Annotated[str, ENTRY]]
    validity: Annotated[
        str, named("Validity", VALIDITIES, "；".join(f"{name} {label}" for name, label in VALIDITIES.items()))
    ]
    minutes: int
    capstone: bool
    modes: list[Annotated[str, MODE]]
    variants: Annotated[int, said("有几种不同的场面；种子决定是哪一种")]
    symptom: str
    task: str
    checks: list[CheckAsked]
    answers: list[Question]


class Exercises(Answer):
    results: list[Exercise]


class BegunAttempt(Answer):
    """An attempt that has just begun, with the key to its sandbox."""

    id: str
    exercise: str
    version: int
    seed: int
    mode: Annotated[str, MODE]
    sandbox: Annotated[str, said("沙箱的 id")]
    control_key: str
    accounts: Annotated[list[SandboxAccount], said("任务交给第一个账户")]
    symptom: str
    task: str
    answers: Annotated[list[Question], said("任务要求回答的问题")]
    dossier: Annotated[Link | None, said("材料包；没有材料的为 null")]
    started_at: Instant


class EvaluationKept(Answer):
    """What an attempt was judged at an event."""

    n: int
    at: Instant
    up_to_seq: Annotated[int, said("评到第几个事件")]
    passed: bool
    score: int


class HintOpened(Answer):
    """A hint that was opened."""

    level: int
    at: Instant
    text: str


class ExerciseAttempt(Answer):
    """How an attempt stands; readable after its sandbox has gone."""

    id: str
    exercise: str
    version: int
    seed: int
    mode: Annotated[str, MODE]
    state: Annotated[str, one_of(AttemptState)]
    sandbox: Annotated[str | None, said("沙箱已不在的为 null")]
    started_at: Instant
    ended_at: Instant | None
    evaluations: list[EvaluationKept]
    hints: list[HintOpened]


class Proof(Answer):
    """What shows a verdict: an event by its number, a place in the state, or the events that were looked through."""

    seq: Annotated[int, said("事件")] | UnsetType = UNSET
    path: Annotated[str, said("状态中的位置")] | UnsetType = UNSET
    first: Annotated[int, said("查找的范围，自此事件起")] | UnsetType = UNSET
    last: Annotated[int, said("到此事件止")] | UnsetType = UNSET


class CheckJudged(Answer):
    """A check and what is said of it."""

    id: str
    verdict: Annotated[str, one_of(Verdict)]
    say: str
    evidence: list[Proof]


class MistakeMade(Answer):
    """A usual wrong move that was made."""

    id: str
    say: str
    evidence: list[Proof]


class Judgement(Answer):
    """What an attempt is judged now: the same version, events and state give the same bytes."""

    passed: bool
    score: Annotated[int, said("通过的检查占百分之几")]
    checks: list[CheckJudged]
    mistakes: list[MistakeMade]
    differences: Annotated[list[Difference], said("与材料包不一致之处")]


def judgement(found: Evaluation) -> Judgement:
    """An evaluation as it is answered."""

    def proofs(shown: list[Shown]) -> list[Proof]:
        return [Proof(proof.seq, proof.path, proof.first, proof.last) for proof in shown]

    return Judgement(
        found.passed,
        found.score,
        [CheckJudged(check.id, check.verdict.value, check.say, proofs(check.evidence)) for check in found.checks],
        [MistakeMade(mistake.id, mistake.say, proofs(mistake.evidence)) for mistake in found.mistakes],
        differences(found.differences),
    )
