"""The journal as a transaction meets it: made ready, appended to, put right.

What a crash leaves, at every point of a commit that is number n + 1:

- before the append: nothing;
- in it, or between it and the COMMIT: the file is longer than the database says, by a line that
  can't be read or one of number n + 1. The next transaction cuts it off;
- after the COMMIT: file and database agree.

A new file takes the journal's place whole, by renaming, in a transaction of its own and under an
id of its own: where that transaction doesn't happen the next one finds another's file, sets it
aside in ``lost+found/`` and writes it once more. So it does with a file that knows more than the
database, which is an older copy then: such a one is never cut.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from rushes.domain.ids import new_id
from rushes.errors import RushesError
from rushes.store import faults
from rushes.store.database import Database
from rushes.store.journal import capture, entries, whole
from rushes.store.journal.entries import State, Written, put_state, state_of
from rushes.store.journal.file import Finding, JournalFile

log = logging.getLogger(__name__)


def settle(database: Database) -> None:
    """Make sure that the journal of a database is there and fits, now rather than with a write.

    Raises:
        DiskFull, RushesError: it can't be written.
    """
    journal = Journal(database.folder)
    with faults.translated(database.folder), closing(database.connect_writer()) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            if not journal.is_ready(connection):
                journal.begin(connection)
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")


def part_ways(database: Database) -> None:
    """Let a copy have a journal of its own from now on, told apart from that of its original.

    Both go on counting commits: put into each other's place, one would pass for the other's past.

    Raises:
        LibraryError: it can't be written.
    """
    with faults.translated(database.folder), closing(database.connect_writer()) as connection:
        connection.execute("DELETE FROM journal_state")


class Journal:
    """The journal of the library in ``folder``, for one writing connection at a time."""

    def __init__(self, folder: Path) -> None:
        self.file = JournalFile(folder)
        self.has_grown = False
        self._known: tuple[str, tuple[int, int, int]] | None = None

    def is_ready(self, connection: sqlite3.Connection) -> bool:
        """Whether the journal can be appended to; what a crash left at its end is cut off.

        Under the write lock, before anything is changed. Where it isn't, ``begin`` helps.

        Raises:
            RushesError: the file can't be read or written.
        """
        state = state_of(connection)
        if state is not None and self._is_as_left(state):
            return True
        found = self.file.look(state)
        if state is None or found.finding not in (Finding.FITS, Finding.TAIL):
            return False
        if found.finding is Finding.TAIL:
            log.info("%s: %d bytes of no commit are dropped", self.file.path, found.bytes)
            self.file.cut(state.length)
        self._remember(state)
        return True

    def begin(self, connection: sqlite3.Connection) -> None:
        """Write the journal anew from the rows, in a transaction that the caller then commits.

        A file that knows more than the database, or is another's, is set aside first.

        Raises:
            DiskFull, RushesError: it can't be written; all is as before.
        """
        state = state_of(connection)
        found = self.file.look(state)
        if found.finding in (Finding.AHEAD, Finding.FOREIGN):
            kept = self.file.set_aside(found.finding.value)
            log.warning("%s doesn't fit its database: set aside as %s", self.file.path, kept)
        # Of its own: a copy from before, or from a time that was given up, isn't gone on from.
        journal_id = new_id()
        number = 1 if state is None else state.number + 1
        lines = whole.of_connection(connection, journal_id, number)
        with self.file.part(lines) as (part, length):
            self.file.put_in_place(part)
        put_state(connection, State(journal_id, number, length, length))

    @contextmanager
    def appended(self, connection: sqlite3.Connection) -> Iterator[None]:
        """What the transaction has changed is in the journal; the block commits it.

        Raises:
            DiskFull, RushesError: it couldn't be appended; nothing may be committed.
        """
        touched = capture.noted(connection)
        if touched is None:
            yield
            return
        before = state_of(connection)
        assert before is not None
        try:
            after = self._append(connection, touched, before)
            yield
        except BaseException:
            # Only while the lock is held: without it the end may be another's by now.
            if connection.in_transaction:
                with suppress(RushesError):
                    self.file.cut(before.length)
            self._known = None
            raise
        self.has_grown = self.has_grown or after != before
        self._remember(after)

    def _append(
        self, connection: sqlite3.Connection, touched: capture.Noted, before: State
    ) -> State:
        number, written = before.number + 1, Written()
        lines = entries.lines(number, capture.items(connection, touched), written)
        length = self.file.append(before.length, lines)
        capture.clear(connection, touched)
        if length == before.length:
            return before
        needed = before.needed + written.needed(length - before.length) - touched.freed
        after = State(before.journal_id, number, length, max(0, needed))
        put_state(connection, after)
        return after

    def _is_as_left(self, state: State) -> bool:
        """Whether nobody has touched the file since this process last knew it to fit."""
        if self._known is None:
            return False
        journal_id, identity = self._known
        return (
            state.journal_id == journal_id
            and state.length == identity[2]
            and self.file.identity() == identity
        )

    def _remember(self, state: State) -> None:
        identity = self.file.identity()
        self._known = None if identity is None else (state.journal_id, identity)
