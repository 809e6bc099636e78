"""Lines break, and servers are busy: nothing is filed twice, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from erp.registrar import Registrar

from swsim.testing import World

FAULTS = {
    "cut before": ("cut_before_commit", {}),
    "cut after": ("cut_after_commit", {}),
    "torn": ("malformed", {}),
    "busy": ("status", {"status": 503, "retry_after": 0}),
    "bad gateway": ("status", {"status": 502}),
}
STEPS = {
    "draft": {"method": "POST", "path": "/filings"},
    "declare": {"method": "POST", "path": "/filings/*/declare"},
    "read": {"method": "GET", "path": "/filings/*"},
}


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_step_is_taken_once_through_whatever_happens_on_the_line(
    fault: str, step: str, times: int, erp: Registrar, world: World
) -> None:
    name, parameters = FAULTS[fault]
    world.fault(name, match=STEPS[step], times=times, **parameters)
    assert erp.register("R-1", world.sample("registration")).status == "declared"
    [filing] = world.account("cardless").filings()
    assert [one["to"] for one in filing.timeline()] == ["draft", "declared"]
    assert filing.data["client_reference"] == "R-1"


@pytest.mark.parametrize("step", STEPS)
def test_what_could_not_be_sent_is_begun_anew_when_the_line_is_back(step: str, erp: Registrar, world: World) -> None:
    fault = world.fault("cut_after_commit", match=STEPS[step])
    assert erp.register("R-1", world.sample("registration")).status in ("to_file", "draft")
    world.control.take_fault_away(world.id, fault["id"])
    assert erp.register("R-1", world.sample("registration")).status == "declared"
    [filing] = world.account("cardless").filings()
    assert [one["to"] for one in filing.timeline()] == ["draft", "declared"]


def test_a_server_that_is_slow_is_asked_again(erp_of: Any, world: World) -> None:
    world.fault("latency", ms=400, match=STEPS["declare"], times=1)
    assert erp_of("cardless", timeout=0.2).register("R-1", world.sample("registration")).status == "declared"
    [filing] = world.account("cardless").filings()
    assert filing.status == "declared"


def test_a_login_that_expired_is_renewed(erp: Registrar, world: World) -> None:
    world.control.expire_sessions(world.id, {})
    assert erp.register("R-1", world.sample("registration")).status == "declared"
    world.verify(method="POST", path="/sessions", exactly=1)
