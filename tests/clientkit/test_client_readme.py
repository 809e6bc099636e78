"""What the kit's README shows can be run as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import swsim
from swsim import Account, ControlPlane, SingleWindow, World
from swsim.serving import Server

README = Path(__file__).resolve().parents[2] / "singlewindow" / "clientkit" / "README.md"
TEXT = README.read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```", TEXT, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_what_is_shown_can_be_run(server: Server, block: str) -> None:
    assert "http://127.0.0.1:8000" in block
    exec(compile(block.replace("http://127.0.0.1:8000", server.url), str(README), "exec"), {})


def test_what_is_named_is_there() -> None:
    prose = re.sub(r"^```.*?^```", "", TEXT, flags=re.DOTALL | re.MULTILINE)
    named = set(re.findall(r"`([A-Z][a-z]\w+)`", prose)) - {"TypedDict", "AssertionError"}
    assert {name for name in named if not hasattr(swsim, name)} == set()
    called = set(re.findall(r"`(?:sw|world|clerk)(?:\.control)?\.(\w+)\(", prose))
    assert {"version", "account", "sample", "read_enterprise", "list_scenarios"} <= called
    owners = (World, Account, SingleWindow, ControlPlane)
    assert {name for name in called if not any(hasattr(owner, name) for owner in owners)} == set()
