"""The page of the kit: what it shows can be run as it stands, in both languages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.main import get_command

from swsim import World
from swsim.cli.app import app
from swsim.serving import Server

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.mark.parametrize("file", sorted((HERE / "shown").glob("*.py")), ids=lambda file: file.stem)
def test_what_the_page_shows_of_the_plugin_passes(file: Path, server: Server, tmp_path: Path) -> None:
    """With the plugin alone, in a folder of its own."""
    (tmp_path / "test_shown.py").write_bytes(file.read_bytes())
    told = {"PYTHONPATH": str(ROOT / "singlewindow/clientkit"), "SINGLE_WINDOW_URL": server.url}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--strict-markers", "-p", "swsim.pytest_plugin", "--rootdir=."],
        cwd=tmp_path,
        env=os.environ | told | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "3 passed" in done.stdout


def test_software_of_ones_own_logs_in_as_the_page_says(world: World) -> None:
    """By the world's own name: usernames are the same in all, and the agent has the mandate it tells of."""

    def log_in(**who: str | None) -> httpx.Response:
        return httpx.post(f"{world.url}/api/v1/sessions", json={"sandbox": world.id, **who}, trust_env=False)

    principal, agent = world.account("cardless"), world.account("agent")
    came = log_in(username=principal.username, password=principal.password)
    assert (came.status_code, came.json()["medium"]) == (201, "password")
    came = log_in(card_no=agent.card_no, pin=agent.pin)
    assert (came.status_code, came.json()["medium"]) == (201, "card")
    given = [mandate for mandate in principal.list_mandates()["results"] if mandate["agent"]["uscc"] == agent.uscc]
    assert [mandate["status"] for mandate in given] == ["active"]
    for page in ("docs/kit.md", "docs/zh/kit.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        assert '{"sandbox": world.id, "username": account.username, "password": account.password}' in text


COMMON = {"--server", "--control-token", "--world", "--json", "--help"}
"""Options of every command, told once."""


def options() -> dict[str, set[str]]:
    """The options of each command beyond those."""
    found: dict[str, set[str]] = {}

    def meet(words: str, command: Any) -> None:
        for name, inner in getattr(command, "commands", {}).items():
            meet(f"{words} {name}", inner)
        if not hasattr(command, "commands"):
            named = {name for parameter in command.params for name in parameter.opts if name.startswith("--")}
            found[words] = named - COMMON

    meet("swsim", get_command(app))
    return found


@pytest.mark.parametrize("page", ["docs/kit.md", "docs/zh/kit.md"])
def test_the_page_tells_every_option_and_none_there_is_not(page: str) -> None:
    """Of each command in its own row, or, of `listen`, in its own section."""
    text = (ROOT / page).read_text(encoding="utf-8")
    listening = text[text.index("\n### ", text.index("swsim doctor`")) :]
    rows = {
        row: set(re.findall(r"`swsim ((?:world |checkpoint )?\w+)[`\s]", row.split("|")[1]))
        for row in text.splitlines()
        if row.startswith("| `swsim")
    }
    assert rows
    every, told = options(), set[str]()
    for row, commands in rows.items():
        its = {f"swsim {command}" for command in commands}
        told |= its
        named = set(re.findall(r"--[a-z][a-z-]+", row + (listening if "swsim listen" in its else "")))
        wanted = set[str]().union(*(every[command] for command in its))
        assert wanted - named == set(), (its, "not told")
        assert named - wanted - COMMON == set(), (its, "not there")
    assert told == every.keys()
