"""The one door: whoever changes a filing comes through here.

The world in hand → guards (refuse in the real words) → transition → save → event, receipt, agenda: one transaction, no signals.
Customs comes through it by a visit of its own; the desk never calls customs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from filings import contents, enquiries, outbox
from filings.facts import account_facts, allowed, attaching_facts, facts, filing_seen_by, mandate, own_column, seen_by
from filings.models import Agenda, Attachment, Enterprise, Filing, QueuedScenario, Receipt, Ticket, Visit, one
from filings.models.ledgers import LEDGERS
from filings.rules import guards, limits, offices, scenarios
from filings.rules.appraisal import Appraisal, Problem, appraise
from filings.rules.attachments import Upload
from filings.rules.dates import local_date, rfc3339
from filings.rules.facts import Facts
from filings.rules.kinds import KINDS, Kind
from filings.rules.laying import on_record
from filings.rules.refusals import Refusal, absent, invalid, refused_at
from filings.rules.register import Rule, Values
from filings.rules.words import Desk, Mode, Party, Status, Topic
from filings.trail import note, note_change

together = transaction.atomic(savepoint=False)
"""All of a deed or nothing; who comes from outside holds the world before (`trail.attempt`), and it is a part of that."""

Versions = Collection[int] | None
"""The versions of a filing that whoever writes it has read; None where any will do."""

MAX_ATTACHMENTS = 20


# ── the applicant's own page ──────────────────────────────────────────────────────────────────────────────────────


@together
def open_filing(
    visit: Visit,
    kind: str,
    content: Mapping[str, Any],
    *,
    mode: Mode = Mode.SELF,
    principal: str = "",
    reference: str = "",
    copied: Filing | None = None,
    browser: bool = False,
) -> Filing:
    """新增: a new draft, blank or with what a copied one keeps. Refused by the account rule first (FAQ 2.3), then by what a draft judges."""
    of_kind = KINDS[kind]
    guards.demand(of_kind.writing, account_facts(visit))
    about = copied.enterprise if copied else _principal(visit, mode, principal)
    known = facts(visit, enterprise=about, mode=mode)
    guards.demand(of_kind.standing, known)
    kept = copied.content if copied else of_kind.blank(known)
    appraisal = _appraised(of_kind, known, kept, content, browser=browser)
    assert visit.account is not None
    tick = visit.sandbox.tick(events=1, serials=1, filings=1)
    limits.expect_filing(tick.filings - 1)
    filing = Filing.objects.create(
        sandbox=visit.sandbox,
        serial=tick.serial,
        public_id=f"F{tick.serial:06d}",
        number=f"SIM{local_date(visit.now):%Y%m%d}{tick.serial:07d}",
        kind=kind,
        filing_mode=mode,
        enterprise=about,
        agent=visit.enterprise if mode == Mode.AGENT else None,
        account=visit.account,
        content=of_kind.kept(known.record, appraisal.values),
        warnings=_warnings(appraisal),
        client_reference=reference,
        copied_from=copied.public_id if copied else "",
        created_at=visit.now,
        status_since=visit.now,
    )
    note_change(visit, filing, "filing.created", {"copied_from": copied.public_id} if copied else {}, tick=tick)
    return filing


@together
def save(
    visit: Visit, public_id: str, patch: Mapping[str, Any], *, if_match: Versions = None, browser: bool = False
) -> tuple[Filing, Appraisal]:
    """暂存: lay a patch (RFC 7396) over a draft. Refused with every error at once; then nothing has changed."""
    filing = _draft(visit, public_id, "save", if_match)
    kind, known = KINDS[filing.kind], facts(visit, filing)
    guards.demand(kind.standing, known)
    appraisal = _appraised(kind, known, filing.content, patch, browser=browser)
    filing.content, filing.warnings = kind.kept(known.record, appraisal.values), _warnings(appraisal)
    _write(filing, "content", "warnings")
    note_change(visit, filing, "filing.saved", {"changes": appraisal.changes} if appraisal.changes else {})
    return filing, appraisal


@together
def delete(visit: Visit, public_id: str, *, if_match: Versions = None) -> None:
    """删除: drafts only. The row goes, its trail stays; what was wrong with the page goes with it (FAQ 2.10)."""
    filing = _draft(visit, public_id, "delete", if_match)
    filing.version += 1
    tick = visit.sandbox.tick(events=1, filings=-1)
    note_change(visit, filing, "filing.deleted", {"stale_form": filing.stale_form}, tick=tick)
    filing.delete()
    contents.forget_unused(visit.sandbox)


@together
def copy(visit: Visit, public_id: str) -> Filing:
    """复制为新申请: a new draft with the same content; the way on after 审批不通过. Glitches stay behind.

    An agent's copy is an agent's again; the principal copies what was filed for it as its own.
    """
    guards.demand((guards.enterprise_user,), account_facts(visit))
    filing = find(visit, public_id)
    mode = Mode.AGENT if filing.agent and filing.agent == visit.enterprise else Mode.SELF
    return open_filing(visit, filing.kind, {}, mode=mode, copied=filing)


@together
def attach(visit: Visit, public_id: str, upload: Upload, *, if_match: Versions = None) -> Attachment:
    """Attach a file to a draft; its content has been checked by `rules.attachments`."""
    filing = expect_draft(visit, public_id, "attach", if_match)
    expect_control(visit, filing.kind)
    numbers = list(filing.attachments.values_list("n", flat=True))
    if len(numbers) >= MAX_ATTACHMENTS:
        raise Refusal("too_many_attachments")
    contents.put(visit.sandbox, upload.sha256, upload.body)
    attachment = Attachment.objects.create(
        sandbox=visit.sandbox,
        filing=filing,
        n=max(numbers, default=0) + 1,
        type=upload.type,
        filename=upload.filename,
        content_type=upload.content_type,
        size=len(upload.body),
        sha256=upload.sha256,
        uploaded_at=visit.now,
    )
    _reappraised(visit, filing, "attached", attachment.filename)
    return attachment


@together
def detach(visit: Visit, public_id: str, n: int, *, if_match: Versions = None) -> None:
    """Take a file off a draft."""
    filing = expect_draft(visit, public_id, "detach", if_match)
    attachment = filing.attachments.filter(n=n).first()
    if attachment is None:
        raise absent("附件", n)
    attachment.delete()
    contents.forget_unused(visit.sandbox)
    _reappraised(visit, filing, "detached", attachment.filename)


def expect_writer(visit: Visit, kind: str) -> None:
    """Refuse for who or by which medium before the body is looked at (medium before fields)."""
    guards.demand(KINDS[kind].writing, account_facts(visit))


def expect_draft(visit: Visit, public_id: str, action: str, if_match: Versions) -> Filing:
    """The draft, or the refusal of a write for who, where or state before its body is looked at (state before fields).

    An agent whose mandate has ended may no more than delete it (FAQ 1.7).
    """
    filing = _draft(visit, public_id, action, if_match)
    enquiries.expect_told(visit, filing)
    return filing


def expect_control(visit: Visit, kind: str) -> None:
    """Refuse a file before it is looked at where it goes through a client control that does not work (FAQ 2.8)."""
    if wanted := KINDS[kind].attaching:
        guards.demand(wanted, attaching_facts(visit))


def expect_upload(visit: Visit, public_id: str, if_match: Versions) -> None:
    """Refuse an upload for who, where, state or client control before the file is looked at."""
    expect_control(visit, expect_draft(visit, public_id, "attach", if_match).kind)


@together
def acknowledge(visit: Visit, public_id: str) -> Receipt:
    """Take a receipt out of the mailbox; again is the same as once."""
    guards.demand((guards.enterprise_user,), account_facts(visit))
    receipt = Receipt.objects.select_related("filing").filter(filing__in=seen_by(visit), public_id=public_id).first()
    if receipt is None:
        raise absent("回执", public_id)
    mailbox = own_column(visit, receipt.filing, "acknowledged_at")
    if getattr(receipt, mailbox) is None:
        setattr(receipt, mailbox, visit.now)
        receipt.save(update_fields=[mailbox])
    return receipt


def note_viewed(visit: Visit, filing: Filing) -> None:
    """Note that a party looked at the receipts of a filing, once for each that is new to it: asking over and over writes nothing."""
    mine = own_column(visit, filing, "viewed_at")
    new = filing.receipts.filter(**{mine: None})
    if new.exists():
        with visit.held():
            if new.update(**{mine: visit.now}):
                told = {"kind": filing.kind, "status": filing.status}
                note(visit, "receipt.viewed", subject=filing.public_id, uscc=filing.enterprise.uscc, **told)


@together
def contact(
    visit: Visit, desk: Desk, topic: Topic, *, filing: str = "", uscc: str = "", enterprise_name: str = "", text: str = ""
) -> Ticket:
    """联系: a question to a desk; it is answered on the sandbox's clock. The same question twice is 409 with the first.

    Refused while the desk is closed, and without what that desk needs to be told (FAQ 2.12).
    """
    guards.demand((guards.enterprise_user,), account_facts(visit))
    assert visit.enterprise is not None
    assert visit.account is not None
    if filing:
        find(visit, filing, pointer="/filing")
    offices.expect_open(desk, visit.now)
    about = {"uscc": offices.credit_code(uscc), "enterprise_name": enterprise_name.strip()}
    if problems := offices.lacking(desk, about, visit.enterprise.uscc):
        raise invalid(problems)
    asked = Ticket.objects.filter(
        sandbox=visit.sandbox, enterprise=visit.enterprise, desk=desk, topic=topic, filing=filing, answered_at=None
    ).first()
    if asked:
        raise Refusal("duplicate_ticket", extra={"ticket": asked.public_id})
    serial = note(visit, "ticket.created", serials=1, subject=filing, desk=desk, topic=topic)
    ticket = Ticket.objects.create(
        sandbox=visit.sandbox,
        serial=serial,
        public_id=f"T{serial:06d}",
        desk=desk,
        topic=topic,
        account=visit.account,
        enterprise=visit.enterprise,
        filing=filing,
        text=text,
        created_at=visit.now,
        **about,
    )
    Agenda.objects.create(sandbox=visit.sandbox, at=visit.now + scenarios.ANSWER_AFTER, verb="answer", subject=ticket.public_id)
    return ticket


# ── the lifecycle ─────────────────────────────────────────────────────────────────────────────────────────────────


@together
def perform(visit: Visit, public_id: str, verb: str, *, if_match: Versions = None, **words: Any) -> Filing:
    """Take one step of the lifecycle: declare, send, store, route_manual, approve, reject.

    Raises Refusal: 404, 412, 409 `illegal_transition {from, action, allowed}`, and on declaring every field error at once.
    """
    filing = _to_write(visit, public_id, if_match, applicant=visit.party == Party.APPLICANT)
    kind = KINDS[filing.kind]
    if verb not in filing.steps(visit.party):
        raise illegal(filing, verb, visit.party)
    came_from = filing.status
    told = _DEEDS.get(verb, _nothing_more)(visit, filing, kind, words)
    getattr(filing, verb)()
    filing.status_since = visit.now
    _write(filing, "status", "status_since", *told)
    told_of = {"from": came_from, "scenario": filing.scenario, **({"by_hand": True} if visit.by_hand else {})}
    answering = visit.party != Party.APPLICANT
    serial = note_change(visit, filing, f"filing.{filing.status}", told_of, serials=int(answering))
    if answering:
        _answer(visit, filing, serial, words)
    outbox.post(visit, filing)
    schedule(filing, visit)
    return filing


def authorities_may(filing: Filing) -> list[str]:
    """What the authorities on a filing's road may do with it in its status."""
    return [verb for party in KINDS[filing.kind].road.handlers for verb in allowed(filing, party)]


