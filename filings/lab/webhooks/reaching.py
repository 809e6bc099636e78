"""Where a webhook may go: every address of a receiver's name is judged. What goes there is
`filings.lab.webhooks.posting`."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from django.conf import settings

from filings.rules.webhooks import Place, Unreachable, expect_public_name, expect_reachable, place

TIMEOUT = 5.0
"""Seconds an attempt takes at the most: resolving, connecting, sending, and the answer's status."""

RESOLVES = 2.0
"""Seconds a name is given to be resolved while somebody waits for the answer."""


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt met: an answer's status with the beginning of its body, or an error. `in_time`: it was not cut
    short."""

    status: int | None = None
    error: str = ""
    response: str = ""
    retry_after: str = ""
    duration_ms: int = 0
    in_time: bool = True

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def check(url: str) -> None:
    """Whether a webhook may go there. Raises Unreachable. A name that cannot be resolved now may be one later: it is
    judged then."""
    to = place(url)
    expect_public_name(to, settings.SIM_WEBHOOK_ALLOW)
    objections: list[Unreachable] = []

    def resolve() -> None:
        try:
            spots(to)
        except Unreachable as error:
            objections.append(error)
        except OSError:
            pass

    resolving = threading.Thread(target=resolve, daemon=True)
    resolving.start()
    resolving.join(RESOLVES)
    if objections:
        raise objections[0]


def spots(to: Place) -> list[tuple[socket.AddressFamily, Any]]:
    """Where a place really is. Raises Unreachable if any of its addresses is out of bounds: a name that mixes them is
    no mistake."""
    found: list[tuple[socket.AddressFamily, Any]] = []
    for family, _, _, _, where in socket.getaddrinfo(to.host, to.port, type=socket.SOCK_STREAM):
        expect_reachable(to, ip_address(str(where[0]).partition("%")[0]), settings.SIM_WEBHOOK_ALLOW)
        found.append((family, where))
    return found
