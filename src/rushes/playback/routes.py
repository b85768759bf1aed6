"""Which way the sound goes: the first one that answers."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from rushes.errors import BadInput
from rushes.logs import logger
from rushes.playback.helper_sink import HelperSink, Refusal
from rushes.playback.hints import look_around, signs_of_sound, silence_hint
from rushes.playback.sink import Fault, Sink, Tell
from rushes.playback.state import AUTO, LISTENER, Route

SILENCE = "silence"
BACKENDS = ("simpleaudio", "miniaudio", "pw-play", "paplay", "aplay")
"""In the order in which they are tried."""

OF_THIS_MACHINE = (AUTO, *BACKENDS, SILENCE)
"""What this machine's own ways out may be asked for."""

ROUTES = (AUTO, LISTENER, *BACKENDS, SILENCE)
"""What may be asked for."""

STREAMING = frozenset({"miniaudio"})
"""Those that take more while they play; the others take a clip whole."""

LIBRARIES = frozenset({"simpleaudio", "miniaudio"})
"""Those that are Python packages; the others are programs."""

_MOST_UNANSWERED = 2

_log = logger(__name__)


class Ways(Protocol):
    """Finds a way out for sound."""

    def choose(self, tell: Tell) -> tuple[Route, Sink | None]:
        """The way out and its sink, which tells ``tell``; None with silence.

        May take seconds while a sound server doesn't answer.

        Raises:
            PlaybackError: no helper process can be started.
        """

    def signs(self) -> object:
        """What is seen, at a glance, of devices and sound servers: it changes when they do."""

    def close(self) -> None:
        """Have a ``choose`` under way end soon; what it gives then is of no use."""


class HelperWays:
    """The ways out of this machine, each tried in a helper process before it is taken.

    ``wanted`` is one of ``OF_THIS_MACHINE``; ``log`` the file for what C libraries print.

    Raises:
        BadInput: there is no such route.
    """

    def __init__(self, wanted: str, log: Path | None) -> None:
        if wanted not in OF_THIS_MACHINE:
            known = ", ".join(OF_THIS_MACHINE)
            raise BadInput(f"{wanted!r} is no way out for sound", fix=f"Use one of: {known}")
        self._wanted = wanted
        self._given_log = log
        self._lock = threading.Lock()
        self._trying: HelperSink | None = None
        self._closed = False

    def choose(self, tell: Tell) -> tuple[Route, Sink | None]:
        """See :class:`Ways`."""
        if self._wanted == SILENCE:
            return Route(SILENCE, "sound off", heard=False), None
        refusals: dict[str, Refusal] = {}
        for name in BACKENDS if self._wanted == AUTO else (self._wanted,):
            found = self.attempt(name, tell)
            if isinstance(found, HelperSink):
                _log.info("sound goes through %s", name)
                return Route(name, label_of(name), heard=True), found
            _log.info("no sound through %s: %s", name, found.line)
            refusals[name] = found
            unanswered = [seen for seen in refusals.values() if seen.fault is Fault.UNANSWERED]
            if self._closed or len(unanswered) == _MOST_UNANSWERED:
                break  # they all go to the same server
        return silence(silence_hint(refusals, look_around(os.environ))), None

    def signs(self) -> object:
        """See :class:`Ways`."""
        return signs_of_sound(os.environ)

    def close(self) -> None:
        """See :class:`Ways`."""
        with self._lock:
            self._closed = True
            trying = self._trying
        if trying:
            trying.close()

    def attempt(self, name: str, tell: Tell) -> HelperSink | Refusal:
        """Try one backend: a sink through which sound comes out, or why none does.

        Raises:
            PlaybackError: no helper process can be started.
        """
        if not _installed(name):
            return Refusal(Fault.MISSING, "not installed")
        sink = HelperSink(
            name,
            tell,
            self._log_file(),
            streams=name in STREAMING,
            over_network="PULSE_SERVER" in os.environ,
        )
        with self._lock:
            self._trying = sink
            if self._closed:
                return Refusal(Fault.UNANSWERED, "closed")
        refusal: Refusal | None = None
        try:
            refusal = sink.probe()
            return refusal or sink
        except BaseException:
            sink.close()
            raise
        finally:
            with self._lock:
                self._trying = None
            if refusal:
                sink.close()

    def _log_file(self) -> Path:
        if self._given_log:
            return self._given_log
        from rushes.paths import log_file

        return log_file()


def silence(hint: str) -> Route:
    """The route on which nothing is heard."""
    return Route(SILENCE, "no sound", heard=False, hint=hint)


def _installed(name: str) -> bool:
    if name in LIBRARIES:
        return find_spec(name) is not None
    return shutil.which(name) is not None


def label_of(name: str) -> str:
    """The way out as the screen names it."""
    if "SSH_CONNECTION" in os.environ and "PULSE_SERVER" not in os.environ:
        # Somebody sits elsewhere: the loudspeaker is this machine's, not theirs.
        return f"loudspeaker of {socket.gethostname()} ({name})"
    return f"loudspeaker ({name})"
