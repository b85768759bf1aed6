"""What can still be read of a damaged database: row by row, from both ends of each table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from rushes.store.journal.entries import Item, Kind, named
from rushes.store.journal.replay import apply
from rushes.store.journal.truth import TRUTHS, Truth

_TOGETHER = 500


def rows(file: Path) -> Iterator[Item]:
    """Rows of truth of a database that may be broken anywhere; some come twice."""
    broken = _opened(file)
    if broken is None:
        return
    with closing(broken):
        broken.text_factory = _as_text
        for truth in TRUTHS:
            for direction in ("ASC", "DESC"):
                yield from _until_it_breaks(broken, truth, direction)


def add(connection: sqlite3.Connection, found: Iterable[Item]) -> int:
    """Add those of the rows that aren't there, within ``replay.bare``; gives how many."""
    before = _count(connection)
    batch: list[Item] = []
    for item in found:
        batch.append(item)
        if len(batch) == _TOGETHER:
            apply(connection, batch, instead=False)
            batch.clear()
    apply(connection, batch, instead=False)
    return _count(connection) - before


def _opened(file: Path) -> sqlite3.Connection | None:
    # What lies beside it is left out where it can't be made use of.
    for way in ("mode=ro", "immutable=1"):
        with suppress(sqlite3.Error):
            connection = sqlite3.connect(f"{file.absolute().as_uri()}?{way}", uri=True)
            try:
                connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            except sqlite3.Error:
                connection.close()
            else:
                return connection
    return None


def _until_it_breaks(broken: sqlite3.Connection, truth: Truth, direction: str) -> Iterator[Item]:
    order = ", ".join(f"{column} {direction}" for column in truth.key)
    with suppress(sqlite3.Error):
        asked = f"SELECT {', '.join(truth.whole)} FROM {truth.table} ORDER BY {order}"
        for row in broken.execute(asked):
            value = named(truth, truth.whole, row, whole=True)
            yield Item(Kind.PUT, truth.table, value)


def _as_text(stored: bytes) -> str:
    return stored.decode("utf-8", "replace")


def _count(connection: sqlite3.Connection) -> int:
    counts = (f"(SELECT count(*) FROM {truth.table})" for truth in TRUTHS)
    (total,) = connection.execute(f"SELECT {' + '.join(counts)}").fetchone()
    return int(total)
