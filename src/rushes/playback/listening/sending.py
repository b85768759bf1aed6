"""What of which clip is sent next, and how much may be on its way: values without a connection.

A line that is kept full makes every start wait behind it. So only as much is sent as comes back
acknowledged without delay: the window grows while answers take no longer than the quickest one
did, and shrinks when they do (the idea of LEDBAT, RFC 6817).
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from rushes.playback.clip import Clip
from rushes.playback.listening.frames import PIECE, ClipFacts
from rushes.playback.listening.pace import Pace

SMALLEST_WINDOW = 2 * PIECE
LARGEST_WINDOW = 4_000_000
"""Bytes on their way, at least and at most."""

FIRST_WINDOW = 3 * PIECE
"""Bytes on their way while nothing is known of the line: half a second of 24 kHz mono."""

_DELAY = 0.03  # s that a queue may add
_SHRINK = 0.7


class Window:
    """How many bytes may be on their way. Times are in seconds of one clock."""

    def __init__(self) -> None:
        self.size = FIRST_WINDOW
        self.waiting = 0
        self._sent: dict[tuple[int, int], tuple[float, int]] = {}
        self._quickest = float("inf")
        self._pace = Pace()
        self._steady = False
        self._shrunk = 0.0

    @property
    def has_room(self) -> bool:
        """Whether a piece may be sent now."""
        return self.waiting < self.size

    @property
    def rate(self) -> float:
        """Bytes a second that have arrived of late; 0 while that isn't known."""
        return self._pace.rate

    def sent(self, key: tuple[int, int], size: int, now: float) -> None:
        """A piece was sent."""
        if key not in self._sent:
            self._sent[key] = (now, size)
            self.waiting += size

    def got(self, key: tuple[int, int], now: float) -> None:
        """A piece has arrived."""
        when, size = self._sent.pop(key, (now, 0))
        if not size:
            return
        self.waiting -= size
        self._pace.came(size, now)
        took = now - when
        self._quickest = min(self._quickest, took)
        if took <= self._quickest + _DELAY:
            grown = size * size // self.size if self._steady else size
            self.size = min(self.size + max(grown, 64), LARGEST_WINDOW)
        elif now - self._shrunk > took:
            self._shrunk = now
            self._steady = True
            self.size = max(int(self.size * _SHRINK), SMALLEST_WINDOW)


@dataclass(slots=True, eq=False)
class Outgoing:
    """A clip under its number: which pieces have been sent, and where the next one is looked for.

    It holds a descriptor of the samples of its own.
    """

    number: int
    facts: ClipFacts
    descriptor: int
    whole: bool = False  # the laptop has it
    sent: bytearray = field(default_factory=bytearray)
    left: int = 0
    cursor: int = 0

    @classmethod
    def of(cls, number: int, facts: ClipFacts, clip: Clip) -> Outgoing:
        """The clip with nothing sent."""
        held = os.dup(clip.descriptor)
        out = cls(number, facts, held)
        out.begin_again()
        return out

    def begin_again(self) -> None:
        """Nothing of it is there."""
        self.whole = False
        self.sent = bytearray(self.facts.pieces)
        self.left = self.facts.pieces

    def look_from(self, frame: int) -> None:
        """What is played from ``frame`` on goes first."""
        self.cursor = min(frame * self.facts.frame_bytes // PIECE, self.facts.pieces - 1)

    def next_piece(self) -> tuple[int, bytes] | None:
        """The number and the bytes of the next piece, which counts as sent; None without one."""
        if self.whole or not self.left:
            return None
        piece = self.sent.find(0, self.cursor)
        if piece < 0:
            piece = self.sent.find(0)
        self.sent[piece] = 1
        self.left -= 1
        self.cursor = piece + 1
        size = min(PIECE, self.facts.size - piece * PIECE)
        return piece, os.pread(self.descriptor, size, piece * PIECE)

    def close(self) -> None:
        """Give the samples up."""
        os.close(self.descriptor)
