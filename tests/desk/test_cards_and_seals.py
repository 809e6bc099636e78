"""新入网 and 电子签章证书 where many come at once: each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from filings.counters import cards, seals
from filings.models import Card, Event, SealAuthority, SealCertificate, Visit
from filings.record.trail import Answer, transact
from filings.rules.events import Verb
from filings.rules.refusals import Refusal
from tests.desk.test_trail import at_once
from tests.factories import SOMEBODY, AccountFactory, EnterpriseFactory, SandboxFactory, later, refused, visit_of

BOSS = SOMEBODY | {"type": "legal_person", "holder_name": "王演练", "holder_id_number": "11010119900101004X"}


def deed(visit: Visit, work: Callable[[], Any]) -> Callable[[], object]:
    """A deed as a face does it: its own transaction, its refusal noted."""
    return lambda: transact(visit, Verb.CREATE, lambda: Answer(200, str(work()).encode()))


def codes(outcomes: list[object]) -> list[str]:
    assert [
        outcome for outcome in outcomes if isinstance(outcome, Exception) and not isinstance(outcome, Refusal)
    ] == []
    return sorted(one.code if isinstance(one, Refusal) else "done" for one in outcomes)


@pytest.mark.faq("2.14")
@pytest.mark.django_db(transaction=True)
def test_of_both_applied_for_at_once_none_is_given_after_the_legal_persons() -> None:
    visit = visit_of(AccountFactory())
    wanted = [BOSS, *[BOSS | {"type": type} for type in ("operator", "declarant") * 3]]
    outcomes = at_once([deed(visit, lambda one=one: cards.apply(visit, **one).n) for one in wanted])
    given = list(Card.objects.filter(enterprise=visit.enterprise).order_by("n").values_list("type", flat=True))
    assert given[-1] == "legal_person"
    assert given.count("legal_person") == 1
    assert codes(outcomes) == ["card_holder_is_legal_person"] * (7 - len(given)) + ["done"] * len(given)


@pytest.mark.faq("2.14")
@pytest.mark.django_db(transaction=True)
def test_of_legal_persons_cards_applied_for_at_once_one_is_given() -> None:
    visit = visit_of(AccountFactory())
    outcomes = at_once([deed(visit, lambda: cards.apply(visit, **BOSS).n)] * 6)
    assert codes(outcomes) == ["done", *["legal_person_card_exists"] * 5]
    assert Card.objects.filter(enterprise=visit.enterprise).count() == 1


@pytest.mark.faq("1.6")
@pytest.mark.django_db(transaction=True)
def test_of_twenty_certificates_applied_for_at_once_one_is_issued_by_one_authority() -> None:
    visit = visit_of(AccountFactory())
    outcomes = at_once([deed(visit, lambda: seals.issue(visit).n)] * 20)
    assert codes(outcomes) == [*["certificate_hourly_limit"] * 19, "done"]
    assert SealCertificate.objects.count() == SealAuthority.objects.count() == 1
    assert Event.objects.filter(name="certificate.issued").count() == 1


@pytest.mark.faq("1.6")
@pytest.mark.django_db(transaction=True)
def test_of_enterprises_that_apply_at_once_each_is_given_one_by_the_same_authority() -> None:
    sandbox = SandboxFactory(situation="empty")
    visits = [visit_of(AccountFactory(enterprise=EnterpriseFactory(sandbox=sandbox))) for _ in range(5)]
    outcomes = at_once([deed(visit, lambda visit=visit: seals.issue(visit).n) for visit in visits])
    assert codes(outcomes) == ["done"] * 5
    assert SealAuthority.objects.filter(sandbox=sandbox).count() == 1


@pytest.mark.django_db(transaction=True)
def test_wrong_pins_tried_at_once_are_counted_one_by_one(transactional_db: None) -> None:
    visit = visit_of(AccountFactory())
    n = cards.apply(visit, **SOMEBODY).n
    number = Card.objects.get(n=n, enterprise=visit.enterprise).number
    cards.issue(visit.sandbox, number, visit.now)

    def guess() -> None:
        with cards.counting_wrong_pins(visit, n):
            deed(visit, lambda: cards.change_pin(visit, n, "00000000", "20211201"))()

    told = set(codes(at_once([guess] * 8)))
    assert "wrong_pin" in told
    assert told <= {"wrong_pin", "card_not_active"}
    assert Card.objects.get(number=number).wrong_pins == 5
    assert Event.objects.filter(name="card.locked").count() == 1


# ── what the tables themselves hold ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_no_enterprise_has_two_newest_certificates(cardless: Visit) -> None:
    seals.issue(cardless)
    seals.issue(later(cardless, hours=1))
    with pytest.raises(IntegrityError), transaction.atomic():
        SealCertificate.objects.update(superseded_at=None)


@pytest.mark.django_db
def test_a_card_that_is_issued_or_cancelled_is_not_issued_again(cardless: Visit) -> None:
    number = cards.apply(cardless, **SOMEBODY).number
    cards.issue(cardless.sandbox, number, cardless.now)
    cards.issue(cardless.sandbox, number, later(cardless, days=1).now)
    assert Card.objects.get(number=number, sandbox=cardless.sandbox).issued_at == cardless.now
    cancelled = cards.apply(cardless, **SOMEBODY)
    cards.cancel(cardless, cancelled.n)
    cards.issue(cardless.sandbox, cancelled.number, cardless.now)
    assert Card.objects.get(pk=cancelled.pk).issued_at is None
    assert Event.objects.filter(sandbox=cardless.sandbox, name="card.issued").count() == 1


@pytest.mark.faq("2.3")
@pytest.mark.django_db
def test_a_personal_user_has_neither(personal: Visit) -> None:
    for work in (
        lambda: seals.issue(personal),
        lambda: cards.apply(personal, **SOMEBODY),
        lambda: cards.cancel(personal, 1),
    ):
        with refused("not_enterprise_user"):
            work()
    assert not cards.of(personal).exists()
    assert not seals.of(personal).exists()
