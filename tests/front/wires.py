"""Raw connections: what is sent is what stands here, to the byte, and what comes back is read to the byte."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import Any

import httpx


@dataclass
class Heard:
    """An answer as it came: status, headers by small name, body, and whether the server closed the connection after
    it."""

    status: int
    headers: dict[str, str]
    body: bytes
    closed: bool

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def whole(self) -> bool:
        return len(self.body) == int(self.headers["content-length"])


def sent(wire: httpx.Client, *parts: bytes, host: str = "", wait: float = 20) -> Heard:
    """Send the parts over a connection of their own, one after another, and read one answer."""
    at = wire.base_url
    with socket.create_connection((at.host, at.port or 80), timeout=wait) as line:
        for part in parts:
            line.sendall(part.replace(b"{host}", (host or f"{at.host}:{at.port}").encode()))
        return heard(line, head_only=parts[0].startswith(b"HEAD"))


def heard(line: socket.socket, *, head_only: bool = False) -> Heard:
    """Read one answer, and look whether the connection stays open."""
    told = b""
    while b"\r\n\r\n" not in told:
        more = line.recv(65536)
        if not more:
            raise ConnectionError(f"closed after {told!r}")
        told += more
    head, _, body = told.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in lines)}
    wanted = 0 if head_only else int(headers.get("content-length", 0))
    while len(body) < wanted:
        more = line.recv(65536)
        if not more:
            break
        body += more
    line.settimeout(0.3)
    try:
        closed = line.recv(1) == b""
    except TimeoutError:
        closed = False
    return Heard(int(first.split()[1]), headers, body, closed)


def head(method: str, path: str, **headers: str) -> bytes:
    """The head of a request to the served host."""
    named = {"Host": "{host}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return "\r\n".join(
        [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
    ).encode()


def chunks(*parts: bytes) -> bytes:
    """A body in chunks, with its end."""
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (*parts, b""))
