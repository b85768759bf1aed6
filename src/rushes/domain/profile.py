"""A profile: the voice or the model that generations are made with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile; ``missing`` marks the placeholder of one that is gone at its source."""

    id: str
    name: str
    description: str | None
    language: str
    missing: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ProfileSummary:
    """A profile with what it holds outside the trash; ``duration`` in seconds."""

    profile: Profile
    generations: int
    duration: float
