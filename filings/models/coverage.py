"""What a client has met, beyond the world it met it in."""

from __future__ import annotations

from django.db import models

from filings.models.sandbox import Beside


class Covered(Beside):
    """One thing that was met in a sandbox."""

    part = models.CharField(max_length=10)
    name = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "part", "name"], name="covered_once")]

    def __str__(self) -> str:
        return f"{self.part} {self.name}"
