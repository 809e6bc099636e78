"""An answer does not outgrow its question: of very many faults the first are told, of a long name its beginning, and
soon."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from filings.rules.appraisal import MOST_UNKNOWN
from tests.api.client import Answer, World

MANY = {f"member{n}": 1 for n in range(100_000)}
LONG = "x" * 1_900_000

Call = Callable[[World, dict[str, Any]], Answer]
CALLS: dict[str, Call] = {
    "a body": lambda world, more: world.caller().post("/filings", {"kind": "registration", "content": {}, **more}),
    "a sheet": lambda world, more: world.caller().post("/filings", {"kind": "registration", "content": more}),
    "a group": lambda world, more: world.caller().post(
        "/filings", {"kind": "registration", "content": {"legal_representative": more}}
    ),
    "a row": lambda world, more: world.caller().post(
        "/filings", {"kind": "registration", "content": {"investors": [more]}}
    ),
    "a ledger": lambda world, more: world.control.put(f"/ledgers/customs/{world.uscc()}", more),
    "a ledger's row": lambda world, more: world.control.put(f"/ledgers/customs/{world.uscc()}", {"investors": [more]}),
    "a match": lambda world, more: world.control.post("/faults", {"fault": "latency", "match": more}),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_of_very_many_unknown_members_the_first_are_told(call: Call, world: World) -> None:
    call(world, {"nothing": 1})
    began = time.process_time()
    answer = call(world, MANY)
    taken = time.process_time() - began
    assert answer.status == 422
    unknown = [error for error in answer["errors"] if error["code"] == "unknown_field"]
    assert len(unknown) == MOST_UNKNOWN
    assert unknown[0]["pointer"].endswith("/member0")
    assert len(answer.body) < 30_000
    assert taken < 0.7, "it took 1.5 s"


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_of_a_very_long_name_the_beginning_is_told(call: Call, world: World) -> None:
    answer = call(world, {LONG: 1})
    assert answer.status == 422
    assert any(error["pointer"].endswith("x" * 60) for error in answer["errors"])
    assert len(answer.body) < 3_000


def test_how_a_sheet_stands_is_told_in_no_more_words(world: World) -> None:
    answer = world.caller().post("/forms/registration/state", {"content": MANY}).ok(200)
    assert sum(error["code"] == "unknown_field" for error in answer["errors"]) == MOST_UNKNOWN
    assert len(answer.body) < 100_000, "it was 13 MB"


def test_a_ledger_has_no_more_investors_than_a_sheet(world: World) -> None:
    path, one = f"/ledgers/customs/{world.uscc()}", {"name": "甲", "country": "CHN"}
    world.control.put(path, {"investors": [one] * 50}).ok(200)
    for many in ([one] * 51, [{"name": 5, "x": 1}] * 30_000):
        began = time.process_time()
        answer = world.control.put(path, {"investors": many})
        assert answer.status == 422
        assert [error["pointer"] for error in answer["errors"]] == ["/investors"]
        assert time.process_time() - began < 0.7, "it took 3 s"
    assert len(world.control.get(path).ok(200)["investors"]) == 50


@pytest.mark.parametrize(
    ("path", "body", "at"),
    [
        ("/ledgers/customs/{uscc}", {"categories": ["x"] * 200_000}, "/categories"),
        ("/webhooks", {"url": "https://x.example/", "events": ["x"] * 200_000}, "/events"),
    ],
    ids=["categories", "events"],
)
def test_of_a_list_too_long_its_length_is_told_and_not_each_of_it(
    path: str, body: dict[str, Any], at: str, world: World
) -> None:
    send = world.control.post if path == "/webhooks" else world.control.put
    began = time.process_time()
    answer = send(path.format(uscc=world.uscc()), body)
    assert time.process_time() - began < 0.7, "it took 5 s"
    assert answer.status == 422
    assert [error["pointer"] for error in answer["errors"]] == [at]
