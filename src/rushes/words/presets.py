"""A preset as lines that people read, on a screen or as a result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.domain.text import one_line
from rushes.words.cells import fit
from rushes.words.snapshot import flat
from rushes.words.when import full

if TYPE_CHECKING:
    from rushes.domain.preset import Preset

_WIDEST = 42


def in_lines(preset: Preset, *, ascii: bool) -> list[str]:  # noqa: A002  # the flag's name everywhere
    """Give what it is and its parameters, a label and a value to a line."""
    about = [
        ("id", preset.id),
        ("name", preset.name),
        ("folder", preset.folder or ""),
        ("profile", preset.profile_name or "no profile"),
        ("about", preset.description or ""),
        ("saved", full(preset.created_at)),
        ("changed", full(preset.updated_at) if preset.updated_at != preset.created_at else ""),
    ]
    found = [f"{label:<10}  {one_line(value)}" for label, value in about if value]
    parameters = flat(preset.params_json, ascii=ascii)
    widest = min(_WIDEST, max((cell_len(one_line(name)) for name, _ in parameters), default=0))
    found += ["", "parameters"]
    return found + [f"  {fit(name, widest)}  {one_line(value)}" for name, value in parameters]


def in_short(preset: Preset, *, ascii: bool) -> str:  # noqa: A002  # the flag's name everywhere
    """Give its first parameters on one line: ``engine qwen, temperature 0.7``."""
    pairs = flat(preset.params_json, ascii=ascii)
    return one_line(", ".join(f"{name} {value}" for name, value in pairs))
