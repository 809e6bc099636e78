"""When the journal cannot be written: it is told once in a while, and a file that is no journal any more is begun
anew."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connections

from singlewindow import schema
from singlewindow.lean import later

if TYPE_CHECKING:
    import filelock
else:
    filelock = later("filelock")  # 10 ms, for a day that seldom comes

logger = logging.getLogger(__name__)

TOLD_EVERY = 60.0
"""Seconds between two lines in the log about the same trouble."""

_BROKEN = (
    "malformed",
    "not a database",
    "no such table",
    "no such column",
    "has no column",
    "disk i/o error",
    schema.DIFFER,
)
"""What is said of a file that is damaged, no journal, or one of another version."""

PAUSE = 10.0
"""Seconds for which nothing is written after a failure: a file that is held by somebody must not hold up every
exchange."""

_told: dict[str, float] = {}
_until = 0.0


def paused() -> bool:
    """Whether the journal rests after a failure."""
    return time.monotonic() < _until


def mend(error: DatabaseError | OSError) -> None:
    """Tell what is wrong with the journal, and begin it anew if its file is damaged. Never raises a DatabaseError."""
    global _until
    words = " ".join(str(error).split())
    if time.monotonic() - _told.get(words, -TOLD_EVERY) > TOLD_EVERY:
        _told[words] = time.monotonic()
        logger.error("The journal could not be written (%s); what was asked was done all the same", words)
    if settings.JOURNAL != "default" and any(sign in words.lower() for sign in _BROKEN):
        with suppress(DatabaseError, OSError):
            begin_anew()
            return
    _until = time.monotonic() + PAUSE


def begin_anew() -> None:
    """Put a damaged journal aside, as `….broken`, and make an empty one; whoever comes second finds it done."""
    database = connections[settings.JOURNAL]
    file = Path(str(database.settings_dict["NAME"]))
    with filelock.FileLock(f"{file}.lock"):
        database.close()
        if usable():
            return
        database.close()
        for part in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                Path(f"{file}{part}").replace(f"{file}.broken{part}")
        call_command("migrate", database=settings.JOURNAL, interactive=False, verbosity=0)
        logger.error("The journal was damaged: it is kept as %s.broken, and a new one is begun", file.name)


def usable() -> bool:
    """Whether the journal's database is one."""
    try:
        with connections[settings.JOURNAL].cursor() as cursor:
            cursor.execute("SELECT id FROM filings_exchange LIMIT 1")
            if settings.JOURNAL != "default":
                cursor.execute("PRAGMA quick_check(1)")
                return bool(cursor.fetchone() == ("ok",)) and not schema.differing(settings.JOURNAL)
    except DatabaseError:
        return False
    return True
