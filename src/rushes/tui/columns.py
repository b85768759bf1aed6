"""The columns of a row: which there are, and how wide, at each width of the list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

PREFIX = 6
"""Cells before the first column: cursor, mark, state, gap, heart, gap."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells; 0 leaves the column out. ``gap`` lies behind every column."""

    gap: int
    time: int
    profile: int
    wave: int
    length: int
    rating: int
    text: int
    engine: int


@lru_cache(maxsize=16)
def columns_for(width: int) -> Columns:
    """Give the columns of a list of ``width`` cells.

    As it narrows, engine, time and rating leave in this order; the waveform and the text stay.
    """
    roomy = width >= 100
    gap = 2 if roomy else 1
    time = (8 if roomy else 6) if width >= 62 else 0
    profile = 12 if roomy else 9
    wave = 18 if width >= 112 else 16 if roomy else 12 if width >= 70 else 8
    length = 6
    rating = 5 if width >= 54 else 0
    engine = 12 if width >= 104 else 0
    used = sum(size + gap for size in (time, profile, wave, length, rating, engine) if size)
    return Columns(gap, time, profile, wave, length, rating, max(width - PREFIX - used, 8), engine)
