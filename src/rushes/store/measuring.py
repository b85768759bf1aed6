"""Files of linked sources: those whose facts are still to be read, and those with a fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rushes.store.reader import Reader

_UNMEASURED = """
    SELECT v.seq, v.audio_path, g.source_id FROM generation_versions v
    INDEXED BY versions_unmeasured CROSS JOIN generations g ON g.id = v.generation_id
    WHERE v.sample_rate IS NULL AND v.fault IS NULL AND g.source_id IS NOT NULL
    AND g.deleted_at IS NULL
"""
_AT_FAULT = """
    SELECT v.seq, v.audio_path, g.source_id FROM generation_versions v
    INDEXED BY versions_at_fault CROSS JOIN generations g ON g.id = v.generation_id
    WHERE v.fault IS NOT NULL AND v.fault = ? AND g.source_id = ? AND v.seq > ?
    ORDER BY v.seq LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """A version by its row number, its file as stored, and whose file that is."""

    seq: int
    audio_path: str
    source_id: str


def unmeasured(reader: Reader, after: int, limit: int) -> list[Unmeasured]:
    """Some of the versions without facts, in the order in which they came, after a row number."""
    found = reader.all(f"{_UNMEASURED} AND v.seq > ? ORDER BY v.seq LIMIT ?", (after, limit))
    return [_item(row) for row in found]


def unmeasured_of(reader: Reader, generation_ids: Sequence[str]) -> list[Unmeasured]:
    """The default versions of these generations that are without facts, in that order."""
    if not generation_ids:
        return []
    marks = ", ".join("?" * len(generation_ids))
    found = reader.all(
        "SELECT v.seq, v.audio_path, g.source_id, g.id FROM generations g"
        " CROSS JOIN generation_versions v ON v.generation_id = g.id AND v.is_default = 1"
        f" WHERE g.id IN ({marks}) AND g.source_id IS NOT NULL"
        " AND v.sample_rate IS NULL AND v.fault IS NULL",
        tuple(generation_ids),
    )
    place = {identity: number for number, identity in enumerate(generation_ids)}
    return [_item(row) for row in sorted(found, key=lambda row: place[str(row[3])])]


def waiting(reader: Reader) -> int:
    """How many versions are without facts."""
    with reader.snapshot() as snapshot:
        return snapshot.number(f"SELECT count(*) FROM ({_UNMEASURED})")


def files(reader: Reader, source_id: str) -> int:
    """How many versions of a source's generations have a file, read or not."""
    with reader.snapshot() as snapshot:
        return snapshot.number(
            "SELECT count(*) FROM generations g"
            " CROSS JOIN generation_versions v ON v.generation_id = g.id"
            " WHERE g.source_id = ? AND g.deleted_at IS NULL",
            (source_id,),
        )


def at_fault(
    reader: Reader, source_id: str, fault: str, after: int, limit: int
) -> list[Unmeasured]:
    """Versions of a source whose files have a fault, after a row number."""
    return [_item(row) for row in reader.all(_AT_FAULT, (fault, source_id, after, limit))]


def _item(row: Sequence[object]) -> Unmeasured:
    seq, audio_path, source_id = row[:3]
    assert isinstance(seq, int)
    return Unmeasured(seq, str(audio_path), str(source_id))
