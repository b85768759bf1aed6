"""Stories and their items as HTTP tells of them."""

from __future__ import annotations

from rushes.domain.record import Record
from rushes.domain.story import Scene, SceneItem, Story
from rushes.domain.story_record import item_record
from rushes.domain.times import to_iso


def story_answer(story: Story) -> Record:
    """A story without its items."""
    return {
        "id": story.id,
        "name": story.name,
        "description": story.description,
        "created_at": to_iso(story.created_at),
        "updated_at": to_iso(story.updated_at),
        "deleted_at": None if story.deleted_at is None else to_iso(story.deleted_at),
        "source_id": story.source_id,
        "item_count": story.items,
    }


def scene_answer(scene: Scene) -> Record:
    """A story with its items."""
    return {
        **story_answer(scene.story),
        "length_ms": scene.length_ms,
        "tracks": list(scene.tracks),
        "items": [item_answer(shown) for shown in scene.items],
    }


def item_answer(shown: SceneItem) -> Record:
    """An item with what it plays."""
    return {**item_record(shown), "created_at": to_iso(shown.item.created_at)}
