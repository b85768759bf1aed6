"""What SQLite complains of, told as the kinds of ``rushes.errors``. The one place for it."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rushes.domain.text import one_line, shown
from rushes.errors import (
    BadInput,
    Conflict,
    DiskFull,
    Interrupted,
    LibraryBusy,
    LibraryDamaged,
    LibraryError,
    LibraryReadOnly,
    RushesError,
)

BACKUPS = "backups"
"""Folder of a library in which copies of its database lie."""

JOURNAL = "journal.jsonl"
"""File of a library that tells how every row of truth came to be as it is."""

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_PERMISSION = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})

BUSY_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_LOCKING = frozenset({sqlite3.SQLITE_IOERR_LOCK, sqlite3.SQLITE_IOERR_RDLOCK})

_UNDECODABLE = "Could not decode to UTF-8"
"""What Python says of text that nobody can have written so: SQLite doesn't look into it."""


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's primary result code of an error; 0 where Python raised it by itself."""
    code: int = getattr(error, "sqlite_errorcode", 0) or 0
    return code & 0xFF


def is_of_virtual_table(error: BaseException | None) -> bool:
    """Whether what is broken is only a virtual table: the text index."""
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_CORRUPT_VTAB


def is_busy(error: sqlite3.Error) -> bool:
    """Whether somebody else held the lock."""
    return primary_code(error) in BUSY_CODES


def as_rushes_error(error: sqlite3.Error, path: Path) -> RushesError:
    """The error as a person should read it; ``path`` is the library's folder."""
    where = shown(path)
    why = one_line(str(error))
    match primary_code(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return busy(path) if _has_locks(path) else without_locks(path)
        case sqlite3.SQLITE_FULL:
            return DiskFull(
                "nothing was written", f"no room is left where {where} lies", "Make room there."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM:
            moved = error.sqlite_errorcode == sqlite3.SQLITE_READONLY_DBMOVED
            return replaced(path) if moved else read_only(path)
        case sqlite3.SQLITE_INTERRUPT:
            return Interrupted("the question was called off")
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_FORMAT:
            return damaged(path, why)
        case 0 if why.startswith(_UNDECODABLE):
            return damaged(path, why)
        case sqlite3.SQLITE_CANTOPEN:
            return LibraryError(f"the library {where} can't be opened", why)
        case sqlite3.SQLITE_IOERR:
            if error.sqlite_errorcode in _LOCKING and not _has_locks(path):
                return without_locks(path)
            return LibraryError(f"the disk of the library {where} failed", why)
        case sqlite3.SQLITE_TOOBIG:
            return BadInput("that is too long to be kept", why)
        case sqlite3.SQLITE_CONSTRAINT:
            return Conflict("nothing was written", why)
        case _:
            return LibraryError(f"the library {where} can't do that", why)


def _has_locks(path: Path) -> bool:
    from rushes.store.locks import has_locks  # what it needs, nobody waits for at the start

    return has_locks(path)


def busy(path: Path) -> LibraryBusy:
    """Somebody else kept the lock for too long."""
    return LibraryBusy(
        f"the library {shown(path)} is busy",
        "another program keeps it locked",
        "Try again in a moment.",
    )


def without_locks(path: Path) -> LibraryError:
    """The disk lets nobody lock a file: two programs could write at once and not know."""
    return LibraryError(
        f"the library {shown(path)} can't be used where it lies",
        "files can't be locked on that disk, as on some network disks",
        "Mount it with locks, or keep the library on a disk of this machine.",
    )


def gone(path: Path) -> LibraryReadOnly:
    """The folder was taken away under an open library."""
    return LibraryReadOnly(
        f"the library {shown(path)} is gone",
        "its folder was moved or removed while it was open",
        "Leave, and open it where it lies now.",
    )


def replaced(path: Path) -> LibraryReadOnly:
    """The database was rebuilt or put back under an open library."""
    if not path.exists():
        return gone(path)
    return LibraryReadOnly(
        f"the library {shown(path)} can't be written any more",
        "its database was replaced while it was open",
        "Leave, and open it again.",
    )


def read_only(path: Path) -> LibraryReadOnly:
    """The library may only be read, or isn't there to be written any more."""
    if not path.exists():
        return gone(path)
    return LibraryReadOnly(
        f"the library {shown(path)} can only be read",
        "its folder or its database may not be written",
        "Give yourself write permission there.",
    )


def closed() -> LibraryError:
    """Somebody asks after ``close``."""
    return LibraryError("the library is closed", "", "Open it again.")


def damaged(path: Path, why: str) -> LibraryDamaged:
    """The database isn't whole, or isn't there."""
    copied = any((path / BACKUPS).glob("rushes-*.db"))
    beside = ((JOURNAL, (path / JOURNAL).exists()), ("its copies", copied))
    origins = [name for name, there in beside if there] or ["what can still be read of it"]
    return LibraryDamaged(
        f"the database of {shown(path)} is damaged",
        why,
        f"`rushes verify --repair` rebuilds it from {' and '.join(origins)}.",
    )


def file_error(error: OSError, path: Path, what: str) -> LibraryError:
    """What went wrong with a file of the library ``path``; ``what`` says which, and what not."""
    where, why = shown(path), error.strerror or str(error)
    if error.errno in _NO_ROOM:
        return DiskFull(
            "nothing was written", f"no room is left where {where} lies", "Make room there."
        )
    if not path.exists():
        return gone(path)
    if error.errno in _NO_PERMISSION:
        return LibraryReadOnly(
            f"the library {where} can only be read",
            f"{what}: {why}",
            "Give yourself write permission there.",
        )
    return LibraryError(f"the library {where} can't do that", f"{what}: {why}")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Within it, SQLite's errors and those of its binding leave as the kinds of ``rushes.errors``.

    Raises:
        RushesError: of the kind that the error was.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise as_rushes_error(error, path) from error
    except UnicodeEncodeError as error:
        raise BadInput("that isn't text", "it holds half of a surrogate pair") from error
    except OverflowError as error:
        raise BadInput("that number can't be meant", "it needs more than 64 bits") from error