def hindrances(visit: Visit, filing: Filing) -> list[Rule | Problem]:
    """What would refuse a draft's declaration as things stand, all of it: rules that do not hold, and field errors.

    Who declares it, and by which medium, is not judged: that is asked of whoever comes.
    """
    kind, known = KINDS[filing.kind], facts(visit, filing)
    appraisal = appraisal_of(kind, known, filing.content, {}, declaring=True)
    known = replace(known, changed=tuple(kind.kept(known.record, appraisal.values)))
    standing, declaring = ([one for one in some if not one(Values(), known)] for some in (kind.standing, kind.declaring))
    return [*standing, *appraisal.errors, *declaring]


def illegal(filing: Filing, action: str, party: Party | None = None) -> Refusal:
    """409: this action is not open in this status; tells which are."""
    parties = [party] if party else list(Party)
    may = [one for someone in parties for one in allowed(filing, someone)]
    return Refusal(
        "illegal_transition",
        f"申请单状态为“{Status(filing.status).label}”，不允许此操作",
        extra={"from": filing.status, "action": action, "allowed": may},
    )


def schedule(filing: Filing, visit: Visit) -> None:
    """Write what the filing's scenario does next into the agenda, in place of what stood there."""
    if filing.status != Status.DECLARED:
        Agenda.objects.filter(sandbox=visit.sandbox, subject=filing.public_id, verb="reply").delete()
    assert filing.declared_at is not None
    reply = scenarios.next_reply(
        scenarios.parse(filing.scenario), Status(filing.status), filing.declared_at, visit.now, KINDS[filing.kind].road
    )
    if reply:
        Agenda.objects.create(
            sandbox=visit.sandbox, at=reply.at, verb="reply", subject=filing.public_id, held=filing.held,
            args={"verb": reply.verb, **reply.words},
        )  # fmt: skip


