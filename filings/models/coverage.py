"""What a client has met. It outlives the world in which it was met."""

from __future__ import annotations

from django.db import models

from filings.models.sandbox import Beside, wall


class Covered(Beside):
    """One thing that was met in a sandbox; `at` is when it was first (wall time)."""

    part = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    at = models.DateTimeField(default=wall)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "part", "name"], name="covered_once")]

    def __str__(self) -> str:
        return f"{self.part} {self.name}"
