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


class Place(Enum):
    """Where another stretch joins the sound that runs.

    ``HERE``: at once, from the frame that the running one has reached; from its beginning where it
    is shorter. ``END``: once the running one has ended.
    """

    HERE = "here"
    END = "end"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sound to be made: a clip from ``frame`` to its end.

    With ``loop`` it goes on from the clip's beginning, and so on for ever. ``title`` is what a
    listener calls it: the name that the face gave. ``made_of`` is the clip that it was made of by
    so many dB more, where it isn't as loud as its file.
    """

    clip: Clip
    frame: int = 0
    loop: bool = False
    title: str = ""
    made_of: tuple[Clip, float] | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """The samples of ``take`` are being played.

    At ``when``, a time of ``time.monotonic()``, the sound is ``position`` seconds into its clip.
    None: the sound that runs just goes on under this take, as what joins it does so at its end.
    """

    take: int
    when: float
    position: float | None


@dataclass(frozen=True, slots=True)
class Missed:
    """``take`` was to join the sound that runs, but nothing ran any more."""

    take: int


@dataclass(frozen=True, slots=True)
class Slipped:
    """The device had nothing to play for some seconds: all that follows is heard later."""

    take: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Held:
    """``take`` waits at ``position`` (s) for samples on their way; Started tells that it goes on.

    It comes again and again while that lasts: the sink is alive.
    """

    take: int
    position: float


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


SinkEvent = Started | Missed | Slipped | Held | Ended | Failed
Tell = Callable[[SinkEvent], None]
"""Hears of what happens in a sink, in a thread of the sink's; must return at once."""


class Sink(Protocol):
    """A way out for sound. No call waits for a device."""

    @property
    def streams(self) -> bool:
        """Whether it can loop, and take more while it plays; else it plays a clip once."""

    def start(self, stretch: Stretch, take: int) -> None:
        """Play a stretch; what plays stops. ``take`` numbers the answers.

        Raises:
            PlaybackError: nothing can be started on this machine now.
        """

    def join(self, stretch: Stretch, take: int, place: Place) -> None:
        """Go on with a stretch of the same rate and channels without a gap, if ``streams``.

        What was to follow is forgotten. From now on ``take`` numbers the answers; the first is
        ``Started``, or ``Missed``.
        """

    def stop(self) -> None:
        """Be silent at once; of the take that was stopped nothing more is told."""

    def prepare(self) -> None:
        """Have ready what makes the next start quick."""

    def close(self) -> None:
        """Be silent, and give up whatever is held."""
