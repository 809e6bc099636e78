"""The one door: every change of a filing comes through here.

The order of a deed: hold the world, ask the guards (they refuse in the real words), make the transition, save, then
write event, receipt and agenda. All in one transaction, without signals. Customs uses the same door, with a visit of
its own; the desk never calls customs.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, NewType

import orjson
from django.db import transaction

from filings.models import (
    Agenda,
    Attachment,
    CustomsRecord,
    Enterprise,
    Filing,
    MofcomRecord,
    QueuedScenario,
    Receipt,
    Visit,
)
from filings.models.ledgers import LEDGERS
from filings.prepared import PreparedInsert, PreparedUpdate
from filings.record import contents, enquiries, outbox
from filings.record.facts import (
    account_facts,
    allowed,
    attaching_facts,
    facts,
    filing_seen_by,
    mandate,
    own_column,
    seen_by,
)
from filings.record.trail import note, note_change
from filings.rules import guards, limits, scenarios
from filings.rules.appraisal import Appraisal, Problem, appraise
from filings.rules.attachments import Upload
from filings.rules.dates import local_date, rfc3339
from filings.rules.events import REACHED, Due, EventName, Verb
from filings.rules.facts import Facts
from filings.rules.kinds import KINDS, Kind
from filings.rules.laying import on_record
from filings.rules.refusals import CATALOGUE, Refusal, absent, invalid, refused_at
from filings.rules.register import Rule, Values
from filings.rules.words import Mode, Party, Status

together = transaction.atomic(savepoint=False)
"""A deed is done whole or not at all. If it comes from outside, the world is held already (`trail.attempt`), and the
deed is part of that transaction."""

Versions = Collection[int] | None
"""The versions of a filing that a writer has read; None: any version will do."""

MAX_ATTACHMENTS = 20

_FILING = PreparedInsert(Filing)

Taken = NewType("Taken", Filing)
"""A filing that this visit may write: `take` has said so. What is to be written may be looked at now."""


class Wanted(NamedTuple):
    """What a new filing should be, as it was sent. `content` is None where it could not be read; `faults` are the
    errors in the rest."""

    kind: str
    content: Mapping[str, Any] | None
    mode: Mode | None = Mode.SELF
    principal: str = ""
    reference: str = ""
    faults: Sequence[Problem] = ()


def take(visit: Visit, filing: str | Filing, verb: str, if_match: Versions = None) -> Taken:
    """Take a filing in hand. The one place for the refusals that come before the content of a deed is looked at.

    `filing` is its number, or a row that was found already. The refusals come in this order: account rule (403), not
    found (404), medium (403), version (412), state (409 `illegal_transition`).
    """
    who = account_facts(visit) if visit.party == Party.APPLICANT or verb in _OF_A_DRAFT else None
    if who:
        guards.demand((guards.enterprise_user,), who)
    filing = find(visit, filing) if isinstance(filing, str) else filing
    if who:
        guards.demand(KINDS[filing.kind].media, who)
    if if_match is not None and filing.version not in if_match:
        now = f"{CATALOGUE['precondition_failed'].detail}，现在是“{Status(filing.status).label}”"
        raise Refusal("precondition_failed", now, extra={"version": filing.version})
    may = filing.status == Status.DRAFT if verb in _OF_A_DRAFT else verb in filing.steps(visit.party)
    if not may:
        raise illegal(filing, verb, visit.party)
    return Taken(filing)


_OF_A_DRAFT = frozenset({Verb.SAVE, Verb.DELETE, Verb.ATTACH, Verb.DETACH})


def _taken(visit: Visit, filing: str | Taken, verb: str, if_match: Versions) -> Taken:
    """The filing with this number, or the row itself if one is given."""
    return take(visit, filing, verb, if_match) if isinstance(filing, str) else filing


# ── the applicant's own page ──────────────────────────────────────────────────────────────────────────────────────


@together
def begin(visit: Visit, read: Callable[[], Wanted], *, browser: bool = False, declaring: bool = False) -> Taken:
    """新增: a new draft. What was sent is read only when it is known who asks.

    Refused first by the account rule (FAQ 2.3), then by the medium, then by what stands in the way of any such filing,
    and then with every error at once; of one that is `declaring` in the same breath, with those of 申报 too.
    """
    who = account_facts(visit)
    guards.demand((guards.enterprise_user,), who)
    wanted = read()
    if wanted.kind not in KINDS:
        raise invalid(wanted.faults)
    kind = KINDS[wanted.kind]
    guards.demand(kind.media, who)
    if wanted.mode is None or (wanted.faults and wanted.mode is Mode.AGENT):
        raise invalid([*wanted.faults, *_by_itself(visit, kind, wanted.content, declaring)])
    about = _principal(visit, wanted.mode, wanted.principal)
    return _opened(visit, kind, wanted, about, browser=browser, declaring=declaring)


def _by_itself(visit: Visit, kind: Kind, content: Mapping[str, Any] | None, declaring: bool) -> list[Problem]:
    """What is wrong with a content whoever it is filed for: what hangs on the enterprise, its grey fields among it,
    waits until that is known."""
    judged = declaring and not kind.over_record
    return appraise(kind.sheet, content or {}, account_facts(visit), declaring=judged, browser=True).errors


def open_filing(
    visit: Visit,
    kind: str,
    content: Mapping[str, Any],
    *,
    mode: Mode = Mode.SELF,
    principal: str = "",
    reference: str = "",
) -> Taken:
    """新增, from values the caller has at hand."""
    return begin(visit, lambda: Wanted(kind, content, mode, principal, reference))


def _opened(
    visit: Visit, kind: Kind, wanted: Wanted, about: Enterprise, copied: Filing | None = None, **how: bool
) -> Taken:
    """A new draft about an enterprise: blank, or with the content that a copy keeps."""
    assert visit.account is not None
    assert wanted.mode is not None
    known = facts(visit, enterprise=about, mode=wanted.mode)
    guards.demand(kind.standing, known)
    kept = copied.content if copied else kind.blank(known)
    appraisal = _appraised(kind, known, kept, wanted.content, wanted.faults, **how)
    tick = visit.sandbox.tick(events=1, serials=1, filings=1)
    limits.expect_filing(tick.filings - 1)
    filing = Filing(
        sandbox=visit.sandbox,
        serial=tick.serial,
        public_id=f"F{tick.serial:06d}",
        number=f"SIM{local_date(visit.now):%Y%m%d}{tick.serial:07d}",
        kind=kind.name,
        filing_mode=wanted.mode,
        enterprise=about,
        agent=visit.enterprise if wanted.mode == Mode.AGENT else None,
        account=visit.account,
        content=kind.kept(known.record, appraisal.values),
        warnings=_warnings(appraisal),
        client_reference=wanted.reference,
        copied_from=copied.public_id if copied else "",
        created_at=visit.now,
        status_since=visit.now,
    )
    _FILING.keep(filing)
    note_change(visit, filing, EventName.FILING_CREATED, {"copied_from": copied.public_id} if copied else {}, tick=tick)
    return Taken(filing)


@together
def save(
    visit: Visit,
    filing: str | Taken,
    patch: Mapping[str, Any] | None,
    faults: Sequence[Problem] = (),
    *,
    if_match: Versions = None,
    browser: bool = False,
    always: bool = True,
    declaring: bool = False,
) -> tuple[Taken, Appraisal]:
    """暂存: lay a patch (RFC 7396) over a draft. Nothing is written if it changes nothing, unless `always`.

    Refused with every error at once, together with the `faults` that were found before; of one that is `declaring` in
    the same breath, with those of 申报 too. Then nothing has changed.
    """
    filing = _taken(visit, filing, Verb.SAVE, if_match)
    kind, known = KINDS[filing.kind], facts(visit, filing)
    guards.demand(kind.standing, known)
    appraisal = _appraised(kind, known, filing.content, patch, faults, browser=browser, declaring=declaring)
    kept = kind.kept(known.record, appraisal.values)
    fields = _changed(filing.content, kept)
    if fields or always:
        filing.content, filing.warnings = kept, _warnings(appraisal)
        _write(filing, "content", "warnings")
        note_change(visit, filing, EventName.FILING_SAVED, {"fields": fields})
    return filing, appraisal


def _changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str | None]]:
    """The fields that changed, each with a digest of the old and of the new value: the trail keeps no content."""
    names = [name for name in after if name not in before or before[name] != after[name]] + [
        name for name in before if name not in after
    ]
    return [{"name": name, "old": digest(before.get(name)), "new": digest(after.get(name))} for name in names]


def digest(value: Any) -> str | None:
    """What the trail keeps of a value; None of nothing."""
    return None if value is None else hashlib.sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()


@together
def delete(visit: Visit, public_id: str, *, if_match: Versions = None) -> None:
    """删除: only a draft can be deleted. The row goes, its trail stays, and a broken page goes with it (FAQ 2.10).

    This is all that an agent may still do when its mandate has ended (FAQ 1.7).
    """
    filing = take(visit, public_id, Verb.DELETE, if_match)
    filing.version += 1
    tick = visit.sandbox.tick(events=1, filings=-1)
    note_change(visit, filing, EventName.FILING_DELETED, {"stale_form": filing.stale_form}, tick=tick)
    filing.delete()
    contents.forget_unused(visit.sandbox)


@together
def copy(visit: Visit, public_id: str) -> Filing:
    """复制为新申请: a new draft with the same content, the next step after 审批不通过. Glitches are not copied.

    The copy an agent makes is again an agent's filing. The principal copies what was filed for it as its own.
    """
    who = account_facts(visit)
    guards.demand((guards.enterprise_user,), who)
    filing = find(visit, public_id)
    kind = KINDS[filing.kind]
    guards.demand(kind.media, who)
    mode = Mode.AGENT if filing.agent and filing.agent == visit.enterprise else Mode.SELF
    return _opened(visit, kind, Wanted(kind.name, {}, mode), filing.enterprise, filing)


@together
def attach(visit: Visit, filing: str | Taken, read: Callable[[], Upload], *, if_match: Versions = None) -> Attachment:
    """Attach a file to a draft. It is read and checked (`rules.attachments`) only when nothing stands in its way.

    In the way are a mandate that has ended, and a client control that does not work (FAQ 2.8).
    """
    filing = _taken(visit, filing, Verb.ATTACH, if_match)
    enquiries.expect_told(visit, filing)
    if wanted := KINDS[filing.kind].attaching:
        guards.demand(wanted, attaching_facts(visit))
    upload = read()
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
def detach(visit: Visit, filing: str | Taken, n: int, *, if_match: Versions = None) -> None:
    """Take a file off a draft."""
    filing = _taken(visit, filing, Verb.DETACH, if_match)
    enquiries.expect_told(visit, filing)
    attachment = filing.attachments.filter(n=n).first()
    if attachment is None:
        raise absent("附件", n)
    attachment.delete()
    contents.forget_unused(visit.sandbox)
    _reappraised(visit, filing, "detached", attachment.filename)


@together
def acknowledge(visit: Visit, public_id: str) -> Receipt:
    """Take a receipt out of the mailbox. Doing it again changes nothing."""
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
    """Note that a party looked at the receipts of a filing, once for each new receipt. Looking again writes nothing."""
    mine = own_column(visit, filing, "viewed_at")
    new = filing.receipts.filter(**{mine: None})
    if new.exists():
        with visit.held():
            if new.update(**{mine: visit.now}):
                about = {"kind": filing.kind, "status": filing.status}
                note(visit, EventName.RECEIPT_VIEWED, subject=filing.public_id, uscc=filing.enterprise.uscc, **about)


# ── the lifecycle ─────────────────────────────────────────────────────────────────────────────────────────────────


@together
def perform(
    visit: Visit,
    filing: str | Taken,
    verb: str,
    *,
    if_match: Versions = None,
    then: Callable[[], None] | None = None,
    **words: Any,
) -> Filing:
    """Take one step of the lifecycle: declare, send, store, route_manual, approve, reject.

    `then` is called before others are told of the step. Raises Refusal: 404, 412, 409 `illegal_transition {from,
    action, allowed}`; when declaring, 422 with every field error at once.
    """
    filing = _taken(visit, filing, verb, if_match)
    kind, came_from = KINDS[filing.kind], filing.status
    columns = _DEEDS.get(verb, _nothing_more)(visit, filing, kind, words)
    getattr(filing, verb)()
    filing.status_since = visit.now
    _write(filing, "status", "status_since", *columns)
    data = {"from": came_from, "scenario": filing.scenario, **({"by_hand": True} if visit.by_hand else {})}
    answering = visit.party != Party.APPLICANT
    serial = note_change(visit, filing, REACHED[filing.status], data, serials=int(answering))
    if answering:
        _answer(visit, filing, serial, words)
    if then:
        then()
    outbox.post(visit, filing)
    schedule(filing, visit)
    return filing


def ledger_under(visit: Visit, filing: Filing) -> tuple[CustomsRecord | MofcomRecord, dict[str, Any]]:
    """The enterprise's record in the ledger of the authority that visits, a new one if it has none; and its facts, as a
    filing's approval is laid over them."""
    book, about = LEDGERS[visit.party], filing.enterprise
    record = book.of(visit.sandbox, about.uscc) or book(sandbox=visit.sandbox, uscc=about.uscc)
    ledger = record.as_facts()
    if KINDS[filing.kind].over_record:
        ledger["content"] = on_record(ledger, about.uscc, about.name_cn) if ledger["content"] else filing.base
    return record, ledger


