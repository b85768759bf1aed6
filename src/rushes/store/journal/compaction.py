"""Writing the journal anew without what later lines made void.

The rows are read in small questions while others go on writing: whatever they commit meanwhile
stands in lines behind them, which win. Only to add those, and for the renaming, is the write lock
held. A crash before the renaming leaves the old file; between it and the commit a file that is
shorter than the database says, which the next transaction writes whole.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING

from rushes.domain.watch import Watch, unwatched
from rushes.store.journal import whole
from rushes.store.journal.entries import State, put_state, state_of
from rushes.store.journal.file import JournalFile
from rushes.store.reader import Reader

if TYPE_CHECKING:
    from pathlib import Path

    from sqlmodel import Session

SLACK = 1 << 20
"""Bytes below which it isn't worth it."""


def is_due(reader: Reader) -> bool:
    """Whether the journal is twice as long as it need be, and more than a little.

    Raises:
        LibraryError: the database can't be read.
    """
    state = _state(reader)
    return state is not None and state.length > 2 * state.needed + SLACK


def compact(
    folder: Path,
    reader: Reader,
    transaction: Callable[[], AbstractContextManager[Session]],
    watch: Watch = unwatched,
) -> bool:
    """Write the journal anew; whether it was: another process may have done so meanwhile.

    Raises:
        DiskFull, LibraryError: it can't be done; the old one stays.
        Interrupted: the watch called it off; the old one stays.
    """
    file = JournalFile(folder)
    first = file.first_line()  # before the state: a file that comes between is noticed in the end
    begun = _state(reader)
    if begun is None or not first:
        return False
    lines = _watched(_lines(reader, begun), begun, watch)
    with file.part(lines) as (part, rows), transaction() as session:
        connection = session.connection().connection.driver_connection
        assert isinstance(connection, sqlite3.Connection)
        state = state_of(connection)
        # Another first line is another file: what was read behind it isn't what this one lacks.
        if state is None or file.first_line() != first:
            return False
        length = file.carry_over(part, rows, begun.length, state.length)
        if length >= state.length:
            put_state(connection, replace(state, needed=state.length))
            return False
        file.put_in_place(part)
        put_state(connection, replace(state, length=length, needed=length))
    return True


def _lines(reader: Reader, begun: State) -> Iterator[bytes]:
    def ask(sql: str, parameters: Sequence[str | int]) -> list[tuple[object, ...]]:
        return reader.all(sql, parameters)

    return whole.lines(ask, begun.journal_id, begun.number)


def _watched(lines: Iterator[bytes], begun: State, watch: Watch) -> Iterator[bytes]:
    done, total = 0, max(1, begun.needed)
    for line in lines:
        watch(min(done, total), total, "compacting the journal")
        done += len(line)
        yield line


def _state(reader: Reader) -> State | None:
    row = reader.one("SELECT journal_id, number, length, needed FROM journal_state")
    return None if row is None else State(str(row[0]), *(int(str(value)) for value in row[1:]))
