"""Servers under test: started on a free port, asked, looked at from outside, stopped."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks import load
from tests.benchmarks.load import HOST, Plan, Told

STARTS_WITHIN = 60.0
"""Seconds after which a server that has not answered will not."""


@dataclass
class Heard:
    """An answer: its status, what it says, and the seconds it took."""

    status: int
    body: bytes
    seconds: float

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Loaded:
    """A load on a server, and milliseconds of its processors' time for a request (nan where the system does not
    tell)."""

    told: Told
    cpu: float


class Server:
    """A server that runs; `cold` is the seconds until it first answered 200."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], cold: float) -> None:
        self.port, self.process, self.cold = port, process, cold

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Heard:
        """One request over a connection of its own. Raises AssertionError unless it succeeds."""
        heard = ask(self.port, method, path, body, headers)
        assert heard.status < 300, (method, path, heard.status, heard.body[:500])
        return heard

    def under(self, plan: Plan) -> Loaded:
        """Carry out a load on it."""
        before = cpu(self.process.pid)
        told = load.carried_out(plan)
        all_of_it = told.requests * ((plan.seconds or 0) + plan.warm)
        return Loaded(told, (cpu(self.process.pid) - before) / all_of_it * 1000 if all_of_it else float("nan"))

    @property
    def memory(self) -> float:
        """MB it holds, what processes share counted once."""
        return sum(_shared_out(one) for one in family(self.process.pid)) / 1024

    @property
    def cpu(self) -> float:
        """Seconds of processor time that its processes have used."""
        return cpu(self.process.pid)


def ask(port: int, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Heard:
    line = http.client.HTTPConnection(HOST, port, timeout=300)
    sent = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
    began = time.perf_counter()
    line.request(method, path, sent, {"Content-Type": "application/json", **(headers or {})})
    answer = line.getresponse()
    told = answer.read()
    line.close()
    return Heard(answer.status, told, time.perf_counter() - began)


@contextmanager
def running(command: Sequence[object], port: int, ready: str, folder: Path, **environment: str) -> Iterator[Server]:
    """A server as long as the block runs. Raises RuntimeError with what it said if it does not start."""
    with tempfile.TemporaryFile() as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            [str(one) for one in command],
            cwd=folder,
            env={**os.environ, **environment},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            while not _answers(port, ready):
                if process.poll() is not None or time.perf_counter() - began > STARTS_WITHIN:
                    log.seek(0)
                    raise RuntimeError(f"{command[0]} did not start: {log.read()[-800:].decode(errors='replace')}")
                time.sleep(0.005)
            yield Server(port, process, time.perf_counter() - began)
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Tell a server, and all it started, to stop; kill what does not."""
    for number, patience in ((signal.SIGTERM, 8), (signal.SIGKILL, 8)):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            break


def _answers(port: int, path: str) -> bool:
    try:
        return ask(port, "GET", path).status == 200
    except (OSError, http.client.HTTPException):
        return False


def family(pid: int) -> list[int]:
    """A process and all that came of it. Needs Linux; elsewhere the process alone."""
    found = [pid]
    for one in found:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            with suppress(OSError):
                found += [int(child) for child in task.read_text().split()]
    return found


def cpu(pid: int) -> float:
    """Seconds of processor time of a process and all that came of it; nan where the system does not tell."""
    if not Path("/proc/self/stat").exists():
        return float("nan")
    ticks = 0
    for one in family(pid):
        with suppress(OSError):
            told = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            ticks += int(told[11]) + int(told[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _shared_out(pid: int) -> float:
    """KB of a process, what it shares with others counted by its part."""
    with suppress(OSError):
        found = re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
        return float(found[1]) if found else 0.0
    return 0.0
