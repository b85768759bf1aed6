"""Step 8: how long the clip of a story's item is, so that a gap keeps its length.

Frozen: it says what the schema was on the day it was written.
"""

from __future__ import annotations

_LENGTH = (
    "SELECT (2000 * v.frames + v.sample_rate) / (2 * v.sample_rate) FROM generation_versions v"
)

STATEMENTS: tuple[str, ...] = (
    "ALTER TABLE story_items ADD COLUMN length_ms INTEGER",
    f"""
    UPDATE story_items SET length_ms = COALESCE(
        ({_LENGTH} WHERE v.id = story_items.version_id),
        ({_LENGTH} WHERE v.generation_id = story_items.generation_id AND v.is_default = 1),
        (SELECT CAST(round(g.duration * 1000) AS INTEGER) FROM generations g
        WHERE g.id = story_items.generation_id))
    WHERE generation_id IS NOT NULL
    """,
)
