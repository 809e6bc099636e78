"""What customs does with a record after an approval: return USD amounts, and send it to the single window (FAQ 2.4,
2.16)."""

from __future__ import annotations

from datetime import datetime, timedelta

from filings.customs.sync import sync
from filings.models import Agenda, CustomsRecord, Sandbox
from filings.record.facts import misbehaves
from filings.rules.approval import with_returned_usd
from filings.rules.events import Due


def after_approval(sandbox: Sandbox, uscc: str, now: datetime) -> None:
    """Return the USD amounts and sync the mirror, at once unless a lag is in force; a lag without days has no end of
    its own."""
    if late := misbehaves(sandbox, "usd_delayed", uscc):
        _later(sandbox, Due.USD, uscc, now, late.args.get("days"))
    else:
        return_usd(sandbox, uscc)
    if lag := misbehaves(sandbox, "mirror_lag", uscc):
        _later(sandbox, Due.SYNC, uscc, now, lag.args.get("days"))
    else:
        sync(sandbox, now, uscc)


def return_usd(sandbox: Sandbox, uscc: str) -> bool:
    """Reckon every investor's amount in USD, in the ledger. Tells whether there is a record."""
    record = CustomsRecord.of(sandbox, uscc)
    if record is None:
        return False
    record.enter(investors=with_returned_usd(record.investors))
    return True


def _later(sandbox: Sandbox, verb: Due, uscc: str, now: datetime, days: int | None) -> None:
    if days is not None:
        Agenda.put(sandbox, now + timedelta(days=days), verb, uscc)
