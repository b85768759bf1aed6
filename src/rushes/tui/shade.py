"""Shades of our colours: the same hue, nearer to the ground."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rushes.tui.colours import Colours

_TOWARDS_GROUND = 0.5


@lru_cache(maxsize=64)
def dimmed(colour: str, ground: str) -> str:
    """Give ``colour`` half-way to ``ground``; the terminal's own colours stay as they are."""
    if not (colour.startswith("#") and ground.startswith("#")):
        return colour
    own, under = (bytes.fromhex(value[1:]) for value in (colour, ground))
    mixed = (round(a + (b - a) * _TOWARDS_GROUND) for a, b in zip(own, under, strict=True))
    return "#" + "".join(f"{value:02x}" for value in mixed)


def bright(colours: Colours, colour: str) -> str:
    """Give the colour that stands out from ``dimmed``: of the terminal's own, the bright one."""
    return f"bright_{colour}" if colours.is_terminal else colour
