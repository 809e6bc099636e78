"""The active failures, and how often each has struck."""

from __future__ import annotations

from django.db import models

from filings.models import proofs
from filings.models.fields import JSONField
from filings.models.sandbox import InSandbox


class Fault(InSandbox):
    """A fault that strikes matching exchanges; `left` None: without limit. `expires_at` is wall time."""

    serial = models.PositiveIntegerField()
    public_id = models.CharField(max_length=12, validators=[proofs.Numbered("X", 6)])
    name = models.CharField(max_length=40, validators=[proofs.fault_name])
    fault = models.CharField(max_length=200, validators=[proofs.fault])
    match = JSONField(default=dict, validators=[proofs.match])
    left = models.PositiveIntegerField(null=True)
    probability = models.FloatField(null=True, validators=[proofs.chance])
    expires_at = models.DateTimeField(null=True)
    asked = models.PositiveIntegerField(default=0)
    fired = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "public_id"], name="fault_public_id")]
        indexes = [models.Index(fields=["sandbox", "serial"], name="fault_serial")]

    def __str__(self) -> str:
        return f"{self.public_id} {self.fault}"
