"""`swsim listen` through everything that may happen to it: the server is stopped, and killed; the receiver is down for
a minute; the listener itself is killed. Every event must arrive, signed, and none twice but for a kill in between.

    python tests/clientkit/listening_through.py [--events 1000] [--down 60]

Ends with 0 if none is lost. The test beside it does the same with fewer events and a shorter minute.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KIT = ROOT / "singlewindow/clientkit"
sys.path.insert(0, str(KIT))

from swsim import SingleWindow, SwsimError, World  # noqa: E402
from swsim.receiving import Receiver  # noqa: E402
from swsim.serving import NotStarted, Server, free_port, start  # noqa: E402

COMMAND = [sys.executable, str(ROOT / "manage.py")]
STEPS = ("declared", "sent", "stored", "manual_review", "approved")
SECRET = "whsec_" + "c2ltdWxhdGVkIHNpZ25pbmcgc2VjcmV0"


@dataclass
class Outcome:
    """What came of it. `wanted` and `heard` are (filing, event)."""

    wanted: set[tuple[str, str]] = field(default_factory=set)
    heard: list[tuple[str, str]] = field(default_factory=list)
    repeated: int = 0
    refused: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def lost(self) -> set[tuple[str, str]]:
        return self.wanted - set(self.heard)

    @property
    def in_order(self) -> bool:
        """Whether the events of each filing came in their order."""
        by_filing: dict[str, list[str]] = {}
        for filing, event in self.heard:
            by_filing.setdefault(filing, []).append(event.removeprefix("filing."))
        return all(came == sorted(came, key=STEPS.index) for came in by_filing.values())


def listener(base: str, world: World, to: int, home: Path, log: Path) -> subprocess.Popen[bytes]:
    """`swsim listen`, as it is run."""
    with log.open("ab") as told:
        return subprocess.Popen(
            [sys.executable, "-m", "swsim.cli", "listen", "--forward-to", f"http://127.0.0.1:{to}/hook", "--json"],
            env=os.environ
            | {
                "PYTHONPATH": str(KIT),
                "SWSIM_HOME": str(home),
                "SWSIM_SECRET": SECRET,
                "SINGLE_WINDOW_URL": base,
                "SINGLE_WINDOW_WORLD": world.id,
            },
            stdout=told,
            stderr=subprocess.STDOUT,
        )


def killed(process: subprocess.Popen[bytes], group: bool = False) -> None:
    """Without a word."""
    if group:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()


def served(folder: Path, port: int) -> Server:
    """The server on its data; what is left of one that was killed may hold the port for a moment."""
    for _ in range(50):
        with suppress(NotStarted):
            return start(command=COMMAND, port=port, data=folder / "data")
        time.sleep(0.2)
    raise SystemExit("the server did not start again")


def until(done: Callable[[], bool], seconds: float) -> None:
    """Wait for something, no longer than so many seconds."""
    end = time.monotonic() + seconds
    while not done() and time.monotonic() < end:
        time.sleep(0.05)


def run(events: int, down: float, folder: Path, *, stops: bool = True) -> Outcome:
    """A quarter of the events each: all well, the server stopped in between if it `stops`; receiver down, server killed
    in between; listener killed, and dead for a while; all well again."""
    outcome, port, to = Outcome(), free_port(), free_port()
    filings = events // len(STEPS) // 4
    home, log, began = folder / "home", folder / "listen.log", time.monotonic()
    heard: list[Receiver] = []

    @contextmanager
    def timed(what: str) -> Iterator[None]:
        at = time.monotonic()
        yield
        outcome.seconds[what] = round(time.monotonic() - at, 1)

    def arrived() -> int:
        return len({(one.filing["id"], one.type) for receiver in heard for one in receiver.events})

    def opened() -> Receiver:
        for _ in range(50):
            with suppress(OSError):  # the one before is just leaving
                heard.append(Receiver(secret=SECRET, port=to))
                return heard[-1]
            time.sleep(0.05)
        raise SystemExit(f"somebody else has port {to}")

    def make(world: World, n: int) -> None:
        for _ in range(n):
            made = world.fixture("filing", state="approved")
            outcome.wanted |= {(made["id"], f"filing.{step}") for step in STEPS}

    server = served(folder, port)
    ear = opened()
    with SingleWindow(server.url) as sw:
        world = sw.world(name="listening")
        listening = listener(server.url, world, to, home, log)
        until(lambda: bool(world.control.list_webhooks(world.id)["results"]), 20)
        try:
            with timed("server stopped and started"):
                make(world, filings // 2)
                if stops:
                    server.stop()
                    server = served(folder, port)
                make(world, filings - filings // 2)
                until(lambda: arrived() == len(outcome.wanted), 30)

            with timed("receiver down, server killed"):
                ear.close()
                at = time.monotonic()
                make(world, filings)
                killed(server.process, group=True)
                with suppress(SwsimError):
                    sw.control.list_situations()
                server = served(folder, port)
                time.sleep(max(0.0, down - (time.monotonic() - at)))
                outcome.seconds["down"] = round(time.monotonic() - at, 1)
                ear = opened()
                # In the midst of what has piled up.
                until(lambda: arrived() > len(outcome.wanted) - filings * len(STEPS), 30)

            with timed("listener killed"):
                killed(listening)
                make(world, filings)
                listening = listener(server.url, world, to, home, log)
                make(world, filings)
                until(lambda: arrived() == len(outcome.wanted), 60)
                time.sleep(1)  # for what might come twice
        finally:
            listening.terminate()
            listening.wait(15)
            server.stop()
            ear.close()
    outcome.heard = [(one.filing["id"], one.type) for receiver in heard for one in receiver.events]
    outcome.repeated = sum(receiver.repeated for receiver in heard) + len(outcome.heard) - len(set(outcome.heard))
    outcome.refused = [words for receiver in heard for words in receiver.refused]
    outcome.seconds["in all"] = round(time.monotonic() - began, 1)
    return outcome


def main() -> int:
    """Run it, tell what came of it."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--events", type=int, default=1000)
    asked.add_argument("--down", type=float, default=60)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(given.events, given.down, Path(folder))
        told = [json.loads(line) for line in (Path(folder) / "listen.log").read_text().splitlines() if line[:1] == "{"]
    away = [one["away"] for one in told if one.get("away")]
    print(
        f"{len(outcome.wanted)} events, {len(outcome.lost)} lost, {outcome.repeated} repeated,"
        f" {len(outcome.refused)} with a bad signature, {'in' if outcome.in_order else 'out of'} order"
    )
    print(f"the listener missed: {', '.join(away)}; seconds: {outcome.seconds}")
    return 1 if outcome.lost or outcome.refused else 0


if __name__ == "__main__":
    sys.exit(main())
