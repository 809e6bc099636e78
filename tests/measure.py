"""What things cost: queries and milliseconds of the main requests. A script, not a test: `python tests/measure.py`.

Starts the real server on a fresh database, drives it over HTTP from one client, and counts queries in process.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
WORK = Path(tempfile.mkdtemp(prefix="measure-"))
os.environ["DATABASE_URL"] = os.environ.get("DATABASE_URL") or f"sqlite:///{WORK / 'measure.sqlite3'}"
os.environ["DJANGO_SETTINGS_MODULE"] = "singlewindow.settings"

import httpx  # noqa: E402


def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start() -> tuple[subprocess.Popen[bytes], str, float]:
    """The server, its address, and the seconds until its first 200."""
    at, began = port(), time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(at)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    base = f"http://127.0.0.1:{at}"
    while True:
        try:
            if httpx.get(f"{base}/healthz").status_code == 200:
                return server, base, time.perf_counter() - began
        except httpx.TransportError:
            time.sleep(0.01)


def stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    server.wait(10)


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


def over_http() -> None:
    stop(start()[0])
    began = []
    for _ in range(5):
        server, base, seconds = start()
        began.append(seconds)
        stop(server)
    told("cold start to first 200", began)
    server, base, _ = start()
    try:
        http = httpx.Client(base_url=base, timeout=30)
        reference = json.loads((ROOT / "docs/reference-registration.json").read_text())

        def ok(answer: httpx.Response) -> httpx.Response:
            assert answer.status_code < 300, answer.text
            return answer

        world = ok(http.post("/control/v1/sandboxes", json={})).json()
        auth = {"Authorization": f"Bearer {world['accounts'][0]['token']}"}
        at = f"/control/v1/sandboxes/{world['id']}"
        filing = ok(http.post("/api/v1/filings", json=reference, headers=auth)).json()["id"]
        timed("healthz (empty view)", 300, lambda: ok(http.get("/healthz")))
        timed("read a filing", 300, lambda: ok(http.get(f"/api/v1/filings/{filing}", headers=auth)))
        timed("list filings", 200, lambda: ok(http.get("/api/v1/filings", headers=auth)))
        body = {"content": reference["content"]}
        timed(
            "POST forms/registration/state",
            200,
            lambda: ok(http.post("/api/v1/forms/registration/state", json=body, headers=auth)),
        )
        timed("create a filing", 200, lambda: ok(http.post("/api/v1/filings", json=reference, headers=auth)))

        declares: list[float] = []

        def lifecycle() -> None:
            one = ok(http.post("/api/v1/filings", json=reference, headers=auth)).json()["id"]
            ok(http.get(f"/api/v1/filings/{one}", headers=auth))
            moment = time.perf_counter()
            ok(http.post(f"/api/v1/filings/{one}/declare", headers={**auth, "X-Sim-Scenario": "reject"}))
            declares.append(time.perf_counter() - moment)
            ok(http.post(f"{at}/clock/advance", json={"by": "P1D"}))
            ok(http.get(f"/api/v1/filings/{one}", headers=auth))

        timed("a lifecycle (5 requests, 4 replies)", 100, lifecycle)
        told("  of which declare", declares)
        timed("create a standard sandbox", 200, lambda: ok(http.post("/control/v1/sandboxes", json={})))
        timed("reset a sandbox", 100, lambda: ok(http.post(f"{at}/reset")))
    finally:
        stop(server)


def queries() -> None:
    import django

    django.setup()
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client()
    reference = json.loads((ROOT / "docs/reference-registration.json").read_text())

    def ask(label: str, method: str, path: str, body: object = None, token: str = "") -> dict[str, object]:
        with CaptureQueriesContext(connection) as asked:
            answer = client.generic(
                method, path, json.dumps(body) if body is not None else "", content_type="application/json",
                headers={"Authorization": f"Bearer {token}"},
            )  # fmt: skip
        assert answer.status_code < 300, answer.content
        if label:
            print(f"{label:34} {len(asked)} statements")
        found: dict[str, object] = json.loads(answer.content)
        return found

    world = ask("", "POST", "/control/v1/sandboxes", {})
    token = world["accounts"][0]["token"]  # type: ignore[index]
    filing = ask("create a filing", "POST", "/api/v1/filings", reference, token)["id"]
    ask("read a filing", "GET", f"/api/v1/filings/{filing}", None, token)
    ask("list filings", "GET", "/api/v1/filings", None, token)
    ask("POST forms/registration/state", "POST", "/api/v1/forms/registration/state", {"content": reference["content"]}, token)
    ask("save a draft", "PATCH", f"/api/v1/filings/{filing}", {"content": {"remarks": "x"}}, token)
    ask("declare", "POST", f"/api/v1/filings/{filing}/declare", None, token)


if __name__ == "__main__":
    print(f"database: {os.environ['DATABASE_URL'].split(':')[0]}; queries count BEGIN and COMMIT")
    over_http()
    queries()
