"""A program in a pseudo-terminal: what it writes, when, and how many bytes."""

from __future__ import annotations

import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType


class Terminal:
    """A running command with a terminal of its own; everything it writes is kept in ``output``."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        columns: int = 120,
        rows: int = 40,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.output = b""
        self._ours, theirs = os.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "", **(env or {})}
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env=environment,
            start_new_session=True,
        )
        os.close(theirs)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self._ours)

    def until(self, text: str, *, within: float = 30.0, after: int = 0) -> float:
        """Read until ``text`` was written behind byte ``after``; give the s since the start."""
        wanted = text.encode()
        deadline = time.perf_counter() + within
        while wanted not in self.output[after:]:
            left = deadline - time.perf_counter()
            if left <= 0 or not self._read(left):
                raise AssertionError(f"{text!r} did not appear in {self.output[-2000:]!r}")
        return time.perf_counter() - self.began

    def quiet(self, seconds: float, *, within: float = 30.0) -> None:
        """Read until nothing has been written for ``seconds``."""
        deadline = time.perf_counter() + within
        while self._read(seconds):
            if time.perf_counter() > deadline:
                raise AssertionError(f"never quiet for {seconds} s")

    def watch(self, seconds: float) -> bytes:
        """Give what is written during ``seconds``."""
        before, end = len(self.output), time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(left)
        return self.output[before:]

    def press(self, keys: str) -> None:
        """Type."""
        os.write(self._ours, keys.encode())

    def ended(self, within: float = 10.0) -> int:
        """Wait for the command's end; give its exit code."""
        deadline = time.perf_counter() + within
        while self.process.poll() is None:
            if time.perf_counter() > deadline:
                raise AssertionError("the command goes on")
            self._read(0.05)
        return self.process.returncode

    def _read(self, within: float) -> bool:
        ready, _, _ = select.select([self._ours], [], [], within)
        if not ready:
            return False
        try:
            came = os.read(self._ours, 65536)
        except OSError:  # Linux says so when the other side is closed
            return False
        self.output += came
        return bool(came)
