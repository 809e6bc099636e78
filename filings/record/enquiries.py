"""What a visit may see: filings, receipts, the mirror. Reading changes nothing and takes no transaction."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpResponse
from msgspec import UNSET

from filings import answers
from filings.models import (
    Account,
    Attachment,
    Enterprise,
    Event,
    Filing,
    MarketRecord,
    Mirror,
    Receipt,
    Sandbox,
    Ticket,
    Visit,
)
from filings.record import contents
from filings.record.facts import (
    account_facts,
    allowed,
    facts,
    mandate,
    mirror_of,
    own_column,
    seen_by,
    seen_by_part,
    standing_mandates,
)
from filings.rules import guards
from filings.rules.advice import advice
from filings.rules.appraisal import Problem
from filings.rules.approval import with_known_usd
from filings.rules.attachments import TYPES
from filings.rules.dates import SHANGHAI, at, local_date, on, rfc3339
from filings.rules.entitlements import certificate_printable, standing
from filings.rules.events import EventName
from filings.rules.kinds import KINDS
from filings.rules.laying import on_record
from filings.rules.numbers import fold
from filings.rules.refusals import Refusal
from filings.rules.register import Values
from filings.rules.words import UNDECIDED, Party, Provenance, Standing, Status, Waiting

filings = seen_by
filings_in_parts = seen_by_part


def looked_for(
    visit: Visit,
    rows: QuerySet[Filing],
    *,
    number: str = "",
    status: str = "",
    waiting: str = "",
    since: date | None = None,
    until: date | None = None,
    enterprise: str = "",
) -> QuerySet[Filing]:
    """Filings by a part of their number, their status, what waits for somebody at them, the days (in Shenzhen) on which
    they were declared, and a part of the applicant's name or the beginning of its credit code."""
    if number:
        rows = rows.filter(number__contains=number)
    if status:
        rows = rows.filter(status=status)
    if waiting:
        rows = rows.filter(waits(visit, Waiting(waiting)))
    if since:
        rows = rows.filter(declared_at__gte=datetime.combine(since, time(), SHANGHAI))
    if until:
        rows = rows.filter(declared_at__lt=datetime.combine(until + timedelta(days=1), time(), SHANGHAI))
    if enterprise:
        code = fold(enterprise).upper()
        rows = rows.filter(Q(enterprise__name_cn__icontains=enterprise) | Q(enterprise__uscc__startswith=code))
    return rows


def waits(visit: Visit, what: Waiting) -> Q | Exists:
    """Which filings wait for somebody of the visit's enterprise, and with what.

    A refused one waits until the enterprise begins another of its kind. A receipt is new until it is looked at, by
    enterprise and agent independently.
    """
    match what:
        case Waiting.DRAFT:
            return Q(status=Status.DRAFT)
        case Waiting.UNDECIDED:
            return Q(status__in=UNDECIDED)
        case Waiting.REFUSED:
            newer = Filing.objects.filter(
                enterprise=OuterRef("enterprise"), kind=OuterRef("kind"), serial__gt=OuterRef("serial")
            )
            return Q(~Exists(newer), status=Status.REJECTED)
    new = Receipt.objects.filter(filing=OuterRef("pk"))
    own = Q(Exists(new.filter(viewed_at=None)), enterprise=visit.enterprise)
    return own | Q(Exists(new.filter(agent_viewed_at=None)), agent=visit.enterprise)


def waiting(visit: Visit) -> dict[Waiting, int]:
    """How many filings wait for somebody of the visit's enterprise, and with what. One statement."""
    if visit.enterprise is None:
        return dict.fromkeys(Waiting, 0)
    counts = {what.value: Count("pk", filter=waits(visit, what)) for what in Waiting}
    found = filings(visit).aggregate(**counts)
    return {what: found[what.value] for what in Waiting}


def files_for_others(visit: Visit) -> bool:
    """Whether the visit's enterprise has filed for another as its agent (FAQ 1.7)."""
    return visit.enterprise is not None and Filing.objects.filter(agent=visit.enterprise).exists()


def read(visit: Visit, filing: Filing) -> answers.filings.Filing:
    """A filing in the form that is answered."""
    return read_all(visit, [filing])[0]


def read_all(visit: Visit, rows: Iterable[Filing]) -> list[answers.filings.Filing]:
    """Filings in the form that is answered. The mirror is asked once for all of them."""
    rows = list(rows)
    shown = _under_mandate(visit, rows)
    shows = {
        filing.enterprise.uscc
        for filing in rows
        if shown(filing) and (KINDS[filing.kind].over_record or filing.status == Status.APPROVED)
    }
    mirrors = {m.uscc: m for m in Mirror.objects.filter(sandbox=visit.sandbox, uscc__in=shows)} if shows else {}
    return [
        _read(visit, filing, mirrors.get(filing.enterprise.uscc), whole=filing.status != Status.DRAFT or shown(filing))
        for filing in rows
    ]


