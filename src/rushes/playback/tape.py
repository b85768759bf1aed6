"""What a device is fed with: a stretch of samples, what follows it, and how far it has come."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from rushes.playback import protocol

if TYPE_CHECKING:
    from rushes.playback.protocol import Order


class Tape:
    """Samples on their way to a device, handed over all at once or piece by piece.

    Interleaved int16 in the machine's byte order, ``rate`` in Hz. ``far``: the way to the
    loudspeaker is so long that the device needs large buffers. ``handed_at`` is the time of the
    last piece and ``began`` that of the first, moved on by whatever time the device had nothing to
    play: at ``began + t`` the ``t``-th second of all that was handed over is heard. Both are
    times of ``time.monotonic()``, 0 before the first piece.
    """

    def __init__(self, order: Order, samples: memoryview) -> None:
        self.rate = order.rate
        self.channels = order.channels
        self.far = order.far
        self.began = self.handed_at = 0.0
        self._frame = 2 * order.channels
        self._lock = threading.Lock()
        self._samples = samples
        self._place = order.first
        self._loop = order.loop
        self._following: tuple[memoryview, bool] | None = None
        self._handed = 0  # frames
        self._over = False

    @property
    def whole(self) -> memoryview:
        """All samples, for a device that takes them at once."""
        return self._samples[self._place :]

    @property
    def duration(self) -> float:
        """The length of ``whole`` in seconds."""
        return (len(self._samples) - self._place) / (self._frame * self.rate)

    def join(self, order: Order, samples: memoryview) -> tuple[float, float] | None:
        """Let other samples take over, where ``order`` says; what was to follow is forgotten.

        Gives the time when they will be heard and their position then, in seconds; the position
        is ``GOES_ON`` for what takes over at the end. None: all was handed over already.
        """
        with self._lock:
            if self._over:
                return None
            if order.place == protocol.END:
                self._following = (samples, order.loop)
                return time.monotonic(), protocol.GOES_ON
            self._samples, self._loop, self._following = samples, order.loop, None
            if self._place >= len(samples):
                self._place = 0
            heard = self.began + self._handed / self.rate
            return heard, self._place / (self._frame * self.rate)

    def take(self, frames: int) -> bytes | memoryview:
        """The next so many frames, fewer at the end, none after it."""
        with self._lock:
            self._note_time()
            piece = self._next(frames * self._frame)
            self._handed += len(piece) // self._frame
        return piece

    def _note_time(self) -> None:
        now = self.handed_at = time.monotonic()
        # Later than the end of what was handed over before: the device has waited.
        self.began = max(self.began, now - self._handed / self.rate)

    def _next(self, wanted: int) -> bytes | memoryview:
        piece = self._samples[self._place : self._place + wanted]
        self._place += len(piece)
        if len(piece) == wanted:
            return piece
        pieces = [piece]
        missing = wanted - len(piece)
        while missing and self._turn():
            piece = self._samples[self._place : self._place + missing]
            self._place += len(piece)
            missing -= len(piece)
            pieces.append(piece)
        return b"".join(pieces)

    def _turn(self) -> bool:
        """Go back to the beginning, or on to what follows; False: there is no more."""
        if not self._loop:
            if self._following is None:
                self._over = True
                return False
            (self._samples, self._loop), self._following = self._following, None
        self._place = 0
        return len(self._samples) > 0
