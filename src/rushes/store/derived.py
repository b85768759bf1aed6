"""What is derived from the rows: whether it is in step with them, and making it anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from rushes.store import faults
from rushes.store.database import Database
from rushes.store.migrations import step_0006
from rushes.store.migrations.step_0002 import REBUILD, RECOUNTS
from rushes.store.reader import Call, Reader
from rushes.store.search_index import CHECK

if TYPE_CHECKING:
    from sqlmodel import Session


def disagreements(reader: Reader, call: Call | None = None) -> dict[str, int]:
    """How many counters of each table differ from a recount of the rows, where any do.

    The text index is not looked at: ``text_index_in_step`` does that.
    """
    found: dict[str, int] = {}
    for table, (kept, recount) in RECOUNTS.items():
        # One after the other: whoever writes waits for what reads.
        with reader.snapshot(call) as snapshot:
            wrong = snapshot.number(
                "SELECT count(*) FROM ("
                f"SELECT * FROM ({kept} EXCEPT {recount}) UNION ALL"
                f" SELECT * FROM ({recount} EXCEPT {kept}))"
            )
        if wrong:
            found[table] = wrong
    with reader.snapshot(call) as snapshot:
        wrong = snapshot.number(step_0006.DISAGREEMENTS)
    if wrong:
        found["quality flags"] = wrong
    return found


def text_index_in_step(database: Database) -> bool:
    """Whether the text index says what the rows say. Takes 3 s for a million.

    It is asked with what would be a write, which is taken back.

    Raises:
        LibraryBusy: another program keeps the lock.
        LibraryError: the database can't be asked.
    """
    with faults.translated(database.folder), closing(database.connect_writer()) as connection:
        connection.execute("BEGIN IMMEDIATE")
        try:
            connection.execute(CHECK)
        except sqlite3.DatabaseError as error:
            # The index says so by the code of a damaged file, at once or as one of its own.
            if faults.primary_code(error) != sqlite3.SQLITE_CORRUPT:
                raise
            return False
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
    return True


def rebuild(session: Session) -> None:
    """Make the text index and all counters anew from the rows. Takes 30 s for a million."""
    for statement in (*REBUILD, *step_0006.REBUILD):
        session.connection().exec_driver_sql(statement)
