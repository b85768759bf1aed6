"""Which files generations have, as they are read, for work on the files themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rushes.domain.generation import GenerationVersion
from rushes.store import rows
from rushes.store.reader import Reader

CHUNK = 500
"""Ids in one question."""


@dataclass(frozen=True, slots=True)
class TakeFiles:
    """A generation's versions in the order they were added; linked ones aren't ours to change."""

    id: str
    is_linked: bool
    versions: tuple[GenerationVersion, ...]


def files_of(reader: Reader, ids: Sequence[str]) -> tuple[TakeFiles, ...]:
    """The files of up to ``CHUNK`` generations in the order given; unknown ones are left out."""
    marks = ", ".join("?" * len(ids))
    with reader.snapshot() as snapshot:
        linked = {
            str(identity): bool(is_linked)
            for identity, is_linked in snapshot.all(
                "SELECT id, source_id IS NOT NULL FROM generations"
                f" WHERE id IN ({marks}) AND purging = 0",
                tuple(ids),
            )
        }
        found: dict[str, list[GenerationVersion]] = {identity: [] for identity in linked}
        for row in snapshot.all(
            f"SELECT {rows.VERSION_COLUMNS} FROM generation_versions v"
            f" WHERE v.generation_id IN ({marks}) ORDER BY v.seq",
            tuple(ids),
        ):
            version = rows.version(row)
            if version.generation_id in found:
                found[version.generation_id].append(version)
    return tuple(TakeFiles(one, linked[one], tuple(found[one])) for one in ids if one in found)


def shared_files(reader: Reader) -> frozenset[str]:
    """The files, as stored, that several versions name. Reads all of them: a second for a million.

    Nothing forbids it, and whoever takes such a file from one takes it from the other.
    """
    found = reader.all(
        "SELECT audio_path FROM generation_versions GROUP BY audio_path HAVING count(*) > 1"
    )
    return frozenset(str(path) for (path,) in found)


def unknown(reader: Reader, ids: Sequence[str]) -> list[str]:
    """Those of the ids that no generation has."""
    known: set[str] = set()
    for start in range(0, len(ids), CHUNK):
        chunk = tuple(ids[start : start + CHUNK])
        marks = ", ".join("?" * len(chunk))
        found = reader.all(
            f"SELECT id FROM generations WHERE id IN ({marks}) AND purging = 0", chunk
        )
        known.update(str(identity) for (identity,) in found)
    return [identity for identity in ids if identity not in known]
