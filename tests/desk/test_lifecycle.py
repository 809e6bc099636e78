"""The whole state table, cell by cell: seven statuses, twelve actions, three parties (FAQ 1.9)."""

import hashlib
import json
from typing import Any

import pytest

from filings import desk
from filings.customs import officer
from filings.models import Event, Filing, Receipt, Visit
from filings.rules.refusals import Refusal
from filings.rules.sheets.registration import Registration
from filings.rules.words import Status
from tests.factories import EnterpriseFactory, FilingFactory, at_work, pdf, refused, visit_of
from tests.states import CUSTOMS, DEEDS, STEPS, UNDECIDED

pytestmark = [pytest.mark.django_db, pytest.mark.faq("1.9")]

APPLICANT = [action for action, party in CUSTOMS.hands.items() if party == "applicant"]
PARTIES = ("applicant", "platform", "customs")


def trace(filing: Filing) -> tuple[Any, ...]:
    """All that a refused action must leave as it was."""
    now = Filing.objects.get(pk=filing.pk)
    told = (Event.objects.filter(sandbox=filing.sandbox).count(), Receipt.objects.filter(filing=filing).count())
    return (now.status, now.version, now.status_since, now.content, now.attachments.count(), *told)


@pytest.mark.parametrize(("state", "action"), CUSTOMS.cells)
def test_the_table_holds_in_every_cell(state: str, action: str) -> None:
    filing = FilingFactory(status=state)
    leads, hand = CUSTOMS.cells[state, action], CUSTOMS.hands[action]
    visit = own(filing) if hand == "-" else at_work(hand, own(filing))
    assert filing.status == state
    before = trace(filing)
    if leads == "-":
        with refused("illegal_transition") as refusal:
            DEEDS[action](visit, filing.public_id)
        told = refusal.value.extra
        asked = PARTIES if hand == "-" else (hand,)
        assert told["from"] == state
        assert told["action"] == action.partition(":")[0]
        assert told["allowed"] == [one for party in asked for one in CUSTOMS.may(party, state)]
        assert refusal.value.wording.status == 409
        assert trace(filing) == before
    else:
        DEEDS[action](visit, filing.public_id)
        left = Filing.objects.filter(pk=filing.pk).values_list("status", flat=True).first()
        assert (left or "gone") == leads


@pytest.mark.parametrize("state", CUSTOMS.states)
@pytest.mark.parametrize("verb", STEPS)
def test_nobody_takes_a_step_that_is_anothers(verb: str, state: str) -> None:
    filing = FilingFactory(status=state)
    before = trace(filing)
    for party in {*PARTIES} - {CUSTOMS.hands[verb]}:
        with refused("illegal_transition") as refusal:
            desk.perform(at_work(party, own(filing)), filing.public_id, verb)
        assert refusal.value.extra == {"from": state, "action": verb, "allowed": CUSTOMS.may(party, state)}
    assert trace(filing) == before


@pytest.mark.parametrize("party", ["platform", "customs"])
@pytest.mark.parametrize("action", ["save", "attach", "delete", "copy"])
def test_an_authority_does_not_write_on_the_applicants_page(action: str, party: str) -> None:
    filing = FilingFactory()
    with refused("not_enterprise_user"):
        DEEDS[action](at_work(party, own(filing)), filing.public_id)
    assert Filing.objects.filter(sandbox=filing.sandbox).count() == 1


@pytest.mark.parametrize("state", CUSTOMS.states)
def test_what_is_offered_is_what_the_table_says(state: str) -> None:
    filing = FilingFactory(status=state)
    for party in PARTIES:
        assert desk.allowed(filing, party) == CUSTOMS.may(party, state)


@pytest.mark.parametrize("action", APPLICANT)
@pytest.mark.faq("2.3")
def test_a_personal_user_is_refused_before_anything_else_is_asked(action: str, personal: Visit) -> None:
    with refused("not_enterprise_user") as refusal:
        DEEDS[action](personal, "no such filing")
    assert refusal.value.detail == "当前用户不是企业用户，无法操作"
    assert refusal.value.wording.status == 403


