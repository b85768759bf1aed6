"""The trash as it is read, and what is on its way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rushes.store.reader import Reader


@dataclass(frozen=True, slots=True)
class Leaving:
    """A generation that is being purged; ``owned_files`` are its own files, as stored."""

    id: str
    owned_files: tuple[str, ...]


def leaving(reader: Reader, after: str, limit: int) -> Sequence[Leaving]:
    """Some of those that are being purged, by id: those after ``after``.

    Files of linked ones aren't the library's to unlink.
    """
    with reader.snapshot() as snapshot:
        found = snapshot.all(
            "SELECT id, source_id IS NULL, audio_path FROM generations"
            " WHERE purging = 1 AND id > ? ORDER BY id LIMIT ?",
            (after, limit),
        )
        result = []
        for identity, owned, audio_path in found:
            files: dict[str, None] = {}
            if owned and audio_path:
                files[str(audio_path)] = None
            if owned:
                paths = snapshot.all(
                    "SELECT audio_path FROM generation_versions WHERE generation_id = ?",
                    (str(identity),),
                )
                files.update((str(path), None) for (path,) in paths)
            result.append(Leaving(str(identity), tuple(files)))
        return result


def any_leaving(reader: Reader) -> bool:
    """Whether a purge was begun and not ended."""
    return reader.one("SELECT 1 FROM generations WHERE purging = 1 LIMIT 1") is not None


def count(reader: Reader) -> int:
    """How many generations lie in the trash."""
    with reader.snapshot() as snapshot:
        return snapshot.number(
            "SELECT COALESCE(sum(generations), 0) FROM counters WHERE trashed = 1"
        )
