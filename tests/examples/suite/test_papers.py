"""Changes by card, annual reports, certificates, agents."""

from __future__ import annotations

from typing import Any

import pytest
from erp.portal import Refused

from swsim.testing import World


@pytest.mark.parametrize("kind", ["change", "deregistration"])
def test_what_wants_a_card_is_filed_by_card(kind: str, erp_of: Any, world: World) -> None:
    assert "card_login_required" in erp_of("card").register("C-1", world.sample(kind), kind).note
    erp = erp_of("agent", card=True)
    assert erp.register("C-2", world.sample(kind), kind).status == "declared"
    world.advance(until="idle")
    assert erp.refresh()[0].status == "approved"


@pytest.mark.world(clock="2021-03-01T09:00:00+08:00")
def test_an_annual_report_is_made_once(erp_of: Any, world: World) -> None:
    portal = erp_of("card").portal
    assert portal.get("/annual-reports/eligibility", year=2020)["required"]
    body = {"year": 2020, "content": world.sample("annual_report")}
    assert portal.post("/annual-reports", body, key="A-2020")["year"] == 2020
    assert portal.post("/annual-reports", body, key="A-2020")["year"] == 2020
    with pytest.raises(Refused, match="already_submitted"):
        portal.post("/annual-reports", body, key="A-2020-again")


def test_a_certificate_an_hour(erp_of: Any, world: World) -> None:
    portal = erp_of("card", card=True).portal
    portal.post("/seal-certificates", {}, key="S-1")
    with pytest.raises(Refused, match="certificate_hourly_limit") as refused:
        portal.post("/seal-certificates", {}, key="S-2")
    world.at(refused.value.told["retry_at"])
    portal.post("/seal-certificates", {}, key="S-3")


def test_an_agent_files_for_whom_it_has_a_mandate(erp_of: Any, world: World) -> None:
    principal = world.account("cardless")
    erp = erp_of("agent", card=True)
    content = principal.sample("registration")
    entry = erp.register("P-1", content, filing_mode="agent", principal=principal.uscc)
    assert entry.status == "declared"
    world.advance(until="idle")
    assert erp.refresh()[0].status == "approved"
