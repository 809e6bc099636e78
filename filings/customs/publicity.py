"""From the reports customs has to what the publicity platform shows (FAQ 2.13)."""

from __future__ import annotations

from datetime import datetime

from filings.models import AnnualReport, Sandbox, authority
from filings.record.trail import note
from filings.rules.events import EventName
from filings.rules.words import Party


def publicise(sandbox: Sandbox, public_id: str, now: datetime) -> None:
    """The platform shows a report from this moment on; again is the same as once."""
    report = (
        AnnualReport.objects.select_related("enterprise")
        .filter(sandbox=sandbox, public_id=public_id, publicised_at=None)
        .first()
    )
    if report is None:
        return
    report.publicised_at = now
    report.save(update_fields=["publicised_at"])
    visit = authority(sandbox, Party.CUSTOMS, now)
    note(
        visit,
        EventName.MIRROR_SYNCED,
        subject=report.public_id,
        uscc=report.enterprise.uscc,
        source="publicity",
        changed=[],
        year=report.year,
    )
