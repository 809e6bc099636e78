"""The simulator as it is run, for tests that need sockets, processes and a database of its own: `manage.py serve` on a
free port."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
from django.conf import settings
from django.db import connections

from tests.control.traces import Recorder

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Far(Recorder):
    """A caller on the other end of a real connection; status 0 where the answer did not come whole."""

    wire: httpx.Client | None = None

    def send(
        self, method: str, url: str, data: bytes, headers: Mapping[str, str], content_type: str
    ) -> tuple[int, Mapping[str, str], bytes]:
        assert self.wire is not None
        sent = {**headers, **({"Content-Type": content_type} if content_type else {})}
        try:
            answer = self.wire.request(method, url, content=data, headers=sent)
        except (httpx.RemoteProtocolError, httpx.ReadError):
            return 0, {}, b""
        return answer.status_code, answer.headers, answer.content


@contextmanager
def server(
    folder: Path, *, allow: tuple[str, ...] = (), script: Path = ROOT / "manage.py", **environ: str
) -> Iterator[httpx.Client]:
    """A server with a database of its own while the block lasts, on PostgreSQL where the tests are; and a line to
    it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with database(folder) as url:
        told = {
            "DATABASE_URL": url,
            "SECRET_KEY": "of a test",
            "SIM_WEBHOOK_ALLOW": ",".join(allow),
            "HOST": "127.0.0.1",
        }
        with (folder / "served.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, script, "serve", "--port", port],
                cwd=ROOT,
                env={**os.environ, **told, **environ},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False, verify=False) as wire:
                _expect(wire, process)
                yield wire
        finally:
            process.terminate()
            process.wait(60)


def _expect(wire: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        with suppress(httpx.TransportError):
            if wire.get("/readyz").status_code == 200:
                return
        time.sleep(0.02)
    raise RuntimeError("the server did not start")


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """The address of a fresh database of the sort the tests run on. As a file it has its tables: a copy of theirs,
    made in no time."""
    given = urlsplit(os.environ.get("DATABASE_URL", ""))
    if not given.scheme.startswith("postgres"):
        for alias, name in (("default", "served"), (settings.JOURNAL, "served.journal")):
            theirs, its_own = connections[alias].settings_dict["NAME"], folder / f"{name}.sqlite3"
            with closing(sqlite3.connect(theirs)) as there, closing(sqlite3.connect(its_own)) as here:
                there.backup(here)
        yield f"sqlite:///{folder / 'served.sqlite3'}"
        return
    name = f"served_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(given._replace(path="/postgres").geturl(), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
        try:
            yield given._replace(path=f"/{name}").geturl()
        finally:
            admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
