"""Scenarios waiting for the declarations they are meant for."""

from __future__ import annotations

from django.db import models

from filings.models import proofs
from filings.models.sandbox import InSandbox


class QueuedScenario(InSandbox):
    """Answers the next `left` declarations that match. An empty `kind` or `uscc` matches all."""

    serial = models.PositiveIntegerField()
    public_id = models.CharField(max_length=12, validators=[proofs.Numbered("Q", 6)])
    scenario = models.CharField(max_length=200, validators=[proofs.scenario])
    kind = models.CharField(max_length=20, blank=True, validators=[proofs.kind])
    uscc = models.CharField(max_length=18, blank=True, validators=[proofs.credit_code])
    left = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "public_id"], name="queued_public_id")]

    def __str__(self) -> str:
        return f"{self.public_id} {self.scenario}"
