"""What a helper process asks of a backend."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from rushes.playback.tape import Tape


class BackendError(Exception):
    """The device or server doesn't take sound; ``str()`` is one line that says why."""


class BackendMissing(BackendError):
    """What the backend needs isn't installed."""


class Backend(Protocol):
    """Plays one tape at a time."""

    keeps_time: bool
    """Whether what plays is known to go to a device that keeps real time and doesn't tell when it
    goes away: then an end that comes early is none."""

    streams: bool
    """Whether it takes a tape piece by piece, so that others can join it; else it takes it whole,
    and loops nothing."""

    def probe(self) -> None:
        """Find out, making no sound, whether sound would come out.

        Raises:
            BackendError: it wouldn't.
        """

    def start(self, tape: Tape) -> None:
        """Begin; returns once the device takes sound.

        Raises:
            BackendError: the device can't be opened.
        """

    def playing(self) -> bool:
        """Whether samples are still to be delivered, those in the device's buffer included.

        Raises:
            BackendError: the device broke off.
        """

    def abandon(self) -> None:
        """The process is about to end at once: end what would outlive it."""


def open_backend(name: str) -> Backend:
    """The backend of that name, with its library imported.

    Raises:
        BackendMissing: the library or program isn't installed.
    """
    home = _HOMES[name]
    backend: Backend = import_module(f"rushes.playback.backends.{home}").open_backend(name)
    return backend


_HOMES = {
    "simpleaudio": "simple",
    "miniaudio": "mini",
    "pw-play": "program",
    "paplay": "program",
    "aplay": "program",
}
