"""The pytest plugin, as a suite of somebody else's has it: in a process, and a folder, of its own."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
import yaml

from swsim import Problem, SingleWindow, World, replaying
from swsim.serving import Server, environment, serving
from swsim.testing import telling
from swsim.testing.covering import Least

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@dataclass
class Suite:
    """A suite in a folder of its own, and how it is run."""

    folder: Path
    environ: dict[str, str]

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "pytest", "-p", "xdist", "-p", "swsim.pytest_plugin", "--rootdir=.", *words]

    def run(self, *words: str, code: int = 0, **environ: str) -> str:
        """What pytest says of it; it ends with this exit code."""
        done = subprocess.run(
            self.command(*words),
            cwd=self.folder,
            env={**self.environ, **environ},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def suite(tmp_path: Path) -> Callable[..., Suite]:
    """Write a suite; its server is the one given, or one of its own."""

    def write(tests: str, at: Server | None = None, script: Path = ROOT / "manage.py") -> Suite:
        (tmp_path / "test_suite.py").write_text("import pytest\n" + tests, encoding="utf-8")
        told = {
            "PYTHONPATH": str(ROOT / "singlewindow" / "clientkit"),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "SINGLE_WINDOW_COMMAND": shlex.join([sys.executable, str(script)]),
            "SWSIM_LANG": "en",
        }
        told |= {"SINGLE_WINDOW_URL": at.url} if at else {}
        return Suite(tmp_path, environment() | told)

    return write


def parts(said: str, test: str) -> dict[str, str]:
    """What was told of a test that failed, by title."""
    found = re.search(rf"^_+ (?:ERROR at \w+ of )?{test} _+\n(.*?)(?=^(?:_{{3,}}|={{3,}}) )", said, re.M | re.S)
    assert found, said
    pieces = re.split(r"^-+ (.*?) -+\n", found[1], flags=re.M)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def wait(until: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end
        time.sleep(0.05)


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("written", ["abc", "state=abc", "state=", "101", "-1", "nan"])
def test_what_is_no_per_cent_is_told_with_what_is(written: str) -> None:
    with pytest.raises(ValueError, match=f"{written}.*state=80"):
        Least.read(written)


def test_a_rule_without_a_sentence_is_told_without_a_gap(world: World) -> None:
    filing = world.account("cardless").file(world.sample("registration", economic_zone=None))
    with pytest.raises(Problem):
        filing.declare()
    told = list(telling.explained(world.explain(filing)))
    assert "rule invalid_content" in told
    assert any(line.startswith("in the way /content/economic_zone: ") for line in told)


# ── the server ────────────────────────────────────────────────────────────────────────────────────────────────────

OF_WORKERS = """
@pytest.fixture(autouse=True)
def tells(world, single_window, worker_id):
    with open("told.txt", "a") as told:
        told.write(f"{worker_id} {single_window.url} {world.id}\\n")

@pytest.mark.world(scenario="approve; pace=fast")
@pytest.mark.parametrize("n", range(3))
def test_approved(world, n):
    world.account("cardless").file().declare().until("approved")

@pytest.mark.world(scenario="reject")
@pytest.mark.parametrize("n", range(3))
def test_rejected(world, n):
    world.account("cardless").file().declare().until("rejected")
