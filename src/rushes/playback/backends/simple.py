"""simpleaudio: ALSA on Linux, CoreAudio on macOS. The process needs ``PYTHONMALLOC=malloc``."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any

from rushes.playback.backends.base import Backend, BackendError, BackendMissing

if TYPE_CHECKING:
    from rushes.playback.tape import Tape

_OPEN = "/proc/self/fd"
_ALSA = 116  # the major number of its devices, in Linux's admin-guide/devices.txt


class _Simpleaudio:
    streams = False

    def __init__(self, module: Any) -> None:  # noqa: ANN401  # simpleaudio has no types
        self._module = module
        self._play: Any = None
        self.keeps_time = False

    def probe(self) -> None:
        # No samples: the device opens, and a device that records what it gets records nothing.
        self._play_buffer(memoryview(b""), 48_000, 1)

    def start(self, tape: Tape) -> None:
        before = _open_devices()
        self._play_buffer(tape.whole, tape.rate, tape.channels)
        self.keeps_time = _open_devices() > before

    def _play_buffer(self, samples: memoryview, rate: int, channels: int) -> None:
        try:
            self._play = self._module.play_buffer(samples, channels, 2, rate)
        except Exception as error:  # noqa: BLE001  # its own kind of error isn't public
            raise BackendError(_reason(error)) from None

    def playing(self) -> bool:
        # simpleaudio forgets a play when the device has drained and is closed.
        return self._play is not None and bool(self._play.is_playing())

    def abandon(self) -> None:
        """Its threads end with the process."""


def _open_devices() -> int:
    """How many sound devices and sockets, such as those to sound servers, this process has open.

    Not so ALSA's file, which takes all as fast as it can.
    """
    count = 0
    for number in os.listdir(_OPEN) if os.path.isdir(_OPEN) else ():  # noqa: PTH112, PTH208  # few imports
        try:
            found = os.fstat(int(number))
        except OSError:
            continue  # the folder's own
        is_device = stat.S_ISCHR(found.st_mode) and os.major(found.st_rdev) == _ALSA
        count += is_device or stat.S_ISSOCK(found.st_mode)
    return count


def _reason(error: Exception) -> str:
    """One line, such as "Error opening PCM device: No such file or directory"."""
    parts = [part.strip(" .") for part in str(error).split("--")]
    what = parts[0]
    why = parts[-1].removeprefix("MSG:").strip(" .") if len(parts) > 1 else ""
    return f"{what}: {why}" if why else what


def open_backend(name: str) -> Backend:  # noqa: ARG001  # all backends are opened alike
    """The backend; raises BackendMissing without simpleaudio."""
    try:
        import simpleaudio
    except ImportError as error:
        raise BackendMissing(f"simpleaudio can't be imported: {error}") from None
    return _Simpleaudio(simpleaudio)
