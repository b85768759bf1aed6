"""Lowest and highest sample and loudness of each part of a file, read in blocks."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rushes.domain.envelope import Envelope
from rushes.media.decode import AudioReader, open_audio

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hear = Callable[[NDArray[Any]], None]

CLIPPED_RUN = 3
"""So many samples at full scale in a row are clipping; a lone one is a loud clip's peak."""

_FULL_SCALE = 32767 / 32768


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of each bucket, arrays of shape (channels, buckets); full scale is 1.0.

    ``minima`` and ``maxima`` are float32, ``mean_squares`` float64, ``clipped`` bool. ``frames``
    is how many were decoded.
    """

    frames: int
    minima: NDArray[np.float32]
    maxima: NDArray[np.float32]
    mean_squares: NDArray[np.float64]
    clipped: NDArray[np.bool_]


def envelope(path: Path, buckets: int) -> Envelope:
    """Measure a file of audio in ``buckets`` parts; a shorter clip has one for each frame.

    Raises:
        AudioMissing: there is no such file.
        BadAudio: it isn't audio, is empty or lies about its size.
    """
    import numpy as np

    with open_audio(path) as reader:
        measured = measure_buckets(reader, buckets)
        return Envelope(
            sample_rate=reader.sample_rate,
            frames=measured.frames,
            minima=_float_arrays(measured.minima),
            maxima=_float_arrays(measured.maxima),
            rms=_float_arrays(np.sqrt(measured.mean_squares).astype(np.float32)),
            clipped=tuple(channel.tobytes() for channel in measured.clipped),
        )


def measure_buckets(reader: AudioReader, buckets: int, hear: Hear | None = None) -> Measured:
    """Measure what is left in a reader, in ``buckets`` parts of equal length, at most one a frame.

    Where a compressed file turns out longer or shorter than its header says, it is read twice.
    ``hear`` gets every block once, as it is read.

    Raises:
        BadAudio: the file is damaged.
    """
    measured = _measure(reader, buckets, reader.frames, hear)
    if measured.frames == reader.frames:
        return measured
    reader.rewind()
    return _measure(reader, buckets, measured.frames, None)


def _measure(reader: AudioReader, buckets: int, frames: int, hear: Hear | None) -> Measured:
    import numpy as np

    buckets = max(1, min(buckets, frames))
    edges = [bucket * frames // buckets for bucket in range(buckets)]
    starts = np.array(edges, dtype=np.int64)
    lengths = np.diff(starts, append=frames)
    shape = reader.channels, buckets
    lows = np.full(shape, np.inf, dtype=np.float32)
    highs = np.full(shape, -np.inf, dtype=np.float32)
    squares = np.zeros(shape, dtype=np.float64)
    clipped = np.zeros(shape, dtype=np.bool_)
    scale = reader.full_scale
    at = 0
    for block in reader.measuring_blocks():
        if hear is not None:
            hear(block)
        first = int(np.searchsorted(starts, at, side="right")) - 1
        last = int(np.searchsorted(starts, at + len(block) - 1, side="right"))
        here = slice(first, last)
        inside = starts[here] - at
        inside[0] = 0
        for channel in range(reader.channels):
            samples = np.ascontiguousarray(block[:, channel])
            low = np.minimum.reduceat(samples, inside) / scale
            high = np.maximum.reduceat(samples, inside) / scale
            np.minimum(lows[channel, here], low, out=lows[channel, here])
            np.maximum(highs[channel, here], high, out=highs[channel, here])
            squares[channel, here] += _sums_of_squares(samples, inside)
            if max(high.max(), -low.min()) >= _FULL_SCALE:
                clipped[channel, here] |= _clipped(samples, inside, scale)
        at += len(block)
    mean_squares = squares / lengths / (scale * scale)
    return Measured(at, lows, highs, mean_squares, clipped)


def _sums_of_squares(samples: NDArray[Any], starts: NDArray[np.int64]) -> NDArray[np.float64]:
    import numpy as np

    squares = np.square(samples, dtype=np.float32)
    return np.add.reduceat(squares, starts, dtype=np.float64)


def _clipped(samples: NDArray[Any], starts: NDArray[np.int64], scale: float) -> NDArray[np.bool_]:
    """For each part whether a run of full-scale samples begins in it."""
    import numpy as np

    limit = _FULL_SCALE * scale
    full = (samples >= limit) | (samples <= -limit)
    runs = full.copy()
    for step in range(1, CLIPPED_RUN):
        runs[:-step] &= full[step:]
        runs[-step:] = False
    return np.logical_or.reduceat(runs, starts)


def _float_arrays(rows: NDArray[np.float32]) -> tuple[array[float], ...]:
    return tuple(array("f", row.tobytes()) for row in rows)
