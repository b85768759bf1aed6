"""Another program's SQLite database, read without leaving a trace.

Its own program may write at any time, and must neither find a file it didn't make nor wait for a
lock. A database in rollback mode is opened with ``mode=ro``, question by question. In WAL mode
that would make ``-wal`` and ``-shm`` files, and a journal that a crash left couldn't be rolled
back: then the database is copied with what lies beside it, and the copy is read. ``immutable=1``
is never used: it misses what is in the WAL.

Locks of POSIX belong to the process, and closing any handle of a file drops them all: within this
process one question is asked at a time.
"""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from urllib.parse import quote

from rushes.domain.text import one_line, shown
from rushes.errors import DiskFull, SourceError

Row = tuple[object, ...]
Parameter = str | int | float | bytes | None

BUSY_TIMEOUT = 5.0
"""Seconds that a question waits while its program commits."""

_MAGIC = b"SQLite format 3\0"
_ATTEMPTS = 40
_PAUSE = 0.02
_SETTLED = 0.02
"""Seconds after which a change of a file shows in its time of change, on coarse clocks too."""

_ONE_AT_A_TIME = RLock()


@dataclass(frozen=True, slots=True)
class _Side:
    """A file as it is now: what differs once anybody writes to it. None of it where it isn't."""

    size: int
    changed: int
    inode: int
    head: bytes

    @classmethod
    def of(cls, file: Path, head: int) -> _Side:
        """Look at a file and its first bytes."""
        try:
            with file.open("rb") as handle:
                found = os.fstat(handle.fileno())
                return cls(found.st_size, found.st_mtime_ns, found.st_ino, handle.read(head))
        except FileNotFoundError:
            return cls(-1, 0, 0, b"")


@dataclass(frozen=True, slots=True)
class _State:
    """A database and what lies beside it; 100 and 32 bytes are the headers of database and WAL."""

    database: _Side
    wal: _Side
    journal: _Side

    @property
    def is_database(self) -> bool:
        """Whether it begins as SQLite's files do."""
        return self.database.head.startswith(_MAGIC)

    @property
    def in_wal(self) -> bool:
        """Whether the header says so (sqlite.org/fileformat2.html, 1.3)."""
        return b"\x02" in self.database.head[18:20]

    @property
    def must_be_copied(self) -> bool:
        """Whether SQLite would have to write in order to read."""
        return self.in_wal or self.journal.size >= 0

    def still_holds(self, later: _State) -> bool:
        """Whether files that were copied in between fit together.

        What was only appended to the WAL is no matter: a commit that isn't whole is no commit.
        """
        same_wal = self.wal.head == later.wal.head and self.wal.size <= later.wal.size
        return self.database == later.database and self.journal == later.journal and same_wal


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
        with _ONE_AT_A_TIME, self._translated():
            if self._settled().must_be_copied:
                self._copy = self._copied()
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
        """Text that differs after any commit."""
        return signature_of(self.file)

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
        if self._copy is None and _look(self.file).in_wal:
            raise SourceError(
                f"{self._name} was put into WAL mode while it was read", "", "Sync again."
            )

    def _settled(self) -> _State:
        """The state to read in: a journal of a commit that is being made is waited for."""
        state = _look(self.file)
        for _ in range(_ATTEMPTS):
            if not state.is_database:
                raise SourceError(f"{self._name} can't be read", "it isn't an SQLite database")
            if state.in_wal or state.journal.size < 0:
                break
            time.sleep(_PAUSE / 4)
            state = _look(self.file)
        return state

    def _copied(self) -> tempfile.TemporaryDirectory[str]:
        """The database and what lies beside it in a folder of their own, of one moment."""
        copy = tempfile.TemporaryDirectory(prefix="rushes-")
        try:
            for attempt in range(_ATTEMPTS):
                before = _look(self.file)
                age = time.time_ns() - before.database.changed
                if not 0 <= age < _SETTLED * 1e9 and self._copy_of(before, Path(copy.name)):
                    return copy
                time.sleep(_PAUSE * (1 + attempt // 10))
        except BaseException:
            copy.cleanup()
            raise
        copy.cleanup()
        raise SourceError(
            f"{self._name} can't be read now", "its program writes all the time", "Sync again."
        )

    def _copy_of(self, before: _State, folder: Path) -> bool:
        """Copy the database first: what lies beside it leads back, or on, from there."""
        for file in (self.file, *_beside(self.file)):
            target = folder / file.name
            target.unlink(missing_ok=True)
            try:
                shutil.copyfile(file, target)
            except FileNotFoundError:
                if file == self.file:
                    raise
        return before.still_holds(_look(self.file))

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
            state = _look(file)
        except OSError as error:
            raise SourceError(f"{shown(file)} can't be read", error.strerror or "") from error
    sides = (state.database, state.wal, state.journal)
    return " ".join(f"{s.size}.{s.changed}.{s.inode}.{s.head[24:32].hex()}" for s in sides)


def _look(file: Path) -> _State:
    wal, journal = _beside(file)
    return _State(_Side.of(file, 100), _Side.of(wal, 32), _Side.of(journal, 0))


def _beside(file: Path) -> tuple[Path, Path]:
    return file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-journal")


def _no_room(name: str) -> DiskFull:
    return DiskFull(
        f"{name} can't be copied to be read",
        f"no room is left in {shown(tempfile.gettempdir())}",
        "Make room there, or set TMPDIR.",
    )
