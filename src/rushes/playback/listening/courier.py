"""Sending files to the laptop that listens, and going on where a break has interrupted that."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from rushes.errors import RushesError, TargetError
from rushes.playback.listening import frames
from rushes.playback.listening.frames import PIECE, Frame
from rushes.playback.listening.place import relay_socket
from rushes.playback.listening.remote import Remote
from rushes.playback.listening.sending import Window

PATIENCE = 60.0
"""Seconds that a break may last before the rest is given up."""

_FIRST_LOOK = 5.0
_LOOK_EVERY = 0.2
_HASHED = 1 << 20
_LISTEN = "On the machine you sit at type: rushes listen USER@HOST"

Watch = Callable[[int, int], None]


class Courier:
    """Takes files to the laptop, one after the other. ``relay`` is the path of its socket.

    Raises:
        TargetError: nobody listens, or with a rushes that takes no files.
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
        self._look: Callable[[], None] = lambda: None
        self._remote = Remote(relay or relay_socket(), self._listener_changed)
        self._remote.begin()
        laptop = self._remote.settled(_FIRST_LOOK)
        if laptop is None or not self._remote.can("home"):
            problem = self._remote.problem
            self._remote.close()
            raise _nobody(problem) if laptop is None else _takes_none(laptop.host)
        self.host = laptop.host
        """The laptop's name."""
        self._remote.attach(self._hear)

    def close(self) -> None:
        """Let the connection go."""
        self._remote.close()

    def take(self, path: Path, watch: Watch = lambda *_: None) -> str:
        """Send one file, and give where it lies on the laptop; the rest is as for ``carry``."""
        try:
            with path.open("rb") as file:
                return self.carry(path.name, file, watch)
        except OSError as error:
            raise RushesError(f"{path} can't be read", error.strerror or str(error)) from None

    def carry(self, name: str, file: BinaryIO, watch: Watch = lambda *_: None) -> str:
        """Send what an open file holds under a name, and give where it lies; waits for that.

        ``watch`` hears the bytes that are there and all of them, now and then while nothing comes
        as well; what it raises calls the file off, and then nothing of it stays on the laptop.

        Raises:
            TargetError: the laptop is gone for too long.
            RushesError: the laptop refuses the file.
            OSError: it can't be read.
        """
        found = hashlib.sha256()
        file.seek(0)
        while block := file.read(_HASHED):
            found.update(block)
        size = file.tell()
        self._look = lambda: watch(max(0, self._there), size)
        try:
            while True:
                self._announce(size, found.digest(), name)
                landed = self._send(file, size)
                if landed is not None:
                    return landed
                self._await(lambda: self._remote.listener is not None)
        except BaseException:
            self._remote.send(frames.WITHDRAW, frames.pack_number(self._number))
            raise

    def _announce(self, size: int, digest: bytes, name: str) -> None:
        with self._changed:
            self._number += 1
            self._window = Window()
            self._there, self._landed, self._refused, self._broken = -1, None, None, False
        self._remote.send(frames.FILE, frames.pack_file(self._number, size, digest, name))

    def _send(self, file: BinaryIO, size: int) -> str | None:
        """Send what the laptop lacks; where it lies then, or None after a break."""
        self._await(lambda: self._there >= 0 or self._is_over())
        sent = self._there
        while not self._is_over():
            self._look()
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
            self._await(self._may_go_on if sent < size else self._is_over)
        if self._refused is not None:
            raise RushesError("the laptop doesn't take it", self._refused)
        return self._landed

    def _may_go_on(self) -> bool:
        return self._window.has_room or self._is_over()

    def _is_over(self) -> bool:
        return self._landed is not None or self._refused is not None or self._broken

    def _await(self, holds: Callable[[], bool]) -> None:
        """Wait for something of the laptop's, with a look at whether it is still wanted."""
        deadline = time.monotonic() + self._patience
        while True:
            with self._changed:
                if self._changed.wait_for(holds, _LOOK_EVERY):
                    return
            self._look()
            if time.monotonic() > deadline:
                why = "it has been out of reach for too long"
                raise TargetError("nothing more goes to the laptop", why, _LISTEN)

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


def _nobody(problem: str) -> TargetError:
    return TargetError("Nobody listens", problem, "" if problem else _LISTEN)


def _takes_none(host: str) -> TargetError:
    why = "it is a page in a browser, or its rushes is too old for that"
    return TargetError(f"who listens on {host} takes no files", why, _LISTEN)
