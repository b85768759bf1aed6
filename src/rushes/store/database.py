"""What the store asks of a database: the seam beside which another one can be fitted.

Everything that only SQLite has (pragmas, the journal, backups, the change counter) stands
behind ``Database``, in ``sqlite.py``, ``journal_mode.py`` and ``faults.py``.
"""

from __future__ import annotations

import sqlite3
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from rushes.errors import LibraryDamaged
from rushes.store.journal_mode import JournalMode

Connection = sqlite3.Connection
"""A connection of Python's DB-API, in autocommit."""

Row = tuple[object, ...]
Parameter = str | int | float | bytes | None


class Database(Protocol):
    """One library's database, safe from any thread."""

    @property
    def folder(self) -> Path:
        """The library's folder."""

    @property
    def writable(self) -> bool:
        """Whether folder and database may be written."""

    @property
    def journal(self) -> JournalMode:
        """The journal in use, and why."""

    @property
    def damage(self) -> LibraryDamaged | None:
        """What SQLite once found broken, since when nothing is written."""

    def asked(self) -> AbstractContextManager[None]:
        """Within it the database's errors leave as rushes' own, and damage is remembered.

        Raises:
            RushesError: of the kind that the error was.
        """

    def is_there(self) -> bool:
        """Whether it is still where it was opened."""

    def connect_reader(self) -> Connection:
        """A fresh connection that can't write, for any thread.

        Raises:
            LibraryError: the database can't be opened.
        """

    def connect_writer(self) -> Connection:
        """A fresh connection that can write, for any thread; transactions are the caller's.

        Raises:
            LibraryReadOnly: nothing may be written here.
            LibraryError: the database can't be opened.
        """

    def check_in_place(self) -> None:
        """Make sure that the file is still the one that was opened: it is read as well.

        Raises:
            LibraryReadOnly: it was moved away, or another has taken its place.
        """

    def change_token(self) -> int:
        """A number that differs after any other connection's commit, of whatever process."""

    def back_up(self, target: Path) -> None:
        """Write a whole copy to ``target``, which is there afterwards or not at all.

        Raises:
            LibraryError: it can't be written.
        """

    def close(self) -> None:
        """Let go of what the database itself holds open."""
