"""Loudness and true peak by ITU-R BS.1770-4, in blocks, with numpy alone.

K-weighting is done by fast convolution: the response of the two filters is sampled on the grid of
the transform, whose segments overlap by more than the filters ring (60 ms after which 1e-6 is
left of them).
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

RINGING = 0.06
"""Seconds that the filters ring."""

BLOCK_HOPS = 4
"""Steps of 100 ms in a gating block of 400 ms, which overlap by 75 %."""

_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0

# The filters of BS.1770-4, tables 1 and 2, as the analogue ones they are made of (B. De Man,
# "Evaluation of implementations of the EBU R128 loudness measurement", 2018): at 48 kHz they give
# the tables' coefficients, and at other rates the same curve.
_SHELF = (1681.9744509555319, 0.7071752369554193, 3.99984385397)  # Hz, Q, dB
_HIGH_PASS = (38.13547087613982, 0.5003270373253953)
_OF_BAND = 0.45  # of the sample rate: no corner lies above, whatever the rate

# BS.1770-4 annex 2: a filter of 48 taps for four times the rate, as four phases of 12; the other
# two are these two backwards.
_PHASES = (
    (
        0.0017089843750,
        0.0109863281250,
        -0.0196533203125,
        0.0332031250000,
        -0.0594482421875,
        0.1373291015625,
        0.9721679687500,
        -0.1022949218750,
        0.0476074218750,
        -0.0266113281250,
        0.0148925781250,
        -0.0083007812500,
    ),
    (
        -0.0291748046875,
        0.0292968750000,
        -0.0517578125000,
        0.0891113281250,
        -0.1665039062500,
        0.4650878906250,
        0.7797851562500,
        -0.2003173828125,
        0.1015625000000,
        -0.0582275390625,
        0.0330810546875,
        -0.0189208984375,
    ),
)
TAPS = 12
"""Samples that one interpolated value is made of."""

_MOST_GAIN = max(sum(map(abs, phase)) for phase in _PHASES)


@lru_cache(maxsize=8)
def k_weighting(sample_rate: int, size: int) -> NDArray[np.complex64]:
    """The response of the K-weighting filters at the frequencies of a real FFT of ``size``."""
    import numpy as np

    z = np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size)
    response = np.ones(len(z), dtype=np.complex128)
    for b, a in (_shelf(sample_rate), _high_pass(sample_rate)):
        response *= (b[0] + b[1] * z + b[2] * z * z) / (1.0 + a[0] * z + a[1] * z * z)
    return response.astype(np.complex64)


def _shelf(sample_rate: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    frequency, q, gain = _SHELF
    k = math.tan(math.pi * min(frequency / sample_rate, _OF_BAND))
    high = 10 ** (gain / 20)
    band = high**0.4996667741545416
    over = 1 + k / q + k * k
    b = (high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k)
    return tuple(value / over for value in b), _poles(k, q)


def _high_pass(sample_rate: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    frequency, q = _HIGH_PASS
    return (1.0, -2.0, 1.0), _poles(math.tan(math.pi * min(frequency / sample_rate, _OF_BAND)), q)


def _poles(k: float, q: float) -> tuple[float, float]:
    over = 1 + k / q + k * k
    return 2 * (k * k - 1) / over, (1 - k / q + k * k) / over


def integrated(hops: NDArray[np.float64], whole: float) -> float | None:
    """Integrated loudness in LUFS from K-weighted powers; None where all is below the gate.

    ``hops`` are the mean squares of every 100 ms, channels added with their weights; a clip
    shorter than a gating block of 400 ms is one block by itself, of power ``whole``.
    """
    import numpy as np

    if len(hops) < BLOCK_HOPS:
        blocks = np.array([whole])
    else:
        sums = np.cumsum(np.concatenate([[0.0], hops]))
        blocks = (sums[BLOCK_HOPS:] - sums[:-BLOCK_HOPS]) / BLOCK_HOPS
    loud = blocks[blocks > _power(_ABSOLUTE_GATE)]
    if not len(loud):
        return None
    gate = _power(_loudness(float(loud.mean())) + _RELATIVE_GATE)
    return _loudness(float(loud[loud > gate].mean()))


def channel_weights(channels: int) -> NDArray[np.float64]:
    """The weights of BS.1770-4, table 3, for channels in the order of a WAV file."""
    import numpy as np

    weights = np.ones(channels)
    if channels == 5:
        weights[3:] = 1.41
    elif channels == 6:  # L R C LFE Ls Rs
        weights[3:] = 0.0, 1.41, 1.41
    return weights


def highest_between(samples: Floats, peaks: Floats, above: float) -> float:
    """The largest absolute value between samples at four times their rate, at least ``above``.

    ``samples`` has shape (frames + ``TAPS`` - 1,): those of pieces of equal length, one after
    another, and before them what came before. ``peaks`` are the largest absolute samples of each
    piece. Pieces in which nothing can reach ``above`` aren't looked at.
    """
    import numpy as np
    from numpy.lib.stride_tricks import sliding_window_view

    before = np.abs(samples[: TAPS - 1]).max()
    near = np.maximum(peaks, np.concatenate([[before], peaks[:-1]]))
    chosen = np.flatnonzero(near * _MOST_GAIN > above)
    if not len(chosen):
        return above
    length = (len(samples) - TAPS + 1) // len(peaks)
    pieces = sliding_window_view(samples, length + TAPS - 1)[chosen * length]
    taps = np.array([*_PHASES, *(phase[::-1] for phase in _PHASES)], dtype=np.float32)
    between = sliding_window_view(pieces, TAPS, axis=1) @ taps.T
    return max(above, float(between.max()), -float(between.min()))


def _loudness(power: float) -> float:
    return -0.691 + 10 * math.log10(power)


def _power(loudness: float) -> float:
    return float(10 ** ((loudness + 0.691) / 10))
