"""Files that no row names any more and that are still to be unlinked, as they are read."""

from __future__ import annotations

from collections.abc import Sequence

from rushes.store.reader import Reader


def any_leaving_files(reader: Reader) -> bool:
    """Whether there are any."""
    return reader.one("SELECT 1 FROM leaving_files LIMIT 1") is not None


def leaving_files(reader: Reader, after: str, limit: int) -> Sequence[str]:
    """Some of them, as stored, in order: those that follow the path ``after``."""
    found = reader.all(
        "SELECT audio_path FROM leaving_files WHERE audio_path > ? ORDER BY audio_path LIMIT ?",
        (after, limit),
    )
    return [str(path) for (path,) in found]


def named_after_all(reader: Reader) -> frozenset[str]:
    """Those that an own version, generation or sample names all the same. Reads all rows."""
    found = reader.all(
        "SELECT l.audio_path FROM generation_versions v"
        " CROSS JOIN leaving_files l ON l.audio_path = v.audio_path"
        " CROSS JOIN generations g ON g.id = v.generation_id WHERE g.source_id IS NULL"
        " UNION SELECT l.audio_path FROM generations g"
        " CROSS JOIN leaving_files l ON l.audio_path = g.audio_path WHERE g.source_id IS NULL"
        " UNION SELECT l.audio_path FROM leaving_files l"
        " WHERE EXISTS (SELECT 1 FROM profile_samples s WHERE s.audio_path = l.audio_path)"
    )
    return frozenset(str(path) for (path,) in found)
