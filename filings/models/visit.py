"""A visit: who stands at the counter, in which world, by which medium, at which moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from filings.models.people import Account, Enterprise, Session
from filings.models.sandbox import Sandbox
from filings.rules.words import Medium, Party


@dataclass(slots=True, kw_only=True)
class Visit:
    """Passed to every door. `now` is the sandbox's moment the visit is made at: time is an argument."""

    sandbox: Sandbox
    party: Party
    now: datetime
    account: Account | None = None
    session: Session | None = None
    medium: Medium | None = None
    scenario: str = ""
    by_hand: bool = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """One transaction with the visit's world in hand: the frame of whatever writes.

        Who has waited while somebody set the clock comes at the moment it stands at now. Raises 404 and 409
        `world_reset`.
        """
        with self.sandbox.held() as moved:
            if moved:
                self.now = self.sandbox.now()
            yield

    @property
    def enterprise(self) -> Enterprise | None:
        return self.account.enterprise if self.account else None

    @property
    def actor(self) -> str:
        """Who did it, for the trail."""
        return self.account.username if self.account else self.party.value


def authority(sandbox: Sandbox, party: Party, now: datetime, *, by_hand: bool = False) -> Visit:
    """An authority's own visit."""
    return Visit(sandbox=sandbox, party=party, now=now, by_hand=by_hand)
