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
    fold: int
    time: int
    profile: int
    wave: int
    length: int
    rating: int
    text: int
    engine: int

    @property
    def before_profile(self) -> int:
        """Cells before the profile's name."""
        return PREFIX + sum(size + self.gap for size in (self.fold, self.time) if size)

    @property
    def before_wave(self) -> int:
        """Cells before the waveform."""
        return self.before_profile + self.profile + self.gap


@lru_cache(maxsize=16)
def columns_for(width: int, folded: bool = False) -> Columns:
    """Give the columns of a list of ``width`` cells; a ``folded`` one tells of how many takes.

    As it narrows, engine, time and rating leave in this order; what tells of the takes, the
    waveform and the text stay.
    """
    roomy = width >= 100
    gap = 2 if roomy else 1
    fold = 4 if folded else 0
    time = (8 if roomy else 6) if width >= 62 else 0
    profile = 12 if roomy else 9
    wave = 18 if width >= 112 else 16 if roomy else 12 if width >= 70 else 8
    length = 6
    rating = 5 if width >= 54 else 0
    engine = 12 if width >= 104 else 0
    used = sum(size + gap for size in (fold, time, profile, wave, length, rating, engine) if size)
    text = max(width - PREFIX - used, 8)
    return Columns(gap, fold, time, profile, wave, length, rating, text, engine)
