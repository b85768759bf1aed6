"""The listener on the laptop: keeps a relay running on the server, and plays what it sends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rushes.errors import PlaybackError
from rushes.logs import logger
from rushes.playback.listening import frames
from rushes.playback.listening.frames import Frame, Hello
from rushes.playback.listening.homecoming import Homecoming
from rushes.playback.listening.link import Link
from rushes.playback.listening.remote import own_hello
from rushes.playback.listening.session import Session
from rushes.playback.listening.ssh import Ssh
from rushes.playback.listening.stage import Heard
from rushes.playback.listening.store import ClipStore

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before the first and before later attempts to take the connection up again."""

HELLO_LIMIT = 120.0
"""Seconds until the relay must have said something; a person may have to type a password."""

_SILENT_AFTER = 3.5  # the relay's pings
_STEADY = 10.0  # s of a connection after which the next pause is the first one again
_NO_COMMAND = 127
_SSH_FAILED = 255
_LAST_WORDS = 1.0

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """Something to tell the person at the laptop. ``listening``: the server can be heard now."""

    line: str
    listening: bool = False


class Listener:
    """One run of ``rushes listen``.

    Args:
        command: ssh's, with the relay as the remote command.
        host: its name for people.
        store: the clips.
        route: this laptop's way out.
        tell: hears what happens, in this listener's thread.
        downloads: the folder that files are taken home to.
        quiet: whether what ssh says goes nowhere.
    """

    def __init__(
        self,
        command: Sequence[str],
        host: str,
        store: ClipStore,
        *,
        route: str,
        tell: Callable[[Told], None],
        downloads: Path,
        quiet: bool = False,
    ) -> None:
        self._command = command
        self._host = host
        self._tell = tell
        self._quiet = quiet
        self._store = store
        self._changed = threading.Condition()
        self._link: Link | None = None
        self._hello: Hello | None = None
        self._listening = False
        self._ever = False
        self._gone: str | None = None
        self._bye = ""
        self._heard = 0.0
        self._closed = False
        files = Homecoming(downloads, self._send, self._tell_of_file)
        self._session = Session(store, self._send, route, files)

    def run(self) -> None:
        """Listen until another listener takes over, or until ``close``.

        Raises:
            PlaybackError: the first attempt fails, or the two versions can't talk.
        """
        pause = FIRST_PAUSE
        try:
            while True:
                began = time.monotonic()
                code = self._one_connection()
                if self.closed or self._is_over(code):
                    return
                if time.monotonic() - began > _STEADY:
                    pause = FIRST_PAUSE
                why = self._gone or f"ssh ended with {code}"
                self._tell(Told(f"{self._host} is out of reach ({why}); trying again"))
                with self._changed:
                    self._changed.wait_for(lambda: self._closed, pause)
                pause = min(pause * 2, LONGEST_PAUSE)
        finally:
            self._session.close()
            self._store.close()

    def close(self) -> None:
        """End ``run`` soon; from any thread."""
        with self._changed:
            self._closed = True
            link = self._link
            self._changed.notify_all()
        if link is not None:
            link.close("it was ended here")

    @property
    def closed(self) -> bool:
        """Whether ``close`` was called."""
        return self._closed

    @property
    def sounding(self) -> Heard | None:
        """What is heard now."""
        return self._session.sounding

    @property
    def no_sound(self) -> str:
        """What to do where the laptop has no way out for sound; empty where it has one."""
        return self._session.no_sound

    def _one_connection(self) -> int:
        """Run ssh from its start to its end; give its exit code."""
        ssh = Ssh(self._command, quiet=self._quiet)
        reading, writing = ssh.take_pipes()
        with self._changed:
            self._hello, self._gone, self._listening = None, None, False
            self._heard = time.monotonic()
            self._link = link = Link(
                reading, writing, hear=self._hear, gone=self._end, sever=ssh.end, name="ssh"
            )
            link.begin(Frame(frames.HELLO, 0, own_hello().packed()))
        try:
            self._watch(link)
        finally:
            if self._gone is None:
                link.close("it was ended here")
            code = ssh.wait(_LAST_WORDS)
            link.join(_LAST_WORDS)
            with self._changed:
                self._link = None
            self._session.hang_up()
        return code

    def _watch(self, link: Link) -> None:
        """Wait for the end of the connection, and bring it about where nothing is heard."""
        while True:
            ping = self._hello.ping if self._hello is not None else HELLO_LIMIT / _SILENT_AFTER
            before = time.monotonic()
            with self._changed:
                if self._changed.wait_for(lambda: self._gone is not None or self._closed, ping / 2):
                    return
            now = time.monotonic()
            if now - before > ping * 2:
                # This laptop was asleep: what came meanwhile is still to be read.
                self._heard = now
                link.send(frames.PING)
            elif now - self._heard > ping * _SILENT_AFTER:
                link.close("it doesn't answer")

    def _is_over(self, code: int) -> bool:
        """Whether to leave it at that.

        Raises:
            PlaybackError: there is no use in trying again.
        """
        if self._bye and self._listening:
            self._tell(Told(f"{self._bye}: listening to {self._host} has ended here"))
            return True
        if self._bye:
            raise PlaybackError(self._bye)
        if self._ever or self._hello is not None:
            return False
        if code == _SSH_FAILED:
            raise PlaybackError(f"ssh doesn't reach {self._host}", "", "What ssh says is above.")
        if code == _NO_COMMAND:
            raise PlaybackError(
                f"there is no rushes on {self._host}",
                "its login shell doesn't find it",
                "Install it there, or say by --command what to run.",
            )
        raise PlaybackError(
            f"no relay answers on {self._host}",
            self._gone or f"the remote command ended with {code}",
            "Its rushes may be too old; on the server type: rushes relay --help",
        )

    def _send(self, kind: int, channel: int, body: bytes) -> None:
        link = self._link
        if link is not None:
            link.send(kind, channel, body)

    def _tell_of_file(self, line: str) -> None:
        self._tell(Told(line, listening=True))

    def _end(self, reason: str) -> None:
        with self._changed:
            self._gone = reason
            self._changed.notify_all()

    def _hear(self, frame: Frame) -> None:
        self._heard = time.monotonic()
        if frame.channel or frame.kind in (frames.OPEN, frames.SHUT):
            self._session.hear(frame)
        elif frame.kind == frames.PING:
            self._send(frames.PONG, 0, b"")
        elif frame.kind == frames.HELLO:
            hello = frames.unpack_hello(frame.body)
            self._bye = own_hello().disagreement(hello)
            with self._changed:
                self._hello = hello
                self._changed.notify_all()
            if self._bye and self._link is not None:
                self._link.close(self._bye)
        elif frame.kind == frames.AWAKE and not self._listening:
            self._listening = self._ever = True
            self._tell(Told(f"listening to {self._host}", listening=True))
        elif frame.kind == frames.BYE:
            self._bye = frames.line(frame.body)
