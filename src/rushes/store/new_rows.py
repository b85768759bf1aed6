"""What is about to become a row: plain values, checked by whoever made them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rushes.domain.audio import AudioFacts
from rushes.domain.generation import Status


@dataclass(frozen=True, slots=True)
class NewGeneration:
    """A generation without its audio; the fields are those of ``domain.generation``."""

    id: str
    text: str
    language: str
    seed: int | None
    instruct: str | None
    engine: str
    model_size: str | None
    params_json: str | None
    created_at: datetime
    rating: int | None = None
    is_favorited: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A file that lies in its place already; ``audio_path`` is as stored."""

    id: str
    generation_id: str
    label: str
    audio_path: str
    facts: AudioFacts
    created_at: datetime
    effects_chain_json: str | None = None
    source_version_id: str | None = None
    is_default: bool = True


@dataclass(frozen=True, slots=True)
class Addition:
    """A generation as it is added: its profile's id, and its only version if it has audio."""

    generation: NewGeneration
    status: Status
    profile_id: str
    version: NewVersion | None = None
