"""An hour of mixed work against the server as it is run, and what memory it holds. A script, not a test:

    python tests/soak.py [--minutes 60] [--rate 20] [--threads 4] [--warm-up 10] [--seed 1]

Worlds are made, lived in by both planes, the screens and the console, kept, carried, restored, reset and deleted, one
after another: filings declared and decided, documents printed, webhooks delivered, logins, imports. The memory of
every process of the server is sampled; between the warm-up and the end it may grow by a twentieth. `DATABASE_URL`
names the database, a fresh SQLite file unless told. Needs Linux. Ends with 0 if all is as it must be: no answer 500 or
above, no traceback, no more memory than that.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402

from tests.races import (  # noqa: E402
    PDF,
    STRANGERS,
    Call,
    Ring,
    Told,
    World,
    card_login,
    client,
    everything,
    registration,
)
from tests.receiving import Receiver, receiver  # noqa: E402
from tests.running import start, stop  # noqa: E402

ALLOWED = 0.05
"""By how much memory may grow, as a share of what it was after the warm-up."""

SAMPLED = 5.0
"""Seconds between two samples."""

CALLS = 150
"""Calls of any sort in a world, beside those of its story."""


class Paced(Ring):
    """A line to the server that asks so many times a second at the most, and stops when told."""

    def __init__(self, wire: httpx.Client, chance: random.Random, rate: float, over: threading.Event) -> None:
        super().__init__(wire, 1, chance)
        self.pause, self.over = 1 / rate, over
        self._next = time.monotonic()

    def ask(self, call: Call) -> Told:
        if self.over.wait(max(0.0, self._next - time.monotonic())):
            raise Ended
        self._next = max(self._next + self.pause, time.monotonic())
        return super().ask(call)


class Ended(Exception):
    """The time is over."""


def life(ring: Paced, hook: Receiver) -> None:
    """A world from its making to its end."""
    chance = ring.chance
    world = World(ring, scenario=chance.choice(["approve", "reject", "approve; pace=fast"]))
    control, mine, page = world.control, world.mine, world.page
    world.ok(control("POST", "/webhooks", {"url": hook.url}))
    filing = world.draft()
    steps: list[Call] = [
        mine(
            "POST",
            f"/filings/{filing}/attachments",
            files={"file": ("a.pdf", PDF, "application/pdf"), "type": (None, "record_form")},
        ),
        mine("POST", "/forms/registration/state", {"content": world.sheet()}),
        page(f"/filings/{filing}", role="cardless"),
        mine("GET", f"/filings/{filing}/record-form.pdf"),
        mine("POST", f"/filings/{filing}/declare"),
        control("POST", "/checkpoints", {"name": "kept"}),
        control("POST", "/clock/advance", {"until": "idle"}),
        mine("GET", f"/filings/{filing}"),
        mine("GET", "/enterprise/certificate.pdf", None, "card"),
        page("/enterprise/certificate.pdf"),
        page(f"/filings/{filing}/print", role="cardless"),
        page(f"/console/sandboxes/{world.id}/filings/{filing}"),
        page(f"/console/sandboxes/{world.id}/journal"),
        page(f"/console/sandboxes/{world.id}/webhooks"),
        page(f"/console/sandboxes/{world.id}/coverage"),
        page(f"/customs/{world.id}/{filing}"),
        page("/faq?q=年报"),
        page("/fidelity"),
        page("/machine"),
        Call("GET", "/api/v1/schema"),
        Call("GET", "/control/v1/schema"),
        control("POST", "/checkpoints/kept/restore"),
        control("POST", "/coverage", None),
    ]
    for n in range(CALLS):
        if n % (CALLS // len(steps)) == 0 and steps:
            ring.ask(steps.pop(0))
        ring.ask(everything(world, chance))
    for one in (
        registration(world, f"z{chance.random()}", STRANGERS[2]),
        card_login(world, world.accounts["card"]["card_no"]),
    ):
        ring.ask(one)
    carried = ring.ask(Call("POST", "/control/v1/sandboxes/import", world.ok(control("GET", "/export")))).json
    world.ok(Call("DELETE", f"/control/v1/sandboxes/{carried['id']}"))
    world.ok(control("POST", "/reset"))
    world.ok(control("DELETE", ""))


# ── memory ────────────────────────────────────────────────────────────────────────────────────────────────────────


def family(root: int) -> list[int]:
    """A process and all that came of it."""
    parents = {}
    for one in Path("/proc").iterdir():
        if one.name.isdecimal():
            try:
                parents[int(one.name)] = int((one / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def held(pid: int) -> float:
    """The memory a process holds (VmRSS), in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def watch(root: int, over: threading.Event, samples: list[dict[int, float]]) -> None:
    while not over.wait(SAMPLED):
        samples.append({pid: held(pid) for pid in family(root)})