def _under_mandate(visit: Visit, rows: Iterable[Filing]) -> Callable[[Filing], bool]:
    """Whether the enterprise's own affairs are shown beside a filing: to itself, and to its agent while the mandate
    stands (FAQ 1.7)."""
    me = visit.enterprise
    as_agent = {filing.enterprise_id for filing in rows if me and filing.enterprise_id != me.pk}
    mandated = set(standing_mandates(visit, me).values_list("principal", flat=True)) if me and as_agent else set()
    return lambda filing: filing.enterprise_id not in as_agent or filing.enterprise_id in mandated


WITHHELD = Problem(
    "/content",
    guards.mandate_stands.code,
    "没有该企业的有效代理授权，不显示草稿内容；重新授权后恢复，也可以删除草稿",
    "1.7",
    Provenance.OURS,
)
"""The warning on a draft when the mandate of its agent has ended."""


def withheld(visit: Visit, filing: Filing) -> bool:
    """Whether the content of a filing is withheld: a draft's, from an agent whose mandate has ended (FAQ 1.7).

    What was declared under a mandate was sent by the agent, which may still follow it.
    """
    return filing.status == Status.DRAFT and not _under_mandate(visit, [filing])(filing)


def expect_told(visit: Visit, filing: Filing) -> None:
    """Refuse what would show the content of a withheld filing. Raises 403."""
    if withheld(visit, filing):
        raise Refusal(guards.mandate_stands.code)


def tells_of(visit: Visit, about: Enterprise) -> bool:
    """Whether a visit may read the single window's record of an enterprise: the enterprise itself, and its agent under
    a mandate (FAQ 1.7)."""
    me = visit.enterprise
    return about == me or (me is not None and mandate(visit, about, me) is not None)


def _read(visit: Visit, filing: Filing, mirror: Mirror | None, *, whole: bool) -> answers.filings.Filing:
    status, kind = Status(filing.status), KINDS[filing.kind]
    notice = answers.forms.Notice
    made: type[answers.filings.Filing] = answers.filings.Filing.alternatives[filing.kind]
    return made(
        id=filing.public_id,
        number=filing.number,
        kind_label=kind.label,
        filing_mode=filing.filing_mode,
        status=status.value,
        status_label=status.label,
        stage=status.stage.value,
        version=filing.version,
        enterprise=party(filing.enterprise),
        agent=party(filing.agent) if filing.agent else None,
        content=content_of(filing, mirror) if whole else kind.sheet.shape({}),
        changed=kind.names(filing.content if whole else {}) if kind.over_record else UNSET,
        warnings=[notice.of(Problem(**warning)) for warning in filing.warnings] if whole else [notice.of(WITHHELD)],
        advice=advice(status, filing.status_since, visit.now, kind.road) if visit.helped else None,
        actions=allowed(filing, Party.APPLICANT),
        created_at=rfc3339(filing.created_at),
        declared_at=at(filing.declared_at),
        status_since=rfc3339(filing.status_since),
        copied_from=filing.copied_from or None,
        client_reference=filing.client_reference or None,
    )


def content_of(filing: Filing, mirror: Mirror | None) -> dict[str, Any]:
    """The full sheet; of a change, laid over the record it was or will be declared over.

    What customs returned is read from the mirror; of a registration only once it is approved (FAQ 2.1, 2.16).
    """
    kind = KINDS[filing.kind]
    content = kind.sheet.shape(kind.whole(record_under(filing, mirror), filing.content))
    if mirror and "investors" in content and (kind.over_record or filing.status == Status.APPROVED):
        content["customs_code"], content["inspection_number"] = mirror.customs_code, mirror.inspection_number
        content["investors"] = with_known_usd(content["investors"], mirror.investors)
    return content


def record_under(filing: Filing, mirror: Mirror | None) -> Mapping[str, Any]:
    """The approved record under a filing: as it was when declared; of a draft, as it is now."""
    about = filing.enterprise
    return filing.base or (on_record(mirror.as_facts(), about.uscc, about.name_cn) if mirror else {})


def party(enterprise: Enterprise) -> answers.enterprises.EnterpriseName:
    """An enterprise in short."""
    return answers.enterprises.EnterpriseName(enterprise.uscc, enterprise.name_cn)


