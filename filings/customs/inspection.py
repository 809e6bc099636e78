"""What customs finds when it looks at a declaration, be it by the scenario `inspect` or for a person who plays customs:
as the register of enterprises and its own ledger stand at that moment."""

from __future__ import annotations

from filings import desk
from filings.models import Filing, MarketRecord, Visit
from filings.rules import scenarios
from filings.rules.inspecting import Inspection, inspect
from filings.rules.kinds import KINDS
from filings.rules.words import UNDECIDED

_INSPECT = scenarios.CATALOGUE["inspect"]


def inspection(visit: Visit, filing: Filing) -> Inspection | None:
    """Compare what an approval would put on record with the market record of the enterprise, and what is attached with
    what the filing's scenario asks for, or `inspect` unless told otherwise.

    None for what is not before customs, and for a kind of which nothing can be compared: it is not for `inspect`.
    """
    if filing.kind not in _INSPECT.kinds or filing.status not in UNDECIDED:
        return None
    chosen = scenarios.parse(filing.scenario)
    wanted = chosen if chosen.scenario is _INSPECT else scenarios.Chosen(_INSPECT)
    uscc = filing.enterprise.uscc
    record = MarketRecord.of(visit.sandbox, uscc)
    _, ledger = desk.ledger_under(visit, filing)
    return inspect(
        KINDS[filing.kind].whole(ledger.get("content", {}), filing.content),
        record.as_facts() if record else None,
        uscc=uscc,
        attached=set(filing.attachments.values_list("type", flat=True)),
        wanted=scenarios.ATTACHMENTS[wanted.get("attachments")],
    )
