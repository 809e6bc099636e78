"""The simulator itself, asked all that the table tells: on one database, one server after another."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.benchmarks.load import HOST, Plan, Step, Told, meanwhile
from tests.benchmarks.peers import CONNECTIONS, REFERENCE, ROWS
from tests.benchmarks.servers import Loaded, Server, running
from tests.running import free_port

ROOT = Path(__file__).resolve().parents[2]
BODY = json.dumps({**REFERENCE, "client_reference": "R{n}"})
CONTROL = "/control/v1/sandboxes"

EVENTS = 1000
"""Due events an advance passes: four of a declared filing."""

STATE_ROWS = 10_000
"""Rows of a state that is kept, restored and carried, at the least."""

SMALL, LARGE = 1000, 100_000
"""Filings of two sandboxes that should be alike to whoever asks them."""

LATENCY = 10_000
"""Milliseconds of the latency fault."""


@contextmanager
def server(url: str, *, roomy: bool = False) -> Iterator[Server]:
    """The simulator on a database; with room for more filings in a sandbox than the API would let in."""
    port = free_port()
    script = [str(Path(__file__).with_name("roomy.py"))] if roomy else ["manage.py"]
    command = [sys.executable, *script, "serve", "--host", HOST, "--port", port, "--workers", 2]
    with running(command, port, "/readyz", ROOT, DATABASE_URL=url) as one:
        yield one


class World:
    """A sandbox, and whoever asks in it: `cardless`, by password."""

    def __init__(self, server: Server) -> None:
        self.server = server
        opened = server.ask("POST", CONTROL, {}).json
        self.key: str = opened["id"]
        self.at = f"{CONTROL}/{self.key}"
        token = next(one["token"] for one in opened["accounts"] if one["role"] == "cardless")
        self.auth = {"Authorization": f"Bearer {token}"}

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        return self.server.ask(method, f"/api/v1{path}", body, self.auth).json

    def control(self, method: str, path: str, body: Any = None) -> float:
        """Seconds of a call at the control plane."""
        return self.server.ask(method, f"{self.at}{path}", body).seconds

    def draft(self, n: int = 0) -> str:
        return str(
            self.server.ask("POST", "/api/v1/filings", BODY.replace("{n}", str(n)).encode(), self.auth).json["id"]
        )

    def filled(self, filings: int, state: str, scenario: str) -> None:
        for _ in range(filings):
            self.control("POST", "/fixtures/filing", {"state": state, "scenario": scenario})

    def drafts(self, wanted: int, url: str) -> list[str]:
        """A thousand numbers at the most, evenly, of so many drafts that were put in beside the API."""
        first = int(self.draft().removeprefix("F"))
        script = [sys.executable, str(Path(__file__).with_name("filling.py")), self.key, str(wanted - 1)]
        subprocess.run(script, check=True, cwd=ROOT, env={**os.environ, "DATABASE_URL": url})
        return [f"F{n:06d}" for n in range(first, first + wanted, max(1, wanted // 1000))]

    def step(self, method: str, path: str, body: str = "") -> Step:
        return Step(method, f"/api/v1{path}", body, self.auth)

    @property
    def create(self) -> Step:
        return self.step("POST", "/filings", BODY)

    @property
    def create_and_read(self) -> list[Step]:
        return [self.create, self.step("GET", "/filings/{id}")]

    def others(self) -> Plan:
        """What four others do while something large is done elsewhere: create and read back, with pauses."""
        return Plan(self.server.port, self.create_and_read, connections=4, seconds=None, warm=0.3, pause=0.02)


def median(times: list[float]) -> float:
    """The median of seconds, in milliseconds."""
    return statistics.median(times) * 1000


def measured(url: str, seconds: float, say: Callable[[str], None]) -> dict[str, Any]:
    """All of it on one database. Milliseconds, unless the name says otherwise."""
    found: dict[str, Any] = {}
    with server(url):
        pass  # which brings the database up to date
    say("cold start")
    cold = []
    for _ in range(5):
        with server(url) as one:
            cold.append(one.cold)
    found["cold_s"] = statistics.median(cold)
    with server(url) as one:
        say("read, create and read back, 200 clients at once")
        found |= loads(one, url, seconds)
        found["memory_mb"] = one.memory
    with server(url) as one:
        say("a lifecycle, sandboxes, an advance")
        found |= lifecycle(one) | sandboxes(one) | advance(one)
        say("a state of ten thousand rows")
        found |= states(one)
        say("a latency of ten seconds")
        found |= latency(one)
    say(f"{LARGE} filings against {SMALL}")
    with server(url, roomy=True) as one:
        found |= sizes(one, url, seconds)
    return found


def loads(server: Server, url: str, seconds: float) -> dict[str, Loaded]:
    world = World(server)
    picks = world.drafts(ROWS, url)

    def under(steps: list[Step], connections: int = CONNECTIONS, warm: float = 1.0) -> Loaded:
        return server.under(Plan(server.port, steps, connections, seconds, warm, picks=picks))

    return {
        "read": under([world.step("GET", "/filings/{pick}")]),
        "create": under(world.create_and_read),
        "create_alone": under([world.create]),
        # All of them connected, none yet answered: the first requests are made at one moment, and are counted.
        "create_200": under([world.create], connections=200, warm=0.0),
    }


def lifecycle(server: Server) -> dict[str, float]:
    """Create, declare, advance until idle, read: four requests, four replies; each in a sandbox of its own."""
    times, used = [], 0.0
    for n in range(60):
        world = World(server)
        before, began = server.cpu, time.perf_counter()
        filing = world.draft(n)
        world.ask("POST", f"/filings/{filing}/declare", {})
        world.control("POST", "/clock/advance", {"until": "idle"})
        assert world.ask("GET", f"/filings/{filing}")["status"] == "approved"
        times.append(time.perf_counter() - began)
        used += server.cpu - before
    return {"lifecycle": median(times), "lifecycle_cpu": used / len(times) * 1000}


def sandboxes(server: Server) -> dict[str, float]:
    created = [server.ask("POST", CONTROL, {}).seconds for _ in range(100)]
    world = World(server)
    reset = [world.control("POST", "/reset") for _ in range(50)]
    return {"sandbox": median(created), "reset": median(reset)}


def advance(server: Server) -> dict[str, float]:
    """It is brought back before each run."""
    world, took, fired = World(server), [], 0
    world.filled(EVENTS // 4, "declared", "approve")
    world.control("POST", "/checkpoints", {"name": "due"})
    for _ in range(3):
        world.control("POST", "/checkpoints/due/restore")
        heard = server.ask("POST", f"{world.at}/clock/advance", {"until": "idle"})
        took.append(heard.seconds)
        fired = len(heard.json["fired"])
    assert fired >= EVENTS, fired
    return {"advance": median(took), "advance_events": fired}


def states(server: Server) -> dict[str, Any]:
    """A large state kept, restored, brought back from its export; and what others see meanwhile."""
    world, elsewhere = World(server), World(server)
    world.filled(STATE_ROWS // 12, "manual_review", "by_hand")
    rows = 0
    while (
        rows := server.ask("POST", f"{world.at}/checkpoints", {"name": "big", "replace": True}).json["rows"]
    ) < STATE_ROWS:
        world.filled(20, "manual_review", "by_hand")
    exported = server.ask("GET", f"{world.at}/export").body
    kept, restored, imported = list[float](), list[float](), list[float]()
    with meanwhile(elsewhere.others()) as told:
        for _ in range(5):
            kept.append(world.control("POST", "/checkpoints", {"name": "big", "replace": True}))
            restored.append(world.control("POST", "/checkpoints/big/restore"))
            heard = server.ask("POST", f"{CONTROL}/import", exported)
            imported.append(heard.seconds)
            server.ask("DELETE", f"{CONTROL}/{heard.json['id']}")
    # By itself, as the goals are meant: the others take a processor's time too.
    alone = {
        "checkpoint": [world.control("POST", "/checkpoints", {"name": "big", "replace": True}) for _ in range(3)],
        "restore": [world.control("POST", "/checkpoints/big/restore") for _ in range(3)],
        "import": [server.ask("POST", f"{CONTROL}/import", exported).seconds for _ in range(3)],
    }
    return {
        **{name: median(times) for name, times in alone.items()},
        "state_rows": rows,
        "state_others": told[0],
        "checkpoint_beside": median(kept),
        "restore_beside": median(restored),
        "import_beside": median(imported),
    }


def latency(server: Server) -> dict[str, Told]:
    """Ten requests of one sandbox wait; what do the others see?"""
    slow, elsewhere = World(server), World(server)
    server.ask("POST", f"{slow.at}/faults", {"fault": f"latency; ms={LATENCY}", "times": 10})
    waiting = [threading.Thread(target=slow.ask, args=("GET", "/filings")) for _ in range(10)]
    for one in waiting:
        one.start()
    time.sleep(0.3)
    with meanwhile(elsewhere.others()) as told:
        time.sleep(min(8.0, LATENCY / 1000 - 1.5))
    assert all(one.is_alive() for one in waiting), "nobody waits any more"
    for one in waiting:
        one.join()
    return {"latency_others": told[0]}


def sizes(server: Server, url: str, seconds: float) -> dict[str, dict[str, float]]:
    """How much of the throughput with few filings there is with many: the two asked in turn, the best of three each."""
    worlds = {SMALL: World(server), LARGE: World(server)}
    picks = {filings: world.drafts(filings, url) for filings, world in worlds.items()}
    shares = {}
    for name, step in {
        "list": lambda world: world.step("GET", "/filings"),
        "read": lambda world: world.step("GET", "/filings/{pick}"),
        "create": lambda world: world.create,
    }.items():
        seen: dict[int, list[Loaded]] = {filings: [] for filings in worlds}
        for _ in range(3):
            for filings, world in worlds.items():
                wanted = Plan(server.port, [step(world)], 4, seconds / 2, 0.5, picks=picks[filings])
                seen[filings].append(server.under(wanted))
        failed = [one.told.statuses for many in seen.values() for one in many if one.told.failed]
        assert not failed, failed
        best = {filings: max(one.told.requests for one in many) for filings, many in seen.items()}
        spent = {filings: min(one.cpu for one in many) for filings, many in seen.items()}
        shares[name] = {"throughput": best[LARGE] / best[SMALL], "cpu": spent[SMALL] / spent[LARGE]}
    return {"sizes": shares}
