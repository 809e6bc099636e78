"""A server that is told to stop does not wait for those who keep it waiting."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.front.wires import head, heard
from tests.serving import server


@pytest.mark.django_db(databases="__all__")
def test_slow_bodies_are_answered_and_the_server_is_gone(tmp_path: Path) -> None:
    with ExitStack() as lines:
        with server(tmp_path) as wire:
            at = wire.base_url
            request = head("POST", "/api/v1/sessions", Content_Type="application/json", Content_Length="50")
            slow = [
                lines.enter_context(socket.create_connection((at.host, at.port or 80), timeout=30)) for _ in range(20)
            ]
            for line in slow:
                line.sendall(request.replace(b"{host}", f"{at.host}:{at.port}".encode()) + b"{")
            time.sleep(0.5)
            told_to_stop = time.monotonic()
        assert time.monotonic() - told_to_stop < 4
        assert {heard(line).status for line in slow} == {408}
