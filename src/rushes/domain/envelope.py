"""The waveform of a whole clip in any number of buckets, and its row in the deck."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from rushes.domain.waveform import row_of


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """What a clip does in each of many parts of equal length, for each of its channels.

    ``minima``, ``maxima`` and ``rms`` hold one array of floats for each channel, full scale being
    1.0; ``clipped`` holds one byte for each bucket, 1 where full scale was hit several times in a
    row. All arrays are equally long. ``sample_rate`` is in Hz, ``frames`` the length of the clip.
    Two envelopes are equal only when they are the same object, which makes them cheap cache keys.
    """

    sample_rate: int
    frames: int
    minima: tuple[array[float], ...]
    maxima: tuple[array[float], ...]
    rms: tuple[array[float], ...]
    clipped: tuple[bytes, ...]

    @property
    def channels(self) -> int:
        """Number of channels."""
        return len(self.rms)

    @property
    def buckets(self) -> int:
        """Number of parts."""
        return len(self.rms[0]) if self.rms else 0

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate


@dataclass(frozen=True, slots=True)
class Lane:
    """One waveform as it is drawn: a value of each kind for each column."""

    minima: Sequence[float]
    maxima: Sequence[float]
    rms: Sequence[float]
    clipped: Sequence[int]


def lanes(envelope: Envelope, columns: int) -> tuple[Lane, ...]:
    """Reduce an envelope to ``columns``: one lane, or two for a clip with two channels.

    Extremes stay true: a column shows the lowest and highest sample of every bucket it touches.
    More than two channels become one lane of the extremes and the mean loudness of all.
    """
    if not envelope.buckets or columns < 1:
        return ()
    spans = _spans(envelope.buckets, columns)
    drawn = tuple(
        Lane(
            minima=[min(lows[first:last]) for first, last in spans],
            maxima=[max(highs[first:last]) for first, last in spans],
            rms=[_rms(rms[first:last]) for first, last in spans],
            clipped=[any(clipped[first:last]) for first, last in spans],
        )
        for lows, highs, rms, clipped in zip(
            envelope.minima, envelope.maxima, envelope.rms, envelope.clipped, strict=True
        )
    )
    return drawn if len(drawn) <= 2 else (together(drawn),)


def deck_row(envelope: Envelope, width: int, *, ascii: bool = False) -> str:  # noqa: A002  # the flag's name everywhere
    """Draw a clip as one row of exactly ``width`` cells, to the scale of the small waveform."""
    if width < 1:
        return ""
    drawn = lanes(envelope, width)
    if not drawn:
        return row_of([0.0] * width, ascii=ascii)
    squares = [sum(rms * rms for rms in column) for column in zip(*(lane.rms for lane in drawn))]  # noqa: B905  # equal by construction
    return row_of([square / len(drawn) for square in squares], ascii=ascii)


def _spans(buckets: int, columns: int) -> list[tuple[int, int]]:
    """First and last + 1 bucket that each column touches; never empty."""
    edges = [column * buckets // columns for column in range(columns)]
    ends = [-(-(column + 1) * buckets // columns) for column in range(columns)]
    return list(zip(edges, ends, strict=True))


def _rms(values: Sequence[float]) -> float:
    return math.sqrt(sum(value * value for value in values) / len(values))


def together(drawn: tuple[Lane, ...]) -> Lane:
    """Draw several lanes as one: the extremes and the mean loudness of all."""
    return Lane(
        minima=[min(column) for column in zip(*(lane.minima for lane in drawn), strict=True)],
        maxima=[max(column) for column in zip(*(lane.maxima for lane in drawn), strict=True)],
        rms=[_rms(column) for column in zip(*(lane.rms for lane in drawn), strict=True)],
        clipped=[any(column) for column in zip(*(lane.clipped for lane in drawn), strict=True)],
    )