"""


def test_workers_share_one_server_and_what_their_worlds_have_met_is_told_as_one(suite: Callable[..., Suite]) -> None:
    mine = suite(OF_WORKERS)
    # What a client's own project has in its environment is not for the simulator.
    theirs = {
        "http_proxy": "http://127.0.0.1:1",
        "SIM_CONTROL_TOKEN": "of another",
        "DATABASE_URL": "mysql://nowhere",
        "PORT": "1",
        "DEBUG": "so",
        "DJANGO_SETTINGS_MODULE": "erp.settings",
    }
    wanted = ["--sw-coverage-junit=reports/coverage.xml", "--sw-coverage-fail-under=1"]
    said = mine.run("-n", "2", *wanted, "--sw-coverage-fail-under=state=90", code=1, **theirs)
    assert "6 passed" in said
    told = [line.split() for line in (mine.folder / "told.txt").read_text().splitlines()]
    workers, urls, worlds = ({line[n] for line in told} for n in range(3))
    assert (len(workers), len(urls), len(worlds)) == (2, 1, 6)
    assert not answers(urls.pop()), "it goes with its session"
    assert "single window coverage, 6 worlds" in said
    assert "of state met, 90 % wanted" in said
    assert "of all met" not in said
    report = ElementTree.parse(mine.folder / "reports" / "coverage.xml").getroot()
    met = {case.get("name") for case in report.iter("testcase") if case.find("skipped") is None}
    assert {"registration.approved", "registration.rejected", "registration.draft-declared", "approve", "reject"} <= met
    assert {part.get("name"): part.get("tests") for part in report}["faq"] == "30"


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
def test_no_server_outlives_a_session_that_was_killed(suite: Callable[..., Suite]) -> None:
    mine = suite(OF_WORKERS + "    import time; time.sleep(60)\n")
    (temporary := mine.folder / "temporary").mkdir()
    process = subprocess.Popen(
        mine.command("-n", "1", "-k", "rejected", "--basetemp=base"),
        cwd=mine.folder,
        env={**mine.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.DEVNULL,
    )
    told = mine.folder / "told.txt"
    wait(lambda: told.exists() and told.read_text().endswith("\n"))
    url = told.read_text().split()[1]
    assert len(list(temporary.glob("swsim-*"))) == 1
    process.kill()
    process.wait()
    wait(lambda: not answers(url))
    wait(lambda: not list(temporary.glob("swsim-*")))


def test_without_a_server_each_test_that_wants_one_says_how_to_have_one(suite: Callable[..., Suite]) -> None:
    mine = suite("def test_a(world): pass\ndef test_b(world): pass\ndef test_c(): pass\n")
    said = mine.run(code=1, SINGLE_WINDOW_COMMAND="", PATH="/nowhere")
    assert "1 passed, 2 errors" in said
    assert said.count("pip install 'swsim[server]'") >= 2
    assert "Traceback" not in said
    said = mine.run(code=1, SINGLE_WINDOW_URL="http://127.0.0.1:1")
    assert "1 passed, 2 errors" in said
    assert "Unreachable" not in said
    assert "http://127.0.0.1:1/api/v1/version" in said


def test_a_server_that_runs_is_named_with_its_control_token(suite: Callable[..., Suite]) -> None:
    closed = environment(SIM_CONTROL_TOKEN="a-token", SIM_PUBLIC_URL="https://sim.example")
    with serving(command=[sys.executable, str(ROOT / "manage.py")], environ=closed) as server:
        mine = suite("def test_a(world, single_window): assert single_window.worlds()\n", server)
        mine.run(SIM_CONTROL_TOKEN="a-token")
        with SingleWindow(server.url, control_token="a-token") as sw:
            assert [world["id"] for world in sw.worlds()] == ["demo"], "what a test made is gone with it"


# ── worlds ────────────────────────────────────────────────────────────────────────────────────────────────────────

OF_WORLDS = """
pytestmark = pytest.mark.world(scenario="approve; pace=fast", clock="2021-03-01T09:00:00+08:00")

def test_of_the_module(world):
    assert (world.data["scenario"], world.clock["now"]) == ("approve; pace=fast", "2021-03-01T09:00:00+08:00")
    assert world.data["situation"] == "standard"

@pytest.mark.world(scenario="by_hand", situation="not_synced", seed=7)
class TestOfAClass:
    def test_a(self, world):
        assert [world.data[name] for name in ("scenario", "situation", "seed")] == ["by_hand", "not_synced", 7]

    @pytest.mark.world(seed=8)
    def test_b(self, world):
        assert (world.data["seed"], world.data["situation"]) == (8, "not_synced")
        assert world.clock["now"].startswith("2021-03-01T09:00:00")

@pytest.mark.world(clock=None, scenario=None, exercise="faq-2-4")
def test_of_an_exercise(world):
    assert world.data["exercise"] == "faq-2-4"

@pytest.mark.world(scenario=None, clock=None)
def test_webhooks_are_waited_for_while_the_clock_advances(world):
    heard = world.webhooks
    heard.answers(503)
    filing = world.account("cardless").file().declare()
    assert heard.wait_for("filing.stored", filing=filing).filing["status"] == "stored"
    assert world.now.isoformat() == "2021-12-01T09:10:00+08:00", "and no further"
    world.fault("duplicate", times=1)
    assert heard.wait_for("filing.approved").timestamp == "2021-12-02T09:00:00+08:00"
    assert heard.types == [f"filing.{one}" for one in ("declared", "sent", "stored", "manual_review", "approved")]
    with pytest.raises(AssertionError, match="filing.rejected came 0 times, not 1; nothing more is due. What came:"):
        heard.wait_for("filing.rejected", patience=0)

def test_the_same_world_is_awaited(world, single_window):
    import asyncio
    from swsim import AsyncSingleWindow

    async def an_hour():
        async with AsyncSingleWindow(single_window.url) as sw:
            same = await sw.open_world(world.id, world.control_key)
            await same.advance("PT1H")
    asyncio.run(an_hour())
    world.reload()
    assert world.clock["now"] == "2021-03-01T10:00:00+08:00"

def test_leaves_what_it_deleted_alone(world):
    world.delete()
"""


def test_a_marker_says_how_a_world_is_made_and_the_nearer_one_says_it_better(
    suite: Callable[..., Suite], server: Server
) -> None:
    assert "7 passed" in suite(OF_WORLDS, server).run()


# ── what a failure tells ──────────────────────────────────────────────────────────────────────────────────────────

FAILING = """
@pytest.mark.world(scenario="reject; reason=address_mismatch")
def test_of_a_fault(world):
    clerk = world.account("cardless")
    filing = clerk.file()
    filing.declare()
    world.fault("status", status=500, match={"path": "/filings/*/receipts"})
    world.advance("PT2H")
    with pytest.raises(Exception):
        filing.receipts()
    world.control.expire_sessions(world.id, {})
    filing.reload()