@together
def inject(visit: Visit, public_id: str, status: Status, text: str = "", at: datetime | None = None, **words: str) -> Receipt:
    """A raw receipt, as a wire may bring it: a duplicate, a late one, one out of order. It moves nothing."""
    filing = find(visit, public_id)
    serial = visit.sandbox.tick(serials=1).serial
    return Receipt.objects.create(
        sandbox=visit.sandbox, filing=filing, serial=serial, public_id=f"R{serial:06d}", at=at or visit.now, status=status,
        text=text or status.label, reason_code=words.get("reason_code", ""), reason=words.get("public_comment", ""),
        internal=words.get("internal_comment", ""),
    )  # fmt: skip


@together
def hold(visit: Visit, public_id: str, held: bool) -> Filing:
    """Stop, or let go on, what the agenda has for a filing. What fell due meanwhile happens now; what was set aside is tried anew."""
    filing = find(visit, public_id)
    if filing.held != held:
        filing.held = held
        filing.save(update_fields=["held"])
    pending = Agenda.objects.filter(sandbox=visit.sandbox, subject=filing.public_id, verb="reply")
    pending.filter(held=not held).update(held=held, trouble="")
    if not held:
        pending.filter(at__lt=visit.now).update(at=visit.now)
    return filing


@together
def answer_by(visit: Visit, public_id: str, scenario: str, source: str) -> Filing:
    """Settle which scenario answers a filing: for a draft the one its declaration will meet, else from here on."""
    filing = find(visit, public_id)
    chosen = str(scenarios.parse(scenario))
    if filing.status == Status.DRAFT:
        filing.pinned_scenario = chosen
    else:
        filing.pinned_scenario, filing.scenario, filing.scenario_source = chosen, chosen, source
    filing.save(update_fields=["pinned_scenario", "scenario", "scenario_source"])
    if filing.declared_at is not None:
        Agenda.objects.filter(sandbox=visit.sandbox, subject=filing.public_id, verb="reply").delete()
        schedule(filing, visit)
    return filing


