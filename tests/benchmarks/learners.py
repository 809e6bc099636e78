"""A class at work on a server of its own: so many learners for so long, each a browser with its own cookies, who reads,
thinks, does and checks.

    python -m tests.benchmarks.learners [--learners 60] [--seconds 120] [--think 3]

Nothing leaves this machine. It prints p50 and p99 in milliseconds for each kind of page, and whatever was not answered
as it should be; it ends with 1 if there was any.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.benchmarks.load import HOST
from tests.benchmarks.ours import server

EXERCISES = ("faq-2-4", "faq-2-10", "faq-1-9", "faq-2-2", "faq-1-5", "faq-2-15", "faq-2-6", "first-filing")
"""What is done, by each learner in an order of their own."""

PAGES = ("/enterprise", "/enquiries/overview", "/enquiries/filings", "/tickets", "/")
"""What is looked at in an exercise."""

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass
class Seen:
    """Seconds by kind of page, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)


class Clerk:
    """One learner at a browser, until the time is over."""

    def __init__(self, n: int, base: str, until: float, think: float, seen: Seen) -> None:
        self.chance, self.n, self.until, self.think, self.seen = random.Random(n), n, until, think, seen
        self.line = httpx.Client(base_url=base, timeout=60)
        self.token = ""

    def work(self) -> None:
        with self.line:
            self.look("door", "/learn/")
            self.do("come in", "/learn/come-in", name=f"学员{self.n}", class_code="")
            while not self.over:
                for exercise in self.chance.sample(EXERCISES, len(EXERCISES)):
                    if not self.over:
                        self.practise(exercise)

    def practise(self, exercise: str) -> None:
        self.look("course", "/learn/")
        self.look("brief", f"/learn/exercises/{exercise}")
        begun = self.do("begin", f"/learn/exercises/{exercise}/begin", mode=self.chance.choice(["guided", "practice"]))
        self.look("first page", begun.partition("#")[0], 200, 403)  # some begin with a refusal
        for page in self.chance.sample(PAGES, 3):
            self.look("page", page)
        self.do("deed", "/tickets", desk="customs", topic="status", text="请问进展")
        self.look("page after a deed", "/tickets")
        self.do("hint", "/practice", do="hint", next="/tickets")
        self.do("check", "/practice", do="check", next="/tickets")
        page = self.look("page", "/tickets")
        if ends := re.search(r"/learn/attempts/\w+/end", page):
            self.look("asked whether to end", ends[0])
            self.do("end", ends[0])

    @property
    def over(self) -> bool:
        return time.monotonic() >= self.until

    def look(self, kind: str, path: str, *right: int) -> str:
        """A page, then thinking."""
        told = self._timed(kind, "GET", path)
        if found := _TOKEN.search(told.text):
            self.token = found[1]
        if told.status_code not in (right or (200,)):
            self.seen.wrong.append(f"{kind} {path}: {told.status_code}")
        time.sleep(min(self.chance.expovariate(1 / self.think), max(0.0, self.until - time.monotonic())))
        return told.text

    def do(self, kind: str, path: str, **sent: str) -> str:
        """A deed. Returns where it leads."""
        told = self._timed(kind, "POST", path, {**sent, "csrfmiddlewaretoken": self.token})
        if told.status_code != 303:
            self.seen.wrong.append(f"{kind} {path}: {told.status_code}")
        return told.headers.get("Location", "/learn/")

    def _timed(self, kind: str, method: str, path: str, sent: dict[str, str] | None = None) -> httpx.Response:
        began = time.perf_counter()
        told = self.line.request(method, path, data=sent)
        self.seen.seconds[kind].append(time.perf_counter() - began)
        return told


def carried_out(learners: int, seconds: float, think: float) -> Seen:
    """A class at work; they come in over the first tenth of the time."""
    seen = Seen()
    with tempfile.TemporaryDirectory() as folder, server(f"sqlite:///{Path(folder) / 'class.sqlite3'}") as one_server:
        base, until = f"http://{HOST}:{one_server.port}", time.monotonic() + seconds

        def one(n: int) -> None:
            time.sleep(seconds / 10 * n / learners)
            try:
                Clerk(n, base, until, think, seen).work()
            except httpx.HTTPError as error:
                seen.wrong.append(f"learner {n}: {error!r}")

        threads = [threading.Thread(target=one, args=(n,)) for n in range(learners)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return seen


def share(sorted_seconds: list[float], part: float) -> float:
    """Milliseconds that so large a part is answered within."""
    return sorted_seconds[min(len(sorted_seconds) - 1, int(part * len(sorted_seconds)))] * 1000


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--learners", type=int, default=60)
    words.add_argument("--seconds", type=float, default=120)
    words.add_argument("--think", type=float, default=3, help="seconds a page is read, on average")
    told = words.parse_args()
    seen = carried_out(told.learners, told.seconds, told.think)
    everything = {**seen.seconds, "all": [one for kind in seen.seconds.values() for one in kind]}
    print(f"{'':22}{'asked':>7}{'p50 ms':>9}{'p99 ms':>9}{'slowest':>9}")
    for kind, seconds in everything.items():
        ordered = sorted(seconds)
        print(
            f"{kind:22}{len(ordered):7}{share(ordered, 0.5):9.1f}{share(ordered, 0.99):9.1f}{ordered[-1] * 1000:9.1f}"
        )
    print(f"{len(seen.wrong)} not as they should be", *seen.wrong[:20], sep="\n  ")
    return 1 if seen.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
