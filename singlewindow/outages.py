"""What is not the fault of a request: the disk full, the database held by somebody, gone, or not answering."""

from __future__ import annotations

import errno
import logging
import os
import shutil
import time

from django.db import DatabaseError, InterfaceError, connections

logger = logging.getLogger(__name__)

TOLD_EVERY = 30.0
"""Seconds between two lines in the log about the same outage."""

LOOKED_EVERY = 1.0
"""Seconds between two looks whether the database's file is still there."""


ROOM = 16 * 1024 * 1024
"""Bytes that must be free beside the database for the server to be ready."""

PROBED_FOR = 500
"""Milliseconds a probe waits for the lock for writing."""


FULL, BUSY, GONE, VANISHED = "disk_full", "database_busy", "database_unavailable", "database_vanished"
"""Outages, by their codes in the catalogue of refusals."""

_SIGNS = (
    (("disk is full", "no space left", "could not extend file", "disk full"), FULL),
    (
        (
            "is locked",
            "deadlock detected",
            "could not serialize",
            "lock timeout",
            "too many clients",
            "remaining connection slots",
        ),
        BUSY,
    ),
    (
        (
            "unable to open",
            "readonly database",
            "disk i/o error",
            "connection",
            "could not connect",
            "closed",
            "terminating",
            "timeout expired",
            "shutting down",
            "starting up",
            "read-only",
            "not a database",
            "malformed",
        ),
        GONE,
    ),
)


def of(error: BaseException) -> str | None:
    """The outage an exception tells of; None where it tells of a defect."""
    if isinstance(error, OSError):
        return {errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: GONE}.get(error.errno or 0)
    if not isinstance(error, DatabaseError | InterfaceError):
        return None
    words = str(error).lower()
    for signs, outage in _SIGNS:
        if any(sign in words for sign in signs):
            return outage
    return GONE if isinstance(error, InterfaceError) else None


def tell(outage: str, error: object = "") -> None:
    """One line in the log, once in a while."""
    if time.monotonic() - _told.get(outage, -TOLD_EVERY) > TOLD_EVERY:
        _told[outage] = time.monotonic()
        logger.error("%s: requests are answered 503%s", outage, f" ({' '.join(str(error).split())})" if error else "")


_told: dict[str, float] = {}


def try_to_write(alias: str) -> None:
    """Ask whether a database can be written to, without waiting long. Raises DatabaseError, InterfaceError or
    OSError."""
    connection = connections[alias]
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite" or connection.in_atomic_block:
            cursor.execute("SELECT 1")
            return
        file = str(connection.settings_dict["NAME"])
        if shutil.disk_usage(os.path.dirname(os.path.abspath(file))).free < ROOM:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), file)
        cursor.execute(f"PRAGMA busy_timeout = {PROBED_FOR}")
        try:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute("ROLLBACK")
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {connection.settings_dict['OPTIONS']['timeout'] * 1000}")


class Watch:
    """Looks whether the file of the main database is still the one this process works on: what is written to a removed
    one is lost."""

    def __init__(self) -> None:
        self.seen: dict[str, tuple[int, int]] = {}
        self.vanished = False
        self.looked = -LOOKED_EVERY

    def __call__(self) -> bool:
        """Whether the file has vanished, or another has come in its place."""
        if (now := time.monotonic()) - self.looked >= LOOKED_EVERY:
            self.looked = now
            self.vanished = self._look()
        return self.vanished

    def _look(self) -> bool:
        database = connections["default"]
        if database.vendor != "sqlite" or database.is_in_memory_db():  # type: ignore[attr-defined]
            return False
        file = str(database.settings_dict["NAME"])
        try:
            found = os.stat(file)
        except OSError:
            return file in self.seen
        here = (found.st_dev, found.st_ino)
        return here != self.seen.setdefault(file, here)
