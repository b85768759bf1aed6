"""A PulseAudio server of the test's own, whose only sink is a null sink, and its recording.

The sink is clocked by the machine's clock and takes 24 kHz mono as it is: what its monitor
records is what a loudspeaker would have got, sample by sample and in real time.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 24_000
"""Frames a second of the sink."""

SINK = "desk"
_PATIENCE = 20.0
_PIECE = 240  # bytes read at once: 5 ms

Samples = NDArray[np.int16]

ALSA = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"
"""ALSA's way to the server, as distributions set it up."""


def is_installed() -> bool:
    """Whether the server and its tools are here."""
    return all(shutil.which(name) for name in ("pulseaudio", "pactl", "parec", "paplay"))


class PulseServer:
    """A server in a folder of its own; nothing of the person's at the desk is touched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "native"
        self.environment = {
            "PULSE_SERVER": f"unix:{self.socket}",
            "PULSE_RUNTIME_PATH": str(folder / "run"),
            "XDG_RUNTIME_DIR": str(folder / "run"),
        }
        (folder / "run").mkdir(mode=0o700)
        sink = f"module-null-sink sink_name={SINK} rate={RATE} channels=1 format=s16le"
        door = f"module-native-protocol-unix auth-anonymous=1 socket={self.socket}"
        command = [
            "nice",
            "-n",
            "-11",
            "pulseaudio",
            "-n",
            "--system=false",
            "--daemonize=no",
            "--exit-idle-time=-1",
        ]
        # In real time the kernel ends it (rlimit-rttime) once a busy machine keeps it at work.
        command += ["--realtime=no", "--use-pid-file=no", "--log-target=stderr"]
        command += ["-L", sink, "-L", door]
        self._command = command
        self.start()

    def start(self) -> None:
        """Start it, anew after it has died."""
        log_file = self.folder / "server.log"
        with log_file.open("wb") as log:
            self.process = subprocess.Popen(
                self._command,
                env={**os.environ, **self.environment, "HOME": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _PATIENCE
        while not self.control("info"):
            assert self.process.poll() is None, log_file.read_text()
            assert time.monotonic() < deadline, "the sound server never answered"

    def control(self, *words: str) -> str:
        """What ``pactl`` says; nothing where the server doesn't answer."""
        done = subprocess.run(
            ["pactl", *words],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout if done.returncode == 0 else ""

    def freeze(self) -> None:
        """From now on it accepts and doesn't answer."""
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Go on."""
        self.process.send_signal(signal.SIGCONT)

    def close(self) -> None:
        """End the server."""
        if self.process.poll() is None:
            self.thaw()
            self.process.terminate()
        self.process.wait()


@dataclass(frozen=True, slots=True)
class Run:
    """Samples of one value, one after the other: first frame, frames, value."""

    first: int
    frames: int
    value: int


class Recording:
    """What the sink plays, from now on, and when.

    There is one at a time on a machine: two tests in real time would take it from each other.
    """

    def __init__(self, server: PulseServer) -> None:
        self._alone = (Path(tempfile.gettempdir()) / "rushes-tests-record").open("w")
        fcntl.flock(self._alone, fcntl.LOCK_EX)
        self._pieces: list[bytes] = []
        self._frames = 0
        self._start = float("inf")  # time of frame 0: of no piece can it be later
        self._changed = threading.Condition()
        # Ahead of all that the other tests are at, where that is permitted: it loses nothing then.
        command = [
            "nice",
            "-n",
            "-11",
            "parec",
            "--raw",
            f"--rate={RATE}",
            "--channels=1",
            "--format=s16le",
        ]
        command += [f"--device={SINK}.monitor", "--latency-msec=4", "--process-time-msec=2"]
        self._process = subprocess.Popen(
            command,
            env={**os.environ, **server.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self.wait(0.3)

    def _read(self) -> None:
        assert self._process.stdout is not None
        source = self._process.stdout.fileno()
        while piece := os.read(source, _PIECE):
            now = time.monotonic()
            with self._changed:
                self._pieces.append(piece)
                self._frames += len(piece) // 2
                self._start = min(self._start, now - self._frames / RATE)
                self._changed.notify_all()

    def forget(self) -> None:
        """Begin anew with the next sample."""
        with self._changed:
            self._pieces.clear()
            self._start += self._frames / RATE
            self._frames = 0

    def wait(self, seconds: float) -> None:
        """Let the sink play that much more."""
        with self._changed:
            until = self._frames + round(seconds * RATE)
            came = self._changed.wait_for(lambda: self._frames >= until, _PATIENCE + seconds)
            assert came, f"the recording stands still; it ended with {self._process.poll()}"

    def until_heard(self, value: int) -> None:
        """Wait until samples of that value have been played."""
        wanted = np.int16(value).tobytes() * 8

        def heard() -> bool:
            return any(wanted in piece for piece in self._pieces[-400:])

        with self._changed:
            assert self._changed.wait_for(heard, _PATIENCE), f"{value} was never heard"

    def close(self) -> None:
        """Record no more."""
        self._process.terminate()
        self._process.wait()
        self._thread.join()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._alone.close()

    @property
    def samples(self) -> Samples:
        """All of it."""
        with self._changed:
            data = b"".join(self._pieces)
        return np.frombuffer(data[: len(data) // 2 * 2], np.int16)

    def frame_at(self, when: float) -> int:
        """The frame that is recorded at a time of ``time.monotonic()``, some ms early at most."""
        return round((when - self._start) * RATE)

    def time_of(self, frame: int) -> float:
        """The reverse."""
        return self._start + frame / RATE


def runs(samples: Samples) -> list[Run]:
    """The samples as stretches of one value."""
    if not len(samples):
        return []
    edges = np.flatnonzero(np.diff(samples)) + 1
    firsts = [0, *edges.tolist()]
    lasts = [*edges.tolist(), len(samples)]
    return [Run(a, b - a, int(samples[a])) for a, b in zip(firsts, lasts, strict=True)]


def level(seconds: float, value: int) -> Samples:
    """A clip of one value throughout: two at once would give their sum."""
    return np.full((round(seconds * RATE), 1), value, np.int16)


def counting(seconds: float, sign: int = 1) -> Samples:
    """A clip whose samples count up in steps of a third of a millisecond: each tells its place."""
    places = np.arange(round(seconds * RATE)) // 8 % 32_000 + 1
    return np.asarray(sign * places, np.int16).reshape(-1, 1)


def place(value: int) -> float:
    """The place in seconds that a sample of ``counting`` tells."""
    return (abs(int(value)) - 1) * 8 / RATE
