"""The server killed amid writes, again and again: nothing that was acknowledged is lost, nothing is done twice. A
script; a short form of it is a test (tests/control/test_crashes.py):

    python tests/crashes.py [--kills 60] [--threads 8] [--seed 1] [--postgresql] [--defect]

Each round lets clients write in worlds of its own, kills (SIGKILL) every process of the server at some moment, every
fourth time one of its children alone, and starts it again. A client whose answer did not come asks again, with the key
it asked with. Then every world is looked at: what was acknowledged is there, once; each lifecycle went its way, once;
and the world, exported, passes the checks of an import. At the end all worlds of all rounds are looked at again, and
an SQLite file is checked by SQLite.

`DATABASE_URL` names the database, a fresh SQLite file unless told; `--postgresql` begins a cluster. `--defect` has
clients ask again under another key: then something must be doubled, or this script is no proof. Ends with 0 if all is
as it must be.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402

from tests.benchmarks.servers import family  # noqa: E402
from tests.clusters import cluster  # noqa: E402
from tests.running import free_port  # noqa: E402

REFERENCE: dict[str, Any] = json.loads((ROOT / "docs/reference-registration.json").read_text(encoding="utf-8"))
CONTROL = "/control/v1/sandboxes"

STEPS = ["draft", "declared", "sent", "stored", "manual_review", "rejected"]
"""What a filing goes through that customs reject."""

PATIENCE = 60.0
"""Seconds within which a killed server must answer again."""

CHILD_EVERY = 4
"""How often it is a child alone that is killed: its parent has to start another."""


class Server:
    """The simulator, of this version or another checkout's, on a database, at the same address whenever it is started
    again."""

    def __init__(self, url: str, log: Path, version: Path = ROOT) -> None:
        self.port, self.log, self.version = free_port(), log, version
        self.environment = {**os.environ, "DATABASE_URL": url, "SECRET_KEY": "of a test"}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--host", "127.0.0.1", "--port", str(self.port)],
                cwd=self.version,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.base}/readyz", trust_env=False).status_code == 200:
                    return
            time.sleep(0.02)
        raise RuntimeError(f"the server did not start: {self.log.read_text(errors='replace')[-800:]}")

    def wait_for_a_write(self) -> None:
        """Until something is being written, where that is to be seen: between the write and the answer is the moment
        that matters."""
        wal = Path(self.environment["DATABASE_URL"].removeprefix("sqlite:///") + "-wal")
        if wal.exists():
            seen, until = wal.stat().st_mtime_ns, time.monotonic() + 1
            while wal.stat().st_mtime_ns == seen and time.monotonic() < until:
                pass

    def kill(self) -> None:
        """All of it, at once."""
        assert self.process
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def kill_a_child(self, chance: random.Random) -> None:
        assert self.process
        with suppress(ProcessLookupError):
            os.kill(chance.choice(family(self.process.pid)[1:]), signal.SIGKILL)

    def stop(self) -> None:
        assert self.process
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(30)
        self.kill()


@dataclass
class World:
    """A sandbox, who writes in it, and what was acknowledged: filings by their references, in order the states of one
    after another."""

    key: str
    token: str
    filings: dict[str, str] = field(default_factory=dict)
    decided: list[str] = field(default_factory=list)
    remarks: dict[str, int] = field(default_factory=dict)

    @property
    def auth(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


def opened(wire: httpx.Client) -> World:
    told = wire.post(CONTROL, json={}).raise_for_status().json()
    return World(told["id"], next(one["token"] for one in told["accounts"] if one["role"] == "cardless"))


class Client:
    """Writes until told to stop, and does not rest before what it asked is acknowledged."""

    def __init__(
        self, base: str, number: int, shared: World, own: World, over: threading.Event, *, defect: bool
    ) -> None:
        self.wire = httpx.Client(base_url=base, timeout=30, trust_env=False)
        self.number, self.shared, self.own, self.over, self.defect = number, shared, own, over, defect
        self.asked = self.again = 0
        self.wrong: list[str] = []

    def write(self) -> None:
        try:
            while not self.over.is_set():
                self.one_more()
        except Exception as error:
            self.wrong.append(f"client {self.number} could not go on: {error!r}")
        finally:
            self.wire.close()

    def one_more(self) -> None:
        """Two drafts among those of all; one of its own that is written over, declared, and rejected."""
        for _ in range(2):
            self.create(self.shared)
        filing = self.create(self.own)
        for n in (1, 2):
            self.ask("PATCH", f"/api/v1/filings/{filing}", {"content": {"remarks": str(n)}}, self.own.auth)
            self.own.remarks[filing] = n
        self.ask("POST", f"/api/v1/filings/{filing}/declare", None, {**self.own.auth, "X-Sim-Scenario": "reject"})
        self.ask("POST", f"{CONTROL}/{self.own.key}/clock/advance", {"until": "idle"}, {})
        self.own.decided.append(filing)

    def create(self, world: World) -> str:
        reference = f"{self.number}-{uuid.uuid4().hex}"
        told = self.ask("POST", "/api/v1/filings", {**REFERENCE, "client_reference": reference}, world.auth)
        world.filings[reference] = told["id"]
        return str(told["id"])

    def ask(self, method: str, path: str, body: Any, headers: dict[str, str]) -> Any:
        """One request, as often as it takes. With the same key it takes effect once."""
        keyed = {"Idempotency-Key": uuid.uuid4().hex} if method == "POST" else {}
        until = time.monotonic() + PATIENCE
        while True:
            self.asked += 1
            try:
                answer = self.wire.request(method, path, json=body, headers=headers | keyed)
            except httpx.TransportError:
                self.again += 1
                if self.defect and keyed:
                    keyed = {"Idempotency-Key": uuid.uuid4().hex}
                if time.monotonic() > until:
                    raise
                time.sleep(0.02)
                continue
            if answer.status_code == 409 and "Retry-After" in answer.headers and time.monotonic() < until:
                # An advance that broke off keeps the next one from its world for some seconds, and says so.
                time.sleep(float(answer.headers["Retry-After"]))
                continue
            if answer.status_code >= 300 and not (self.defect and answer.status_code == 409):
                self.wrong.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
            return answer.json()


# ── judging ───────────────────────────────────────────────────────────────────────────────────────────────────────


def listed(wire: httpx.Client, world: World) -> Iterator[dict[str, Any]]:
    """All filings of a world, page by page."""
    address = "/api/v1/filings?limit=500"
    while address:
        page = wire.get(address, headers=world.auth).raise_for_status().json()
        yield from page["results"]
        address = page.get("next") or ""


def lost_and_doubled(acknowledged: dict[str, str], there: Sequence[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """Of filings by their references: which were acknowledged and are not there as told, and which are there twice or
    unasked."""
    counted = Counter(reference for reference, _ in there)
    lost = [reference for reference, filing in acknowledged.items() if (reference, filing) not in set(there)]
    return lost, [reference for reference, n in counted.items() if n > 1 or reference not in acknowledged]


@dataclass
class Verdict:
    """What a run came to."""

    kills: int = 0
    acknowledged: int = 0
    asked: int = 0
    again: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)

    def look(self, wire: httpx.Client, world: World) -> None:
        """Whether a world holds what was acknowledged, once."""
        there = [(one["client_reference"], one["id"]) for one in listed(wire, world)]
        lost, doubled = lost_and_doubled(world.filings, there)
        self.lost += [f"{world.key}: {one}" for one in lost]
        self.doubled += [f"{world.key}: {one}" for one in doubled]

    def look_closer(self, wire: httpx.Client, world: World) -> None:
        """What its filings went through, and whether the whole of it is a world."""
        for filing in world.decided:
            told = wire.get(f"/api/v1/filings/{filing}/timeline", headers=world.auth).raise_for_status().json()
            steps = [one["to"] for one in told["results"]]
            if steps != STEPS:
                (self.doubled if len(steps) > len(STEPS) else self.lost).append(f"{world.key} {filing}: {steps}")
        for filing, n in world.remarks.items():
            content = wire.get(f"/api/v1/filings/{filing}", headers=world.auth).raise_for_status().json()["content"]
            if content.get("remarks") != str(n):
                self.lost.append(f"{world.key} {filing}: remarks {content.get('remarks')}, not {n}")
        exported = wire.get(f"{CONTROL}/{world.key}/export").raise_for_status().content
        carried = wire.post(f"{CONTROL}/import", content=exported, headers={"Content-Type": "application/json"})
        if carried.status_code != 201:
            self.wrong.append(f"{world.key} is no world: {carried.text[:500]}")
        else:
            wire.delete(f"{CONTROL}/{carried.json()['id']}").raise_for_status()


# ── running ───────────────────────────────────────────────────────────────────────────────────────────────────────


def run(
    url: str, log: Path, kills: int, threads: int, seed: int, *, defect: bool = False, say: bool = False
) -> Verdict:
    """So many rounds on a database."""
    chance, verdict, worlds = random.Random(seed), Verdict(), list[World]()
    server = Server(url, log)
    server.start()
    try:
        for n in range(kills):
            worlds += one_round(
                server, verdict, threads, chance, child=n % CHILD_EVERY == CHILD_EVERY - 1, defect=defect
            )
            if say:
                print(
                    f"{n + 1}: {verdict.acknowledged} acknowledged, {len(verdict.lost)} lost, "
                    f"{len(verdict.doubled)} doubled, {len(verdict.wrong)} wrong",
                    flush=True,
                )
        with httpx.Client(base_url=server.base, timeout=120, trust_env=False) as wire:
            for world in worlds:
                verdict.look(wire, world)
    finally:
        server.stop()
    verdict.wrong += sound_file(url)
    return verdict


def one_round(
    server: Server, verdict: Verdict, threads: int, chance: random.Random, *, child: bool, defect: bool
) -> list[World]:
    """Clients write, the server is killed, begins anew, and is asked what it knows."""
    over = threading.Event()
    with httpx.Client(base_url=server.base, timeout=120, trust_env=False) as wire:
        shared, *own = (opened(wire) for _ in range(threads + 1))
        clients = [Client(server.base, n, shared, mine, over, defect=defect) for n, mine in enumerate(own)]
        writing = [threading.Thread(target=one.write) for one in clients]
        for one in writing:
            one.start()
        time.sleep(chance.uniform(0.2, 0.9))
        server.wait_for_a_write()
        verdict.kills += 1
        if child:
            server.kill_a_child(chance)
        else:
            server.kill()
            server.start()
        time.sleep(0.1)
        over.set()
        for one in writing:
            one.join()
    # Connections of a process that was killed are not asked for again.
    with httpx.Client(
        base_url=server.base, timeout=120, trust_env=False, transport=httpx.HTTPTransport(retries=3)
    ) as wire:
        for world in (shared, *own):
            verdict.look(wire, world)
            verdict.look_closer(wire, world)
    verdict.acknowledged += sum(len(one.filings) + 4 * len(one.decided) for one in (shared, *own))
    verdict.asked += sum(one.asked for one in clients)
    verdict.again += sum(one.again for one in clients)
    verdict.wrong += [words for client in clients for words in client.wrong]
    return [shared, *own]


def sound_file(url: str) -> list[str]:
    """What SQLite finds wrong with its file, the server gone."""
    if not url.startswith("sqlite"):
        return []
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
        told = [str(row[0]) for row in file.execute("PRAGMA integrity_check")] + [
            str(row) for row in file.execute("PRAGMA foreign_key_check")
        ]
    return [one for one in told if one != "ok"]


@contextmanager
def named(folder: Path) -> Iterator[str]:
    """The database of the environment, or a fresh file."""
    yield os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'crashes.sqlite3'}"


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--kills", type=int, default=60)
    asked.add_argument("--threads", type=int, default=8)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--postgresql", action="store_true")
    asked.add_argument("--defect", action="store_true")
    given = asked.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="crashes-"))
    began = time.monotonic()
    with cluster() if given.postgresql else named(folder) as url:
        verdict = run(url, folder / "log", given.kills, given.threads, given.seed, defect=given.defect, say=True)
    for words in (verdict.lost + verdict.doubled + verdict.wrong)[:50]:
        print(words)
    print(
        f"{verdict.kills} kills in {time.monotonic() - began:.0f} s on {url.split(':')[0]}: {verdict.asked} asked, "
        f"{verdict.again} asked again, "
        f"{verdict.acknowledged} acknowledged; {len(verdict.lost)} lost, {len(verdict.doubled)} doubled, "
        f"{len(verdict.wrong)} wrong ({folder / 'log'})"
    )
    sys.exit(int(not verdict.doubled if given.defect else not verdict.sound))
