"""miniaudio: opens PulseAudio, ALSA, CoreAudio and others at run time; has wheels everywhere."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from rushes.playback.backends.base import Backend, BackendError, BackendMissing

_PERIOD_MS = 20
_TAIL_PERIODS = 4  # miniaudio's device buffer is three periods


class _Feed:
    """Hands the samples to miniaudio's thread, period by period."""

    def __init__(self, samples: memoryview, rate: int, channels: int) -> None:
        self._samples = samples
        self._frame_bytes = 2 * channels
        self._tail = rate * _PERIOD_MS * _TAIL_PERIODS // 1000
        self.played = False

    def pieces(self) -> Generator[bytes | memoryview, int, None]:
        """The samples, then as much silence as the device holds: it has played all before."""
        place = 0
        wanted = yield b""
        while place < len(self._samples):
            piece = self._samples[place : place + wanted * self._frame_bytes]
            place += len(piece)
            wanted = yield piece
        silent = 0
        while silent < self._tail:
            silent += wanted
            wanted = yield b""
        self.played = True


class _Miniaudio:
    def __init__(self, module: Any) -> None:  # noqa: ANN401 - miniaudio has no types
        self._module = module
        self._device: Any = None
        self._feed: _Feed | None = None

    def probe(self) -> None:
        self._open(48_000, 2).close()

    def start(self, samples: memoryview, rate: int, channels: int) -> None:
        device = self._open(rate, channels)
        feed = _Feed(samples, rate, channels)
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
            return True
        self._device.close()
        self._device = self._feed = None
        return False

    def abandon(self) -> None:
        """Its threads end with the process."""

    def _open(self, rate: int, channels: int) -> Any:  # noqa: ANN401 - miniaudio has no types
        try:
            device = self._module.PlaybackDevice(
                output_format=self._module.SampleFormat.SIGNED16,
                nchannels=channels,
                sample_rate=rate,
                buffersize_msec=_PERIOD_MS,
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


def open_backend(name: str) -> Backend:  # noqa: ARG001 - all backends are opened alike
    """The backend; raises BackendMissing without miniaudio."""
    try:
        import miniaudio
    except ImportError as error:
        raise BackendMissing(f"miniaudio can't be imported: {error}") from None
    return _Miniaudio(miniaudio)
