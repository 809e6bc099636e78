"""What the simulator does a second, what that costs, and what others do on the same machine in the same minutes:

    python -m tests.benchmarks [--write] [--postgresql] [--peers FOLDER] [--seconds 4] [--keep FILE]
    python -m tests.benchmarks --told FILE --write
    python -m tests.benchmarks turns attached journal queries

Without words it is the table of docs/performance.md: every server by itself, 16 connections, the reference
registration as body, the load from a process of its own on the same processors (tests/benchmarks/load.py). `--write`
makes the page's tables and its plot anew. With words it is one of the smaller questions (tests/benchmarks/weights.py),
on the database that `DATABASE_URL` names. Linux; a quiet machine measures best.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

from filings.rules.version import VERSION
from tests import clusters
from tests.benchmarks import ours, telling
from tests.benchmarks.peers import PEERS, Peer, plan
from tests.benchmarks.servers import Server

ROOT = Path(__file__).resolve().parents[2]


def say(words: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {words}", file=sys.stderr, flush=True)


def compared(peer: Peer, executable: str, seconds: float, where: Path | None = None) -> dict[str, Any]:
    """What a peer does of the same work. It is started twice: the first time it fills its caches."""
    with tempfile.TemporaryDirectory(prefix="peer-", dir=where) as name:
        folder = Path(name)
        with peer.served(executable, folder):
            pass
        with peer.served(executable, folder) as server:
            found: dict[str, Any] = {"told": peer.told, "cold_s": server.cold}
            for work, steps in (("read", peer.read), ("create", peer.create)):
                if steps:
                    found[work] = server.under(plan(server, steps, seconds))
            found["memory_mb"] = server.memory
            if peer.lifecycle:
                found |= by_hand(server, peer, seconds)
    return found


def by_hand(server: Server, peer: Peer, seconds: float) -> dict[str, float]:
    """A lifecycle of a peer that has one: all its requests, one client."""
    one = server.under(plan(server, peer.lifecycle or [], seconds, connections=1))
    assert not one.told.failed, one.told.statuses
    return {"lifecycle": 1000 / one.told.rounds, "lifecycle_cpu": one.cpu * len(peer.lifecycle or [])}


def machine(where: Path | None) -> list[str]:
    """Where it was measured."""
    cpuinfo = Path("/proc/cpuinfo")
    model = re.search(r"model name\s*:\s*(.+)", cpuinfo.read_text()) if cpuinfo.exists() else None
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    return [
        f"{os.cpu_count()} processors ({model[1] if model else platform.processor()}), {memory:.0f} GB; load "
        f"before: {os.getloadavg()[0]:.1f}",
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}, Django {django.__version__}",
        f"simulator {VERSION} ({commit.strip() or 'not a checkout'}), {time.strftime('%Y-%m-%d')}; an fsync a "
        f"commit takes {fsync(where):.2f} ms here",
    ]


def fsync(where: Path | None) -> float:
    """Milliseconds of a small write that is on the disk when it is told."""
    with tempfile.NamedTemporaryFile(dir=where) as file:
        began = time.perf_counter()
        for _ in range(100):
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
        return (time.perf_counter() - began) * 10


def asked(given: argparse.Namespace) -> telling.Results:
    """Everything that is to be measured, one thing after another."""
    results: telling.Results = {"machine": machine(given.folder), "peers": {}}
    for peer in PEERS:
        executable = peer.found(given.peers)
        if executable is None:
            say(f"{peer.name}: not found")
            continue
        say(peer.name)
        results["peers"][peer.name] = compared(peer, executable, given.seconds, given.folder)
    with tempfile.TemporaryDirectory(prefix="ours-", dir=given.folder) as name:
        say("the simulator on SQLite")
        results["sqlite"] = ours.measured(f"sqlite:///{Path(name) / 'ours.sqlite3'}", given.seconds, say)
    if given.postgresql:
        say("the simulator on PostgreSQL")
        with clusters.cluster() as url:
            results["postgresql"] = ours.measured(url, given.seconds, say)
    loaded: telling.Results = json.loads(json.dumps(results, default=asdict))
    return loaded


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("words", nargs="*", help="smaller questions: turns, attached, journal, queries")
    wanted.add_argument("--seconds", type=float, default=4, help="of each load, after a second to warm up")
    wanted.add_argument(
        "--peers", type=Path, help="a folder where npm and pip may put what is to be compared with (once)"
    )
    wanted.add_argument("--postgresql", action="store_true", help="on PostgreSQL too, in a cluster begun for it")
    wanted.add_argument(
        "--folder",
        type=Path,
        help="where databases are to lie, of the simulator and of the prototype: what an fsync takes is the disk's",
    )
    wanted.add_argument("--keep", type=Path, help="a file for the results, as JSON")
    wanted.add_argument("--told", type=Path, help="results that were kept, instead of measuring")
    wanted.add_argument("--write", action="store_true", help="make the tables and the plot in docs/ anew")
    given = wanted.parse_args()
    if given.words:
        from tests.benchmarks import weights

        return weights.asked(given.words)
    results = json.loads(given.told.read_text()) if given.told else asked(given)
    if given.keep:
        given.keep.write_text(json.dumps(results, indent=1))
    print(telling.machine(results), telling.servers(results), telling.goals(results), sep="\n\n")
    if given.write:
        telling.write(ROOT / "docs", results)
    return None


if __name__ == "__main__":
    main()
