"""Tags as they are read."""

from __future__ import annotations

from typing import cast

from rushes.store.reader import Reader


def counts(reader: Reader) -> tuple[tuple[str, int], ...]:
    """Every tag outside the trash as it was last written, and how many bear it, by tag."""
    found = reader.all(
        "SELECT (SELECT t.tag FROM tags t WHERE t.tag_fold = d.tag_fold LIMIT 1), count(*)"
        " FROM tagged d JOIN generations g ON g.seq = d.seq WHERE g.deleted_at IS NULL"
        " GROUP BY d.tag_fold ORDER BY d.tag_fold"
    )
    return tuple((str(tag), cast(int, number)) for tag, number in found)
