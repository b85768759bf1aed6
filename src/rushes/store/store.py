"""The store of one library: reading at once, writing from the first write on."""

from __future__ import annotations

from contextlib import AbstractContextManager
from threading import Lock
from typing import TYPE_CHECKING

from rushes.errors import LibraryDamaged
from rushes.store import faults
from rushes.store.database import Database
from rushes.store.reader import Reader

if TYPE_CHECKING:
    from sqlmodel import Session

    from rushes.store.writer import Writer


class Store:
    """Rows of one library, safe from any thread.

    ``reader`` asks with plain SQL. The SQLModel tables are imported by the first transaction, or
    by ``warm``: 0.2 s that no first screen should wait for.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self.reader = Reader(database)
        self._writer: Writer | None = None
        self._closed = False
        self._lock = Lock()

    def transaction(self) -> AbstractContextManager[Session]:
        """A session whose changes are all committed at the end of the block, or none.

        Raises:
            LibraryReadOnly: nothing may be written here.
            LibraryError: the database can't do it; nothing has changed.
        """
        self.check_writable()
        return self._ready_writer().transaction()

    def check_writable(self) -> None:
        """Refuse before anything is prepared in vain.

        Raises:
            LibraryReadOnly: nothing may be written here.
            LibraryDamaged: the database was found to be broken.
        """
        damage = self.database.damage
        if damage is not None:
            raise LibraryDamaged(damage.what, damage.why, damage.fix)
        if not self.database.writable:
            raise faults.read_only(self.database.folder)
        if not self.database.is_there():
            # Its folder was moved, or a disk was taken off: a stub would be left in its place.
            raise faults.gone(self.database.folder)
        self.database.check_in_place()

    @property
    def has_written(self) -> bool:
        """Whether anything was changed here since it was opened."""
        writer = self._writer
        return writer is not None and writer.has_written

    def warm(self) -> None:
        """Import what writing needs."""
        from rushes.store import write_generations, write_profiles, write_trash  # noqa: F401  # to have them

        self._ready_writer()

    def close(self) -> None:
        """End what is running and close every connection."""
        self.reader.close()
        with self._lock:
            self._closed = True
            if self._writer is not None:
                self._writer.close()
                self._writer = None
        self.database.close()

    def _ready_writer(self) -> Writer:
        with self._lock:
            if self._closed:
                raise faults.closed()
            if self._writer is None:
                from rushes.store.writer import Writer

                self._writer = Writer(self.database)
            return self._writer