@pytest.mark.faq("2.3")
def test_a_personal_user_opens_no_filing_whatever_is_written_in_it(personal: Visit) -> None:
    with refused("not_enterprise_user"):
        desk.open_filing(personal, "registration", {"no_such_field": 1, "express_operator": "maybe"})
    assert not Filing.objects.filter(sandbox=personal.sandbox).exists()


def test_a_version_that_has_gone_by_is_refused_before_the_state_is(cardless: Visit) -> None:
    filing = FilingFactory(visit=cardless, status="approved")
    for deed in (
        lambda: desk.save(cardless, filing.public_id, {}, if_match={1}),
        lambda: desk.delete(cardless, filing.public_id, if_match={1}),
        lambda: desk.attach(cardless, filing.public_id, pdf, if_match={1}),
        lambda: desk.perform(cardless, filing.public_id, "declare", if_match={1}),
    ):
        with refused("precondition_failed") as refusal:
            deed()
        assert refusal.value.extra == {"version": filing.version}
    with refused("illegal_transition"):
        desk.save(cardless, filing.public_id, {}, if_match={filing.version})


def test_the_version_that_was_read_is_accepted_once(draft: Filing, cardless: Visit) -> None:
    saved, _ = desk.save(cardless, draft.public_id, {"remarks": "一"}, if_match={1})
    assert saved.version == 2
    with refused("precondition_failed"):
        desk.save(cardless, draft.public_id, {"remarks": "二"}, if_match={1})
    assert desk.find(cardless, draft.public_id).content["remarks"] == "一"


