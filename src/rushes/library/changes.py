"""Noticing that anybody changed the library."""

from __future__ import annotations

from rushes.store.store import Store


class Changes:
    """Whether the library is still as it was."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def token(self) -> int:
        """A number that differs after any commit, of this process or another. Takes microseconds.

        Raises:
            LibraryError: the database can't be read.
        """
        return self._store.database.change_token()
