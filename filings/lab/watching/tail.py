"""The tail of the journal: exchanges that are written down and stand in no table yet.

A row in the table for every exchange makes each read wait for the writes of all other processes, and costs as much as
the read itself. So where the journal is a file of its own, an exchange is a line at the end of another file beside it,
which all processes share. Whoever reads the journal settles it first: the lines become rows, in the order in which they
were written. So does whoever finds the tail grown long.

A process that is killed between the two halves of settling leaves the lines twice.
"""

from __future__ import annotations

import errno
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache, cached_property
from typing import Any

import msgspec
from django.conf import settings
from django.db import DatabaseError, OperationalError, connections, transaction

from filings.lab.watching import mending
from filings.models import Exchange
from filings.prepared import PreparedInsert
from singlewindow.fair_sqlite3.turns import turn_of

LONG = 256 * 1024
"""Bytes from which on the tail is settled by whoever adds to it."""


def add(**columns: Any) -> None:
    """Write an exchange down. Raises DatabaseError or OSError."""
    if settings.JOURNAL == "default":
        _row().add(**columns)
    elif lines().add(columns) > LONG:
        settle()


def settle() -> None:
    """Make rows of all that was written down until now, by any process. Raises DatabaseError."""
    if settings.JOURNAL == "default":
        return
    try:
        lines().settle()
    except DatabaseError as error:
        mending.mend(error)
        if mending.paused():
            raise
        lines().settle()


@cache
def _row() -> PreparedInsert[Exchange]:
    """In PostgreSQL, where it lies in the main database, in autocommit and without waiting for the disk."""
    unhurried = "SELECT set_config('synchronous_commit', 'off', true)"
    return PreparedInsert(Exchange, settings.JOURNAL, unhurried if settings.JOURNAL == "default" else "")


@cache
def lines() -> Lines:
    return Lines(f"{connections[settings.JOURNAL].settings_dict['NAME']}.tail")


class Lines:
    """The file. Each line is a row as the table takes it, after a number that tells of which columns."""

    def __init__(self, file: str) -> None:
        self._turn, self._patience = turn_of(file), settings.DATABASES[settings.JOURNAL]["OPTIONS"]["timeout"]
        self._file = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)

    def add(self, columns: dict[str, Any]) -> int:
        """Add a line. Returns how many bytes there are now. Raises DatabaseError or OSError."""
        # It begins with the end of the one before, which a full disk may have cut short.
        line = b"\n" + msgspec.json.encode([self._shape, *_row().bound(columns)])
        with self._held():
            if os.write(self._file, line) < len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return os.fstat(self._file).st_size

    def settle(self) -> None:
        """Make a row of every line. One that was cut short, or is of another version, is left out."""
        if not os.fstat(self._file).st_size:
            return
        with self._held():
            rows = [values[1:] for values in self._read() if values[:1] == [self._shape]]
            with transaction.atomic(using=settings.JOURNAL):
                _row().add_bound(rows)
            self.forget()

    def forget(self) -> None:
        """Drop every line."""
        os.truncate(self._file, 0)

    def _read(self) -> Iterator[list[Any]]:
        os.lseek(self._file, 0, os.SEEK_SET)
        for line in os.read(self._file, os.fstat(self._file).st_size).splitlines():
            with suppress(msgspec.DecodeError):
                yield msgspec.json.decode(line, type=list[Any])

    @cached_property
    def _shape(self) -> int:
        return zlib.crc32(_row().sql.encode())

    @contextmanager
    def _held(self) -> Iterator[None]:
        if not self._turn.take(self._patience):
            raise OperationalError("database is locked")
        try:
            yield
        finally:
            self._turn.give()
