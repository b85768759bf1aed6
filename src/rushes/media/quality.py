"""Measuring how well a clip came out, while its blocks are read for other measures anyway."""

from __future__ import annotations

import hashlib
import math
from typing import TYPE_CHECKING, Any

from rushes.domain.quality import Measures, Quality
from rushes.domain.quality_rules import limit, silence_below
from rushes.media.loudness import (
    RINGING,
    TAPS,
    channel_weights,
    highest_between,
    integrated,
    k_weighting,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_PIECES_A_SECOND = 50
_PIECES = 5  # in a step of the loudness, 100 ms
_SEGMENT = 0.6  # seconds that one transform gives at least
_AT_ONCE = 1 << 17  # samples of all channels
_MOST_PLACES = 8
_LEAST_POWER = 1e-20


class QualityMeter:
    """Hears a clip block by block; memory grows by 200 bytes a second of sound.

    ``scale`` is what a sample of its blocks has at full scale.
    """

    def __init__(self, sample_rate: int, channels: int, scale: float) -> None:
        import numpy as np

        self._rate = sample_rate
        self._scale = np.float32(1 / scale)
        self._piece = max(1, round(sample_rate / _PIECES_A_SECOND))
        self._hop = _PIECES * self._piece
        ringing = max(TAPS, math.ceil(RINGING * sample_rate))
        size = 1 << math.ceil(math.log2(_SEGMENT * sample_rate + ringing))
        self._step = max(1, (size - ringing) // self._hop) * self._hop
        self._size = max(size, 1 << math.ceil(math.log2(self._step + ringing)))
        self._before = self._size - self._step
        self._whole = max(1, _AT_ONCE // (self._step * channels)) * self._step
        # What came before, then what is to be measured next.
        self._held = np.zeros((channels, self._before + self._whole), dtype=np.float32)
        self._filled = 0
        self._frames = 0
        self._hash = hashlib.sha256(f"{sample_rate} {channels}".encode())
        self._weights = channel_weights(channels)
        self._sums = np.zeros(channels)
        self._hops: list[NDArray[np.float64]] = []
        self._levels: list[Floats] = []
        self._true_peak = 0.0
        self._ceiling, self._runs = 0.0, 0
        self._places: list[float] = []

    def hear(self, block: NDArray[Any]) -> None:
        """Take in a block of shape (frames, channels)."""
        import numpy as np

        samples = np.multiply(block, self._scale, dtype=np.float32)
        self._hash.update(samples)
        at = 0
        while at < len(samples):
            count = min(len(samples) - at, self._whole - self._filled)
            begin = self._before + self._filled
            self._held[:, begin : begin + count] = samples[at : at + count].T
            self._filled += count
            at += count
            if self._filled == self._whole:
                self._measure()

    def quality(self) -> Quality:
        """What was heard, once all has been."""
        import numpy as np

        last = self._last_level()
        if self._filled:
            self._held[:, self._before + self._filled :] = 0.0
            self._measure()
        hops = np.concatenate(self._hops)
        whole = float(hops.sum()) * self._hop / self._frames
        lufs = integrated(hops[: self._frames // self._hop], whole)
        peak = self._true_peak
        return Quality(
            lufs=None if lufs is None else round(lufs, 2),
            true_peak=round(20 * math.log10(peak), 2) if peak > 0 else None,
            sound_hash=int.from_bytes(self._hash.digest()[:8], "big", signed=True),
            measures_json=self._measures(last).to_json(),
        )

    def _measure(self) -> None:
        """Measure what has been filled; the rest of the room is silence."""
        import numpy as np

        count = -(-self._filled // self._piece)
        here = self._held[:, self._before : self._before + count * self._piece]
        pieces = here.reshape(len(here), count, self._piece)
        peaks = np.maximum(pieces.max(axis=2), -pieces.min(axis=2))
        sums = pieces.sum(axis=2)
        self._sums += sums.sum(axis=1, dtype=np.float64)
        squares = np.einsum("cpn,cpn->cp", pieces, pieces)
        powers = squares / self._piece - np.square(sums / self._piece)
        self._levels.append(powers.max(axis=0))
        self._hops.append(self._loudness())
        highest = float(peaks.max())
        self._true_peak = max(self._true_peak, highest)
        for channel, own in zip(self._held, peaks, strict=True):
            first = self._before - TAPS + 1
            samples = channel[first : self._before + count * self._piece]
            self._true_peak = highest_between(samples, own, self._true_peak)
        self._count_runs(highest)
        self._frames += self._filled
        self._held[:, : self._before] = self._held[:, self._whole :].copy()
        self._filled = 0

    def _loudness(self) -> NDArray[np.float64]:
        """The K-weighted mean square of every 100 ms, channels added."""
        import numpy as np
        from numpy.lib.stride_tricks import sliding_window_view

        count = -(-self._filled // self._step)
        windows = sliding_window_view(self._held, self._size, axis=1)[:, :: self._step][:, :count]
        spectrum = np.fft.rfft(windows) * k_weighting(self._rate, self._size)
        weighted = np.fft.irfft(spectrum, self._size)[..., self._before :]
        steps = weighted.reshape(len(weighted), -1, self._hop)
        steps = steps[:, : -(-self._filled // self._hop)]
        power = np.einsum("chn,chn->ch", steps, steps) / self._hop
        return np.asarray(self._weights @ power, dtype=np.float64)

    def _count_runs(self, highest: float) -> None:
        """Count runs at full scale; where nothing reaches it, at the highest sample so far."""
        import numpy as np

        full = limit("full scale")
        ceiling = min(highest, full)
        if ceiling > self._ceiling:
            self._ceiling, self._runs = ceiling, 0
            self._places.clear()
        if highest < self._ceiling or not highest:
            return
        length = int(limit("clipped run" if self._ceiling >= full else "flat run"))
        part = self._held[:, self._before - length : self._before + self._filled]
        high = np.abs(part) >= np.float32(self._ceiling)
        runs = high[:, 1 : self._filled + 1] & ~high[:, : self._filled]
        for step in range(1, length):
            runs &= high[:, 1 + step : self._filled + 1 + step]
        self._runs += int(np.count_nonzero(runs))
        room = _MOST_PLACES - len(self._places)
        if room > 0:
            starts = np.flatnonzero(runs.any(axis=0))[:room] + 1 + self._frames - length
            self._places += [round(int(start) / self._rate, 3) for start in starts]

    def _last_level(self) -> float:
        """The power of the last piece."""
        import numpy as np

        end = self._before + (self._filled or self._whole * bool(self._frames))
        if not self._filled:
            end = self._before  # what came before ends with the clip
        count = min(self._piece, self._frames + self._filled)
        return float(np.var(self._held[:, end - count : end], axis=1).max())

    def _measures(self, last: float) -> Measures:
        import numpy as np

        levels = np.concatenate(self._levels)
        if len(levels) > 1 and self._frames % self._piece:
            levels = levels[:-1]  # a part of a piece
        loudest = float(levels.max())
        offset = float(self._sums[np.abs(self._sums).argmax()]) / self._frames
        offset = round(offset, 5)
        if loudest < _LEAST_POWER:
            return Measures(offset=offset)
        decibels = 10 * math.log10(loudest)
        sounding = np.flatnonzero(levels >= 10 ** (silence_below(decibels) / 10))
        if not len(sounding):
            return Measures(loudest=round(decibels, 1), offset=offset)
        active = float(levels[levels >= loudest * 10 ** (limit("active") / 10)].mean())
        return Measures(
            loudest=round(decibels, 1),
            begins=round(int(sounding[0]) * self._piece / self._rate, 2),
            ends=round((int(sounding[-1]) + 1) * self._piece / self._rate, 2),
            last=round(10 * math.log10(max(last, _LEAST_POWER) / active), 1),
            offset=offset,
            clipped=self._runs,
            ceiling=round(self._ceiling, 5) if self._runs else 0.0,
            places=tuple(self._places),
        )