@pytest.mark.world(seed=11)
def test_of_a_life(world, single_window):
    with single_window.world() as another:
        another.advance("P1D")
    made = world.fixture("account", user_type="enterprise")
    clerk = world.account("cardless")
    clerk.login()
    filing = clerk.file(client_reference="ERP-1")
    world.fault("cut_after_commit", match={"path": "/filings/*/declare"}, times=1)
    world.scenario("reject; reason=address_mismatch", filing=filing)
    filing.declare()
    world.advance(until="idle")
    world.account("card", card=True).login_by_card()
    filing.until("approved")

@pytest.fixture
def before(world):
    world.account("cardless").file()
    raise OSError("before")

@pytest.fixture
def after(world):
    yield
    world.verify(path="/filings", exactly=1)

def test_of_before(before): pass
def test_of_after(after): pass
def test_of_nothing(world):
    world.delete()
    assert 0

@pytest.mark.world(scenari="reject")
def test_of_a_slip(world): pass
"""


def test_a_failure_tells_its_cause_and_is_replayed_call_by_call(
    suite: Callable[..., Suite], server: Server, sw: SingleWindow
) -> None:
    mine = suite(FAILING, server)
    said = mine.run("--junitxml=tests.xml", code=1)
    assert (mine.folder / "tests.xml").read_text("utf-8").count("single window: again") == 5

    told = parts(said, "test_of_a_fault")
    assert "fault status; code=500 (path=" in told["single window"]
    assert "struck 1 times, always" in told["single window"]
    filing = told["single window: filing F000010"]
    assert "2021-12-01 10:00:00  manual_review 转人工审核" in filing
    assert "scenario reject; reason=address_mismatch" in filing
    assert "next 审批不通过 2021-12-02 09:00:00" in filing
    exchanges = told["single window: last exchanges"]
    assert re.findall(r"^\S+ \S+  (\w+)", exchanges, re.M) == ["POST", "POST", "GET"]
    assert re.search(r"GET +/api/v1/filings/F000010/receipts\?limit=500 → 500 injected_fault ⚡ fault", exchanges)

    for test in ("test_of_before", "test_of_after", "test_of_nothing"):
        assert f"pytest test_suite.py::{test}" in parts(said, test)["single window: again"]
    assert "single window: filing F000010" in parts(said, "test_of_before")
    assert "not_found" in parts(said, "test_of_nothing")["single window: cannot be told"]
    assert "A marker world takes situation, clock, scenario, seed" in said

    again = parts(said, "test_of_a_life")["single window: again"].splitlines()
    file = mine.folder / again[1].removeprefix("swsim replay ")
    assert "***" in file.read_text(), "no password is kept"
    case = replaying.read(file)
    assert (case.test, case.world) == ("test_suite.py::test_of_a_life", {"seed": 11})
    assert "NotReached" in case.said
    with sw.world(**case.world) as world:
        steps = list(replaying.replay(world, case))
        [filing] = world.account("cardless").filings()
        assert filing.status == "rejected"
    asked = [f"{one.step['method']} {one.step['path'].rpartition('/')[2]} {one.status}" for one in steps]
    assert asked == [
        "POST account 201",
        "POST sessions 201",
        "POST filings 201",
        "POST faults 201",
        "PUT scenario 200",
        "POST declare 0",
        "POST declare 200",
        "POST advance 200",
        "POST sessions 201",
        f"GET {filing.id} 200",
    ]
    assert [str(one) for one in steps if not one.as_then] == []


def test_a_failure_tells_its_cause_where_the_server_has_a_defect(suite: Callable[..., Suite]) -> None:
    mine = suite("def test_copies(world):\n    world.account('cardless').file().copy()\n", script=HERE / "defective.py")
    told = parts(mine.run(code=1), "test_copies")
    assert "→ 500 internal_error" in told["single window: last exchanges"]
    log = told["single window: the server's log meanwhile"]
    assert "defective.py" in log
    assert log.strip().endswith("ZeroDivisionError: planted for a test")


# ── its page ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_its_page_tells_its_options_and_builds_that_can_be_read(suite: Callable[..., Suite]) -> None:
    known = set(re.findall(r"--sw-cov[\w-]+", suite("").run("--help")))
    commands = set()
    for page in ("docs/kit.md", "docs/zh/kit.md"):
        words = (ROOT / page).read_text("utf-8")
        assert set(re.findall(r"--sw-cov[\w-]+", words)) == known
        blocks = re.findall(r"^```yaml\n(.*?)^```", words, re.M | re.S)
        github, gitlab = map(yaml.safe_load, blocks)
        commands |= {step["run"] for step in github["jobs"]["test"]["steps"] if "pytest -n" in step.get("run", "")}
        commands |= {line for line in gitlab["test"]["script"] if "pytest -n" in line}
    assert len(commands) == 1
