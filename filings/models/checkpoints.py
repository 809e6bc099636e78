"""Named states of a sandbox to come back to."""

from __future__ import annotations

from django.db import models

from filings.models.sandbox import Beside


class Checkpoint(Beside):
    """A snapshot kept under a name, compressed. It survives a reset and other checkpoints' restoring."""

    name = models.CharField(max_length=60)
    taken_at = models.DateTimeField()
    clock_at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "name"], name="checkpoint_name")]

    def __str__(self) -> str:
        return self.name
