"""The large waveform, drawn in braille dots or in plain characters.

A dot column shows the true lowest and highest samples around a middle line, and within them the
RMS as a brighter core. Heights are amplitude^0.7 of full scale, whatever the clip's own range.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from rushes.domain.envelope import Envelope, Lane, lanes, together
from rushes.domain.waveform import CURVE, SILENCE_RMS

BLANK, SILENCE, EDGE, CORE, CLIP = " ", ".", "e", "c", "!"
"""Kinds of cells: nothing, silence, the outer envelope, the RMS core, clipped."""

# Unicode, "Braille Patterns": dots 1, 2, 3, 7 go down the left side, 4, 5, 6, 8 the right.
_LEFT_BITS, _RIGHT_BITS = (0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80)


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """One row of a drawing: its characters, and the kind of each as one letter."""

    text: str
    kinds: str


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of dots, from the top: bit 0 is the topmost dot."""

    lit: int
    core: int
    silent: int
    clipped: int


def braille(envelope: Envelope, width: int, height: int) -> tuple[DrawnRow, ...]:
    """Draw an envelope in ``height`` rows of ``width`` cells of 2 by 4 dots each.

    One channel lies around the middle, two are stacked; of more than two all are drawn as one.
    """
    columns = _columns(lanes(envelope, 2 * width), 4 * height, 4)
    if not columns:
        return _blank(width, height)
    return tuple(_braille_row(columns, 4 * row) for row in range(height))


def plain(envelope: Envelope, width: int, height: int) -> tuple[DrawnRow, ...]:
    """Draw an envelope as ``braille`` does, in ASCII: # core, : edge, ! clipped, - silence."""
    columns = _columns(lanes(envelope, width), 2 * height, 2)
    if not columns:
        return _blank(width, height)
    return tuple(_plain_row(columns, 2 * row) for row in range(height))


def _blank(width: int, height: int) -> tuple[DrawnRow, ...]:
    width = max(width, 0)
    return (DrawnRow(" " * width, BLANK * width),) * max(height, 0)


def _columns(drawn: tuple[Lane, ...], dots: int, cell: int) -> list[_Column]:
    """Every column of ``dots`` dots, the lanes beneath each other; ``cell`` dots are a cell."""
    if not drawn or dots < cell:
        return []
    if dots < 2 * len(drawn):  # no room for a dot on either side of each middle
        drawn = (together(drawn),)
    half = dots // len(drawn) // 2
    stacked = [
        _lane_columns(lane, half, 2 * half * place, cell) for place, lane in enumerate(drawn)
    ]
    if len(stacked) == 1:
        return stacked[0]
    return [
        _Column(a.lit | b.lit, a.core | b.core, a.silent | b.silent, a.clipped | b.clipped)
        for a, b in zip(*stacked, strict=True)
    ]


def _lane_columns(lane: Lane, half: int, top: int, cell: int) -> list[_Column]:
    middle = top + half
    # What a clipped column marks: the lane's outermost cells.
    first, last = top, top + 2 * half - 1
    rims = (_run(first - first % cell, cell) | _run(last - last % cell, cell)) & _run(top, 2 * half)
    columns = []
    for low, high, rms, clipped in zip(
        lane.minima, lane.maxima, lane.rms, lane.clipped, strict=True
    ):
        if max(high, -low) <= SILENCE_RMS:
            columns.append(_Column(_run(middle - 1, 1), 0, _run(middle - 1, 1), 0))
            continue
        up, down, core = _dots(high, half), _dots(-low, half), _dots(rms, half)
        lit = _run(middle - max(up, 1), max(up, 1) + down)
        bright = _run(middle - core, 2 * core) & lit
        columns.append(_Column(lit, bright, 0, lit & rims if clipped else 0))
    return columns


def _dots(amplitude: float, half: int) -> int:
    """Dots above the middle for an amplitude; what isn't a number or negative has none."""
    if not amplitude > 0:
        return 0
    return min(half, round(half * math.pow(min(1.0, amplitude), CURVE)))


def _run(start: int, length: int) -> int:
    return ((1 << length) - 1) << start


def _pattern(left: int, right: int) -> str:
    bits = sum(bit for place, bit in enumerate(_LEFT_BITS) if left >> place & 1)
    bits += sum(bit for place, bit in enumerate(_RIGHT_BITS) if right >> place & 1)
    return chr(0x2800 + bits) if bits else " "


# Indexed by left * 16 + right, four dots of each, from the top.
_PATTERNS = tuple(_pattern(pair >> 4, pair & 15) for pair in range(256))


def _kind(lit: int, core: int, silent: int, clipped: int) -> str:
    if not lit:
        return BLANK
    if clipped:
        return CLIP
    if silent == lit:
        return SILENCE
    return CORE if 2 * core.bit_count() >= lit.bit_count() else EDGE


def _braille_row(columns: list[_Column], top: int) -> DrawnRow:
    text, kinds = [], []
    for left, right in zip(columns[::2], columns[1::2], strict=True):
        lit = (left.lit >> top & 15) << 4 | right.lit >> top & 15
        core = (left.core >> top & 15) << 4 | right.core >> top & 15
        text.append(_PATTERNS[lit])
        silent = (left.silent >> top & 15) << 4 | right.silent >> top & 15
        kinds.append(_kind(lit, core, silent, (left.clipped | right.clipped) >> top & 15))
    return DrawnRow("".join(text), "".join(kinds))


_PLAIN = {BLANK: " ", SILENCE: "-", EDGE: ":", CORE: "#", CLIP: "!"}


def _plain_row(columns: list[_Column], top: int) -> DrawnRow:
    kinds = "".join(
        _kind(c.lit >> top & 3, c.core >> top & 3, c.silent >> top & 3, c.clipped >> top & 3)
        for c in columns
    )
    return DrawnRow("".join(_PLAIN[kind] for kind in kinds), kinds)
