"""Eight clients at once, a sandbox each, on the server as it is run: none of them can tell that it is not alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import httpx
import pytest

from tests.api.client import World
from tests.control.lives import LIVES, Life
from tests.control.traces import first_difference, written
from tests.receiving import Receiver, receiver
from tests.serving import Far, server

SEED = 20211201


@pytest.fixture(scope="module")
def ear() -> Iterator[Receiver]:
    with receiver() as opened:
        yield opened


@pytest.fixture(scope="module")
def wire(ear: Receiver, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with server(tmp_path_factory.mktemp("served"), allow=(ear.listed,)) as line:
        yield line


def live(
    name: str, wire: httpx.Client, ear: Receiver, begin: threading.Barrier | None = None, neighbour: Life | None = None
) -> list[str]:
    """A client's life from its first call to its last. Returns what it saw."""
    trace: list[dict[str, object]] = []
    if begin:
        begin.wait(120)
    world = World(partial(Far, wire=wire, trace=trace, documented=False), name=name, seed=SEED)
    if neighbour:
        seen = len(trace)
        neighbour(world, ear)
        del trace[seen:]
    LIVES[name](world, ear)
    world.control.delete("").ok(204)
    return written(trace)


def test_what_a_client_sees_in_company_is_what_it_sees_alone(wire: httpx.Client, ear: Receiver) -> None:
    alone = {name: live(name, wire, ear) for name in LIVES}
    begin = threading.Barrier(len(LIVES))
    with ThreadPoolExecutor(len(LIVES)) as threads:
        futures = {name: threads.submit(live, name, wire, ear, begin) for name in LIVES}
        together = {name: future.result(300) for name, future in futures.items()}
    parted = {name: first_difference(alone[name], together[name]) for name in LIVES}
    assert {name: where for name, where in parted.items() if where} == {}
    assert sum(map(len, alone.values())) > 250


NEIGHBOURS: Mapping[str, Life] = {
    "files something": lambda world, ear: world.make("filing", uscc=world.uscc("card"), kind="change") and None,
    "only looks": lambda world, ear: world.caller("agent").get("/enterprise").ok(200) and None,
    "lets a minute pass": lambda world, ear: world.wait(minutes=1) and None,
}


@pytest.mark.parametrize("neighbour", NEIGHBOURS)
def test_one_who_shared_its_sandbox_would_be_noticed(neighbour: str, wire: httpx.Client, ear: Receiver) -> None:
    assert first_difference(live("broker", wire, ear), live("broker", wire, ear, neighbour=NEIGHBOURS[neighbour]))
