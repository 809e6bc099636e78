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
    if folder := os.environ.get(VARIABLE):
        return Path(folder)
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
    number = os.open(home() / name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(number, "ab") as file:
        file.write(f"{line}\n".encode())


def lines(name: str) -> list[str]:
    """The lines of a file; one that broke off is none."""
    with suppress(OSError):
        return (home() / name).read_text(encoding="utf-8").split("\n")[:-1]
    return []


def forget(name: str) -> None:
    """Remove a file, if it is there."""
    (home() / name).unlink(missing_ok=True)


# ── worlds ────────────────────────────────────────────────────────────────────────────────────────────────────────

# A line for each world that was made, meant or deleted: whoever else writes at the same time loses nothing.
_WORLDS = "worlds.log"


def current(server: str) -> str | None:
    """The world of a server that is meant where none is named: the last one made or chosen."""
    return _known(server)[0]


def key_of(server: str, world: str) -> str | None:
    """The control key of a world that was made here."""
    return _known(server)[1].get(world)


def made(server: str) -> list[str]:
    """The worlds of a server that were made here, and not deleted here."""
    return list(_known(server)[1])


def use(server: str, world: str, control_key: str | None = None) -> None:
    """Mean this world from now on."""
    _note(server, world, "meant", control_key)


def drop(server: str, world: str) -> None:
    """Forget a world that is no more."""
    _note(server, world, "gone", None)


def _note(server: str, world: str, how: str, key: str | None) -> None:
    home().mkdir(parents=True, exist_ok=True, mode=0o700)
    add(_WORLDS, json.dumps([server, world, how, key]))


def _known(server: str) -> tuple[str | None, dict[str, str]]:
    """The world that is meant, and the keys of those made here."""
    meant: str | None = None
    keys: dict[str, str] = {}
    for line in lines(_WORLDS):
        with suppress(ValueError):
            at, world, how, key = json.loads(line)
            if at != server:
                continue
            if how == "gone":
                keys.pop(world, None)
                meant = None if meant == world else meant
                continue
            meant = world
            if key:
                keys[world] = key
    return meant, keys


def file_of(kind: str, *about: str) -> str:
    """The name of a file about something: short, and the same each time."""
    return f"{kind}-{hashlib.sha256(chr(0).join(about).encode()).hexdigest()[:16]}"
