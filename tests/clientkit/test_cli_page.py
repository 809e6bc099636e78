"""The page of the kit: what it shows can be run as it stands, in both languages."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
