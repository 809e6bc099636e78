"""What webhooks withstand: thousands of events to receivers that misbehave, while the server is killed. A script, not
a test:

    python tests/torture_webhooks.py [--events 2000] [--kill-every 5] [--defect]

Every event must arrive at least once, every signature verify with the public library, every id and body stay the same
over retries, and no receiver that answered 200 hear of it again but for a kill in between. `--defect` plants one (a
delivery is written down as done before it is sent): then events must be missing, or this script is no proof. Ends with
0 if all is as it must be.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402

from tests.receiving import Heard, answering, cutting, cutting_short, dripping, hanging, receiver  # noqa: E402

STEPS = ("declared", "sent", "stored", "manual_review", "approved")
WORLDS = 4
RATE = 3600
"""Sandbox seconds in a real one: the ten hours before the last retry pass in ten seconds."""

FAULTS = {
    "500": (answering(500), 25),
    "429": (answering(429, Retry_After="30"), 15),
    "503": (answering(503, Retry_After="30"), 10),
    "cut": (cutting, 20),
    "redirect": (None, 15),
    "hang": (hanging, 3),
    "drip": (dripping, 3),
    "no http": (lambda wire, _: wire.sendall(b"SSH-2.0-x\r\n"), 5),
}


class Judge:
    """One receiver's behaviour and memory: each event meets up to three faults, drawn by its id, then 200."""

    def __init__(self, trap: str) -> None:
        self.secret, self.trap = "", trap
        self.lock = threading.Lock()
        self.arrivals: Counter[str] = Counter()
        self.accepted: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.bodies: dict[str, bytes] = {}
        self.events: dict[tuple[str, str], str] = {}
        self.bad_signatures = self.unstable = 0
        self.order: list[float] = []

    def __call__(self, wire: socket.socket, heard: Heard) -> None:
        with self.lock:
            try:
                told = heard.verify(self.secret)
            except Exception:
                self.bad_signatures += 1
                return
            self.arrivals[heard.id] += 1
            self.unstable += self.bodies.setdefault(heard.id, heard.body) != heard.body
            self.events[told["data"]["filing"]["id"], told["type"]] = heard.id
            drawn = random.Random(hashlib.sha256(heard.id.encode()).digest())
            meets = drawn.choices(list(FAULTS), [weight for _, weight in FAULTS.values()], k=drawn.randrange(4))
            met = meets[self.arrivals[heard.id] - 1] if self.arrivals[heard.id] <= len(meets) else ""
            self.faults[met or "none"] += 1
            if not met:
                self.accepted[heard.id] += 1
        if met == "redirect":
            answering(302, Location=self.trap)(wire, heard)
        elif met:
            FAULTS[met][0](wire, heard)  # type: ignore[misc]
        else:
            drawn.choice([answering(200), answering(204), cutting_short])(wire, heard)


