"""The simulator as it is run, for the scripts beside this file that drive it over HTTP and judge or measure it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(log: Path | None = None, **environment: str) -> tuple[subprocess.Popen[bytes], str, float]:
    """The server, its address, and the seconds until its first 200."""
    at, began = free_port(), time.perf_counter()
    with (log or Path(os.devnull)).open("wb") as told:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(at)],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=told,
            stderr=subprocess.STDOUT,
        )
    base = f"http://127.0.0.1:{at}"
    while server.poll() is None:
        try:
            if httpx.get(f"{base}/healthz").status_code == 200:
                return server, base, time.perf_counter() - began
        except httpx.TransportError:
            time.sleep(0.01)
    raise SystemExit("the server did not start")


def stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    server.wait(15)
