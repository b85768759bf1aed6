"""The players that sound systems bring along: pw-play, paplay, aplay. They get a WAV file."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import struct
import subprocess
import sys
from typing import TYPE_CHECKING

from rushes.playback.backends.base import Backend, BackendError, BackendMissing

if TYPE_CHECKING:
    from rushes.playback.tape import Tape

_DEATH_OF_PARENT = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>
_PROBE_RATE = 48_000
_OPTIONS = {"aplay": ["--quiet"]}
_MOST_WORDS = 300


class _Program:
    keeps_time = False  # it tells by its exit code
    streams = False

    def __init__(self, name: str, path: str) -> None:
        self._name = name
        self._path = path
        self._libc = ctypes.CDLL(None)
        self._process: subprocess.Popen[bytes] | None = None
        # A file, not a pipe: a program that says a lot isn't held up.
        self._words = os.memfd_create("rushes.words", os.MFD_CLOEXEC)

    def probe(self) -> None:
        silence = memoryview(bytes(2 * _PROBE_RATE // 100))
        self._start(silence, _PROBE_RATE, 1)
        assert self._process is not None
        self._process.wait()
        self.playing()

    def start(self, tape: Tape) -> None:
        self._start(tape.whole, tape.rate, tape.channels)

    def _start(self, samples: memoryview, rate: int, channels: int) -> None:
        os.ftruncate(self._words, 0)
        wav = os.memfd_create("rushes.wav", os.MFD_CLOEXEC)
        # Opened anew by its path the file is read from its beginning, and can be sought in.
        command = [self._path, *_OPTIONS.get(self._name, []), "/proc/self/fd/0"]
        try:
            _write_all(wav, memoryview(_wav_header(len(samples), rate, channels)))
            _write_all(wav, samples)
            self._process = subprocess.Popen(
                command,
                stdin=wav,
                stdout=subprocess.DEVNULL,
                stderr=self._words,
                preexec_fn=self._die_with_helper,  # noqa: PLW1509  # this process has one thread
            )
        except OSError as error:
            raise BackendError(f"{self._name} can't be started: {error.strerror}") from None
        finally:
            os.close(wav)

    def playing(self) -> bool:
        process = self._process
        if process is None:
            return False
        if process.poll() is None:
            return True
        self._process = None
        if process.returncode:
            said = os.fstat(self._words).st_size
            words = os.pread(self._words, _MOST_WORDS, max(0, said - _MOST_WORDS))
            raise BackendError(_reason(self._name, process.returncode, words))
        return False

    def abandon(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def _die_with_helper(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        self._libc.prctl(_DEATH_OF_PARENT, signal.SIGKILL)


def _reason(name: str, code: int, words: bytes) -> str:
    lines = words.decode("utf-8", "replace").split("\n")
    said = next((" ".join(line.split()) for line in reversed(lines) if line.strip()), "")
    ended = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
    return f"{name} {ended}: {said}" if said else f"{name} {ended}"


def _write_all(descriptor: int, data: memoryview) -> None:
    written = 0
    while written < len(data):
        written += os.write(descriptor, data[written : written + (1 << 24)])


def _wav_header(size: int, rate: int, channels: int) -> bytes:
    """The 44 bytes before ``size`` bytes of 16-bit samples; format from RFC 2361 and RIFF."""
    block = 2 * channels
    form = struct.pack("<HHIIHH", 1, channels, rate, rate * block, block, 16)
    return b"".join(
        [
            b"RIFF" + struct.pack("<I", size + 36) + b"WAVE",
            b"fmt " + struct.pack("<I", len(form)) + form,
            b"data" + struct.pack("<I", size),
        ]
    )


def open_backend(name: str) -> Backend:
    """The backend that runs the program of that name; raises BackendMissing without it."""
    path = shutil.which(name)
    if path is None or sys.platform != "linux":
        raise BackendMissing(f"{name} isn't on the PATH")
    return _Program(name, path)
