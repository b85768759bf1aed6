"""Linked sources as they are read: whose audio lies where."""

from __future__ import annotations

from pathlib import Path

from rushes.store.reader import Reader


def root_of(reader: Reader, source_id: str) -> Path | None:
    """The folder of a linked source; None where it isn't known."""
    row = reader.one("SELECT root FROM sources WHERE id = ?", (source_id,))
    # One that is lost has no root: what its rows were is known, but not where.
    return Path(str(row[0])) if row is not None and row[0] else None


def source_of(reader: Reader, generation_id: str) -> str | None:
    """The linked source of a generation; None where the library owns its files."""
    row = reader.one("SELECT source_id FROM generations WHERE id = ?", (generation_id,))
    return None if row is None or row[0] is None else str(row[0])
