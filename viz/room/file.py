"""One SQLite file in WAL mode that threads and processes share."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from headlight.model import files

SCHEMA = Path(__file__).with_name("schema.sql")
VERSION = 3
"""Of the tables. Classes of another one are over: no class outlasts a day."""
BUSY = 5.0
"""Seconds that a process waits for another one's transaction, which takes milliseconds."""


_WORDS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "the place may not be written to",
    sqlite3.SQLITE_CANTOPEN: "the place may not be written to",
    sqlite3.SQLITE_BUSY: "another process holds its file",
    sqlite3.SQLITE_CORRUPT: "its file is damaged",
    sqlite3.SQLITE_NOTADB: "its file is damaged",
}


class FileError(ValueError):
    """The file cannot be read or written; says why, for whoever pressed a button."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This server cannot keep classes now: {why}. Tell whoever runs it.")


@contextmanager
def _in_words() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without what it says in detail
        raise FileError(_WORDS.get(code, "its file cannot be used")) from error
    except OSError as error:
        raise FileError(files.in_words(error)) from error


class SharedFile:
    """See above. It is made with the first change; until then there is nothing to read.

    Whatever reads or writes it raises `FileError` where the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None

    def changes(self) -> sqlite3.Connection:
        """A connection of its own, whose `PRAGMA data_version` moves with every change."""
        with _in_words():
            self._connect()
            return self._open()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self.path, timeout=BUSY, isolation_level=None, check_same_thread=False
        )

    def _connect(self) -> sqlite3.Connection:
        if self._connection is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            made = self._open()
            made.execute("PRAGMA journal_mode = WAL")
            made.execute("PRAGMA synchronous = NORMAL")
            made.execute("PRAGMA foreign_keys = ON")
            _lay_out(made)
            self._connection = made
        return self._connection

    def _read(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        with self._lock:
            if self._connection is None and not self.path.exists():
                return []  # no room was ever opened
            with _in_words():
                return self._connect().execute(sql, values).fetchall()

    @contextmanager
    def _change(self) -> Iterator[Callable[..., sqlite3.Cursor]]:
        """One transaction; nothing of it stays when it fails."""
        with self._lock, _in_words():
            connection = self._connect()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection.execute
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk has taken it back already
                    connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _lay_out(file: sqlite3.Connection) -> None:
    """Make the tables, unless they are there: one process does it, others wait."""
    file.execute("BEGIN IMMEDIATE")
    if file.execute("PRAGMA user_version").fetchone() != (VERSION,):
        for table in ("trainings", "wall", "answers", "questions", "acts", "members", "rooms"):
            file.execute(f"DROP TABLE IF EXISTS {table}")
        for statement in SCHEMA.read_text(encoding="utf-8").split(";"):
            file.execute(statement)
        file.execute(f"PRAGMA user_version = {VERSION}")
    file.execute("COMMIT")
