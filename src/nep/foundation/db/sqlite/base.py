"""The database engine's module, under the name Django looks for."""

import os
import sqlite3
from contextlib import suppress
from random import randrange
from typing import Any

from django.db.backends.sqlite3 import base

from nep.foundation.db.turns import Turn

_WRITES = frozenset({"INSERT", "UPDATE", "DELETE"})
COPY_EVERY = 300  # transactions of one connection; a step of a case writes some twenty pages


class _Cursor(base.SQLiteCursorWrapper):
    """A cursor whose single statements outside a transaction take a turn of their own.

    One that returns rows would end its transaction only when these are read: it goes without.
    """

    turn: Turn

    def execute(self, query: str, params: Any = None) -> Any:
        if self.connection.in_transaction or not _is_short_write(query):
            return super().execute(query, params)
        self.turn.take()
        try:
            return super().execute(query, params)
        finally:
            self.turn.give()


def _file_at(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_short_write(query: str) -> bool:
    return query[:6].upper() in _WRITES and "RETURNING" not in query


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that waits for its turn before it begins to write."""

    transaction_mode: str | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.turn = Turn(None, seconds=0)
        self._written = 0
        self._opened: tuple[int, int] | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Return the driver's connection, and prepare its turns at the file it opens."""
        made = super().get_new_connection(conn_params)
        name = conn_params["database"]
        is_file = not self.is_in_memory_db() and not str(name).startswith("file:")
        self.turn.give()
        self.turn = Turn(name if is_file else None, seconds=conn_params.get("timeout", 5.0))
        self._written = randrange(COPY_EVERY)  # connections copy at different times
        self._opened = _file_at(name) if is_file else None
        return made

    def close_if_unusable_or_obsolete(self) -> None:
        """Close a connection whose file is no longer the one at its path: it was removed, or
        another one was put in its place while this connection stayed open between requests."""
        super().close_if_unusable_or_obsolete()
        is_idle = self.connection is not None and not self.in_atomic_block
        if is_idle and self._opened and self._opened != _file_at(self.settings_dict["NAME"]):
            self.close()

    def create_cursor(self, name: str | None = None) -> Any:
        """Return a cursor that knows this connection's turns."""
        cursor = self.connection.cursor(factory=_Cursor)
        cursor.turn = self.turn
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        if self.transaction_mode is None or self.transaction_mode == "DEFERRED":
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
            return
        with self.wrap_database_errors:
            self.turn.take()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self.turn.give()
            raise

    def count_write(self) -> None:
        """Hear that a transaction was written and its turn given back; now and then copy the log
        into the file, which so keeps no other writer waiting."""
        self._written += 1
        if self._written >= COPY_EVERY:
            self._written = 0
            with suppress(sqlite3.Error):  # rows are still being read, or a full disk: next time
                self._copy_log()

    def _copy_log(self) -> None:
        """Copy the log while others write, then in a turn what they wrote meanwhile: the next
        writer begins the log anew. What another connection is copying is left to it."""
        copy = "PRAGMA wal_checkpoint(PASSIVE)"
        for _ in range(2):
            self.connection.execute(copy).fetchall()
        self.turn.take()
        try:
            self.connection.execute(copy).fetchall()
        finally:
            self.turn.give()

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self.turn.give()  # a commit that fails leaves the transaction open, to be rolled back
        self.count_write()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self.turn.give()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self.turn.give()
