"""What is asked of the kits in other languages: each is tried by programs of its own, against a server as it is run."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from swsim import SingleWindow

ROOT = Path(__file__).resolve().parents[2]
KITS = ROOT / "singlewindow" / "clientkit"


def run(*command: str | Path, cwd: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """A command as a stranger would give it, who knows nothing of this project; how it ended, and all that it said."""
    known = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "PYTEST", "NODE_"))}
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=known | {"NO_COLOR": "1", "NO_UPDATE_NOTIFIER": "1"} | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        timeout=300,
    )


def good(*command: str | Path, cwd: Path, **environ: str) -> str:
    """What a command says; it must end well."""
    done = run(*command, cwd=cwd, **environ)
    assert done.returncode == 0, done.stdout
    return done.stdout


def worlds(sw: SingleWindow) -> set[str]:
    """The worlds there are."""
    return {world["id"] for world in sw.worlds()}


def shown(readme: Path, language: str) -> str:
    """The one example of that language in a README."""
    [block] = re.findall(rf"^```{language}\n(.*?)^```", readme.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return str(block)
