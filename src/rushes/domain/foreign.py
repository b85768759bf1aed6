"""What other programs' histories hold: plain values, cleaned of what no library could hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from rushes.domain.generation import Status


@dataclass(frozen=True, slots=True)
class ForeignProfile:
    """A voice or a model there; ``details_json`` is all else that is said of it, strict JSON.

    ``updated_at`` and ``missing`` are known of those that rushes wrote.
    """

    key: str
    name: str
    description: str | None
    language: str
    created_at: datetime
    details_json: str | None
    updated_at: datetime | None = None
    missing: bool = False


@dataclass(frozen=True, slots=True)
class ForeignVersion:
    """A file of a generation there; ``audio_path`` is as that program wrote it.

    ``sha256`` and ``bytes`` are what its bytes must be, where that is known.
    """

    key: str
    label: str
    audio_path: str
    effects_chain_json: str | None
    source_version_key: str | None
    is_default: bool
    created_at: datetime
    sha256: str | None = None
    bytes: int | None = None


@dataclass(frozen=True, slots=True)
class ForeignTake:
    """A generation there. ``duration`` (s) is what that program believes; the file may differ.

    ``digest`` changes with anything that is said of it, its versions included. Where there are
    versions, exactly one is the default. Rating, note and tags are known of what rushes wrote.
    """

    key: str
    digest: str
    profile_key: str
    text: str
    language: str
    status: Status
    error: str | None
    seed: int | None
    instruct: str | None
    engine: str
    model_size: str | None
    is_favorited: bool
    duration: float | None
    params_json: str | None
    created_at: datetime
    versions: tuple[ForeignVersion, ...]
    rating: int | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def default_version(self) -> ForeignVersion | None:
        """The version that stands for it; None where there is no audio."""
        return next((version for version in self.versions if version.is_default), None)


@dataclass(frozen=True, slots=True)
class ForeignStory:
    """A story there."""

    key: str
    name: str
    description: str | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ForeignStoryItem:
    """A place of a generation in a story; times in milliseconds.

    ``version_key`` is None for the default version. The generation may be gone.
    """

    key: str
    story_key: str
    generation_key: str
    version_key: str | None
    start_ms: int
    track: int
    trim_start_ms: int
    trim_end_ms: int
    volume: float
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ForeignEffectPreset:
    """A named effects chain."""

    key: str
    name: str
    description: str | None
    effects_chain_json: str
    is_builtin: bool
    sort_order: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ForeignPreset:
    """A named set of parameters of one model, perhaps in a folder."""

    key: str
    profile_key: str
    name: str
    folder: str | None
    description: str | None
    params_json: str
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Head:
    """A generation by its key, and the digest of all that is said of it."""

    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class ForeignSample:
    """A recording that a profile was made from, with the words in it."""

    key: str
    audio_path: str
    reference_text: str
