# Made by tools/generate.py out of _async: not to be edited.
"""An account of a world: who acts on the business plane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from swsim import samples
from swsim._sync.business import BusinessPlane
from swsim._sync.filings import Filing
from swsim._sync.line import Line
from swsim.signing import sign_challenge
from swsim.words import say

if TYPE_CHECKING:
    from swsim import models
    from swsim._sync.worlds import World

__tracebackhide__ = True  # pytest shows who called, not how it is done


class Account(BusinessPlane):
    """An account with its token ready, and every call of the business plane as a method.

    medium  how it is logged in: password or card. Some things are known to a card alone (FAQ 2.6)
    uscc    of its enterprise; None for a 个人用户
    """

    def __init__(self, world: World, known: Mapping[str, Any], *, card: bool = False) -> None:
        self.world = world
        self.role: str = known.get("role", known["username"])
        self.username: str = known["username"]
        self.password: str = known.get("password", "")
        self.uscc: str | None = known.get("uscc")
        self.card_no: str | None = known.get("card_no")
        self.pin: str | None = known.get("pin")
        self.medium: models.Medium = "card" if card else "password"
        if card and "card_token" not in known:
            raise LookupError(say(f"{self.username} has no card", f"{self.username} 没有卡"))
        super().__init__(Line(world.wire, "/api/v1", known["card_token" if card else "token"]))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.username} by {self.medium}>"

    @property
    def api(self) -> BusinessPlane:
        """The plain calls, without what this class adds to them."""
        return self

    @property
    def token(self) -> str:
        """The bearer token, for client software that is to act as this account."""
        return self._line.token or ""

    @property
    def enterprise(self) -> models.EnterpriseName | None:
        """Its enterprise by name."""
        return next((firm for firm in self.world.data["enterprises"] if firm["uscc"] == self.uscc), None)

    # ── logins ────────────────────────────────────────────────────────────────────────────────────────────────

    def login(self) -> models.LoggedIn:
        """Log in by password; from then on the account acts by that login."""
        return self._log_in({"sandbox": self.world.id, "username": self.username, "password": self.password})

    def login_by_card(self) -> models.LoggedIn:
        """Log in by card and PIN."""
        card_no, pin = self._card()
        return self._log_in({"sandbox": self.world.id, "card_no": card_no, "pin": pin})

    def login_by_challenge(self) -> models.LoggedIn:
        """Log in by a signature of the card's; wants `swsim[card]`."""
        card_no, _ = self._card()
        key = self.world.control.read_card_key(self.world.id, card_no)
        challenge = self.challenge_card({"sandbox": self.world.id, "card_no": card_no})
        signature = sign_challenge(key["private_key"], challenge["random"])
        return self._log_in(
            {"sandbox": self.world.id, "card_no": card_no, "random": challenge["random"], "signature": signature}
        )

    def _log_in(self, credentials: models.LogIn) -> models.LoggedIn:
        answer = self.log_in(credentials)
        self._line.token, self.medium = answer["token"], answer["medium"]
        return answer

    def _card(self) -> tuple[str, str]:
        if self.card_no is None:
            raise LookupError(say(f"{self.username} has no card", f"{self.username} 没有卡"))
        return self.card_no, self.pin or ""

    # ── filings ───────────────────────────────────────────────────────────────────────────────────────────────

    def file(
        self,
        content: Mapping[str, Any] | None = None,
        *,
        kind: models.Kind = "registration",
        mode: models.Mode = "self",
        principal: str | None = None,
        client_reference: str | None = None,
    ) -> Filing:
        """A new draft; without content, of the sample for its kind. An agent names whom it files for (its USCC)."""
        if content is None:
            content = self.sample(kind) if principal is None else self.world.sample(kind, uscc=principal)
        body: Any = {"kind": kind, "filing_mode": mode, "content": content}
        body |= {"principal": principal} if principal is not None else {}
        body |= {"client_reference": client_reference} if client_reference is not None else {}
        return Filing(self, self.create_filing(body))

    def filing(self, id: str) -> Filing:
        """A filing there is."""
        return Filing(self, self.read_filing(id))

    def filings(
        self,
        *,
        kind: models.Kind | None = None,
        status: models.Status | None = None,
        since: str | None = None,
        until: str | None = None,
        client_reference: str | None = None,
    ) -> list[Filing]:
        """The filings there are, newest first; of a kind, in a status, from one day to another …"""
        first = self.list_filings(
            kind=kind, status=status, since=since, until=until, client_reference=client_reference, limit=500
        )
        return [Filing(self, row) for row in self.every(first)]

    def sample(self, kind: samples.SampleKind, **changes: Any) -> dict[str, Any]:
        """A content that declares cleanly for this account's enterprise."""
        firm: Mapping[str, Any] = self.enterprise or {}
        own = {name: firm[name] for name in ("uscc", "name_cn") if kind == "registration" and name in firm}
        return samples.sample(kind, **{**own, **changes})

    def report(self, content: Mapping[str, Any] | None = None, *, year: int = 2020) -> models.AnnualReport:
        """Submit the annual report (海关年报) of a year; without content, of the sample."""
        body: Any = {"year": year, "content": self.sample("annual_report") if content is None else content}
        return self.submit_annual_report(body)
