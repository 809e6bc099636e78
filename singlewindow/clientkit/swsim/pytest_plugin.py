"""Fixtures for the tests of client software: a simulator for the session, and a world of it for each test.

    def test_a_registration_is_approved(world):
        clerk = world.account("cardless")
        filing = clerk.file(world.sample("registration"))
        filing.declare()
        filing.until("approved")

`single_window` is a simulator on a free port with data of its own, begun when a test first asks for it and shared by
the workers of pytest-xdist; or the one that runs at SINGLE_WINDOW_URL, its control token in SIM_CONTROL_TOKEN. `world`
is a sandbox of it, as `@pytest.mark.world(situation=…, clock=…, scenario=…, seed=…)` says. A test that fails tells of
its world.

This file is imported wherever the kit is installed, so it imports nothing more until a test asks for it.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from swsim import SingleWindow
    from swsim.testing import World
    from swsim.testing.covering import Gathered, Least
    from swsim.testing.lending import Lender, Lent
    from swsim.testing.watching import Watched, Watcher

URL = "SINGLE_WINDOW_URL"
"""The environment variable that names a simulator that runs already."""

TOKEN = "SIM_CONTROL_TOKEN"  # noqa: S105 - a name
"""The environment variable that holds its control token, where it wants one."""

MARKER = (
    "world(situation=None, clock=None, scenario=None, seed=None, exercise=None): how the world of a test is made. "
    "What a class or module says, a test may say otherwise, argument by argument."
)
ARGUMENTS = ("situation", "clock", "scenario", "seed", "exercise", "ttl_hours")

TTL_HOURS = 24
"""Hours after which a simulator forgets a world whose test was killed before it could."""

_LENDER: pytest.StashKey[Lender] = pytest.StashKey()
_WATCHER: pytest.StashKey[Watcher] = pytest.StashKey()
_WATCHED: pytest.StashKey[Watched] = pytest.StashKey()
_COVERAGE: pytest.StashKey[Gathered] = pytest.StashKey()
_LEAST: pytest.StashKey[list[Least]] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("swsim", "the simulated single window")
    group.addoption(
        "--sw-coverage",
        action="store_true",
        help="tell what of the single window all tests together have met: states, refusals, scenarios, FAQ entries …",
    )
    group.addoption(
        "--sw-coverage-junit",
        metavar="FILE",
        help="write that as one JUnit report; what was not met is skipped",
    )
    group.addoption(
        "--sw-coverage-fail-under",
        metavar="PERCENT|PART=PERCENT",
        action="append",
        default=[],
        help="fail where less was met: 60 of all, state=90 of a part; may be given several times",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", MARKER)
    if config.option.sw_coverage_junit or config.option.sw_coverage_fail_under:
        config.option.sw_coverage = True
    if config.option.sw_coverage:
        from swsim.testing.covering import Gathered, Least

        try:
            config.stash[_LEAST] = [Least.read(text) for text in config.option.sw_coverage_fail_under]
        except ValueError as error:
            raise pytest.UsageError(f"--sw-coverage-fail-under: {error}") from None
        config.stash[_COVERAGE] = Gathered()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """A worker of pytest-xdist is told where the session's server is asked for."""
    node.workerinput["swsim"] = _lender(node.config).address()


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """A worker has ended: what its tests met is of the session's."""
    if packed := getattr(node, "workeroutput", {}).get("swsim"):
        node.config.stash[_COVERAGE].merge(packed)


@pytest.fixture(scope="session")
def single_window(request: pytest.FixtureRequest) -> SingleWindow:
    """A simulator: the client of both its planes. It begins when a test first asks for it, and stays to the end of the
    session, which is after the last world has been told of."""
    from swsim.problems import Problem, Unreachable
    from swsim.serving import NotStarted
    from swsim.testing.watching import Watcher

    try:
        watcher = Watcher(_lent(request.config), os.environ.get(TOKEN) if os.environ.get(URL) else None)
        watcher.single_window.version()
    except Problem:
        pass  # it answers; whether it is of another age is warned of
    except (NotStarted, Unreachable) as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    request.config.stash[_WATCHER] = watcher
    return watcher.single_window


@pytest.fixture
def world(request: pytest.FixtureRequest, single_window: SingleWindow) -> World:
    """A world of the test's own, made as its marker says and deleted after it; its clock stands until it is advanced.

    The same test has the same seed, so the same numbers, whenever it is run.
    """
    item: pytest.Item = request.node
    wanted: dict[str, Any] = {}
    for marker in reversed(list(item.iter_markers("world"))):
        if marker.args or not marker.kwargs.keys() <= set(ARGUMENTS):
            pytest.fail(f"A marker world takes {', '.join(ARGUMENTS)}, each by its name", pytrace=False)
        wanted |= marker.kwargs
    wanted = {"seed": zlib.crc32(item.nodeid.encode()), "ttl_hours": TTL_HOURS} | wanted
    watched = item.stash[_WATCHED] = item.config.stash[_WATCHER].watch(item.nodeid, wanted)
    return watched.world


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    outcome: Any = yield
    watched = item.stash.get(_WATCHED, None)
    if watched is None:
        return
    report = outcome.get_result()
    if report.failed:
        for title, text in watched.told(_folder(item.config), report.longreprtext):
            if hasattr(report.longrepr, "addsection"):  # where a JUnit report has it too
                report.longrepr.addsection(title, text)
            else:
                report.sections.append((title, text))
    if report.when == "teardown":
        watched.end(item.config.stash.get(_COVERAGE, None))
        del item.stash[_WATCHED]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    gathered = session.config.stash.get(_COVERAGE, None)
    if gathered is None:
        return
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["swsim"] = gathered.packed()
        return
    if file := session.config.option.sw_coverage_junit:
        Path(file).parent.mkdir(parents=True, exist_ok=True)
        Path(file).write_bytes(gathered.junit())
    if _missed(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    gathered = config.stash.get(_COVERAGE, None)
    if gathered is None:
        return
    terminalreporter.section(f"single window coverage, {gathered.worlds} worlds")
    for line in gathered.table():
        terminalreporter.write_line(line)
    for line in _missed(config):
        terminalreporter.write_line(line, red=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    if watcher := config.stash.get(_WATCHER, None):
        watcher.single_window.close()
    if lender := config.stash.get(_LENDER, None):
        lender.close()


def _lent(config: pytest.Config) -> Lent:
    """The simulator of this session. Raises NotStarted."""
    from swsim.testing.lending import Lent, borrow

    if url := os.environ.get(URL, "").strip():
        return Lent(url, None)
    if hasattr(config, "workerinput"):
        return borrow(tuple(config.workerinput["swsim"]))
    return _lender(config).lend()


def _lender(config: pytest.Config) -> Lender:
    from swsim.testing.lending import Lender

    return config.stash.setdefault(_LENDER, Lender())


def _folder(config: pytest.Config) -> Path | None:
    """Where the cases of failed tests are kept: in pytest's cache, if it has one."""
    cache = getattr(config, "cache", None)
    return Path(cache.mkdir("swsim")) if cache else None


def _missed(config: pytest.Config) -> list[str]:
    gathered = config.stash[_COVERAGE]
    if not gathered.worlds:
        return []
    return [words for least in config.stash[_LEAST] if (words := least.missed(gathered))]
