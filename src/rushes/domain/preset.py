"""A preset: a named set of a profile's parameters, perhaps in a folder (REQUIREMENTS B9)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rushes.domain.generation import Generation

NO_PRESET = "custom"
"""What small_dataset_audio writes as the preset of an entry that was made without one."""

_OUTCOMES = frozenset(
    {"entry_id", "timestamp", "audio_file", "thumbnail_file", "quality_score", "preset_name"}
)
"""What a snapshot of small_dataset_audio says besides parameters: what came of them."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A preset as it is read from the library.

    ``params_json`` is strict JSON text. ``generation_id`` is the generation that it was saved
    from, which may be gone by now; ``source_id`` is set where a linked source brought it.
    """

    id: str
    profile_id: str | None
    profile_name: str | None
    folder: str | None
    name: str
    description: str | None
    params_json: str
    created_at: datetime
    updated_at: datetime
    source_id: str | None
    generation_id: str | None

    @property
    def path(self) -> str:
        """Its folder and its name as people write them: ``brass/dark``."""
        return f"{self.folder}/{self.name}" if self.folder else self.name

    @property
    def params(self) -> Mapping[str, object]:
        """The parameters as a mapping; empty where they can't be read as one."""
        try:
            params = json.loads(self.params_json)
        except (ValueError, RecursionError):
            return {}
        return params if isinstance(params, Mapping) else {}


def parted(path: str) -> tuple[str | None, str]:
    """Folder and name of what was written: ``brass/dark`` is ``dark`` in ``brass``."""
    folder, _, name = path.rpartition("/")
    return folder.strip() or None, name.strip()


def parameters_of(generation: Generation) -> dict[str, object]:
    """What it takes to make a generation again: its settings, and its snapshot over them.

    What isn't set is left out of the settings; the snapshot is kept whole, nulls too, but for what
    small_dataset_audio notes in it of the outcome.
    """
    settings = {
        "engine": generation.engine,
        "model_size": generation.model_size,
        "language": generation.language,
        "seed": generation.seed,
        "instruct": generation.instruct,
    }
    found: dict[str, object] = {key: value for key, value in settings.items() if value is not None}
    is_entry = "entry_id" in generation.params
    return found | {
        key: value
        for key, value in generation.params.items()
        if not (is_entry and key in _OUTCOMES)
    }
