"""A generation: one generated clip with its words, its settings and the facts of its audio."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rushes.domain.audio import AudioFacts, Fault
from rushes.domain.quality import QualityFlag


class Status(StrEnum):
    """Where a generation stands; Voicebox writes the middle two, rushes the other three."""

    PENDING = "pending"
    LOADING_MODEL = "loading_model"
    GENERATING = "generating"
    COMPLETED = "completed"
    FAILED = "failed"

    @property
    def is_running(self) -> bool:
        """Tell whether the clip is still to come."""
        return self in RUNNING


RUNNING = frozenset({Status.PENDING, Status.LOADING_MODEL, Status.GENERATING})

HIGHEST_RATING = 5


@dataclass(frozen=True, slots=True)
class Generation:
    """One generation as it is read from the library.

    ``seq`` is the stable row number, ``id`` the name. ``audio_path`` is as stored: relative to
    the library, or to its source's root where ``source_id`` is set. ``duration`` is in seconds.
    ``facts`` are those of the default version's file; None while there is no audio.
    ``fault`` is what was found wrong with that file. ``vanished_at`` is since when a linked one is
    gone at its source. ``flags`` tell how well it came out; None where nobody has listened yet.
    ``params_json`` is the parameter snapshot of the engine, whole, as strict JSON text.
    """

    seq: int
    id: str
    profile_id: str
    profile_name: str
    profile_missing: bool
    text: str
    language: str
    audio_path: str | None
    duration: float | None
    seed: int | None
    instruct: str | None
    engine: str
    model_size: str | None
    status: Status
    error: str | None
    is_favorited: bool
    rating: int | None
    note: str | None
    tags: tuple[str, ...]
    params_json: str | None
    source_id: str | None
    source_key: str | None
    created_at: datetime
    deleted_at: datetime | None
    facts: AudioFacts | None
    fault: Fault | None = None
    vanished_at: datetime | None = None
    flags: QualityFlag | None = None

    @property
    def params(self) -> Mapping[str, object]:
        """The parameter snapshot as a mapping; empty where there is none."""
        return json.loads(self.params_json) if self.params_json else {}

    @property
    def engine_name(self) -> str:
        """Engine and model size as people say them: ``qwen 1.7B``."""
        return f"{self.engine} {self.model_size}" if self.model_size else self.engine

    @property
    def is_playable(self) -> bool:
        """Tell whether a file is named that could be heard (a failed retry may keep its audio)."""
        return self.audio_path is not None


@dataclass(frozen=True, slots=True)
class GenerationVersion:
    """One file of a generation: the clean original or a processed variant of it.

    ``flags`` are without ``DUPLICATE``, which generations are told by.
    """

    id: str
    generation_id: str
    label: str
    audio_path: str
    effects_chain_json: str | None
    source_version_id: str | None
    is_default: bool
    created_at: datetime
    facts: AudioFacts | None
    fault: Fault | None = None
    flags: QualityFlag | None = None
