"""The ERP's book of what it filed: a table that outlives the program."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

ORDER = ("to_file", "to_correct", "draft", "declared", "sent", "stored", "manual_review", "approved", "rejected")


@dataclass(frozen=True)
class Entry:
    """A filing in the book. `note` says what a clerk has to do."""

    reference: str
    kind: str
    status: str
    filing: str = ""
    number: str = ""
    note: str = ""

    @property
    def decided(self) -> bool:
        return self.status in ("approved", "rejected")


class Book:
    """Entries by the ERP's own reference, and the ids of the notices that were taken in."""

    def __init__(self, file: Path) -> None:
        self._rows = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._rows.executescript(
            "CREATE TABLE IF NOT EXISTS entry (reference PRIMARY KEY, kind, status, filing, number, note);"
            "CREATE TABLE IF NOT EXISTS notice (id PRIMARY KEY);"
        )

    def close(self) -> None:
        self._rows.close()

    def write(self, entry: Entry) -> Entry:
        values = (entry.reference, entry.kind, entry.status, entry.filing, entry.number, entry.note)
        self._rows.execute("INSERT OR REPLACE INTO entry VALUES (?, ?, ?, ?, ?, ?)", values)
        return entry

    def read(self, reference: str) -> Entry:
        row = self._rows.execute("SELECT * FROM entry WHERE reference = ?", [reference]).fetchone()
        if row is None:
            raise KeyError(reference)
        return Entry(row[0], *row[1:3], *row[3:])

    def of_filing(self, filing: str) -> Entry | None:
        row = self._rows.execute("SELECT reference FROM entry WHERE filing = ?", [filing]).fetchone()
        return self.read(row[0]) if row else None

    def open(self) -> list[Entry]:
        """What is not decided."""
        rows = self._rows.execute("SELECT reference FROM entry ORDER BY reference").fetchall()
        return [entry for (reference,) in rows if not (entry := self.read(reference)).decided]

    def is_new(self, notice: str) -> bool:
        """Whether a notice comes for the first time; it is remembered."""
        return self._rows.execute("INSERT OR IGNORE INTO notice VALUES (?)", [notice]).rowcount == 1
