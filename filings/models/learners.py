"""Who learns: learners, their classes, and the wrong moves they want to remember. They belong to no sandbox."""

from __future__ import annotations

from django.db import models

from filings.models.fields import JSONField
from filings.models.sandbox import wall

KEY = "L"
"""How a learner's key begins; a guest's begins otherwise."""


class TrainingClass(models.Model):
    """A class. Whoever has its code may join it."""

    code = models.CharField(max_length=6, unique=True)
    name = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=wall)

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Learner(models.Model):
    """Somebody who learns, by a name of their own choice; no account of any sandbox.

    key          by which attempts are theirs
    code_digest  of name and return code, keyed: the code itself is kept nowhere
    """

    key = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=40)
    code_digest = models.CharField(max_length=64, unique=True)
    training_class = models.ForeignKey(TrainingClass, null=True, on_delete=models.SET_NULL, related_name="learners")
    created_at = models.DateTimeField(default=wall)
    seen_at = models.DateTimeField(default=wall, db_index=True)

    def __str__(self) -> str:
        return self.name


class Mistake(models.Model):
    """A wrong move of a learner in the 错题本: once for each exercise and move, with how often it was made.

    attempt, evidence  where it was last made, and which events show it
    stage              how many of the repetitions are behind; `review_at` is when the next is due, None: none is
    """

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="mistakes")
    exercise = models.CharField(max_length=40)
    move = models.CharField(max_length=40)
    attempt = models.CharField(max_length=20)
    evidence = JSONField(default=list)
    times = models.PositiveIntegerField(default=1)
    note = models.CharField(max_length=500, blank=True)
    noticed_at = models.DateTimeField(default=wall)
    stage = models.PositiveSmallIntegerField(default=0)
    review_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["learner", "exercise", "move"], name="mistake_once")]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.exercise} {self.move}"
