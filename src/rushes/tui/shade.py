"""Shades of our colours: the same hue, nearer to the ground."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rushes.tui.colours import Colours

_TOWARDS_GROUND = 0.5


def dimmed(colour: str, ground: str) -> str:
    """Give ``colour`` half-way to ``ground``; the terminal's own colours stay as they are."""
    return _mixed(colour, ground, _TOWARDS_GROUND) or colour


def tinted(ground: str, colour: str, share: float) -> str:
    """Give ``ground`` with a ``share`` of ``colour`` in it; the terminal's own stays as it is."""
    return _mixed(ground, colour, share) or ground


@lru_cache(maxsize=256)
def _mixed(one: str, other: str, share: float) -> str | None:
    if not (one.startswith("#") and other.startswith("#")):
        return None
    own, under = (bytes.fromhex(value[1:]) for value in (one, other))
    mixed = (round(a + (b - a) * share) for a, b in zip(own, under, strict=True))
    return "#" + "".join(f"{value:02x}" for value in mixed)


def bright(colours: Colours, colour: str) -> str:
    """Give the colour that stands out from ``dimmed``: of the terminal's own, the bright one."""
    is_dull = colours.is_terminal and not colour.startswith("bright_")
    return f"bright_{colour}" if is_dull else colour
