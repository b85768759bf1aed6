"""When a clip that is still coming in may start, and when its sound has to wait."""

from __future__ import annotations

from collections import deque

READS_AHEAD = {"simpleaudio": 0.35, "miniaudio": 0.1}
"""Seconds that a route reads ahead of the ear, while others take a clip at once. Measured:
simpleaudio plays on for 0.3 s after its stop, miniaudio holds three periods of 10 ms."""

LEAD = 0.1
"""Seconds of sound beyond that which are there before it starts; without half of them it waits."""

_SOON = 0.08  # s in which all would be there anyway
_CARE = 1.15
_SPARE = 0.15
_MEMORY = 2.0


class Pace:
    """How fast samples come. Times in seconds of one clock, sizes in bytes."""

    def __init__(self) -> None:
        self._came: deque[tuple[float, int]] = deque()
        self._total = 0

    def came(self, size: int, now: float) -> None:
        """A piece has come."""
        if self._came and now - self._came[-1][0] > _MEMORY:
            self._came.clear()  # nothing was on its way meanwhile
            self._total = 0
        self._came.append((now, size))
        self._total += size
        while len(self._came) > 2 and now - self._came[0][0] > _MEMORY:
            self._total -= self._came.popleft()[1]

    @property
    def rate(self) -> float:
        """Bytes a second of late; 0 while that isn't known."""
        if len(self._came) < 2:
            return 0.0
        took = self._came[-1][0] - self._came[0][0]
        return (self._total - self._came[0][1]) / max(took, 1e-6)


def may_start(ahead: int, missing: int, playing: float, coming: float, reads_ahead: float) -> bool:
    """Whether sound may start: from here on it comes at least as fast as it is played.

    ``ahead`` bytes are there, ``missing`` are to come; ``playing`` and ``coming`` are bytes a
    second, ``reads_ahead`` seconds of the route. What is there within a moment is waited for.
    """
    if not missing:
        return True
    if not coming or missing / coming <= _SOON:
        return False
    if ahead < (LEAD + reads_ahead) * playing:
        return False
    return missing / coming * _CARE + _SPARE <= (ahead + missing) / playing


def runs_dry(ahead: int, playing: float, reads_ahead: float) -> bool:
    """Whether ``ahead`` bytes before the ear are so few that the sound must wait."""
    return ahead < (LEAD / 2 + reads_ahead) * playing
