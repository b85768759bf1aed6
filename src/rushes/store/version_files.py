"""Which files generations have, as they are read, for work on the files themselves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from rushes.domain.generation import GenerationVersion
from rushes.store import rows
from rushes.store.reader import Reader, Snapshot

CHUNK = 500
"""Ids in one question."""


@dataclass(frozen=True, slots=True)
class TakeFiles:
    """A generation's versions in the order they were added; linked ones aren't ours to change.

    ``shared`` are those files of the whole answer, as stored, that another version names as well:
    nothing forbids it, and whoever takes such a file away takes it from both.
    """

    id: str
    is_linked: bool
    versions: tuple[GenerationVersion, ...]
    shared: frozenset[str]


def files_of(reader: Reader, ids: Sequence[str]) -> tuple[TakeFiles, ...]:
    """The files of up to ``CHUNK`` generations in the order given; unknown ones are left out.

    Reads all versions once.
    """
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
        owned = [one.audio_path for key, own in found.items() if not linked[key] for one in own]
        shared = _shared(snapshot, owned)
    return tuple(
        TakeFiles(one, linked[one], tuple(found[one]), shared) for one in ids if one in found
    )


def _shared(snapshot: Snapshot, paths: Sequence[str]) -> frozenset[str]:
    """Those of the paths that several versions name. As JSON, as they may be any number."""
    found = snapshot.all(
        "SELECT v.audio_path FROM generation_versions v"
        " CROSS JOIN generations g ON g.id = v.generation_id"
        " WHERE v.audio_path IN (SELECT value FROM json_each(?)) AND g.source_id IS NULL"
        " GROUP BY v.audio_path HAVING count(*) > 1",
        (json.dumps(paths),),
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
