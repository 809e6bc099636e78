"""A client's papers through the desk: an agent with a mandate transcribes them, declares, and is compared."""

from __future__ import annotations

import pytest

from filings import desk
from filings.lab.worlds import fixtures
from filings.models import Visit
from filings.record import enquiries
from filings.rules.dates import local_date
from filings.rules.papers import client, differences
from filings.rules.words import Mode
from tests.factories import MandateFactory

pytestmark = pytest.mark.django_db


@pytest.mark.faq("1.7")
@pytest.mark.parametrize("seed", range(12))
def test_an_agent_declares_what_the_papers_say_and_what_is_sent_differs_in_nothing(seed: int, agent: Visit) -> None:
    today = local_date(agent.now)
    about = client(seed, today)
    principal = fixtures.enterprise(agent.sandbox, uscc=about.uscc, name_cn=about.name_cn, in_qianhai=about.in_qianhai)
    MandateFactory(principal=principal, agent=agent.enterprise)
    filing = desk.open_filing(agent, "registration", about.content(), mode=Mode.AGENT, principal=about.uscc)
    declared = desk.perform(agent, filing.public_id, "declare")
    assert declared.status == "declared"
    assert differences(declared.content, about) == ()
    assert differences(enquiries.read(agent, declared).content, about) == ()
    assert differences(enquiries.transmitted(declared).message["content"], about) == ()
