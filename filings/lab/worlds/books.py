"""The authority's own book, read and written past everybody: what a tester needs to make two ledgers disagree."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from filings.answers.staging import CommerceLedger, Ledger, LedgerInvestor, MarketLedger
from filings.models import CustomsRecord, Enterprise, MarketRecord, Mirror, MofcomRecord, Sandbox
from filings.rules.dates import local_date, on
from filings.rules.laying import lay as lay_over
from filings.rules.refusals import absent
from filings.rules.sheets.mofcom_change import RECORDED, recorded

MADE_BY_PUT = "请核对统一社会信用代码；以 PUT 写同一地址即可建立记录"


def read(sandbox: Sandbox, uscc: str) -> Ledger:
    """What the customs ledger says of an enterprise. Raises 404 when it knows none."""
    record = CustomsRecord.of(sandbox, uscc)
    if record is None:
        raise absent("海关台账记录", uscc, remedy=MADE_BY_PUT)
    return Ledger(
        uscc=uscc,
        categories=record.categories,
        registered_on=on(record.registered_on),
        valid_until=on(record.valid_until),
        deregistered_on=on(record.deregistered_on),
        customs_code=record.customs_code,
        inspection_number=record.inspection_number,
        customs_qualified_on=on(record.customs_qualified_on),
        inspection_qualified_on=on(record.inspection_qualified_on),
        in_qianhai=record.in_qianhai,
        investors=[LedgerInvestor(**investor) for investor in record.investors],
    )


def lay(sandbox: Sandbox, uscc: str, facts: Mapping[str, Any]) -> Ledger:
    """Lay the named facts over the customs record, creating it if there is none. The mirror does not move until a
    sync."""
    (CustomsRecord.of(sandbox, uscc) or CustomsRecord(sandbox=sandbox, uscc=uscc)).enter(**facts)
    return read(sandbox, uscc)


def read_commerce(sandbox: Sandbox, uscc: str) -> CommerceLedger:
    """What the commerce authorities' ledger says of an enterprise. Raises 404 when it knows none."""
    record = MofcomRecord.of(sandbox, uscc)
    if record is None:
        raise absent("商务部台账记录", uscc, remedy=MADE_BY_PUT)
    recorded_values = {name: record.content.get(name) for name in RECORDED}
    return CommerceLedger(uscc=uscc, state=record.state, updated_on=on(record.updated_on), **recorded_values)


def lay_commerce(sandbox: Sandbox, uscc: str, facts: Mapping[str, Any]) -> CommerceLedger:
    """Lay the named facts over the commerce record, creating it if there is none: in order, and of today, unless told
    otherwise."""
    new = MofcomRecord(sandbox=sandbox, uscc=uscc, updated_on=local_date(sandbox.now()))
    record = MofcomRecord.of(sandbox, uscc) or new
    columns = {name: facts[name] for name in ("state", "updated_on") if name in facts}
    record.enter(**columns, content=lay_over(record.content, recorded(facts)))
    return read_commerce(sandbox, uscc)


def read_market(sandbox: Sandbox, uscc: str) -> MarketLedger:
    """What market regulation holds of an enterprise. Raises 404 when it knows none."""
    record = MarketRecord.of(sandbox, uscc)
    if record is None:
        raise absent("市场监管登记", uscc, remedy=MADE_BY_PUT)
    days = {name: on(getattr(record, name)) for name in ("established_on", "valid_until")}
    return MarketLedger(uscc=uscc, **(record.as_facts() | days))


def lay_market(sandbox: Sandbox, uscc: str, facts: Mapping[str, Any]) -> MarketLedger:
    """Lay the named facts over the market record, creating it if there is none: in business unless told otherwise."""
    (MarketRecord.of(sandbox, uscc) or MarketRecord(sandbox=sandbox, uscc=uscc)).enter(**facts)
    return read_market(sandbox, uscc)


def forget_in_commerce(sandbox: Sandbox, about: Enterprise) -> None:
    """FAQ 2.9: the commerce authorities have nothing of the enterprise."""
    MofcomRecord.objects.filter(sandbox=sandbox, uscc=about.uscc).delete()


def forget_in_mirror(sandbox: Sandbox, about: Enterprise) -> None:
    """FAQ 2.4: customs has the record, the single window has nothing of it."""
    Mirror.objects.filter(sandbox=sandbox, uscc=about.uscc).delete()


def forget(sandbox: Sandbox, about: Enterprise) -> list[str]:
    """Neither customs nor the single window knows the enterprise. Tells whose book did."""
    known = {"sandbox": sandbox, "uscc": about.uscc}
    gone = {
        "customs": CustomsRecord.objects.filter(**known).delete(),
        "mirror": Mirror.objects.filter(**known).delete(),
    }
    return [book for book, (rows, _) in gone.items() if rows]


def overdue_in_mirror(sandbox: Sandbox, about: Enterprise) -> None:
    """FAQ 2.15: the single window still shows a validity that ran out yesterday; what customs has is left as it is."""
    yesterday = local_date(sandbox.now()) - timedelta(days=1)
    Mirror.objects.filter(sandbox=sandbox, uscc=about.uscc).update(valid_until=yesterday)
