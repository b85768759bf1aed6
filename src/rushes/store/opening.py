"""Opening a library's database: make it where there is none, check it, bring it up to date."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rushes.errors import LibraryDamaged, NotALibrary
from rushes.store import faults
from rushes.store.folder import is_left_over, prepare_folder
from rushes.store.migrations.runner import STEPS, Step, check_version, migrate
from rushes.store.sqlite import DATABASE_NAME, Header, SqliteDatabase, check_ours

_FIRST_WITH_JOURNAL = 3


def open_database(
    folder: Path, *, create: bool = True, steps: Sequence[Step] = STEPS
) -> SqliteDatabase:
    """The database of the library in ``folder``, migrated.

    Raises:
        NotALibrary: the folder holds something else, or nothing and ``create`` is false.
        LibraryTooNew: a newer program has changed it.
        LibraryDamaged: the file isn't a whole database, or is gone while the rest is there.
        LibraryReadOnly: it would have to be written and can't be.
        LibraryError: it can't be opened.
    """
    writable = prepare_folder(folder, create=create)
    return brought_up_to_date(folder, writable=writable, steps=steps)


def brought_up_to_date(
    folder: Path, *, writable: bool, steps: Sequence[Step] = STEPS
) -> SqliteDatabase:
    """The database that lies in ``folder``, empty or not, migrated; raises as ``open_database``."""
    database = SqliteDatabase(folder, writable=writable)
    try:
        header = _checked(database)
        check_version(header, database, steps)
        database.settle_journal(header)
        migrate(header, database, steps)
        # Steps change rows that no line of the journal tells of: it is written anew.
        if not header.empty and header.version < steps[-1].number >= _FIRST_WITH_JOURNAL:
            from rushes.store.journal.journal import settle

            settle(database)
    except BaseException:
        database.close()
        raise
    return database


def why_damaged(folder: Path) -> str | None:
    """Why the database of the library in ``folder`` must be rebuilt; None where it is sound.

    It is read whole: 3 s for 700 MB.

    Raises:
        NotALibrary: the folder holds something else.
        LibraryError: it can't be read, for a reason that no rebuilding helps.
    """
    try:
        writable = prepare_folder(folder, create=False)
        database = SqliteDatabase(folder, writable=writable)
        try:
            _checked(database)
            told = database.unsound()
        finally:
            database.close()
    except LibraryDamaged as error:
        return error.why
    return told


def _checked(database: SqliteDatabase) -> Header:
    """What the database says of itself, once it is known to be ours.

    Raises:
        NotALibrary: another program made it.
        LibraryDamaged: it isn't a database, or was emptied.
    """
    header = database.header()
    # Looked at twice: another process may be making the library, and its journal, this moment.
    if header.empty and is_left_over(database.folder) and database.header().empty:
        raise faults.damaged(database.folder, f"its {DATABASE_NAME} is empty, the rest isn't")
    try:
        check_ours(header, database.folder)
    except NotALibrary:
        if not is_left_over(database.folder):
            raise
        raise faults.damaged(database.folder, f"its {DATABASE_NAME} has lost its mark") from None
    return header
