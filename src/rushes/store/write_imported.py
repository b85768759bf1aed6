"""Writing what is copied in from other programs, within a transaction that the caller holds.

What is copied in is the library's own; ``imported`` remembers where it came from, so that it is
copied in once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from rushes.domain.audio import AudioFacts, Fault
from rushes.domain.foreign import (
    ForeignPreset,
    ForeignProfile,
    ForeignStory,
    ForeignStoryItem,
    ForeignTake,
    ForeignVersion,
)
from rushes.domain.ids import derived_id
from rushes.domain.preset import Preset
from rushes.domain.text import fold
from rushes.domain.times import now, to_stored
from rushes.store.adding import insert_rows
from rushes.store.database import Parameter
from rushes.store.heard import COLUMNS, heard
from rushes.store.tables import ProfileRow
from rushes.store.tables_of_stories import ImportedRow, PresetRow, StoryItemRow, StoryRow
from rushes.store.write_presets import free_name, put_preset
from rushes.store.write_profiles import add_profile, profile_named

_GENERATION = (
    "id, profile_id, status, created_at, is_favorited, rating, duration, seed, language,"
    " language_fold, engine, engine_fold, model_size, model_fold, audio_path, text_fold, text,"
    " instruct, error, note, params"
)
_VERSION = (
    "id, generation_id, label, audio_path, effects_chain, source_version_id, is_default,"
    " created_at, sample_rate, channels, frames, bytes, sha256, format, subtype, peak, waveform,"
    f" fault, {COLUMNS}"
)


@dataclass(frozen=True, slots=True)
class CopiedVersion:
    """A version whose file lies in its place already; without ``facts`` it is missing."""

    id: str
    version: ForeignVersion
    audio_path: str
    facts: AudioFacts | None


def version_id(origin: str, take: ForeignTake, version: ForeignVersion) -> str:
    """The id that a version gets here when it is copied in from there."""
    return derived_id(origin, "version", take.key, version.key)


def imported(session: Session, origin: str, keys: Sequence[str]) -> dict[str, str]:
    """Those of the keys that were copied in from there, with the ids of what they are here."""
    marks = ", ".join("?" * len(keys))
    found = session.connection().exec_driver_sql(
        "SELECT source_key, generation_id FROM imported"
        f" WHERE origin = ? AND source_key IN ({marks})",
        (origin, *keys),
    )
    return {str(key): str(identity) for key, identity in found}


def own_profile(session: Session, profile: ForeignProfile | None, key: str) -> str:
    """The id of the profile of that name, which is made where there is none."""
    name = f"missing profile {key[:8]}" if profile is None else profile.name
    found = profile_named(session, name)
    if found is not None:
        return found
    language, about = ("en", None) if profile is None else (profile.language, profile.description)
    identity = add_profile(session, name, language, about, now())
    row = session.exec(select(ProfileRow).where(col(ProfileRow.id) == identity)).one()
    row.missing = profile is None
    row.details = None if profile is None else profile.details_json
    session.add(row)
    session.flush()
    return identity


def add_copy(
    session: Session,
    origin: str,
    take: ForeignTake,
    versions: Sequence[CopiedVersion],
    *,
    identity: str,
    profile_id: str,
) -> None:
    """Add a generation with its versions as the library's own, and remember where it is from."""
    default = next((copied for copied in versions if copied.version.is_default), None)
    insert_rows(
        session, "generations", _GENERATION, [_generation(identity, take, profile_id, default)]
    )
    ids = {copied.version.key: copied.id for copied in versions}
    insert_rows(
        session,
        "generation_versions",
        _VERSION,
        # What others were made from goes first: they refer to it.
        [_version(take, identity, copied, ids) for copied in _parents_first(versions)],
    )
    tags = [
        (identity, folded, tag) for folded, tag in {fold(tag): tag for tag in take.tags}.items()
    ]
    insert_rows(session, "tags", "generation_id, tag_fold, tag", tags)
    session.add(ImportedRow(origin=origin, source_key=take.key, generation_id=identity))
    session.flush()


