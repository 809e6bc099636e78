"""Changes and deregistrations at the desk: what they lie over, what an approval writes, what a copy takes along."""

from datetime import date, timedelta
from typing import Any

import pytest

from filings import agenda, answers, desk
from filings.customs import officer
from filings.customs.sync import sync
from filings.lab.faults import glitches
from filings.lab.worlds import books, fixtures
from filings.models import CustomsRecord, Enterprise, Event, Filing, Mirror, Visit
from filings.record import enquiries
from filings.rules.words import Mode, Status
from tests.factories import later, refused

pytestmark = pytest.mark.django_db

ADDRESS = "广东省深圳市南山区海天一路1号"


def begun(card: Visit, kind: str = "change", **content: Any) -> Filing:
    return desk.open_filing(card, kind, content or {"remarks": "一"})


def declared(card: Visit, kind: str = "change", **content: Any) -> Filing:
    return desk.perform(card, begun(card, kind, **content).public_id, "declare")


def decided(card: Visit, status: Status = Status.APPROVED, kind: str = "change", **content: Any) -> Filing:
    filing = declared(card, kind, **content)
    return officer.advance(card.sandbox, filing.public_id, status, card.now)


def ledger(card: Visit) -> CustomsRecord:
    return CustomsRecord.objects.get(sandbox=card.sandbox, uscc=card.enterprise.uscc)


def remarked(card: Visit) -> None:
    """Something optional on record, that can be emptied."""
    record = ledger(card)
    record.content["remarks"] = "旧"
    record.save()
    sync(card.sandbox, card.now, card.enterprise.uscc)


def read(card: Visit, filing: Filing) -> answers.filings.Filing:
    return enquiries.read(card, desk.find(card, filing.public_id))


# ── what it lies over ─────────────────────────────────────────────────────────────────────────────────────────────


def test_a_draft_keeps_what_changes_and_reads_whole(card: Visit) -> None:
    filing = begun(card, address_cn=ADDRESS)
    assert filing.content == {"address_cn": ADDRESS}
    shown = read(card, filing)
    assert shown.changed == ["address_cn"]
    assert (shown.content["address_cn"], shown.content["postcode"]) == (ADDRESS, "518048")


def test_a_draft_follows_the_record_and_a_declaration_stays_over_the_one_it_was_made_over(card: Visit) -> None:
    filing = begun(card, address_cn=ADDRESS)

    def move(postcode: str) -> None:
        record = ledger(card)
        record.content["postcode"] = postcode
        record.save()
        sync(card.sandbox, card.now, card.enterprise.uscc)

    move("518000")
    assert read(card, filing).content["postcode"] == "518000"
    sent = desk.perform(card, filing.public_id, "declare")
    assert sent.base["postcode"] == "518000"
    move("518111")
    assert read(card, filing).content["postcode"] == "518000"
    assert '"postcode":"518000"' in sent.transmitted


def test_the_message_to_customs_is_whole_and_names_what_changes(card: Visit) -> None:
    remarked(card)
    filing = declared(card, address_cn=ADDRESS, remarks=None)
    message = enquiries.transmitted(filing).message
    assert message["changed"] == ["address_cn", "remarks"]
    assert (message["content"]["address_cn"], message["content"]["remarks"]) == (ADDRESS, None)
    assert message["content"]["legal_representative"]["name"] == "张演练"


@pytest.mark.parametrize("patch", [{}, {"remarks": None}, {"address_cn": "广东省深圳市福田区福中三路1006号"}])
def test_a_change_of_nothing_is_not_declared(patch: dict[str, Any], card: Visit) -> None:
    filing = desk.open_filing(card, "change", patch)
    assert filing.content == {}
    with refused("nothing_changed"):
        desk.perform(card, filing.public_id, "declare")


def test_it_is_over_a_record_of_the_ledgers_making_too(card: Visit) -> None:
    Mirror.objects.filter(sandbox=card.sandbox, uscc=card.enterprise.uscc).delete()
    ledger(card).delete()
    books.lay(card.sandbox, card.enterprise.uscc, {"categories": ["01000000"], "registered_on": date(2020, 1, 1)})
    sync(card.sandbox, card.now, card.enterprise.uscc)
    filing = begun(card)
    shown = read(card, filing)
    assert shown.changed == ["remarks"]
    assert {name: shown.content[name] for name in ("uscc", "name_cn", "category")} == {
        "uscc": card.enterprise.uscc,
        "name_cn": card.enterprise.name_cn,
        "category": "01000000",
    }
    with refused("invalid_content") as refusal:
        desk.perform(card, filing.public_id, "declare")
    assert {error.code for error in refusal.value.errors} == {"required"}


