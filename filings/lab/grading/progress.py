"""How far a learner has come: the course, what is passed and mastered, what comes next, and the 错题本."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Max, Min, Prefetch, Q

from filings.models import Attempt, HintTaken, Learner, Mistake, row_or_none, wall
from filings.models.learners import KEY
from filings.rules.exercises import grading
from filings.rules.exercises.cases import unfilled
from filings.rules.exercises.loading import catalogue
from filings.rules.exercises.schema import VARIANTS, Exercise, WrongMove
from filings.rules.faq import ENTRIES
from filings.rules.refusals import absent
from filings.rules.words import AttemptState

REVIEWS = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
"""When a wrong move is practised again, counted from the time before. Ours."""

LAST_HINT = 3
"""Who opened this one has passed, and has not mastered."""


class Standing(models.TextChoices):
    """How a learner stands with an exercise."""

    NOT_BEGUN = "not_begun", "未开始"
    UNDER_WAY = "under_way", "进行中"
    PASSED = "passed", "通过"
    MASTERED = "mastered", "掌握"


@dataclass(frozen=True, slots=True)
class Place:
    """An exercise on the map, with the learner's attempts at it, the newest first."""

    exercise: Exercise
    standing: Standing
    tries: Sequence[Attempt] = ()

    @property
    def under_way(self) -> Attempt | None:
        """The attempt that can be gone on with."""
        return next((attempt for attempt in self.tries if attempt.sandbox_id is not None), None)

    @property
    def validity(self) -> str:
        return ENTRIES[self.exercise.faq[0]].validity

    @property
    def number(self) -> str:
        """The entry it is about; a capstone is about more than one."""
        return "" if self.exercise.capstone else self.exercise.faq[0]

    @property
    def short(self) -> str:
        """How it is called on the map."""
        return self.number or self.exercise.called

    @property
    def hints(self) -> int:
        """How many hints were opened, in all attempts."""
        opened = (attempt.opened for attempt in self.tries)  # type: ignore[attr-defined]
        return sum(map(len, opened))

    @property
    def done(self) -> bool:
        return self.standing in (Standing.PASSED, Standing.MASTERED)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the course."""

    name: str
    title: str
    places: list[Place] = field(default_factory=list)

    @property
    def passed(self) -> int:
        return sum(place.done for place in self.places)


PARTS = (("today", "常见问题"), ("capstones", "综合练习"), ("historic", "历史情形"))
"""What holds today comes first; what is history stands apart."""

Tries = Mapping[str, list[Attempt]]
"""A learner's attempts by exercise, the newest first."""


def course(learner: Learner, until: datetime | None = None) -> list[Part]:
    """The course as a learner stands in it, or as they stood at a moment."""
    return laid_out(tries([learner], until)[learner.key])


def laid_out(mine: Tries) -> list[Part]:
    """The course with somebody's attempts in it."""
    parts = {name: Part(name, title) for name, title in PARTS}
    for loaded in catalogue().values():
        exercise = loaded.exercise
        own = mine.get(exercise.id, [])
        place = Place(exercise, standing(own), own)
        name = "capstones" if exercise.capstone else "historic" if place.validity == "historic" else "today"
        parts[name].places.append(place)
    return list(parts.values())


def place(learner: Learner, exercise: Exercise) -> Place:
    """How a learner stands at one exercise."""
    own = tries([learner])[learner.key].get(exercise.id, [])
    return Place(exercise, standing(own), own)


def tries(learners: Sequence[Learner], until: datetime | None = None) -> Mapping[str, Tries]:
    """The attempts of learners, by their keys, each with its best score, when it passed, and the hints opened; as they
    are, or as they were at a moment. Two statements."""
    found: dict[str, dict[str, list[Attempt]]] = {learner.key: defaultdict(list) for learner in learners}
    then = {"at__lte": until} if until else {}
    hints = Prefetch("hints", HintTaken.objects.filter(**then).order_by("level"), to_attr="opened")
    passed = Q(evaluations__passed=True, **{f"evaluations__{name}": moment for name, moment in then.items()})
    rows = Attempt.objects.filter(learner__in=list(found)).defer("record").prefetch_related(hints)
    if until:
        rows = rows.filter(started_at__lte=until)
    rows = rows.annotate(best=Max("evaluations__score"), passed_at=Min("evaluations__at", filter=passed))
    for attempt in rows.order_by("-id"):
        found[attempt.learner][attempt.exercise].append(attempt)
    return found


