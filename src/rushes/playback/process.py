"""One helper process as the player sees it: started, spoken to, heard, killed and reaped."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

from rushes.errors import PlaybackError
from rushes.playback import protocol
from rushes.playback.protocol import Message
from rushes.playback.sink import Place, Stretch

GONE = 0
"""Kind of the last message that is heard of a helper: its process was reaped."""

_PLACES = {Place.HERE: protocol.HERE, Place.END: protocol.END}

Hear = Callable[["HelperProcess", Message], None]


class HelperProcess:
    """A running helper. ``hear`` gets its messages in a thread of its own, GONE last of all.

    Raises:
        PlaybackError: no process can be started.
    """

    def __init__(self, backend: str, hear: Hear, log: Path) -> None:
        self.ready = False
        self._hear = hear
        self._reaping = threading.Lock()
        ours, theirs = socket.socketpair()
        self._channel = ours
        try:
            with theirs, _open_log(log) as words:
                self._process: subprocess.Popen[bytes] = subprocess.Popen(
                    # -P: a file in the folder one stands in must not pass for a module.
                    [sys.executable, "-P", "-m", "rushes.playback.helper", backend],
                    stdin=theirs.fileno(),
                    stdout=words,
                    stderr=words,
                    # simpleaudio frees memory outside of the GIL; Python's own allocator crashes.
                    env={**os.environ, "PYTHONMALLOC": "malloc"},
                    # No terminal of its own, no share in Ctrl+C; and one group to kill.
                    start_new_session=True,
                )
        except OSError as error:
            ours.close()
            raise PlaybackError("The sound helper can't be started", str(error)) from None
        self.pid = self._process.pid
        self._listener = threading.Thread(
            target=self._listen, name=f"rushes-helper-{self.pid}", daemon=True
        )
        self._listener.start()

    @property
    def exit_code(self) -> int | None:
        """As ``subprocess`` gives it, negative for a signal; None while it runs."""
        return self._process.returncode

    def start(self, stretch: Stretch, take: int, *, far: bool) -> None:
        """Have the helper play a stretch; a helper that is gone is heard of.

        ``far``: the loudspeaker is so far away that large buffers are needed.
        """
        self._order(protocol.START, stretch, take, protocol.ANEW, far=far)

    def join(self, stretch: Stretch, take: int, place: Place) -> None:
        """Have the helper go on with a stretch."""
        self._order(protocol.JOIN, stretch, take, _PLACES[place])

    def _order(
        self, kind: int, stretch: Stretch, take: int, place: int, *, far: bool = False
    ) -> None:
        clip = stretch.clip
        order = protocol.Order(
            take=take,
            rate=clip.sample_rate,
            channels=clip.channels,
            first=stretch.frame * clip.frame_bytes,
            size=clip.frames * clip.frame_bytes,
            loop=stretch.loop,
            place=place,
            far=far,
        )
        self._send(kind, protocol.pack_order(order), clip.descriptor)

    def probe(self) -> None:
        """Ask whether sound would come out."""
        self._send(protocol.PROBE)

    def kill(self) -> None:
        """End it and all that it started, at once; it is reaped in the background."""
        with self._reaping:
            # Until it is reaped its number belongs to nobody else.
            if self._process.returncode is None:
                try:
                    os.killpg(self.pid, signal.SIGKILL)
                except (ProcessLookupError, PermissionError):
                    self._process.kill()

    def await_end(self, timeout: float) -> None:
        """Wait until the process was reaped."""
        if threading.current_thread() is not self._listener:
            self._listener.join(timeout)

    def _send(self, kind: int, body: bytes = b"", descriptor: int = -1) -> None:
        try:
            protocol.send(self._channel, kind, body, descriptor)
        except OSError:
            # The listener notices as well, and tells.
            self.kill()

    def _listen(self) -> None:
        with self._channel:
            while (message := protocol.receive(self._channel)) is not None:
                self._hear(self, message)
        os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        with self._reaping:
            self._process.wait()
        self._hear(self, Message(GONE, b"", []))


def _open_log(path: Path) -> IO[bytes]:
    """The log file, for what C libraries print; nowhere if it can't be written."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        return os.fdopen(os.open(path, flags, 0o600), "ab")
    except OSError:
        return Path(os.devnull).open("ab")
