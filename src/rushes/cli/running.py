"""Running another program: what it says goes on to standard error, its last words are kept."""

from __future__ import annotations

import fcntl
import os
import re
import signal
import subprocess
import sys
import termios
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread

from rushes.cli.output import is_terminal, pass_on
from rushes.domain.text import printable

PATIENCE = 10.0
"""Seconds that a command has to end once it was told to, before it is killed."""

_AFTERMATH = 1.0
"""Seconds for what is left of its words, where something that it started holds its output open."""

_AT_ONCE = 1 << 16
_KEPT = 1 << 14
_LINES = 20
_LINE = 400

# ECMA-48: control sequences, operating system commands, other escapes of two characters.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code, or minus the signal that ended it.

    ``stopped`` tells whether it was told to end. ``last_words`` are the last lines on its standard
    error, or on its output where that is empty.
    """

    code: int
    stopped: bool
    last_words: tuple[str, ...]


class Running:
    """One command, in a session of its own: whatever it started ends with it.

    ``stop`` hands a signal on to it; ``stopped`` is the first that was, None where none was.
    """

    def __init__(self) -> None:
        self.stopped: int | None = None
        self._process: subprocess.Popen[bytes] | None = None
        # Its ``put`` may be called by a signal's handler, whatever that interrupts.
        self._orders: SimpleQueue[bool] = SimpleQueue()

    def stop(self, number: int) -> None:
        """Tell the command to end, by a signal; kill it when it is told again, or takes long."""
        if self.stopped is not None:
            self._signal(signal.SIGKILL)
            return
        self.stopped = number
        self._signal(number)
        self._orders.put(True)

    def run(self, arguments: Sequence[str]) -> Ended:
        """Run the command to its end; raises OSError as starting it does.

        Once it was stopped nothing of it is left, unless it got away into a session of its own.
        """
        said, told = _Channel(), _Channel()
        try:
            self._process = subprocess.Popen(
                arguments,
                # It has no terminal to be asked at, but may be fed through a pipe.
                stdin=subprocess.DEVNULL if is_terminal(sys.stdin) else None,
                stdout=said.theirs,
                stderr=told.theirs,
                start_new_session=True,
            )
        except OSError:
            said.close()
            told.close()
            raise
        if self.stopped is not None:  # while it was being started
            self._signal(self.stopped)
        readers = [channel.read() for channel in (said, told)]
        Thread(target=self._kill_late, daemon=True).start()
        code = self._process.wait()
        self._orders.put(False)
        stopped = self.stopped is not None
        if stopped:
            self._signal(signal.SIGKILL)
        for reader in readers:
            reader.join(_AFTERMATH)
        return Ended(code, stopped, told.last_words() or said.last_words())

    def _signal(self, number: int) -> None:
        process = self._process
        if process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, number)
            os.killpg(process.pid, signal.SIGCONT)  # what sleeps hears nothing

    def _kill_late(self) -> None:
        told_to_end = self._orders.get()
        if not told_to_end:
            return
        try:
            self._orders.get(timeout=PATIENCE)
        except Empty:
            self._signal(signal.SIGKILL)


class _Channel:
    """A way for a command's words: a terminal where standard error is one, else a pipe."""

    def __init__(self) -> None:
        self._ours, self.theirs = _terminal() if is_terminal(sys.stderr) else os.pipe()
        self._kept = bytearray()

    def read(self) -> Thread:
        """Pass on what comes, by a thread; the command has its end by now."""
        os.close(self.theirs)
        thread = Thread(target=self._read, daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        """Nobody will use it."""
        os.close(self.theirs)
        os.close(self._ours)

    def last_words(self) -> tuple[str, ...]:
        """The last lines that came."""
        return last_words(bytes(self._kept))

    def _read(self) -> None:
        with suppress(OSError):  # Linux's way to say that the other end of a terminal is closed
            while came := os.read(self._ours, _AT_ONCE):
                pass_on(came)
                self._kept += came
                del self._kept[:-_KEPT]
        os.close(self._ours)


def last_words(said: bytes) -> tuple[str, ...]:
    """The last lines of what a program said, as they would stand on a screen, without colours."""
    text = _ESCAPES.sub("", said.decode("utf-8", "replace"))
    # A progress bar writes over itself: what came last stands there.
    lines = (line.rstrip("\r").rpartition("\r")[2].rstrip() for line in text.split("\n"))
    return tuple(printable(line)[:_LINE] for line in lines if line)[-_LINES:]


def _terminal() -> tuple[int, int]:
    """A pseudo-terminal of the size of ours: our end, and theirs, which changes no byte."""
    ours, theirs = os.openpty()
    settings = termios.tcgetattr(theirs)
    settings[1] &= ~termios.OPOST
    termios.tcsetattr(theirs, termios.TCSANOW, settings)
    with suppress(OSError):
        size = fcntl.ioctl(sys.stderr, termios.TIOCGWINSZ, bytes(8))
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, size)
    return ours, theirs
