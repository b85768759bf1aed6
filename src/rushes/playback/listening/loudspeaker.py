"""The laptop's own loudspeaker: a player that plays clips while they are still coming in."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rushes.errors import PlaybackError
from rushes.playback.clip import Clip, Source
from rushes.playback.listening.frames import ClipFacts
from rushes.playback.player import Player
from rushes.playback.state import AUTO, PlayerState, Playing, Route


@dataclass(frozen=True, slots=True)
class Begun:
    """Sound comes out: the first sample at ``when``, a time of ``time.monotonic()``."""

    when: float


@dataclass(frozen=True, slots=True)
class Done:
    """All was heard; or ``error`` says why not."""

    error: str = ""


Tell = Callable[[str, Begun | Done], None]


class Loudspeaker:
    """Plays one clip at a time; every start has a name of its own, which its answers bear.

    Args:
        tell: hears of a start by its name, in a thread of the player's.
        route: the way out, as in the configuration.
    """

    def __init__(self, tell: Tell, route: str = AUTO) -> None:
        self._tell = tell
        self._lock = threading.Lock()
        self._name = self._next = ""
        self._clips: dict[str, tuple[int, ClipFacts]] = {}  # the descriptors are ours
        self._at = 0.0
        self._begun = False
        self._player = Player(route=route, on_change=self._changed, load=self._load)

    def warm(self) -> None:
        """Choose the way out and have a helper ready."""
        self._player.warm()

    @property
    def route(self) -> Route | None:
        """The way out, once one was chosen."""
        return self._player.state.route

    def play(self, name: str, descriptor: int, facts: ClipFacts, frame: int, *, loop: bool) -> None:
        """Play a clip from a frame on, in place of what plays.

        The file may still fill up, but not with ``loop``, which plays it again and again.
        """
        self._take_up(name, descriptor, facts, frame)
        self._player.loop(on=loop)
        self._player.play(_source(name), self._at)

    def go_over(
        self, name: str, descriptor: int, facts: ClipFacts, frame: int, *, loop: bool
    ) -> None:
        """Play a clip on from a frame, which what plays has reached; without a gap if it streams.

        As for ``play``, all of it must be there only with ``loop``.
        """
        sink = self._player.sink
        is_on = self._player.state.playing is Playing.PLAYING
        if sink is None or not sink.streams or not is_on:
            self.play(name, descriptor, facts, frame, loop=loop)
            return
        self._take_up(name, descriptor, facts, frame)
        self._player.loop(on=loop)
        self._player.take_over(_source(name))

    def queue(self, name: str, descriptor: int, facts: ClipFacts) -> None:
        """Play a clip, all of which must be there, when what plays has ended."""
        with self._lock:
            self._next = name
            self._clips[name] = os.dup(descriptor), facts
            before = self._name
        self._player.follow(before, [_source(name)])

    def unqueue(self) -> None:
        """Let nothing follow what plays."""
        with self._lock:
            self._give_up(self._next)
            self._next = ""
        self._player.play_alone()

    def loop(self, *, on: bool) -> None:
        """Begin anew at the end of what plays, or no longer."""
        self._player.loop(on=on)

    def stop(self) -> None:
        """Be silent."""
        with self._lock:
            self._name = self._next = ""
        self._player.stop()

    def close(self) -> None:
        """Be silent, and let go of everything."""
        with self._lock:
            self._name = self._next = ""
            self._give_up(*self._clips)
        self._player.close()

    def _take_up(self, name: str, descriptor: int, facts: ClipFacts, frame: int) -> None:
        with self._lock:
            self._give_up(*self._clips)
            self._name, self._next, self._begun = name, "", False
            self._clips[name] = os.dup(descriptor), facts
            self._at = frame / facts.sample_rate

    def _give_up(self, *names: str) -> None:
        for name in names:
            if name in self._clips:
                os.close(self._clips.pop(name)[0])

    def _load(self, source: Source) -> Clip:
        with self._lock:
            if source.key not in self._clips:
                raise PlaybackError("another clip plays")
            descriptor, facts = self._clips[source.key]
            return Clip(os.dup(descriptor), facts.sample_rate, facts.channels, facts.frames)

    def _changed(self, state: PlayerState) -> None:
        with self._lock:
            if self._next and state.key == self._next:
                self._give_up(self._name)
                self._name, self._next = self._next, ""
                self._at, self._begun = 0.0, False
            name = self._name
            if not name or state.key != name:
                return
            if state.playing is Playing.PLAYING and not self._begun:
                self._begun = True
                told: Begun | Done = Begun(time.monotonic() - (state.position - self._at))
            elif state.playing is Playing.STOPPED:
                self._name = ""
                told = Done(state.error or "")
            else:
                return
        self._tell(name, told)


def _source(name: str) -> Source:
    """A path that leads nowhere: the player never takes one clip for another."""
    return Source(name, Path("/dev/null/") / name)
