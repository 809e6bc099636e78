"""Wrong secrets, counted."""

from __future__ import annotations

from django.db import models

from filings.models.fields import JSONField
from filings.models.sandbox import wall


class Guesses(models.Model):
    """How often somebody gave a wrong secret in a row, and until when they wait (wall time). It belongs to no world.

    subject  a digest that stands for the owner of the secret, or for the guesser
    last     digests of the latest wrong ones: to try one again is no new guess
    """

    subject = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last = JSONField(default=list)
    until = models.DateTimeField(null=True)
    at = models.DateTimeField(default=wall, db_index=True)

    def __str__(self) -> str:
        return f"{self.subject[:8]}: {self.failures}"
