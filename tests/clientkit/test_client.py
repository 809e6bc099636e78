"""The client in Python: worlds, accounts, filings, and all that may be done to them."""

from __future__ import annotations

from swsim import World


def test_a_registration_goes_its_way(world: World) -> None:
    clerk = world.account("cardless")
    filing = clerk.file(world.sample("registration"), kind="registration")
    assert (filing.status, filing.version) == ("draft", 1)
    filing.declare().until("approved")
    assert [step["to"] for step in filing.timeline()][-1] == "approved"
