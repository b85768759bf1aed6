"""Saved filters: read with plain SQL, written within a transaction that the caller holds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rushes.domain.filters import SavedFilter
from rushes.domain.text import fold
from rushes.domain.times import to_stored
from rushes.store.reader import Reader

if TYPE_CHECKING:
    from sqlmodel import Session


def all_of_them(reader: Reader) -> tuple[SavedFilter, ...]:
    """Every saved filter, by name."""
    found = reader.all("SELECT name, line FROM saved_filters ORDER BY name_fold")
    return tuple(SavedFilter(str(name), str(line)) for name, line in found)


def put(session: Session, name: str, line: str, moment: datetime) -> None:
    """Keep a line under a name, in place of what bore it."""
    session.connection().exec_driver_sql(
        "INSERT OR REPLACE INTO saved_filters (name_fold, name, line, created_at)"
        " VALUES (?, ?, ?, ?)",
        (fold(name), name, line, to_stored(moment)),
    )


def take_away(session: Session, name: str) -> bool:
    """Forget a saved filter; whether there was one of that name."""
    gone = session.connection().exec_driver_sql(
        "DELETE FROM saved_filters WHERE name_fold = ?", (fold(name),)
    )
    return gone.rowcount > 0
