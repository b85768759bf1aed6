"""What a library really holds, and whether rows, files and what is derived agree."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import soundfile

from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.query import HistoryQuery
from rushes.domain.story import Scene
from rushes.library import Library
from rushes.store.sqlite import DATABASE_NAME
from tests.laboratory.model import Kept, Place, State, Variant


def observed(library: Library) -> State:
    """What it holds, heard and read."""
    query = HistoryQuery(limit=1000)
    takes = (*library.generations.list(query).items, *library.trash.list(query).items)
    kept = {take.text: _kept(library, take) for take in takes}
    assert len(kept) == len(takes), "a generation is there twice"
    return State(
        kept,
        frozenset(each.profile.name for each in library.profiles.list()),
        frozenset(each.path for each in library.presets.list()),
        {each.name: _places(library.stories.scene(each)) for each in library.stories.list()},
    )


def _places(scene: Scene) -> tuple[Place, ...]:
    """The items of a story, each of which knows how long it is."""
    assert all(one.clip_ms > 0 and one.item.length_ms for one in scene.items)
    return tuple(
        sorted(
            Place(
                one.start_ms,
                one.text,
                (one.item.trim_start_ms, one.item.trim_end_ms),
                one.item.volume,
            )
            for one in scene.items
        )
    )


def _kept(library: Library, take: Generation) -> Kept:
    versions = library.versions.list(take.id)
    assert [one.audio_path for one in versions if one.is_default] == (
        [take.audio_path] if take.audio_path else []
    )
    labels = {one.id: one.label for one in versions}
    variants = [
        Variant(one.label, labels.get(one.source_version_id or ""), _heard(library, one))
        for one in versions
    ]
    assert all((one.source_version_id or one.id) in labels for one in versions)
    kept = Kept(
        profile=take.profile_name,
        status=take.status,
        trashed=take.deleted_at is not None,
        favorite=take.is_favorited,
        rating=take.rating,
        tags=tuple(sorted(take.tags)),
        note=take.note,
        error=take.error,
    )
    default = [one.label for one in versions if one.is_default]
    return kept.with_versions(variants, default[0]) if default else kept


def _heard(library: Library, thing: GenerationVersion) -> str:
    samples, _ = soundfile.read(library.audio.path(thing), dtype="int16")
    return hashlib.sha256(samples.tobytes()).hexdigest()


def differences(state: State, others: tuple[State, ...]) -> str:
    """How a state differs from each that it might be; nothing if it is one of them."""
    if state in others:
        return ""
    told = []
    for other in others:
        for text in sorted({*state.kept, *other.kept}):
            here, there = state.kept.get(text), other.kept.get(text)
            if here != there:
                told.append(f"{text}: {here} instead of {there}")
        if state.presets != other.presets:
            told.append(f"presets {set(state.presets)} instead of {set(other.presets)}")
        if state.stories != other.stories:
            told.append(f"stories {state.stories} instead of {other.stories}")
        if state.profiles != other.profiles:
            told.append(f"profiles {set(state.profiles)} instead of {set(other.profiles)}")
        told.append("or")
    return "\n".join(told[:-1])


def sound(folder: Path) -> None:
    """SQLite finds nothing wrong with the database."""
    with closing(sqlite3.connect(folder / DATABASE_NAME)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def staged(library: Library) -> bool:
    """Whether a file lies half copied; it is swept away in some days."""
    return any((library.path / "incoming").glob("*"))


def audio_files(library: Library) -> list[str]:
    """The hash of every audio file: named by a row, unreferenced, or set aside."""
    folders = (library.path / "audio", library.path / "lost+found")
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
