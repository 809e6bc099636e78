"""What the command line remembers between two commands: the keys of the worlds it made, which one is meant where none
is named, and where a listener stands. Small files, readable by their owner alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

VARIABLE = "SWSIM_HOME"
"""The environment variable that names another folder."""


def home() -> Path:
    """The folder: SWSIM_HOME, else where the system keeps the state of programs."""
    if told := os.environ.get(VARIABLE):
        return Path(told)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData/Local") / "swsim"
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local/state") / "swsim"


def read(name: str) -> dict[str, Any]:
    """What a file holds; nothing where there is none, or it is not ours."""
    with suppress(OSError, ValueError):
        held = json.loads((home() / name).read_text(encoding="utf-8"))
        if isinstance(held, dict):
            return held
    return {}


def write(name: str, held: dict[str, Any]) -> None:
    """Replace a file in one step: whoever is killed meanwhile leaves the old one."""
    folder = home()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    number, path = tempfile.mkstemp(prefix=f".{name}-", dir=folder)
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            json.dump(held, file, ensure_ascii=False)
        os.replace(path, folder / name)
    except BaseException:
        Path(path).unlink(missing_ok=True)
        raise


def add(name: str, line: str) -> None:
    """A line more in a file: it is there, whatever becomes of this process."""
    with (home() / name).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def lines(name: str) -> list[str]:
    """The lines of a file; one that broke off is none."""
    with suppress(OSError):
        return (home() / name).read_text(encoding="utf-8").split("\n")[:-1]
    return []


def forget(name: str) -> None:
    """Remove a file, if it is there."""
    (home() / name).unlink(missing_ok=True)


# ── worlds ────────────────────────────────────────────────────────────────────────────────────────────────────────

_WORLDS = "worlds.json"


def current(server: str) -> str | None:
    """The world of a server that is meant where none is named: the last one made or chosen."""
    found = read(_WORLDS).get(server, {}).get("current")
    return str(found) if found else None


def key_of(server: str, world: str) -> str | None:
    """The control key of a world that was made here."""
    found = read(_WORLDS).get(server, {}).get("keys", {}).get(world)
    return str(found) if found else None


def made(server: str) -> list[str]:
    """The worlds of a server that were made here, and not deleted here."""
    return list(read(_WORLDS).get(server, {}).get("keys", {}))


def use(server: str, world: str, control_key: str | None = None) -> None:
    """Mean this world from now on."""
    held = read(_WORLDS)
    there = held.setdefault(server, {})
    there["current"] = world
    if control_key:
        there.setdefault("keys", {})[world] = control_key
    write(_WORLDS, held)


def drop(server: str, world: str) -> None:
    """Forget a world that is no more."""
    held = read(_WORLDS)
    there = held.get(server, {})
    there.get("keys", {}).pop(world, None)
    if there.get("current") == world:
        del there["current"]
    if server in held:
        write(_WORLDS, held)


def file_of(kind: str, *about: str) -> str:
    """The name of a file about something: short, and the same each time."""
    return f"{kind}-{hashlib.sha256(chr(0).join(about).encode()).hexdigest()[:16]}"
