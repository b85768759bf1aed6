"""Stories: narratives of several voices, whose items point at generations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Story:
    """A story; ``source_id`` is set where it is a linked source's. ``items`` are how many."""

    id: str
    name: str
    description: str | None
    created_at: datetime
    updated_at: datetime
    source_id: str | None
    items: int


@dataclass(frozen=True, slots=True)
class StoryItem:
    """A place of a generation in a story; times in milliseconds, ``volume`` a factor.

    ``generation_id`` is None where the generation is gone; ``generation_key`` then tells what its
    source called it. ``version_id`` is None where the default version is meant.
    """

    id: str
    story_id: str
    generation_id: str | None
    version_id: str | None
    start_ms: int
    track: int
    trim_start_ms: int
    trim_end_ms: int
    volume: float
    created_at: datetime
    generation_key: str | None
