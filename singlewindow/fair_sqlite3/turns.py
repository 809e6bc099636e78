"""Whose turn it is to write to a file: one thread of one process at a time, in the order in which they came."""

from __future__ import annotations

import os
import threading
from collections import deque
from functools import cache
from pathlib import Path
from typing import Protocol

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

ASKED_EVERY = 0.002
"""Seconds between two looks whether a lock is to be had, where the system does not wake who waits for it."""


class FileLock(Protocol):
    """A lock of a file among processes, which the system gives back when its holder dies. Taken and given by one
    thread at a time."""

    def acquire(self) -> object: ...

    def release(self) -> object: ...


class _Flock:
    """That of Unix: who waits sleeps until it is theirs."""

    def __init__(self, file: str) -> None:
        self._file = Path(file).open("ab")  # noqa: SIM115 - kept

    def acquire(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def release(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_UN)


def lock_of(file: str) -> FileLock:
    """The lock of a file, as the system has it. Raises OSError where the file cannot be made."""
    if fcntl:
        return _Flock(file)
    import filelock

    return filelock.FileLock(
        file, thread_local=False, poll_interval=ASKED_EVERY, preserve_lock_file=True, fallback_to_soft=False
    )


class Turn:
    """A lock in the process that is given to who has waited longest, and behind it one of the file beside the
    database's.

    Between processes a door stands before the turn: whoever waits for the turn holds it, so that who has just given
    the turn, and wants it again, comes after them. The system gives both back when a process dies: nobody waits for
    the dead.
    """

    def __init__(self, beside: str) -> None:
        self._beside = beside
        self._files: tuple[FileLock, FileLock] | None = None
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._taken = False

    def take(self, seconds: float) -> bool:
        """Wait for one's turn, at most so long. Returns whether it came."""
        mine = None
        with self._guard:
            if self._taken:
                mine = threading.Event()
                self._waiting.append(mine)
            self._taken = True
        if mine and not mine.wait(seconds):
            with self._guard:
                if not mine.is_set():
                    self._waiting.remove(mine)
                    return False
        self._lock()
        return True

    def give(self) -> None:
        """Give the turn to who has waited longest."""
        if self._files is not None:
            self._files[1].release()
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False

    def _lock(self) -> None:
        """Wait for the other processes. Where no file can be made, SQLite's own lock has to do."""
        try:
            if self._files is None:
                self._files = (lock_of(f"{self._beside}.door"), lock_of(f"{self._beside}.turn"))
            door, turn = self._files
            door.acquire()
            turn.acquire()
            door.release()
        except OSError:
            self._files = None

    def forget(self) -> None:
        """Begin anew in a process that was forked: what its parent had open is not its own, nor are those who waited
        there."""
        self.__init__(self._beside)  # type: ignore[misc]


@cache
def turn_of(file: str) -> Turn:
    """The turn of a database's file, one for all threads of a process."""
    turn = Turn(file)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=turn.forget)
    return turn
