"""Stories as plain records for JSON; lengths and places are in milliseconds."""

from __future__ import annotations

from rushes.domain.record import Record
from rushes.domain.story import Scene, SceneItem, Story
from rushes.domain.story_sound import ExportedStory
from rushes.domain.times import to_iso


def story_record(story: Story) -> Record:
    """A story; ``items`` is how many it has."""
    return {
        "id": story.id,
        "name": story.name,
        "description": story.description,
        "items": story.items,
        "source_id": story.source_id,
        "created_at": to_iso(story.created_at),
        "updated_at": to_iso(story.updated_at),
        "deleted_at": None if story.deleted_at is None else to_iso(story.deleted_at),
    }


def scene_record(scene: Scene) -> Record:
    """A story whole: ``items`` are its items in the order in which they begin."""
    return {
        **story_record(scene.story),
        "length_ms": scene.length_ms,
        "tracks": list(scene.tracks),
        "items": [item_record(shown) for shown in scene.items],
        "total": len(scene.items),
    }


def item_record(shown: SceneItem) -> Record:
    """An item; ``presence`` tells whether it is heard, ``version_id`` is what it pins."""
    item = shown.item
    return {
        "id": item.id,
        "generation_id": item.generation_id,
        "generation_key": item.generation_key,
        "profile_name": shown.profile_name or None,
        "text": shown.text,
        "presence": shown.presence.value,
        "start_ms": item.start_ms,
        "end_ms": shown.end_ms,
        "length_ms": shown.length_ms,
        "clip_ms": shown.clip_ms,
        "track": item.track,
        "trim_start_ms": item.trim_start_ms,
        "trim_end_ms": item.trim_end_ms,
        "volume": item.volume,
        "version_id": item.version_id,
        "version_label": shown.pinned,
    }


def export_record(exported: ExportedStory) -> Record:
    """What an export came to; ``gain`` is what the mix was multiplied by, ``silent`` its gaps."""
    return {
        "id": exported.story_id,
        "files": list(exported.files),
        "bytes": exported.bytes,
        "sample_rate": exported.sample_rate,
        "channels": exported.channels,
        "bits": exported.bits,
        "length_ms": exported.length_ms,
        "true_peak": exported.true_peak,
        "gain": exported.gain,
        "silent": [{"item": one.item_id, "why": one.why} for one in exported.silent],
    }
