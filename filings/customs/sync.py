"""From the authority's ledger to the single window's mirror (FAQ 2.4, 2.15)."""

from __future__ import annotations

from datetime import datetime

from filings.models import CustomsRecord, Enterprise, Mirror, Sandbox, authority
from filings.models.ledgers import FACTS
from filings.prepared import PreparedUpdate
from filings.record.trail import note
from filings.rules.events import EventName
from filings.rules.words import Party


def sync(sandbox: Sandbox, now: datetime, uscc: str | None = None) -> list[str]:
    """Make the mirror say what the ledger says, of one enterprise or of all; its name follows the record. Returns
    whose."""
    if uscc:
        found = CustomsRecord.of(sandbox, uscc)
        records = [found] if found else []
    else:
        records = list(CustomsRecord.objects.filter(sandbox=sandbox).order_by("uscc"))
    for record in records:
        facts, shown = record.as_facts(), Mirror.of(sandbox, record.uscc)
        changed = [name for name in FACTS if shown is None or getattr(shown, name) != facts[name]]
        Mirror(sandbox=sandbox, uscc=record.uscc, synced_at=now, **facts).enter()
        if name := record.content.get("name_cn"):
            _NAMED.run(sandbox.pk, record.uscc, name, name_cn=name)
        note(
            authority(sandbox, Party.CUSTOMS, now),
            EventName.MIRROR_SYNCED,
            uscc=record.uscc,
            source="mirror",
            changed=changed,
        )
    return [record.uscc for record in records]


_NAMED: PreparedUpdate[Enterprise] = PreparedUpdate(
    ["name_cn"],
    lambda sandbox, uscc, name: Enterprise.objects.filter(sandbox=sandbox, uscc=uscc).exclude(name_cn=name),
    1,
    "a uscc",
    "a name",
)