def mean(samples: list[dict[int, float]]) -> dict[int, float]:
    """What each process held on the average."""
    return {
        pid: statistics.fmean(sample.get(pid, 0.0) for sample in samples)
        for pid in sorted({pid for one in samples for pid in one})
    }


def told(minute: float, samples: list[dict[int, float]], asked: int, files: Path) -> None:
    now = mean(samples)
    sizes = ", ".join(f"{one.name} {one.stat().st_size / 1e6:.0f}" for one in sorted(files.glob("*.sqlite3*")))
    print(
        f"minute {minute:5.1f}: {sum(now.values()):7.1f} MB = {' + '.join(f'{one:.1f}' for one in now.values())}; "
        f"{asked} asked; files (MB): {sizes}",
        flush=True,
    )


if __name__ == "__main__":
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--minutes", type=float, default=60)
    wanted.add_argument("--rate", type=float, default=20, help="requests a second in all")
    wanted.add_argument("--threads", type=int, default=4)
    wanted.add_argument("--warm-up", type=float, default=10, help="minutes before memory is held against what it was")
    wanted.add_argument("--seed", type=int, default=1)
    given = wanted.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="soak-"))
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'soak.sqlite3'}"
    over, samples = threading.Event(), list[dict[int, float]]()
    rings: list[Paced] = []

    def lives(ring: Paced, hook: Receiver) -> None:
        while True:
            try:
                life(ring, hook)
            except Ended:
                return
            except Exception as error:
                ring.wrong(f"could not go on: {error!r}")
            hook.heard.clear()

    with receiver() as hook:
        server, base, _ = start(folder / "log", DATABASE_URL=url, SIM_WEBHOOK_ALLOW=hook.listed)
        try:
            with client(base, given.threads) as wire:
                rate = given.rate / given.threads
                rings += [Paced(wire, random.Random(given.seed * 1000 + n), rate, over) for n in range(given.threads)]
                at_work: list[threading.Thread] = [threading.Thread(target=lives, args=(one, hook)) for one in rings]
                at_work.append(threading.Thread(target=watch, args=(server.pid, over, samples)))
                for one in at_work:
                    one.start()
                began, minutes = time.monotonic(), 0.0
                while minutes < given.minutes:
                    time.sleep(min(60.0, (given.minutes - minutes) * 60))
                    minutes = (time.monotonic() - began) / 60
                    told(minutes, samples[-12:], sum(sum(one.answers.values()) for one in rings), folder)
                over.set()
                for one in at_work:
                    one.join()
        finally:
            over.set()
            stop(server)
    broken = [words for one in rings for words in one.broken]
    answers: Counter[int] = sum((one.answers for one in rings), Counter())
    for words in broken[:50]:
        print(words)
    warm = samples[int(given.warm_up * 60 / SAMPLED) :]
    tenth = max(1, len(warm) // 10)
    before, after = (sum(mean(some).values()) for some in (warm[:tenth], warm[-tenth:]))
    grown = after / before - 1
    tracebacks = (folder / "log").read_text().count("Traceback")
    print(f"{sum(answers.values())} answers on {url.split(':')[0]}: {dict(sorted(answers.items()))}")
    print(
        f"{before:.1f} MB after the warm-up, {after:.1f} MB at the end: {grown:+.1%}; the most "
        f"{max(sum(one.values()) for one in samples):.1f} MB"
    )
    print(f"{len(broken)} broken, {tracebacks} tracebacks in {folder / 'log'}")
    sys.exit(int(bool(broken or tracebacks or grown > ALLOWED)))
