"""What is judged: the events of a sandbox since the attempt began, and its state as plain data."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import orjson
from msgspec import convert, to_builtins

from filings.models import (
    AnnualReport,
    Attachment,
    Attempt,
    Backfill,
    Card,
    ClientControl,
    CustomsRecord,
    Enterprise,
    Filing,
    Mandate,
    MarketRecord,
    Mirror,
    MofcomRecord,
    Receipt,
    Sandbox,
    Ticket,
)
from filings.models import Event as Noted
from filings.rules.annual import YEARS_SHOWN, duty
from filings.rules.backfill import determination
from filings.rules.dates import at, local_date, on, rfc3339
from filings.rules.entitlements import certificate_printable, standing
from filings.rules.exercises.grading import Event, Evidence
from filings.rules.facts import Facts
from filings.rules.words import Standing, Status


def of(attempt: Attempt) -> Evidence:
    """The evidence of an attempt: as its world stands, or as it was when that ended."""
    if attempt.sandbox is None:
        return convert(attempt.record, Evidence)
    return Evidence(
        events=list(_events(attempt.sandbox, attempt.begun_at_seq)),
        state=state(attempt.sandbox),
        learner=attempt.accounts,
    )


def kept(evidence: Evidence) -> Any:
    """The same as it is kept."""
    return to_builtins(evidence)


def _events(sandbox: Sandbox, after: int) -> Iterable[Event]:
    names = ("seq", "at", "name", "party", "actor", "medium", "uscc", "subject", "data")
    for row in Noted.objects.filter(sandbox=sandbox, seq__gt=after).order_by("seq").values_list(*names):
        yield Event(*row)


def state(sandbox: Sandbox) -> dict[str, Any]:
    """A sandbox as a check may ask of it: firms by credit code; filings, tickets and cards by number; accounts by
    name."""
    now = sandbox.now()
    today = local_date(now)
    firms = {firm.uscc: _firm(firm) for firm in Enterprise.objects.filter(sandbox=sandbox).order_by("id")}
    _add_books(sandbox, firms, now)
    _add_reports(sandbox, firms)
    for mandate in Mandate.objects.filter(sandbox=sandbox, revoked_at=None).select_related("principal", "agent"):
        firms[mandate.principal.uscc]["agents"].append(mandate.agent.uscc)
    return {
        "now": rfc3339(now),
        "firms": firms,
        "filings": _filings(sandbox),
        "tickets": {ticket.public_id: _ticket(ticket) for ticket in _tickets(sandbox)},
        "cards": {card.number: _card(card, today) for card in _cards(sandbox)},
        "accounts": {
            control.account.username: {"control": control.as_facts()}
            for control in ClientControl.objects.filter(sandbox=sandbox).select_related("account").order_by("id")
        },
    }


def _firm(firm: Enterprise) -> dict[str, Any]:
    return {
        "name_cn": firm.name_cn,
        "in_qianhai": firm.in_qianhai,
        "standing": "not_registered",
        "record_standing": "not_registered",
        "print_hindrance": "standing",
        "customs": None,
        "mirror": None,
        "market": None,
        "commerce": None,
        "backfill": "not_registered",
        "backfill_needed": False,
        "may_print": False,
        "report_due": {},
        "reports": {},
        "agents": [],
    }


def _add_books(sandbox: Sandbox, firms: dict[str, dict[str, Any]], now: datetime) -> None:
    today = local_date(now)
    supplied = set(Backfill.objects.filter(sandbox=sandbox).values_list("enterprise__uscc", flat=True))
    for record in CustomsRecord.objects.filter(sandbox=sandbox):
        firm = firms.get(record.uscc)
        if firm is not None:
            said = determination(record.as_facts(), record.uscc in supplied)
            firm["customs"] = _plain(record.as_facts())
            firm["record_standing"] = standing(record.as_facts(), today).value
            firm["backfill"], firm["backfill_needed"] = said.code, said.required
            firm["report_due"] = _report_due(now, record.as_facts())
    for mirror in Mirror.objects.filter(sandbox=sandbox):
        if (firm := firms.get(mirror.uscc)) is not None:
            facts = mirror.as_facts()
            firm["mirror"] = _plain(facts)
            firm["standing"] = standing(facts, today).value
            firm["print_hindrance"] = _print_hindrance(facts, today)
            firm["may_print"] = firm["print_hindrance"] == "nothing"
    for market in MarketRecord.objects.filter(sandbox=sandbox):
        if (firm := firms.get(market.uscc)) is not None:
            firm["market"] = _plain(market.as_facts())
    for commerce in MofcomRecord.objects.filter(sandbox=sandbox):
        if (firm := firms.get(commerce.uscc)) is not None:
            firm["commerce"] = _plain(commerce.as_facts())


def _print_hindrance(mirror: dict[str, Any], today: date) -> str:
    """What keeps 报关单位备案证明 from being printed: `standing`, `category` (FAQ 1.10, 2.18), or `nothing`."""
    if standing(mirror, today) is not Standing.NORMAL:
        return "standing"
    return "nothing" if certificate_printable(mirror["categories"]) else "category"


def _report_due(now: datetime, ledger: dict[str, Any]) -> dict[str, bool]:
    """Of each report year of late, the present one too, whether it must be reported (FAQ 2.11)."""
    this_year, known = local_date(now).year, Facts(now=now, ledger=ledger)
    return {str(year): duty(year, known).required for year in range(this_year - YEARS_SHOWN, this_year + 1)}


def _add_reports(sandbox: Sandbox, firms: dict[str, dict[str, Any]]) -> None:
    for report in AnnualReport.objects.filter(sandbox=sandbox).select_related("enterprise").order_by("id"):
        firms[report.enterprise.uscc]["reports"][str(report.year)] = {
            "submitted_at": rfc3339(report.submitted_at),
            "supplemented_at": at(report.supplemented_at),
            "publicised_at": at(report.publicised_at),
            "content": report.content,
        }


def _filings(sandbox: Sandbox) -> dict[str, Any]:
    reasons = dict(
        Receipt.objects.filter(sandbox=sandbox, status=Status.REJECTED)
        .order_by("serial")
        .values_list("filing__public_id", "reason_code")
    )
    attached: dict[int, list[str]] = defaultdict(list)
    for filing, sort in (
        Attachment.objects.filter(sandbox=sandbox).order_by("filing", "n").values_list("filing", "type")
    ):
        attached[filing].append(sort)
    rows = Filing.objects.filter(sandbox=sandbox).select_related("enterprise", "agent").order_by("serial")
    return {
        filing.public_id: {
            "kind": filing.kind,
            "mode": filing.filing_mode,
            "status": filing.status,
            "firm": filing.enterprise.uscc,
            "agent": filing.agent.uscc if filing.agent else None,
            "declared_at": at(filing.declared_at),
            "copied_from": filing.copied_from,
            "stale_form": filing.stale_form,
            "reason": reasons.get(filing.public_id),
            "content": filing.content,
            "transmitted": orjson.loads(filing.transmitted)["content"] if filing.transmitted else None,
            "attachments": attached[filing.pk],
        }
        for filing in rows
    }


def _tickets(sandbox: Sandbox) -> Iterable[Ticket]:
    return Ticket.objects.filter(sandbox=sandbox).select_related("enterprise").order_by("serial")


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "desk": ticket.desk,
        "topic": ticket.topic,
        "firm": ticket.enterprise.uscc,
        "filing": ticket.filing,
        "outcome": ticket.outcome,
    }


def _cards(sandbox: Sandbox) -> Iterable[Card]:
    return Card.objects.filter(sandbox=sandbox).select_related("enterprise", "account").order_by("id")


def _card(card: Card, today: date) -> dict[str, Any]:
    return {
        "firm": card.enterprise.uscc,
        "type": card.type,
        "status": card.status(today).value,
        "holder": card.holder_id_number,
        "account": card.account.username,
    }


def _plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts of a record as they are written in JSON."""
    return {name: on(value) if isinstance(value, date) else value for name, value in facts.items()}
