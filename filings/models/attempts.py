"""Attempts at exercises. They stay when their sandbox goes: what was done is kept with them then."""

from __future__ import annotations

from django.db import models

from filings.models.fields import JSONField
from filings.models.sandbox import Sandbox, wall
from filings.rules.words import AttemptState, Degree


class Attempt(models.Model):
    """Somebody at an exercise, in a sandbox of its own.

    learner        who it is, by a key that tells nothing to others; "" for a program
    version        of the exercise, with the digest of its file
    begun_at_seq   the last event of the world's beginning: what comes later was done in the attempt
    accounts       whose deeds are the learner's, by user name
    filings        the numbers of the filings there were, by their names in the exercise
    sandbox        None: its world is gone, and `record` is the evidence as it was then
    """

    public_id = models.CharField(max_length=20, unique=True)
    learner = models.CharField(max_length=64, blank=True, db_index=True)
    exercise = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    seed = models.BigIntegerField()
    mode = models.CharField(max_length=10, choices=Degree.choices, default=Degree.GUIDED)
    state = models.CharField(max_length=10, choices=AttemptState.choices, default=AttemptState.STARTED)
    sandbox = models.OneToOneField(Sandbox, null=True, on_delete=models.SET_NULL, related_name="+")
    sandbox_key = models.CharField(max_length=40)
    begun_at_seq = models.PositiveIntegerField()
    accounts = JSONField(default=list)
    filings = JSONField(default=dict)
    record = JSONField(null=True, default=None)
    started_at = models.DateTimeField(default=wall)
    ended_at = models.DateTimeField(null=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.public_id} {self.exercise}"


class Evaluation(models.Model):
    """What an attempt was judged at an event: only ever added. `body` is the judgement whole.

    state  what its world was then: with the events until then it can be judged again; of the latest only
    asked  the learner asked for it; else it was judged by itself, as something had happened
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="evaluations")
    n = models.PositiveIntegerField()
    at = models.DateTimeField(default=wall)
    up_to_seq = models.PositiveIntegerField()
    grader = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    passed = models.BooleanField()
    score = models.PositiveSmallIntegerField()
    asked = models.BooleanField(default=True)
    body = JSONField()
    state = JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "n"], name="evaluation_n")]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.n}"


class HintTaken(models.Model):
    """A hint was opened; `level` 1 to 3."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="hints")
    level = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=wall)
    after_seq = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["attempt", "level"], name="hint_once")]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.level}"
