"""How a comparison's lines and cells are divided among its sides and the table beneath them."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_SIDE, TALLEST_SIDE = 3, 11
"""Lines of a side: one of words, the others of its waveform."""

LEAST_TABLE = 5
LEAST_COLUMN, WIDEST_COLUMN = 13, 34
WIDEST_LABEL = 18


@dataclass(frozen=True, slots=True)
class Division:
    """Lines: ``first`` and ``shown`` are the sides in sight, each ``side`` high."""

    first: int
    shown: int
    side: int
    table: int


def divide(height: int, sides: int, rows: int, cursor: int, first: int = 0) -> Division:
    """Divide ``height`` lines so that all sides are in sight where that is possible.

    ``rows`` are the table's lines. The side of the ``cursor`` is in sight; those from ``first``
    on stay where they can.
    """
    table = min(rows, LEAST_TABLE)
    shown = max(1, min(sides, (height - table) // LEAST_SIDE))
    side = max(LEAST_SIDE, min(TALLEST_SIDE, (height - rows) // shown))
    first = window(first, shown, sides, cursor)
    return Division(first, shown, side, max(0, height - shown * side))


def window(first: int, shown: int, count: int, cursor: int) -> int:
    """Give the first of ``shown`` of ``count`` so that ``cursor`` is among them."""
    first = max(cursor - shown + 1, min(first, cursor))
    return max(0, min(first, count - shown))


def cells_of(duration: float, longest: float, width: int) -> int:
    """Give how many of ``width`` cells a clip takes where the longest takes them all; 1 at least.

    Lengths are in seconds.
    """
    if width < 1 or longest <= 0:
        return max(0, width)
    return max(1, min(width, round(duration / longest * width)))


@dataclass(frozen=True, slots=True)
class Columns:
    """Cells of the table: the label's and each side's, and which sides are in sight."""

    label: int
    each: int
    first: int
    shown: int


def columns(width: int, label: int, sides: int, cursor: int, first: int = 0) -> Columns:
    """Divide ``width`` cells among a label that wants ``label`` and as many sides as fit.

    One cell at the left belongs to the margin, and two part each column from the next.
    """
    label = min(label, WIDEST_LABEL, max(6, width // 3))
    room = max(1, width - label - 3)
    shown = max(1, min(sides, room // (LEAST_COLUMN + 2)))
    each = min(WIDEST_COLUMN, room // shown - 2) if room > shown * 2 else 1
    return Columns(label, max(1, each), window(first, shown, sides, cursor), shown)
