"""Whether the journal and the database say the same, told without changing either."""

from __future__ import annotations

from contextlib import closing

from rushes.store.database import Database
from rushes.store.journal.entries import State, state_of
from rushes.store.journal.file import Finding, JournalFile, Look
from rushes.store.reader import Reader

_ATTEMPTS = 5


def look(reader: Reader, database: Database) -> Look:
    """How the journal fits the database.

    One that isn't there before anything was written fits. What doesn't fit is looked at again
    where nobody can be committing: under the write lock. A library that may only be read is looked
    at as it is.

    Raises:
        LibraryBusy: another program keeps the lock.
        LibraryError: database or journal can't be read.
    """
    file = JournalFile(database.folder)
    found = Look(Finding.FITS)
    for _ in range(_ATTEMPTS):
        state = _state(reader)
        if state is None:
            return Look(Finding.FITS)
        found = file.look(state)
        if found.finding is Finding.FITS:
            return found
        if database.writable:
            return _look_alone(file, database)
    return found


def is_behind(reader: Reader, database: Database) -> bool:
    """Whether the journal tells of commits that the database, an older copy then, doesn't have.

    Raises:
        LibraryBusy: another program keeps the lock.
        LibraryError: database or journal can't be read.
    """
    return look(reader, database).finding is Finding.AHEAD


def _look_alone(file: JournalFile, database: Database) -> Look:
    with database.asked(), closing(database.connect_writer()) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            return file.look(state_of(connection))
        finally:
            connection.execute("ROLLBACK")


def _state(reader: Reader) -> State | None:
    row = reader.one("SELECT journal_id, number, length, needed FROM journal_state")
    if row is None:
        return None
    journal_id, number, length, needed = row
    return State(str(journal_id), _integer(number), _integer(length), _integer(needed))


def _integer(value: object) -> int:
    return value if isinstance(value, int) else 0
