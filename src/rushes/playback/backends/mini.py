"""miniaudio: opens PulseAudio, ALSA, CoreAudio and others at run time; has wheels everywhere."""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from rushes.playback.backends.base import Backend, BackendError, BackendMissing

if TYPE_CHECKING:
    from rushes.playback.tape import Tape

PERIOD_MS = 20
"""Milliseconds that are handed over at once; the device's buffer holds three times as much, and
what joins the sound is heard after that."""

FAR_PERIOD_MS = 100
"""The same where a sound server is asked over a network."""

_TAIL_PERIODS = 4  # miniaudio's device buffer is three periods
_STALLED = 2.0  # seconds without asking for samples after which a device is taken for gone


class _Feed:
    """Hands a tape to miniaudio's thread, period by period."""

    def __init__(self, tape: Tape, period_ms: int) -> None:
        self.tape = tape
        self.played = False
        self._tail = tape.rate * period_ms * _TAIL_PERIODS // 1000

    def pieces(self) -> Generator[bytes | memoryview, int, None]:
        """The samples, then as much silence as the device holds: it has played all before."""
        wanted = yield b""
        while piece := self.tape.take(wanted):
            wanted = yield piece
        silent = 0
        while silent < self._tail:
            silent += wanted
            wanted = yield b""
        self.played = True


class _Miniaudio:
    keeps_time = False  # it is noticed when a device asks for no more
    streams = True

    def __init__(self, module: Any) -> None:  # noqa: ANN401  # miniaudio has no types
        self._module = module
        self._device: Any = None
        self._feed: _Feed | None = None

    def probe(self) -> None:
        self._open(48_000, 2, PERIOD_MS).close()

    def start(self, tape: Tape) -> None:
        if self._device is not None:
            self._device.close()  # still playing its last: never two at once
            self._device = self._feed = None
        period = FAR_PERIOD_MS if tape.far else PERIOD_MS
        device = self._open(tape.rate, tape.channels, period)
        feed = _Feed(tape, period)
        pieces = feed.pieces()
        next(pieces)
        try:
            device.start(pieces)
        except self._module.MiniaudioError as error:
            device.close()
            raise BackendError(_reason(error)) from None
        self._device, self._feed = device, feed

    def playing(self) -> bool:
        if self._feed is None:
            return False
        if not self._feed.played:
            asked = self._feed.tape.handed_at
            if asked and time.monotonic() - asked > _STALLED:
                # Closing it could take for ever: whoever hears of this ends the process.
                raise BackendError("the sound device went away")
            return True
        self._device.close()
        self._device = self._feed = None
        return False

    def abandon(self) -> None:
        """Its threads end with the process."""

    def _open(self, rate: int, channels: int, period: int) -> Any:  # noqa: ANN401  # miniaudio has no types
        try:
            device = self._module.PlaybackDevice(
                output_format=self._module.SampleFormat.SIGNED16,
                nchannels=channels,
                sample_rate=rate,
                buffersize_msec=period,
                app_name="rushes",
            )
        except self._module.MiniaudioError as error:
            raise BackendError(_reason(error)) from None
        if device.backend == "Null":
            device.close()
            raise BackendError("neither a device nor a sound server was found")
        return device


def _reason(error: Exception) -> str:
    return str(error.args[0]) if error.args else "miniaudio failed"


def open_backend(name: str) -> Backend:  # noqa: ARG001  # all backends are opened alike
    """The backend; raises BackendMissing without miniaudio."""
    try:
        import miniaudio
    except ImportError as error:
        raise BackendMissing(f"miniaudio can't be imported: {error}") from None
    return _Miniaudio(miniaudio)