def timeline(filing: Filing) -> list[answers.filings.Step]:
    """The part of a filing's trail that the applicant may see, oldest first: status changes only, without reasons."""
    events = Event.objects.filter(sandbox=filing.sandbox_id, subject=filing.public_id, version__isnull=False).order_by(
        "seq"
    )
    steps: list[answers.filings.Step] = []
    for event in events:
        if event.data.get("from") or event.name == EventName.FILING_CREATED:
            status = Status(event.data["status"])
            steps.append(
                answers.filings.Step(
                    seq=len(steps) + 1,
                    at=rfc3339(event.at),
                    from_=event.data.get("from"),
                    to=status.value,
                    label=status.label,
                    by=Party(event.party).label,
                )
            )
    return steps


def since(filing: Filing, version: int) -> list[Event]:
    """What happened to a filing after a version of it was read, oldest first."""
    changes = Event.objects.filter(sandbox=filing.sandbox_id, subject=filing.public_id, version__gt=version)
    return list(changes.order_by("seq"))


def actor(event: Event) -> Account | None:
    """The account of who did something; None of an authority."""
    return Account.objects.filter(sandbox=event.sandbox_id, username=event.actor).first()


def deletion(visit: Visit, public_id: str) -> Event | None:
    """How a filing was deleted that was the visit's enterprise's, or that somebody of it had a hand in as agent."""
    if visit.enterprise is None:
        return None
    trail = Event.objects.filter(sandbox=visit.sandbox, subject=public_id, version__isnull=False)
    by_us = trail.filter(actor__in=visit.enterprise.accounts.values("username"))
    gone = trail.filter(Q(uscc=visit.enterprise.uscc) | Exists(by_us), name=EventName.FILING_DELETED)
    return gone.first()


def receipts(visit: Visit) -> QuerySet[Receipt]:
    """The receipts of all filings a visit may see, oldest first."""
    seen = Receipt.objects.filter(sandbox=visit.sandbox, filing__in=seen_by(visit))
    return seen.select_related("filing__enterprise").order_by("serial")


def mailbox(visit: Visit) -> QuerySet[Receipt]:
    """The receipts that the visit's enterprise has not taken out yet, oldest first."""
    if visit.enterprise is None:
        return Receipt.objects.none()
    own = Q(filing__enterprise=visit.enterprise, acknowledged_at=None)
    as_agent = Q(filing__agent=visit.enterprise, agent_acknowledged_at=None)
    unread = Receipt.objects.filter(own | as_agent, sandbox=visit.sandbox)
    return unread.select_related("filing__enterprise").order_by("serial")


def receipts_of(visit: Visit, filing: Filing) -> QuerySet[Receipt]:
    """The receipts of one filing. FAQ 2.6: those of a change or a deregistration are read by card; by an agent, under
    its mandate."""
    if KINDS[filing.kind].reason_told and visit.party == Party.APPLICANT:
        guards.demand((guards.card_login,), account_facts(visit))
        if not _under_mandate(visit, [filing])(filing):
            raise Refusal(guards.mandate_stands.code)
    return filing.receipts.select_related("filing__enterprise").order_by("serial")


def read_receipts(visit: Visit, rows: Iterable[Receipt]) -> list[answers.filings.Receipt]:
    """Receipts in the form the applicant reads.

    FAQ 2.6: a registration never has the key `reason`; other kinds have it for a login by card, and for an agent only
    under its mandate.
    """
    rows = list(rows)
    by_card, mandated = (
        guards.card_login(Values(), account_facts(visit)),
        _under_mandate(visit, [row.filing for row in rows]),
    )
    return [
        _read_receipt(visit, row, by_card and KINDS[row.filing.kind].reason_told and mandated(row.filing))
        for row in rows
    ]


def read_receipt(visit: Visit, receipt: Receipt) -> answers.filings.Receipt:
    """One receipt as the applicant reads it."""
    return read_receipts(visit, [receipt])[0]


def _read_receipt(visit: Visit, receipt: Receipt, with_reason: bool) -> answers.filings.Receipt:
    return answers.filings.Receipt(
        id=receipt.public_id,
        filing=receipt.filing.public_id,
        number=receipt.filing.number,
        kind=receipt.filing.kind,
        at=rfc3339(receipt.at),
        status=receipt.status,
        status_label=Status(receipt.status).label,
        text=receipt.text,
        acknowledged_at=at(getattr(receipt, own_column(visit, receipt.filing, "acknowledged_at"))),
        simulated=True,
        reason=(receipt.reason.strip() or None) if with_reason else UNSET,
    )


def overview(filing: Filing) -> answers.filings.OverviewRow:
    """A row of 综合查询: status only (FAQ 2.5)."""
    return answers.filings.OverviewRow(
        id=filing.public_id,
        number=filing.number,
        kind=filing.kind,
        kind_label=KINDS[filing.kind].label,
        enterprise=party(filing.enterprise),
        status=filing.status,
        status_label=Status(filing.status).label,
        declared_at=at(filing.declared_at),
        status_since=rfc3339(filing.status_since),
    )


