"""Whoever is slow, or told to wait, costs nobody else anything."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any

import httpx
import pytest

from tests.front.wires import head, heard

pytestmark = pytest.mark.django_db(databases="__all__")  # the served database is a copy of the tests' own

SLOW = 40
"""Connections that send a head and one byte, to a server with two threads a process."""


@pytest.fixture
def slow_ones(wire: httpx.Client) -> Iterator[list[socket.socket]]:
    at = wire.base_url
    request = head("POST", "/api/v1/sessions", Content_Type="application/json", Content_Length="50").replace(
        b"{host}", f"{at.host}:{at.port}".encode()
    )
    with ExitStack() as open_lines:
        lines = [
            open_lines.enter_context(socket.create_connection((at.host, at.port or 80), timeout=30))
            for _ in range(SLOW)
        ]
        for line in lines:
            line.sendall(request + b"{")
        yield lines


def test_slow_bodies_hold_no_thread_and_end_after_ten_seconds(
    wire: httpx.Client, slow_ones: list[socket.socket], token: str
) -> None:
    began = time.monotonic()
    for _ in range(20):
        asked = time.monotonic()
        assert wire.get("/healthz").status_code == 200
        assert wire.post("/api/v1/sessions", json={"username": "card", "password": "Demo-2021"}).status_code == 201
        assert time.monotonic() - asked < 3, "the others wait"
    assert time.monotonic() - began < 9, "nobody has been let go yet"
    told = heard(slow_ones[0])
    assert (told.status, told.json["code"], told.closed) == (408, "request_timeout", True)
    assert 9 < time.monotonic() - began < 20


def test_a_slow_one_that_hurries_up_is_served(wire: httpx.Client, slow_ones: list[socket.socket]) -> None:
    body = b'"username": "card", "password": "Demo-2021"}'
    slow_ones[-1].sendall(body.ljust(49))
    assert heard(slow_ones[-1]).status == 201


def test_forced_latency_holds_no_thread(wire: httpx.Client, token: str) -> None:
    mine = {"Authorization": f"Bearer {token}", "X-Sim-Fault": "latency; ms=1500"}

    def wait(n: int) -> tuple[int, float]:
        asked = time.monotonic()
        status = httpx.get(f"{wire.base_url}/api/v1/filings", headers=mine, timeout=30).status_code
        return status, time.monotonic() - asked

    with ThreadPoolExecutor(16) as many:
        waiting = [many.submit(wait, n) for n in range(16)]
        asked = time.monotonic()
        assert wire.get("/api/v1/faq").status_code == 200
        assert time.monotonic() - asked < 1.4, "sixteen who wait hold four threads"
        found = [one.result() for one in waiting]
    assert {status for status, _ in found} == {200}
    assert all(took >= 1.5 for _, took in found)


def test_a_latency_put_in_force_once_is_met_once_and_written_down_once(
    wire: httpx.Client, opened: dict[str, Any], token: str
) -> None:
    at = f"/control/v1/sandboxes/{opened['id']}"
    put = wire.post(f"{at}/faults", json={"fault": "latency; ms=300", "times": 1})
    assert put.status_code == 201
    for slowed in (True, False):
        asked = time.monotonic()
        assert wire.get("/api/v1/filings", headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert (time.monotonic() - asked >= 0.3) is slowed
    newest, first = wire.get(f"{at}/journal").json()["results"]
    assert (first["fault"], newest["fault"]) == ("latency; ms=300", None)
    assert first["milliseconds"] >= 300
