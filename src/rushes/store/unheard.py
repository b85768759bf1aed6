"""Versions that nobody has listened to yet, and generations of the same sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rushes.store.database import Row
from rushes.store.reader import Reader
from rushes.store.version_files import CHUNK

_IS_UNHEARD = "v.flags IS NULL AND v.fault IS NULL AND v.sample_rate IS NOT NULL"
_COLUMNS = "v.seq, v.audio_path, g.source_id"
_UNHEARD = f"""
    SELECT {_COLUMNS} FROM generation_versions v INDEXED BY versions_unheard
    CROSS JOIN generations g ON g.id = v.generation_id
    WHERE {_IS_UNHEARD} AND g.deleted_at IS NULL AND v.seq > ? ORDER BY v.seq LIMIT ?
"""
_WAITING = f"""
    SELECT count(*) FROM generation_versions v INDEXED BY versions_unheard WHERE {_IS_UNHEARD}
"""


@dataclass(frozen=True, slots=True)
class Unheard:
    """A version by its row number, and its file as stored: a source's, or else the library's."""

    seq: int
    audio_path: str
    source_id: str | None


def unheard(reader: Reader, after: int, limit: int) -> list[Unheard]:
    """Some of the versions to listen to, in the order in which they came, after a row number."""
    return [_item(row) for row in reader.all(_UNHEARD, (after, limit))]


def unheard_of(reader: Reader, generation_ids: Sequence[str]) -> list[Unheard]:
    """The default versions of these generations that are to be listened to."""
    found: list[Unheard] = []
    for start in range(0, len(generation_ids), CHUNK):
        chunk = tuple(generation_ids[start : start + CHUNK])
        marks = ", ".join("?" * len(chunk))
        rows = reader.all(
            f"SELECT {_COLUMNS} FROM generations g CROSS JOIN generation_versions v"
            " ON v.generation_id = g.id AND v.is_default = 1"
            f" WHERE g.id IN ({marks}) AND g.deleted_at IS NULL AND {_IS_UNHEARD}",
            chunk,
        )
        found += map(_item, rows)
    return found


def waiting(reader: Reader) -> int:
    """How many versions are to be listened to, those in the trash among them."""
    with reader.snapshot() as snapshot:
        return snapshot.number(_WAITING)


def twins(reader: Reader, generation_id: str, sound_hash: int, limit: int) -> tuple[str, ...]:
    """Generations outside the trash of that sound, but for one."""
    found = reader.all(
        "SELECT id FROM generations INDEXED BY generations_by_sound"
        " WHERE sound_hash = ? AND sound_hash IS NOT NULL AND deleted_at IS NULL AND id <> ?"
        " LIMIT ?",
        (sound_hash, generation_id, limit),
    )
    return tuple(str(identity) for (identity,) in found)


def _item(row: Row) -> Unheard:
    seq, audio_path, source_id = row
    assert isinstance(seq, int)
    return Unheard(seq, str(audio_path), None if source_id is None else str(source_id))
