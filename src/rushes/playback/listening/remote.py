"""The connection of a program on the server to the listener, for as long as the program runs.

A relay that appears is found within a second, by itself. Whoever owns the connection is told
whenever a listener begins or ceases to answer.
"""

from __future__ import annotations

import itertools
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from rushes.logs import logger
from rushes.playback.listening import frames
from rushes.playback.listening.frames import SHORT, Frame, Garbled, Hello
from rushes.playback.listening.link import Link, socket_link
from rushes.playback.listening.place import connect, host_name

LOOK_EVERY = 0.5
"""Seconds between two looks for a relay where there is none: one ``connect`` each."""

_LAST_WORDS = 0.5
_log = logger(__name__)

Hear = Callable[[Frame | None], None]


def own_hello(ping: float = 2.0) -> Hello:
    """What a program here says of itself."""
    from rushes.version import __version__

    can = frozenset({"sound", "lean", "make", "home"})
    return Hello(__version__, host_name(), can=can, ping=ping)


class Remote:
    """Looks for a relay, keeps the connection, and takes it up again.

    Args:
        path: of the relay's socket.
        changed: hears, in a thread of its own, that ``listener`` has become another.
    """

    def __init__(self, path: Path, changed: Callable[[], None] = lambda: None) -> None:
        self.changed = changed
        self.problem = ""
        """Why a relay that is there is of no use, for people."""
        self._path = path
        self._lock = threading.Condition()
        self._hear: Hear | None = None
        self._link: Link | None = None
        self._laptop: Hello | None = None
        self._numbers = itertools.count(1)
        self.held: set[bytes] = set()
        """Beginnings of the digests of clips that the laptop has."""
        self._relay_can: frozenset[str] = frozenset()
        self.trip = 0.0
        """Seconds that a word to the laptop and back takes; 0 while that isn't known."""
        self._awake = False
        self._looked = False
        self._closed = False
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Look for a relay from now on; a second call changes nothing."""
        with self._lock:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(
                    target=self._keep_connected, name="rushes-remote", daemon=True
                )
                self._thread.start()

    def settled(self, within: float) -> Hello | None:
        """The listener that answers, once the first look is over; None without one."""
        with self._lock:
            self._lock.wait_for(lambda: self._looked or self._closed, within)
            self._looked = True  # a relay that hangs is waited for once
            return self.listener

    @property
    def listener(self) -> Hello | None:
        """Who listens and answers now."""
        return self._laptop if self._awake else None

    def attach(self, hear: Hear | None) -> None:
        """Let ``hear`` have what the laptop says from now on, and None when it ceases to answer."""
        with self._lock:
            self._hear = hear

    def can(self, word: str) -> bool:
        """Whether the laptop can do something, and the relay lets it through."""
        laptop = self._laptop
        return laptop is not None and word in laptop.can & self._relay_can

    def next_number(self) -> int:
        """A number that no clip has had."""
        return next(self._numbers)

    def send(self, kind: int, body: bytes = b"") -> None:
        """Say something to the laptop, if it is there."""
        link = self._link
        if link is not None:
            link.send(kind, 0, body)

    def close(self) -> None:
        """Let the connection go."""
        with self._lock:
            self._closed = True
            self._hear = None
            link, thread = self._link, self._thread
            self._lock.notify_all()
        if link is not None:
            link.finish(_LAST_WORDS)
            link.join(_LAST_WORDS)
        if thread is not None and thread is not threading.current_thread():
            thread.join(_LAST_WORDS)

    def _keep_connected(self) -> None:
        while True:
            with self._lock:
                if self._closed:
                    return
            connection = connect(self._path)
            with self._lock:
                if connection is None:
                    self.problem = ""
                    self._looked = True
                    self._lock.notify_all()
                else:
                    self._use(connection)
                self._lock.wait_for(lambda: self._closed, LOOK_EVERY)

    def _use(self, connection: socket.socket) -> None:
        """Talk over a connection until it is gone."""
        link = socket_link(
            connection, hear=self._heed, gone=lambda why: self._gone(link, why), name="relay"
        )
        self._link = link
        self.held.clear()
        link.begin(Frame(frames.HELLO, 0, own_hello().packed()))
        self._lock.wait_for(lambda: not link.open or self._closed)

    def _heed(self, frame: Frame) -> None:
        if frame.kind == frames.HELLO:
            hello = frames.unpack_hello(frame.body)
            disagreement = own_hello().disagreement(hello)
            if disagreement:
                self.problem = disagreement
                raise Garbled(disagreement)
            if frame.channel:
                self._laptop = hello
            else:
                self._relay_can = hello.can
        elif frame.kind in (frames.AWAKE, frames.ASLEEP):
            if frame.kind == frames.AWAKE:
                self.trip = frames.unpack_trip(frame.body)
                self.problem = ""
            self._becomes(awake=frame.kind == frames.AWAKE)
        elif frame.kind == frames.WAITS:
            self._is_waited_for(frames.line(frame.body))
        elif frame.kind == frames.HAVE:
            body = frame.body
            self.held.update(body[at : at + SHORT] for at in range(0, len(body), SHORT))
        elif frame.channel:
            hear = self._hear
            if hear is not None:
                hear(frame)

    def _is_waited_for(self, words: str) -> None:
        is_news, self.problem = words != self.problem, words
        if is_news:
            self.changed()

    def _becomes(self, *, awake: bool) -> None:
        with self._lock:
            before, self._awake = self._awake, awake
            self._looked = True
            hear = self._hear
            self._lock.notify_all()
        if before == awake:
            return
        if not awake and hear is not None:
            hear(None)
        self.changed()

    def _gone(self, link: Link, reason: str) -> None:
        _log.info("the relay is gone: %s", reason)
        if self._link is not link:
            return
        self._becomes(awake=False)
        with self._lock:
            self._link = self._laptop = None
            self._looked = True
            self._lock.notify_all()
