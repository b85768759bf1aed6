"""What a person has settled for a library: JSON under names."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from rushes.errors import LibraryError
from rushes.store.reader import Reader

if TYPE_CHECKING:
    from sqlmodel import Session

CLEAN_UP = "cleanup"
"""The name under which the clean-up policy is kept."""

_READ = "SELECT value FROM settings WHERE name = ?"


def has(reader: Reader, name: str) -> bool:
    """Whether there is a value under a name."""
    return reader.one("SELECT 1 FROM settings WHERE name = ?", (name,)) is not None


def get(reader: Reader, name: str) -> object:
    """The value under a name; None where there is none.

    Raises:
        LibraryError: it can't be read.
    """
    row = reader.one(_READ, (name,))
    return None if row is None else _value(name, row[0])


def beneath(reader: Reader, prefix: str) -> dict[str, object]:
    """The values under all names that begin so, by the rest of the name.

    Raises:
        LibraryError: one of them can't be read.
    """
    rows = reader.all(
        "SELECT substr(name, ?), value FROM settings WHERE substr(name, 1, ?) = ?",
        (len(prefix) + 1, len(prefix), prefix),
    )
    return {str(rest): _value(f"{prefix}{rest}", value) for rest, value in rows}


def within(session: Session, name: str) -> object:
    """The same as of the session's transaction.

    Raises:
        LibraryError: it can't be read.
    """
    row = session.connection().exec_driver_sql(_READ, (name,)).fetchone()
    return None if row is None else _value(name, row[0])


def put(session: Session, name: str, value: object) -> None:
    """Keep a value under a name, in place of what was there."""
    session.connection().exec_driver_sql(
        "INSERT INTO settings (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, json.dumps(value, allow_nan=False)),
    )


def take_away(session: Session, name: str) -> bool:
    """Forget what is under a name; whether there was something."""
    gone = session.connection().exec_driver_sql("DELETE FROM settings WHERE name = ?", (name,))
    return gone.rowcount > 0


def _value(name: str, stored: object) -> object:
    try:
        return json.loads(str(stored))
    except (ValueError, RecursionError):
        raise LibraryError(
            f"the library's setting “{name}” can't be read", "it isn't JSON"
        ) from None
