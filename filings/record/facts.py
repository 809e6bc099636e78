"""Collecting the facts that the rules read, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet

from filings.models import (
    Attachment,
    ClientControl,
    CustomsRecord,
    Enterprise,
    Filing,
    Glitch,
    Mandate,
    Mirror,
    MofcomRecord,
    Sandbox,
    Visit,
    row_or_none,
)
from filings.prepared import Prepared
from filings.rules import client_control, guards
from filings.rules.codes import STALE
from filings.rules.dates import local_date
from filings.rules.facts import NOTHING, Facts
from filings.rules.kinds import KINDS
from filings.rules.words import UNDECIDED, CardStatus, Medium, Mode, Party, Status, UserType


def account_facts(visit: Visit) -> Facts:
    """The facts in the visit itself: enough for the account rule and the medium. No query."""
    return Facts(
        now=visit.now,
        medium=visit.medium or Medium.PASSWORD,
        card_status=_card_status(visit),
        user_type=_user_type(visit),
        helped=visit.helped,
    )


def control_of(visit: Visit) -> Mapping[str, Any]:
    """The client control of the visit's account; a new one unless something happened to it (FAQ 2.8)."""
    row = row_or_none(ClientControl.objects.filter(account=visit.account))
    return row.as_facts() if row else client_control.NEW


def attaching_facts(visit: Visit) -> Facts:
    """The same, with the client control that the visit uploads through.

    If a glitch makes the control fail now and then, each try is decided anew: each leaves an event, of the file or of
    the refusal.
    """
    control, world = control_of(visit), visit.sandbox
    if visit.enterprise and misbehaves(world, "control_flaky", visit.enterprise.uscc):
        control = {**control, "running": control["running"] and client_control.answers(world.seed, world.events_taken)}
    return replace(account_facts(visit), control=control)


def stale_tables(visit: Visit | None) -> frozenset[str]:
    """The code tables that are out of date for a visit, by the name of the glitch."""
    if visit is None:
        return frozenset()
    about = ["", *([visit.enterprise.uscc] if visit.enterprise else [])]
    return frozenset(
        Glitch.objects.filter(sandbox=visit.sandbox, name__in=list(STALE), uscc__in=about).values_list(
            "name", flat=True
        )
    )


_OWN_FILING = Prepared(
    lambda sandbox, enterprise, public_id: Filing.objects.select_related("enterprise", "agent").filter(
        Q(enterprise=enterprise) | Q(agent=enterprise), sandbox=sandbox, public_id=public_id
    ),
    1,
    2,
    "an id",
)
_ANY_FILING = Prepared(
    lambda sandbox, public_id: Filing.objects.select_related("enterprise", "agent").filter(
        sandbox=sandbox, public_id=public_id
    ),
    1,
    "an id",
)
_OTHER_OPEN = Prepared(
    lambda enterprise, but: (
        Filing.objects.filter(enterprise=enterprise, status__in=UNDECIDED)
        .exclude(pk=but)
        .only("public_id", "enterprise_id", "agent_id")
    ),
    1,
    2,
)


_GLITCH = Prepared(
    lambda sandbox, name, uscc: Glitch.objects.filter(sandbox=sandbox, name=name, uscc__in=["", uscc]).order_by(
        "-uscc"
    ),
    1,
    "a name",
    "a uscc",
)


def misbehaves(sandbox: Sandbox, name: str, uscc: str) -> Glitch | None:
    """The documented misbehaviour with this name that is on for an enterprise: its own first, then one for all."""
    found = _GLITCH.row(sandbox.pk, name, uscc)
    return None if found is None or found.mended else found


def mirror_of(visit: Visit, about: Enterprise) -> Mirror | None:
    """The single window's record of an enterprise."""
    return Mirror.of(visit.sandbox, about.uscc)


def filing_seen_by(visit: Visit, public_id: str) -> Filing | None:
    """One filing that a visit may see: `seen_by` for one filing, much cheaper."""
    if visit.party != Party.APPLICANT:
        return _ANY_FILING.row(visit.sandbox.pk, public_id)
    return _OWN_FILING.row(visit.sandbox.pk, visit.enterprise.pk, public_id) if visit.enterprise else None