def authorities_may(filing: Filing) -> list[str]:
    """The verbs that the authorities on a filing's road may do in its present status."""
    return [verb for party in KINDS[filing.kind].road.handlers for verb in allowed(filing, party)]


def hindrances(visit: Visit, filing: Filing) -> list[Rule | Problem]:
    """Everything that would refuse a draft's declaration now: rules that do not hold, and field errors.

    The account and its medium are not judged: they are asked when somebody declares.
    """
    kind, known = KINDS[filing.kind], facts(visit, filing)
    appraisal = appraisal_of(kind, known, filing.content, {}, declaring=True)
    known = replace(known, changed=tuple(kind.kept(known.record, appraisal.values)))
    standing, declaring = (
        [rule for rule in some if not rule(Values(), known)] for some in (kind.standing, kind.declaring)
    )
    return [*standing, *appraisal.errors, *declaring]


def illegal(filing: Filing, action: str, party: Party | None = None) -> Refusal:
    """409: this action is not open in this status. The answer lists the actions that are."""
    parties = [party] if party else list(Party)
    may = [verb for someone in parties for verb in allowed(filing, someone)]
    return Refusal(
        "illegal_transition",
        f"申请单状态为“{Status(filing.status).label}”，不允许此操作",
        extra={"from": filing.status, "action": action, "allowed": may},
    )


