"""Whatever situation a firm is in, the ERP's first page says how it stands."""

from __future__ import annotations

from typing import Any

import pytest

from swsim.testing import World

STANDS = {
    "not_synced": "not_registered",
    "not_synced_expired": "not_registered",
    "sync_fails_once": "not_registered",
    "overdue_mirror": "overdue",
    "annual_deregistered": "deregistered",
    "mofcom_record_missing": "normal",
    "publicity_lag": "normal",
    "card_expired": "normal",
    "consignee_branch": "normal",
    "rejected_change": "normal",
}


@pytest.mark.parametrize("situation", STANDS)
def test_the_first_page_tells_how_a_firm_stands(situation: str, erp_of: Any, world: World) -> None:
    world.situation(situation)
    assert erp_of("card").standing() == STANDS[situation]


def test_a_record_that_was_not_yet_here_is_here_after_a_sync(erp_of: Any, world: World) -> None:
    world.situation("not_synced")
    erp = erp_of("card")
    assert erp.standing() == "not_registered"
    world.sync()
    assert erp.standing() == "normal"


def test_a_person_has_no_firm(erp_of: Any, world: World) -> None:
    assert erp_of("personal").standing() == "not_enterprise_user"
