"""A test's world while the test runs: what was asked of it, and what it tells when the test fails."""

from __future__ import annotations

import hashlib
import os
import re
import shlex
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx

import swsim
from swsim import replaying
from swsim.problems import Problem, SwsimError, Unreachable
from swsim.receiving import Receiver
from swsim.testing import telling
from swsim.testing.covering import Gathered
from swsim.testing.lending import Lent
from swsim.words import say

TITLE = "single window"

LAST_LINES = 60
"""Lines of the server's log that are told at the most."""

Sections = list[tuple[str, str]]


class World(swsim.World):
    """A world as a test has it: with a receiver of its webhooks at hand."""

    @cached_property
    def webhooks(self) -> Receiver:
        """A receiver that is told of every change of status from its first mention on."""
        return Receiver.of(self)


class Watcher:
    """Gives each test its world, and keeps what the test asked of the control plane: the journal has the rest."""

    def __init__(self, lent: Lent, control_token: str | None = None) -> None:
        self.single_window = swsim.SingleWindow(lent.url, control_token=control_token, seen=self._saw)
        self.log = lent.log
        self._world = ""
        self._steps: list[dict[str, Any]] = []

    def watch(self, test: str, wanted: Mapping[str, Any]) -> Watched:
        """A new world for a test."""
        self._world, self._steps = "", []
        said = self.log.stat().st_size if self.log else 0
        try:
            opened = self.single_window.world(name=test[-100:], **wanted)
        except Unreachable as error:
            raise Unreachable("\n".join([str(error), *last_lines(self.log)])) from None
        self._world = opened.id
        world = World(opened.wire, opened.data, control_key=opened.control_key, token=self.single_window.control_token)
        return Watched(test, world, wanted, self._steps, self.log, said)

    def _saw(self, response: httpx.Response) -> None:
        request = response.request
        _, ours, path = request.url.path.partition(f"/control/v1/sandboxes/{self._world}/")
        if not ours or request.method == "GET" or path in ("journal/verify", "conformance"):
            return
        refusal = response.json() if response.is_error else {}
        self._steps.append(replaying.of_control(path, request, response.status_code, refusal.get("code")))


class Watched:
    """A test's world, and what is known of it besides."""

    def __init__(
        self,
        test: str,
        world: World,
        wanted: Mapping[str, Any],
        steps: list[dict[str, Any]],
        log: Path | None,
        said: int,
    ) -> None:
        self.test = test
        self.world = world
        self._wanted = wanted
        self._steps = steps
        self._log, self._said = log, said

    def told(self, folder: Path | None, failure: str) -> Sections:
        """What the world tells of a failure, part by part. Whatever cannot be told says why."""
        sections: Sections = []
        journal: list[Any] | None = None
        with swsim.SingleWindow(self.world.wire.url, retries=0, check_version=False) as asked:
            # Beside the test: nothing is tried again, and nothing of it is a step of the test.
            world = swsim.World(asked.wire, self.world.data, control_key=self.world.control_key)
            try:
                journal = world.journal()
                sections += self._now(world)
                sections += _part(say("last exchanges", "最近的往来"), telling.exchanges(journal[: telling.EXCHANGES]))
            except Exception as error:  # what a failure tells besides never stands in the way of what it says itself
                why = str(error) if isinstance(error, SwsimError) else repr(error)
                sections += _part(say("cannot be told", "无法告知"), [why])
        sections += _part(say("the server's log meanwhile", "其间的服务日志"), last_lines(self._log, self._said))
        sections += _part(say("again", "重现"), self._again(folder, failure, journal))
        return sections

    def end(self, coverage: Gathered | None) -> None:
        """The test is over: take in what it met, and delete its world. A world that is gone already met nothing."""
        if receiver := vars(self.world).get("webhooks"):
            receiver.close()
        with suppress(SwsimError):
            if coverage is not None:
                coverage.add(self.world.coverage())
            self.world.delete()

    def _now(self, world: swsim.World) -> Iterator[tuple[str, str]]:
        world.reload()
        faults = world.control.list_faults(world.id)["results"]
        yield from _part("", telling.head(world.data, faults))
        for filing in world.control.list_sandbox_filings(world.id, limit=telling.FILINGS)["results"]:
            lines = telling.filing(filing, _timeline(world, filing), world.explain(filing["id"]))
            yield from _part(say("filing", "申请单") + f" {filing['id']}", lines)

    def _again(self, folder: Path | None, failure: str, journal: list[Any] | None) -> Iterator[str]:
        yield f"pytest {shlex.quote(self.test)}"
        if folder and journal is not None and (journal or self._steps):
            steps = sorted(
                [*self._steps, *map(replaying.of_journal, reversed(journal))],
                key=lambda step: datetime.fromisoformat(step["at"]),
            )
            file = folder / _file_name(self.test)
            made = {name: value for name, value in self._wanted.items() if name != "ttl_hours"}
            replaying.Case(made, steps, self.test, failure[-4000:]).write(file)
            yield f"swsim replay {shlex.quote(_from_here(file))}"


def last_lines(log: Path | None, since: int = 0) -> list[str]:
    """What a server has said, from a byte of its log on; the last lines of it."""
    if log is None:
        return []
    with suppress(OSError), log.open("rb") as file:
        file.seek(since)
        return file.read().decode("utf-8", "replace").strip().splitlines()[-LAST_LINES:]
    return []


def _part(name: str, lines: Any) -> Sections:
    text = "\n".join(lines)
    return [(f"{TITLE}: {name}" if name else TITLE, text)] if text else []


def _timeline(world: swsim.World, filing: Mapping[str, Any]) -> Any:
    """A filing's timeline as its applicant reads it; or why it cannot be read."""
    uscc = filing["enterprise"]["uscc"]
    account = next((known for known in world.accounts if known["uscc"] == uscc), None)
    if account is None:
        return say(f"timeline: no account of {uscc} to read it", f"状态变化：没有 {uscc} 的账户可以读取")
    try:
        reader = world.account(account)
        if _expired(reader):
            reader.login()
        return reader.filing_timeline(filing["id"])["results"]
    except SwsimError as error:
        return say("timeline: ", "状态变化：") + str(error).splitlines()[0]


def _expired(account: swsim.Account) -> bool:
    """Whether an account's token has expired: then the test was about that, and the timeline is read all the same."""
    try:
        account.who_am_i()
    except Problem as problem:
        return problem.status == 401
    return False


def _file_name(test: str) -> str:
    """A name of a file for a test: readable, and of no other test."""
    words = re.sub(r"[^\w.-]+", "-", test.rpartition("/")[2])[:80]
    return f"{words}-{hashlib.sha256(test.encode()).hexdigest()[:6]}.json"


def _from_here(file: Path) -> str:
    try:
        return str(file.relative_to(os.getcwd()))
    except ValueError:
        return str(file)
