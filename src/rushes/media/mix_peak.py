"""The highest that a mix gets, between its samples too, block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.media.loudness import TAPS, highest_between

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_PIECE = 256
"""Frames that are looked at or passed over together."""


class Peak:
    """``true_peak`` of what was fed so far, as ITU-R BS.1770-4 has it; full scale is 1.0.

    ``sample_peak`` is the highest sample alone.
    """

    def __init__(self, channels: int) -> None:
        import numpy as np

        self.true_peak = self.sample_peak = 0.0
        self._before = np.zeros((channels, TAPS - 1), dtype=np.float32)

    def feed(self, block: NDArray[np.float64]) -> None:
        """Take the next block, of shape (frames, channels)."""
        import numpy as np

        self.sample_peak = max(self.sample_peak, float(np.abs(block).max(initial=0.0)))
        frames = -(-len(block) // _PIECE) * _PIECE
        padded = np.zeros((block.shape[1], TAPS - 1 + frames), dtype=np.float32)
        padded[:, : TAPS - 1] = self._before
        padded[:, TAPS - 1 : TAPS - 1 + len(block)] = block.T
        for channel in padded:
            peaks = np.abs(channel[TAPS - 1 :]).reshape(-1, _PIECE).max(axis=1)
            highest = max(self.true_peak, float(peaks.max(initial=0.0)))
            self.true_peak = highest_between(channel, peaks, highest)
        self._before = padded[:, len(block) : len(block) + TAPS - 1].copy()

    def finish(self) -> None:
        """Take the silence behind the end, where the interpolated curve still swings."""
        import numpy as np

        self.feed(np.zeros((TAPS - 1, len(self._before))))
        self.true_peak = max(self.true_peak, self.sample_peak)
