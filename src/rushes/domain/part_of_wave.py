"""A part of a clip's waveform, louder or softer, in as many columns as are wanted."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from functools import lru_cache

from rushes.domain.envelope import Envelope, lanes, together
from rushes.domain.waveform import unpack


def part_of_wave(
    wave: bytes | Envelope, begins: float, ends: float, columns: int, *, gain: float = 1.0
) -> Envelope:
    """Give ``columns`` parts of the stretch from ``begins`` to ``ends`` of a clip.

    ``wave`` are its stored bytes, or an envelope of it, whose channels are shown as one. Both ends
    lie within 0 and 1 of the whole clip; outside of it is silence. Amplitudes are times ``gain``,
    a factor, up to full scale. A column shows the highest peak and the mean loudness of the
    buckets it touches; within one bucket both are interpolated between the buckets' middles. The
    rate and the frames of what is given stand for nothing but its columns.
    """
    whole_peak, whole_rms = _values(wave)
    count = len(whole_peak)
    peaks, loud = array("f"), array("f")
    width = (ends - begins) / max(1, columns)
    for column in range(columns):
        left = (begins + column * width) * count
        right = left + width * count
        if right - left <= 1.0:
            middle = (left + right) / 2
            peak, rms = _between(whole_peak, middle), _between(whole_rms, middle)
        else:
            touched = slice(max(0, math.floor(left)), max(0, min(count, math.ceil(right))))
            peak = max(whole_peak[touched], default=0.0)
            squares = [value * value for value in whole_rms[touched]]
            rms = math.sqrt(sum(squares) / len(squares)) if squares else 0.0
        peaks.append(min(1.0, peak * gain))
        loud.append(min(1.0, rms * gain))
    lows = array("f", (-value for value in peaks))
    return Envelope(columns or 1, columns, (lows,), (peaks,), (loud,), (bytes(columns),))


def _values(wave: bytes | Envelope) -> tuple[Sequence[float], Sequence[float]]:
    """Give the peak and the RMS of each bucket."""
    if isinstance(wave, bytes):
        small = unpack(wave)
        return small.peak, small.rms
    return _values_of(wave)


@lru_cache(maxsize=32)
def _values_of(envelope: Envelope) -> tuple[Sequence[float], Sequence[float]]:
    drawn = lanes(envelope, envelope.buckets)
    if not drawn:
        return (0.0,), (0.0,)
    lane = drawn[0] if len(drawn) == 1 else together(drawn)
    return [max(high, -low) for low, high in zip(lane.minima, lane.maxima, strict=True)], lane.rms


def _between(values: Sequence[float], at: float) -> float:
    """Give the value at a place in buckets, 0.5 being the middle of the first."""
    if not 0 <= at <= len(values):
        return 0.0
    place = min(max(at - 0.5, 0.0), len(values) - 1.0)
    before = int(place)
    after = min(before + 1, len(values) - 1)
    return values[before] + (values[after] - values[before]) * (place - before)
