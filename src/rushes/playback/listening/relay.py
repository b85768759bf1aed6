"""The relay on the server: between the listener's ssh and every rushes of this user.

It understands next to nothing of what it passes on. It knows who is there: it asks the laptop
every few seconds, and tells the programs when no answer comes, and when one comes again.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from rushes.errors import PlaybackError
from rushes.logs import logger
from rushes.playback.listening import frames
from rushes.playback.listening.frames import Frame, Garbled, Hello
from rushes.playback.listening.link import Link, socket_link
from rushes.playback.listening.place import Claim, connect, holder, is_ours

MOST_PROGRAMS = 32
"""Programs that may be connected at once."""

_TRIPS = 16  # pings of which the quickest counts
_SILENT_AFTER = 2.5  # pings without an answer
_HELLO_LIMIT = 10.0
_HANDED_OVER_LIMIT = 3.0
_LAST_WORDS = 1.0
_TO_LAPTOP = frozenset(
    {
        frames.CLIP,
        frames.DATA,
        frames.LEAN,
        frames.MAKE,
        frames.START,
        frames.STOP,
        frames.FORGET,
        frames.FILE,
        frames.PART,
        frames.WITHDRAW,
    }
)
_log = logger(__name__)


class Relay:
    """One relay, from the laptop's first word to its last.

    Args:
        path: of the socket.
        hello: what it says of itself; its ``ping`` is in seconds how often it asks.
    """

    def __init__(self, path: Path, hello: Hello) -> None:
        self._path = path
        self._hello = hello
        self._changed = threading.Condition()
        self._laptop_hello: Hello | None = None
        self._laptop: Link | None = None
        self._programs: dict[int, Link] = {}
        self._next_channel = 1
        self._heard = time.monotonic()
        self._awake = True
        self._asked = 0.0
        self._trips: deque[float] = deque(maxlen=_TRIPS)
        self._over: str | None = None
        self.was_taken_over = False
        """Whether it ended because somebody else wants to listen."""

    def serve(self, reading: int, writing: int, *, sever: Callable[[], None]) -> None:
        """Pass frames on until the laptop is gone or another listener takes over.

        Raises:
            PlaybackError: the laptop's rushes can't be talked to, or the socket can't be had.
        """
        laptop = Link(
            reading, writing, hear=self._from_laptop, gone=self._end, sever=sever, name="laptop"
        )
        self._laptop = laptop
        laptop.begin(Frame(frames.HELLO, 0, self._hello.packed()))
        with self._changed:
            self._changed.wait_for(lambda: self._laptop_hello or self._over, _HELLO_LIMIT)
            hello = self._laptop_hello
        if hello is None:
            laptop.close("it says nothing")
            raise PlaybackError("no listener answers", self._over or "it says nothing")
        disagreement = self._hello.disagreement(hello)
        if disagreement:
            laptop.send(frames.BYE, 0, frames.pack_line(disagreement))
            laptop.finish(_LAST_WORDS)
            raise PlaybackError(disagreement)
        try:
            claim = self._claim(hello)
        except PlaybackError:
            laptop.finish(_LAST_WORDS)
            raise
        listening: socket.socket | None = None
        try:
            listening = claim.listen()
            threading.Thread(target=self._accept, args=[listening], daemon=True).start()
            laptop.send(frames.AWAKE)
            self._watch()
        finally:
            claim.release()
            if listening is not None:
                with contextlib.suppress(OSError):
                    listening.shutdown(socket.SHUT_RDWR)  # nobody waits for programs any more
            laptop.finish(_LAST_WORDS)
            for program in list(self._programs.values()):
                program.close("the relay has ended")

    def _claim(self, hello: Hello) -> Claim:
        """The place, taken over from a relay that has it."""
        deadline = time.monotonic() + _HANDED_OVER_LIMIT
        while True:
            with contextlib.suppress(BlockingIOError):
                return Claim(self._path)
            if self._over is not None:
                raise PlaybackError("no listener answers", self._over)
            # Again and again: in place of who left there may be another by now.
            _ask_to_leave(self._path, self._hello, hello)
            if time.monotonic() > deadline:
                # It is stopped or hangs; its lock says that it is still the one.
                number = holder(self._path)
                if number is not None and number != os.getpid():
                    with contextlib.suppress(OSError):
                        os.kill(number, signal.SIGKILL)
                    deadline = time.monotonic() + _HANDED_OVER_LIMIT
            time.sleep(0.02)  # a lock that is let go of tells nobody

    def _watch(self) -> None:
        """Ask whether the laptop is there, until the end."""
        assert self._laptop is not None
        while True:
            self._asked = time.monotonic()
            self._laptop.send(frames.PING)
            with self._changed:
                if self._changed.wait_for(lambda: self._over is not None, self._hello.ping):
                    return
                silent = time.monotonic() - self._heard > _SILENT_AFTER * self._hello.ping
                if silent and self._awake:
                    self._awake = False
                    self._tell_programs()

    def _tell_programs(self) -> None:
        """Whether the laptop answers, and how quickly."""
        for program in self._programs.values():
            told = self._state()
            program.send(told.kind, 0, told.body)

    def _state(self) -> Frame:
        if not self._awake:
            return Frame(frames.ASLEEP, 0)
        return Frame(frames.AWAKE, 0, frames.pack_trip(min(self._trips, default=0.0)))

    def _end(self, reason: str) -> None:
        with self._changed:
            self._over = self._over or reason
            self._changed.notify_all()

    # The laptop

    def _from_laptop(self, frame: Frame) -> None:
        with self._changed:
            self._heard = time.monotonic()
            if frame.kind == frames.PONG:
                self._trips.append(self._heard - self._asked)
            if frame.kind == frames.PONG or not self._awake:
                self._awake = True
                self._tell_programs()
            program = self._programs.get(frame.channel)
        if program is not None:
            program.send(frame.kind, frame.channel, frame.body)
        elif frame.kind == frames.HELLO and self._laptop_hello is None:
            with self._changed:
                self._laptop_hello = frames.unpack_hello(frame.body)
                self._changed.notify_all()
        elif frame.kind == frames.PING:
            assert self._laptop is not None
            self._laptop.send(frames.PONG)
        elif frame.kind == frames.BYE:
            self._end(frames.line(frame.body))

    # The programs

    def _accept(self, listening: socket.socket) -> None:
        with listening:
            while self._over is None:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                if is_ours(connection) and len(self._programs) < MOST_PROGRAMS:
                    self._welcome(connection)
                else:
                    connection.close()

    def _welcome(self, connection: socket.socket) -> None:
        assert self._laptop_hello is not None
        assert self._laptop is not None
        channel = self._next_channel
        self._next_channel += 1
        program = socket_link(
            connection,
            hear=lambda frame: self._from_program(channel, frame),
            gone=lambda _: self._forget(channel),
        )
        with self._changed:
            self._programs[channel] = program
            self._laptop.send(frames.OPEN, 0, frames.pack_number(channel))
            program.begin(
                Frame(frames.HELLO, 0, self._hello.packed()),
                Frame(frames.HELLO, channel, self._laptop_hello.packed()),
                self._state(),
            )

    def _from_program(self, channel: int, frame: Frame) -> None:
        assert self._laptop is not None
        if frame.kind in _TO_LAPTOP:
            self._laptop.send(frame.kind, channel, frame.body)
        elif frame.kind == frames.TAKE_OVER:
            words = f"a listener on {frames.line(frame.body)} has taken over"
            _log.info("%s", words)
            self._laptop.send(frames.BYE, 0, frames.pack_line(words))
            self.was_taken_over = True
            self._end(words)
        elif frame.kind == frames.HELLO:
            disagreement = self._hello.disagreement(frames.unpack_hello(frame.body))
            if disagreement:
                raise Garbled(disagreement)

    def _forget(self, channel: int) -> None:
        assert self._laptop is not None
        with self._changed:
            self._programs.pop(channel, None)
        self._laptop.send(frames.SHUT, 0, frames.pack_number(channel))


def _ask_to_leave(path: Path, hello: Hello, laptop: Hello) -> None:
    """Tell the relay that has the place that somebody else listens from now on."""
    connection = connect(path)
    if connection is None:
        return
    words = Frame(frames.TAKE_OVER, 0, frames.pack_line(laptop.host))
    greeting = Frame(frames.HELLO, 0, hello.packed())
    with connection, contextlib.suppress(OSError):
        connection.settimeout(_HANDED_OVER_LIMIT)
        connection.sendall(frames.MAGIC + greeting.packed() + words.packed())
        while connection.recv(4_096):
            pass  # until the other relay has gone
