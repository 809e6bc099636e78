"""Smaller questions than the table's, each of one server and few clients: what others wait for while something large
is done, what files weigh, what the journal costs, how many statements a request makes. `python -m tests.benchmarks
turns attached journal queries`; `DATABASE_URL` names the database, a fresh SQLite file unless told.
"""

from __future__ import annotations

import json
import logging
import os
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.benchmarks.servers import family
from tests.running import start, stop

ROOT = Path(__file__).resolve().parents[2]
WORK = Path(tempfile.mkdtemp(prefix="measure-"))

REFERENCE: dict[str, Any] = json.loads((ROOT / "docs/reference-registration.json").read_text())


def told(label: str, times: list[float]) -> None:
    times = sorted(times)
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    print(f"{label:34} p50 {statistics.median(times) * 1000:7.1f} ms   p99 {p99 * 1000:7.1f} ms   n {len(times)}")


def timed(label: str, n: int, work: Callable[[], object]) -> None:
    work()
    times = []
    for _ in range(n):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    told(label, times)


def ok(answer: httpx.Response) -> httpx.Response:
    assert answer.status_code < 300, answer.text
    return answer


@contextmanager
def served(**environment: str) -> Iterator[httpx.Client]:
    """A client of a server that runs as long as the block."""
    server, base, _ = start(**environment)
    try:
        with httpx.Client(base_url=base, timeout=120) as http:
            yield http
    finally:
        stop(server)


def opened(http: httpx.Client) -> tuple[str, dict[str, str]]:
    """A new standard sandbox: its address at the control plane, and who `cardless` is at the other."""
    world = ok(http.post("/control/v1/sandboxes", json={})).json()
    return f"/control/v1/sandboxes/{world['id']}", {"Authorization": f"Bearer {world['accounts'][0]['token']}"}


FILINGS = 2000
"""Declared filings of a world that is large: an advance through all of them has four times as many events."""


def turns() -> None:
    """How long writers in another world wait while something large is done to one."""
    with served() as http:
        (big, _), (_, elsewhere) = opened(http), opened(http)
        for _ in range(FILINGS):
            ok(http.post(f"{big}/fixtures/filing", json={"state": "declared", "scenario": "approve"}))
        kept = ok(http.post(f"{big}/checkpoints", json={"name": "big"})).json()
        print(f"a world of {kept['rows']} rows")
        for label, work in {
            "nothing is done": lambda: time.sleep(3),
            "a checkpoint is kept": lambda: ok(http.post(f"{big}/checkpoints", json={"name": "again"})),
            "it is exported": lambda: ok(http.get(f"{big}/export")),
            f"the clock passes {4 * FILINGS} events": lambda: ok(
                http.post(f"{big}/clock/advance", json={"until": "idle"})
            ),
            "it is restored": lambda: ok(http.post(f"{big}/checkpoints/big/restore")),
            "it is reset": lambda: ok(http.post(f"{big}/reset")),
            "it is restored again": lambda: ok(http.post(f"{big}/checkpoints/big/restore")),
            "it is deleted": lambda: ok(http.delete(big)),
        }.items():
            waited(http, elsewhere, label, work)


def waited(http: httpx.Client, elsewhere: dict[str, str], label: str, work: Callable[[], object]) -> None:
    over, writes, failed = threading.Event(), list[float](), Counter[int]()

    def write() -> None:
        with httpx.Client(base_url=http.base_url, timeout=120) as mine:
            while not over.is_set():
                began = time.perf_counter()
                answer = mine.post("/api/v1/filings", json=REFERENCE, headers=elsewhere)
                writes.append(time.perf_counter() - began)
                failed.update([answer.status_code] if answer.status_code != 201 else [])
                time.sleep(0.02)

    others = [threading.Thread(target=write) for _ in range(2)]
    for one in others:
        one.start()
    time.sleep(0.2)
    began = time.perf_counter()
    work()
    took = time.perf_counter() - began
    time.sleep(0.2)
    over.set()
    for one in others:
        one.join()
    told(f"others' writes while {label}", writes)
    print(
        f"{'':34} it took {took:.2f} s, the longest waited {max(writes) * 1000:.0f} "
        f"ms{f', answers {dict(failed)}' if failed else ''}"
    )


FILES, SIZE = 20, 10 * 1024 * 1024 - 64
"""Files attached to each of two drafts, and how large each is: as large as may be."""


