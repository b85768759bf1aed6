"""The helper process: plays one tape at a time through one backend, and can be killed at any time.

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
from rushes.playback.tape import Tape

_FAST_POLL = 0.01
_SLOW_POLL = 0.05
_PROBE_DRAIN = 0.2
_PRIORITY = -10  # as sound servers take
_SLIP = 0.03  # seconds out of step that are worth telling
_DEATH_OF_PARENT = 1  # PR_SET_PDEATHSIG of <linux/prctl.h>


class _Playing:
    """The tape that is being played, under which take, and since when."""

    __slots__ = ("began", "keeps_time", "slipped", "streamed", "take", "tape")

    def __init__(self, take: int, tape: Tape, *, streamed: bool, keeps_time: bool) -> None:
        self.take = take
        self.tape = tape
        self.streamed = streamed
        self.keeps_time = keeps_time
        self.began = self.slipped = (tape.began if streamed else 0.0) or time.monotonic()

    def poll(self) -> float:
        """How long to wait before asking again; short where the end may be near.

        A device that isn't real, such as ALSA's file, is done after a fraction of the length.
        """
        elapsed = time.monotonic() - self.began
        near = elapsed < 1.0 or self.tape.duration - elapsed < 0.3
        return _FAST_POLL if near or self.streamed else _SLOW_POLL

    def cut_short(self) -> bool:
        """Whether the end came so early that the device must have gone away.

        A device that takes all at once doesn't tell. One that keeps real time can't be done
        early. One that doesn't keep it is many times faster; in between something broke.
        """
        if self.streamed:
            return False
        elapsed, length = time.monotonic() - self.began, self.tape.duration
        return length - elapsed > 0.5 and (self.keeps_time or elapsed > length / 2)

    def slip(self) -> float:
        """For how long the device had nothing to play since this was asked last; 0 if hardly."""
        slipped = self.tape.began - self.slipped if self.streamed else 0.0
        if slipped < _SLIP:
            return 0.0
        self.slipped = self.tape.began
        return slipped


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
                elif message.kind == protocol.JOIN:
                    self._join(message)
                elif message.kind == protocol.PROBE:
                    self._probe()
            if self._playing:
                self._look_for_the_end(self._playing)

    def _start(self, message: protocol.Message) -> None:
        order, samples = _opened(message)
        tape = Tape(order, samples)
        position = order.first / (2 * order.channels * order.rate)
        try:
            self._backend.start(tape)
        except BackendError as error:
            self._fail(order.take, error)
            return
        self._playing = _Playing(
            order.take,
            tape,
            streamed=self._backend.streams,
            keeps_time=self._backend.keeps_time,
        )
        self._started(order.take, self._playing.began, position)

    def _join(self, message: protocol.Message) -> None:
        order, samples = _opened(message)
        joined = self._playing.tape.join(order, samples) if self._playing else None
        if self._playing is None or joined is None:
            self._playing = None
            protocol.send(self._channel, protocol.MISSED, protocol.pack_take(order.take))
            return
        self._playing.take = order.take
        self._started(order.take, *joined)

    def _started(self, take: int, when: float, position: float) -> None:
        body = protocol.pack_started(take, when, position)
        protocol.send(self._channel, protocol.STARTED, body)

    def _probe(self) -> None:
        began = time.monotonic()
        try:
            if only_a_dummy():
                raise BackendError("the sound server has no loudspeaker")
            began = time.monotonic()
            self._backend.probe()
        except BackendError as error:
            self._fail(protocol.NO_TAKE, error)
            return
        took = time.monotonic() - began
        body = protocol.pack_seconds(protocol.NO_TAKE, took)
        protocol.send(self._channel, protocol.ALIVE, body)
        deadline = time.monotonic() + _PROBE_DRAIN
        while self._backend.playing():
            if time.monotonic() > deadline:
                # The device opened but doesn't let go of nothing: a fresh process starts clean.
                _end(0)
            time.sleep(0.002)

    def _look_for_the_end(self, playing: _Playing) -> None:
        try:
            if self._backend.playing():
                if slipped := playing.slip():
                    body = protocol.pack_seconds(playing.take, slipped)
                    protocol.send(self._channel, protocol.SLIPPED, body)
                return
            if playing.cut_short():
                raise BackendError("the sound device went away")
        except BackendError as error:
            self._playing = None
            self._fail(playing.take, error)
            return
        self._playing = None
        protocol.send(self._channel, protocol.ENDED, protocol.pack_take(playing.take))

    def _fail(self, take: int, error: BackendError) -> None:
        fault = protocol.MISSING if isinstance(error, BackendMissing) else protocol.DEVICE
        body = protocol.pack_failed(take, fault, str(error))
        protocol.send(self._channel, protocol.FAILED, body)


def _opened(message: protocol.Message) -> tuple[protocol.Order, memoryview]:
    """What a START or JOIN asks for, and all the samples that came along, mapped."""
    order = protocol.unpack_order(message.body)
    (descriptor,) = message.descriptors
    try:
        # A view keeps the mapping alive for as long as anybody holds it.
        return order, memoryview(mmap.mmap(descriptor, order.size, prot=mmap.PROT_READ))
    finally:
        os.close(descriptor)


def main() -> NoReturn:
    """Runs the helper in this process; the backend's name is the first argument."""
    # Ctrl+C is for the player, which ends the helper as it sees fit.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = os.getppid()
    _go_first()
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
        _load_ahead()
        try:
            _Helper(channel, backend).serve()
        finally:
            backend.abandon()
    except OSError:
        pass  # the player went away in the middle of a word
    except Exception:  # noqa: BLE001  # what went wrong belongs in the log; the player sees the exit
        sys.excepthook(*sys.exc_info())
        code = 1
    _end(code)


def _go_first() -> None:
    """Get the processor before other work, where that is permitted: a drop-out is heard."""
    try:
        os.setpriority(os.PRIO_PROCESS, 0, _PRIORITY)
    except OSError:
        return  # most people may not


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


def _load_ahead() -> None:
    """Load what simpleaudio and miniaudio load when they first open a device.

    The library that speaks to sound servers, with all that it brings along, and ALSA's
    configuration take some milliseconds, which a spare has to spare.
    """
    if sys.platform != "linux":
        return
    import ctypes

    try:
        ctypes.CDLL("libpulse.so.0")
        ctypes.CDLL("libasound.so.2").snd_config_update()
    except OSError:
        return  # whoever needs them says so


def _end(code: int) -> NoReturn:
    """Leave at once: the threads of C libraries don't survive an orderly end."""
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
