"""代理授权: an enterprise lets another file for it (FAQ 1.7)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from filings.answers import enterprises
from filings.models import Enterprise, Mandate, Visit, row_or_none
from filings.record.enquiries import party
from filings.record.facts import account_facts
from filings.record.trail import note
from filings.rules import guards
from filings.rules.appraisal import Problem
from filings.rules.dates import at, local_date, on, rfc3339
from filings.rules.events import EventName
from filings.rules.numbers import uscc_told
from filings.rules.refusals import CATALOGUE, Refusal, absent, invalid, refused_at

together = transaction.atomic(savepoint=False)


@together
def give(visit: Visit, agent: str, valid_to: date | None = None) -> Mandate:
    """Let another enterprise file for one's own, through `valid_to` or until it is revoked.

    Raises 404 for an enterprise the single window does not know, 422 for one's own enterprise or a day in the past, 409
    while a mandate stands.
    """
    guards.demand((guards.enterprise_user,), account_facts(visit))
    assert visit.enterprise is not None
    if agent == visit.enterprise.uscc:
        raise refused_at("/agent", "agent_is_principal")
    if valid_to is not None and valid_to < local_date(visit.now):
        raise invalid([Problem("/valid_to", "in_the_past", "有效期不能早于今天")])
    whom = row_or_none(Enterprise.objects.filter(sandbox=visit.sandbox, uscc=agent))
    if whom is None:
        if fault := uscc_told(agent):
            words = f"{CATALOGUE['agent_not_found'].detail}：{fault}"
            raise Refusal("agent_not_found", words, errors=[Problem("/agent", "uscc_invalid", words)])
        raise refused_at("/agent", "agent_not_found")
    unrevoked = row_or_none(Mandate.objects.filter(principal=visit.enterprise, agent=whom, revoked_at=None))
    if unrevoked and _status(unrevoked, visit) == "active":
        raise refused_at("/agent", "mandate_exists", mandate=unrevoked.public_id)
    if unrevoked:
        _end(unrevoked, visit)
    tick = visit.sandbox.tick(events=1, serials=1)
    mandate = Mandate.objects.create(
        sandbox=visit.sandbox,
        serial=tick.serial,
        public_id=f"M{tick.serial:06d}",
        principal=visit.enterprise,
        agent=whom,
        valid_to=valid_to,
        given_at=visit.now,
    )
    note(
        visit, EventName.MANDATE_GIVEN, tick=tick, **_told(mandate), valid_to=valid_to.isoformat() if valid_to else None
    )
    return mandate


@together
def revoke(visit: Visit, public_id: str) -> Mandate:
    """End a mandate; the principal or the agent may do so. What was declared under it goes on. Doing it again changes
    nothing."""
    guards.demand((guards.enterprise_user,), account_facts(visit))
    mandate = of(visit).filter(public_id=public_id).first()
    if mandate is None:
        raise absent("代理授权", public_id)
    if mandate.revoked_at is None:
        _end(mandate, visit)
        note(visit, EventName.MANDATE_REVOKED, **_told(mandate))
    return mandate


def _told(mandate: Mandate) -> dict[str, Any]:
    """A mandate as the trail tells it."""
    return {"subject": mandate.public_id, "agent": mandate.agent.uscc, "principal": mandate.principal.uscc}


def of(visit: Visit) -> QuerySet[Mandate]:
    """The mandates that the visit's enterprise gave or holds, ended ones too."""
    mandates = Mandate.objects.select_related("principal", "agent")
    if visit.enterprise is None:
        return mandates.none()
    return mandates.filter(Q(principal=visit.enterprise) | Q(agent=visit.enterprise), sandbox=visit.sandbox)


def read(visit: Visit, mandate: Mandate) -> enterprises.Mandate:
    """A mandate as its two parties read it."""
    status = _status(mandate, visit)
    return enterprises.Mandate(
        id=mandate.public_id,
        role="principal" if mandate.principal == visit.enterprise else "agent",
        principal=party(mandate.principal),
        agent=party(mandate.agent),
        status=status,
        status_label=_LABELS[status],
        valid_to=on(mandate.valid_to),
        given_at=rfc3339(mandate.given_at),
        revoked_at=at(mandate.revoked_at) if status == "revoked" else None,
    )


_LABELS = {"active": "有效", "expired": "已到期", "revoked": "已撤销"}


def _status(mandate: Mandate, visit: Visit) -> str:
    """The status of a mandate. One that ran out by itself first, and was then replaced or revoked, is expired."""
    if mandate.valid_to is not None and mandate.valid_to < local_date(mandate.revoked_at or visit.now):
        return "expired"
    return "active" if mandate.revoked_at is None else "revoked"


def _end(mandate: Mandate, visit: Visit) -> None:
    mandate.revoked_at = visit.now
    mandate.save(update_fields=["revoked_at"])
