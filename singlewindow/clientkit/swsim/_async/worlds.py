"""A world: a sandbox with its people, its clock, its authorities, and what one may do to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

from swsim import samples
from swsim._async.accounts import AsyncAccount
from swsim._async.control import AsyncControlPlane
from swsim._async.filings import AsyncFiling
from swsim._async.line import AsyncLine, AsyncWire
from swsim.problems import Mismatch, Problem
from swsim.spelling import duration, instant, quoted
from swsim.words import say

if TYPE_CHECKING:
    from swsim import models

__tracebackhide__ = True  # pytest shows who called, not how it is done

OfFiling: TypeAlias = "AsyncFiling | str"
FixtureSort: TypeAlias = Literal["enterprise", "account", "card", "filing"]

LONG = 60.0
"""Seconds for what may take long: advances, snapshots."""


def _id(filing: OfFiling) -> str:
    return filing if isinstance(filing, str) else filing.id


class AsyncWorld:
    """A sandbox. Entered as a context it is deleted at the end, if it was made here and not only opened.

    data         as it was answered: id, accounts, enterprises, scenario, seed …
    clock        {mode, now, rate}, as last answered
    control      the control plane, as the holder of this sandbox's key
    control_key  opens this sandbox, and no other
    """

    def __init__(
        self,
        wire: AsyncWire,
        data: models.SandboxWithAccounts,
        *,
        control_key: str | None,
        token: str | None = None,
        made_here: bool = True,
    ) -> None:
        self.wire = wire
        self.data = data
        self.control_key = control_key
        self.clock: models.Clock = data["clock"]
        self._made_here = made_here
        self._made: dict[str, dict[str, Any]] = {}
        self._line = AsyncLine(wire, "/control/v1", control_key or token)
        self.control = AsyncControlPlane(self._line)

    @property
    def id(self) -> str:
        return self.data["id"]

    @property
    def url(self) -> str:
        """Where the simulator is: what client software is pointed at, with an account's name and password or token."""
        return self.wire.url

    @property
    def accounts(self) -> list[models.SandboxAccount]:
        """Who is in it from the beginning, with credentials and tokens."""
        return self.data["accounts"]

    @property
    def roles(self) -> list[str]:
        return [account["role"] for account in self.accounts]

    @property
    def now(self) -> datetime:
        """Where its clock stood when it was last answered."""
        return datetime.fromisoformat(self.clock["now"])

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id} at {self.clock['now']}>"

    async def __aenter__(self) -> AsyncWorld:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._made_here:
            await self.delete()

    # ── people and papers ─────────────────────────────────────────────────────────────────────────────────────

    def account(self, role: str | Mapping[str, Any] = "cardless", *, card: bool = False) -> AsyncAccount:
        """An account by its role or user name, or one that `fixture` has answered, logged in by password or `card`.

        Raises LookupError that lists those there are.
        """
        name = role if isinstance(role, str) else role["username"]
        if name in self._made:
            return AsyncAccount(self, self._made[name], card=card)
        for known in self.accounts:
            if name in (known["role"], known["username"]):
                return AsyncAccount(self, known, card=card)
        roles = ", ".join([*self.roles, *self._made])
        raise LookupError(say(f"No account {role}; there are {roles}", f"没有账户 {role}；现有 {roles}"))

    def sample(self, kind: samples.SampleKind, **changes: Any) -> dict[str, Any]:
        """A content that declares cleanly: a registration for `cardless`, all else for `card` and its like. Changes
        are laid over it as a merge patch: objects member by member, None takes away."""
        return samples.sample(kind, **changes)

    async def fixture(self, sort: FixtureSort, **facts: Any) -> dict[str, Any]:
        """Make an enterprise, an account, a card or a filing to measure; what is not given is filled in. Accounts and
        cards made so are found by `account`."""
        made: dict[str, Any] = await self._line.json(
            "POST", f"/sandboxes/{self.id}/fixtures/{quoted(sort)}", body=facts
        )
        if username := made.get("username"):
            known = next((dict(account) for account in self.accounts if account["username"] == username), {})
            self._made[username] = known | self._made.get(username, {}) | made
        if sort != "filing":
            self.data["enterprises"] = (await self.control.read_sandbox(self.id))["enterprises"]
        return made

    # ── time ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def advance(
        self, by: str | timedelta | None = None, *, until: Literal["idle", "next_event"] | None = None
    ) -> models.Advanced:
        """Let the sandbox's time pass: by a duration ("PT1H" or a timedelta), or until nothing is due or the next thing
        has happened. What was due has happened when this returns."""
        body: Any = {"by": duration(by)} if by is not None else {"until": until or "idle"}
        return await self._advance(body)

    async def at(self, moment: str | datetime) -> models.Advanced:
        """Advance to a moment; one without a zone is Shanghai's."""
        return await self._advance({"to": instant(moment)})

    async def _advance(self, body: models.Advance) -> models.Advanced:
        answer: models.Advanced = await self._line.json(
            "POST", f"/sandboxes/{self.id}/clock/advance", body=body, timeout=max(LONG, self.wire.timeout)
        )
        self.clock = {**self.clock, "now": answer["now"]}
        return answer

    # ── authorities ───────────────────────────────────────────────────────────────────────────────────────────

    async def scenario(
        self,
        scenario: str,
        *,
        filing: OfFiling | None = None,
        times: int | None = None,
        kind: models.Kind | None = None,
        uscc: str | None = None,
    ) -> None:
        """How the authorities answer, e.g. "reject; reason=address_mismatch": every declaration from now on; or that of
        one `filing`; or the next so many `times`, of a `kind` and an enterprise if these are told."""
        if filing is not None:
            await self.control.pin_scenario(self.id, _id(filing), {"scenario": scenario})
        elif times is not None or kind is not None or uscc is not None:
            match: Any = {name: value for name, value in (("kind", kind), ("uscc", uscc)) if value is not None}
            await self.control.queue_scenario(
                self.id, {"scenario": scenario, "match": match, "times": 1 if times is None else times}
            )
        else:
            await self.control.set_scenario(self.id, {"scenario": scenario})

    async def situation(self, situation: str, *, uscc: str | None = None) -> models.Entered:
        """Put the world into a documented situation, about the enterprise of `card` unless another is named."""
        body: Any = {"situation": situation} | ({"uscc": uscc} if uscc else {})
        return await self.control.enter_situation(self.id, body)

    async def trigger(
        self,
        filing: OfFiling,
        status: str,
        *,
        reason_code: str | None = None,
        public_comment: str | None = None,
        internal_comment: str | None = None,
    ) -> models.HandledFiling:
        """Walk a filing to a status, every status between with its receipt; the words are a rejection's."""
        words = {"reason_code": reason_code, "public_comment": public_comment, "internal_comment": internal_comment}
        body: Any = {"to": status} | {name: text for name, text in words.items() if text is not None}
        return await self.control.advance_filing(self.id, _id(filing), body)

    async def explain(self, filing: OfFiling) -> models.Explanation:
        """Why a filing is where it is, and what would move it."""
        return await self.control.explain_filing(self.id, _id(filing))

    async def sync(self, uscc: str | None = None) -> models.Synced:
        """Write the single window's mirror anew from the customs ledger, of one enterprise or all."""
        return await self.control.sync_mirror(self.id, {"uscc": uscc} if uscc else {})

    # ── failures ──────────────────────────────────────────────────────────────────────────────────────────────

    async def fault(
        self,
        fault: str,
        *,
        match: Mapping[str, str] | None = None,
        times: int | None = None,
        probability: float | None = None,
        ttl_seconds: int | None = None,
        **parameters: Any,
    ) -> models.Fault:
        """Let something fail: `fault("status", status=503, match={"path": "/filings/*"}, times=1)`; or written whole,
        `fault("latency; ms=500")`."""
        if "status" in parameters:  # in the simulator's words a `code`
            parameters["code"] = parameters.pop("status")
        text = "; ".join([fault, *(f"{name}={value}" for name, value in parameters.items())])
        limits = {"match": match, "times": times, "probability": probability, "ttl_seconds": ttl_seconds}
        body: Any = {"fault": text} | {name: value for name, value in limits.items() if value is not None}
        return await self.control.put_fault(self.id, body)

    async def mend(self, fault: models.Fault | str | None = None) -> None:
        """Take a fault away, or all of them."""
        if fault is None:
            ids = [standing["id"] for standing in (await self.control.list_faults(self.id))["results"]]
        else:
            ids = [fault if isinstance(fault, str) else fault["id"]]
        for id in ids:
            await self.control.take_fault_away(self.id, id)

    # ── states kept ───────────────────────────────────────────────────────────────────────────────────────────

    async def checkpoint(self, name: str) -> models.Checkpoint:
        """Keep the whole state under a name, in place of what was kept under it."""
        body: models.NewCheckpoint = {"name": name, "replace": True}
        return await self.control.keep_checkpoint(self.id, body)

    async def restore(self, name: str) -> None:
        """Come back to a state that was kept, clock and all."""
        answer: models.SandboxWithAccounts = await self._line.json(
            "POST",
            f"/sandboxes/{self.id}/checkpoints/{quoted(name)}/restore",
            timeout=max(LONG, self.wire.timeout),
        )
        self._began_anew(answer)

    async def reset(self) -> None:
        """As it was when it was made; the tokens stay."""
        self._began_anew(await self.control.reset_sandbox(self.id))

    def _began_anew(self, data: models.SandboxWithAccounts) -> None:
        self.data, self.clock, self._made = data, data["clock"], {}

    async def reload(self) -> None:
        """Read it anew: clock, what is due next, how much it holds."""
        self.data = await self.control.read_sandbox(self.id)
        self.clock = self.data["clock"]

    async def export(self, checkpoint: str | None = None) -> bytes:
        """The whole state, or that of a checkpoint, as a file: to be attached to a report, or imported elsewhere."""
        return await self._line.bytes(
            "GET",
            f"/sandboxes/{self.id}/export",
            query={"checkpoint": checkpoint},
            timeout=max(LONG, self.wire.timeout),
        )

    async def delete(self) -> None:
        """Delete it. One that is gone already is no trouble."""
        try:
            await self.control.delete_sandbox(self.id)
        except Problem as problem:
            if problem.status != 404:
                raise

    # ── what was seen ─────────────────────────────────────────────────────────────────────────────────────────

    async def journal(
        self,
        *,
        method: str | None = None,
        path: str | None = None,
        status: int | str | None = None,
        account: str | None = None,
        filing: OfFiling | None = None,
        code: str | None = None,
    ) -> list[models.Exchange]:
        """Every exchange of the business plane, newest first; narrowed to those of a method, a path …"""
        first = await self.control.read_journal(
            self.id,
            method=method,
            path=path,
            status=None if status is None else str(status),
            account=account,
            filing=None if filing is None else _id(filing),
            code=code,
            limit=500,
        )
        rows: list[models.Exchange] = await self.control.every(first)
        return rows

    async def verify(
        self,
        *,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        account: str | None = None,
        body: Any = None,
        exactly: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
    ) -> int:
        """How many exchanges of a sort the journal holds: one at least, unless another number is told. `path` may be
        written from behind /api/v1, `*` stands for anything; of `body` the members named must be there and equal.
        Raises Mismatch, an AssertionError, with what missed by one thing only."""
        wanted = {"method": method, "path": path, "status": status, "account": account, "body": body}
        match: Any = {name: value for name, value in wanted.items() if value is not None}
        bounds = {"exactly": exactly, "at_least": at_least, "at_most": at_most}
        count: Any = {name: value for name, value in bounds.items() if value is not None} or {"at_least": 1}
        verified = await self.control.verify_journal(self.id, {"match": match, "count": count})
        if verified["ok"]:
            return verified["found"]
        expected = ", ".join(f"{name} {value}" for name, value in count.items())
        lines = [
            say(
                f"{match}: {verified['found']} found, {expected}",
                f"{match}：有 {verified['found']} 次，应为 {expected}",
            )
        ]
        lines += [
            f"  {miss['method']} {miss['path']} {miss['status']}  {say('differs', '不同')}: {miss['differs']}"
            for miss in verified["near_misses"]
        ]
        raise Mismatch("\n".join(lines))

    @overload
    async def coverage(self, format: Literal["json"] = "json") -> models.Coverage: ...
    @overload
    async def coverage(self, format: Literal["html", "junit"]) -> str: ...
    @overload
    async def coverage(self, format: Literal["json", "html", "junit"]) -> models.Coverage | str: ...
    async def coverage(self, format: Literal["json", "html", "junit"] = "json") -> models.Coverage | str:
        """Which states, edges, refusals, scenarios, situations and FAQ entries were met, and which not."""
        return await self.control.read_coverage(self.id, format=format)

    # ── webhooks ──────────────────────────────────────────────────────────────────────────────────────────────

    async def subscribe(
        self, url: str, events: list[models.WebhookEvent] | None = None, secret: str | None = None
    ) -> models.RegisteredWebhook:
        """Have status changes told to an address; the answer holds the `secret` they are signed by. A receiver on this
        machine must be among the simulator's SIM_WEBHOOK_ALLOW."""
        body: Any = {"url": url} | ({"events": events} if events else {}) | ({"secret": secret} if secret else {})
        return await self.control.register_webhook(self.id, body)

    async def deliveries(
        self, *, webhook: str | None = None, state: models.DeliveryState | None = None
    ) -> list[models.Delivery]:
        """What was sent to webhooks and what came of it, newest first; of one webhook, in one state."""
        first = await self.control.list_deliveries(self.id, webhook=webhook, state=state, limit=500)
        rows: list[models.Delivery] = await self.control.every(first)
        return rows
