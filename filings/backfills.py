"""补录企业备案信息 (FAQ 1.1): whether an enterprise must, and doing it."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from filings.facts import account_facts
from filings.models import Backfill, CustomsRecord, Visit, one
from filings.rules import guards
from filings.rules.backfill import Determination, determination
from filings.rules.events import EventName
from filings.rules.facts import NOTHING
from filings.rules.refusals import Refusal
from filings.trail import note


def requirement(visit: Visit) -> tuple[Determination, dict[str, Any]]:
    """What FAQ 1.1 says of the visit's enterprise, and the dates it says it by: those of the customs ledger."""
    guards.demand((guards.enterprise_user,), account_facts(visit))
    assert visit.enterprise is not None
    record = one(CustomsRecord.objects.filter(sandbox=visit.sandbox, uscc=visit.enterprise.uscc))
    ledger = record.as_facts() if record else NOTHING
    supplied = Backfill.objects.filter(enterprise=visit.enterprise).exists()
    days = {name: ledger.get(name) for name in ("customs_qualified_on", "inspection_qualified_on")}
    return determination(ledger, supplied), {name: day.isoformat() if day else None for name, day in days.items()}


@transaction.atomic(savepoint=False)
def supply(visit: Visit, number: str = "", remarks: str = "") -> Backfill:
    """补录 the qualification that is lacking. Raises 409 `backfill_not_needed` where none is: then nothing is kept."""
    told, _ = requirement(visit)
    if told.lacking is None:
        raise Refusal("backfill_not_needed", extra={"determination": told.code, "answer": told.answer})
    assert visit.account is not None
    assert visit.enterprise is not None
    note(visit, EventName.BACKFILL_SUPPLIED, qualification=told.lacking)
    return Backfill.objects.create(
        sandbox=visit.sandbox, enterprise=visit.enterprise, account=visit.account, qualification=told.lacking, number=number,
        remarks=remarks, at=visit.now,
    )  # fmt: skip