def find(visit: Visit, public_id: str, *, pointer: str = "") -> Filing:
    """A filing this visit may see; anything else is 404, be it nothing or somebody else's. `pointer`: the member that names it."""
    filing = filing_seen_by(visit, public_id)
    if filing is None:
        raise absent("申请单", public_id, pointer=pointer, remedy="申请单见 GET /api/v1/filings" if pointer else "")
    return filing


# ── behind the counter ────────────────────────────────────────────────────────────────────────────────────────────


def _declare(visit: Visit, filing: Filing, kind: Kind, words: Mapping[str, Any]) -> tuple[str, ...]:
    """Judge the whole sheet, settle what customs will receive and which scenario answers."""
    known = facts(visit, filing)
    guards.demand(kind.standing, known)
    appraisal = _appraised(kind, known, filing.content, {}, declaring=True)
    filing.content, filing.warnings = kind.kept(known.record, appraisal.values), _warnings(appraisal)
    guards.demand(kind.declaring, replace(known, changed=tuple(filing.content)))
    filing.base = dict(known.record) if kind.over_record else {}
    filing.declared_at = visit.now
    filing.transmitted = _message(filing)
    filing.transmitted_sha256 = hashlib.sha256(filing.transmitted.encode()).hexdigest()
    filing.scenario, filing.scenario_source = _scenario(visit, filing)
    return ("content", "base", "warnings", "declared_at", "transmitted", "transmitted_sha256", "scenario", "scenario_source")


