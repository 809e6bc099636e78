"""A load on a server: so many connections, kept alive, each of which asks again as soon as it is answered.

    python tests/benchmarks/load.py < plan > told

A process of its own, one thread, the standard library alone: it reads a `Plan` as one line of JSON, prints that it has
begun, and at the end what it saw as another line.
A plan without `seconds` ends when the input is closed. On the machine of the table one such process asks about 10 000
times a second.
"""

from __future__ import annotations

import heapq
import json
import random
import re
import selectors
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

HOST = "127.0.0.1"

PATIENCE = 60.0
"""Seconds an answer is waited for; then the connection counts as broken."""

_LENGTH = re.compile(rb"\r\ncontent-length:\s*(\d+)", re.IGNORECASE)
_ID = re.compile(rb'"id"\s*:\s*"?([\w-]+)')


@dataclass
class Step:
    """One request. In path and body `{n}` is a running number, `{id}` the id in the answer to the first step, `{pick}`
    one of the plan's."""

    method: str
    path: str
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Plan:
    """What is asked: the steps in turn, by every connection, again and again. Seconds all; `pause` between two rounds
    of a connection."""

    port: int
    steps: list[Step]
    connections: int = 16
    seconds: float | None = 4.0
    warm: float = 1.0
    pause: float = 0.0
    picks: list[str] = field(default_factory=list)


@dataclass
class Told:
    """What was seen after the warm-up: rounds and requests a second, milliseconds of a request, and the statuses."""

    rounds: float
    requests: float
    p50: float
    p99: float
    slowest: float
    statuses: dict[str, int]

    @property
    def failed(self) -> int:
        return sum(count for status, count in self.statuses.items() if not status.startswith("2"))


