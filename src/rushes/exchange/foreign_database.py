"""Another program's SQLite database, read without leaving a trace.

Its own program may write at any time, and must neither find a file it didn't make nor wait for a
lock. A database in rollback mode is opened with ``mode=ro``, question by question. In WAL mode, or
where a WAL lies beside it, that would make ``-wal`` and ``-shm`` files, and a journal that a crash
left couldn't be rolled back: then the database is copied with what lies beside it, and the copy is
read. ``immutable=1`` is never used: it misses what is in the WAL.

Locks of POSIX belong to the process, and closing any handle of a file drops them all: within this
process one question is asked at a time.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from urllib.parse import quote

from rushes.domain.text import one_line, shown
from rushes.errors import DiskFull, SourceError
from rushes.exchange.foreign_copy import State, copied

Row = tuple[object, ...]
Parameter = str | int | float | bytes | None

BUSY_TIMEOUT = 5.0
"""Seconds that a question waits while its program commits."""

_ATTEMPTS = 40
_PAUSE = 0.005
"""Seconds between the looks at a journal that a commit may have made, and their number."""

_ONE_AT_A_TIME = RLock()


class ForeignDatabase:
    """One database, open for reading; ``close`` ends it. Safe from any thread.

    ``temp`` tables may be made: they lie in SQLite's own temporary files.

    Raises:
        SourceError: there is none, or it can't be read.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._name = shown(file)
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._copied_at = ""
        with _ONE_AT_A_TIME, self._translated():
            if self._settled().must_be_copied:
                self._copy, self._copied_at = self._copied()
            try:
                self._connection = self._connect()
            except BaseException:
                if self._copy is not None:
                    self._copy.cleanup()
                raise

    def all(self, sql: str, parameters: Sequence[Parameter] = ()) -> list[Row]:
        """All rows of an answer. No lock is held afterwards.

        Raises:
            SourceError: it can't be read now.
        """
        with _ONE_AT_A_TIME, self._translated():
            self._check_mode()
            try:
                return self._connection.execute(sql, parameters).fetchall()
            except sqlite3.OperationalError as error:
                if "decode" not in str(error):
                    raise
            # Somebody wrote text that isn't UTF-8. From now on such characters are replaced.
            self._connection.text_factory = _as_text
            return self._connection.execute(sql, parameters).fetchall()

    def names_of(self, table: str) -> tuple[str, ...]:
        """The columns of a table; none where there is no such table."""
        rows = self.all(
            "SELECT c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c"
            " WHERE t.type = 'table' AND t.name = ? ORDER BY c.cid",
            (table,),
        )
        return tuple(str(name) for (name,) in rows)

    def signature(self) -> str:
        """Text that differs after any commit; of a copy, as it was when that was made."""
        return self._copied_at or signature_of(self.file)

    def close(self) -> None:
        """Close it, and remove the copy where there was one."""
        with _ONE_AT_A_TIME:
            self._connection.close()
            if self._copy is not None:
                self._copy.cleanup()
                self._copy = None

    def _connect(self) -> sqlite3.Connection:
        file, mode = self.file, "ro"
        if self._copy is not None:
            file, mode = Path(self._copy.name) / self.file.name, "rw"
        connection = sqlite3.connect(
            f"file:{quote(os.fsencode(file))}?mode={mode}",
            uri=True,
            timeout=BUSY_TIMEOUT,
            isolation_level=None,
            check_same_thread=False,
        )
        connection.execute("PRAGMA trusted_schema=OFF")
        return connection

    def _check_mode(self) -> None:
        """See to it that SQLite won't write; its program may have changed the mode meanwhile."""
        if self._copy is None and State.of(self.file).in_wal:
            raise SourceError(
                f"{self._name} was put into WAL mode while it was read", "", "Sync again."
            )

    def _settled(self) -> State:
        """The state to read in: a journal of a commit that is being made is waited for."""
        state = State.of(self.file)
        for _ in range(_ATTEMPTS):
            if not state.is_database:
                raise SourceError(f"{self._name} can't be read", "it isn't an SQLite database")
            if state.in_wal or not state.journal.is_there:
                break
            time.sleep(_PAUSE)
            state = State.of(self.file)
        return state

    def _copied(self) -> tuple[tempfile.TemporaryDirectory[str], str]:
        """A folder with the database and what lies beside it, and its signature by then."""
        copy = tempfile.TemporaryDirectory(prefix="rushes-")
        try:
            state = copied(self.file, Path(copy.name))
            if state is None:
                raise SourceError(
                    f"{self._name} can't be read now",
                    "its program writes all the time",
                    "Sync again.",
                )
        except BaseException:
            copy.cleanup()
            raise
        return copy, state.signature

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            code = (getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
            busy = code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY)
            if busy:
                raise SourceError(
                    f"{self._name} can't be read now", "its program keeps it locked", "Sync again."
                ) from error
            if code == sqlite3.SQLITE_FULL:
                raise _no_room(self._name) from error
            raise SourceError(f"{self._name} can't be read", one_line(str(error))) from error
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise _no_room(self._name) from error
            raise SourceError(f"{self._name} can't be read", error.strerror or "") from error


def _as_text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def signature_of(file: Path) -> str:
    """Text that differs after any commit to a database; no lock of this process is dropped.

    Raises:
        SourceError: it can't be looked at.
    """
    with _ONE_AT_A_TIME:
        try:
            return State.of(file).signature
        except OSError as error:
            raise SourceError(f"{shown(file)} can't be read", error.strerror or "") from error


def _no_room(name: str) -> DiskFull:
    return DiskFull(
        f"{name} can't be copied to be read",
        f"no room is left in {shown(tempfile.gettempdir())}",
        "Make room there, or set TMPDIR.",
    )