def _approve(visit: Visit, filing: Filing, kind: Kind, words: Mapping[str, Any]) -> tuple[str, ...]:
    """Write the approved facts into the ledger of who approves; the mirror moves by a sync, which is customs' own deed."""
    serial = visit.sandbox.tick(serials=1).serial
    known: dict[str, Any] = {"sandbox": visit.sandbox, "uscc": filing.enterprise.uscc}
    book, about = LEDGERS[visit.party], filing.enterprise
    ledger = (one(book.objects.filter(**known)) or book(**known)).as_facts()
    if kind.over_record:
        ledger["content"] = on_record(ledger, about.uscc, about.name_cn) if ledger["content"] else filing.base
    record = kind.record(filing.content, ledger, local_date(visit.now), serial)
    book.objects.update_or_create(**known, defaults=record)
    return ()


def _nothing_more(visit: Visit, filing: Filing, kind: Kind, words: Mapping[str, Any]) -> tuple[str, ...]:
    return ()


_DEEDS: dict[str, Callable[[Visit, Filing, Kind, Mapping[str, Any]], tuple[str, ...]]] = {
    "declare": _declare,
    "approve": _approve,
}
"""What a verb does besides the transition; each tells the columns it wrote."""


def _answer(visit: Visit, filing: Filing, serial: int, words: Mapping[str, Any]) -> None:
    """The 回执 of an authority's step. Reasons are kept apart from what may be shown (FAQ 2.6)."""
    Receipt.objects.create(
        sandbox=visit.sandbox,
        filing=filing,
        serial=serial,
        public_id=f"R{serial:06d}",
        at=visit.now,
        status=filing.status,
        text=Status(filing.status).label,
        reason_code=words.get("reason_code", ""),
        reason=words.get("public_comment", ""),
        internal=words.get("internal_comment", ""),
    )


def _scenario(visit: Visit, filing: Filing) -> tuple[str, str]:
    """First match wins: header, pinned on the filing, queue, magic name, the sandbox's default."""
    sources: tuple[tuple[str, Callable[[], str | None]], ...] = (
        ("header", lambda: visit.scenario),
        ("pinned", lambda: filing.pinned_scenario),
        ("queue", lambda: _queued(filing)),
        ("name", lambda: scenarios.by_name(_name_on(filing)) if visit.sandbox.magic_names else None),
        ("sandbox", lambda: visit.sandbox.scenario),
    )
    source, scenario = next(((source, one) for source, asked in sources if (one := asked())), ("default", scenarios.DEFAULT))
    return str(scenarios.parse(scenario)), source


def _name_on(filing: Filing) -> str:
    """The enterprise's name as the sheet has it, else as it is known."""
    sheet = KINDS[filing.kind].whole(filing.base, filing.content)
    return str(sheet.get("name_cn") or filing.enterprise.name_cn)


def _queued(filing: Filing) -> str | None:
    """The first scenario in the queue that matches; the last declaration it is for takes it out."""
    matching = QueuedScenario.objects.filter(
        sandbox=filing.sandbox_id, kind__in=("", filing.kind), uscc__in=("", filing.enterprise.uscc)
    )
    queued = matching.order_by("serial").first()
    if queued is None:
        return None
    if queued.left > 1:
        QueuedScenario.objects.filter(pk=queued.pk).update(left=queued.left - 1)
    else:
        queued.delete()
    return queued.scenario