def test_a_record_without_a_sheet_has_one_from_the_first_approved_change_on(card: Visit) -> None:
    whole = ledger(card).content
    CustomsRecord.objects.filter(pk=ledger(card).pk).update(content={}, investors=[], customs_code="4403160099")
    sync(card.sandbox, card.now, card.enterprise.uscc)
    grey = {"uscc", "category", "customs_office", "filing_scope"}
    decided(card, **{name: value for name, value in whole.items() if name not in grey})
    after = ledger(card)
    assert (after.content["address_cn"], after.content["category"], after.categories) == (
        whole["address_cn"],
        "10000000",
        ["10000000"],
    )
    assert after.customs_code == "4403160099"
    assert [row["amount_usd"] for row in after.investors] == ["78.50"]


# ── what an approval writes ───────────────────────────────────────────────────────────────────────────────────────


def test_an_approval_lays_the_changes_over_the_record_and_nothing_else(card: Visit) -> None:
    remarked(card)
    before = ledger(card).as_facts()
    decided(card, address_cn=ADDRESS, parent_name="上级", remarks=None)
    after = ledger(card).as_facts()
    expected = {name: value for name, value in before["content"].items() if name != "remarks"}
    assert after.pop("content") == {**expected, "address_cn": ADDRESS, "parent_name": "上级"}
    before.pop("content")
    assert after == before
    assert Mirror.objects.get(sandbox=card.sandbox, uscc=card.enterprise.uscc).content["address_cn"] == ADDRESS


def test_a_refusal_writes_nothing(card: Visit) -> None:
    before = ledger(card).as_facts()
    decided(card, Status.REJECTED, address_cn=ADDRESS)
    assert ledger(card).as_facts() == before


@pytest.mark.parametrize(
    ("content", "moves"),
    [
        ({"address_cn": ADDRESS}, False),
        ({"district": "440305"}, False),
        ({"economic_type": "110"}, False),
        ({"economic_zone": "09"}, True),
        ({"economic_zone": "01", "remarks": "一"}, False),
    ],
)
def test_the_customs_code_is_a_new_one_only_if_region_or_zone_changes(
    content: dict[str, Any], moves: bool, card: Visit
) -> None:
    before = ledger(card)
    decided(card, **content)
    after = ledger(card)
    assert (after.customs_code != before.customs_code) is moves
    assert after.inspection_number == before.inspection_number
    if moves:
        assert (after.customs_code[:4], after.customs_code[4]) == ("4403", "9")


def test_a_new_name_reaches_the_enterprise_with_the_sync(card: Visit) -> None:
    old, new = card.enterprise.name_cn, "深圳市新名演练有限公司"
    filing = declared(card, name_cn=new)
    assert Enterprise.objects.get(pk=card.enterprise.pk).name_cn == old
    glitches.put(card.sandbox, "mirror_lag", card.enterprise.uscc)
    officer.advance(card.sandbox, filing.public_id, Status.APPROVED, card.now)
    assert Enterprise.objects.get(pk=card.enterprise.pk).name_cn == old
    sync(card.sandbox, card.now, card.enterprise.uscc)
    assert Enterprise.objects.get(pk=card.enterprise.pk).name_cn == new
    assert '"name_cn":"' + old in desk.find(card, filing.public_id).transmitted


def test_what_fell_due_is_done_in_its_order_by_the_clock(card: Visit) -> None:
    filing = declared(card, address_cn=ADDRESS)
    fired = agenda.run(card.sandbox, card.now + timedelta(days=2))
    assert [one.verb for one in fired] == ["send", "store", "route_manual", "approve"]
    assert {one.outcome for one in fired} == {"done"}
    assert desk.find(card, filing.public_id).status == "approved"
    assert ledger(card).content["address_cn"] == ADDRESS
    synced = Event.objects.filter(sandbox=card.sandbox, name="mirror.synced").latest("seq")
    assert (synced.at, synced.data) == (card.now + timedelta(hours=24), {"source": "mirror", "changed": ["content"]})


@pytest.mark.parametrize(("name", "verb"), [("mirror_lag", "sync"), ("usd_delayed", "usd")])
def test_a_delay_of_some_days_ends_by_itself(name: str, verb: str, card: Visit) -> None:
    glitches.put(card.sandbox, name, card.enterprise.uscc, days=3)
    (row,) = ledger(card).content["investors"]
    decided(card, investors=[{**row, "amount": "1000.00"}])

    def usd() -> str:
        return enquiries.read(card, begun(later(card))).content["investors"][0]["amount_usd"]

    assert agenda.run(card.sandbox, card.now + timedelta(days=3) - timedelta(seconds=1)) == []
    assert usd() == "78.50"
    (fired,) = agenda.run(card.sandbox, card.now + timedelta(days=3))
    assert (fired.verb, fired.outcome) == (verb, "done")
    assert usd() == "157.00"


