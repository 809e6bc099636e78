"""海关年报 as customs has them, and from when the publicity platform shows them (FAQ 2.13)."""

from __future__ import annotations

from django.db import models

from filings.models import proofs
from filings.models.fields import JSONField
from filings.models.people import Account, Enterprise
from filings.models.sandbox import InSandbox


class AnnualReport(InSandbox):
    """One enterprise's report of one year. `publicised_at` None: the platform does not show it yet, and says 未报送."""

    serial = models.PositiveIntegerField()
    public_id = models.CharField(max_length=12, validators=[proofs.Numbered("A", 6)])
    enterprise = models.ForeignKey(Enterprise, on_delete=models.CASCADE, related_name="annual_reports")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="annual_reports")
    year = models.PositiveSmallIntegerField(validators=[proofs.report_year])
    content = JSONField(default=dict, validators=[proofs.annual_sheet])
    submitted_at = models.DateTimeField()
    supplemented_at = models.DateTimeField(null=True)
    publicised_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sandbox", "public_id"], name="annual_report_public_id"),
            models.UniqueConstraint(fields=["enterprise", "year"], name="annual_report_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.public_id} {self.year}"
