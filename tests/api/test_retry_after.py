"""`Retry-After`: on wall time and only where waiting helps, but for FAQ 1.6, which keeps the sandbox's seconds and
tells the moment.

Every place that sets it stands in a table here with its reason; a new one fails until it does too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from filings.rules.refusals import CATALOGUE
from tests.api.client import World

ROOT = Path(__file__).parents[2]
HEADER = "Retry-After"

PLACES = {
    "filings/lab/faults/transport.py before": "wall: as the test asks, else for 429 and 503",
    "filings/guessing.py check": "wall: so long whoever guesses has to wait",
    "filings/lab/grading/guests.py _make_room": "wall: practices end, and what is not used makes room",
    "filings/lab/worlds/demo.py _make_room": "wall: demos of one's own end, and what is not used makes room",
    "filings/counters/seals.py issue": "sandbox: the hour of FAQ 1.6, with retry_at",
    "filings/record/trail.py _served_once": "wall: the first of two requests ends soon",
}
"""By file and function: on which time, and why waiting helps."""

BY_CODE = {
    "disk_full": "wall: somebody makes room",
    "database_busy": "wall: whoever holds it ends soon",
    "database_unavailable": "wall: it comes back",
    "world_reset": "wall: the world is there again at once",
    "clock_advancing": "wall: an advance ends by itself",
    "database_vanished": "wall: it may be put back",
    "schema_outdated": "wall: a migration ends",
    "client_control_unavailable": "wall: the words say 请重试, and a flaky control does answer later (FAQ 2.8)",
}
"""By refusal, where the catalogue itself says how long."""


def setting(file: Path) -> Iterator[str]:
    """The functions of a file that put the header on an answer: by a mapping, or by subscript."""
    for function in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(function, ast.FunctionDef):
            continue
        for node in ast.walk(function):
            keys = node.keys if isinstance(node, ast.Dict) else [node.slice] if isinstance(node, ast.Subscript) else []
            if any(isinstance(key, ast.Constant) and key.value == HEADER for key in keys):
                yield f"{file.relative_to(ROOT).as_posix()} {function.name}"


def test_every_place_that_sets_it_is_in_the_table() -> None:
    files = [file for folder in ("filings", "singlewindow") for file in sorted((ROOT / folder).rglob("*.py"))]
    found = {place for file in files for place in setting(file)} - {
        "filings/rules/refusals.py __init__"
    }  # which hands on what is here
    assert found == PLACES.keys()
    assert {code for code, wording in CATALOGUE.items() if wording.retry_after} == BY_CODE.keys()
    assert [why.partition(":")[0] for why in (*PLACES.values(), *BY_CODE.values())].count("sandbox") == 1


@pytest.mark.django_db
def test_the_hour_of_1_6_is_the_sandboxs_and_tells_its_moment(world: World) -> None:
    world.caller("card").post("/seal-certificates").ok(201)
    world.wait(minutes=20)
    refused = world.caller("card").post("/seal-certificates").refused(429, "certificate_hourly_limit")
    assert (refused.headers[HEADER], refused["retry_at"]) == ("2400", "2021-12-01T10:00:00+08:00")
    world.advance(to=refused["retry_at"])
    world.caller("card").post("/seal-certificates").ok(201)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["seal_certificate_fails", "card_reader_unplugged"])
def test_where_only_a_deed_helps_none_is_told(name: str, world: World) -> None:
    """A misbehaviour is in force until it is taken away: however long a client slept, it would meet it again."""
    fault = world.control.post("/faults", {"fault": name}).ok(201)["id"]

    def meet() -> int:
        answer = world.login() if name == "card_reader_unplugged" else world.caller("card").post("/seal-certificates")
        assert HEADER not in answer.headers
        return answer.status

    assert meet() == 503
    world.wait(days=2)
    assert meet() == 503
    world.control.delete(f"/faults/{fault}").ok(204)
    assert meet() == 201
