"""The relay's place while nobody listens yet: who plays is told what is still to be done.

A page in a browser may make no sound before somebody has clicked into it. Until then the place is
held by a relay without a far side, which leaves as soon as anybody wants to listen.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path

from rushes.errors import PlaybackError
from rushes.logs import logger
from rushes.playback.listening import frames
from rushes.playback.listening.frames import Frame, Hello
from rushes.playback.listening.link import Link, socket_link
from rushes.playback.listening.place import Claim, is_ours
from rushes.playback.listening.relay import MOST_PROGRAMS

_log = logger(__name__)


class Doorstep:
    """Holds the place at ``path`` where it is free. Safe from any thread.

    Args:
        path: of the relay's socket.
        hello: what it says of itself.
        words: the line for people that programs are told.
    """

    def __init__(self, path: Path, hello: Hello, words: str) -> None:
        self._path = path
        self._hello = hello
        self._words = words
        self._lock = threading.RLock()
        self._claim: Claim | None = None
        self._listening: socket.socket | None = None
        self._programs: set[Link] = set()

    def take(self) -> None:
        """Take the place, unless somebody has it."""
        with self._lock:
            if self._claim is not None:
                return
            try:
                claim = Claim(self._path)
            except (BlockingIOError, PlaybackError):
                return
            try:
                listening = claim.listen()
            except PlaybackError as error:
                _log.warning("%s", error)
                claim.release()
                return
            self._claim, self._listening = claim, listening
            threading.Thread(target=self._accept, args=[listening], daemon=True).start()

    def leave(self) -> None:
        """Leave the place to others."""
        with self._lock:
            claim, listening = self._claim, self._listening
            self._claim = self._listening = None
            programs = list(self._programs)
        if claim is None or listening is None:
            return
        claim.release()
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        for program in programs:
            program.close("somebody listens now")

    def _accept(self, listening: socket.socket) -> None:
        with listening:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with self._lock:
                    is_welcome = is_ours(connection) and len(self._programs) < MOST_PROGRAMS
                    if is_welcome and self._listening is listening:
                        self._welcome(connection)
                    else:
                        connection.close()

    def _welcome(self, connection: socket.socket) -> None:
        program = socket_link(connection, hear=self._hear, gone=lambda _: self._forget(program))
        self._programs.add(program)
        program.begin(
            Frame(frames.HELLO, 0, self._hello.packed()),
            Frame(frames.WAITS, 0, frames.pack_line(self._words)),
            Frame(frames.ASLEEP, 0),
        )

    def _hear(self, frame: Frame) -> None:
        if frame.kind == frames.TAKE_OVER:
            self.leave()

    def _forget(self, program: Link) -> None:
        with self._lock:
            self._programs.discard(program)
