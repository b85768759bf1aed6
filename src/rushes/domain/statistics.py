"""What the history amounts to, in one reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Totals:
    """What lies outside the trash; seconds of audio, bytes of all versions' files."""

    generations: int
    duration: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Share:
    """One bar: how many generations share ``key``, and their audio in seconds and bytes."""

    key: str
    label: str
    generations: int
    duration: float
    bytes: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Totals outside the trash, and their shares, the largest first.

    ``days`` are (local day, generations) oldest first, days without any left out. ``lengths``
    are counts of completed clips by length, one for each bound of ``LENGTH_BOUNDS`` (s) and one
    above the last. ``bytes`` counts the files of all versions.
    """

    generations: int
    duration: float
    bytes: int
    favorites: int
    rated: int
    in_trash: int
    profiles: tuple[Share, ...]
    engines: tuple[Share, ...]
    languages: tuple[Share, ...]
    statuses: tuple[Share, ...]
    days: tuple[tuple[date, int], ...]
    lengths: tuple[int, ...]


LENGTH_BOUNDS = (1.0, 2.0, 3.0, 5.0, 8.0, 13.0, 21.0, 34.0, 60.0)
"""Upper bounds in seconds of the length distribution's classes (a near-Fibonacci scale)."""
