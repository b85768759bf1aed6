"""Two descriptors that frames travel over, both ways, without anybody waiting.

One thread reads, one writes. Frames that carry samples wait until all others are sent.
"""

from __future__ import annotations

import contextlib
import os
import socket
import threading
from collections import deque
from collections.abc import Callable

from rushes.errors import RushesError
from rushes.logs import logger
from rushes.playback.listening.frames import BULK, HEAD, MAGIC, Frame, Garbled, Unpacker

MOST_WAITING = 16_000_000
"""Bytes that wait to be sent; where more gather, nobody reads at the other end."""

_READ = 65_536
_LAST_WRITE = 1.0

_log = logger(__name__)

Hear = Callable[[Frame], None]


class Link:
    """Sends and hears frames until either side is gone.

    Args:
        reading, writing: descriptors, the link's own from here on; they may be the same.
        hear: gets every frame, in the reading thread. What it raises ends the link.
        gone: hears once why the link ended, in the reading thread.
        sever: makes a read and a write that wait come back; must not wait itself.
    """

    def __init__(
        self,
        reading: int,
        writing: int,
        *,
        hear: Hear,
        gone: Callable[[str], None],
        sever: Callable[[], None],
        name: str,
    ) -> None:
        self._reading, self._writing = reading, writing
        self._hear, self._gone, self._sever = hear, gone, sever
        self._urgent: deque[bytes] = deque()
        self._bulk: deque[bytes] = deque()
        self._waiting = 0
        self._changed = threading.Condition()
        self._reason: str | None = None
        self._finishing = False
        self._ended = False
        self._reader = threading.Thread(target=self._read, name=f"{name}-in", daemon=True)
        self._writer = threading.Thread(target=self._write, name=f"{name}-out", daemon=True)

    def begin(self, *first: Frame) -> None:
        """Send the magic and some frames, and listen."""
        data = MAGIC + b"".join(frame.packed() for frame in first)
        with self._changed:
            self._waiting += len(data)
            self._urgent.appendleft(data)
        self._writer.start()
        self._reader.start()

    def send(self, kind: int, channel: int = 0, body: bytes = b"") -> None:
        """Send a frame as soon as may be; nothing happens where nobody listens any more."""
        data = HEAD.pack(kind, channel, len(body)) + body
        with self._changed:
            if self._reason is not None or self._finishing:
                return
            self._waiting += len(data)
            (self._bulk if kind in BULK else self._urgent).append(data)
            full = self._waiting > MOST_WAITING
            self._changed.notify_all()
        if full:
            self.close("it takes nothing that is sent")

    def finish(self, within: float) -> None:
        """Send what waits, ``within`` so many seconds, and end."""
        with self._changed:
            self._finishing = True
            self._changed.notify_all()
        self._writer.join(within)
        self.close("it was ended")

    def close(self, reason: str) -> None:
        """End the link; ``gone`` hears the reason, the first one if there are several."""
        with self._changed:
            self._is_over(reason)
            if not self._ended:  # later the descriptors' numbers belong to others
                self._sever()

    def _is_over(self, reason: str) -> None:
        with self._changed:
            if self._reason is None:
                self._reason = reason
            self._urgent.clear()
            self._bulk.clear()
            self._changed.notify_all()

    @property
    def open(self) -> bool:
        """Whether frames still travel."""
        return self._reason is None

    def join(self, timeout: float) -> None:
        """Wait for the end of both threads."""
        for thread in (self._writer, self._reader):
            if thread is not threading.current_thread() and thread.ident is not None:
                thread.join(timeout)

    def _read(self) -> None:
        unpacker = Unpacker()
        try:
            while self._reason is None:
                data = os.read(self._reading, _READ)
                if not data:
                    break
                for frame in unpacker.feed(data):
                    self._hear(frame)
            # By itself: a process at the other end may still have to say how it ended.
            self._is_over("the other side is gone")
            self._writer.join(_LAST_WRITE)
            if self._writer.is_alive():
                self.close("the other side is gone")
        except Garbled as error:
            self.close(str(error))
        except RushesError as error:
            self.close(error.what)
        except OSError as error:
            self.close(error.strerror or "the connection broke")
        except Exception as error:  # noqa: BLE001  # one broken frame must not take the program along
            _log.exception("a frame could not be heeded")
            self.close(f"{type(error).__name__}; the log has more")
        self._writer.join()
        with self._changed:
            self._ended = True
        for descriptor in {self._reading, self._writing}:
            os.close(descriptor)
        self._gone(self._reason or "")

    def _write(self) -> None:
        while (data := self._next()) is not None:
            view = memoryview(data)
            try:
                while view:
                    view = view[os.write(self._writing, view) :]
            except OSError as error:
                self.close(error.strerror or "the connection broke")
                return

    def _next(self) -> bytes | None:
        with self._changed:
            self._changed.wait_for(
                lambda: self._urgent or self._bulk or self._reason is not None or self._finishing
            )
            queue = self._urgent or self._bulk
            if self._reason is not None or not queue:
                return None
            data = queue.popleft()
            self._waiting -= len(data)
            return data


def socket_link(
    connection: socket.socket,
    *,
    hear: Hear,
    gone: Callable[[str], None],
    name: str = "program",
) -> Link:
    """A link over a connected socket, which is the link's own from here on."""
    number = connection.fileno()

    def sever() -> None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)

    def closed(reason: str) -> None:
        connection.detach()
        gone(reason)

    return Link(number, number, hear=hear, gone=closed, sever=sever, name=name)
