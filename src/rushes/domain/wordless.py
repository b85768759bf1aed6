"""What a generation without words is told apart by: its preset, its seed, its sliders."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rushes.domain.generation import Generation

_NO_PRESET = "custom"
"""What that program calls sliders that were set by hand."""

_SLIDERS = 24
"""More of them than any list has room for."""


def in_place_of_text(generation: Generation) -> str:
    """What stands where the text would: ``warm pad · seed 42 · −4 0 2``; empty without any of it.

    The names are small_dataset_audio's, whose entries have no text (its ``HistoryEntry``).
    """
    parts = [] if generation.seed is None else [f"seed {generation.seed}"]
    params = _params(generation)
    preset, sliders = params.get("preset_name"), params.get("slider_positions")
    if isinstance(preset, str) and preset not in ("", _NO_PRESET):
        parts.insert(0, preset)
    if isinstance(sliders, list):
        parts.append(" ".join(_number(value) for value in sliders[:_SLIDERS]))
    return " · ".join(part for part in parts if part)


def _params(generation: Generation) -> Mapping[str, object]:
    """The snapshot, empty where it is none that anybody could have meant."""
    try:
        params = json.loads(generation.params_json or "{}")
    except (ValueError, RecursionError):
        return {}
    return params if isinstance(params, Mapping) else {}


def _number(value: object) -> str:
    return f"{value:g}".replace("-", "−") if isinstance(value, int | float) else str(value)
