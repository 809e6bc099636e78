"""Scenario, situation, fault: three words kept apart. A name given to the wrong call is told what it is, and which
call takes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from filings.lab.worlds.situations import SITUATIONS
from filings.rules.faults import FAULTS
from filings.rules.glitches import GLITCHES
from filings.rules.scenarios import CATALOGUE
from tests.api.client import CONTROL, Answer, Caller, World

pytestmark = pytest.mark.django_db

Give = Callable[[World, str], Answer]

TAKES: Mapping[str, Mapping[str, Give]] = {
    "scenario": {
        "a new sandbox": lambda world, name: Caller(CONTROL).post("/sandboxes", {"scenario": name}),
        "the default": lambda world, name: world.control.put("/scenario", {"scenario": name}),
        "the queue": lambda world, name: world.control.post("/scenario-queue", {"scenario": name}),
        "a filing": lambda world, name: world.control.put(f"/filings/{world.draft()}/scenario", {"scenario": name}),
        "the header": lambda world, name: world.declare(X_Sim_Scenario=name),
        "a fixture": lambda world, name: world.control.post("/fixtures/filing", {"state": "sent", "scenario": name}),
    },
    "fault": {
        "a fault": lambda world, name: world.control.post("/faults", {"fault": name}),
        "the header": lambda world, name: world.caller().get("/filings", X_Sim_Fault=name),
    },
    "situation": {
        "a new sandbox": lambda world, name: Caller(CONTROL).post("/sandboxes", {"situation": name}),
        "a situation": lambda world, name: world.control.post("/situation", {"situation": name}),
    },
}
"""Every place that takes a name, by its sort."""

CALLS = {
    "scenario": "PUT /control/v1/sandboxes/{sandbox}/scenario",
    "fault": "POST /control/v1/sandboxes/{sandbox}/faults",
    "situation": "POST /control/v1/sandboxes/{sandbox}/situation",
}
WORDS = {"scenario": "情景", "fault": "故障", "situation": "场面"}

GIVEN = {"scenario": "reject", "fault": "latency", "situation": "control_missing"}
"""A name of each sort that is of no other."""


@pytest.mark.parametrize("is_", GIVEN)
@pytest.mark.parametrize(("wanted", "place"), [(sort, place) for sort, places in TAKES.items() for place in places])
def test_a_name_of_another_sort_is_told_what_it_is_and_what_takes_it(
    is_: str, wanted: str, place: str, world: World
) -> None:
    answer = TAKES[wanted][place](world, GIVEN[is_])
    if is_ == wanted:
        assert answer.status < 300
        return
    refused = answer.refused(400, f"unknown_{wanted}")
    assert f"“{GIVEN[is_]}”是{WORDS[is_]}" in refused["detail"]
    assert f"不是{WORDS[wanted]}" in refused["detail"]
    call = refused["remedy"].removeprefix("请改用 ")
    assert call in [
        f'{CALLS[is_].replace("{sandbox}", where)} {{"{is_}": "{GIVEN[is_]}"}}' for where in (world.id, "{sandbox}")
    ]
    assert refused["nearest"] == []


def test_where_the_sandbox_is_known_the_remedy_names_it_and_does_what_it_says(world: World) -> None:
    refused = world.control.post("/faults", {"fault": "control_missing"}).refused(400, "unknown_fault")
    assert (
        refused["remedy"] == f'请改用 POST {CONTROL}/sandboxes/{world.id}/situation {{"situation": "control_missing"}}'
    )
    method, path, _ = refused["remedy"].removeprefix("请改用 ").split(" ", 2)
    Caller("").call(method, path, {"situation": "control_missing"}).ok(200)
    refused = world.control.post("/faults", {"fault": "stauts"}).refused(400, "unknown_fault")
    assert "status" in refused["nearest"]
    assert f"GET {CONTROL}/sandboxes/{world.id}/faults" in refused["remedy"]
    world.control.get("/faults").ok(200)


def test_what_is_two_things_is_told_as_both(world: World) -> None:
    refused = world.control.put("/scenario", {"scenario": "print_blurred"}).refused(400, "unknown_scenario")
    assert "是故障（直接打印不清晰），也是场面（直接打印不清晰），不是情景" in refused["detail"]
    assert all(f"/{one}" in refused["remedy"] for one in ("faults", "situation"))


def test_its_parameters_do_not_hide_what_it_is(world: World) -> None:
    refused = world.control.post("/situation", {"situation": "reject; reason=other"}).refused(400, "unknown_situation")
    assert "“reject”是情景（审批不通过），不是场面" in refused["detail"]
    assert refused["known"] == list(SITUATIONS)


@pytest.mark.parametrize(("wanted", "near"), [("scenario", "reject"), ("fault", "latency"), ("situation", "dual")])
def test_of_a_name_that_is_of_no_sort_the_nearest_is_told(wanted: str, near: str, world: World) -> None:
    for give in TAKES[wanted].values():
        refused = give(world, near + "x").refused(400, f"unknown_{wanted}")
        assert near in refused["nearest"]
        assert refused["remedy"].startswith("请查看 GET /control/v1/")


def test_no_name_is_of_two_sorts_but_a_glitchs() -> None:
    sorts: list[set[str]] = [set(CATALOGUE), set(FAULTS), set(SITUATIONS)]
    twice: set[Any] = {name for sort in sorts for name in sort if sum(name in other for other in sorts) > 1}
    assert twice == set(GLITCHES) & set(SITUATIONS)
