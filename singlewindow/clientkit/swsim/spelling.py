"""How values are spelt on the wire: instants, durations, money, merge patches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import quote

SHANGHAI = timezone(timedelta(hours=8))


def instant(moment: str | datetime) -> str:
    """RFC 3339; a datetime without a zone is one of Shanghai."""
    if isinstance(moment, str):
        return moment
    return (moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)).isoformat()


def duration(length: str | timedelta) -> str:
    """ISO 8601."""
    if isinstance(length, str):
        return length
    seconds = f"{length.seconds}.{length.microseconds:06d}" if length.microseconds else f"{length.seconds}"
    return f"P{length.days}DT{seconds}S"


def quoted(value: object) -> str:
    """A value as a part of an address."""
    return quote(str(value), safe="")


def as_json(value: Any) -> bytes:
    """A body; dates, instants, durations and decimals as the contract spells them."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_spelt).encode()


def _spelt(value: Any) -> str:
    match value:
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case timedelta():
            return duration(value)
        case Decimal():
            return f"{value:f}"
    raise TypeError(f"{type(value).__name__} has no place in a body: {value!r}")


def merged(whole: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A merge patch (RFC 7396) laid over an object: None takes a member away."""
    made = deepcopy(dict(whole))
    for name, value in changes.items():
        if value is None:
            made.pop(name, None)
        elif isinstance(value, Mapping):
            below = made.get(name)
            made[name] = merged(below if isinstance(below, Mapping) else {}, value)
        else:
            made[name] = value
    return made