class Server:
    """The simulator as it is run, killed and started again on one database."""

    def __init__(self, folder: Path, allow: list[str], defect: bool) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        url = os.environ.get("DATABASE_URL") or f"sqlite:///{folder / 'torture.sqlite3'}"
        self.env = {**os.environ, "DATABASE_URL": url, "SIM_WEBHOOK_ALLOW": ",".join(allow), "PORT": str(self.port)}
        self.command = (
            [sys.executable, __file__, "--serve-with-defect"] if defect else [sys.executable, "manage.py", "serve"]
        )
        self.kills = 0
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            cwd=ROOT,
            env=self.env,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with suppress(httpx.TransportError):
                if httpx.get(f"{self.base}/healthz").status_code == 200:
                    return
            time.sleep(0.02)
        raise SystemExit("the server did not start")

    def kill(self) -> None:
        """Everything at once, without a word. The children left behind end by themselves; the port tells when."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.kills += 1

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(15)


def ask(base: str, method: str, path: str, body: Any = None, key: str = "") -> Any:
    """One call, again and again until it is answered: with a key it has its effect once."""
    while True:
        with suppress(httpx.TransportError):
            answer = httpx.request(
                method,
                f"{base}/control/v1{path}",
                json=body,
                headers={"Idempotency-Key": key} if key else {},
                timeout=20,
            )
            if answer.status_code < 300:
                return answer.json() if answer.content else None
            if answer.status_code not in (409, 503):
                raise SystemExit(f"{method} {path}: {answer.text}")
        time.sleep(0.05)


def torture(events: int, kill_every: float, defect: bool) -> int:
    folder = Path(tempfile.mkdtemp(prefix="torture-"))
    filings = -(-events // len(STEPS))
    with ExitStack() as stack:
        trap = stack.enter_context(receiver())
        gone = stack.enter_context(receiver(answering(410)))
        judges = [Judge(trap.url) for _ in range(WORLDS)]
        doors = [stack.enter_context(receiver(judge)) for judge in judges]
        server = Server(folder, [trap.listed, gone.listed, *(door.listed for door in doors)], defect)
        stack.callback(server.stop)
        worlds = []
        for judge, door in zip(judges, doors, strict=True):
            world = ask(server.base, "POST", "/sandboxes", {"clock": {"mode": "scaled", "rate": RATE}})["id"]
            judge.secret = ask(server.base, "POST", f"/sandboxes/{world}/webhooks", {"url": door.url})["secret"]
            worlds.append(world)
        ended = ask(server.base, "POST", f"/sandboxes/{worlds[0]}/webhooks", {"url": gone.url})["id"]

        over = threading.Event()
        acknowledged: list[tuple[int, str]] = []

        def produce(n: int) -> None:
            for one in range(n, filings, WORLDS):
                made = ask(
                    server.base, "POST", f"/sandboxes/{worlds[n]}/fixtures/filing", {"state": "approved"}, key=f"f{one}"
                )
                acknowledged.append((n, made["id"]))

        def disturb() -> None:
            chance = random.Random(1)
            while kill_every and not over.wait(chance.uniform(0.5, 1.5) * kill_every):
                server.kill()
                server.start()

        began = time.monotonic()
        disturber = threading.Thread(target=disturb, daemon=True)
        disturber.start()
        producers = [threading.Thread(target=produce, args=(n,), daemon=True) for n in range(WORLDS)]
        for one in producers:
            one.start()
        for one in producers:
            one.join()
        written = time.monotonic() - began

        def pending() -> int:
            found = [
                ask(server.base, "GET", f"/sandboxes/{world}/deliveries?state=pending&limit=500")["results"]
                for world in worlds
            ]
            return sum(map(len, found))

        until = time.monotonic() + 60 + events / 10
        while (left := pending()) and time.monotonic() < until:
            time.sleep(0.5)
        over.set()
        disturber.join(40)
        took = time.monotonic() - began
        left = pending()

        wanted = {(n, filing, f"filing.{step}") for n, filing in acknowledged for step in STEPS}
        arrived = {(n, *event) for n, judge in enumerate(judges) for event in judge.events}
        missing = wanted - arrived
        unaccepted = [event for n, *event in wanted - missing if not judges[n].accepted[judges[n].events[tuple(event)]]]
        again = sum(count - 1 for judge in judges for count in judge.accepted.values())
        failed = [
            one
            for world in worlds
            for one in ask(server.base, "GET", f"/sandboxes/{world}/deliveries?state=failed&limit=500")["results"]
        ]
        exhausted = [one for one in failed if one["webhook"] != ended]
        figures = {
            "events": len(wanted),
            "written in s": round(written, 1),
            "all delivered after s": round(took, 1),
            "kills of the server": server.kills,
            "arrivals": sum(sum(judge.arrivals.values()) for judge in judges),
            "faults met": dict(sum((judge.faults for judge in judges), Counter())),
            "events that never arrived": len(missing),
            "events never accepted": len(unaccepted),
            "still pending": left,
            "retries exhausted": len(exhausted),
            "accepted more than once": again,
            "signatures that did not verify": sum(judge.bad_signatures for judge in judges),
            "ids with another body": sum(judge.unstable for judge in judges),
            "redirects followed": len(trap.heard),
            "heard by the receiver that said 410": len(gone.heard),
        }
        for name, figure in figures.items():
            print(f"{name:36} {json.dumps(figure)}")
        # One receiver has at most one delivery answered and not yet written down at a kill, and AT_ONCE where it is
        # slow.
        wrong = {
            "lost": len(missing) + len(unaccepted) + left + len(exhausted),
            "again": again > 8 * WORLDS * server.kills,
            "forged": figures["signatures that did not verify"],
            "unstable": figures["ids with another body"],
            "followed": len(trap.heard),
            "not ended": len(gone.heard) > 8 * (1 + server.kills),
        }
    faults = [name for name, bad in wrong.items() if bad]
    print("as it must be" if not faults else f"WRONG: {', '.join(faults)}")
    return int(bool(faults))


def serve_with_defect() -> None:
    """The server with a delivery written down as done before it is sent."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "singlewindow.settings"
    import django
    from django.core.management import call_command

    django.setup()
    from filings.lab.webhooks import delivering, reaching

    send = delivering.Courier._send

    def too_early(self: Any, parcel: Any) -> None:
        delivering.record(parcel, reaching.Result(status=200))
        send(self, parcel)

    delivering.Courier._send = too_early  # type: ignore[method-assign]
    call_command("serve")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--events", type=int, default=2000)
    asked.add_argument("--kill-every", type=float, default=5, help="seconds, about; 0: never")
    asked.add_argument("--defect", action="store_true", help="plant a defect that must be found")
    asked.add_argument("--serve-with-defect", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.serve_with_defect:
        serve_with_defect()
    else:
        sys.exit(torture(given.events, given.kill_every, given.defect))
