# Made by tools/generate.py out of _async: not to be edited.
"""The simulator, as a client comes to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, overload

import httpx

from swsim._sync.business import BusinessPlane
from swsim._sync.control import ControlPlane
from swsim._sync.line import Line, Wire
from swsim._sync.worlds import LONG, World
from swsim.spelling import instant

if TYPE_CHECKING:
    from swsim import models

__tracebackhide__ = True  # pytest shows who called, not how it is done

ClockWanted: TypeAlias = "str | datetime | models.ClockWanted | None"


class SingleWindow:
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
        transport: httpx.BaseTransport | None = None,
        seen: Callable[[httpx.Response], None] | None = None,
    ) -> None:
        self.wire = Wire(
            url, timeout=timeout, retries=retries, check_version=check_version, transport=transport, seen=seen
        )
        self.url = self.wire.url
        self.control_token = control_token
        self._line = Line(self.wire, "/control/v1", control_token)
        self.control = ControlPlane(self._line)

    def __enter__(self) -> SingleWindow:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connections. Worlds stay."""
        self.wire.close()

    def portal(self, token: str | None = None) -> BusinessPlane:
        """The business plane as the holder of a token, or as anybody: code tables, FAQ, logins."""
        return BusinessPlane(Line(self.wire, "/api/v1", token))

    def version(self) -> models.Version:
        """Which simulator this is, to which contract and rules."""
        return self.portal().version()

    def world(
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
    ) -> World:
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
        answer = self.control.create_sandbox(body)
        return World(self.wire, answer, control_key=answer["control_key"], token=self.control_token)

    def open_world(self, id: str, control_key: str | None = None) -> World:
        """A sandbox there is. As a context it stays when the context ends."""
        plane = ControlPlane(Line(self.wire, "/control/v1", control_key or self.control_token))
        return World(
            self.wire,
            plane.read_sandbox(id),
            control_key=control_key,
            token=self.control_token,
            made_here=False,
        )

    def import_world(self, snapshot: bytes) -> World:
        """A new sandbox in the state that `world.export()` has told."""
        answer: models.OpenedSandbox = self._line.json(
            "POST", "/sandboxes/import", content=snapshot, timeout=max(LONG, self.wire.timeout)
        )
        return World(self.wire, answer, control_key=answer["control_key"], token=self.control_token)

    def worlds(self) -> list[models.Sandbox]:
        """Every sandbox, newest first; `open_world` takes one's id."""
        rows: list[models.Sandbox] = self.control.every(self.control.list_sandboxes(limit=500))
        return rows

    @overload
    def coverage(self, worlds: Iterable[World | str], format: Literal["json"] = "json") -> models.Coverage: ...
    @overload
    def coverage(self, worlds: Iterable[World | str], format: Literal["html", "junit"]) -> str: ...
    @overload
    def coverage(
        self, worlds: Iterable[World | str], format: Literal["json", "html", "junit"]
    ) -> models.Coverage | str: ...
    def coverage(
        self, worlds: Iterable[World | str], format: Literal["json", "html", "junit"] = "json"
    ) -> models.Coverage | str:
        """What several worlds have met, as one."""
        ids = [world if isinstance(world, str) else world.id for world in worlds]
        return self.control.merge_coverage({"sandboxes": ids}, format=format)
