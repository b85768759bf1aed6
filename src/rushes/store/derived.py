"""What is derived from the rows: whether it is in step with them, and making it anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import DatabaseError

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
    with reader.snapshot(call) as snapshot:
        for table, (kept, recount) in RECOUNTS.items():
            wrong = snapshot.number(
                "SELECT count(*) FROM ("
                f"SELECT * FROM ({kept} EXCEPT {recount}) UNION ALL"
                f" SELECT * FROM ({recount} EXCEPT {kept}))"
            )
            if wrong:
                found[table] = wrong
    return found


def text_index_in_step(session: Session) -> bool:
    """Whether the text index says what the rows say. Takes 3 s for a million."""
    try:
        session.connection().exec_driver_sql(CHECK)
    except DatabaseError:
        return False
    return True


def rebuild(session: Session) -> None:
    """Make the text index and all counters anew from the rows. Takes 30 s for a million."""
    for statement in REBUILD:
        session.connection().exec_driver_sql(statement)
