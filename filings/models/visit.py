"""A visit: who is here, in which world, by which medium, at which moment."""

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
    """Given to every deed. `now` is the moment of the visit on the sandbox's clock: time is an argument.

    laid  nobody came: whoever tests or trains laid it so, in the name of the account
    """

    sandbox: Sandbox
    party: Party
    now: datetime
    account: Account | None = None
    session: Session | None = None
    medium: Medium | None = None
    scenario: str = ""
    by_hand: bool = False
    laid: bool = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """One transaction that holds the visit's world: around everything that writes.

        If the clock was set while the visit waited, it comes at the new moment. Raises 404 and 409 `world_reset`.
        """
        with self.sandbox.held() as moved:
            if moved:
                self.now = self.sandbox.now()
            yield

    @property
    def enterprise(self) -> Enterprise | None:
        return self.account.enterprise if self.account else None

    @property
    def helped(self) -> bool:
        """Whether the simulator's own help is shown."""
        return self.sandbox.helped

    @property
    def actor(self) -> str:
        """Who acts, for the trail; "" where nobody did."""
        if self.laid:
            return ""
        return self.account.username if self.account else self.party.value


def authority(sandbox: Sandbox, party: Party, now: datetime, *, by_hand: bool = False) -> Visit:
    """An authority's own visit."""
    return Visit(sandbox=sandbox, party=party, now=now, by_hand=by_hand)
