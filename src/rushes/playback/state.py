"""What the player tells: what it does, where the playhead stands, which way the sound goes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

AUTO = "auto"
"""The first way out that answers."""

LISTENER = "listener"
"""Through ssh to the loudspeaker of whoever runs ``rushes listen``; see ``playback.listening``."""


class Playing(StrEnum):
    """What the player does. ``LOADING``: sound was asked for and hasn't begun yet."""

    STOPPED = "stopped"
    LOADING = "loading"
    PLAYING = "playing"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Route:
    """The way out that sound takes.

    ``name`` is ``LISTENER``, "simpleaudio", "miniaudio", "pw-play", "paplay", "aplay" or
    "silence"; ``label`` is short, for the screen. ``heard`` is false for silence, whose ``hint``
    says what to type.
    """

    name: str
    label: str
    heard: bool
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PlayerState:
    """The player at one moment; ``position`` and ``length`` in seconds.

    ``key`` names the clip in the deck; it stays when the clip has ended. ``length`` is 0 until
    the clip has been read. ``route`` is None until one was chosen. ``error`` is one line for
    people when the last wish failed, or when sound broke off and goes on by itself; the next wish
    clears it. ``gain`` in dB is what was asked for. ``other`` is the key of the clip on the other
    side, ``side`` "A" or "B" once the two were swapped, and ``matched`` how many dB this one is
    louder than its file to be as loud as the other, softer if negative. ``matches`` tells whether
    levels are matched at all. ``following`` are the keys of what comes next.
    """

    playing: Playing
    key: str | None
    position: float
    length: float
    route: Route | None
    error: str | None
    loop: bool = False
    gain: float = 0.0
    other: str | None = None
    side: str = ""
    matched: float = 0.0
    matches: bool = True
    following: tuple[str, ...] = ()
