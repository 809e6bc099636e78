"""When a request is sent once more, and after how long."""

from __future__ import annotations

import email.utils
import random
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import httpx

LONGEST = 10.0
"""Seconds: what asks to wait longer is told at once. Nobody waits for that in a test."""

_FOR_A_WHILE = frozenset({502, 503, 504})
_UNDER_WAY = frozenset({"idempotency_in_flight", "clock_advancing"})
"""What a request meets that is sent again while its first sending is still at work."""

_NEVER_SENT = (httpx.UnsupportedProtocol, httpx.LocalProtocolError, httpx.ProxyError)


def again(error: httpx.TransportError) -> bool:
    """Whether a line that broke may be tried anew."""
    return not isinstance(error, _NEVER_SENT)


def after(status: int, retry_after: float | None, problem: Mapping[str, Any]) -> float | None:
    """Seconds after which an answer may be another one, 0 for as soon as one likes; None: this is the answer.

    A refusal by a documented rule (it has a FAQ number) is one; and so is a wait on the sandbox's clock (`retry_at`).
    """
    if problem.get("faq") or "retry_at" in problem:
        return None
    asked = retry_after or 0.0
    waits = (
        status in _FOR_A_WHILE
        or (status == 429 and retry_after is not None)
        or (status == 409 and problem.get("code") in _UNDER_WAY)
    )
    return asked if waits and asked <= LONGEST else None


def pause(tried: int) -> float:
    """Seconds before the next try where nobody says how long: 0.05, 0.1, 0.2 … and a little."""
    return float(min(0.05 * 2**tried, 2.0) * (1 + random.random() / 4))  # noqa: S311 - no secret


def seconds(header: str | None) -> float | None:
    """What a Retry-After header asks for; None where there is none that can be read."""
    if header is None:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, (moment - datetime.now(timezone.utc)).total_seconds())