def schedule(filing: Filing, visit: Visit) -> None:
    """Write what the filing's scenario does next into the agenda, in place of what stood there."""
    if filing.status != Status.DECLARED:
        Agenda.strike(visit.sandbox, Due.REPLY, filing.public_id)
    assert filing.declared_at is not None
    reply = scenarios.next_reply(
        scenarios.parse(filing.scenario), Status(filing.status), filing.declared_at, visit.now, KINDS[filing.kind].road
    )
    if reply:
        Agenda.put(
            visit.sandbox, reply.at, Due.REPLY, filing.public_id, {"verb": reply.verb, **reply.words}, held=filing.held
        )


@together
def inject(
    visit: Visit, public_id: str, status: Status, text: str = "", at: datetime | None = None, **words: str
) -> Receipt:
    """A raw receipt, as it may come over a line: a duplicate, a late one, or one out of order. It changes no status."""
    filing = find(visit, public_id)
    serial = visit.sandbox.tick(serials=1).serial
    return Receipt.objects.create(
        sandbox=visit.sandbox,
        filing=filing,
        serial=serial,
        public_id=f"R{serial:06d}",
        at=at or visit.now,
        status=status,
        text=text or status.label,
        reason_code=words.get("reason_code", ""),
        reason=words.get("public_comment", ""),
        internal=words.get("internal_comment", ""),
    )