def attached() -> None:
    """What files weigh: in two drafts as many and as large as may be, then whole states with them. Memory is that of
    the server."""
    server, base, _ = start()
    try:
        with httpx.Client(base_url=base, timeout=300) as http:
            (at, auth), (_, elsewhere) = opened(http), opened(http)
            memory, wal = Memory(server.pid), Path(os.environ["DATABASE_URL"].removeprefix("sqlite:///") + "-wal")

            def weighed(label: str, work: Callable[[], object]) -> None:
                with memory.watched() as seen:
                    waited(http, elsewhere, label, work)
                log = f", log {wal.stat().st_size >> 20} MB" if wal.exists() else ""
                print(
                    f"{'':34} memory {seen[0] >> 20} MB before, {max(seen) >> 20} MB at most, {seen[-1] >> 20} MB "
                    f"after{log}"
                )

            def attach() -> None:
                answers: Counter[str] = Counter()
                for _ in range(2):
                    draft = ok(http.post("/api/v1/filings", json=REFERENCE, headers=auth)).json()["id"]
                    for n in range(FILES):
                        file = {"file": (f"{n}.pdf", b"%PDF-1.4\n" + os.urandom(SIZE), "application/pdf")}
                        answer = http.post(f"/api/v1/filings/{draft}/attachments", files=file, headers=auth)
                        answers[f"{answer.status_code} {answer.json().get('code', '')}".strip()] += 1
                print(f"{2 * FILES} files of {SIZE / 1024 / 1024:.1f} MB: {dict(answers)}")

            export = WORK / "export.json"

            def carry() -> None:
                with http.stream("GET", f"{at}/export") as answer, export.open("wb") as file:
                    for part in answer.iter_bytes():
                        file.write(part)

            def bring() -> None:
                with export.open("rb") as file:
                    answer = http.post(
                        "/control/v1/sandboxes/import", content=file, headers={"Content-Type": "application/json"}
                    )
                print(
                    f"the import of {export.stat().st_size >> 20} MB: {answer.status_code} "
                    f"{answer.json().get('code', '')}"
                )

            for label, work in {
                "nothing is done": lambda: time.sleep(3),
                "files are attached": attach,
                "a checkpoint is kept": lambda: ok(http.post(f"{at}/checkpoints", json={"name": "full"})),
                "it is exported": carry,
                "it is restored": lambda: ok(http.post(f"{at}/checkpoints/full/restore")),
                "the export is imported": bring,
                "it is reset": lambda: ok(http.post(f"{at}/reset")),
                "the checkpoint is dropped": lambda: ok(http.delete(f"{at}/checkpoints/full")),
                "nothing is done again": lambda: time.sleep(3),
            }.items():
                weighed(label, work)
    finally:
        stop(server)


class Memory:
    """The memory of a server's processes together, without what they only map."""

    def __init__(self, process: int) -> None:
        self.process = process

    def now(self) -> int:
        return sum(_own(one) for one in family(self.process))

    @contextmanager
    def watched(self) -> Iterator[list[int]]:
        """All that is seen while the block runs, in order."""
        seen, over = [self.now()], threading.Event()

        def look() -> None:
            while not over.wait(0.02):
                seen.append(self.now())

        looking = threading.Thread(target=look)
        looking.start()
        try:
            yield seen
        finally:
            over.set()
            looking.join()
            seen.append(self.now())


def _own(pid: int) -> int:
    """Bytes that are a process's alone, without what it only maps."""
    try:
        told = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    except OSError:
        return 0
    return int(told.get("RssAnon", "0").split()[0]) * 1024


def journal() -> None:
    """The same requests with the journal of exchanges and without."""
    for setting in ("on", "off", "on", "off"):
        with served(SIM_JOURNAL=setting) as http:
            exchanges(http, f"journal {setting}: ")


def exchanges(http: httpx.Client, label: str) -> None:
    _, auth = opened(http)
    for _ in range(20):
        filing = ok(http.post("/api/v1/filings", json=REFERENCE, headers=auth)).json()["id"]
    timed(f"{label}read a filing", 500, lambda: ok(http.get(f"/api/v1/filings/{filing}", headers=auth)))
    timed(f"{label}list 20 filings", 300, lambda: ok(http.get("/api/v1/filings", headers=auth)))
    timed(f"{label}create a filing", 300, lambda: ok(http.post("/api/v1/filings", json=REFERENCE, headers=auth)))


def queries() -> None:
    import django

    stop(start()[0])  # which brings the database up to date
    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(SERVER_NAME="localhost")

    def ask(label: str, method: str, path: str, body: object = None, token: str = "") -> dict[str, object]:
        with CaptureQueriesContext(connection) as asked:
            answer = client.generic(
                method,
                path,
                json.dumps(body) if body is not None else "",
                content_type="application/json",
                headers={"Authorization": f"Bearer {token}"},
            )
        assert answer.status_code < 300, answer.content
        if label:
            print(f"{label:34} {len(asked)} statements")
        found: dict[str, object] = json.loads(answer.content)
        return found

    world = ask("", "POST", "/control/v1/sandboxes", {})
    token = world["accounts"][0]["token"]  # type: ignore[index]
    filing = ask("create a filing", "POST", "/api/v1/filings", REFERENCE, token)["id"]
    ask("read a filing", "GET", f"/api/v1/filings/{filing}", None, token)
    ask("list filings", "GET", "/api/v1/filings", None, token)
    ask(
        "POST forms/registration/state",
        "POST",
        "/api/v1/forms/registration/state",
        {"content": REFERENCE["content"]},
        token,
    )
    ask("save a draft", "PATCH", f"/api/v1/filings/{filing}", {"content": {"remarks": "x"}}, token)
    ask("declare", "POST", f"/api/v1/filings/{filing}/declare", None, token)


QUESTIONS = {"turns": turns, "attached": attached, "journal": journal, "queries": queries}


def asked(words: list[str]) -> None:
    """Answer them in their order. Raises SystemExit for a word that is none of them."""
    if unknown := [word for word in words if word not in QUESTIONS]:
        raise SystemExit(f"{', '.join(unknown)}: not one of {', '.join(QUESTIONS)}")
    os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL") or f"sqlite:///{WORK / 'measure.sqlite3'}"
    os.environ["DJANGO_SETTINGS_MODULE"] = "singlewindow.settings"
    print(
        f"database: {os.environ['DATABASE_URL'].split(':')[0]}; load {os.getloadavg()[0]:.1f}; queries count BEGIN "
        f"and COMMIT"
    )
    for one in words:
        logging.getLogger("httpx").setLevel(logging.WARNING)
        QUESTIONS[one]()
    print(f"load {os.getloadavg()[0]:.1f}")
