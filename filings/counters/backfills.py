"""补录企业备案信息 (FAQ 1.1): whether an enterprise must, and doing it."""

from __future__ import annotations

from django.db import transaction

from filings.answers import enterprises
from filings.models import Backfill, CustomsRecord, Visit
from filings.record.facts import account_facts
from filings.record.trail import note
from filings.rules import guards
from filings.rules.backfill import determination
from filings.rules.dates import on, rfc3339
from filings.rules.events import EventName
from filings.rules.facts import NOTHING
from filings.rules.refusals import Refusal


def requirement(visit: Visit) -> enterprises.BackfillRequirement:
    """What FAQ 1.1 says of the visit's enterprise, and the dates from the customs ledger that decide it."""
    guards.demand((guards.enterprise_user,), account_facts(visit))
    assert visit.enterprise is not None
    record = CustomsRecord.of(visit.sandbox, visit.enterprise.uscc)
    ledger = record.as_facts() if record else NOTHING
    supplied = Backfill.objects.filter(enterprise=visit.enterprise).exists()
    found = determination(ledger, supplied)
    return enterprises.BackfillRequirement(
        required=found.required,
        answer=found.answer,
        determination=found.code,
        lacking=found.lacking,
        customs_qualified_on=on(ledger.get("customs_qualified_on")),
        inspection_qualified_on=on(ledger.get("inspection_qualified_on")),
        faq="1.1",
        provenance=found.provenance,
    )


@transaction.atomic(savepoint=False)
def supply(visit: Visit, number: str = "", remarks: str = "") -> Backfill:
    """补录 the qualification that is missing. Raises 409 `backfill_not_needed` if none is missing; then nothing is
    kept."""
    found = requirement(visit)
    if found.lacking is None:
        raise Refusal("backfill_not_needed", extra={"determination": found.determination, "answer": found.answer})
    assert visit.account is not None
    assert visit.enterprise is not None
    note(visit, EventName.BACKFILL_SUPPLIED, qualification=found.lacking)
    return Backfill.objects.create(
        sandbox=visit.sandbox,
        enterprise=visit.enterprise,
        account=visit.account,
        qualification=found.lacking,
        number=number,
        remarks=remarks,
        at=visit.now,
    )


def read(kept: Backfill) -> enterprises.Backfill:
    """What was supplied, in the form its enterprise reads."""
    return enterprises.Backfill(kept.qualification, kept.number or None, kept.remarks or None, rfc3339(kept.at))
