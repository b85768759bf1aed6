"""Linked sources and what they hold as plain records for JSON."""

from __future__ import annotations

from dataclasses import asdict

from rushes.domain.record import Record
from rushes.domain.source import Found, Source, Synced
from rushes.domain.times import to_iso


def source_record(source: Source) -> Record:
    """A linked source and how it stands."""
    return {
        "id": source.id,
        "name": source.name,
        "kind": source.kind.value,
        "place": source.place,
        "root": source.root,
        "state": source.state.value,
        "trouble": source.trouble,
        "created_at": to_iso(source.created_at),
        "synced_at": None if source.synced_at is None else to_iso(source.synced_at),
        "generations": source.generations,
        "vanished": source.vanished,
        "unmeasured": source.unmeasured,
        "missing_audio": source.missing,
        "unreadable_audio": source.unreadable,
    }


def found_record(found: Found) -> Record:
    """What lies somewhere. Counts by status and profile are objects."""
    return {
        "kind": found.kind.value,
        "place": found.place,
        "root": found.root,
        "generations": found.generations,
        "versions": found.versions,
        "stories": found.stories,
        "story_items": found.story_items,
        "presets": found.presets,
        "by_status": dict(found.statuses),
        "by_profile": dict(found.profiles),
        "oldest": None if found.oldest is None else to_iso(found.oldest),
        "newest": None if found.newest is None else to_iso(found.newest),
        "missing_audio": found.missing,
        "unreadable_audio": found.unreadable,
        "unnamed_audio": found.unnamed,
        "troubles": list(found.troubles),
    }


def synced_record(synced: Synced) -> Record:
    """What a sync came to."""
    return dict(asdict(synced))
