"""The small waveform that is stored with every version, and the one row it is drawn as.

Everything is to one fixed scale, height = (RMS / 0.5)^0.7, so that a quiet clip looks quiet beside
a loud one. Full-scale tones, RMS 0.7 to 1, reach the top; the syllables of speech, whose RMS is
0.03 to 0.3 even where its peaks touch full scale, spread over most of the cell.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, pairwise

BUCKETS = 64
"""Parts of equal length that a clip is measured in."""

CURVE = 0.7
"""Exponent that turns an amplitude into a height."""

SILENCE_RMS = 0.002
"""What isn't louder than this, about -54 dBFS, is drawn as silence."""

FULL_RMS = 0.5
"""RMS that fills a cell, -6 dBFS."""

SILENCE, ASCII_SILENCE = "·", " "
BLOCKS, ASCII_BLOCKS = "▁▂▃▄▅▆▇█", ".:-=+*#@"

_GLYPHS = SILENCE + BLOCKS
_ASCII_GLYPHS = ASCII_SILENCE + ASCII_BLOCKS

_LEVELS = len(BLOCKS)
_THRESHOLDS = (
    SILENCE_RMS**2,
    *((FULL_RMS * (level / _LEVELS) ** (1 / CURVE)) ** 2 for level in range(1, _LEVELS)),
)
# A byte is 255 * sqrt(amplitude), so its fourth power is a mean square; whole numbers keep the
# sums exact, and with them the order: what is louder is never drawn lower.
_MEAN_SQUARES = tuple(byte**4 for byte in range(256))
_WHOLE_THRESHOLDS = tuple(int(limit * 255**4 * BUCKETS) for limit in _THRESHOLDS)
_AMPLITUDES = tuple((byte / 255) ** 2 for byte in range(256))


@dataclass(frozen=True, slots=True)
class SmallWaveform:
    """RMS and peak amplitude of each of the 64 buckets of a clip, full scale being 1.0."""

    rms: tuple[float, ...]
    peak: tuple[float, ...]


def pack(rms: Iterable[float], peak: Iterable[float]) -> bytes:
    """Give the 128 bytes that are stored: 64 of RMS, then 64 of peak.

    A byte is ``round(255 * sqrt(min(1, amplitude)))``, which keeps quiet parts apart. What isn't a
    number counts as silence.

    Raises:
        ValueError: there aren't 64 of each.
    """
    # Written so that NaN fails the comparison.
    packed = bytes(
        [
            round(255 * math.sqrt(min(1.0, amplitude))) if amplitude > 0 else 0
            for amplitude in chain(rms, peak)
        ]
    )
    if len(packed) != 2 * BUCKETS:
        raise ValueError(f"{BUCKETS} buckets of RMS and of peak are wanted")
    return packed


def unpack(waveform: bytes) -> SmallWaveform:
    """Give the amplitudes in the stored bytes; what is missing is silence."""
    padded = waveform[: 2 * BUCKETS].ljust(2 * BUCKETS, b"\0")
    amplitudes = tuple(_AMPLITUDES[byte] for byte in padded)
    return SmallWaveform(amplitudes[:BUCKETS], amplitudes[BUCKETS:])


@lru_cache(maxsize=4096)
def sparkline(waveform: bytes, width: int, *, ascii: bool = False) -> str:  # noqa: A002  # the flag's name everywhere
    """Draw the stored bytes as one row of exactly ``width`` cells.

    A cell shows the RMS of what it covers; between the buckets of a row that has more cells than
    there are buckets it is interpolated. Bytes of another length are cut or continued by silence.
    """
    if width < 1:
        return ""
    padded = waveform[:BUCKETS].ljust(BUCKETS, b"\0")
    squares = [_MEAN_SQUARES[byte] for byte in padded]
    cells = _average(squares, width) if width <= BUCKETS else _interpolate(squares, width)
    glyphs = _ASCII_GLYPHS if ascii else _GLYPHS
    return "".join([glyphs[bisect_left(_WHOLE_THRESHOLDS, cell)] for cell in cells])


def row_of(mean_squares: Iterable[float], *, ascii: bool = False) -> str:  # noqa: A002  # the flag's name everywhere
    """Draw one cell for each mean square of samples, full scale being 1.0, to the same scale."""
    glyphs = _ASCII_GLYPHS if ascii else _GLYPHS
    return "".join([glyphs[bisect_left(_THRESHOLDS, square)] for square in mean_squares])


def _average(squares: Sequence[int], width: int) -> list[int]:
    """For each cell the sum of what it covers; in all, 64 times the mean square of a cell."""
    sums = list(accumulate(squares, initial=0))
    squares = [*squares, 0]
    edges = [sums[bucket] * width + rest * squares[bucket] for bucket, rest in _edges(width)]
    return [right - left for left, right in pairwise(edges)]


@lru_cache(maxsize=256)
def _edges(width: int) -> tuple[tuple[int, int], ...]:
    """Where cells begin: bucket, and how many of its ``width`` parts lie before."""
    return tuple(divmod(cell * BUCKETS, width) for cell in range(width + 1))


def _interpolate(squares: Sequence[int], width: int) -> list[int]:
    """For each cell 64 times the mean square at its middle, between the buckets' middles."""
    squares = [squares[0], *squares, squares[-1]]
    scale = 2 * width
    cells = []
    for cell in range(width):
        # Half a bucket further to the right, as one more stands before the first.
        bucket, rest = divmod((2 * cell + 1) * BUCKETS + width, scale)
        left, right = squares[bucket], squares[bucket + 1]
        cells.append((left * (scale - rest) + right * rest) * BUCKETS // scale)
    return cells
