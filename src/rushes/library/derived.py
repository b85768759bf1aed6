"""What is kept in step with the rows: the text index, the counters. For verify and repair."""

from __future__ import annotations

from rushes.store.store import Store


class Derived:
    """``library.derived``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def check(self) -> tuple[str, ...]:
        """What is out of step with the rows, a line each; nothing when all is well.

        Takes 15 s for a million generations. The text index is left out where nothing may be
        written: asking it takes a writer.

        Raises:
            LibraryError: the database can't be read.
        """
        from rushes.store import derived

        found = [
            f"{wrong:,} of {table} differ from the rows"
            for table, wrong in derived.disagreements(self._store.reader).items()
        ]
        database = self._store.database
        if database.writable and not derived.text_index_in_step(database):
            found.append("the text index differs from the rows")
        return tuple(found)

    def rebuild(self) -> None:
        """Make all of it anew from the rows, in one commit. Takes 30 s for a million.

        Raises:
            LibraryError: it can't be written; nothing has changed.
        """
        from rushes.store import derived

        with self._store.transaction() as session:
            derived.rebuild(session)
