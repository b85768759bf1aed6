"""simpleaudio: ALSA on Linux, CoreAudio on macOS. The process needs ``PYTHONMALLOC=malloc``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rushes.playback.backends.base import Backend, BackendError, BackendMissing

if TYPE_CHECKING:
    from rushes.playback.tape import Tape


class _Simpleaudio:
    streams = False

    def __init__(self, module: Any) -> None:  # noqa: ANN401 - simpleaudio has no types
        self._module = module
        self._play: Any = None

    def probe(self) -> None:
        # No samples: the device opens, and a device that records what it gets records nothing.
        self._play_buffer(memoryview(b""), 48_000, 1)

    def start(self, tape: Tape) -> None:
        self._play_buffer(tape.whole, tape.rate, tape.channels)

    def _play_buffer(self, samples: memoryview, rate: int, channels: int) -> None:
        try:
            self._play = self._module.play_buffer(samples, channels, 2, rate)
        except Exception as error:  # noqa: BLE001 - its own kind of error isn't public
            raise BackendError(_reason(error)) from None

    def playing(self) -> bool:
        # simpleaudio forgets a play when the device has drained and is closed.
        return self._play is not None and bool(self._play.is_playing())

    def abandon(self) -> None:
        """Its threads end with the process."""


def _reason(error: Exception) -> str:
    """One line, such as "Error opening PCM device: No such file or directory"."""
    parts = [part.strip(" .") for part in str(error).split("--")]
    what = parts[0]
    why = parts[-1].removeprefix("MSG:").strip(" .") if len(parts) > 1 else ""
    return f"{what}: {why}" if why else what


def open_backend(name: str) -> Backend:  # noqa: ARG001 - all backends are opened alike
    """The backend; raises BackendMissing without simpleaudio."""
    try:
        import simpleaudio
    except ImportError as error:
        raise BackendMissing(f"simpleaudio can't be imported: {error}") from None
    return _Simpleaudio(simpleaudio)
