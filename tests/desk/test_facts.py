"""What the rules are told: gathered in a fixed number of questions, and no page misbehaves unless a fact says so."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import fields
from datetime import date

import pytest

from filings import desk
from filings.models import CustomsRecord, Enterprise, Filing, Mirror, Visit
from filings.record.facts import account_facts, facts
from filings.rules.facts import Facts
from filings.rules.words import Medium, Mode, UserType
from tests.factories import FilingFactory, SandboxFactory, pdf

pytestmark = pytest.mark.django_db

Questions = Callable[[int], AbstractContextManager[object]]


def test_what_a_visit_alone_tells_is_asked_of_nobody(
    card: Visit, personal: Visit, django_assert_num_queries: Questions
) -> None:
    with django_assert_num_queries(0):
        known, hers = account_facts(card), account_facts(personal)
    assert (known.medium, known.user_type, known.now) == (Medium.CARD, UserType.ENTERPRISE, card.now)
    assert (hers.medium, hers.user_type) == (Medium.PASSWORD, UserType.PERSONAL)


def test_for_a_new_filing_three_questions_are_asked(card: Visit, django_assert_num_queries: Questions) -> None:
    with django_assert_num_queries(3):
        known = facts(card)
    assert known.uscc == card.enterprise.uscc
    assert known.registered_at_customs


def test_for_a_filing_four_whatever_it_holds(cardless: Visit, django_assert_num_queries: Questions) -> None:
    small = FilingFactory(visit=cardless)
    large = FilingFactory(visit=cardless)
    for _ in range(5):
        desk.attach(cardless, large.public_id, pdf)
    FilingFactory(visit=cardless, status="declared")
    for filing in (small, large):
        found = desk.find(cardless, filing.public_id)
        with django_assert_num_queries(4):
            known = facts(cardless, found)
        assert known.record_form_attached is (filing is large)


def test_for_an_agents_filing_five(agent: Visit, cardless: Visit, django_assert_num_queries: Questions) -> None:
    filing = desk.open_filing(agent, "registration", {}, mode=Mode.AGENT, principal=cardless.enterprise.uscc)
    found = desk.find(agent, filing.public_id)
    with django_assert_num_queries(5):
        known = facts(agent, found)
    assert (known.mode, known.mandated, known.uscc) == (Mode.AGENT, True, cardless.enterprise.uscc)


def test_a_personal_user_has_no_enterprise_to_ask_about(personal: Visit, django_assert_num_queries: Questions) -> None:
    with django_assert_num_queries(0):
        known = facts(personal)
    assert known.uscc is None
    assert not known.registered_at_customs


def test_the_two_books_are_told_apart(card: Visit) -> None:
    CustomsRecord.objects.filter(sandbox=card.sandbox, uscc=card.enterprise.uscc).update(valid_until=date(2020, 1, 1))
    known = facts(card)
    assert known.ledger["valid_until"] == date(2020, 1, 1)
    assert known.mirror["valid_until"] is None
    assert not known.registered_at_customs


def test_what_is_open_does_not_count_the_filing_itself(cardless: Visit) -> None:
    undecided, draft = FilingFactory(visit=cardless, status="stored"), FilingFactory(visit=cardless)
    assert facts(cardless, undecided).open_filing is None
    assert facts(cardless, draft).open_filing == undecided.public_id
    assert facts(cardless).open_filing == undecided.public_id


@pytest.mark.parametrize(
    ("ours", "ledgers", "known"), [(None, None, None), (False, None, False), (None, True, True), (True, False, False)]
)
@pytest.mark.faq("1.4")
def test_where_the_ledger_knows_whether_it_is_in_qianhai_its_word_counts(
    ours: bool | None, ledgers: bool | None, known: bool | None, card: Visit
) -> None:
    Enterprise.objects.filter(pk=card.enterprise.pk).update(in_qianhai=ours)
    CustomsRecord.objects.filter(sandbox=card.sandbox, uscc=card.enterprise.uscc).update(in_qianhai=ledgers)
    assert facts(card, enterprise=Enterprise.objects.get(pk=card.enterprise.pk)).in_qianhai is known


@pytest.mark.faq("2.10")
def test_a_page_is_stale_only_where_its_own_filing_says_so(cardless: Visit) -> None:
    stale, sound = FilingFactory(visit=cardless), FilingFactory(visit=cardless)
    Filing.objects.filter(pk=stale.pk).update(stale_form=True)
    assert facts(cardless, desk.find(cardless, stale.public_id)).stale_form
    assert not facts(cardless, desk.find(cardless, sound.public_id)).stale_form
    assert not facts(cardless).stale_form


def test_unless_told_otherwise_nothing_is_wrong_with_the_world(card: Visit) -> None:
    known = Facts(now=card.now)
    glitches = {field.name for field in fields(Facts) if field.name in ("stale_form", "phantom_customs_section")}
    assert len(glitches) == 2
    assert not any(getattr(known, name) for name in glitches)
    assert known.ledger == known.mirror == {}


def test_the_facts_of_one_sandbox_are_not_those_of_another(card: Visit) -> None:
    elsewhere = SandboxFactory()
    CustomsRecord.objects.filter(sandbox=elsewhere).update(customs_code="0000000000")
    Mirror.objects.filter(sandbox=elsewhere).update(customs_code="0000000000")
    known = facts(card)
    assert "0000000000" not in (known.ledger["customs_code"], known.mirror["customs_code"])