class Connection:
    """One client: which step it is at, and what has come of the answer."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.line: socket.socket | None = None
        self.step = 0
        self.number = 0
        self.id = ""
        self.come = bytearray()
        self.began = 0.0
        self.wanted = -1
        self.well = True

    def ask(self) -> None:
        if self.line is None:
            self.connect()
        self.come.clear()
        self.wanted, self.began = -1, time.perf_counter()
        assert self.line is not None
        try:
            self.line.sendall(self.load.request(self))
        except OSError:
            self.over("broken")

    def connect(self) -> None:
        self.line = socket.create_connection((HOST, self.load.plan.port), PATIENCE)
        self.line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.load.watched.register(self.line, selectors.EVENT_READ, self)

    def heard(self) -> None:
        """Read what has come; when the answer is whole, go on."""
        assert self.line is not None
        try:
            more = self.line.recv(262_144)
        except OSError:
            more = b""
        if not more:
            return self.over("broken")
        self.come += more
        if self.wanted < 0:
            end = self.come.find(b"\r\n\r\n")
            if end < 0:
                return None
            head = bytes(self.come[:end])
            length = _LENGTH.search(head)
            if length:
                self.wanted = end + 4 + int(length[1])
            elif b"chunked" not in head.lower():
                self.wanted = end + 4
        if len(self.come) >= self.wanted if self.wanted >= 0 else self.come.endswith(b"0\r\n\r\n"):
            self.over(self.come[9:12].decode())
        return None

    def over(self, status: str) -> None:
        """The step has its answer, or will never have one."""
        load = self.load
        load.note(status, time.perf_counter() - self.began)
        self.well = self.well and status.startswith("2")
        if status == "broken" or b"connection: close" in self.come[:1024].lower():
            assert self.line is not None
            load.watched.unregister(self.line)
            self.line.close()
            self.line = None
        if self.step == 0 and len(load.plan.steps) > 1:
            found = _ID.search(self.come)
            self.id = found[1].decode() if found else ""
        self.step += 1
        if self.step == len(load.plan.steps) or not self.well:
            load.ended(self.well)
            self.step, self.well = 0, True
            if load.plan.pause or status == "broken":
                return load.later(self)
        return self.ask()


class Load:
    """A plan that is carried out."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.watched = selectors.DefaultSelector()
        self.chance = random.Random(1)
        self.number = 0
        self.waiting: list[tuple[float, int, Connection]] = []
        self.counts_from = 0.0
        self.times: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.rounds = 0
        self.made = [self.prepared(step) for step in plan.steps]

    def prepared(self, step: Step) -> tuple[str, bytes, bool]:
        """The head up to the length, the body, and whether anything is to be put into them."""
        sent = {
            "Host": f"{HOST}:{self.plan.port}",
            "Accept": "application/json",
            "Content-Type": "application/json",
            **step.headers,
        }
        if not step.body:
            del sent["Content-Type"]
        head = f"{step.method} {step.path} HTTP/1.1\r\n" + "".join(
            f"{name}: {value}\r\n" for name, value in sent.items()
        )
        changes = re.search(r"\{(n|id|pick)\}", step.path + step.body) is not None
        return head, step.body.encode(), changes

    def request(self, client: Connection) -> bytes:
        head, body, changes = self.made[client.step]
        if client.step == 0:
            self.number += 1
            client.number = self.number
        if changes:
            body = body.replace(b"{n}", b"%d" % client.number)
            head = head.replace("{id}", client.id)
            if "{pick}" in head:
                head = head.replace("{pick}", self.chance.choice(self.plan.picks))
        length = f"Content-Length: {len(body)}\r\n" if body or head.startswith("POST") else ""
        return f"{head}{length}\r\n".encode() + body

    def note(self, status: str, seconds: float) -> None:
        if time.perf_counter() >= self.counts_from:
            self.times.append(seconds)
            self.statuses[status] += 1

    def ended(self, well: bool) -> None:
        if well and time.perf_counter() >= self.counts_from:
            self.rounds += 1

    def later(self, one: Connection) -> None:
        heapq.heappush(self.waiting, (time.perf_counter() + max(self.plan.pause, 0.005), id(one), one))

    def run(self) -> Told:
        clients = [Connection(self) for _ in range(self.plan.connections)]
        for one in clients:
            one.connect()
        began = time.perf_counter()
        self.counts_from = began + self.plan.warm
        ends = self.counts_from + self.plan.seconds if self.plan.seconds is not None else float("inf")
        if self.plan.seconds is None:
            self.watched.register(sys.stdin, selectors.EVENT_READ, None)
        print("begun", flush=True)
        for one in clients:
            one.ask()
        while (now := time.perf_counter()) < ends:
            while self.waiting and self.waiting[0][0] <= now:
                heapq.heappop(self.waiting)[2].ask()
            until = min(self.waiting[0][0] if self.waiting else ends, ends, now + 1)
            for key, _ in self.watched.select(max(0.0, until - now)):
                if key.data is None:
                    ends = 0.0
                else:
                    key.data.heard()
        # Who still waits has waited at least so long.
        self.times += [
            now - client.began
            for client in clients
            if client.line is not None and client.began and now - client.began > 1
        ]
        return self.told(max(now - self.counts_from, 1e-9))

    def told(self, seconds: float) -> Told:
        times = sorted(self.times) or [0.0]

        def at(share: float) -> float:
            return times[min(len(times) - 1, int(len(times) * share))] * 1000

        answered = sum(self.statuses.values())
        return Told(self.rounds / seconds, answered / seconds, at(0.5), at(0.99), times[-1] * 1000, dict(self.statuses))


def _begun(plan: Plan) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, str(Path(__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(asdict(plan)).encode() + b"\n")
    process.stdin.flush()
    process.stdout.readline()
    return process


def _ended(process: subprocess.Popen[bytes]) -> Told:
    out, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"the load ended with {process.returncode}")
    return Told(**json.loads(out))


def carried_out(plan: Plan) -> Told:
    """Carry out a plan that has an end, in a process of its own."""
    return _ended(_begun(plan))


@contextmanager
def meanwhile(plan: Plan) -> Iterator[list[Told]]:
    """Carry out a plan as long as the block runs; afterwards the list holds what was seen."""
    plan.seconds, told = None, list[Told]()
    process = _begun(plan)
    try:
        time.sleep(plan.warm)
        yield told
    finally:
        told.append(_ended(process))


def read(line: str) -> Plan:
    """A plan as it comes in."""
    given: dict[str, Any] = json.loads(line)
    return Plan(**{**given, "steps": [Step(**one) for one in given["steps"]]})


if __name__ == "__main__":
    # The line alone: with more read than it, the end of the input would not be seen.
    line = bytearray()
    while not line.endswith(b"\n"):
        line += sys.stdin.buffer.raw.read(65_536)
    sys.setswitchinterval(1)
    print(json.dumps(asdict(Load(read(line.decode())).run())))
