"""The benchmark itself: its load counts right, its verdicts are those of the figures, and the page's tables are made
by it."""

from __future__ import annotations

import re
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.api.client import CONTROL, Caller, World, world
from tests.benchmarks import telling
from tests.benchmarks.filling import fill
from tests.benchmarks.load import Plan, Step, carried_out, meanwhile
from tests.benchmarks.peers import PEERS, plan

__all__ = ["world"]

DOCS = Path(__file__).resolve().parents[2] / "docs"


class Answering:
    """A server of a few lines: it answers what it is asked, and keeps what it heard."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        self.heard: list[tuple[str, bytes]] = []
        self.pause = 0.0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=self.serve, args=(self.listening.accept()[0],), daemon=True).start()

    def serve(self, line: socket.socket) -> None:
        with suppress(OSError):
            while come := line.recv(65_536):
                head, _, body = come.partition(b"\r\n\r\n")
                asked = head.split(b"\r\n")[0].decode().removesuffix(" HTTP/1.1")
                self.heard.append((asked, body))
                time.sleep(self.pause)
                line.sendall(self.answer(asked))

    def answer(self, asked: str) -> bytes:
        if asked.endswith("/chunked"):
            return b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n{"id": "F000017"}\r\n0\r\n\r\n'
        if asked.endswith("/refused"):
            return b"HTTP/1.1 409 Conflict\r\nContent-Length: 2\r\n\r\n{}"
        return b'HTTP/1.1 201 Created\r\ncontent-length: 17\r\n\r\n{"id": "F000017"}'


@pytest.fixture
def answering() -> Iterator[Answering]:
    one = Answering()
    yield one
    one.listening.close()


def test_a_round_is_all_its_steps_with_the_id_of_the_first(answering: Answering) -> None:
    steps = [Step("POST", "/filings", '{"client_reference": "R{n}"}'), Step("GET", "/filings/{id}")]
    told = carried_out(Plan(answering.port, steps, connections=3, seconds=0.3, warm=0))
    asked = Counter(one for one, _ in answering.heard)
    assert set(asked) == {"POST /filings", "GET /filings/F000017"}
    assert told.statuses.keys() == {"201"}
    assert asked["POST /filings"] - 3 <= sum(told.statuses.values()) / 2 <= asked["POST /filings"]
    bodies = [body for one, body in answering.heard if one.startswith("POST")]
    assert len(set(bodies)) == len(bodies), "each has a reference of its own"
    assert told.failed == 0
    assert told.requests >= told.rounds * 1.999


@pytest.mark.parametrize(("path", "status", "failed"), [("/chunked", "200", False), ("/refused", "409", True)])
def test_an_answer_is_known_by_its_end_and_a_failure_by_its_status(
    path: str, status: str, failed: bool, answering: Answering
) -> None:
    told = carried_out(Plan(answering.port, [Step("GET", path)], connections=2, seconds=0.5, warm=0))
    assert told.statuses.keys() == {status}
    assert (told.failed > 0, told.rounds == 0) == (failed, failed)


def test_times_are_those_of_the_server(answering: Answering) -> None:
    answering.pause = 0.05
    told = carried_out(Plan(answering.port, [Step("GET", "/x")], connections=2, seconds=1, warm=0))
    assert 50 <= told.p50 <= told.p99 <= told.slowest
    assert told.requests <= 2 / 0.05


def test_a_load_lasts_as_long_as_what_it_is_beside(answering: Answering) -> None:
    with meanwhile(Plan(answering.port, [Step("GET", "/x")], connections=2, warm=0, pause=0.01)) as told:
        time.sleep(0.5)
    (seen,) = told
    assert 0 < seen.requests <= 2 / 0.01


# ── what is compared ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(sys.platform != "linux", reason="looks at processes in /proc")
def test_the_prototype_does_all_it_is_asked(tmp_path: Path) -> None:
    drf, bare = (peer for peer in PEERS if not peer.executable)
    with drf.served(sys.executable, tmp_path) as server:
        for steps in (drf.read, drf.create, drf.lifecycle, bare.read):
            assert steps
            seen = server.under(plan(server, steps, 0.3, connections=2))
            assert seen.told.failed == 0, seen.told.statuses
        assert server.cpu > 0
        assert server.memory > 20
        made = server.ask("POST", "/filings/", drf.lifecycle[0].body.encode()).json["id"] if drf.lifecycle else 0
        for step in (drf.lifecycle or [])[1:]:
            told = server.ask(step.method, step.path.replace("{id}", str(made)), step.body.encode() or None).json
        assert (told["status"], len(told["happened"])) == ("approved", 4)


@pytest.mark.django_db
def test_a_sandbox_that_was_filled_is_a_world_like_any_other(world: World) -> None:
    draft = world.draft()
    fill(world.id, 120)
    listed = world.caller().get("/filings?limit=500")["results"]
    numbers = [one["id"] for one in listed]
    assert len(set(numbers)) == 121
    assert min(numbers) == draft
    steps = world.caller().get(f"/filings/{numbers[0]}/timeline")["results"]
    assert [step["to"] for step in steps] == ["draft"]
    assert world.draft() > max(numbers)
    assert world.control.get("")["usage"]["filings"]["used"] == 122
    Caller(CONTROL).post("/sandboxes/import", world.control.get("/export").ok(200).json).ok(201)


# ── telling ───────────────────────────────────────────────────────────────────────────────────────────────────────


def load(
    rounds: float, p50: float = 10, p99: float = 30, slowest: float = 60, cpu: float = 0.5, **statuses: int
) -> dict[str, Any]:
    told = {
        "rounds": rounds,
        "requests": rounds,
        "p50": p50,
        "p99": p99,
        "slowest": slowest,
        "statuses": {"200": 100} | statuses,
    }
    return {"told": told, "cpu": cpu}


@pytest.fixture
def results() -> telling.Results:
    """Of a run in which all goals are met."""
    ours = {
        "read": load(2000),
        "create": load(500),
        "create_alone": load(600),
        "create_200": load(580, 300, 400),
        "cold_s": 0.5,
        "memory_mb": 130.0,
        "lifecycle": 20.0,
        "lifecycle_cpu": 14.0,
        "sandbox": 7.0,
        "reset": 9.0,
        "advance": 1100.0,
        "advance_events": 1000,
        "checkpoint": 100.0,
        "restore": 300.0,
        "import": 350.0,
        "state_rows": 10_100,
        "state_others": load(50)["told"],
        "latency_others": load(50)["told"],
        "sizes": {name: {"throughput": 0.95, "cpu": 0.96} for name in ("list", "read", "create")},
    }
    peers = {
        peer.name: {"told": peer.told, "cold_s": 0.5, "memory_mb": 100.0}
        | ({"read": load(900, cpu=0.2)} if peer.read else {})
        | ({"create": load(95)} if peer.create else {})
        | ({"lifecycle": 18.0} if peer.lifecycle else {})
        for peer in PEERS
    }
    return {"machine": ["a machine"], "peers": peers, "sqlite": ours, "postgresql": {**ours, "create": load(490)}}


def marks(told: str) -> Counter[str]:
    return Counter(re.findall("[✓✗]|not measured", told))


def test_every_goal_is_judged_on_both_databases(results: telling.Results) -> None:
    told = telling.goals(results)
    assert marks(told) == {"✓": sum(len(goal.of) for goal in telling.GOALS)}
    assert len(told.splitlines()) == len(telling.GOALS) + 2


@pytest.mark.parametrize(
    ("name", "worse", "missed"),
    [
        ("read", load(1700), 1),
        ("read", load(2000, 10, 41), 1),
        ("read", load(2000, cpu=0.81), 1),
        ("create", load(270, slowest=251), 4),
        ("create_200", load(500, 300, 450, **{"503": 1}), 3),
        ("advance", 1201.0, 1),
        ("sizes", {name: {"throughput": 0.1} for name in ("list", "read", "create")}, 3),
        ("memory_mb", 141.0, 1),
    ],
)
def test_a_goal_that_is_missed_is_told(name: str, worse: Any, missed: int, results: telling.Results) -> None:
    results["sqlite"][name] = worse
    del results["postgresql"]
    assert marks(telling.goals(results))["✗"] == missed


def test_what_was_not_measured_is_not_called_met(results: telling.Results) -> None:
    del results["peers"]["moto"], results["sqlite"]["advance"]
    results["sqlite"]["lifecycle_cpu"] = float("nan")
    assert marks(telling.goals(results))["not measured"] == 4


def test_the_page_is_made_anew_and_keeps_its_words(results: telling.Results) -> None:
    before = (DOCS / "performance.md").read_text(encoding="utf-8")
    after = telling.page(before, results)
    assert "**simulator**, SQLite | 2 000 · 10 ms · 30 ms · 60 ms" in after
    assert telling.page(after, results) == after
    unmarked = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- /\2 -->)", re.DOTALL)
    assert unmarked.sub("", after) == unmarked.sub("", before)


def test_the_page_has_all_goals_and_servers() -> None:
    told = (DOCS / "performance.md").read_text(encoding="utf-8")
    assert [goal.label for goal in telling.GOALS if f"| {goal.label} |" not in told] == []
    assert all(f"| {peer.name} " in told for peer in PEERS)


def test_the_plot_shows_every_server(results: telling.Results) -> None:
    drawn = ElementTree.fromstring(telling.plot(results))
    words = Counter(one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text"))
    assert words["simulator, SQLite"] == 2
    assert words["bare"] == words["drf"] - 1 == 1
    ElementTree.parse(DOCS / "performance.svg")
