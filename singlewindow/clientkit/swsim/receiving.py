"""Receiving webhooks: whether a message is the simulator's, and a receiver for tests that waits for what is to come.

Signatures are those of Standard Webhooks (https://www.standardwebhooks.com).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Protocol

from swsim.problems import SwsimError

TOLERANCE = 300
"""Seconds a message's time stamp may be off, as Standard Webhooks says; wall time, not a sandbox's clock."""

PATIENCE = 5.0
"""Seconds of wall time a message is waited for after all that was due by the sandbox's clock has happened."""


class BadSignature(SwsimError, ValueError):
    """A message that is not, or not provably, the simulator's; says why."""


def verify(
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    now: float | None = None,
    tolerance: float = TOLERANCE,
) -> dict[str, Any]:
    """The event a message tells, if it was signed with this secret (`whsec_…`) just now. Raises BadSignature.

    `body` are the bytes as they came: JSON that was read and written again is not what was signed.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    try:
        message, stamp, signatures = (lowered[f"webhook-{part}"] for part in ("id", "timestamp", "signature"))
    except KeyError as missing:
        raise BadSignature(f"no header {missing.args[0]}") from None
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise BadSignature("the secret is not whsec_ and base64") from None
    if not (stamp.isascii() and stamp.isdecimal()):
        raise BadSignature(f"webhook-timestamp {stamp} is no number of seconds")
    if abs((time.time() if now is None else now) - int(stamp)) > tolerance:
        raise BadSignature(f"webhook-timestamp {stamp} is more than {tolerance:.0f} s off")
    digest = hmac.new(key, f"{message}.{stamp}.".encode() + body, hashlib.sha256).digest()
    expected = f"v1,{base64.b64encode(digest).decode()}".encode()
    if not any(hmac.compare_digest(given.encode(), expected) for given in signatures.split()):
        raise BadSignature("none of the signatures is by this secret over these bytes")
    try:
        event = json.loads(body)
    except ValueError:
        raise BadSignature("signed, but no JSON") from None
    if not isinstance(event, dict):
        raise BadSignature("signed, but no event")
    return event


@dataclass(frozen=True)
class Event:
    """What one message told: `type` is `filing.<status>`, `timestamp` on the sandbox's clock; `id` is its
    `webhook-id`."""

    id: str
    type: str
    timestamp: str
    data: dict[str, Any] = field(repr=False)

    @property
    def filing(self) -> dict[str, Any]:
        """The filing as the applicant read it at that moment."""
        return dict(self.data["filing"])


class Subject(Protocol):
    """What a receiver needs of a world: to be subscribed to it, to move its clock, to know what is still to come."""

    def subscribe(self, url: str, events: Any = None, secret: str | None = None) -> Any:
        """Register a receiver."""

    def advance(self, by: Any = None, *, until: Any = None) -> Any:
        """Advance the clock by so much, or until so far."""

    def at(self, moment: Any) -> Any:
        """Advance the clock to a moment."""

    def deliveries(self) -> Any:
        """What was sent, and what is to be sent again."""


class Receiver:
    """A receiver of webhooks on a free port of this machine, until it is closed.

    It answers 204 (or as `answers` says), takes only what is signed with its secret, and keeps each message once,
    however often it comes. `events` are those, in the order they came; `repeated` counts what came again, `refused`
    tells what was not taken, and why.
    """

    def __init__(self, *, secret: str | None = None, port: int = 0) -> None:
        self.secret = secret or new_secret()
        self.events: list[Event] = []
        self.repeated = 0
        self.refused: list[str] = []
        self._to_answer: list[int] = []
        self._world: Subject | None = None
        self._heard = threading.Condition()
        self._closed = False
        self._socket = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port = int(self._socket.getsockname()[1])
        threading.Thread(target=self._listen, name=f"webhooks on {self.port}", daemon=True).start()

    @classmethod
    def of(cls, world: Subject) -> Receiver:
        """A receiver that is told of every change of status in a world from now on."""
        made = cls()
        try:
            world.subscribe(made.url, None, made.secret)
        except BaseException:
            made.close()
            raise
        made._world = world
        return made

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def types(self) -> list[str]:
        """The types of what came, in order."""
        return [event.type for event in self.events]

    def answers(self, *statuses: int) -> None:
        """Answer the next messages with these statuses, one each: `answers(503, 503)`. What is answered with no 2xx
        is not kept, and comes again."""
        with self._heard:
            self._to_answer += statuses

    def of_type(self, type: str, *, filing: Any = None) -> list[Event]:
        """What came of a type, of one filing if one is named (its id, or what has an `id`)."""
        key = getattr(filing, "id", filing)
        with self._heard:
            return [event for event in self.events if event.type == type and key in (None, event.filing["id"])]

    def wait_for(self, type: str, n: int = 1, *, filing: Any = None, patience: float = PATIENCE) -> Event:
        """The n-th event of a type, of one filing if one is named; meanwhile the world's clock is advanced from due
        moment to due moment, and no further than until it has come.

        When nothing is due any more it is waited for so many seconds of wall time, should somebody else be at work.
        Raises AssertionError, which tells what came instead.
        """
        steps = _steps(self._world) if self._world else iter(())
        until = time.monotonic() + patience
        while len(found := self.of_type(type, filing=filing)) < n:
            if next(steps, False):
                until = time.monotonic() + patience
            elif time.monotonic() > until:
                raise AssertionError(self._instead(type, n, len(found)))
            else:
                with self._heard:
                    self._heard.wait(0.25)
        return found[n - 1]

    def clear(self) -> None:
        """Forget what came."""
        with self._heard:
            self.events.clear()
            self.refused.clear()
            self.repeated = 0

    def close(self) -> None:
        """Listen no more."""
        if not self._closed:
            self._closed = True
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                pass  # whoever waits for a caller has one
            self._socket.close()

    def __enter__(self) -> Receiver:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _listen(self) -> None:
        while not self._closed:
            with suppress(OSError):
                wire, caller = self._socket.accept()
                threading.Thread(target=self._serve, args=(wire, caller), daemon=True).start()

    def _serve(self, wire: socket.socket, caller: Any) -> None:
        with wire, suppress(OSError):
            wire.settimeout(10)
            _Call(wire, caller, self._take)

    def _take(self, headers: Mapping[str, str], body: bytes) -> int:
        """Take a message in, its headers' names in small letters; how it is answered."""
        with self._heard:
            try:
                read = verify(self.secret, headers, body)
            except BadSignature as error:
                self.refused.append(str(error))
                return 401
            status = self._to_answer.pop(0) if self._to_answer else 204
            if not 200 <= status < 300:
                return status
            event = Event(headers["webhook-id"], read["type"], read["timestamp"], read["data"])
            if any(earlier.id == event.id for earlier in self.events):
                self.repeated += 1
            else:
                self.events.append(event)
                self._heard.notify_all()
            return status

    def _instead(self, type: str, n: int, found: int) -> str:
        came = ", ".join(self.types) or "nothing"
        words = f"{type} came {found} times, not {n}; nothing more is due. What came: {came}"
        return words + (f"; refused: {'; '.join(self.refused)}" if self.refused else "")


class _Call(BaseHTTPRequestHandler):
    """One request, answered as it is told."""

    def __init__(self, wire: socket.socket, caller: Any, take: Callable[[Mapping[str, str], bytes], int]) -> None:
        self._take = take
        super().__init__(wire, caller, None)  # type: ignore[arg-type]  # of a server it wants to know nothing

    def do_POST(self) -> None:
        """Take it in."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response_only(self._take({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


def new_secret() -> str:
    """A secret as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"


def _steps(world: Subject) -> Iterator[bool]:
    """Advance a world: not at all, that what was due already is sent; then from moment to moment at which something is
    due, a message sent again included. Tells each time whether anything came of it."""
    yield _anything(world.advance("PT0S"))
    while True:
        came = _anything(world.advance(until="next_event"))
        if not came:
            again = [sent["next_attempt_at"] for sent in world.deliveries() if sent["state"] == "pending"]
            if any(again):
                came = _anything(world.at(min(moment for moment in again if moment)))
        yield came


def _anything(advanced: Mapping[str, Any]) -> bool:
    """Whether anything came of an advance."""
    return bool(advanced["fired"]) or any(sent["outcome"] != "pending" for sent in advanced["deliveries"])
