"""Named states of a sandbox, which can be restored."""

from __future__ import annotations

from django.db import models

from filings.models.contents import Content
from filings.models.sandbox import Beside


class Checkpoint(Beside):
    """A snapshot kept under a name, compressed. It survives a reset, and the restoring of other checkpoints."""

    name = models.CharField(max_length=60)
    taken_at = models.DateTimeField()
    clock_at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    body = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "name"], name="checkpoint_name")]

    def __str__(self) -> str:
        return self.name


class Holding(Beside):
    """A file is attached in a checkpoint: its bytes are kept for it."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.CASCADE, related_name="holdings")
    content = models.ForeignKey(Content, on_delete=models.CASCADE, related_name="holdings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["checkpoint", "content"], name="holding_once")]
        indexes = [models.Index(fields=["sandbox"], name="holding_of_sandbox")]

    def __str__(self) -> str:
        return f"{self.checkpoint_id} {self.content_id}"
