"""Rows of a Voicebox database as values, whichever generation of its schema they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from rushes.domain.foreign import (
    ForeignEffectPreset,
    ForeignProfile,
    ForeignStory,
    ForeignStoryItem,
    ForeignTake,
    ForeignVersion,
)
from rushes.domain.generation import Status
from rushes.exchange import cleaning
from rushes.media.linked import base_name

Fields = Mapping[str, object]
"""A row by the names of its columns, of which older releases have fewer."""

_TAKES_OWN = frozenset(
    (
        *("id", "profile_id", "text", "language", "audio_path", "duration", "seed", "instruct"),
        *("engine", "model_size", "status", "error", "is_favorited", "created_at"),
    )
)
_PROFILES_OWN = frozenset(("id", "name", "description", "language", "created_at", "updated_at"))
_STATUSES = {status.value: status for status in Status}


def digest(row: Fields, versions: Sequence[Fields]) -> str:
    """A text that changes with any column of a generation or of its versions."""
    return cleaning.digest(tuple(row.values()), [tuple(version.values()) for version in versions])


def take(row: Fields, versions: Sequence[Fields], digested: str) -> ForeignTake:
    """A generation with its versions, in the order they were added, and with its ``digest``."""
    stored = cleaning.text(row.get("audio_path"))
    files = _versions(row, stored, versions)
    status, error = _status(row, has_audio=bool(files))
    return ForeignTake(
        key=cleaning.text(row["id"]),
        digest=digested,
        profile_key=cleaning.text(row.get("profile_id")),
        text=cleaning.text(row.get("text")),
        language=cleaning.name(row.get("language"), "en"),
        status=status,
        error=error,
        seed=cleaning.whole(row.get("seed")),
        instruct=cleaning.optional_text(row.get("instruct")),
        engine=cleaning.name(row.get("engine"), "qwen"),
        model_size=cleaning.optional_name(row.get("model_size")),
        is_favorited=bool(row.get("is_favorited")),
        duration=cleaning.seconds(row.get("duration")) if files else None,
        params_json=_snapshot(row),
        created_at=cleaning.moment(row.get("created_at")),
        versions=files,
    )


def _snapshot(row: Fields) -> str | None:
    """The columns that rushes has none for, as JSON: in most rows nothing but where it is from."""
    rest = {key: value for key, value in row.items() if key not in _TAKES_OWN}
    if len(rest) == 1 and isinstance(source := rest.get("source"), str):
        return _snapshot_of(source)
    return cleaning.json_text(_plain(rest))


@lru_cache(maxsize=64)
def _snapshot_of(source: str) -> str | None:
    return cleaning.json_text(_plain({"source": source}))


def _status(row: Fields, *, has_audio: bool) -> tuple[Status, str | None]:
    """What became of it; 0.1.x, which says nothing, only wrote a row when there was audio."""
    said = cleaning.text(row.get("status"))
    error = cleaning.optional_text(row.get("error"))
    if said in _STATUSES:
        return _STATUSES[said], error
    if has_audio or not said:
        return Status.COMPLETED, error
    return Status.FAILED, error or f"its status there is “{said[:80]}”"


def _versions(row: Fields, stored: str, versions: Sequence[Fields]) -> tuple[ForeignVersion, ...]:
    """Its files; imports, retries and old releases have one without a row of its own."""
    named = [version for version in versions if cleaning.text(version.get("audio_path"))]
    if not named:
        if not stored:
            return ()
        made = cleaning.moment(row.get("created_at"))
        key = cleaning.text(row["id"])
        return (ForeignVersion(key, "original", stored, None, None, True, made),)
    default = _default(named, stored)
    return tuple(
        ForeignVersion(
            key=cleaning.text(version.get("id")),
            label=cleaning.name(version.get("label"), "original"),
            audio_path=cleaning.text(version.get("audio_path")),
            effects_chain_json=_chain(version.get("effects_chain")),
            source_version_key=cleaning.optional_text(version.get("source_version_id")),
            is_default=version is default,
            created_at=cleaning.moment(version.get("created_at")),
        )
        for version in named
    )


def _default(versions: Sequence[Fields], stored: str) -> Fields:
    """The default as marked; else the one that the generation names, else the first."""
    marked = [version for version in versions if version.get("is_default")]
    named = [
        version
        for version in marked or versions
        if base_name(cleaning.text(version.get("audio_path"))) == base_name(stored)
    ]
    return (named or marked or versions)[0]


def profile(row: Fields, samples: Sequence[Fields]) -> ForeignProfile:
    """A profile, with its samples in the details."""
    rest = {key: value for key, value in row.items() if key not in _PROFILES_OWN}
    details = _plain(rest) | ({"samples": [_plain(one) for one in samples]} if samples else {})
    return ForeignProfile(
        key=cleaning.text(row["id"]),
        name=cleaning.name(row.get("name"), "Unknown"),
        description=cleaning.optional_text(row.get("description")),
        language=cleaning.name(row.get("language"), "en"),
        created_at=cleaning.moment(row.get("created_at")),
        details_json=cleaning.json_text(details),
    )


def story(row: Fields) -> ForeignStory:
    """A story."""
    return ForeignStory(
        key=cleaning.text(row.get("id")),
        name=cleaning.name(row.get("name"), "Story"),
        description=cleaning.optional_text(row.get("description")),
        created_at=cleaning.moment(row.get("created_at")),
        updated_at=cleaning.moment(row.get("updated_at")),
    )


def effect_preset(row: Fields) -> ForeignEffectPreset:
    """A named effects chain."""
    return ForeignEffectPreset(
        key=cleaning.text(row.get("id")),
        name=cleaning.name(row.get("name"), "Effects"),
        description=cleaning.optional_text(row.get("description")),
        effects_chain_json=_chain(row.get("effects_chain")) or "[]",
        is_builtin=bool(row.get("is_builtin")),
        sort_order=cleaning.whole(row.get("sort_order")) or 0,
        created_at=cleaning.moment(row.get("created_at")),
    )


def story_item(row: Fields) -> ForeignStoryItem:
    """A place in a story."""
    return ForeignStoryItem(
        key=cleaning.text(row.get("id")),
        story_key=cleaning.text(row.get("story_id")),
        generation_key=cleaning.text(row.get("generation_id")),
        version_key=cleaning.optional_text(row.get("version_id")),
        start_ms=cleaning.whole(row.get("start_time_ms")) or 0,
        track=cleaning.whole(row.get("track")) or 0,
        trim_start_ms=cleaning.whole(row.get("trim_start_ms")) or 0,
        trim_end_ms=cleaning.whole(row.get("trim_end_ms")) or 0,
        volume=cleaning.number(row.get("volume"), 1.0),
        created_at=cleaning.moment(row.get("created_at")),
    )


def _chain(value: object) -> str | None:
    """An effects chain as strict JSON; none where there is none."""
    return None if value in (None, "") else cleaning.json_text(cleaning.parsed(value))


def _plain(fields: Fields) -> dict[str, object]:
    """Columns that say something, with JSON in them read and bytes as text."""
    found: dict[str, object] = {}
    for key, value in fields.items():
        if value is None or value == "":
            continue
        written = cleaning.text(value) if isinstance(value, bytes | str) else value
        looks_like_json = isinstance(written, str) and written[:1] in ("{", "[")
        found[key] = cleaning.parsed(written) if looks_like_json else written
    return found
