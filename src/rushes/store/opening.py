"""Opening a library's database: make it where there is none, check it, bring it up to date."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rushes.store.folder import prepare_folder
from rushes.store.migrations.runner import STEPS, Step, check_version, migrate
from rushes.store.sqlite import SqliteDatabase, check_ours


def open_database(
    folder: Path, *, create: bool = True, steps: Sequence[Step] = STEPS
) -> SqliteDatabase:
    """The database of the library in ``folder``, migrated.

    Raises:
        NotALibrary: the folder holds something else, or nothing and ``create`` is false.
        LibraryTooNew: a newer program has changed it.
        LibraryDamaged: the file isn't a whole database.
        LibraryReadOnly: it would have to be written and can't be.
        LibraryError: it can't be opened.
    """
    writable = prepare_folder(folder, create=create)
    database = SqliteDatabase(folder, writable=writable)
    try:
        header = database.header()
        check_ours(header, folder)
        check_version(header, database, steps)
        database.settle_journal(header)
        migrate(header, database, steps)
    except BaseException:
        database.close()
        raise
    return database
