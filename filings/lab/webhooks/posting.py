"""Posting to a webhook's receiver and nowhere else: every address is judged where the connection is made.

A name is resolved once, all its addresses are judged, and the connection goes to the address that was judged, not to
the name again: a resolver that changes its mind between the check and the connection gains nothing. TLS still proves
the name. There are no redirects, no proxies, and all of an attempt together has one time limit, however slowly a
receiver drips. No table is touched.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import time
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import httpcore
from django.conf import settings

from filings.lab.webhooks import reaching
from filings.lab.webhooks.reaching import Result, spots
from filings.rules.version import VERSION
from filings.rules.webhooks import Place, Unreachable, expect_public_name, place

LINGERS = 1.0
"""Seconds an answer's body is waited for once its status is known: the status alone decides."""

READ = 1024
"""Bytes of an answer's body that are read: enough for the log."""

_TROUBLE = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError)


def post(url: str, headers: Mapping[str, str], body: bytes, deadline: float) -> Result:
    """One attempt, over by `deadline` (monotonic). Whatever goes wrong is told, not raised."""
    began = time.monotonic()
    try:
        met = _exchange(place(url), headers, body, deadline)
    except (ValueError, *_TROUBLE) as error:
        met = {"error": _words(error), "in_time": not isinstance(error, TimeoutError)}
    return Result(**met, duration_ms=round((time.monotonic() - began) * 1000))


def _exchange(to: Place, headers: Mapping[str, str], body: bytes, deadline: float) -> dict[str, Any]:
    expect_public_name(to, settings.SIM_WEBHOOK_ALLOW)
    line = Line(to, deadline)
    url = httpcore.URL(scheme=to.scheme, host=to.host, port=to.port, target=to.target)
    about = {"Host": to.authority, "Content-Type": "application/json", "Connection": "close"}
    about |= {"User-Agent": f"singlewindow-simulator/{VERSION}", **headers}
    tls = _tls() if to.scheme == "https" else None
    with (
        httpcore.ConnectionPool(ssl_context=tls, network_backend=line) as pool,
        pool.stream("POST", url, headers=list(about.items()), content=body) as answer,
    ):
        line.deadline = min(deadline, time.monotonic() + LINGERS)
        answered = {name.lower(): value.decode("latin-1") for name, value in answer.headers}
        return {
            "status": answer.status,
            "retry_after": answered.get(b"retry-after", ""),
            "response": _text(_beginning(answer)),
        }


def _beginning(answer: httpcore.Response) -> bytes:
    """The beginning of a body; that it breaks off or takes too long is no matter."""
    read = b""
    with contextlib.suppress(*_TROUBLE):
        for piece in answer.iter_stream():
            read += piece
            if len(read) >= READ:
                break
    return read[:READ]


def _text(raw: bytes) -> str:
    """Bytes of a stranger as text that a database and a page can hold."""
    text = raw.decode("utf-8", "replace")
    return "".join(char if char.isprintable() or char in "\n\t" else "\N{REPLACEMENT CHARACTER}" for char in text)


def _words(error: Exception) -> str:
    words = str(error) if isinstance(error, Unreachable) else f"{type(error).__name__}: {error}".removesuffix(": ")
    return _text(words.encode("utf-8", "replace"))[:300]


@cache
def _tls() -> ssl.SSLContext:
    """Certificates are verified, by SSL_CERT_FILE where it is set; made once, as it reads some hundred of them."""
    import httpx  # for its good sense in certificates alone

    return httpx.create_ssl_context()


class Line(httpcore.NetworkBackend):
    """Connects to judged addresses only, and lets nothing outlast the deadline."""

    def __init__(self, to: Place, deadline: float) -> None:
        self.to, self.deadline = to, deadline

    def left(self) -> float:
        """Seconds left. Raises TimeoutError when there are none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"超过 {reaching.TIMEOUT:g} 秒")
        return left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """To the first of its addresses that answers; each has an equal share of the time that is left."""
        trouble: OSError = ConnectionError(f"{host} 没有地址")
        there = spots(self.to)
        for n, (family, where) in enumerate(there):
            wire = socket.socket(family, socket.SOCK_STREAM)
            try:
                wire.settimeout(self.left() / (len(there) - n))
                wire.connect(where)
                wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return Wire(self, wire)
            except OSError as error:
                wire.close()
                trouble = error
        raise trouble


class Wire(httpcore.NetworkStream):
    """A connection on which each step has what is left of the time."""

    def __init__(self, line: Line, wire: socket.socket) -> None:
        self._line, self._wire = line, wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self._wire.settimeout(self._line.left())
        return self._wire.recv(max_bytes)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            while buffer:
                self._wire.settimeout(self._line.left())
                buffer = buffer[self._wire.send(buffer) :]
        except OSError as error:
            # A receiver may have answered already and hung up: httpcore then reads what it said.
            raise httpcore.WriteError(str(error)) from error

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        self._wire.settimeout(self._line.left())
        return Wire(self._line, ssl_context.wrap_socket(self._wire, server_hostname=server_hostname))

    def close(self) -> None:
        self._wire.close()
