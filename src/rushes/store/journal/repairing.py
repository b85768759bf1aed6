"""Putting a journal and its database in step again where the next commit alone wouldn't."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.watch import Watch, unwatched
from rushes.errors import LibraryError
from rushes.store.database import Database
from rushes.store.journal.entries import Header, State, entry_of, put_state, state_of
from rushes.store.journal.file import Finding, JournalFile
from rushes.store.journal.replay import Replayed, bare, body, empty, keep_highest, replay

if TYPE_CHECKING:
    from sqlmodel import Session


def catch_up(database: Database, watch: Watch = unwatched) -> int:
    """Bring a database that is an older copy up to what its journal says; gives the commits.

    Nothing is done where the journal doesn't know more than the database.

    Raises:
        LibraryError: the journal can't be replayed, or the database not be written; all is as
            before.
        Interrupted: the watch called it off; all is as before.
    """
    file = JournalFile(database.folder)
    with database.asked(), closing(database.connect_writer()) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            state, header = state_of(connection), file.header()
            found = file.look(state)
            commits = 0
            if state is not None and header is not None and found.finding is Finding.AHEAD:
                replayed = Replayed()
                lines = body(file, replayed, watch)
                commits = _caught_up(connection, lines, replayed, state, header)
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    return commits


def damaged_lines(folder: Path, watch: Watch = unwatched) -> int:
    """How many lines of the journal can't be read. Takes 10 s for a million generations.

    Raises:
        Interrupted: the watch called it off.
    """
    replayed = Replayed()
    lines = body(JournalFile(folder), replayed, watch)
    unread = sum(entry_of(line) is None for line in lines if line.endswith(b"\n"))
    return unread + replayed.damaged


def renew(folder: Path, transaction: Callable[[], AbstractContextManager[Session]]) -> Path:
    """Set the journal aside and write another from the rows; gives where the old one lies.

    Raises:
        DiskFull, LibraryError: it can't be done; the next transaction tries again.
    """
    with transaction() as session:
        connection = session.connection().connection.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        state = state_of(connection)
        assert state is not None
        kept = JournalFile(folder).set_aside("damaged")
        put_state(connection, replace(state, length=0))
    # Every transaction begins by making sure that there is a whole one.
    with transaction():
        return kept


def _caught_up(
    connection: sqlite3.Connection,
    lines: Iterator[bytes],
    replayed: Replayed,
    state: State,
    header: Header,
) -> int:
    # One that was begun after the copy was made holds all rows there are, and no word of others.
    begun_later = header.number > state.number
    with bare(connection):
        if begun_later:
            empty(connection)
        replay(connection, lines, replayed, after=-1 if begun_later else state.number)
    if replayed.damaged or replayed.refused:
        raise LibraryError(
            "the journal can't be replayed",
            f"{replayed.damaged + replayed.refused:,} of its lines can't be read",
        )
    keep_highest(connection, header)
    number = max(replayed.number, header.number)
    put_state(connection, State(header.journal_id, number, replayed.end, state.needed))
    return number - state.number
