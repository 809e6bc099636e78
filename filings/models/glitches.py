"""The documented misbehaviours that are on."""

from __future__ import annotations

from django.db import models

from filings.models import proofs
from filings.models.fields import JSONField
from filings.models.sandbox import InSandbox, Sandbox


class Glitch(InSandbox):
    """A misbehaviour of `rules.glitches` that is on for one enterprise or, without `uscc`, for all.

    `mended`: it is over for this enterprise, while it goes on for the others.
    """

    name = models.CharField(max_length=40, validators=[proofs.glitch])
    uscc = models.CharField(max_length=18, blank=True, validators=[proofs.credit_code])
    args = JSONField(default=dict, validators=[proofs.lag])
    mended = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sandbox", "name", "uscc"], name="glitch_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.uscc}".strip()


def mend(sandbox: Sandbox, name: str, uscc: str) -> None:
    """End a misbehaviour about one enterprise, as the office in charge does; the others keep theirs."""
    Glitch.objects.filter(sandbox=sandbox, name=name, uscc=uscc).delete()
    if Glitch.objects.filter(sandbox=sandbox, name=name, uscc="").exists():
        Glitch.objects.create(sandbox=sandbox, name=name, uscc=uscc, mended=True)
