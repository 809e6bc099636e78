"""新入网: applying for an enterprise's cards, their issue, PIN and end (FAQ 2.14)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction
from django.db.models import F, Max, QuerySet

from filings.answers.enterprises import EnterpriseCard
from filings.answers.forms import Notice
from filings.models import Account, Agenda, Card, Sandbox, Visit, authority, row_or_none
from filings.models.people import WRONG_PINS
from filings.record.facts import account_facts
from filings.record.trail import note
from filings.rules import cards as rules
from filings.rules import guards
from filings.rules.appraisal import Problem
from filings.rules.dates import at, local_date, on, rfc3339
from filings.rules.events import Due, EventName
from filings.rules.refusals import Refusal, absent, invalid, refused_at
from filings.rules.register import Values
from filings.rules.words import CardStatus, CardType, Party

together = transaction.atomic(savepoint=False)


@together
def apply(visit: Visit, *, type: str, holder_name: str, holder_id_type: str, holder_id_number: str) -> Card:
    """申请入网: a card for the visitor's enterprise, held by the visitor. It is issued later, on the sandbox's clock.

    Judged when it is submitted. Raises 409 in the words of FAQ 2.14, and 409 for a second 法人卡.
    """
    guards.demand((guards.enterprise_user,), account_facts(visit))
    assert visit.account is not None
    number = rules.holder_number(holder_id_type, holder_id_number)
    _judge(visit, Values(type=type, holder_id_number=number))
    tick = visit.sandbox.tick(events=1, serials=1)
    card = enter(
        visit.account,
        tick.serial,
        type=type,
        holder_name=holder_name,
        holder_id_type=holder_id_type,
        holder_id_number=number,
        applied_at=visit.now,
    )
    note(visit, EventName.CARD_APPLIED, tick=tick, subject=card.number, type=type)
    Agenda.put(visit.sandbox, visit.now + rules.ISSUED_AFTER, Due.ISSUE_CARD, card.number)
    return card


def enter(owner: Account, serial: int, *, pin: str = rules.FACTORY_PIN, **facts: Any) -> Card:
    """Write a card down, with the next number of its enterprise. Raises 409 for a second 法人卡."""
    assert owner.enterprise is not None
    last = Card.objects.filter(enterprise=owner.enterprise).aggregate(last=Max("n"))["last"]
    with one_legal_persons():
        return Card.objects.create(
            sandbox_id=owner.sandbox_id,
            enterprise=owner.enterprise,
            account=owner,
            n=(last or 0) + 1,
            number=f"SIMC1{serial:07d}",
            pin=make_password(pin),
            **facts,
        )


@contextmanager
def one_legal_persons() -> Iterator[None]:
    """Around every write of a card: an enterprise has at most one 法人卡 that is not cancelled. Raises 409."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Refusal("legal_person_card_exists") from None


@transaction.atomic
def issue(sandbox: Sandbox, number: str, now: datetime) -> None:
    """制发: from now on the card can be used. A card that was cancelled meanwhile is not issued."""
    waiting = Card.objects.select_related("enterprise").filter(
        sandbox=sandbox, number=number, issued_at=None, cancelled_at=None
    )
    card = row_or_none(waiting)
    if card is None:
        return
    card.issued_at, card.valid_until = now, rules.valid_until(local_date(now))
    card.save(update_fields=["issued_at", "valid_until"])
    visit = authority(sandbox, Party.PLATFORM, now)
    note(visit, EventName.CARD_ISSUED, subject=card.number, uscc=card.enterprise.uscc, type=card.type)


@together
def cancel(visit: Visit, n: int) -> Card:
    """注销 of a card, or of an application for one. Doing it again changes nothing."""
    card = _own(visit, n)
    if card.cancelled_at is None:
        card.cancelled_at = visit.now
        card.save(update_fields=["cancelled_at"])
        Agenda.strike(visit.sandbox, Due.ISSUE_CARD, card.number)
        note(visit, EventName.CARD_CANCELLED, subject=card.number, type=card.type)
    return card