@together
def hold(visit: Visit, public_id: str, held: bool) -> Filing:
    """Stop what the agenda has for a filing, or let it go on.

    When it goes on, what fell due meanwhile happens now, and what was set aside is tried again.
    """
    filing = find(visit, public_id)
    if filing.held != held:
        filing.held = held
        filing.save(update_fields=["held"])
    pending = Agenda.objects.filter(sandbox=visit.sandbox, subject=filing.public_id, verb=Due.REPLY)
    pending.filter(held=not held).update(held=held, trouble="")
    if not held:
        pending.filter(at__lt=visit.now).update(at=visit.now)
    return filing


@together
def answer_by(visit: Visit, public_id: str, scenario: str, source: str) -> Filing:
    """Choose the scenario that answers a filing: of a draft at its declaration, of any other from now on."""
    filing = find(visit, public_id)
    chosen = str(scenarios.parse(scenario))
    if filing.status == Status.DRAFT:
        filing.pinned_scenario = chosen
    else:
        filing.pinned_scenario, filing.scenario, filing.scenario_source = chosen, chosen, source
    filing.save(update_fields=["pinned_scenario", "scenario", "scenario_source"])
    if filing.declared_at is not None:
        Agenda.strike(visit.sandbox, Due.REPLY, filing.public_id)
        schedule(filing, visit)
    return filing


