"""Samples at another rate, in blocks, with numpy alone."""

from __future__ import annotations

from math import ceil, gcd
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Tables = dict[tuple[int, int], tuple[Floats | None, Floats | None]]
    """Weights by the rates that they lead from and to."""

CROSSINGS = 64
"""Zero crossings of the sinc on either side that a sample is made of."""

PASSED = 0.95
"""The middle of the filter's edge, as a part of half the lower rate."""

BETA = 10.06126
"""Of the Kaiser window: 0.1102 (A - 8.7) for A = 100 dB (J. F. Kaiser and R. W. Schafer, 1980)."""

_GROUP = 64
_MOST_PHASES = 1024
_MOST_WEIGHTS = 1 << 23
_AT_ONCE = 4096


class Resampler:
    """One clip at ``rate``, to be had at ``wanted`` (Hz), pushed block by block.

    Band-limited interpolation (J. O. Smith, "Digital Audio Resampling", CCRMA). Sample n of the
    result stands at the place t = n rate / wanted of the clip, and is the sum over k of

        x[k] h(t - k),  h(u) = sinc(c u) kaiser(u / T),  k from floor(t) - T + 1 to floor(t) + T

    with c = ``PASSED`` min(1, wanted / rate), T = ceil(``CROSSINGS`` / min(1, wanted / rate)), and
    kaiser(v) = I0(``BETA`` sqrt(1 - v²)). The 2 T weights of a sample are divided by their sum, so
    that a constant stays what it is; outside of the clip x is 0. A clip of N samples becomes
    ceil(N wanted / rate); at an equal rate it stays as it is. All of it in float64.

    At the edge of hearing: up to 0.9 of half the lower rate passes whole, what lies beyond that
    half is 100 dB down.

    ``known`` are weights that others have worked out: between odd rates that takes seconds.
    """

    def __init__(self, rate: int, wanted: int, channels: int, known: Tables | None = None) -> None:
        import numpy as np

        common = gcd(rate, wanted)
        self._up, self._down = wanted // common, rate // common
        narrowed = min(1.0, wanted / rate)
        self._half = ceil(CROSSINGS / narrowed)
        self._cutoff = PASSED * narrowed
        # Before the clip there is silence. ``_first`` is the place of what is held first.
        self._held = np.zeros((channels, self._half - 1))
        self._first = 1 - self._half
        self._taken = self._made = 0
        self._group = self._up * max(1, _GROUP // self._up)
        self._bank: Floats | None = None
        self._rows: Floats | None = None
        if self._up == self._down:
            return
        tables = {} if known is None else known
        if (rate, wanted) in tables:
            self._bank, self._rows = tables[rate, wanted]
            return
        if self._up <= _MOST_PHASES:
            self._bank = self._banked()
        elif 2 * self._half * self._up <= _MOST_WEIGHTS:
            self._rows = self._weights(np.arange(self._up))
        tables[rate, wanted] = self._bank, self._rows

    def push(self, block: Floats) -> Floats:
        """Take the next samples, of shape (frames, channels); gives those that can be made."""
        self._taken += len(block)
        return block if self._up == self._down else self._pushed(block)

    def finish(self) -> Floats:
        """The rest, once all was pushed."""
        import numpy as np

        channels = len(self._held)
        left = -(-self._taken * self._up // self._down) - self._made
        if self._up == self._down:
            return np.zeros((0, channels))
        beyond = 2 * self._half + (2 * self._group * self._down) // self._up + 2
        return self._pushed(np.zeros((beyond, channels)))[:left]

    def _pushed(self, block: Floats) -> Floats:
        import numpy as np

        self._held = np.concatenate([self._held, block.T], axis=1)
        made = self._by_one() if self._bank is None else self._by_groups(self._bank)
        self._made += len(made)
        return made

    def _banked(self) -> Floats:
        """The weights of a group of samples, after which they come again, in one matrix."""
        import numpy as np

        places = np.arange(self._group, dtype=np.int64) * self._down
        weights = self._weights(places % self._up)
        begins = places // self._up
        bank = np.zeros((int(begins[-1]) + 2 * self._half, self._group))
        for sample, begin in enumerate(begins):
            bank[begin : begin + 2 * self._half, sample] = weights[sample]
        return bank

    def _by_groups(self, bank: Floats) -> Floats:
        import numpy as np
        from numpy.lib.stride_tricks import sliding_window_view

        channels, held = self._held.shape
        span, step = len(bank), self._group * self._down // self._up
        groups = max(0, (held - span) // step + 1)
        if not groups:
            return np.zeros((0, channels))
        windows = sliding_window_view(self._held, span, axis=1)[:, ::step][:, :groups]
        made = np.ascontiguousarray(windows).reshape(-1, span) @ bank
        self._drop(groups * step)
        return made.reshape(channels, -1).T

    def _by_one(self) -> Floats:
        """The same where weights seldom come again: rates such as 44,101 Hz."""
        import numpy as np
        from numpy.lib.stride_tricks import sliding_window_view

        channels, held = self._held.shape
        made = [np.zeros((0, channels))]
        number = self._made
        taps = 2 * self._half
        windows = sliding_window_view(self._held, taps, axis=1) if held >= taps else None
        while windows is not None:
            places = (number + np.arange(_AT_ONCE, dtype=np.int64)) * self._down
            begins = places // self._up - self._half + 1 - self._first
            fits = int(np.searchsorted(begins, held - taps, side="right"))
            if not fits:
                break
            phases = places[:fits] % self._up
            weights = self._weights(phases) if self._rows is None else self._rows[phases]
            made.append(np.einsum("cnt,nt->nc", windows[:, begins[:fits]], weights))
            number += fits
        self._drop(max(0, number * self._down // self._up - self._half + 1 - self._first))
        return np.concatenate(made)

    def _drop(self, frames: int) -> None:
        frames = min(frames, self._held.shape[1])
        self._held = self._held[:, frames:].copy()
        self._first += frames

    def _weights(self, phases: NDArray[np.int64]) -> Floats:
        """The weights of samples so many parts of ``_up`` behind one of the clip, a row each."""
        import numpy as np

        steps = np.arange(1 - self._half, self._half + 1)
        apart = phases[:, np.newaxis] / self._up - steps
        inside = np.sqrt(np.maximum(0.0, 1.0 - (apart / self._half) ** 2))
        weights = np.sinc(self._cutoff * apart) * np.i0(BETA * inside)
        return np.asarray(weights / weights.sum(axis=1, keepdims=True))