@together
def change_pin(visit: Visit, n: int, old: str, new: str) -> Card:
    """修改密码. Both PINs are taken exactly as typed, as at the login.

    A wrong old PIN counts towards the lock: call it within `counting_wrong_pins`.
    """
    card = usable(visit, n)
    if fault := rules.pin_fault(new, old):
        raise invalid([Problem("/new_pin", "pin_invalid", fault)])
    if not check_password(old, card.pin):
        raise invalid([Problem("/old_pin", "wrong_pin", f"原密码不正确；连续输错 {WRONG_PINS} 次，卡将被锁定")])
    card.pin, card.wrong_pins = make_password(new), 0
    card.save(update_fields=["pin", "wrong_pins"])
    note(visit, EventName.CARD_PIN_CHANGED, subject=card.number, type=card.type)
    return card


@contextmanager
def counting_wrong_pins(visit: Visit, n: int) -> Iterator[None]:
    """Around a deed that asks for a PIN. A wrong PIN is counted after the rollback, even if the request fails
    otherwise."""
    try:
        yield
    except Refusal as refusal:
        if refusal.code == "wrong_pin":
            count_wrong_pin(visit, find(visit, n))
        raise


def count_wrong_pin(visit: Visit, card: Card | None) -> None:
    """Count one more wrong PIN in a row; too many lock the card.

    The same work is done for a card that does not exist, so that the time tells nothing.
    """
    with visit.held():
        cards = Card.objects.filter(pk=card.pk if card else 0)
        counted = cards.filter(wrong_pins__lt=WRONG_PINS).update(wrong_pins=F("wrong_pins") + 1)
        visit.sandbox.tick()
        if cards.filter(wrong_pins=WRONG_PINS).exists() and counted and card:
            note(visit, EventName.CARD_LOCKED, subject=card.number, type=card.type)


def of(visit: Visit) -> QuerySet[Card]:
    """The cards of the visit's enterprise, whichever account holds them."""
    cards = Card.objects.select_related("account")
    return cards.filter(sandbox=visit.sandbox, enterprise=visit.enterprise) if visit.enterprise else cards.none()


def find(visit: Visit, n: int) -> Card:
    """A card of the visit's enterprise. Raises 404."""
    card = row_or_none(of(visit).filter(n=n))
    if card is None:
        raise absent("卡", n)
    return card


def usable(visit: Visit, n: int) -> Card:
    """A card of the visit's enterprise that is 有效, to be written. Raises 404, and 409 for any other status."""
    return demand_active(visit, _own(visit, n))


def demand_active(visit: Visit, card: Card) -> Card:
    """The card, if it is 有效: only then can its PIN be changed. Raises 409."""
    status = card.status(local_date(visit.now))
    if status is not CardStatus.ACTIVE:
        raise Refusal("card_not_active", f"该卡{status.label}，不能修改密码", extra={"card_status": status})
    return card


def read(visit: Visit, card: Card) -> EnterpriseCard:
    """A card in the form its enterprise reads. The number is there once the card is issued; the PIN never is."""
    status = card.status(local_date(visit.now))
    return EnterpriseCard(
        n=card.n,
        type=card.type,
        type_label=CardType(card.type).label,
        card_no=card.number if card.issued_at else None,
        holder_name=card.holder_name,
        holder_id_type=card.holder_id_type or None,
        holder_id_number=card.holder_id_number or None,
        username=card.account.username,
        status=status.value,
        status_label=status.label,
        applied_at=rfc3339(card.applied_at),
        issued_at=at(card.issued_at),
        cancelled_at=at(card.cancelled_at),
        valid_until=on(card.valid_until),
        warnings=[Notice.of(doubt) for doubt in rules.doubts(card.holder_id_type, card.holder_id_number)],
        simulated=True,
    )


def _own(visit: Visit, n: int) -> Card:
    """A card to be written."""
    guards.demand((guards.enterprise_user,), account_facts(visit))
    return find(visit, n)


def _judge(visit: Visit, application: Values) -> None:
    """The rules of 新入网, each refusal at its field."""
    legal = of(visit).filter(type=CardType.LEGAL_PERSON, cancelled_at=None)
    known = replace(account_facts(visit), legal_person_cards=tuple(legal.values_list("holder_id_number", flat=True)))
    for rule, pointer in rules.RULES:
        if not rule(application, known):
            raise refused_at(pointer, rule.code)
