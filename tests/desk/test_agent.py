"""代理: an agent files for an enterprise that has mandated it, and sees nothing else of it (FAQ 1.7)."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from filings import agenda, desk
from filings.customs import officer
from filings.models import Event, Filing, Mandate, Visit
from filings.record import enquiries
from filings.rules.dates import SHANGHAI
from filings.rules.words import Mode, Status
from tests.factories import (
    AccountFactory,
    EnterpriseFactory,
    FilingFactory,
    MandateFactory,
    later,
    refused,
    sheet_of,
    visit_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.faq("1.7")]


def file_for(agent: Visit, principal: Visit) -> Filing:
    return desk.open_filing(
        agent, "registration", sheet_of(principal.enterprise), mode=Mode.AGENT, principal=principal.enterprise.uscc
    )


@pytest.fixture
def mandate(agent: Visit, cardless: Visit) -> Mandate:
    return Mandate.objects.get(sandbox=agent.sandbox, agent=agent.enterprise, principal=cardless.enterprise)


@pytest.fixture
def filed(agent: Visit, cardless: Visit) -> Filing:
    return file_for(agent, cardless)


def test_a_mandated_agent_files_for_its_principal_and_both_are_on_record(
    filed: Filing, agent: Visit, cardless: Visit
) -> None:
    assert (filed.filing_mode, filed.enterprise, filed.agent) == ("agent", cardless.enterprise, agent.enterprise)
    assert filed.content["uscc"] == cardless.enterprise.uscc
    declared = desk.perform(agent, filed.public_id, "declare")
    assert (declared.status, declared.agent) == ("declared", agent.enterprise)
    event = Event.objects.get(sandbox=agent.sandbox, name="filing.declared")
    assert (event.actor, event.uscc, event.data["filing_mode"]) == ("agent", cardless.enterprise.uscc, "agent")
    assert agent.enterprise.uscc in declared.transmitted


def test_without_a_mandate_an_agent_is_refused_in_one_way_whether_the_principal_exists_or_not(
    agent: Visit, card: Visit
) -> None:
    for uscc in (card.enterprise.uscc, "91440399MAMK99999X", ""):
        with refused("mandate_required") as refusal:
            desk.open_filing(agent, "registration", {}, mode=Mode.AGENT, principal=uscc)
        assert (refusal.value.extra, [error.pointer for error in refusal.value.errors]) == ({}, ["/principal"])
    assert not Filing.objects.filter(sandbox=agent.sandbox).exists()


def test_a_mandate_runs_one_way_only(agent: Visit, cardless: Visit) -> None:
    with refused("mandate_required"):
        desk.open_filing(cardless, "registration", {}, mode=Mode.AGENT, principal=agent.enterprise.uscc)


def test_a_mandate_of_another_sandbox_is_none(agent: Visit) -> None:
    elsewhere = EnterpriseFactory()
    MandateFactory(principal=elsewhere, agent=EnterpriseFactory(sandbox=elsewhere.sandbox, uscc=agent.enterprise.uscc))
    with refused("mandate_required"):
        desk.open_filing(agent, "registration", {}, mode=Mode.AGENT, principal=elsewhere.uscc)


@pytest.mark.parametrize(("hour", "minute", "stands"), [(0, 0, True), (23, 59, True), (24, 0, False)])
def test_a_mandate_stands_through_its_last_day_in_shenzhen(
    hour: int, minute: int, stands: bool, mandate: Mandate, agent: Visit, cardless: Visit
) -> None:
    Mandate.objects.filter(pk=mandate.pk).update(valid_to=date(2021, 12, 31))
    visit = later(agent, at=datetime(2021, 12, 31, tzinfo=SHANGHAI) + timedelta(hours=hour, minutes=minute))
    if stands:
        assert file_for(visit, cardless).status == "draft"
    else:
        with refused("mandate_required"):
            file_for(visit, cardless)


def test_a_mandate_that_ends_before_the_declaration_leaves_the_draft(
    mandate: Mandate, filed: Filing, agent: Visit
) -> None:
    Mandate.objects.filter(pk=mandate.pk).update(valid_to=agent.now.date())
    tomorrow = later(agent, days=1)
    with refused("mandate_required") as refusal:
        desk.perform(tomorrow, filed.public_id, "declare")
    assert refusal.value.wording.status == 403
    kept = desk.find(tomorrow, filed.public_id)
    assert (kept.status, kept.version, kept.content) == ("draft", 1, filed.content)
    Mandate.objects.filter(pk=mandate.pk).update(valid_to=None)
    assert desk.perform(tomorrow, filed.public_id, "declare").status == "declared"


def test_the_mandate_is_asked_before_the_fields_are(mandate: Mandate, filed: Filing, agent: Visit) -> None:
    desk.save(agent, filed.public_id, {"address_cn": None})
    mandate.delete()
    with refused("mandate_required"):
        desk.perform(agent, filed.public_id, "declare")
    assert desk.find(agent, filed.public_id).status == "draft"


def test_a_mandate_revoked_after_the_declaration_does_not_stop_customs(
    mandate: Mandate, agent: Visit, cardless: Visit
) -> None:
    filing = desk.perform(agent, file_for(agent, cardless).public_id, "declare")
    mandate.delete()
    agenda.run(agent.sandbox, agent.now + timedelta(days=2))
    assert desk.find(agent, filing.public_id).status == "approved"


def test_for_itself_an_enterprise_files_as_itself(agent: Visit) -> None:
    with refused("agent_is_principal") as refusal:
        desk.open_filing(agent, "registration", {}, mode=Mode.AGENT, principal=agent.enterprise.uscc)
    assert refusal.value.wording.status == 422
    assert not Filing.objects.filter(sandbox=agent.sandbox).exists()


def test_an_agent_sees_what_it_filed_and_nothing_else_of_its_principal(
    filed: Filing, agent: Visit, cardless: Visit
) -> None:
    own = FilingFactory(visit=cardless)
    assert [filing.public_id for filing in enquiries.filings(agent)] == [filed.public_id]
    assert {one.public_id for one in enquiries.filings(cardless)} == {filed.public_id, own.public_id}
    for deed in (
        lambda: desk.find(agent, own.public_id),
        lambda: desk.save(agent, own.public_id, {"remarks": "?"}),
        lambda: desk.delete(agent, own.public_id),
        lambda: desk.copy(agent, own.public_id),
        lambda: desk.perform(agent, own.public_id, "declare"),
    ):
        with refused("not_found"):
            deed()
    assert desk.find(cardless, own.public_id).version == 1


def test_an_agent_sees_nothing_that_another_agent_filed_for_the_same_principal(filed: Filing, cardless: Visit) -> None:
    rival = visit_of(AccountFactory(enterprise=EnterpriseFactory(sandbox=cardless.sandbox)))
    MandateFactory(principal=cardless.enterprise, agent=rival.enterprise)
    mine = file_for(rival, cardless)
    assert [filing.public_id for filing in enquiries.filings(rival)] == [mine.public_id]
    with refused("not_found"):
        desk.find(rival, filed.public_id)


def test_receipts_reach_both_the_agent_and_its_principal_and_no_third(
    agent: Visit, cardless: Visit, visit: Callable[..., Visit]
) -> None:
    filing = desk.perform(agent, file_for(agent, cardless).public_id, "declare")
    officer.advance(agent.sandbox, filing.public_id, Status.STORED, agent.now)
    assert (
        [receipt.status for receipt in enquiries.receipts(agent)]
        == [one.status for one in enquiries.receipts(cardless)]
        == ["sent", "stored"]
    )
    assert list(enquiries.receipts(visit("card"))) == []


def test_the_principals_code_is_the_one_that_counts_in_an_agents_sheet(agent: Visit, cardless: Visit) -> None:
    with refused("uscc_mismatch"):
        desk.open_filing(
            agent, "registration", {"uscc": agent.enterprise.uscc}, mode=Mode.AGENT, principal=cardless.enterprise.uscc
        )


def test_a_copy_by_the_agent_is_an_agents_again(filed: Filing, agent: Visit, cardless: Visit) -> None:
    copied = desk.copy(agent, filed.public_id)
    assert (copied.filing_mode, copied.enterprise, copied.agent) == ("agent", cardless.enterprise, agent.enterprise)


def test_a_copy_by_the_principal_is_its_own(filed: Filing, cardless: Visit) -> None:
    copied = desk.copy(cardless, filed.public_id)
    assert (copied.filing_mode, copied.enterprise, copied.agent) == ("self", cardless.enterprise, None)
    assert copied.copied_from == filed.public_id


def test_without_its_mandate_an_agent_copies_nothing_for_its_principal(
    mandate: Mandate, filed: Filing, agent: Visit
) -> None:
    mandate.delete()
    with refused("mandate_required"):
        desk.copy(agent, filed.public_id)
    assert Filing.objects.filter(sandbox=agent.sandbox).count() == 1