def standing(own: Iterable[Attempt]) -> Standing:
    """通过: one attempt passed. 掌握: two on different variants, the last of them without the last hint."""
    own = list(own)
    passed = [attempt for attempt in own if attempt.passed_at is not None]  # type: ignore[attr-defined]
    if not passed:
        return Standing.UNDER_WAY if own else Standing.NOT_BEGUN
    variants = {attempt.seed % VARIANTS for attempt in passed}
    given_away = any(taken.level == LAST_HINT for taken in passed[0].opened)  # type: ignore[attr-defined]
    return Standing.MASTERED if len(variants) > 1 and not given_away else Standing.PASSED


def next_place(parts: Iterable[Part]) -> Place | None:
    """What comes next: what can be gone on with, even if it was passed before; then what was begun, then what was not;
    each in the order of the course."""
    places = [place for part in parts for place in part.places]
    for place in places:
        if place.under_way and place.under_way.state != AttemptState.PASSED:
            return place
    for wanted in (Standing.UNDER_WAY, Standing.NOT_BEGUN):
        for place in places:
            if place.standing is wanted:
                return place
    return None


def another_seed(learner: Learner, exercise: str) -> int:
    """A variant that the learner has not had, as long as there is one; else the one had longest ago."""
    had = [
        seed % VARIANTS
        for seed in Attempt.objects.filter(learner=learner.key, exercise=exercise)
        .order_by("-id")
        .values_list("seed", flat=True)
    ]
    first = sum(map(ord, learner.key)) % VARIANTS  # neighbours in a class begin with different ones
    order = [(first + n) % VARIANTS for n in range(VARIANTS)]
    return max(order, key=lambda variant: had.index(variant) if variant in had else len(had))


# ── 错题本 ────────────────────────────────────────────────────────────────────────────────────────────────────────


def remember(attempt: Attempt, found: grading.Evaluation) -> None:
    """Write down a learner's wrong moves that were found; an attempt that passes is a repetition of those of its
    exercise. Of anybody else's nothing is."""
    learner = row_or_none(Learner.objects.filter(key=attempt.learner)) if attempt.learner.startswith(KEY) else None
    if learner is None:
        return
    now = wall()
    made = {mistake.id: mistake for mistake in found.mistakes}
    known = {mistake.move: mistake for mistake in Mistake.objects.filter(learner=learner, exercise=attempt.exercise)}
    for move, shown in made.items():
        seqs = [proof.seq for proof in shown.evidence if isinstance(proof.seq, int)]
        mistake = known.get(move) or Mistake(learner=learner, exercise=attempt.exercise, move=move, times=0)
        if mistake.attempt != attempt.public_id:
            mistake.times += 1
        mistake.attempt, mistake.evidence, mistake.noticed_at = attempt.public_id, seqs, now
        mistake.stage, mistake.review_at = 0, now + REVIEWS[0]
        mistake.save()
    if not found.passed:
        return
    for move, mistake in known.items():
        if move not in made and mistake.attempt != attempt.public_id and _is_due(mistake, now):
            mistake.stage += 1
            mistake.review_at = now + REVIEWS[mistake.stage] if mistake.stage < len(REVIEWS) else None
            mistake.save(update_fields=["stage", "review_at"])


def _is_due(mistake: Mistake, now: datetime) -> bool:
    return mistake.review_at is not None and mistake.review_at <= now


def note(learner: Learner, exercise: str, move: str, words: str) -> None:
    """Keep what a learner notes at a wrong move. Raises 404 for one they did not make."""
    if not Mistake.objects.filter(learner=learner, exercise=exercise, move=move).update(note=words):
        raise absent("错题", f"{exercise} {move}"[:60])


@dataclass(frozen=True, slots=True)
class Remembered:
    """A wrong move as the 错题本 shows it."""

    mistake: Mistake
    exercise: Exercise
    say: str
    due: bool

    @property
    def number(self) -> str:
        return self.exercise.called if self.exercise.capstone else self.exercise.faq[0]


def diary(learner: Learner) -> list[Remembered]:
    """A learner's wrong moves: what is due first, then the newest."""
    now, known = wall(), catalogue()
    rows = [
        Remembered(mistake, exercise, _say(exercise, mistake.move), _is_due(mistake, now))
        for mistake in learner.mistakes.order_by("-noticed_at")
        if mistake.exercise in known
        for exercise in [known[mistake.exercise].exercise]
    ]
    return sorted(rows, key=lambda row: not row.due)


def _say(exercise: Exercise, move: str) -> str:
    """The sentence that teaches, before it is known in which variant."""
    return next((unfilled(exercise, each.say) for each in exercise.diagnosers if each.id == WrongMove(move)), "")
