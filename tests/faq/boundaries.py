"""The dates and distances on which an entry turns: the last moment of the old and the first of the new, each also told
in UTC.

`before("1.8")` and `since("1.8")` give a test one side of an entry's boundary, as `moment`, in both ways of writing
it; so neither side can be tested without the trap of the time zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest


@dataclass(frozen=True, slots=True)
class Boundary:
    """The last moment before and the first moment since."""

    last: str
    first: str


BOUNDARIES = {
    "1.1": Boundary("2018-07-31T23:59:59+08:00", "2018-08-01T00:00:00+08:00"),
    "1.6": Boundary("2021-12-01T09:59:59.999999+08:00", "2021-12-01T10:00:00+08:00"),
    "1.8": Boundary("2018-04-19T23:59:59+08:00", "2018-04-20T00:00:00+08:00"),
    "2.11": Boundary("2020-12-31T23:59:59+08:00", "2021-01-01T00:00:00+08:00"),
    "2.13": Boundary("2021-06-30T23:59:59+08:00", "2021-07-01T00:00:00+08:00"),
    "2.14": Boundary("2021-10-18T23:59:59+08:00", "2021-10-19T00:00:00+08:00"),
}
"""By entry. That of 1.6 is an hour after a certificate issued when a sandbox opens."""


def both_ways(moment: str) -> list[str]:
    """A moment as Shenzhen writes it and as UTC does."""
    return [moment, datetime.fromisoformat(moment).astimezone(UTC).isoformat().replace("+00:00", "Z")]


def before(entry: str, *more: str) -> pytest.MarkDecorator:
    """The test holds at the last moment before an entry's boundary, and at the moments named besides."""
    return pytest.mark.parametrize("moment", [*both_ways(BOUNDARIES[entry].last), *more])


def since(entry: str, *more: str) -> pytest.MarkDecorator:
    """The test holds from an entry's boundary on."""
    return pytest.mark.parametrize("moment", [*both_ways(BOUNDARIES[entry].first), *more])
