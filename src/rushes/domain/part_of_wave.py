"""A part of a clip's small waveform, louder or softer, in as many columns as are wanted."""

from __future__ import annotations

import math
from array import array

from rushes.domain.envelope import Envelope
from rushes.domain.waveform import BUCKETS, unpack


def part_of_wave(
    waveform: bytes, begins: float, ends: float, columns: int, *, gain: float = 1.0
) -> Envelope:
    """Give ``columns`` parts of the stretch from ``begins`` to ``ends`` of the stored bytes.

    Both lie within 0 and 1 of the whole clip; outside of it is silence. Amplitudes are times
    ``gain``, a factor, up to full scale. A column shows the highest peak and the mean loudness of
    the buckets it touches; within one bucket both are interpolated between the buckets' middles.
    The envelope's rate and frames stand for nothing but its columns.
    """
    small = unpack(waveform)
    peaks, loud = array("f"), array("f")
    width = (ends - begins) / max(1, columns)
    for column in range(columns):
        left = (begins + column * width) * BUCKETS
        right = left + width * BUCKETS
        if right - left <= 1.0:
            middle = (left + right) / 2
            peak, rms = _between(small.peak, middle), _between(small.rms, middle)
        else:
            touched = range(max(0, math.floor(left)), min(BUCKETS, math.ceil(right)))
            peak = max((small.peak[at] for at in touched), default=0.0)
            squares = sum(small.rms[at] ** 2 for at in touched)
            rms = math.sqrt(squares / len(touched)) if touched else 0.0
        peaks.append(min(1.0, peak * gain))
        loud.append(min(1.0, rms * gain))
    lows = array("f", (-value for value in peaks))
    return Envelope(columns or 1, columns, (lows,), (peaks,), (loud,), (bytes(columns),))


def _between(values: tuple[float, ...], at: float) -> float:
    """Give the value at a place in buckets, 0.5 being the middle of the first."""
    if not 0 <= at <= BUCKETS:
        return 0.0
    place = min(max(at - 0.5, 0.0), BUCKETS - 1.0)
    before = int(place)
    after = min(before + 1, BUCKETS - 1)
    return values[before] + (values[after] - values[before]) * (place - before)
