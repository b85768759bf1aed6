"""A copy of another program's SQLite database and of what lies beside it, all of one moment.

Its program goes on writing while the copy is made, the database first, its WAL or journal after
it. Either of two things tells that what was copied fits together:

- The WAL was the same before and afterwards. A WAL is only added to, so all that was brought from
  it into the database meanwhile is in it too, and is brought in again when the copy is opened.
  Once it begins anew, the two random numbers of its header are others (sqlite.org/fileformat2.html,
  4.1). How far its last commit came doesn't matter: what isn't whole is no commit.
- There was no WAL, and nobody wrote to the database: it was last changed before the clock's last
  step, so that another change would show in its time; none did, and its bytes read once more are
  the same.

A program that opens and closes its database all the time leaves no such moment to somebody who
must copy much. Then the copy is made under the SHARED lock that every reader in rollback mode
holds: meanwhile nobody writes to a database in rollback mode, and closing one in WAL mode leaves
the WAL to whoever closes it next.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

_MAGIC = b"SQLite format 3\0"
_DATABASE_HEADER, _WAL_HEADER = 100, 32
"""Bytes of the headers (sqlite.org/fileformat2.html, 1.3 and 4.1)."""

_UNLOCKED = 1.0
"""Seconds in which a moment without a lock is looked for."""

_LOCKED_ATTEMPTS = 100
_PAUSE = 0.001

_CHUNK = 1 << 20

_PENDING, _SHARED, _SHARED_LENGTH = 0x40000000, 0x40000002, 510
"""The bytes that SQLite locks (sqlite3's os.h, ``PENDING_BYTE``)."""

_COARSE_CLOCK = 5
"""Linux's ``CLOCK_REALTIME_COARSE``, by which files are marked when they change."""

_STEP = 20_000_000
"""Nanoseconds that clocks elsewhere, and file systems with round times, may stand still."""

_LONG_STEP = 2_000_000_000
"""The same of file systems that know no parts of a second."""


@dataclass(frozen=True, slots=True)
class Side:
    """A file as it is now: what differs once anybody writes to it. None of it where it isn't."""

    size: int
    changed: int
    inode: int
    head: bytes

    @classmethod
    def of(cls, file: Path, head: int) -> Side:
        """Look at a file and its first bytes."""
        try:
            with file.open("rb", buffering=0) as handle:
                return cls.of_open(handle, head)
        except FileNotFoundError:
            return cls(-1, 0, 0, b"")

    @classmethod
    def of_open(cls, handle: FileIO, head: int) -> Side:
        """Look at a file that is open."""
        found = os.fstat(handle.fileno())
        begins = os.pread(handle.fileno(), head, 0)
        return cls(found.st_size, found.st_mtime_ns, found.st_ino, begins)

    @property
    def is_there(self) -> bool:
        """Whether there is such a file."""
        return self.size >= 0


@dataclass(frozen=True, slots=True)
class State:
    """A database and what lies beside it."""

    database: Side
    wal: Side
    journal: Side

    @classmethod
    def of(cls, file: Path) -> State:
        """Look at a database; that drops all locks on it that this process holds."""
        return cls._with(Side.of(file, _DATABASE_HEADER), file)

    @classmethod
    def of_open(cls, handle: FileIO, file: Path) -> State:
        """Look at a database that is open, and at what lies beside ``file``."""
        return cls._with(Side.of_open(handle, _DATABASE_HEADER), file)

    @classmethod
    def _with(cls, database: Side, file: Path) -> State:
        wal, journal = _beside(file)
        return cls(database, Side.of(wal, _WAL_HEADER), Side.of(journal, 0))

    @property
    def is_database(self) -> bool:
        """Whether it begins as SQLite's files do."""
        return self.database.head.startswith(_MAGIC)

    @property
    def in_wal(self) -> bool:
        """Whether SQLite reads it as a database in WAL mode, and writes files in order to."""
        return b"\x02" in self.database.head[18:20] or self.wal.is_there

    @property
    def must_be_copied(self) -> bool:
        """Whether SQLite would have to write in order to read."""
        return self.in_wal or self.journal.is_there

    @property
    def signature(self) -> str:
        """Text that differs after any commit."""
        sides = (self.database, self.wal, self.journal)
        return " ".join(f"{s.size}.{s.changed}.{s.inode}.{s.head[24:32].hex()}" for s in sides)

    def keeps_its_wal(self, later: State) -> bool:
        """Whether the WAL is the same later, or there is none then either."""
        mine, other = self.wal, later.wal
        same = mine.head == other.head and mine.inode == other.inode and mine.size <= other.size
        return same and self._has_mode_of(later)

    @property
    def has_a_wal(self) -> bool:
        """Whether it is in WAL mode, and its WAL has begun."""
        return b"\x02" in self.database.head[18:20] and len(self.wal.head) == _WAL_HEADER

    def is_at_rest(self, now: Now) -> bool:
        """Whether it has no WAL in use, and any change after ``now`` shows in its state."""
        return not self.has_a_wal and now.shows_changes_after(self.database.changed)

    def is_undisturbed(self, later: State) -> bool:
        """Whether nothing has changed of what is at rest; a WAL may begin meanwhile."""
        begun = len(self.wal.head) < _WAL_HEADER or self.wal == later.wal
        return begun and self.database == later.database and self.journal == later.journal

    def _has_mode_of(self, later: State) -> bool:
        return self.database.head[18:20] == later.database.head[18:20]


@dataclass(frozen=True, slots=True)
class Now:
    """A moment, in nanoseconds: not later than a file is marked now, and not earlier."""

    earliest: int
    latest: int

    @classmethod
    def taken(cls) -> Now:
        """The moment that it is."""
        exact = time.time_ns()
        is_linux = sys.platform in {"linux"}  # in these words both ways are type-checked
        coarse = time.clock_gettime_ns(_COARSE_CLOCK) if is_linux else exact - _STEP
        return cls(min(coarse, exact), exact)

    def shows_changes_after(self, changed: int) -> bool:
        """Whether what changes from now on is marked otherwise than what was marked ``changed``.

        A clock that was set back has left marks of times to come: those differ too.
        """
        whole_seconds, round_times = changed % 1_000_000_000 == 0, changed % 10_000_000 == 0
        step = _LONG_STEP if whole_seconds else _STEP if round_times else 0
        return changed + step < self.earliest or self.latest + _LONG_STEP < changed


def copied(file: Path, folder: Path) -> State | None:
    """Copy a database into a folder; gives how it was by then, or None where it gave no moment.

    No other handle of the database may be closed by this process meanwhile: that drops its locks.

    Raises:
        OSError: it can't be read, or not be written there.
    """
    ends = time.monotonic() + _UNLOCKED
    while True:
        with file.open("rb", buffering=0) as database:
            state = _unlocked(database, file, folder)
        if state is not None:
            return state
        if time.monotonic() > ends:
            break
        time.sleep(_PAUSE)
    for attempt in range(_LOCKED_ATTEMPTS):
        with file.open("rb", buffering=0) as database, _shared(database) as is_locked:
            state = _locked(database, file, folder) if is_locked else None
        if state is not None:
            return state
        time.sleep(_PAUSE * (1 + attempt // 10))
    return None


def _unlocked(database: FileIO, file: Path, folder: Path) -> State | None:
    now = Now.taken()
    before = State.of_open(database, file)
    at_rest = before.is_at_rest(now)
    if not at_rest and not before.has_a_wal:
        return None  # no moment: the copying can be spared
    _copy(database, file, folder)
    after = State.of_open(database, file)
    if not _is_still(database, file):
        return None
    if before.has_a_wal:
        return before if before.keeps_its_wal(after) else None
    undisturbed = before.is_undisturbed(after) and _is_same(database, folder / file.name)
    return before if undisturbed else None


def _locked(database: FileIO, file: Path, folder: Path) -> State | None:
    """Copy what is locked; nobody but a checkpoint writes to it, and no WAL is removed."""
    before = State.of_open(database, file)
    _copy(database, file, folder)
    after = State.of_open(database, file)
    fits = before.keeps_its_wal(after) and _is_still(database, file)
    return before if fits else None


def _copy(database: FileIO, file: Path, folder: Path) -> None:
    """Copy the database first: what lies beside it leads back, or on, from there."""
    database.seek(0)
    with (folder / file.name).open("wb") as target:
        shutil.copyfileobj(database, target, _CHUNK)
    for beside in _beside(file):
        target_file = folder / beside.name
        target_file.unlink(missing_ok=True)
        try:
            shutil.copyfile(beside, target_file)
        except FileNotFoundError:
            continue


def _is_same(database: FileIO, copy: Path) -> bool:
    """Whether a database, read once more, holds what was copied."""
    database.seek(0)
    with copy.open("rb", buffering=0) as other:
        while chunk := database.read(_CHUNK):
            if other.read(_CHUNK) != chunk:
                return False
        return not other.read(1)


@contextmanager
def _shared(database: FileIO) -> Iterator[bool]:
    """Hold the lock of a reader, as SQLite takes it, if it can be had; never wait for it."""
    at_once = fcntl.LOCK_SH | fcntl.LOCK_NB
    try:
        fcntl.lockf(database, at_once, 1, _PENDING)
        try:
            fcntl.lockf(database, at_once, _SHARED_LENGTH, _SHARED)
        finally:
            fcntl.lockf(database, fcntl.LOCK_UN, 1, _PENDING)
    except OSError:
        yield False
        return
    try:
        yield True
    finally:
        fcntl.lockf(database, fcntl.LOCK_UN, _SHARED_LENGTH, _SHARED)


def _is_still(database: FileIO, file: Path) -> bool:
    """Whether the file of that name is the one that is open."""
    try:
        return os.path.samestat(os.fstat(database.fileno()), file.stat())
    except FileNotFoundError:
        return False


def _beside(file: Path) -> tuple[Path, Path]:
    return file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-journal")
