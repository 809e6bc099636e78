"""From the authority's ledger to the single window's mirror (FAQ 2.4, 2.15)."""

from __future__ import annotations

from datetime import datetime

from filings.models import CustomsRecord, Mirror, Sandbox, authority
from filings.models.ledgers import FACTS
from filings.rules.words import Party
from filings.trail import note


def sync(sandbox: Sandbox, now: datetime, uscc: str | None = None) -> list[str]:
    """Make the mirror say what the ledger says, of one enterprise or of all. Returns the enterprises synced."""
    records = CustomsRecord.objects.filter(sandbox=sandbox, **({"uscc": uscc} if uscc else {})).order_by("uscc")
    synced = []
    for record in records:
        facts = {name: getattr(record, name) for name in FACTS}
        Mirror.objects.update_or_create(sandbox=sandbox, uscc=record.uscc, defaults={**facts, "synced_at": now})
        note(authority(sandbox, Party.CUSTOMS, now), "mirror.synced", uscc=record.uscc)
        synced.append(record.uscc)
    return synced
