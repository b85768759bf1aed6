"""Samples made to fit what every way out plays: one or two channels, a rate that is known.

Nothing is touched that fits already: a 24 kHz mono file reaches the loudspeaker bit for bit.
"""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rushes.media.decode import Pcm

RATES = (8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 192000)
"""Sample rates in Hz that simpleaudio takes; the others resample or take any."""

_ROLL_OFF = 0.05
_OVERLAP_SECONDS = 0.05
_BLOCK_SECONDS = 0.5


def fit(pcm: Pcm) -> Pcm:
    """The clip with at most two channels and a rate out of ``RATES``.

    More than two channels are mixed to one by their mean: a file doesn't tell reliably which
    channel is whose. An odd rate becomes the nearest one that isn't lower, so that no treble is
    lost; above the highest, the highest.
    """
    from rushes.media.decode import Pcm

    samples, rate = pcm.samples, pcm.sample_rate
    if pcm.channels > 2:
        samples = _mean_of_channels(samples)
    wanted = nearest_rate(rate)
    if wanted != rate:
        samples = resample(samples, rate, wanted)
    if samples is pcm.samples:
        return pcm
    return Pcm(samples, wanted)


def nearest_rate(rate: int) -> int:
    """The lowest rate out of ``RATES`` that holds all of ``rate``, else the highest."""
    return next((known for known in RATES if known >= rate), RATES[-1])


def resample(samples: NDArray[np.int16], rate: int, wanted: int) -> NDArray[np.int16]:
    """int16 samples of shape (frames, channels) at another rate, band-limited.

    Block-wise in the frequency domain (overlap-save): each block's spectrum is cut or padded to
    the length that the new rate asks for, which is interpolation by a sinc. A raised cosine over
    the top 5 % below the lower Nyquist frequency keeps the sinc's tails within the overlap.
    The error against a pure tone is below the 16-bit rounding. Times stay: frame ``n`` of the
    result is at ``n / wanted`` seconds.
    """
    import numpy as np

    divisor = gcd(rate, wanted)
    step_in, step_out = rate // divisor, wanted // divisor
    # Blocks and overlaps are whole numbers of steps at both rates.
    overlap = max(1, round(_OVERLAP_SECONDS * divisor))
    advance = max(1, round(_BLOCK_SECONDS * divisor))
    block = advance + 2 * overlap
    block_in, block_out = block * step_in, block * step_out
    edge_in, edge_out = overlap * step_in, overlap * step_out
    window = _roll_off(min(block_in, block_out) // 2 + 1)

    frames, channels = samples.shape
    total = -(-frames * wanted // rate)
    result = np.empty((total, channels), dtype=np.int16)
    for number in range(-(-frames // (advance * step_in))):
        start = number * advance * step_in - edge_in
        piece = np.zeros((block_in, channels))
        first, last = max(start, 0), min(start + block_in, frames)
        piece[first - start : last - start] = samples[first:last]
        spectrum = np.fft.rfft(piece, axis=0)[: len(window)] * window[:, None]
        sound = np.fft.irfft(spectrum, n=block_out, axis=0) * (block_out / block_in)
        target = number * advance * step_out
        count = min(advance * step_out, total - target)
        rounded = np.rint(sound[edge_out : edge_out + count])
        result[target : target + count] = np.clip(rounded, -32768, 32767)
    return result


def _roll_off(bins: int) -> NDArray[np.float64]:
    import numpy as np

    place = np.arange(bins) / max(bins - 1, 1)
    fall = np.clip((place - (1 - _ROLL_OFF)) / _ROLL_OFF, 0.0, 1.0)
    window: NDArray[np.float64] = 0.5 + 0.5 * np.cos(np.pi * fall)
    return window


def _mean_of_channels(samples: NDArray[np.int16]) -> NDArray[np.int16]:
    import numpy as np

    mixed = np.empty((len(samples), 1), dtype=np.int16)
    for start in range(0, len(samples), 1 << 16):
        piece = samples[start : start + (1 << 16)]
        mixed[start : start + len(piece), 0] = np.rint(piece.mean(axis=1, dtype=np.float64))
    return mixed
