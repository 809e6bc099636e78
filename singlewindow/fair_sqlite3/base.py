"""The backend: a turn is taken before a transaction begins, and given when it ends; a statement outside of one has a
turn of its own."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any

import msgspec
from django.db.backends.sqlite3 import base, operations
from django.db.backends.utils import CursorWrapper
from django.db.utils import OperationalError

from singlewindow.fair_sqlite3.turns import Turn, turn_of

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")

LARGE = 1000
"""Rows changed in a transaction from which on its log is folded into the main file when the turn has been given."""


class Operations(operations.DatabaseOperations):
    """A column of SQLite holds anything: what is no moment reads as none and what is no truth as
    false, for one spoilt row must not keep all others from being read.

    What is written of moments and of JSON is written as Django does, faster.
    """

    def convert_datetimefield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        if value is None:
            return None
        try:
            return datetime.fromisoformat(value).replace(tzinfo=UTC)
        except (ValueError, TypeError):
            return None

    def convert_datefield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        try:
            return date.fromisoformat(value)
        except (ValueError, TypeError):
            return None

    def convert_booleanfield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else value == 1

    def adapt_datetimefield_value(self, value: Any) -> Any:
        return value and str(value.astimezone(UTC).replace(tzinfo=None))

    def adapt_json_value(self, value: Any, encoder: Any) -> Any:
        try:
            return msgspec.json.encode(value).decode()
        except (TypeError, ValueError):
            return super().adapt_json_value(value, encoder)


@lru_cache(1024)
def _with_question_marks(query: str) -> str:
    """A statement as SQLite reads it. There are a few hundred of them, and to convert one anew takes as long as a
    small one runs."""
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class Cursor(base.SQLiteCursorWrapper):
    """A cursor whose statements wait for their turn where they write and no transaction has one already."""

    turn: Turn | None = None
    patience: float = 0

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        return (
            _with_question_marks(query)
            if param_names is None
            else super().convert_query(query, param_names=param_names)
        )

    def execute(self, query: str, params: Any = None) -> Any:
        if self.turn is None or self.connection.in_transaction or not query.lstrip()[:7].upper().startswith(_WRITES):
            return super().execute(query, params)
        if not self.turn.take(self.patience):
            raise sqlite3.OperationalError("database is locked")
        try:
            return super().execute(query, params)
        finally:
            self.turn.give()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that writes in turn with all others to the same file."""

    ops_class = Operations
    _holds = False
    _changes = 0

    turn: Turn | None = None
    patience: float = 0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.turn = None if self.is_in_memory_db() else turn_of(str(self.settings_dict["NAME"]))
        self.patience = float(self.settings_dict["OPTIONS"].get("timeout", 5))
        return super().get_new_connection(conn_params)

    def cursor(self) -> Any:
        """A cursor, past what Django does for databases that are elsewhere."""
        self.ensure_connection()
        if self.queries_logged:
            return super().cursor()
        self.validate_thread_sharing()
        return CursorWrapper(self.create_cursor(), self)

    def create_cursor(self, name: str | None = None) -> Any:
        cursor = self.connection.cursor(factory=Cursor)
        cursor.turn, cursor.patience = self.turn, self.patience
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        turn = self.turn
        if turn is not None and not self._holds:
            if not turn.take(self.patience):
                raise OperationalError("database is locked")
            self._holds = True
        self._changes = self.connection.total_changes
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._give()
            raise

    def _commit(self) -> Any:
        if not (self._holds and self.connection.total_changes - self._changes > LARGE):
            done = super()._commit()  # type: ignore[misc]
            self._give()
            return done
        # SQLite would fold the log of so much within the commit, with everybody waiting.
        self.connection.execute("PRAGMA wal_autocheckpoint=0")
        try:
            done = super()._commit()  # type: ignore[misc]
            self._give()
            with suppress(sqlite3.Error):  # it is written down; that the log stays longer is nobody's fault
                self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
            return done
        finally:
            self.connection.execute("PRAGMA wal_autocheckpoint=1000")

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._give()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._give()

    def _give(self) -> None:
        if self._holds and self.turn is not None:
            self._holds = False
            self.turn.give()
