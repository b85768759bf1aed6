"""The helper process: plays one clip at a time through one backend, and can be killed at any time.

``python -P -m rushes.playback.helper BACKEND``, with a socket to the player as standard input and
the log file as standard output and error, so that nothing a C library prints reaches a terminal.
It ends when the player's end of the socket closes.
"""

from __future__ import annotations

import mmap
import os
import select
import signal
import socket
import sys
import time
from typing import NoReturn

from rushes.playback import protocol
from rushes.playback.backends import Backend, BackendError, BackendMissing, open_backend
from rushes.playback.backends.dummy import only_a_dummy

_FAST_POLL = 0.01
_SLOW_POLL = 0.05
_PROBE_DRAIN = 0.2
_DEATH_OF_PARENT = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>


class _Playing:
    """The clip that is being played: its take, length and beginning in seconds."""

    __slots__ = ("began", "length", "take")

    def __init__(self, take: int, length: float) -> None:
        self.take = take
        self.length = length
        self.began = time.monotonic()

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self.began

    def poll(self) -> float:
        """How long to wait before asking again; short where the end may be near.

        A device that isn't real, such as ALSA's file, is done after a fraction of the length.
        """
        near = self.elapsed < 1.0 or self.length - self.elapsed < 0.3
        return _FAST_POLL if near else _SLOW_POLL

    def cut_short(self) -> bool:
        """Whether the end came so early that the device must have gone away.

        simpleaudio doesn't tell. A device that keeps real time can't be done early, and one that
        doesn't keep it is many times faster; in between something broke.
        """
        left = self.length - self.elapsed
        return left > 0.5 and self.elapsed > self.length / 2


class _Helper:
    def __init__(self, channel: socket.socket, backend: Backend) -> None:
        self._channel = channel
        self._backend = backend
        self._playing: _Playing | None = None

    def serve(self) -> None:
        """Obey until the player is gone."""
        while True:
            wait = self._playing.poll() if self._playing else None
            readable, _, _ = select.select([self._channel], [], [], wait)
            if readable:
                message = protocol.receive(self._channel)
                if message is None:
                    return
                if message.kind == protocol.START:
                    self._start(message)
                elif message.kind == protocol.PROBE:
                    self._probe()
            if self._playing:
                self._look_for_the_end(self._playing)

    def _start(self, message: protocol.Message) -> None:
        take, rate, channels, first, count = protocol.unpack_start(message.body)
        (descriptor,) = message.descriptors
        try:
            # A view keeps the mapping alive for as long as the backend holds it.
            samples = memoryview(mmap.mmap(descriptor, first + count, prot=mmap.PROT_READ))
        finally:
            os.close(descriptor)
        try:
            self._backend.start(samples[first : first + count], rate, channels)
        except BackendError as error:
            self._fail(take, error)
            return
        self._playing = _Playing(take, count / (2 * channels * rate))
        protocol.send(
            self._channel, protocol.STARTED, protocol.pack_started(take, self._playing.began)
        )

    def _probe(self) -> None:
        try:
            if only_a_dummy():
                raise BackendError("the sound server has no loudspeaker")
            self._backend.probe()
        except BackendError as error:
            self._fail(protocol.NO_TAKE, error)
            return
        protocol.send(self._channel, protocol.ALIVE)
        deadline = time.monotonic() + _PROBE_DRAIN
        while self._backend.playing():
            if time.monotonic() > deadline:
                # The device opened but doesn't let go of nothing: a fresh process starts clean.
                _end(0)
            time.sleep(0.002)

    def _look_for_the_end(self, playing: _Playing) -> None:
        try:
            if self._backend.playing():
                return
            if playing.cut_short():
                raise BackendError("the sound device went away")
        except BackendError as error:
            self._playing = None
            self._fail(playing.take, error)
            return
        self._playing = None
        protocol.send(self._channel, protocol.ENDED, protocol.pack_ended(playing.take))

    def _fail(self, take: int, error: BackendError) -> None:
        fault = protocol.MISSING if isinstance(error, BackendMissing) else protocol.DEVICE
        body = protocol.pack_failed(take, fault, str(error))
        protocol.send(self._channel, protocol.FAILED, body)


def main() -> NoReturn:
    """Runs the helper in this process; the backend's name is the first argument."""
    # Ctrl+C is for the player, which ends the helper as it sees fit.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()
    channel = _take_channel()
    code = 0
    try:
        try:
            backend = open_backend(sys.argv[1])
        except BackendError as error:
            fault = protocol.MISSING if isinstance(error, BackendMissing) else protocol.DEVICE
            body = protocol.pack_failed(protocol.NO_TAKE, fault, str(error))
            protocol.send(channel, protocol.FAILED, body)
            _end(0)
        protocol.send(channel, protocol.READY)
        _die_with(parent)
        try:
            _Helper(channel, backend).serve()
        finally:
            backend.abandon()
    except OSError:
        pass  # the player went away in the middle of a word
    except Exception:  # noqa: BLE001 - what went wrong belongs in the log; the player sees the exit
        sys.excepthook(*sys.exc_info())
        code = 1
    _end(code)


def _take_channel() -> socket.socket:
    """The socket out of standard input; nothing that is started from here inherits it."""
    channel = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return channel


def _die_with(parent: int) -> None:
    """Have the kernel end this process with the player, even while a C library holds the GIL."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_DEATH_OF_PARENT, signal.SIGKILL)
    if os.getppid() != parent:
        _end(0)


def _end(code: int) -> NoReturn:
    """Leave at once: the threads of C libraries don't survive an orderly end."""
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
