"""Writing a source's stories and presets, within a transaction that the caller holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from rushes.domain.foreign import (
    ForeignEffectPreset,
    ForeignPreset,
    ForeignStory,
    ForeignStoryItem,
)
from rushes.domain.ids import derived_id
from rushes.store.tables_of_stories import EffectPresetRow, PresetRow, StoryItemRow, StoryRow


def put_stories(
    session: Session, source_id: str, stories: Sequence[ForeignStory], moment: datetime
) -> dict[str, str]:
    """Bring a source's stories in, or up to date; gives their ids by foreign key.

    Those that are gone there are marked deleted here.
    """
    here = {
        row.source_key: row
        for row in session.exec(select(StoryRow).where(col(StoryRow.source_id) == source_id))
    }
    for story in stories:
        row = here.get(story.key) or StoryRow(
            id=derived_id(source_id, "story", story.key),
            name=story.name,
            created_at=story.created_at,
            updated_at=story.updated_at,
            source_id=source_id,
            source_key=story.key,
        )
        row.name, row.description = story.name, story.description
        row.created_at, row.updated_at = story.created_at, story.updated_at
        here[story.key] = row
        session.add(row)
    there = {story.key for story in stories}
    for key, row in here.items():
        if key not in there and row.deleted_at is None:
            row.deleted_at = moment
            session.add(row)
    session.flush()
    return {str(key): row.id for key, row in here.items()}


def put_story_items(
    session: Session,
    source_id: str,
    items: Sequence[ForeignStoryItem],
    stories: Mapping[str, str],
) -> set[str]:
    """Bring items of a source's stories in, or up to date; gives their ids.

    An item whose generation is gone there stays, and says what it named.
    """
    kept: set[str] = set()
    for item in items:
        story_id = stories.get(item.story_key)
        if story_id is None:
            continue
        identity = derived_id(source_id, "item", item.key)
        generation_id = _generation(session, source_id, item.generation_key)
        row = session.get(StoryItemRow, identity) or StoryItemRow(
            id=identity, story_id=story_id, start_ms=0, created_at=item.created_at
        )
        row.story_id, row.source_key = story_id, item.key
        row.generation_id, row.generation_key = generation_id, item.generation_key
        row.version_id = _version(session, source_id, generation_id, item)
        row.start_ms, row.track, row.volume = item.start_ms, item.track, item.volume
        row.trim_start_ms, row.trim_end_ms = item.trim_start_ms, item.trim_end_ms
        row.created_at = item.created_at
        session.add(row)
        kept.add(identity)
    session.flush()
    return kept


def drop_other_items(session: Session, stories: Sequence[str], kept: set[str]) -> None:
    """Take away the items of these stories that aren't among those kept: they are gone there."""
    for story_id in stories:
        found = session.exec(
            select(StoryItemRow.id).where(
                col(StoryItemRow.story_id) == story_id, col(StoryItemRow.source_key).is_not(None)
            )
        )
        for identity in set(found.all()) - kept:
            session.exec(delete(StoryItemRow).where(col(StoryItemRow.id) == identity))


def put_effect_presets(
    session: Session, source_id: str, presets: Sequence[ForeignEffectPreset]
) -> None:
    """Let a source have exactly these named effects chains."""
    kept: set[str] = set()
    for preset in presets:
        identity = derived_id(source_id, "effects", preset.key)
        row = session.get(EffectPresetRow, identity) or EffectPresetRow(
            id=identity,
            name=preset.name,
            effects_chain=preset.effects_chain_json,
            created_at=preset.created_at,
            source_id=source_id,
            source_key=preset.key,
        )
        row.name, row.description = preset.name, preset.description
        row.effects_chain, row.is_builtin = preset.effects_chain_json, preset.is_builtin
        row.sort_order, row.created_at = preset.sort_order, preset.created_at
        session.add(row)
        kept.add(identity)
    session.flush()
    found = session.exec(
        select(EffectPresetRow.id).where(col(EffectPresetRow.source_id) == source_id)
    )
    for identity in set(found.all()) - kept:
        session.exec(delete(EffectPresetRow).where(col(EffectPresetRow.id) == identity))


def put_presets(
    session: Session,
    source_id: str,
    presets: Sequence[ForeignPreset],
    profiles: Mapping[str, str],
) -> None:
    """Let a source have exactly these named sets of parameters."""
    kept: set[str] = set()
    for preset in presets:
        identity = derived_id(source_id, "preset", preset.key)
        row = session.get(PresetRow, identity) or PresetRow(
            id=identity,
            name=preset.name,
            params=preset.params_json,
            created_at=preset.created_at,
            updated_at=preset.updated_at,
            source_id=source_id,
            source_key=preset.key,
        )
        row.profile_id = profiles.get(preset.profile_key)
        row.name, row.folder, row.description = preset.name, preset.folder, preset.description
        row.params = preset.params_json
        row.created_at, row.updated_at = preset.created_at, preset.updated_at
        session.add(row)
        kept.add(identity)
    session.flush()
    found = session.exec(select(PresetRow.id).where(col(PresetRow.source_id) == source_id))
    for identity in set(found.all()) - kept:
        session.exec(delete(PresetRow).where(col(PresetRow.id) == identity))


def _generation(session: Session, source_id: str, key: str) -> str | None:
    found = session.connection().exec_driver_sql(
        "SELECT id FROM generations WHERE source_id = ? AND source_key = ? AND purging = 0",
        (source_id, key),
    )
    row = found.fetchone()
    return None if row is None else str(row[0])


def _version(
    session: Session, source_id: str, generation_id: str | None, item: ForeignStoryItem
) -> str | None:
    """The version that an item pins; the default where it pins none or one that is gone."""
    if item.version_key is None or generation_id is None:
        return None
    derived = derived_id(source_id, "version", item.generation_key, item.version_key)
    found = session.connection().exec_driver_sql(
        "SELECT id FROM generation_versions WHERE generation_id = ? AND id IN (?, ?)",
        (generation_id, item.version_key, derived),
    )
    row = found.fetchone()
    return None if row is None else str(row[0])
