"""How loud a clip is, and the same clip louder or softer, or several clips as one."""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rushes.errors import PlaybackError
from rushes.playback.clip import Clip, hold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SILENT = float("-inf")
"""The level of a clip that has no sound in it, in dBFS."""

_BLOCK = 1 << 20  # samples at a time
_FULL_SCALE = 32768.0


def level_of(clip: Clip) -> float:
    """RMS of all samples of all channels in dBFS: 20 log10(rms / 32768); ``SILENT`` for none."""
    import numpy as np

    total = 0.0
    for block in _blocks(clip):
        wide = block.astype(np.float64)
        total += float(np.dot(wide, wide))
    count = clip.frames * clip.channels
    if not total or not count:
        return SILENT
    return float(20 * np.log10(np.sqrt(total / count) / _FULL_SCALE))


def matching(level: float, other: float) -> float:
    """By how many dB a clip of that level goes down to be as loud as another; in dBFS, or LUFS.

    0 or less: the louder of the two gives way, so that matching never clips.
    """
    if SILENT in (level, other):
        return 0.0
    return min(0.0, other - level)


def amplified(clip: Clip, gain: float) -> Clip:
    """The clip with ``gain`` dB more, rounded to the nearest; what goes beyond full scale is cut.

    Raises:
        PlaybackError: there is no room for it.
    """
    table = gain_table(gain)

    def louder() -> Iterator[memoryview]:
        for block in _blocks(clip):
            yield table[block.view("uint16")].data.cast("B")

    return hold(louder(), clip.sample_rate, clip.channels, clip.frames)


def gain_table(gain: float) -> NDArray[np.int16]:
    """What each int16 value becomes with ``gain`` dB more, by its bits taken as unsigned."""
    import numpy as np

    values = np.arange(65_536, dtype=np.uint16).view(np.int16)
    wanted = np.clip(np.rint(values * 10.0 ** (gain / 20)), -32_768, 32_767)
    table: NDArray[np.int16] = wanted.astype(np.int16)
    return table


def spliced(clips: Sequence[Clip]) -> Clip:
    """Clips of one rate and one number of channels, one after the other.

    Raises:
        PlaybackError: there is no room for them.
    """
    first = clips[0]

    def samples() -> Iterator[memoryview]:
        for clip in clips:
            for block in _blocks(clip):
                yield block.data.cast("B")

    frames = sum(clip.frames for clip in clips)
    return hold(samples(), first.sample_rate, first.channels, frames)


def _blocks(clip: Clip) -> Iterator[NDArray[np.int16]]:
    """The samples of all channels, some at a time."""
    import numpy as np

    if not clip.frames:
        return
    try:
        mapped = mmap.mmap(clip.descriptor, clip.frames * clip.frame_bytes, prot=mmap.PROT_READ)
    except (OSError, ValueError) as error:
        raise PlaybackError("The clip can't be played", str(error)) from None
    samples = np.frombuffer(mapped, np.int16)
    for start in range(0, len(samples), _BLOCK):
        yield samples[start : start + _BLOCK]
