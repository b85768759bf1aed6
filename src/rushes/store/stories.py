"""Stories as they are read."""

from __future__ import annotations

from typing import Any, cast

from rushes.domain.story import Story, StoryItem
from rushes.domain.times import from_stored
from rushes.store.database import Row
from rushes.store.reader import Reader


def listed(reader: Reader) -> tuple[Story, ...]:
    """Every story, the one changed last first."""
    found = reader.all(
        "SELECT s.id, s.name, s.description, s.created_at, s.updated_at, s.source_id,"
        " (SELECT count(*) FROM story_items i WHERE i.story_id = s.id) FROM stories s"
        " WHERE s.deleted_at IS NULL ORDER BY s.updated_at DESC, s.id"
    )
    return tuple(_story(row) for row in found)


def items(reader: Reader, story_id: str) -> tuple[StoryItem, ...]:
    """The items of a story in the order in which they begin, by tracks where they begin at once."""
    found = reader.all(
        "SELECT id, story_id, generation_id, version_id, start_ms, track, trim_start_ms,"
        " trim_end_ms, volume, created_at, generation_key FROM story_items"
        " WHERE story_id = ? ORDER BY start_ms, track, id",
        (story_id,),
    )
    return tuple(_item(row) for row in found)


def _story(row: Row) -> Story:
    identity, name, description, created_at, updated_at, source_id, count = cast(
        tuple[Any, ...], row
    )
    return Story(
        identity,
        name,
        description,
        from_stored(created_at),
        from_stored(updated_at),
        source_id,
        count,
    )


def _item(row: Row) -> StoryItem:
    columns = cast(tuple[Any, ...], row)
    return StoryItem(
        id=columns[0],
        story_id=columns[1],
        generation_id=columns[2],
        version_id=columns[3],
        start_ms=columns[4],
        track=columns[5],
        trim_start_ms=columns[6],
        trim_end_ms=columns[7],
        volume=columns[8],
        created_at=from_stored(columns[9]),
        generation_key=columns[10],
    )