def add_preset(
    session: Session, origin: str, preset: ForeignPreset, profile: ForeignProfile | None
) -> bool:
    """Add a preset as the library's own, of its model's profile where there is one; tells if it is.

    One that is here from there stays as it is by now. A number is added to a name that is taken.
    """
    identity = derived_id(origin, "preset", preset.key)
    if session.get(PresetRow, identity) is not None:
        return False
    profile_id = None if profile is None else own_profile(session, profile, preset.profile_key)
    put_preset(
        session,
        Preset(
            id=identity,
            profile_id=profile_id,
            profile_name=None,
            folder=preset.folder,
            name=free_name(session, profile_id, preset.folder, preset.name),
            description=preset.description,
            params_json=preset.params_json,
            created_at=preset.created_at,
            updated_at=preset.updated_at,
            source_id=None,
            generation_id=None,
        ),
    )
    return True


def add_story(
    session: Session, origin: str, story: ForeignStory, items: Sequence[ForeignStoryItem]
) -> None:
    """Add a story as the library's own; one that was copied in before stays as it is by now."""
    identity = derived_id(origin, "story", story.key)
    if session.get(StoryRow, identity) is not None:
        return
    session.add(
        StoryRow(
            id=identity,
            name=story.name,
            description=story.description,
            created_at=story.created_at,
            updated_at=story.updated_at,
        )
    )
    session.flush()
    generations = imported(session, origin, [item.generation_key for item in items])
    for item in items:
        pinned = None
        if item.version_key is not None and item.generation_key in generations:
            pinned = derived_id(origin, "version", item.generation_key, item.version_key)
        session.add(
            StoryItemRow(
                id=derived_id(origin, "item", item.key),
                story_id=identity,
                generation_id=generations.get(item.generation_key),
                version_id=pinned if _is_version(session, pinned) else None,
                generation_key=item.generation_key,
                start_ms=item.start_ms,
                track=item.track,
                trim_start_ms=item.trim_start_ms,
                trim_end_ms=item.trim_end_ms,
                volume=item.volume,
                created_at=item.created_at,
            )
        )
    session.flush()


def _is_version(session: Session, identity: str | None) -> bool:
    found = session.connection().exec_driver_sql(
        "SELECT 1 FROM generation_versions WHERE id = ?", (identity,)
    )
    return found.fetchone() is not None


def _parents_first(versions: Sequence[CopiedVersion]) -> list[CopiedVersion]:
    """Their own order, but for those that come before what they were made from."""
    ordered: list[CopiedVersion] = []
    placed: set[str | None] = {None}
    there = {copied.version.key for copied in versions}
    waiting = list(versions)
    while waiting:
        ready = (
            copied
            for copied in waiting
            if copied.version.source_version_key in placed
            or copied.version.source_version_key not in there
        )
        # A circle, which nothing but a damaged database holds, is broken anywhere.
        first = next(ready, waiting[0])
        waiting.remove(first)
        ordered.append(first)
        placed.add(first.version.key)
    return ordered


def _generation(
    identity: str, take: ForeignTake, profile_id: str, default: CopiedVersion | None
) -> tuple[Parameter, ...]:
    return (
        identity,
        profile_id,
        take.status.value,
        to_stored(take.created_at),
        take.is_favorited,
        take.rating,
        take.duration if default is None or default.facts is None else default.facts.duration,
        take.seed,
        take.language,
        fold(take.language),
        take.engine,
        fold(take.engine),
        take.model_size,
        None if take.model_size is None else fold(take.model_size),
        None if default is None else default.audio_path,
        fold(take.text),
        take.text,
        take.instruct,
        take.error,
        take.note,
        take.params_json,
    )


def _version(
    take: ForeignTake, generation_id: str, copied: CopiedVersion, ids: dict[str, str]
) -> tuple[Parameter, ...]:
    version = copied.version
    return (
        copied.id,
        generation_id,
        version.label,
        copied.audio_path,
        version.effects_chain_json,
        ids.get(version.source_version_key or ""),
        version.is_default,
        to_stored(version.created_at),
        *_facts(copied.facts),
        *heard(copied.facts, take.text, take.duration if version.is_default else None),
    )


def _facts(facts: AudioFacts | None) -> tuple[Parameter, ...]:
    if facts is None:
        return (*([None] * 9), Fault.MISSING.value)
    return (
        facts.sample_rate,
        facts.channels,
        facts.frames,
        facts.bytes,
        facts.sha256,
        facts.format,
        facts.subtype,
        facts.peak,
        facts.waveform,
        None,
    )
