"""Forwarding a world's events to a local address: collected, not sent, and nothing is lost on the way.

The simulator keeps, for a receiver without an address, each event until it is acknowledged: through its own restarts,
and for as long as nobody listens. What is collected here is signed as the simulator signs, posted, and acknowledged
only when the receiver has answered 2xx. So a receiver that is down is waited for, a simulator that is down as well,
and whoever is killed in between has one event come twice, under its `webhook-id`, but none come never.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

import httpx

from swsim.cli import memory
from swsim.problems import Problem, Unreachable, Unreadable
from swsim.receiving import new_secret
from swsim.versions import __version__

AT_ONCE = 500
"""Events collected at a time."""

ACKNOWLEDGED_AFTER = 2.0
"""Seconds after which what was forwarded is acknowledged, if more is still to be forwarded."""

LOOKS_EVERY = 0.3
"""Seconds between two looks for new events."""

DOWN = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds until a receiver, or a simulator, that is not there is tried again: one after the other, then the last."""

SET_BACK = (1.0, 5.0, 15.0, 60.0)
"""Seconds until an event that was answered with no 2xx is tried again, while others go first."""

LONGEST_WAIT = 300.0
"""Seconds heeded of a Retry-After at the most."""

PATIENCE = 10.0
"""Seconds a receiver may take for its answer."""

GONE = 410
"""The answer that ends a webhook."""


class Gone(Exception):
    """The receiver wants no more (410)."""


class Source(Protocol):
    """Where events wait: of one receiver, the oldest first."""

    def waiting(self) -> Sequence[Mapping[str, Any]]:
        """What waits."""

    def acknowledge(self, deliveries: Sequence[str]) -> None:
        """These have arrived."""


class Clock(Protocol):
    """Wall time."""

    def now(self) -> float:
        """Seconds, always forward."""

    def stamp(self) -> int:
        """Unix seconds, for `webhook-timestamp`."""

    def sleep(self, seconds: float) -> None:
        """Let time pass."""


class Wall:
    """The clock on the wall."""

    def now(self) -> float:
        return time.monotonic()

    def stamp(self) -> int:
        return int(time.time())

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Place:
    """Where the forwarder of a world's events to an address stands, kept in two files: its webhook with the secret, and
    what was forwarded but is not yet acknowledged. One who is killed and started again forwards none of it twice."""

    def __init__(self, server: str, world: str, url: str) -> None:
        self._name = memory.file_of("listen", server, world, url)
        held = memory.read(self._name)
        self.webhook: str = held.get("webhook", "")
        self.secret: str = held.get("secret", "")
        self.forwarded = memory.lines(f"{self._name}.log")

    def keep(self, webhook: str, secret: str) -> None:
        """Stand here from now on."""
        if webhook != self.webhook:
            self.all_acknowledged()
        self.webhook, self.secret = webhook, secret
        memory.write(self._name, {"webhook": webhook, "secret": secret})

    def has_forwarded(self, delivery: str) -> None:
        """This one need not be forwarded again."""
        self.forwarded.append(delivery)
        memory.add(f"{self._name}.log", delivery)

    def all_acknowledged(self) -> None:
        """What was forwarded does not wait any more."""
        self.forwarded = []
        memory.forget(f"{self._name}.log")

    def forget(self) -> None:
        """Stand nowhere any more."""
        self.all_acknowledged()
        memory.forget(self._name)


def secret_for(url: str) -> str:
    """The secret of a receiver: the same for every world, so that it has to be told only once."""
    name = memory.file_of("receiver", url)
    if held := memory.read(name).get("secret"):
        return str(held)
    made = new_secret()
    memory.write(name, {"url": url, "secret": made})
    return made


