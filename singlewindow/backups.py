"""The database's file, copied while it is written to, looked at, and put in the place of another. Of SQLite alone."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import chain, count
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.db import DatabaseError, connections

SUFFIX = ".backup"
"""Of a database that is kept: no name `make reset` removes."""


def own_file(instead: str = "") -> Path:
    """The main database's file. Raises CommandError on PostgreSQL, with what does the work there instead."""
    database = connections["default"]
    if database.vendor != "sqlite":
        raise CommandError(f"数据库是 PostgreSQL，它有自己的工具，请用 {instead}")
    return Path(str(database.settings_dict["NAME"])).resolve()


@contextmanager
def copied(source: Path, place: Path) -> Iterator[Path]:
    """A copy of a database, whole and of one moment, while others go on writing to it. It lies in a folder of its own
    beside the place it is meant for, and is gone afterwards unless it was moved there. Raises CommandError."""
    if not source.is_file():
        raise CommandError(f"没有文件 {source}。")
    try:
        with tempfile.TemporaryDirectory(
            prefix=f".{place.name}-", dir=place.parent, ignore_cleanup_errors=True
        ) as folder:
            copy = Path(folder) / place.name
            with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(copy)) as here:
                there.backup(here)
            _expect_sound(copy, source)
            yield copy
    except (sqlite3.Error, DatabaseError, OSError) as error:
        raise CommandError(
            f"不能把 {source} 复制到 {place}（{' '.join(str(error).split())}）。原来的文件没有改动。"
        ) from error


def _expect_sound(copy: Path, source: Path) -> None:
    with closing(sqlite3.connect(copy)) as here:
        faults = [str(row[0]) for row in here.execute("PRAGMA integrity_check(3)") if row != ("ok",)]
    if faults:
        raise CommandError(f"{source} 已损坏（{'；'.join(faults)}）。")


@contextmanager
def opened(file: Path) -> Iterator[None]:
    """Have Django work on this file instead of its own; what it wrote lies in the one file afterwards."""
    database = connections["default"]
    database.close()
    own, database.settings_dict["NAME"] = database.settings_dict["NAME"], str(file)
    try:
        yield
    finally:
        database.close()
        database.settings_dict["NAME"] = own
    _leave_its_log(file)


def _leave_its_log(file: Path) -> None:
    """Have all of a database in its one file. Raises sqlite3.OperationalError where anybody else has it open."""
    with closing(sqlite3.connect(file, timeout=0)) as here:
        here.execute("PRAGMA journal_mode=DELETE")


def put_in_place(copy: Path, place: Path, name: str) -> Path | None:
    """Have a copy be the database, and the present one kept beside it under a name, whole; None if there was none.

    Raises CommandError, with nothing changed, while a server works on it.
    """
    if not place.exists():
        copy.replace(place)
        return None
    names = (f"{place.stem}.{name}{again}{SUFFIX}" for again in chain([""], (f"-{n}" for n in count(2))))
    kept = next(kept for kept in map(place.with_name, names) if not kept.exists())
    try:
        _leave_its_log(place)
    except sqlite3.OperationalError as error:
        raise CommandError(
            f"数据库正在使用中（{error}）。请先停止服务，并关闭打开它的其他程序。没有改动任何东西。"
        ) from error
    except sqlite3.DatabaseError:
        pass  # it is broken: that may be why another is to take its place
    shutil.copymode(place, copy)
    moved = [place.with_name(f"{place.name}{companion}") for companion in ("", "-wal", "-shm")]
    for part in (there for there in moved if there.exists()):
        part.replace(kept.with_name(kept.name + part.name.removeprefix(place.name)))
    try:
        copy.replace(place)
    except OSError:
        kept.replace(place)
        raise
    return kept


def keep(file: Path, name: str) -> Path:
    """Keep a copy of a database beside it under a name, in place of one that has it already."""
    kept = file.with_name(f"{file.stem}.{name}{SUFFIX}")
    with copied(file, kept) as copy:
        return copy.replace(kept)


def named(file: Path) -> str:
    """A file and its size."""
    return f"{file}（{file.stat().st_size / 1_000_000:.1f} MB）"


def not_in_it() -> str:
    """What is no part of a backup, and where it is."""
    return (
        "备份中没有通信记录，也没有密钥。要在别处恢复，请把密钥一并带去"
        f"（{settings.VAR_DIR / 'secret_key'}，或 SECRET_KEY），否则重置后账户的令牌会变，已打印的文件也不能再核验。"
    )
