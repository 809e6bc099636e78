"""Which simulator, to which contract, by which rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

VERSION = "0.1.0"
RULES_VERSION = "深圳FAQ-2021"

CONTRACT_VERSION = "1.0"
"""major.minor of what clients rely on over HTTP, both planes: a minor adds, a major takes away or alters."""


NOTICE = timedelta(days=180)
"""How long something is told to be going away before it does. Ours."""


@dataclass(frozen=True, slots=True)
class Deprecation:
    """Something of the contract that is to go away.

    what     an operation or a member as the documents write it, e.g. `GET /api/v1/filings`, `Filing.stage`
    since    from which day on it is not recommended
    gone_on  from which day on a release may lack it; that release has the next major contract version
    instead  what to do in its place, in Chinese
    """

    what: str
    since: date
    gone_on: date
    instead: str

    def __post_init__(self) -> None:
        if self.gone_on - self.since < NOTICE:
            raise ValueError(f"{self.what}: what goes away is told {NOTICE.days} days before")


DEPRECATIONS: tuple[Deprecation, ...] = ()
"""Told by `GET /api/v1/version`; clients of the kit are warned of each."""
