"""Files that arrive in a folder that is watched: what is said of them all, and what they became."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rushes.domain.generation import Generation
from rushes.errors import RushesError


@dataclass(frozen=True, slots=True)
class Given:
    """What holds for every file. None leaves it to its sidecar, its tags, its folder, its time."""

    profile: str | None = None
    text: str | None = None
    language: str | None = None
    engine: str | None = None
    model_size: str | None = None
    seed: int | None = None
    instruct: str | None = None
    params: Mapping[str, object] | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file, and the take that it became, or why it became none."""

    path: Path
    take: Generation | None = None
    error: RushesError | None = None
