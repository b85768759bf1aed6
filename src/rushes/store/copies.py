"""Copies of the database in ``backups/``: one a day, three kept, only while there is room."""

from __future__ import annotations

import re
import shutil
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

from rushes.domain.ids import new_id
from rushes.domain.times import now
from rushes.store import faults
from rushes.store.database import Database
from rushes.store.journal.file import flush_folder
from rushes.store.journal.truth import BY_NAME
from rushes.store.sqlite import APPLICATION_ID, DATABASE_NAME

KEPT = 3
_DAILY = re.compile(r"rushes-\d{4}-\d{2}-\d{2}\.db")
_A_DAY = 86_400.0
_SIDES = ("", "-wal", "-journal")

FreeRoom = Callable[[Path], int]
"""How many bytes are free where a folder lies."""


def free_room(folder: Path) -> int:
    """How many bytes are free where ``folder`` lies."""
    return shutil.disk_usage(folder).free


def daily(folder: Path, today: date | None = None) -> list[Path]:
    """The daily copies of the library in ``folder``, the oldest first.

    One of a day yet to come was made by a clock that was wrong: it counts as older than all.
    Others, as those made before migrations, are nobody's to remove.
    """
    found = (folder / faults.BACKUPS).glob("rushes-*.db")
    return sorted(
        (path for path in found if _DAILY.fullmatch(path.name)),
        key=lambda path: (path.name <= _name(today), path.name),
    )


def copy_due(folder: Path, today: date | None = None) -> bool:
    """Whether the day's copy isn't there yet and something was written since the last one."""
    copies = daily(folder, today)
    if not copies or copies[-1].name > _name(today):
        return True
    if copies[-1].name == _name(today):
        return False
    try:
        copied = copies[-1].stat().st_mtime
        return any(path.stat().st_mtime > copied for path in _files(folder))
    except OSError:
        return False


def make_copy(database: Database, room: FreeRoom = free_room, today: date | None = None) -> bool:
    """Make the day's copy and let the oldest go beyond three; False where there is no room for it.

    Raises:
        LibraryDamaged: what was copied isn't whole; older copies are as before.
        LibraryError: it can't be written; older copies are as before.
    """
    folder = database.folder
    try:
        size = sum(path.stat().st_size for path in _files(folder))
        if room(folder) < 2 * size:
            return False
        _sweep(folder / faults.BACKUPS)
        _checked_copy(database, folder / faults.BACKUPS / _name(today))
        flush_folder(folder / faults.BACKUPS)
        for outdated in daily(folder, today)[:-KEPT]:
            outdated.unlink(missing_ok=True)
    except OSError as error:
        raise faults.file_error(error, folder, "its copies can't be kept") from error
    return True


def _checked_copy(database: Database, target: Path) -> None:
    """Make a copy and look at it before it counts: a broken one would drive out whole ones."""
    fresh = target.with_name(f"{target.name}.{new_id()[:8]}.part")
    try:
        database.back_up(fresh)
        with database.asked(), closing(_opened(fresh)) as connection:
            (told,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if told != "ok":
                raise faults.damaged(database.folder, str(told))
        fresh.replace(target)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def newest_first(folder: Path) -> Iterator[Path]:
    """Every copy in ``backups/``, daily or not."""
    found = [(path.stat().st_mtime, path) for path in (folder / faults.BACKUPS).glob("*.db")]
    yield from (path for _, path in sorted(found, reverse=True))


def is_whole(file: Path, newest_version: int) -> bool:
    """Whether a file is a sound database of ours, of a version that can be used.

    All of its rows are read as well: SQLite itself doesn't notice text that was damaged.
    """
    try:
        with closing(_opened(file)) as connection:
            ours = connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if not ours or not 0 < version <= newest_version:
                return False
            (told,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
            return bool(told == "ok") and _can_be_read(connection)
    except (sqlite3.Error, OSError):
        return False


def _can_be_read(connection: sqlite3.Connection) -> bool:
    """Whether every row of truth comes as it should; raises ``sqlite3.Error`` where one doesn't."""
    found = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    for (table,) in found:
        if table in BY_NAME:
            deque(connection.execute(f"SELECT * FROM {table}"), maxlen=0)
    return True


def _sweep(backups: Path) -> None:
    """Remove what a crash left of a copy that was being made, a day ago or longer."""
    for part in backups.glob("rushes-*.part"):
        if time.time() - part.stat().st_mtime > _A_DAY:
            part.unlink(missing_ok=True)


def _name(today: date | None) -> str:
    return f"rushes-{(today or now().date()).isoformat()}.db"


def _files(folder: Path) -> Iterator[Path]:
    paths = (folder / f"{DATABASE_NAME}{side}" for side in _SIDES)
    return (path for path in paths if path.exists())