def facts(
    visit: Visit, filing: Filing | None = None, enterprise: Enterprise | None = None, mode: Mode | None = None
) -> Facts:
    """All that a sheet's rules read about this visit and the enterprise it files for.

    Four queries; one more for an agent and for a deregistration, two more for a change of the commerce record.
    """
    about = enterprise or (filing.enterprise if filing else visit.enterprise)
    mode = mode or (Mode(filing.filing_mode) if filing else Mode.SELF)
    if about is None:
        return account_facts(visit)
    ledger = CustomsRecord.of(visit.sandbox, about.uscc)
    mirror = mirror_of(visit, about)
    other = _OTHER_OPEN.row(about.pk, filing.pk if filing else 0)
    known: dict[str, Any] = {
        "ledger": ledger.as_facts() if ledger else NOTHING,
        "mirror": mirror.as_facts() if mirror else NOTHING,
        "open_filing": None if other is None else other.public_id if _may_see(visit, other) else "",
    }
    if filing:
        known["stale_form"] = filing.stale_form
        known["record_form_attached"] = Attachment.objects.filter(filing=filing, type="record_form").exists()
        if guards.branches_deregistered in KINDS[filing.kind].declaring:
            known["branches"] = _branches(visit, about)
        if guards.commerce_record_found in KINDS[filing.kind].declaring:
            known["commerce"] = _commerce(visit, about)
    if mode == Mode.AGENT:
        agent = filing.agent if filing else visit.enterprise
        known["mandated"] = agent is not None and mandate(visit, about, agent) is not None
        if agent == visit.enterprise and not known["mandated"]:
            # What the single window has of an enterprise is for itself and for whom it mandates (FAQ 1.7).
            known["mirror"] = NOTHING
    in_qianhai = ledger.in_qianhai if ledger and ledger.in_qianhai is not None else about.in_qianhai
    return Facts(
        now=visit.now,
        medium=visit.medium or Medium.PASSWORD,
        card_status=_card_status(visit),
        user_type=_user_type(visit),
        helped=visit.helped,
        mode=mode,
        uscc=about.uscc,
        name_cn=about.name_cn,
        in_qianhai=in_qianhai,
        **known,
    )


def annual_facts(visit: Visit, about: Enterprise) -> Facts:
    """What the rules of 海关年报 read about an enterprise: the customs ledger, and whether its page is wrong. Two
    queries."""
    ledger = CustomsRecord.of(visit.sandbox, about.uscc)
    return Facts(
        now=visit.now,
        medium=visit.medium or Medium.PASSWORD,
        user_type=_user_type(visit),
        helped=visit.helped,
        uscc=about.uscc,
        name_cn=about.name_cn,
        ledger=ledger.as_facts() if ledger else NOTHING,
        phantom_customs_section=misbehaves(visit.sandbox, "phantom_customs_section", about.uscc) is not None,
    )


def seen_by(visit: Visit) -> QuerySet[Filing]:
    """The filings that a visit may see: an authority all of its sandbox, an enterprise its own and those it filed as
    agent."""
    filings = Filing.objects.filter(sandbox=visit.sandbox)
    if visit.party != Party.APPLICANT:
        return filings
    if visit.enterprise is None:
        return filings.none()
    return filings.filter(Q(enterprise=visit.enterprise) | Q(agent=visit.enterprise))


def seen_by_part(visit: Visit) -> list[QuerySet[Filing]]:
    """The same in parts that share no filing, each found by an index: an enterprise's own, and those it filed as
    agent."""
    if visit.party != Party.APPLICANT or visit.enterprise is None:
        return [seen_by(visit)]
    filings = Filing.objects.filter(sandbox=visit.sandbox)
    return [filings.filter(enterprise=visit.enterprise), filings.filter(agent=visit.enterprise)]


def _may_see(visit: Visit, filing: Filing) -> bool:
    """`seen_by` for a filing at hand."""
    me = visit.account.enterprise_id if visit.account else None
    return visit.party != Party.APPLICANT or (me is not None and me in (filing.enterprise_id, filing.agent_id))


def allowed(filing: Filing, party: Party) -> list[str]:
    """What a party may do with a filing in its status."""
    mine = filing.steps(party)
    if party == Party.APPLICANT:
        mine = ["save", "delete", *mine] if filing.status == Status.DRAFT else ["copy"]
    return list(dict.fromkeys(mine))


def own_column(visit: Visit, filing: Filing, name: str) -> str:
    """The column of a receipt for this visit: enterprise and agent look at it and take it out independently."""
    return name if filing.enterprise_id == visit.account.enterprise_id else f"agent_{name}"  # type: ignore[union-attr]


def mandate(visit: Visit, principal: Enterprise, agent: Enterprise) -> Mandate | None:
    """The agent's standing mandate from this principal (FAQ 1.7)."""
    return standing_mandates(visit, agent).filter(principal=principal).first()


def standing_mandates(visit: Visit, agent: Enterprise) -> QuerySet[Mandate]:
    """The mandates an agent holds today; each is valid through its last day."""
    standing = Q(valid_to__isnull=True) | Q(valid_to__gte=local_date(visit.now))
    return Mandate.objects.filter(standing, sandbox=visit.sandbox, agent=agent, revoked_at=None)


def _commerce(visit: Visit, about: Enterprise) -> Mapping[str, Any]:
    """What the commerce authorities answer about an enterprise; nothing if the look-up fails (FAQ 2.9)."""
    record = MofcomRecord.of(visit.sandbox, about.uscc)
    fails = misbehaves(visit.sandbox, "mofcom_lookup_fails", about.uscc)
    return NOTHING if record is None or fails else record.as_facts()


def _branches(visit: Visit, parent: Enterprise) -> int:
    """How many branches of an enterprise are in force at customs: records that name it as their parent."""
    return CustomsRecord.objects.filter(
        sandbox=visit.sandbox,
        content__parent_uscc=parent.uscc,
        registered_on__isnull=False,
        deregistered_on=None,
    ).count()


def _card_status(visit: Visit) -> CardStatus | None:
    card = visit.session.card if visit.session else None
    return card.status(local_date(visit.now)) if card else None


def _user_type(visit: Visit) -> UserType | None:
    return UserType(visit.account.user_type) if visit.account else None