def signed(secret: str, message: str, stamp: int, body: bytes) -> dict[str, str]:
    """The three headers of Standard Webhooks, as the simulator itself sends them."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "webhook-id": message,
        "webhook-timestamp": f"{stamp}",
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


@dataclass(frozen=True)
class Sending:
    """What came of one event's forwarding. `status` None: the receiver is not there, `error` says why."""

    delivery: Mapping[str, Any]
    attempt: int
    status: int | None
    error: str
    milliseconds: int

    @property
    def accepted(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class _Turn(Enum):
    """How a turn ended."""

    DONE = "everything that waits had its try"
    MORE = "there may be more"
    AWAY = "the receiver, or the simulator, is not there"


@dataclass
class _SetBack:
    tries: int
    until: float


class Listener:
    """Forwards what waits, one event after the other and in order while all is well.

    A receiver that is not there holds everything up, and is tried until it is. An event that is answered with no 2xx
    is set back, and others go first. Events other than those of `only` are passed over.

    tell     hears of every event that was answered, or broke off
    trouble  hears once of each time that one of the two is away ("receiver", "simulator"), and of when all is well
             again ("")
    """

    def __init__(
        self,
        source: Source,
        url: str,
        place: Place,
        *,
        only: Collection[str] = (),
        tell: Callable[[Sending], None] = lambda sending: None,
        trouble: Callable[[str, str], None] = lambda who, why: None,
        clock: Clock | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self._source, self._url, self._place, self._only = source, url, place, frozenset(only)
        self._tell, self._trouble = tell, trouble
        self._clock: Clock = clock or Wall()
        about = {"Content-Type": "application/json", "User-Agent": f"swsim/{__version__}", **(headers or {})}
        # Straight to it: whatever proxy the environment names is not for a local address.
        self._line = httpx.Client(timeout=PATIENCE, trust_env=False, headers=about)
        self._set_back: dict[str, _SetBack] = {}
        self._away = ""
        self._acknowledged_at = self._clock.now()
        self.forwarded = self.waits = 0
        self.stopped = False

    def run(self, *, once: bool = False) -> None:
        """Forward until stopped; `once`: until everything that waits has had its try. Raises Gone, and Problem where
        the webhook or its world is no more."""
        tries = 0
        while not self.stopped:
            turn = self._turn()
            if turn is _Turn.AWAY:
                self._clock.sleep(DOWN[min(tries, len(DOWN) - 1)])
                tries += 1
                continue
            tries = 0
            if turn is _Turn.DONE:
                if once:
                    return
                self._clock.sleep(LOOKS_EVERY)

    def _turn(self) -> _Turn:
        """Collect, forward and acknowledge once."""
        try:
            there = self._carry_on()
        except (Unreachable, Unreadable) as error:
            return self._missing("simulator", error)
        except Problem as problem:
            if problem.status == 409:  # the world was reset or restored just now
                return _Turn.AWAY
            if problem.status < 500 and problem.status != 429:
                raise
            return self._missing("simulator", problem)
        if self._away and there is not _Turn.AWAY:
            self._away = ""
            self._trouble("", "")
        return there

    def _carry_on(self) -> _Turn:
        self._acknowledge()
        waiting = self._source.waiting()
        known = {str(delivery["id"]) for delivery in waiting}
        self._set_back = {key: held for key, held in self._set_back.items() if key in known}
        self.waits, moved = len(waiting), False
        for delivery in waiting:
            if self.stopped:
                break
            held = self._set_back.get(delivery["id"])
            if held and held.until > self._clock.now():
                continue
            if self._only and delivery["event"] not in self._only:
                self._place.has_forwarded(str(delivery["id"]))
                moved = True
                continue
            if not self._forward(delivery):
                return _Turn.AWAY
            moved = True
            if self._clock.now() - self._acknowledged_at > ACKNOWLEDGED_AFTER:
                self._acknowledge()
        self._acknowledge()
        return _Turn.MORE if moved else _Turn.DONE

    def _forward(self, delivery: Mapping[str, Any]) -> bool:
        """Forward an event. Tells whether the receiver was there."""
        body, key = str(delivery["body"]).encode(), str(delivery["id"])
        headers = signed(self._place.secret, str(delivery["webhook_id"]), self._clock.stamp(), body)
        began, error, wait = time.perf_counter(), "", ""
        status: int | None = None
        try:
            answer = self._line.post(self._url, content=body, headers=headers)
            status, wait = answer.status_code, answer.headers.get("retry-after", "")
        except (httpx.ConnectError, httpx.ConnectTimeout) as trouble:
            self._missing("receiver", trouble)
            return False
        except httpx.TransportError as trouble:
            error = f"{type(trouble).__name__}: {trouble}".removesuffix(": ")
        tries = self._set_back[key].tries + 1 if key in self._set_back else 1
        sending = Sending(delivery, tries, status, error, round((time.perf_counter() - began) * 1000))
        if sending.accepted:
            self._place.has_forwarded(key)
            self._set_back.pop(key, None)
            self.forwarded += 1
            self.waits -= 1
        else:
            asked = float(wait) if status in (429, 503) and wait.isdecimal() else 0.0
            pause = max(SET_BACK[min(tries, len(SET_BACK)) - 1], min(asked, LONGEST_WAIT))
            self._set_back[key] = _SetBack(tries, self._clock.now() + pause)
        self._tell(sending)
        if status == GONE:
            raise Gone
        return True

    def _acknowledge(self) -> None:
        if self._place.forwarded:
            self._source.acknowledge(self._place.forwarded)
            self._place.all_acknowledged()
        self._acknowledged_at = self._clock.now()

    def _missing(self, who: str, error: Exception) -> _Turn:
        if self._away != who:
            self._away = who
            self._trouble(who, f"{error}")
        return _Turn.AWAY