def find(visit: Visit, public_id: str, *, pointer: str = "") -> Filing:
    """A filing that this visit may see. Raises 404 for any other, whether it exists or not. `pointer`: the member that
    names it."""
    filing = filing_seen_by(visit, public_id)
    if filing is None:
        raise absent("申请单", public_id, pointer=pointer, remedy="申请单见 GET /api/v1/filings" if pointer else "")
    return filing


# ── behind the counter ────────────────────────────────────────────────────────────────────────────────────────────


def _declare(visit: Visit, filing: Filing, kind: Kind, words: Mapping[str, Any]) -> tuple[str, ...]:
    """Judge the whole sheet; then fix what customs will receive and which scenario answers."""
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
    return (
        "content",
        "base",
        "warnings",
        "declared_at",
        "transmitted",
        "transmitted_sha256",
        "scenario",
        "scenario_source",
    )


def _approve(visit: Visit, filing: Filing, kind: Kind, words: Mapping[str, Any]) -> tuple[str, ...]:
    """Write the approved facts into the ledger of the authority that approves. The mirror changes by a sync, which is a
    deed of customs."""
    serial = visit.sandbox.tick(serials=1).serial
    record, ledger = ledger_under(visit, filing)
    record.enter(**kind.record(filing.content, ledger, local_date(visit.now), serial))
    return ()


def _nothing_more(visit: Visit, filing: Filing, kind: Kind, words: Mapping[str, Any]) -> tuple[str, ...]:
    return ()


_DEEDS: dict[str, Callable[[Visit, Filing, Kind, Mapping[str, Any]], tuple[str, ...]]] = {
    "declare": _declare,
    "approve": _approve,
}
"""What a verb does besides the transition. Each returns the columns it wrote."""


def _answer(visit: Visit, filing: Filing, serial: int, words: Mapping[str, Any]) -> None:
    """The 回执 of an authority's step. Its reason is kept apart from what the applicant may read (FAQ 2.6)."""
    _RECEIPT.add(
        sandbox_id=visit.sandbox.pk,
        filing_id=filing.pk,
        serial=serial,
        public_id=f"R{serial:06d}",
        at=visit.now,
        status=filing.status,
        text=Status(filing.status).label,
        reason_code=words.get("reason_code", ""),
        reason=words.get("public_comment", ""),
        internal=words.get("internal_comment", ""),
    )


_RECEIPT = PreparedInsert(Receipt)


