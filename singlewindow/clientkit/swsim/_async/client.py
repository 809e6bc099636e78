"""The simulator, as a client comes to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

import httpx

from swsim._async.business import AsyncBusinessPlane
from swsim._async.control import AsyncControlPlane
from swsim._async.line import AsyncLine, AsyncWire
from swsim._async.worlds import LONG, AsyncWorld
from swsim.opening import opening
from swsim.spelling import instant

if TYPE_CHECKING:
    from swsim import models

__tracebackhide__ = True  # pytest shows who called, not how it is done

ClockWanted: TypeAlias = "str | datetime | models.ClockWanted | None"


class AsyncSingleWindow:
    """A simulator at an address.

    control_token  opens the whole control plane, where it is not open by itself (beyond loopback)
    timeout        seconds for an answer
    retries        how often a request is sent again where the line was cut, or the simulator said it was busy
    check_version  whether to warn when kit and simulator are not of one age
    transport      another way to the simulator, for tests without a network
    seen           called with every answer
    """

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        *,
        control_token: str | None = None,
        timeout: float = 10,
        retries: int = 3,
        check_version: bool = True,
        transport: httpx.AsyncBaseTransport | None = None,
        seen: Callable[[httpx.Response], None] | None = None,
    ) -> None:
        self.wire = AsyncWire(
            url, timeout=timeout, retries=retries, check_version=check_version, transport=transport, seen=seen
        )
        self.url = self.wire.url
        self.control_token = control_token
        self._line = AsyncLine(self.wire, "/control/v1", control_token)
        self.control = AsyncControlPlane(self._line)

    async def __aenter__(self) -> AsyncSingleWindow:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Let go of the connections. Worlds stay."""
        await self.wire.aclose()

    def portal(self, token: str | None = None) -> AsyncBusinessPlane:
        """The business plane as the holder of a token, or as anybody: code tables, FAQ, logins."""
        return AsyncBusinessPlane(AsyncLine(self.wire, "/api/v1", token))

    async def version(self) -> models.Version:
        """Which simulator this is, to which contract and rules."""
        return await self.portal().version()

    @opening
    async def world(
        self,
        situation: str | None = None,
        *,
        clock: ClockWanted = None,
        scenario: str | None = None,
        seed: int | None = None,
        name: str | None = None,
        exercise: str | None = None,
        ttl_hours: int | None = None,
        pinned: bool | None = None,
        login_lock: bool | None = None,
    ) -> AsyncWorld:
        """A new sandbox; as a context, deleted at its end.

        situation   in which it begins; "standard" unless told
        clock       {mode, now, rate}; or only a moment, at which it stands still
        scenario    how the authorities answer, e.g. "approve; pace=fast"
        seed        same seed, same calls: same numbers
        exercise    the world of an exercise instead, e.g. "faq-2-4": it chooses situation, clock and scenario
        ttl_hours   how long it is kept after its last use; for ever if it is `pinned`
        login_lock  whether wrong passwords lock a login
        """
        if isinstance(clock, str | datetime):
            clock = {"mode": "frozen", "now": instant(clock)}
        wanted = {
            "situation": situation,
            "clock": clock,
            "scenario": scenario,
            "seed": seed,
            "name": name,
            "exercise": exercise,
            "ttl_hours": ttl_hours,
            "pinned": pinned,
            "login_lock": login_lock,
        }
        body: Any = {member: value for member, value in wanted.items() if value is not None}
        answer = await self.control.create_sandbox(body)
        return AsyncWorld(self.wire, answer, control_key=answer["control_key"], token=self.control_token)

    @opening
    async def open_world(self, id: str, control_key: str | None = None) -> AsyncWorld:
        """A sandbox there is. As a context it stays when the context ends."""
        plane = AsyncControlPlane(AsyncLine(self.wire, "/control/v1", control_key or self.control_token))
        return AsyncWorld(
            self.wire,
            await plane.read_sandbox(id),
            control_key=control_key,
            token=self.control_token,
            made_here=False,
        )

    @opening
    async def import_world(self, snapshot: bytes) -> AsyncWorld:
        """A new sandbox in the state that `world.export()` has told."""
        answer: models.OpenedSandbox = await self._line.json(
            "POST", "/sandboxes/import", content=snapshot, timeout=max(LONG, self.wire.timeout)
        )
        return AsyncWorld(self.wire, answer, control_key=answer["control_key"], token=self.control_token)

    async def worlds(self) -> list[models.Sandbox]:
        """Every sandbox, newest first; `open_world` takes one's id."""
        rows: list[models.Sandbox] = await self.control.every(await self.control.list_sandboxes(limit=500))
        return rows

    @overload
    async def coverage(
        self, worlds: Iterable[AsyncWorld | str], format: Literal["json"] = "json"
    ) -> models.Coverage: ...
    @overload
    async def coverage(self, worlds: Iterable[AsyncWorld | str], format: Literal["html", "junit"]) -> str: ...
    @overload
    async def coverage(
        self, worlds: Iterable[AsyncWorld | str], format: Literal["json", "html", "junit"]
    ) -> models.Coverage | str: ...
    async def coverage(
        self, worlds: Iterable[AsyncWorld | str], format: Literal["json", "html", "junit"] = "json"
    ) -> models.Coverage | str:
        """What several worlds have met, as one."""
        ids = [world if isinstance(world, str) else world.id for world in worlds]
        return await self.control.merge_coverage({"sandboxes": ids}, format=format)
