"""商务部变更申请 at the desk: a road of its own, cell by cell; the customs roads are as they were."""

from dataclasses import replace
from typing import Any

import pytest

from filings import desk
from filings.customs import commerce, officer
from filings.lab.worlds import cast
from filings.models import Event, Filing, MofcomRecord, Visit
from filings.rules.kinds import KINDS
from filings.rules.scenarios import CATALOGUE
from filings.rules.words import Status
from tests.factories import FilingFactory, at_work, refused
from tests.states import COMMERCE, DEEDS, UNDECIDED

pytestmark = [pytest.mark.django_db, pytest.mark.faq("2.9")]


def filed(visit: Visit, state: str = "draft", **content: Any) -> Filing:
    """A 商务部变更申请 in a status, led there by legal steps."""
    filing = desk.open_filing(visit, "mofcom_change", {"address_cn": "广东省深圳市福田区福中三路1008号", **content})
    if state != "draft":
        desk.perform(replace(visit, scenario="by_hand"), filing.public_id, "declare")
    if state in ("approved", "rejected"):
        officer.advance(visit.sandbox, filing.public_id, Status(state), visit.now)
    return desk.find(visit, filing.public_id)


@pytest.mark.parametrize(("state", "action"), COMMERCE.cells)
def test_the_table_holds_in_every_cell(state: str, action: str, cardless: Visit) -> None:
    filing = filed(cardless, state)
    leads, hand = COMMERCE.cells[state, action], COMMERCE.hands[action]
    visit = cardless if hand == "-" else at_work(hand, cardless)
    if leads == "-":
        with refused("illegal_transition"):
            DEEDS[action](visit, filing.public_id)
        assert desk.find(cardless, filing.public_id).version == filing.version
    else:
        DEEDS[action](visit, filing.public_id)
        assert (Filing.objects.filter(pk=filing.pk).values_list("status", flat=True).first() or "gone") == leads


@pytest.mark.parametrize("state", COMMERCE.states)
def test_what_is_offered_is_what_the_table_says(state: str, cardless: Visit) -> None:
    filing = filed(cardless, state)
    for party in ("applicant", "platform", "customs", "mofcom"):
        assert desk.allowed(filing, party) == COMMERCE.may(party, state)


@pytest.mark.parametrize("party", ["platform", "customs"])
@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_nobody_decides_it_but_the_commerce_authorities(verb: str, party: str, cardless: Visit) -> None:
    filing = filed(cardless, "declared")
    with refused("illegal_transition") as refusal:
        desk.perform(at_work(party, cardless), filing.public_id, verb)
    assert refusal.value.extra == {"from": "declared", "action": verb, "allowed": []}
    assert desk.authorities_may(filing) == ["approve", "reject"]


@pytest.mark.parametrize("state", UNDECIDED)
@pytest.mark.parametrize("verb", ["approve", "reject"])
@pytest.mark.faq("1.9")
def test_nor_do_they_decide_what_is_customs(verb: str, state: str, cardless: Visit) -> None:
    filing = FilingFactory(visit=cardless, status=state)
    with refused("illegal_transition"):
        desk.perform(at_work("mofcom", cardless), filing.public_id, verb)
    assert desk.allowed(filing, "mofcom") == []
    assert desk.find(cardless, filing.public_id).status == state


def test_an_officer_acting_on_it_is_the_right_one(cardless: Visit) -> None:
    filing = filed(cardless, "declared")
    officer.act(cardless.sandbox, filing.public_id, "approve", cardless.now, by_hand=True)
    event = Event.objects.get(subject=filing.public_id, name="filing.approved")
    assert (event.party, event.data["by_hand"]) == ("mofcom", True)


@pytest.mark.parametrize("scenario", CATALOGUE)
def test_of_a_scenario_it_takes_the_steps_its_road_has(scenario: str) -> None:
    told = [status.value for status in CATALOGUE[scenario].visits_on(KINDS["mofcom_change"].road)]
    ends = {"approve": "approved", "approve_auto": "approved", "slow": "approved", "reject": "rejected"}
    assert told == ["declared", *([ends[scenario]] if scenario in ends else [])]


def test_the_business_done_on_the_platform_closes_the_draft_and_brings_the_record_up_to_date(cardless: Visit) -> None:
    MofcomRecord.objects.filter(sandbox=cardless.sandbox, uscc=cast.CARDLESS.uscc).delete()
    draft = filed(cardless)
    commerce.do_there(cardless, {"name_en": "NEW NAME", "remarks": "在商务部办理"}, draft.public_id)
    record = MofcomRecord.objects.get(sandbox=cardless.sandbox, uscc=cast.CARDLESS.uscc)
    assert (record.state, record.content) == ("current", {"name_en": "NEW NAME"})
    names = [
        one.name for one in Event.objects.filter(sandbox=cardless.sandbox, subject=draft.public_id).order_by("seq")
    ]
    assert names == ["filing.created", "filing.deleted", "commerce.updated"]
    assert not Filing.objects.filter(pk=draft.pk).exists()


def test_what_the_platform_refuses_leaves_draft_and_record_as_they_were(
    cardless: Visit, card: Visit, personal: Visit
) -> None:
    draft, record = filed(cardless), MofcomRecord.objects.get(sandbox=cardless.sandbox, uscc=cast.CARDLESS.uscc)
    with refused("full_width_punctuation"):
        commerce.do_there(cardless, {"name_en": "ＡＢＣ，LTD"}, draft.public_id)
    with refused("not_found"):
        commerce.do_there(card, {"name_en": "NEW"}, draft.public_id)
    with refused("not_found"):
        commerce.do_there(cardless, {"name_en": "NEW"}, FilingFactory(visit=cardless).public_id)
    with refused("not_enterprise_user"):
        commerce.do_there(personal, {"name_en": "NEW"})
    assert Filing.objects.filter(pk=draft.pk).exists()
    assert MofcomRecord.objects.get(pk=record.pk).content == record.content
