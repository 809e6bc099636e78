"""The command line, as it is used, on a database of one's own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.serving import ROOT


def command(*words: str | Path, url: str, fails: bool = False, version: Path = ROOT) -> str:
    """What a command says, of this version or another checkout's; where it is to fail, in one line."""
    run = subprocess.run(
        [sys.executable, "manage.py", *map(str, words)],
        cwd=version,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        env={**os.environ, "DATABASE_URL": url, "SECRET_KEY": "of a test", "PYTHONIOENCODING": "utf-8"},
    )
    assert (run.returncode != 0) is fails, run.stdout + run.stderr
    assert not fails or len(run.stderr.strip().splitlines()) == 1, run.stderr
    return run.stdout + run.stderr