def _message(filing: Filing) -> str:
    """The electronic message to the authority: whole, canonical, whatever a print may leave out (FAQ 2.17)."""
    assert filing.declared_at is not None
    kind = KINDS[filing.kind]
    message = {
        "simulated": True,
        "number": filing.number,
        "kind": filing.kind,
        "filing_mode": filing.filing_mode,
        "enterprise": {"uscc": filing.enterprise.uscc, "name_cn": filing.enterprise.name_cn},
        "agent": {"uscc": filing.agent.uscc, "name_cn": filing.agent.name_cn} if filing.agent else None,
        "declared_at": rfc3339(filing.declared_at),
        "content": kind.sheet.shape(kind.whole(filing.base, filing.content)),
        **({"changed": kind.names(filing.content)} if kind.over_record else {}),
    }
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _principal(visit: Visit, mode: Mode, principal: str) -> Enterprise:
    """Whom a new filing is about. Without a mandate an agent is refused in one way, whether that enterprise exists or not (FAQ 1.7)."""
    assert visit.enterprise is not None
    if mode == Mode.SELF:
        return visit.enterprise
    if principal == visit.enterprise.uscc:
        raise refused_at("/principal", "agent_is_principal")
    about = Enterprise.objects.filter(sandbox=visit.sandbox, uscc=principal).first()
    if about is None or mandate(visit, about, visit.enterprise) is None:
        raise refused_at("/principal", guards.mandate_stands.code)
    return about


def _draft(visit: Visit, public_id: str, action: str, if_match: Versions) -> Filing:
    """A draft to be written."""
    filing = _to_write(visit, public_id, if_match)
    if filing.status != Status.DRAFT:
        raise illegal(filing, action, Party.APPLICANT)
    return filing


def _to_write(visit: Visit, public_id: str, if_match: Versions, *, applicant: bool = True) -> Filing:
    """A filing to be written, after the refusals that stand before any write: account rule, medium, version."""
    if applicant:
        guards.demand((guards.enterprise_user,), account_facts(visit))
    filing = find(visit, public_id)
    if applicant:
        guards.demand(KINDS[filing.kind].writing, account_facts(visit))
    if if_match is not None and filing.version not in if_match:
        raise Refusal("precondition_failed", extra={"version": filing.version})
    return filing


def _write(filing: Filing, *columns: str) -> None:
    """Write columns and the next version, only over the version that was read."""
    read, filing.version = filing.version, filing.version + 1
    values = {column: getattr(filing, column) for column in columns}
    written = Filing.objects.filter(pk=filing.pk, version=read).update(version=filing.version, **values)
    if written != 1:
        raise Refusal("precondition_failed")


def _reappraised(visit: Visit, filing: Filing, how: str, filename: str) -> None:
    """A draft after its attachments changed: its warnings anew, and the event."""
    filing.warnings = _warnings(_appraised(KINDS[filing.kind], facts(visit, filing), filing.content, {}))
    _write(filing, "warnings")
    note_change(visit, filing, "filing.saved", {how: filename})


def appraisal_of(kind: Kind, known: Facts, kept: Mapping[str, Any], patch: Mapping[str, Any], **how: bool) -> Appraisal:
    """A patch over what is kept, appraised in full: the whole sheet, a change over the record."""
    return appraise(kind.sheet, kind.sheet.merge(kind.whole(known.record, kept), patch), known, sent=patch, **how)


def _appraised(kind: Kind, known: Facts, kept: Mapping[str, Any], patch: Mapping[str, Any], **how: bool) -> Appraisal:
    """The same, raising 422 with every error at once."""
    appraisal = appraisal_of(kind, known, kept, patch, **how)
    if appraisal.errors:
        raise invalid(appraisal.errors)
    return appraisal


def _warnings(appraisal: Appraisal) -> list[dict[str, Any]]:
    return [warning.as_dict() for warning in appraisal.warnings]
