"""Which documented misbehaviours are in force."""

from __future__ import annotations

from django.db import models

from filings.models.sandbox import InSandbox


class Glitch(InSandbox):
    """A misbehaviour of `rules.glitches` in force, about one enterprise or, with no `uscc`, about all."""

    name = models.CharField(max_length=40)
    uscc = models.CharField(max_length=18, blank=True)
    args = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "name", "uscc"], name="glitch_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.uscc}".strip()
