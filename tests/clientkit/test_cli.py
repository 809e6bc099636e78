"""The command line: what each command does, says and ends with, for people and for programs."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from swsim import SingleWindow, World, replaying
from swsim.cli import levers, memory, running, setting_up
from swsim.cli.app import app
from swsim.problems import Problem, Unreachable
from swsim.receiving import Receiver
from swsim.serving import Server, free_port

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
KIT = ROOT / "singlewindow/clientkit"


@dataclass
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


Says = Callable[..., Said]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> Path:
    """Nothing remembered yet, and the tests' server meant."""
    monkeypatch.setenv("SWSIM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SINGLE_WINDOW_URL", server.url)
    for name in ("SINGLE_WINDOW_WORLD", "SIM_CONTROL_TOKEN", "SWSIM_SECRET"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def swsim(home: Path) -> Says:
    """`swsim` with these words; it ends with `code`."""

    def run(*words: str, code: int = 0) -> Said:
        done = CliRunner().invoke(app, list(words), prog_name="swsim")
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        said = Said(done.exit_code, done.stdout, done.stderr)
        assert said.code == code, (words, said)
        return said

    return run


@pytest.fixture
def here(swsim: Says, world: World, server: Server) -> World:
    """A world, which is the one meant."""
    memory.use(server.url, world.id, world.control_key)
    return world


def environ(**more: str) -> dict[str, str]:
    told = {"PYTHONPATH": str(KIT), "SINGLE_WINDOW_COMMAND": f"{sys.executable} {ROOT / 'manage.py'}"}
    return os.environ | told | more


PROGRAM = [sys.executable, "-m", "swsim.cli"]


def run_by(*words: str, **more: str) -> Said:
    """`swsim` in a process of its own."""
    done = subprocess.run(
        [*PROGRAM, *words], env=environ(**more), capture_output=True, text=True, encoding="utf-8", timeout=60
    )
    return Said(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def running_swsim() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """`swsim` in a process of its own that goes on; ended with the test."""
    begun: list[subprocess.Popen[str]] = []

    def begin(*words: str, **more: str) -> subprocess.Popen[str]:
        begun.append(
            subprocess.Popen(
                [*PROGRAM, *words],
                env=environ(**more),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                # A shell lets what it runs in the background ignore it.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )
        )
        return begun[-1]

    yield begin
    for one in begun:
        if one.poll() is None:
            one.kill()
        one.communicate()


def first(process: subprocess.Popen[str]) -> Any:
    """The next line it says, as JSON."""
    assert process.stdout
    return json.loads(process.stdout.readline())


# ── worlds ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_world_is_made_meant_listed_reset_and_deleted(swsim: Says, sw: SingleWindow) -> None:
    made = swsim("world", "create", "--seed", "7", "--name", "a", "--scenario", "approve_auto", "--json").json
    assert (made["seed"], made["name"], made["scenario"]) == (7, "a", "approve_auto")
    assert made["clock"]["now"] == "2021-12-01T09:00:00+08:00"
    swsim("advance", "1h")
    assert swsim("world", "show", "--json").json["clock"]["now"] == "2021-12-01T10:00:00+08:00", "it is meant"
    other = swsim("world", "create", "--clock", "2022-01-05T10:00:00+08:00", "--situation", "empty", "--json").json
    assert other["clock"] == {"mode": "frozen", "now": "2022-01-05T10:00:00+08:00", "rate": 1.0}
    assert {made["id"], other["id"]} <= {one["id"] for one in swsim("world", "list", "--json").json}
    assert f"→  {other['id']}" in swsim("world", "list").out
    assert swsim("world", "use", made["id"], "--json").json == {"world": made["id"]}
    assert swsim("world", "reset", "--json").json["clock"]["now"] == "2021-12-01T09:00:00+08:00"
    assert swsim("world", "delete", made["id"], other["id"], "--json").json == {"deleted": [made["id"], other["id"]]}
    assert not {made["id"], other["id"]} & {one["id"] for one in sw.worlds()}
    assert swsim("world", "show", "--json").json["id"] == "demo", "where none is meant"


def test_a_world_is_shown_in_the_readers_words(swsim: Says, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = swsim("world", "show").out
    assert "None" not in shown
    assert re.search(r"^next event +—", shown, re.M)
    monkeypatch.setenv("SWSIM_LANG", "zh")
    shown = swsim("world", "show").out
    assert re.search(r"^下一事件 +—", shown, re.M)
    assert "pinned" not in shown


def test_all_are_those_that_were_made_here(swsim: Says, world: World, sw: SingleWindow) -> None:
    """And nobody else's."""
    mine = [swsim("world", "create", "--json").json["id"] for _ in range(2)]
    sw.control.delete_sandbox(mine[0])  # gone already: no trouble
    assert swsim("world", "delete", "--all", "--json").json == {"deleted": mine}
    assert world.id in {one["id"] for one in sw.worlds()}
    assert swsim("world", "delete", "--all", "--json").json == {"deleted": []}
    swsim("world", "delete", code=2)
    swsim("world", "delete", "x", "--all", code=2)


def test_a_world_goes_into_a_file_and_comes_out_of_it(swsim: Says, here: World, tmp_path: Path) -> None:
    filing = swsim("trigger", "stored", "--json").json
    swsim("checkpoint", "save", "stored")
    swsim("trigger", "approved", filing["id"])
    told = swsim("world", "export", str(tmp_path / "w.json"), "--json").json
    assert told == {"world": here.id, "file": str(tmp_path / "w.json"), "bytes": (tmp_path / "w.json").stat().st_size}
    swsim("world", "export", str(tmp_path / "then.json"), "--checkpoint", "stored")
    statuses = []
    for file in ("w.json", "then.json"):
        made = swsim("world", "import", str(tmp_path / file), "--json").json
        assert made["control_key"]
        found = SingleWindow(os.environ["SINGLE_WINDOW_URL"]).control.list_sandbox_filings(made["id"])
        statuses += [one["status"] for one in found["results"]]
    assert statuses == ["approved", "stored"]
    swsim("world", "delete", "--all")
    assert "nowhere.json" in swsim("world", "import", str(tmp_path / "nowhere.json"), code=2).err


def test_a_world_made_elsewhere_is_opened_by_its_key(swsim: Says, world: World, server: Server) -> None:
    swsim("world", "use", world.id, "--control-key", str(world.control_key))
    assert memory.key_of(server.url, world.id) == world.control_key
    assert "not_found" in swsim("world", "use", "sb-0123456789ab", code=4).err
    assert memory.current(server.url) == world.id


def test_a_world_is_reached_by_its_own_key_where_the_plane_is_not_open(home: Path, server: Server) -> None:
    """Whichever world is meant; with the plane's token, by that."""
    memory.use(server.url, "sb-1", "ctl_1")
    memory.use(server.url, "sb-2", "ctl_2")
    run = running.Run(server.url, None, None, True)
    assert [run.control_of(world)._line.token for world in ("sb-1", "sb-2")] == ["ctl_1", "ctl_2"]
    assert run.control_of("sb-3", "ctl_3")._line.token == "ctl_3"
    assert run.client.control_token == "ctl_2"
    run.close()
    with_token = running.Run(server.url, "token", None, True)
    assert with_token.control_of("sb-1")._line.token == with_token.client.control_token == "token"
    with_token.close()


# ── levers ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("idle", {"until": "idle"}),
        ("next", {"until": "next_event"}),
        ("PT1H", {"by": "PT1H"}),
        ("p1d", {"by": "P1D"}),
        ("90m", {"by": "P0DT0H90M0S"}),
        ("1w2d3h", {"by": "P9DT3H0M0S"}),
        ("2021-12-02", {"to": "2021-12-02T00:00:00+08:00"}),
        ("2021-12-02 09:30", {"to": "2021-12-02T09:30:00+08:00"}),
        ("2021-12-02T01:30:00Z", {"to": "2021-12-02T01:30:00+00:00"}),
    ],
)
def test_time_passes_as_people_write_it(written: str, meant: Mapping[str, str], swsim: Says, here: World) -> None:
    assert levers.when(written) == meant
    assert "now" in swsim("advance", written, "--json").json


@pytest.mark.parametrize("written", ["", "soon", "1y", "2021-13-01", "-1h"])
def test_what_is_no_time_is_told_with_what_is(written: str, swsim: Says, here: World) -> None:
    with pytest.raises(running.Ended, match="PT1H"):
        levers.when(written)
    if not written.startswith("-"):
        assert "1d12h" in swsim("advance", written, code=2).err


def test_an_advance_tells_what_happened(swsim: Says, here: World) -> None:
    here.account("cardless").file(here.sample("registration")).declare()
    out = swsim("advance").out
    assert "2021-12-02 09:00:00" in out or "2021-12-02T09:00:00" in out
    assert out.count("done") >= 4
    assert out.rstrip().endswith("It is 2021-12-02T09:00:00+08:00.")
    assert swsim("advance").out == "It is 2021-12-02T09:00:00+08:00.\n"


def test_a_scenario_is_set_queued_pinned_and_told(swsim: Says, here: World) -> None:
    draft = here.account("cardless").file(here.sample("registration")).id
    assert swsim("scenario", "reject; reason=address_mismatch", "--json").json == {
        "scenario": "reject; reason=address_mismatch"
    }
    queued = swsim("scenario", "stuck", "--times", "2", "--kind", "registration", "--json").json
    assert (queued["scenario"], queued["left"], queued["match"]["kind"]) == ("stuck", 2, "registration")
    assert swsim("scenario", "slow; days=3", "--filing", draft, "--json").json == {"scenario": "slow; days=3"}
    told = swsim("scenario", "--json").json
    assert told["scenario"] == "reject; reason=address_mismatch"
    assert [one["scenario"] for one in told["queue"]] == ["stuck"]
    assert {"approve", "reject"} <= {one["name"] for one in told["results"]}
    assert "customs_cannot_see" in swsim("scenario").out
    refused = swsim("scenario", "rejct", "--json", code=4)
    assert json.loads(refused.err)["problem"]["code"] == "unknown_scenario"
    swsim("scenario", "approve", "--filing", draft, "--times", "2", code=2)


def test_a_fault_is_put_in_force_told_and_taken_away(swsim: Says, here: World) -> None:
    made = swsim(
        "fault", "status; code=503", "--path", "/filings/*/declare", "--method", "POST", "--times", "1", "--json"
    ).json
    swsim("fault", "latency; ms=10", "--probability", "0.5", "--ttl-seconds", "60")
    told = swsim("fault", "--json").json
    assert {one["fault"] for one in told["results"]} == {"status; code=503", "latency; ms=10"}
    assert made["match"] == {"method": "POST", "path": "/api/v1/filings/*/declare"}
    assert made["id"] in swsim("fault").out
    assert swsim("fault", "--remove", made["id"], "--json").json == {"removed": [made["id"]]}
    swsim("fault", "--clear")
    assert swsim("fault", "--json").json["results"] == []
    assert "never_matches" in swsim("fault", "status", "--path", "/nowhere", code=4).err


def test_a_checkpoint_is_kept_and_come_back_to(swsim: Says, here: World) -> None:
    swsim("checkpoint", "save", "before")
    swsim("advance", "P1D")
    assert "checkpoint" in swsim("checkpoint", "save", "before", code=4).err
    assert [one["name"] for one in swsim("checkpoint", "list", "--json").json] == ["before"]
    assert swsim("checkpoint", "restore", "before", "--json").json["clock"]["now"] == "2021-12-01T09:00:00+08:00"
    swsim("advance", "PT1H")
    swsim("checkpoint", "save", "before", "--replace")
    assert "2021-12-01T10:00:00" in swsim("checkpoint", "list").out
    swsim("checkpoint", "drop", "before")
    assert swsim("checkpoint", "list", "--json").json == []


@pytest.mark.parametrize("state", levers.STATES)
def test_a_filing_is_triggered_into_any_state(state: str, swsim: Says, here: World) -> None:
    assert swsim("trigger", state, "--json").json["status"] == state


def test_a_filing_there_is_is_triggered_on(swsim: Says, here: World) -> None:
    filing = here.account("cardless").file(here.sample("registration")).declare()
    assert swsim("trigger", "stored", filing.id).out == f"{filing.id} stored 海关入库成功\n"
    assert (
        swsim("trigger", "rejected", filing.id, "--reason", "address_mismatch", "--json").json["status"] == "rejected"
    )
    assert "illegal_transition" in swsim("trigger", "sent", filing.id, code=4).err
    many = swsim("trigger", "declared", "--times", "2", "--kind", "change", "--scenario", "reject", "--json").json
    assert [(one["kind"], one["scenario"]) for one in many] == [("change", "reject")] * 2
    swsim("trigger", "nowhere", code=2)
    swsim("trigger", "approved", "--reason", "x", code=2)
    swsim("trigger", "approved", filing.id, "--kind", "change", code=2)


# ── what a client did ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_journal_is_told_newest_last_and_narrowed(swsim: Says, here: World) -> None:
    clerk = here.account("cardless")
    clerk.file(here.sample("registration")).declare()
    told = swsim("journal", "--json").json
    assert [(one["method"], one["status"]) for one in told][-2:] == [("POST", 201), ("POST", 200)]
    assert [one["path"] for one in swsim("journal", "-n", "1", "--json").json] == [told[-1]["path"]]
    assert {one["status"] for one in swsim("journal", "--status", "201", "--json").json} == {201}
    shown = swsim("journal", "--bodies", "--path", "/filings", "--method", "post").out
    assert "→ 201" in shown
    assert "深圳市云帆演练国际贸易有限公司" in shown
    assert "of this kind" in swsim("journal", "--method", "FETCH").err
    swsim("journal", "--clear")
    assert swsim("journal", "--json").json == []
    assert "Nothing was asked yet" in swsim("journal").err


def test_the_journal_is_followed(
    swsim: Says, here: World, running_swsim: Callable[..., subprocess.Popen[str]], server: Server
) -> None:
    clerk = here.account("cardless")
    clerk.file(here.sample("registration"))
    following = running_swsim("journal", "--follow", "--json", "-n", "1", "--world", here.id)
    assert first(following)["method"] == "POST"
    for _ in range(3):
        clerk.api.read_enterprise()
    assert [first(following)["path"] for _ in range(3)] == ["/api/v1/enterprise"] * 3
    following.send_signal(signal.SIGINT)
    assert following.wait(10) == running.STOPPED


def test_a_journal_is_followed_over_a_restart(swsim: Says, here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A simulator that is away, or answers for another that is, is waited for; then it goes on where it was."""
    clerk, plane, asked = here.account("cardless"), "swsim._sync.control.ControlPlane.read_journal", []
    clerk.api.read_enterprise()
    read = here.control.read_journal
    monkeypatch.setattr("swsim.cli.watching.LOOKS_EVERY", 0)

    def answer(_: Any, world: str, **how: Any) -> Any:
        asked.append(how)
        match len(asked):
            case 2:
                raise Unreachable("nobody there")
            case 3:
                clerk.api.list_filings()
                raise Problem({"status": 502, "code": "http_502"})
            case 5:
                raise Problem({"status": 404, "code": "not_found"})
        return read(world, **how)

    monkeypatch.setattr(plane, answer)
    said = swsim("journal", "--follow", "--json", code=4)
    assert [one["path"] for one in said.lines] == ["/api/v1/enterprise", "/api/v1/filings"]


def test_coverage_is_told_written_and_judged(swsim: Says, here: World, sw: SingleWindow, tmp_path: Path) -> None:
    here.account("cardless").file(here.sample("registration")).declare().until("approved")
    told = swsim("coverage", "--json").json
    met, of = (sum(part[what] for part in told["parts"]) for what in ("met", "of"))
    assert told["percent"] == round(100 * met / of, 1) > 0
    assert swsim("coverage", "--fail-under", "99", "--json", code=1).json == told
    swsim("coverage", "--fail-under", "1")
    assert "not met" in swsim("coverage", "--missing").out
    with sw.world("not_synced") as other:
        assert swsim("coverage", here.id, other.id, "--json").json["percent"] >= told["percent"]
        for name, sign in (("c.html", "<html"), ("c.xml", "<testsuite"), ("c.json", '"parts"')):
            swsim("coverage", here.id, other.id, "-o", str(tmp_path / name))
            assert sign in (tmp_path / name).read_text(encoding="utf-8")
    assert "<testsuite" in swsim("coverage", "--format", "junit").out
    swsim("coverage", "--format", "pdf", code=2)
    assert "--format" in swsim("coverage", "-o", str(tmp_path / "c.txt"), code=2).err
    swsim("coverage", "-o", str(tmp_path / "c.txt"), "--format", "json")
    assert '"parts"' in (tmp_path / "c.txt").read_text(encoding="utf-8")


def test_a_case_is_asked_again(swsim: Says, here: World, sw: SingleWindow, tmp_path: Path) -> None:
    clerk = here.account("cardless")
    clerk.file(here.sample("registration")).declare()
    steps = [replaying.of_journal(one) for one in reversed(here.journal())]
    file = tmp_path / "case.json"
    replaying.Case({"seed": 7}, steps, "test_x", "AssertionError").write(file)
    before = {one["id"] for one in sw.worlds()}
    told = swsim("replay", str(file), "--json").lines
    assert [one["same"] for one in told] == [True] * len(steps)
    assert {one["id"] for one in sw.worlds()} == before, "the world goes again"
    replaying.Case({"seed": 7}, [steps[0] | {"status": 500}, *steps[1:]], "test_x", "AssertionError").write(file)
    assert "then: 500" in swsim("replay", str(file), code=1).out
    swsim("replay", str(file), "--keep", code=1)
    [kept] = {one["id"] for one in sw.worlds()} - before
    sw.control.delete_sandbox(kept)
    for other in ("{}", "[]", "no JSON", ""):
        file.write_text(other)
        assert replaying.FORMAT in swsim("replay", str(file), code=2).err
    assert swsim("replay", str(tmp_path / "none.json"), code=2).err.count("none.json") == 1


# ── webhooks ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_happened_while_nobody_listened_is_forwarded(swsim: Says, here: World) -> None:
    with Receiver() as ear:
        listen = ("listen", "--forward-to", ear.url, "--secret", ear.secret, "--once")
        told = swsim(*listen, "--json").lines
        assert (told[0]["listening"], told[0]["secret"], told[-1]) == (
            here.id,
            ear.secret,
            {"forwarded": 0, "waiting": 0},
        )
        swsim("trigger", "approved")
        out = swsim(*listen).out
        assert ear.types == [f"filing.{step}" for step in ("declared", "sent", "stored", "manual_review", "approved")]
        assert out.count("→ 204") == 5
        ear.answers(500)
        swsim("trigger", "declared")
        assert "not accepted" in swsim(*listen, code=1).err
        swsim(*listen, "--skip")
        assert len(ear.events) == 5
        swsim("trigger", "rejected")
        swsim(*listen, "--event", "filing.rejected")
        assert ear.types[5:] == ["filing.rejected"]
        swsim("listen", "--forward-to", ear.url, "--remove")
        assert here.control.list_webhooks(here.id)["results"] == []
        assert (ear.repeated, ear.refused) == (0, [])


def test_a_receiver_that_is_gone_is_not_listened_for(swsim: Says, here: World) -> None:
    with Receiver() as ear:
        listen = ("listen", "--forward-to", ear.url, "--secret", ear.secret, "--once")
        swsim(*listen)
        swsim("trigger", "declared")
        ear.answers(410)
        assert "410" in swsim(*listen, code=1).err
    assert here.control.list_webhooks(here.id)["results"] == []


def test_a_short_address_is_one_of_this_machine(swsim: Says, here: World) -> None:
    assert (
        swsim("listen", "--forward-to", ":9/hook", "--once", "--json").lines[0]["forward_to"]
        == "http://127.0.0.1:9/hook"
    )
    assert "not_found" in swsim("listen", "--forward-to", ":9", "--once", "--world", "sb-0123456789ab", code=4).err


@pytest.mark.parametrize(
    "written", ["ftp://127.0.0.1/hook", "http://", "9000", "9000/hook", "127.0.0.1:port", ":0", ""]
)
def test_what_is_no_address_of_a_receiver_is_not_listened_for(
    written: str, swsim: Says, here: World, sw: SingleWindow
) -> None:
    assert ":9000/hook" in swsim("listen", "--forward-to", written, "--once", code=2).err
    assert sw.control.list_webhooks(here.id)["results"] == []


@pytest.mark.parametrize("secret", ["whsec_bad", "whsec_", "whsec_~~~~", "c2ltdWxhdGVkIHNpZ25pbmcgc2VjcmV0"])
def test_a_secret_that_cannot_sign_is_not_kept_for_an_address_there_is(secret: str, swsim: Says, here: World) -> None:
    first = swsim("listen", "--forward-to", ":9/hook", "--once", "--json").lines[0]
    assert "whsec_" in swsim("listen", "--forward-to", ":9/hook", "--once", "--secret", secret, code=2).err
    assert swsim("listen", "--forward-to", ":9/hook", "--once", "--json").lines[0] == first


# ── set-up ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_simulator_of_ones_own_runs_until_it_is_told_to_end(
    home: Path, running_swsim: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    up = running_swsim("up", "--port", "0", "--data", str(tmp_path / "data"), "--json")
    told = first(up)
    assert told["data"] == str(tmp_path / "data")
    with SingleWindow(told["url"]) as sw:
        assert sw.world().id
    port = told["url"].rpartition(":")[2]
    taken = run_by("up", "--port", port)
    assert (taken.code, f"port {port}" in taken.err) == (running.AWAY, True)
    up.terminate()
    assert up.wait(20) == 0
    away = run_by("world", "list", "--server", told["url"], "--json")
    assert away.code == running.AWAY
    assert json.loads(away.err)["error"].count("swsim up") == 1
    assert (tmp_path / "data").is_dir(), "its data stay where they were asked for"


def test_a_simulator_that_cannot_be_started_is_told(home: Path) -> None:
    told = run_by("up", "--port", "0", "--command", f"{sys.executable} -c 1/0")
    assert told.code == running.AWAY
    assert "ZeroDivisionError" in told.err


def test_the_doctor_finds_all_well(swsim: Says, here: World) -> None:
    found = swsim("doctor", "--json").json
    assert {one["state"] for one in found} <= {"ok", "note"}
    assert {"the simulator", "the control plane", "a new world", "a registration"} <= {one["what"] for one in found}
    assert "✓" in swsim("doctor", "--wait", "5").out


def test_the_doctor_says_what_to_do(swsim: Says, home: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    said = swsim("doctor", "--server", nowhere, "--wait", "0.3", "--json", code=1)
    [bad] = [one for one in said.json if one["state"] == "bad"]
    assert (bad["what"], "swsim up" in bad["remedy"]) == ("the simulator", True)
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    memory.use(server.url, "sb-0123456789ab")
    told = {one["what"]: one for one in swsim("doctor", "--json").json}
    assert told["the world that is meant"]["remedy"]
    assert told["proxies"]["state"] == "ok", "none stands before this machine"
    assert setting_up._proxies(running.Run("http://sim.example", None, None, True)).remedy == "NO_PROXY=sim.example"


def test_a_plane_that_is_shut_is_told_with_the_remedy(swsim: Says, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise setting_up.Problem({"status": 401, "code": "control_token_required"})

    monkeypatch.setattr("swsim._sync.control.ControlPlane.list_sandboxes", refuse)
    [bad] = [one for one in swsim("doctor", "--json", code=1).json if one["state"] == "bad"]
    assert "SIM_CONTROL_TOKEN" in bad["remedy"]


# ── every command ─────────────────────────────────────────────────────────────────────────────────────────────────


def commands() -> Iterator[tuple[str, ...]]:
    """Every command there is."""
    for group, inside in ((app, ()), *((one.typer_instance, (one.name,)) for one in app.registered_groups)):
        assert group is not None
        yield from ((*inside, one.name) for one in group.registered_commands)  # type: ignore[misc]


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_takes_json_and_another_server(words: tuple[str, ...], swsim: Says) -> None:
    told = swsim(*words, "--help").out
    assert "--json" in told
    assert "--server" in told


def test_every_exit_code_is_told_and_is_in_the_documents(swsim: Says) -> None:
    told = " ".join(swsim("--help").out.split())
    for code in running.CODES:
        assert f"{code} " in told
    for page in ("docs/kit.md", "docs/zh/kit.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        assert all(f"| {code} |" in text for code in running.CODES), page
        assert all(f"swsim {' '.join(words)}" in text for words in commands()), page


def test_help_is_in_the_language_of_the_reader(home: Path) -> None:
    """By SWSIM_LANG, or by the locale."""
    english = run_by("listen", "--help", SWSIM_LANG="en", LANG="zh_CN.UTF-8").out
    assert "over restarts, none lost" in english
    chinese = run_by(
        "listen", "--help", SWSIM_LANG="", LC_ALL="", LC_MESSAGES="", LANG="zh_CN.UTF-8", PYTHONUTF8="1"
    ).out
    assert "重启不丢" in chinese
    assert "…" not in chinese.replace("whsec_…", ""), "nothing is cut off"
    assert "选项" in chinese
    assert "over restarts" not in chinese


def test_a_shell_completes_worlds_and_words(home: Path, here: World, server: Server) -> None:
    def complete(typed: str, **more: str) -> str:
        said = run_by(_SWSIM_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS=f"swsim {typed}", **more)
        return said.out + said.err

    assert here.id in complete("world use ")
    assert "approved" in complete("trigger app")
    began = time.monotonic()
    nothing = complete("world use ", SINGLE_WINDOW_URL=f"http://127.0.0.1:{free_port()}")
    assert "Error" not in nothing
    assert "Traceback" not in nothing
    assert time.monotonic() - began < 20


@pytest.mark.skipif(sys.platform == "win32", reason="wants a terminal")
def test_long_work_shows_how_far_it_is_on_a_terminal_alone(home: Path, here: World) -> None:
    """On stderr: what a program reads on stdout stays as it is."""
    import pty

    ours, theirs = pty.openpty()
    done = subprocess.run(
        [*PROGRAM, "trigger", "approved", "--times", "20"],
        env=environ(TERM="xterm", COLUMNS="100"),
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        timeout=60,
    )
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):
        while piece := os.read(ours, 65536):
            shown += piece
    os.close(ours)
    assert "20/20" in shown.decode()
    assert "Making filings" in shown.decode()
    assert done.stdout.count("approved") == 20
    assert "\x1b" not in done.stdout


def test_what_is_remembered_withstands_many_at_once(home: Path) -> None:
    """Worlds are made by several scripts at a time; none of their keys is forgotten."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: memory.use("http://sim", f"sb-{n}", f"ctl_{n}"), range(100)))
    assert {memory.key_of("http://sim", f"sb-{n}") for n in range(100)} == {f"ctl_{n}" for n in range(100)}
    memory.drop("http://sim", str(memory.current("http://sim")))
    assert (memory.current("http://sim"), len(memory.made("http://sim"))) == (None, 99)
    assert memory.current("http://other") is None


def test_what_is_not_understood_ends_with_two(swsim: Says) -> None:
    swsim("wrold", code=2)
    swsim("listen", code=2)
    swsim("up", "--port", "x", code=2)


def test_typer_is_not_needed_by_who_only_imports_the_kit() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import swsim, sys; swsim.SingleWindow; sys.exit('typer' in sys.modules)"],
        env=environ(),
        check=False,
    )
    assert told.returncode == 0
