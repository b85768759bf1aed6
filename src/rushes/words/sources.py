"""Linked sources and what was found in them, in words, for every face."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from rushes.domain.source import KIND_NAMES, Found, Source, SourceState, Synced
from rushes.domain.text import one_line
from rushes.words.counts import takes

_MOST_PROFILES = 8


def found_lines(found: Found) -> Iterator[str]:
    """Give what lies there, before it is linked, a line each."""
    yield f"{KIND_NAMES[found.kind]}  {one_line(found.place)}"
    if found.root not in (found.place, found.place.rpartition("/")[0]):
        yield f"audio in {one_line(found.root)}"
    yield f"{takes(found.generations)}, {_counted(found.versions, 'file')}"
    if found.statuses:
        yield "status    " + _shares(found.statuses)
    if found.profiles:
        more = len(found.profiles) - _MOST_PROFILES
        others = f", {more:,} others" if more > 0 else ""
        yield "profiles  " + _shares(found.profiles[:_MOST_PROFILES]) + others
    if found.oldest is not None and found.newest is not None:
        yield f"from      {_day(found.oldest)} to {_day(found.newest)}"
    if found.stories or found.presets:
        yield (
            f"also      {_counted(found.stories, 'story', 'stories')} with"
            f" {_counted(found.story_items, 'item')}, {_counted(found.presets, 'preset')}"
        )
    yield (
        f"audio     {found.missing:,} missing, {found.unreadable:,} unreadable,"
        f" {found.unnamed:,} that nothing names"
    )
    for trouble in found.troubles:
        yield f"trouble   {one_line(trouble)}"


def synced_line(name: str, synced: Synced) -> str:
    """Give what a sync came to, in one line."""
    parts = [
        f"{number:,} {what}"
        for number, what in (
            (synced.added, "new"),
            (synced.changed, "changed"),
            (synced.returned, "back again"),
            (synced.vanished, "gone there"),
            (synced.kept_away, "deleted here"),
        )
        if number
    ]
    return f"{one_line(name)}: {', '.join(parts) if parts else 'nothing new'}"


def state_words(source: Source, *, followed: bool) -> str:
    """Give how a source stands; ``followed``: what changes there comes in by itself."""
    if source.state is SourceState.SYNCED and followed:
        return "following"
    return str(source.state)


def measured_words(source: Source, files: int | None) -> str:
    """Give how much of its ``files`` has been read: ``64%``, ``all``; – while that isn't known."""
    if not source.unmeasured:
        return "all"
    if not files:
        return "–"
    return f"{min(99, 100 * (files - source.unmeasured) // files)}%"


def missing_words(source: Source) -> str:
    """Give what is wrong with its audio: ``2 missing, 1 unreadable``; empty where nothing is."""
    parts = ((source.missing, "missing"), (source.unreadable, "unreadable"))
    return ", ".join(f"{number:,} {what}" for number, what in parts if number)


def _shares(shares: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(f"{count:,} {one_line(name)}" for name, count in shares)


def _counted(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _day(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d}"
