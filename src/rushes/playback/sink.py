"""The seam between the player and a way out for sound.

A sink starts int16 samples and stops them, and tells when they started, ended or failed. All
meaning (where the playhead is, what pause and seek are) stays with the player, so that it is the
same on every sink.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from rushes.playback.clip import Clip


class Fault(Enum):
    """Why a sink can't do it.

    ``MISSING``: what it needs isn't installed. ``DEVICE``: the device or server refuses.
    ``UNANSWERED``: it was asked and doesn't say a word. ``CRASHED``: the helper process ended.
    ``TAKEN``: another program plays there now.
    """

    MISSING = "missing"
    DEVICE = "device"
    UNANSWERED = "unanswered"
    CRASHED = "crashed"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class Started:
    """The samples of ``take`` are being played since ``when``, a time of ``time.monotonic()``."""

    take: int
    when: float


@dataclass(frozen=True, slots=True)
class Held:
    """``take`` waits at ``frame`` for samples that are on their way; Started tells that it goes on.

    It comes again and again while that lasts: the sink is alive.
    """

    take: int
    frame: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The last sample of ``take`` was delivered, and the device has drained."""

    take: int


@dataclass(frozen=True, slots=True)
class Failed:
    """``take`` plays no more, or never did; ``line`` says why."""

    take: int
    fault: Fault
    line: str


SinkEvent = Started | Held | Ended | Failed
Tell = Callable[[SinkEvent], None]
"""Hears of what happens in a sink, in a thread of the sink's; must return at once."""


class Sink(Protocol):
    """A way out for sound. No call waits for a device."""

    def start(self, clip: Clip, frame: int, take: int) -> None:
        """Play ``clip`` from ``frame`` to its end; what plays stops. ``take`` numbers the answers.

        Raises:
            PlaybackError: nothing can be started on this machine now.
        """

    def stop(self) -> None:
        """Be silent at once; of the take that was stopped nothing more is told."""

    def prepare(self) -> None:
        """Have ready what makes the next start quick."""

    def close(self) -> None:
        """Be silent, and give up whatever is held."""