def test_a_deregistration_ends_the_record_and_keeps_it(card: Visit) -> None:
    before = ledger(card).as_facts()
    decided(card, kind="deregistration", reason="停止经营")
    assert ledger(card).as_facts() == {**before, "deregistered_on": date(2021, 12, 1)}
    assert enquiries.enterprise(card).standing == "deregistered"


def test_a_new_registration_puts_the_ended_record_into_the_history(card: Visit) -> None:
    before = ledger(card)
    decided(card, kind="deregistration", reason="停止经营")
    decided(card, kind="registration", **{**before.content, "category": "01000000"})
    after = ledger(card)
    assert (after.categories, after.deregistered_on, after.registered_on) == (["01000000"], None, date(2021, 12, 1))
    assert after.former == [
        {
            "registered_on": before.registered_on.isoformat(),
            "valid_until": None,
            "deregistered_on": "2021-12-01",
            "categories": ["10000000"],
            "customs_code": before.customs_code,
        }
    ]
    assert after.customs_code != before.customs_code
    assert after.former == Mirror.objects.get(sandbox=card.sandbox, uscc=card.enterprise.uscc).former


def test_only_branches_in_force_that_name_it_stand_in_the_way(card: Visit) -> None:
    filing = begun(card, "deregistration", reason="停止经营")
    branches = [fixtures.enterprise(card.sandbox, category="20000000") for _ in range(3)]
    for branch, parent in zip(
        branches, (card.enterprise.uscc, card.enterprise.uscc, "91440399MAMK99999X"), strict=True
    ):
        record = CustomsRecord.objects.get(sandbox=card.sandbox, uscc=branch.uscc)
        record.content["parent_uscc"] = parent
        record.save()
    CustomsRecord.objects.filter(uscc=branches[1].uscc).update(deregistered_on=date(2021, 1, 1))
    with refused("branches_not_deregistered") as refusal:
        desk.perform(card, filing.public_id, "declare")
    assert refusal.value.extra == {"branches": 1}
    CustomsRecord.objects.filter(uscc=branches[0].uscc).update(deregistered_on=date(2021, 12, 1))
    assert desk.perform(card, filing.public_id, "declare").status == "declared"


# ── what a copy takes along ───────────────────────────────────────────────────────────────────────────────────────


def test_a_copy_of_a_rejected_change_keeps_what_it_changed_and_what_it_emptied(card: Visit) -> None:
    remarked(card)
    filing = decided(card, Status.REJECTED, address_cn=ADDRESS, remarks=None, finance_manager={"email": None})
    copied = desk.copy(card, filing.public_id)
    assert copied.content == filing.content
    assert (copied.content["remarks"], "email" in copied.content["finance_manager"]) == (None, False)
    assert (copied.status, copied.base, copied.copied_from) == ("draft", {}, filing.public_id)
    assert desk.perform(card, copied.public_id, "declare").content == filing.content


def test_a_copy_of_what_has_been_approved_since_has_nothing_left_to_change(card: Visit) -> None:
    copied = desk.copy(card, decided(card, address_cn=ADDRESS).public_id)
    assert copied.content == {}
    with refused("nothing_changed"):
        desk.perform(card, copied.public_id, "declare")


def test_a_copy_of_a_deregistration_says_why_again(card: Visit) -> None:
    filing = decided(card, Status.REJECTED, "deregistration", reason="停止经营")
    assert desk.copy(card, filing.public_id).content == {"reason": "停止经营"}


# ── agents ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.faq("1.7")
def test_an_agents_change_is_over_its_principals_record(card: Visit, agent: Visit) -> None:
    fixtures.mandate(card.enterprise, agent.enterprise)
    filing = desk.open_filing(agent, "change", {"remarks": "代办"}, mode=Mode.AGENT, principal=card.enterprise.uscc)
    assert read(agent, filing).content["uscc"] == card.enterprise.uscc
    assert read(agent, filing).content == read(card, filing).content
    sent = desk.perform(agent, filing.public_id, "declare")
    officer.advance(card.sandbox, sent.public_id, Status.APPROVED, card.now)
    assert ledger(card).content["remarks"] == "代办"


@pytest.mark.faq("1.7")
def test_a_mandate_in_place_of_one_that_ran_out_is_a_new_one(card: Visit, agent: Visit) -> None:
    first = fixtures.mandate(card.enterprise, agent.enterprise, valid_to=date(2021, 11, 30))
    second = fixtures.mandate(card.enterprise, agent.enterprise)
    assert first.pk != second.pk
    assert fixtures.mandate(card.enterprise, agent.enterprise).pk == second.pk