def test_a_row_somebody_else_wrote_meanwhile_is_not_overwritten(
    draft: Filing, cardless: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = desk.appraise

    def slow(*args: Any, **kwargs: Any) -> Any:
        Filing.objects.filter(pk=draft.pk).update(version=7)
        return real(*args, **kwargs)

    monkeypatch.setattr(desk, "appraise", slow)
    with refused("precondition_failed"):
        desk.save(cardless, draft.public_id, {"remarks": "迟到"})
    assert "remarks" not in Filing.objects.get(pk=draft.pk).content


@pytest.mark.parametrize("state", UNDECIDED)
def test_while_one_filing_is_undecided_the_enterprise_declares_no_other(state: str, cardless: Visit) -> None:
    first = FilingFactory(visit=cardless, status=state)
    second = FilingFactory(visit=cardless)
    with refused("open_application_exists") as refusal:
        desk.perform(cardless, second.public_id, "declare")
    assert refusal.value.extra == {"filing": first.public_id}
    assert desk.find(cardless, second.public_id).status == "draft"


def test_after_a_rejection_a_copy_is_the_way_on(rejected: Filing, cardless: Visit) -> None:
    again = desk.copy(cardless, rejected.public_id)
    assert (again.copied_from, again.status, again.version) == (rejected.public_id, "draft", 1)
    assert again.content == rejected.content
    assert again.number != rejected.number
    assert desk.perform(cardless, again.public_id, "declare").status == "declared"
    assert desk.find(cardless, rejected.public_id).status == "rejected"


@pytest.mark.faq("2.4")
def test_an_enterprise_that_customs_knows_does_not_register_again(card: Visit) -> None:
    filing = FilingFactory(visit=card)
    with refused("already_registered_at_customs"):
        desk.perform(card, filing.public_id, "declare")
    assert desk.find(card, filing.public_id).status == "draft"


@pytest.mark.faq("2.4")
def test_field_errors_come_before_the_state_of_the_ledger(card: Visit) -> None:
    filing = FilingFactory(visit=card, content={"address_cn": None})
    with refused("invalid_content") as refusal:
        desk.perform(card, filing.public_id, "declare")
    assert [error.pointer for error in refusal.value.errors] == ["/content/address_cn"]


def test_another_enterprises_filing_is_not_there(draft: Filing, card: Visit, sandbox: Any) -> None:
    elsewhere = FilingFactory()
    for action, deed in DEEDS.items():
        for visit, number in ((card, draft.public_id), (own(elsewhere), "F999999")):
            if CUSTOMS.hands[action] == "-":
                continue
            with refused("not_found") as refusal:
                deed(visit, number)
            assert refusal.value.extra == {}
    assert Filing.objects.get(pk=draft.pk).status == "draft"


def test_an_authority_sees_its_own_sandbox_only(draft: Filing) -> None:
    elsewhere = EnterpriseFactory().sandbox
    with refused("not_found"):
        officer.advance(elsewhere, draft.public_id, Status.SENT, elsewhere.now())
    assert Filing.objects.get(pk=draft.pk).status == "draft"


def test_every_step_of_an_authority_leaves_a_receipt_and_its_moment(cardless: Visit) -> None:
    filing = FilingFactory(visit=cardless, status="approved")
    receipts = Receipt.objects.filter(filing=filing).order_by("serial")
    assert [receipt.status for receipt in receipts] == ["sent", "stored", "manual_review", "approved"]
    assert [receipt.text for receipt in receipts] == ["成功发往海关", "海关入库成功", "转人工审核", "审批通过"]
    assert {receipt.at for receipt in receipts} == {cardless.now}
    assert filing.status_since == cardless.now


@pytest.mark.faq("2.6")
def test_a_rejection_keeps_apart_what_may_be_told_and_what_may_not(declared: Filing, cardless: Visit) -> None:
    officer.advance(cardless.sandbox, declared.public_id, Status.MANUAL_REVIEW, cardless.now)
    officer.act(
        cardless.sandbox,
        declared.public_id,
        "reject",
        cardless.now,
        reason_code="name_mismatch",
        internal_comment="仅内部",
    )
    receipt = Receipt.objects.get(filing=declared, status="rejected")
    assert (receipt.reason_code, receipt.reason, receipt.internal) == (
        "name_mismatch",
        "企业中文名称与营业执照不一致",
        "仅内部",
    )
    assert "不一致" not in receipt.text


@pytest.mark.faq("2.17")
def test_what_customs_receives_is_the_whole_content_under_its_hash(declared: Filing) -> None:
    message = json.loads(declared.transmitted)
    assert message["content"] == Registration.shape(declared.content)
    assert message["enterprise"]["uscc"] == declared.enterprise.uscc
    assert message["simulated"] is True
    assert hashlib.sha256(declared.transmitted.encode()).hexdigest() == declared.transmitted_sha256


def test_a_draft_holds_twenty_files_and_no_more(draft: Filing, cardless: Visit) -> None:
    for n in range(1, 21):
        assert desk.attach(cardless, draft.public_id, lambda: pdf(type="other")).n == n
    with refused("too_many_attachments"):
        desk.attach(cardless, draft.public_id, lambda: pdf(type="other"))
    desk.detach(cardless, draft.public_id, 7)
    assert desk.attach(cardless, draft.public_id, lambda: pdf(type="other")).n == 21


@pytest.mark.faq("2.17")
def test_attaching_the_record_form_ends_the_warning_and_detaching_brings_it_back(
    draft: Filing, cardless: Visit
) -> None:
    def warned() -> bool:
        return "record_form_missing" in [warning["code"] for warning in desk.find(cardless, draft.public_id).warnings]

    assert warned()
    attachment = desk.attach(cardless, draft.public_id, pdf)
    assert not warned()
    desk.detach(cardless, draft.public_id, attachment.n)
    assert warned()
    with refused("not_found"):
        desk.detach(cardless, draft.public_id, attachment.n)


@pytest.mark.faq("2.10")
def test_a_stale_page_asks_for_the_parent_and_a_new_page_does_not(draft: Filing, cardless: Visit) -> None:
    Filing.objects.filter(pk=draft.pk).update(stale_form=True)
    with refused("parent_relation_required") as refusal:
        desk.perform(cardless, draft.public_id, "declare")
    assert refusal.value.detail == "上级单位关系必填"
    assert [error.pointer for error in refusal.value.errors] == ["/content/parent_relation"]
    copied = desk.copy(cardless, draft.public_id)
    assert not copied.stale_form
    desk.delete(cardless, draft.public_id)
    fresh = FilingFactory(visit=cardless)
    assert desk.perform(cardless, fresh.public_id, "declare").status == "declared"
    assert Event.objects.get(sandbox=cardless.sandbox, name="filing.deleted").data["stale_form"] is True


def test_refusals_are_exceptions_that_read_well() -> None:
    assert str(Refusal("not_found")) == "not_found: 没有这个资源"


def own(filing: Filing) -> Visit:
    """A visit of the account that filed it."""
    return visit_of(filing.account)
