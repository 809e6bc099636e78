"""Customs takes its time; the book says where a filing stands."""

from __future__ import annotations

import pytest
from erp.registrar import Registrar

from swsim.testing import World


@pytest.mark.parametrize("at", ["declared", "sent", "stored", "manual_review"])
def test_a_filing_that_is_stuck_stays_open_in_the_book(at: str, erp: Registrar, world: World) -> None:
    world.scenario(f"stuck; at={at}")
    erp.register("R-1", world.sample("registration"))
    world.advance("P30D")
    assert [entry.status for entry in erp.refresh()] == [at]
    world.trigger(erp.book.read("R-1").filing, "approved")
    erp.refresh()
    assert erp.book.open() == []


@pytest.mark.parametrize("days", [2, 9])
def test_a_slow_office_is_waited_for(days: int, erp: Registrar, world: World) -> None:
    world.scenario(f"slow; days={days}")
    erp.register("R-1", world.sample("registration"))
    world.advance(f"P{days - 1}D")
    assert not erp.refresh()[0].decided
    world.advance("P2D")
    assert erp.refresh()[0].status == "approved"


@pytest.mark.world(clock="2021-12-31T23:59:00+08:00")
def test_a_year_ends_while_a_filing_is_under_way(erp: Registrar, world: World) -> None:
    erp.register("R-1", world.sample("registration"))
    world.at("2022-01-01T23:59:00+08:00")
    assert erp.refresh()[0].status == "approved"
    [record] = [step for step in world.account("cardless").filings()[0].timeline() if step["to"] == "approved"]
    assert record["at"].startswith("2022-01-01T23:59")


def test_from_a_checkpoint_both_ends_are_tried(erp: Registrar, world: World) -> None:
    entry = erp.register("R-1", world.sample("registration"))
    world.checkpoint("declared")
    ends = []
    for status in ("approved", "rejected"):
        world.restore("declared")
        world.trigger(entry.filing, status)
        ends.append(erp.portal.get(f"/filings/{entry.filing}")["status"])
    assert ends == ["approved", "rejected"]
