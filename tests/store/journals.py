"""What the journal's tests look at: its lines, and the rows of truth of a database."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from rushes.store.faults import JOURNAL
from rushes.store.journal.entries import State, state_of
from rushes.store.journal.truth import TRUTHS
from rushes.store.sqlite import DATABASE_NAME

Rows = dict[str, list[tuple[object, ...]]]


def entries(folder: Path) -> list[dict[str, Any]]:
    """All lines but the first."""
    return [json.loads(line) for line in (folder / JOURNAL).read_bytes().splitlines()[1:]]


def header(folder: Path) -> dict[str, Any]:
    """The first line."""
    read: dict[str, Any] = json.loads((folder / JOURNAL).read_bytes().splitlines()[0])
    return read


def state(folder: Path) -> State:
    """What the database says of its journal."""
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        found = state_of(connection)
    assert found is not None
    return found


def truth(folder: Path, database: str = DATABASE_NAME) -> Rows:
    """Every row of truth, field by field, folds as well."""
    with closing(sqlite3.connect(folder / database)) as connection:
        return {
            table.table: connection.execute(
                f"SELECT {', '.join((*table.whole, *(fold for fold, _ in table.folds)))}"
                f" FROM {table.table} ORDER BY {', '.join(table.key)}"
            ).fetchall()
            for table in TRUTHS
        }
