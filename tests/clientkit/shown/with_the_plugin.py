"""What `docs/kit.md` shows of the plugin, run by test_cli_page.py."""

import pytest


def test_a_registration_is_approved(world):
    clerk = world.account("cardless")  # logged in; its firm is not registered yet
    filing = clerk.file(world.sample("registration"))
    filing.declare()
    filing.until("approved")  # the world's clock is advanced; nothing sleeps
    world.verify(method="POST", path="/filings/*/declare", status=200, exactly=1)


@pytest.mark.world(
    situation="not_synced", scenario="reject; reason=address_mismatch", clock="2022-01-05T09:00:00+08:00"
)
def test_in_another_world(world):
    assert world.now.year == 2022


def test_a_notice_comes(world):
    notices = world.webhooks  # a receiver on a free port, told of everything from here on
    filing = world.account("cardless").file(world.sample("registration"))
    filing.declare()
    event = notices.wait_for("filing.approved")  # its signature was verified; the clock went no further
    assert event.filing["id"] == filing.id
