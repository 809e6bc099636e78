"""Whose turn it is to write to a file: one thread of one process at a time, in the order in which they came."""

from __future__ import annotations

import threading
from collections import deque
from functools import cache
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows runs one server process; what is left between processes is SQLite's own lock
    fcntl = None  # type: ignore[assignment]


class Turn:
    """A lock in the process that is given to who has waited longest, and behind it one of the file beside the database's.

    Between processes a door stands before the turn: whoever waits for the turn holds it, so that who has just given the turn, and
    wants it again, comes after them. The kernel gives both back when a process dies: nobody waits for the dead.
    """

    def __init__(self, beside: str) -> None:
        self._beside = beside
        self._files: tuple[IO[bytes], IO[bytes]] | None = None
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    def take(self, seconds: float) -> bool:
        """Wait for one's turn, at most so long. Returns whether it came."""
        mine = threading.Event()
        with self._guard:
            if not self._taken:
                self._taken = True
                mine.set()
            else:
                self._waiting.append(mine)
        if not mine.wait(seconds):
            with self._guard:
                if not mine.is_set():
                    self._waiting.remove(mine)
                    return False
        self._lock()
        return True

    def give(self) -> None:
        """Give the turn to who has waited longest."""
        if self._files is not None and fcntl:
            fcntl.flock(self._files[1], fcntl.LOCK_UN)
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False

    def _lock(self) -> None:
        """Wait for the other processes. Where no file can be made, SQLite's own lock has to do."""
        if not fcntl:
            return
        try:
            if self._files is None:
                self._files = (Path(f"{self._beside}.door").open("ab"), Path(f"{self._beside}.turn").open("ab"))  # noqa: SIM115 - kept
            door, turn = self._files
            fcntl.flock(door, fcntl.LOCK_EX)
            fcntl.flock(turn, fcntl.LOCK_EX)
            fcntl.flock(door, fcntl.LOCK_UN)
        except OSError:
            self._files = None

    def forget(self) -> None:
        """Begin anew in a process that was forked: what its parent had open is not its own, nor are those who waited there."""
        self.__init__(self._beside)  # type: ignore[misc]


@cache
def turn_of(file: str) -> Turn:
    """The turn of a database's file, one for all threads of a process."""
    turn = Turn(file)
    if fcntl:
        import os

        os.register_at_fork(after_in_child=turn.forget)
    return turn
