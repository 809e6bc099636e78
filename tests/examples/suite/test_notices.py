"""The ERP is told of what happens, and believes nobody else."""

from __future__ import annotations

import httpx
import pytest
from erp.inbox import Inbox
from erp.registrar import Registrar

from swsim.testing import World


@pytest.mark.parametrize("status", ["sent", "stored", "manual_review", "approved"])
def test_the_book_follows_by_notices_alone(status: str, erp: Registrar, inbox: Inbox, world: World) -> None:
    entry = erp.register("R-1", world.sample("registration"))
    while erp.book.read("R-1").status != status:
        assert world.advance(until="next_event")["fired"]
    assert world.explain(entry.filing)["status"] == status
    assert erp.book.read("R-1").status == status


@pytest.mark.parametrize("fault", ["duplicate", "reorder", "drop"])
def test_notices_that_come_twice_late_or_not_at_once_end_well(
    fault: str, erp: Registrar, inbox: Inbox, world: World
) -> None:
    world.fault(fault, match={"event": "filing.manual_review"}, times=1)
    erp.register("R-1", world.sample("registration"))
    world.advance("P3D")
    assert erp.book.read("R-1").status == "approved"


def test_what_was_missed_while_the_erp_was_closed_is_sent_again(erp: Registrar, inbox: Inbox, world: World) -> None:
    inbox.closed_for = 3
    erp.register("R-1", world.sample("registration"))
    world.advance("P3D")
    assert erp.book.read("R-1").status == "approved"
    assert {one["state"] for one in world.deliveries()} == {"delivered"}


def test_a_notice_of_somebody_else_is_not_believed(erp: Registrar, inbox: Inbox, world: World) -> None:
    entry = erp.register("R-1", world.sample("registration"))
    forged = {"type": "filing.approved", "data": {"filing": {"id": entry.filing, "status": "approved", "number": "1"}}}
    assert httpx.post(inbox.url, json=forged).status_code == 401
    assert erp.book.read("R-1").status == "declared"


def test_the_kits_own_receiver_hears_the_same(erp: Registrar, world: World) -> None:
    heard = world.webhooks
    entry = erp.register("R-1", world.sample("registration"))
    assert heard.wait_for("filing.approved", filing=entry.filing).filing["number"] == entry.number
    assert heard.types == [f"filing.{one}" for one in ("declared", "sent", "stored", "manual_review", "approved")]