def enterprise(visit: Visit, about: Enterprise | None = None) -> answers.enterprises.Enterprise:
    """基本信息查询: the single window's mirror, not the ledger (FAQ 2.1, 2.4, 2.15). Of the visit's own enterprise, unless
    another is given."""
    about = about or visit.enterprise
    assert about is not None
    mirror = mirror_of(visit, about)
    shown: Mapping[str, Any] = mirror.as_facts() if mirror else {}
    stands = standing(shown, local_date(visit.now))
    registered = stands in (Standing.NORMAL, Standing.OVERDUE)
    return answers.enterprises.Enterprise(
        uscc=about.uscc,
        name_cn=about.name_cn,
        registered=registered,
        standing=stands.value,
        standing_label=stands.label,
        customs_code=shown.get("customs_code"),
        inspection_number=shown.get("inspection_number"),
        categories=shown.get("categories", []),
        qualifications=[
            name for name in ("customs", "inspection") if registered and shown.get(f"{name}_qualified_on") is not None
        ],
        registered_on=on(shown.get("registered_on")),
        valid_until=on(shown.get("valid_until")),
        synced_at=rfc3339(mirror.synced_at) if mirror else None,
        history=[answers.enterprises.FormerRecord(**former) for former in shown.get("former", [])],
        capabilities=answers.enterprises.Capabilities(
            print_certificate=stands is Standing.NORMAL and certificate_printable(shown["categories"]),
        ),
    )


def market_records(sandbox: Sandbox, asked: str) -> QuerySet[MarketRecord]:
    """What market regulation holds, of enterprises whose credit code begins so or whose name has it; of none for
    nothing asked."""
    held = MarketRecord.objects.filter(sandbox=sandbox).order_by("uscc")
    return held.filter(Q(uscc__startswith=fold(asked).upper()) | Q(name_cn__icontains=asked)) if asked else held.none()


def market_record(sandbox: Sandbox, uscc: str) -> MarketRecord | None:
    """What market regulation holds of one enterprise."""
    return MarketRecord.of(sandbox, uscc)


def principals(visit: Visit) -> list[Enterprise]:
    """The enterprises that the visit's own may file for today as their agent (FAQ 1.7)."""
    if visit.enterprise is None:
        return []
    return [held.principal for held in standing_mandates(visit, visit.enterprise).select_related("principal")]


def in_qianhai(visit: Visit) -> bool | None:
    """Whether the visit's enterprise lies in the Qianhai zone, as far as is known (FAQ 1.4)."""
    return facts(visit).in_qianhai


def read_ticket(ticket: Ticket) -> answers.helping.Ticket:
    """A contact with a department, and its answer once it has come."""
    return answers.helping.Ticket(
        id=ticket.public_id,
        desk=ticket.desk,
        desk_label=ticket.get_desk_display(),
        topic=ticket.topic,
        topic_label=ticket.get_topic_display(),
        filing=ticket.filing or None,
        uscc=ticket.uscc or None,
        enterprise_name=ticket.enterprise_name or None,
        text=ticket.text or None,
        status="answered" if ticket.answered_at else "open",
        created_at=rfc3339(ticket.created_at),
        answered_at=at(ticket.answered_at),
        outcome=ticket.outcome or None,
        answer=ticket.answer or None,
    )


def tickets(visit: Visit) -> QuerySet[Ticket]:
    """The tickets of this enterprise, newest first."""
    return Ticket.objects.filter(sandbox=visit.sandbox, enterprise=visit.enterprise).order_by("-serial")


def transmitted(filing: Filing) -> answers.filings.Transmitted:
    """The complete electronic message sent to customs: `sha256` is the digest of `text` (FAQ 2.17). Raises 409 for a
    draft."""
    if not filing.transmitted:
        raise Refusal("not_declared")
    return answers.filings.Transmitted(filing.transmitted_sha256, filing.transmitted, json.loads(filing.transmitted))


def read_attachment(attachment: Attachment) -> answers.filings.Attachment:
    """An attachment without its body."""
    return answers.filings.Attachment(
        n=attachment.n,
        type=attachment.type,
        type_label=TYPES[attachment.type],
        filename=attachment.filename,
        content_type=attachment.content_type,
        size=attachment.size,
        sha256=attachment.sha256,
        uploaded_at=rfc3339(attachment.uploaded_at),
    )


def download(attachment: Attachment) -> HttpResponse:
    """An attachment as a download that no browser will run."""
    name = quote(attachment.filename)
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    body = contents.read(attachment.filing.sandbox, attachment.sha256)
    return HttpResponse(body, content_type=attachment.content_type, headers=headers)