def _scenario(visit: Visit, filing: Filing) -> tuple[str, str]:
    """First match wins: the exercise, header, pinned on the filing, queue, magic name, the sandbox's default."""
    sources: tuple[tuple[str, Callable[[], str | None]], ...] = (
        # What there was at the beginning of the exercise was declared by nobody who had come in.
        ("exercise", lambda: visit.sandbox.scenario if visit.sandbox.exercise and visit.session else None),
        ("header", lambda: visit.scenario),
        ("pinned", lambda: filing.pinned_scenario),
        ("queue", lambda: _queued(filing)),
        ("name", lambda: scenarios.by_name(_name_on(filing)) if visit.sandbox.magic_names else None),
        ("sandbox", lambda: visit.sandbox.scenario),
    )
    source, scenario = next(
        ((source, scenario) for source, asked in sources if (scenario := asked())), ("default", scenarios.DEFAULT)
    )
    return str(scenarios.parse(scenario)), source


def _name_on(filing: Filing) -> str:
    """The enterprise's name from the sheet, or else the known one."""
    sheet = KINDS[filing.kind].whole(filing.base, filing.content)
    return str(sheet.get("name_cn") or filing.enterprise.name_cn)


def _queued(filing: Filing) -> str | None:
    """The first scenario in the queue that matches. It leaves the queue with its last declaration."""
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
    """The electronic message to the authority: complete and canonical, even where a print leaves something out (FAQ
    2.17)."""
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
    """The enterprise that a new filing is about.

    An agent without a mandate is always refused in the same way, whether that enterprise exists or not (FAQ 1.7).
    """
    assert visit.enterprise is not None
    if mode == Mode.SELF:
        return visit.enterprise
    if principal == visit.enterprise.uscc:
        raise refused_at("/principal", "agent_is_principal")
    about = Enterprise.objects.filter(sandbox=visit.sandbox, uscc=principal).first()
    if about is None or mandate(visit, about, visit.enterprise) is None:
        raise refused_at("/principal", guards.mandate_stands.code)
    return about


def _write(filing: Filing, *columns: str) -> None:
    """Write columns and the next version, but only over the version that was read."""
    read, filing.version = filing.version, filing.version + 1
    if (
        _over_version(columns).run(
            filing.pk, read, **{column: getattr(filing, column) for column in ("version", *columns)}
        )
        != 1
    ):
        raise Refusal("precondition_failed")


@cache
def _over_version(columns: tuple[str, ...]) -> PreparedUpdate[Filing]:
    return PreparedUpdate(
        ("version", *columns), lambda pk, version: Filing.objects.filter(pk=pk, version=version), 1, 2
    )


def _reappraised(visit: Visit, filing: Filing, how: str, filename: str) -> None:
    """After a draft's attachments changed: judge its warnings again, and note the event."""
    filing.warnings = _warnings(_appraised(KINDS[filing.kind], facts(visit, filing), filing.content, {}))
    _write(filing, "warnings")
    note_change(visit, filing, EventName.FILING_SAVED, {how: filename})


def appraisal_of(kind: Kind, known: Facts, kept: Mapping[str, Any], patch: Mapping[str, Any], **how: bool) -> Appraisal:
    """A patch over the kept content, and the appraisal of the whole sheet; of a change, over the record."""
    return appraise(kind.sheet, kind.laid(known.record, kept, patch), known, sent=patch, **how)


def _appraised(
    kind: Kind,
    known: Facts,
    kept: Mapping[str, Any],
    patch: Mapping[str, Any] | None,
    faults: Sequence[Problem] = (),
    **how: bool,
) -> Appraisal:
    """The same. Raises 422 with every error at once, together with the faults found before."""
    if patch is None:
        raise invalid(faults)
    appraisal = appraisal_of(kind, known, kept, patch, **how)
    if problems := [*faults, *appraisal.errors]:
        raise invalid(problems)
    return appraisal


def _warnings(appraisal: Appraisal) -> list[dict[str, Any]]:
    return [warning.as_dict() for warning in appraisal.warnings]
