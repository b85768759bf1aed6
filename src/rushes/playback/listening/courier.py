"""Sending files to the laptop that listens, and going on where a break has interrupted that."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from rushes.errors import PlaybackError, RushesError
from rushes.playback.listening import frames
from rushes.playback.listening.frames import PIECE, Frame
from rushes.playback.listening.place import relay_socket
from rushes.playback.listening.remote import Remote
from rushes.playback.listening.sending import Window

PATIENCE = 60.0
"""Seconds that a break may last before the rest is given up."""

_HASHED = 1 << 20

Watch = Callable[[int, int], None]


class Courier:
    """Takes files to the laptop, one after the other. ``relay`` is the path of its socket.

    Raises:
        PlaybackError: nobody listens.
    """

    def __init__(self, relay: Path | None = None, patience: float = PATIENCE) -> None:
        self._changed = threading.Condition()
        self._patience = patience
        self._number = 0
        self._window = Window()
        self._there = -1  # bytes that the laptop has
        self._landed: str | None = None
        self._refused: str | None = None
        self._broken = False
        self._remote = Remote(relay or relay_socket(), self._listener_changed)
        self._remote.begin()
        fix = "On the machine you sit at type: rushes listen USER@HOST"
        if self._remote.settled(patience) is None:
            problem = self._remote.problem
            self._remote.close()
            raise PlaybackError("Nobody listens", problem, "" if problem else fix)
        if not self._remote.can("home"):
            self._remote.close()
            raise PlaybackError("who listens takes no files", "it is a page in a browser", fix)
        self._remote.attach(self._hear)

    def close(self) -> None:
        """Let the connection go."""
        self._remote.close()

    def take(self, path: Path, watch: Watch = lambda *_: None) -> str:
        """Send one file, and give where it lies on the laptop; waits for that.

        ``watch`` hears the bytes that are there and all of them; what it raises calls it off.

        Raises:
            RushesError: it can't be read, the laptop refuses it, or is gone for too long.
        """
        try:
            with path.open("rb") as file:
                return self._take(path.name, file, watch)
        except OSError as error:
            raise RushesError(f"{path} can't be read", error.strerror or str(error)) from None

    def _take(self, name: str, file: IO[bytes], watch: Watch) -> str:
        found = hashlib.sha256()
        while block := file.read(_HASHED):
            found.update(block)
        size = file.tell()
        while True:
            self._announce(size, found.digest(), name)
            landed = self._send(file, size, watch)
            if landed is not None:
                return landed
            self._await(lambda: self._remote.listener is not None, name)

    def _announce(self, size: int, digest: bytes, name: str) -> None:
        with self._changed:
            self._number += 1
            self._window = Window()
            self._there, self._landed, self._refused, self._broken = -1, None, None, False
        self._remote.send(frames.FILE, frames.pack_file(self._number, size, digest, name))

    def _send(self, file: IO[bytes], size: int, watch: Watch) -> str | None:
        """Send what the laptop lacks; where it lies then, or None after a break."""
        self._await(lambda: self._there >= 0 or self._is_over(), "the file")
        sent = self._there
        while not self._is_over():
            watch(max(0, self._there), size)
            if sent < size and self._window.has_room:
                file.seek(sent)
                data = file.read(min(PIECE, size - sent))
                if not data:
                    raise RushesError("the file has become shorter while it was sent")
                end = sent + len(data)
                with self._changed:
                    self._window.sent((self._number, end), len(data), time.monotonic())
                self._remote.send(frames.PART, frames.pack_part(self._number, sent, data))
                sent = end
                continue
            self._await(self._may_go_on if sent < size else self._is_over, "the file")
        if self._refused is not None:
            raise RushesError("the laptop doesn't take it", self._refused)
        return self._landed

    def _may_go_on(self) -> bool:
        return self._window.has_room or self._is_over()

    def _is_over(self) -> bool:
        return self._landed is not None or self._refused is not None or self._broken

    def _await(self, holds: Callable[[], bool], what: str) -> None:
        with self._changed:
            if not self._changed.wait_for(holds, self._patience):
                raise PlaybackError(f"{what} isn't at the laptop", "it is out of reach")

    def _listener_changed(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _hear(self, frame: Frame | None) -> None:
        with self._changed:
            if frame is None:
                self._broken = True
            elif frame.kind == frames.FROM:
                number, offset, _ = frames.unpack_part(frame.body)
                if number == self._number:
                    self._there = offset
                    self._window.got((number, offset), time.monotonic())
            elif frame.kind in (frames.LANDED, frames.UNLANDED):
                number = frames.unpack_number(frame.body[:4])
                words = frames.line(frame.body[4:])
                if number == self._number and frame.kind == frames.LANDED:
                    self._landed = words
                elif number == self._number:
                    self._refused = words
            self._changed.notify_all()
