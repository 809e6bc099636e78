"""A receiver of webhooks for tests: a small HTTP server on this machine that behaves, well or badly, as it is told."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook

Behaviour = Callable[[socket.socket, "Heard"], None]


@dataclass(frozen=True)
class Heard:
    """One request as it arrived."""

    line: str
    headers: dict[str, str]
    body: bytes
    at: float

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> Any:
        return json.loads(self.body)

    def verify(self, secret: str) -> Any:
        """The event, if its signature is good: by the public library. Raises WebhookVerificationError."""
        return Webhook(secret).verify(self.body, self.headers)


def answering(status: int, body: bytes = b"", **headers: str) -> Behaviour:
    """Answer so."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    whole = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n{more}\r\n".encode() + body
    return lambda wire, heard: wire.sendall(whole)


def cutting(wire: socket.socket, heard: Heard) -> None:
    """Say nothing and hang up."""


def hanging(wire: socket.socket, heard: Heard) -> None:
    """Say nothing, and never hang up."""
    with suppress(OSError):
        wire.settimeout(20)
        wire.recv(1)


def dripping(wire: socket.socket, heard: Heard) -> None:
    """A header that never ends, a byte at a time."""
    with suppress(OSError):
        wire.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(400):
            wire.sendall(b"a")
            time.sleep(0.05)


def cutting_short(wire: socket.socket, heard: Heard) -> None:
    """200, and a body that breaks off."""
    wire.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")


def endless(wire: socket.socket, heard: Heard) -> None:
    """200, and a body without an end."""
    with suppress(OSError):
        wire.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            wire.sendall(b"x" * 65536)


@dataclass
class Receiver:
    """What a receiver heard; `behaves` in turn, the last one from then on."""

    port: int
    behaves: list[Behaviour] = field(default_factory=lambda: [answering(200)])
    heard: list[Heard] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def listed(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def events(self) -> list[str]:
        return [one.event["type"] for one in self.heard]

    def serve(self, wire: socket.socket) -> None:
        with wire, suppress(OSError):
            wire.settimeout(10)
            heard = read(wire)
            if heard is None:
                return
            with self.lock:
                self.heard.append(heard)
                behaviour = self.behaves.pop(0) if len(self.behaves) > 1 else self.behaves[0]
            behaviour(wire, heard)


def read(wire: socket.socket) -> Heard | None:
    """One whole request, or None if it breaks off."""
    raw = b""
    while b"\r\n\r\n" not in raw:
        piece = wire.recv(65536)
        if not piece:
            return None
        raw += piece
    head, _, body = raw.partition(b"\r\n\r\n")
    line, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        piece = wire.recv(65536)
        if not piece:
            return None
        body += piece
    return Heard(line, headers, body, time.monotonic())


@contextmanager
def receiver(*behaves: Behaviour) -> Iterator[Receiver]:
    """A receiver while the block lasts, on a free port of this machine."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as server:
        this = Receiver(server.getsockname()[1])
        this.behaves = list(behaves) or this.behaves
        over = threading.Event()

        def accept() -> None:
            while not over.is_set():
                with suppress(OSError):
                    wire, _ = server.accept()
                    threading.Thread(target=this.serve, args=(wire,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield this
        over.set()
        with suppress(OSError), socket.create_connection(server.getsockname(), 1):
            pass
