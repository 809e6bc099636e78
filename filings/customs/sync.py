"""From the authority's ledger to the single window's mirror (FAQ 2.4, 2.15)."""

from __future__ import annotations

from datetime import datetime

from filings.models import CustomsRecord, Enterprise, Mirror, Sandbox, authority
from filings.models.ledgers import FACTS
from filings.rules.events import EventName
from filings.rules.words import Party
from filings.trail import note


def sync(sandbox: Sandbox, now: datetime, uscc: str | None = None) -> list[str]:
    """Make the mirror say what the ledger says, of one enterprise or of all; its name follows the record. Returns whose."""
    records = CustomsRecord.objects.filter(sandbox=sandbox, **({"uscc": uscc} if uscc else {})).order_by("uscc")
    before = {one.uscc: one for one in Mirror.objects.filter(sandbox=sandbox, uscc__in=[record.uscc for record in records])}
    synced = []
    for record in records:
        facts = record.as_facts()
        shown = before.get(record.uscc)
        changed = [name for name in FACTS if shown is None or getattr(shown, name) != facts[name]]
        Mirror.objects.update_or_create(sandbox=sandbox, uscc=record.uscc, defaults={**facts, "synced_at": now})
        if name := record.content.get("name_cn"):
            Enterprise.objects.filter(sandbox=sandbox, uscc=record.uscc).exclude(name_cn=name).update(name_cn=name)
        note(authority(sandbox, Party.CUSTOMS, now), EventName.MIRROR_SYNCED, uscc=record.uscc, source="mirror", changed=changed)
        synced.append(record.uscc)
    return synced
