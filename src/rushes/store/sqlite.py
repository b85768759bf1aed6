"""The library's database in SQLite: opening it, its pragmas, its change counter, its copies."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import quote

from rushes.domain.text import shown
from rushes.errors import LibraryDamaged, LibraryError, NotALibrary
from rushes.store import faults
from rushes.store.journal_mode import JournalMode, choose

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

DATABASE_NAME = "rushes.db"
APPLICATION_ID = 0x52555348
"""``RUSH`` in ASCII: marks the file as rushes' own (PRAGMA application_id)."""

BUSY_TIMEOUT = 5.0
"""Seconds that one statement waits for a lock."""

_CACHE_KIB = 4 * 1024
"""Of each reading connection, of which there are several: 16 MB were no quicker at a million."""
_WRITERS_CACHE = "cache_size=-65536"
"""64 MB, in KiB: a commit of thousands of rows that spills halfway takes twice as long."""


@dataclass(frozen=True, slots=True)
class Header:
    """What the database says of itself before any table is read."""

    application_id: int
    version: int
    in_wal: bool
    empty: bool


class SqliteDatabase:
    """``rushes.db`` in a library's folder; made by ``open_database``."""

    def __init__(self, folder: Path, *, writable: bool) -> None:
        self.folder = folder
        self.writable = writable
        self.journal = JournalMode("truncate", "not looked at yet")
        self._opened: tuple[int, int] | None = None
        self.damage: LibraryDamaged | None = None
        self._file = folder / DATABASE_NAME
        self._copy: TemporaryDirectory[str] | None = None
        self._copy_lock = Lock()
        self._watch: sqlite3.Connection | None = None
        self._watch_lock = Lock()
        self._token = 0

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Within it SQLite's errors leave as rushes' own, and damage is remembered.

        Raises:
            RushesError: of the kind that the error was.
        """
        try:
            with faults.translated(self.folder):
                yield
        except LibraryDamaged as error:
            # A broken text index is derived: writing goes on, and makes it anew.
            if not faults.is_of_virtual_table(error.__cause__):
                self.damage = error
            raise

    def header(self) -> Header:
        """What the file says of itself.

        Raises:
            LibraryDamaged: it isn't a database, or not a whole one.
            LibraryError: it can't be opened.
        """
        if self._opened is None:
            self._opened = _identity(self._file)
        with faults.translated(self.folder), closing(self.connect_reader()) as connection:
            # In one state: another process may be making the library this moment.
            connection.execute("BEGIN")
            return Header(
                application_id=_pragma(connection, "application_id"),
                version=_pragma(connection, "user_version"),
                in_wal=connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal",
                empty=connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0,
            )

    def settle_journal(self, header: Header) -> None:
        """Choose the journal, and leave WAL where it isn't safe and nobody else is at work."""
        self.journal = choose(sqlite3.sqlite_version_info, fresh=header.empty, in_wal=header.in_wal)
        wanted_wal = self.journal.name == "wal"
        if header.in_wal == wanted_wal or not self.writable:
            return
        with faults.translated(self.folder), closing(self.connect_writer()) as connection:
            mode = connection.execute("PRAGMA journal_mode").fetchone()[0]
        if (mode == "wal") != wanted_wal:
            reason = f"{self.journal.reason}, but another program holds the library in {mode}"
            self.journal = JournalMode(mode, reason)

    def is_there(self) -> bool:
        """Whether its file is still where it was opened."""
        return self._file.exists()

    def connect_reader(self) -> sqlite3.Connection:
        """A fresh connection that can't write, for any thread.

        Raises:
            LibraryError: the database can't be opened.
        """
        with faults.translated(self.folder):
            return self._connect("rw", "query_only=1", f"cache_size=-{_CACHE_KIB}")

    def connect_writer(self) -> sqlite3.Connection:
        """A fresh connection that can write, for any thread; transactions are the caller's.

        Raises:
            LibraryReadOnly: nothing may be written here, or not any more.
            LibraryError: the database can't be opened.
        """
        if not self.writable:
            raise faults.read_only(self.folder)
        if self._opened is None:
            self._opened = _identity(self._file)
        self.check_in_place()
        with faults.translated(self.folder):
            connection = self._connect("rw", "synchronous=FULL", "foreign_keys=ON", _WRITERS_CACHE)
            try:
                connection.execute(f"PRAGMA journal_mode={self.journal.name}")
            except sqlite3.OperationalError as error:
                # Others are at work in the old mode: theirs goes on being used.
                if not faults.is_busy(error):
                    connection.close()
                    raise
            return connection

    def check_in_place(self) -> None:
        """Make sure that the file is still the one that was opened: it is read as well.

        SQLite notices by itself only where it keeps no WAL.

        Raises:
            LibraryReadOnly: it was moved away, or another has taken its place.
        """
        if self._opened != _identity(self._file):
            raise faults.replaced(self.folder)

    def change_token(self) -> int:
        """A number that differs after any other connection's commit, of whatever process."""
        with self._watch_lock, faults.translated(self.folder):
            if self._watch is None:
                self._watch = self._connect("rw", "query_only=1", "busy_timeout=0")
            try:
                self._token = _pragma(self._watch, "data_version")
            except sqlite3.OperationalError as error:
                # Somebody is committing this moment: the next look sees it.
                if not faults.is_busy(error):
                    raise
            return self._token

    def unsound(self) -> str | None:
        """What SQLite finds broken when it looks at every page; None where nothing is.

        Raises:
            LibraryDamaged: so much that it can't even look.
        """
        with faults.translated(self.folder), closing(self.connect_reader()) as connection:
            told = [str(line) for (line,) in connection.execute("PRAGMA integrity_check")]
        # Later SQLites look at the text index as well, which can be made anew by itself.
        found = [line for line in told if line != "ok" and "inverted index" not in line]
        return found[0] if found else None

    def back_up(self, target: Path) -> None:
        """Write a whole copy to ``target``, which is there afterwards or not at all.

        Raises:
            LibraryError: it can't be written.
        """
        part = target.with_name(f"{target.name}.{os.getpid()}.part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with (
                faults.translated(self.folder),
                closing(self.connect_reader()) as source,
                closing(sqlite3.connect(part)) as copy,
            ):
                source.backup(copy, pages=-1)
            with part.open("rb") as handle:
                os.fsync(handle.fileno())
            part.replace(target)
        except OSError as error:
            raise LibraryError(
                f"the copy {shown(target)} can't be written", error.strerror or str(error)
            ) from error
        finally:
            with suppress(OSError):  # of a disk that refuses everything, the first error is told
                part.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the connection that watches for changes, and of a temporary copy."""
        with self._watch_lock:
            if self._watch is not None:
                self._watch.close()
                self._watch = None
        with self._copy_lock:
            if self._copy is not None:
                self._copy.cleanup()
                self._copy = None

    def _connect(self, mode: str, *pragmas: str) -> sqlite3.Connection:
        file, query = (self._file, f"mode={mode}") if self.writable else self._readable()
        connection = sqlite3.connect(
            f"file:{quote(os.fsencode(file))}?{query}",
            uri=True,
            timeout=BUSY_TIMEOUT,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            for pragma in pragmas:
                connection.execute(f"PRAGMA {pragma}")
        except BaseException:
            connection.close()
            raise
        return connection

    def _readable(self) -> tuple[Path, str]:
        """Where to read a library that can't be written, and how.

        SQLite can't read a WAL, nor roll a journal back, where it can't write: what lies beside
        the database is then taken to a temporary copy. Without either nobody is writing.
        """
        try:
            with self._copy_lock:
                if self._copy is None and any(_holds_something(side) for side in self._sides()):
                    self._copy = self._copied()
                if self._copy is None:
                    return self._file, "immutable=1" if _is_wal(self._file) else "mode=ro"
                return Path(self._copy.name) / DATABASE_NAME, "mode=rw"
        except OSError as error:
            raise LibraryError(
                f"the library {shown(self.folder)} can't be opened",
                error.strerror or str(error),
                "See to it that you may read its files.",
            ) from error

    def _copied(self) -> TemporaryDirectory[str]:
        """The database and what lies beside it, writable, in a folder of their own."""
        import shutil
        import tempfile

        copy = tempfile.TemporaryDirectory(prefix="rushes-")
        try:
            for file in (self._file, *self._sides()):
                if file.exists():
                    shutil.copyfile(file, Path(copy.name) / file.name)
        except BaseException:
            copy.cleanup()
            raise
        return copy

    def _sides(self) -> tuple[Path, Path]:
        return (
            self._file.with_name(f"{DATABASE_NAME}-wal"),
            self._file.with_name(f"{DATABASE_NAME}-journal"),
        )


def check_ours(header: Header, folder: Path) -> None:
    """Make sure that the database is rushes' own, or holds nothing yet.

    Raises:
        NotALibrary: another program made it.
    """
    if header.application_id == APPLICATION_ID or (header.empty and not header.application_id):
        return
    raise NotALibrary(
        f"{shown(folder)} is no library",
        f"its {DATABASE_NAME} was made by another program",
        "Name another folder.",
    )


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])


def _is_wal(file: Path) -> bool:
    """Whether the header says WAL (bytes 18 and 19 are 2; sqlite.org/fileformat2.html, 1.3)."""
    with file.open("rb") as handle:
        return handle.read(20)[18:20] == b"\x02\x02"


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _holds_something(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except OSError:
        return False
