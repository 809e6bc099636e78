"""补录企业备案信息 (FAQ 1.1)."""

from __future__ import annotations

from django.db import models

from filings.models.people import Account, Enterprise
from filings.models.sandbox import InSandbox
from filings.rules.words import Qualification


class Backfill(InSandbox):
    """What an enterprise supplied about the qualification it did not have when both were joined."""

    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="backfills")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    qualification = models.CharField(max_length=15, choices=Qualification.choices)
    number = models.CharField(max_length=20, blank=True)
    remarks = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["enterprise", "qualification"], name="backfill_once")]
        indexes = [models.Index(fields=["sandbox"], name="backfill_of_sandbox")]

    def __str__(self) -> str:
        return f"{self.enterprise_id} {self.qualification}"
