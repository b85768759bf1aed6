"""The tape deck as the screens use it: what is in it, playing, swapping sides, audition."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rushes.playback.state import PlayerState, Playing
from rushes.tui.blind_keys import is_blind
from rushes.tui.desk import as_version, player_key

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from rushes.domain.generation import Generation, GenerationVersion
    from rushes.playback.player import Player
    from rushes.tui.desk import Desk

    Start = Callable[[Callable[[], Awaitable[None]]], None]

_MOST_KNOWN = 8


class Tape:
    """``in_deck`` is what the deck shows, as the generation of which that version is the default.

    It is None while what is in the deck is heard blind.

    ``audition``: whatever the cursor comes to rest on is played. ``start`` runs a piece of work,
    in the place of one that still runs; ``say`` tells a line; ``key`` names an action's key.
    """

    def __init__(
        self, desk: Desk, start: Start, say: Callable[[str], None], key: Callable[[str], str]
    ) -> None:
        self.in_deck: Generation | None = None
        self.audition = False
        self._desk = desk
        self._start = start
        self._say = say
        self._key = key
        self._known: dict[str, Generation] = {}
        self._tried: str | None = None

    @property
    def player(self) -> Player:
        """The player."""
        return self._desk.player

    def play(self, generation: Generation, version: GenerationVersion | None = None) -> None:
        """Play it, or pause and resume it where it is in the deck already."""
        self.in_deck = self.know(generation, version)
        self._start(partial(self._desk.play, generation, version=version))

    def rest_on(self, generation: Generation, version: GenerationVersion | None = None) -> None:
        """Audition it, unless it was what was auditioned last; what can't be heard is silence."""
        key = player_key(generation.id, version)
        if not self.audition or key == self._tried:
            return
        self._tried = key
        if generation.is_playable or version is not None:
            self.know(generation, version)
            self._start(partial(self._desk.audition, generation, version))
        else:
            self._start(self._silence)

    def toggle_audition(self) -> bool:
        """Begin auditioning or end it; tell which."""
        self.audition, self._tried = not self.audition, None
        if self.audition:
            self._say(f"Audition: what the cursor rests on plays. {self._key('audition')} ends it.")
        else:
            self._say("Audition is off.")
        return self.audition

    def swap(self, generation: Generation | None, version: GenerationVersion | None = None) -> None:
        """Go over to another take at the same position, from it back to the one before."""
        state = self.player.state
        if generation is not None and player_key(generation.id, version) != state.key:
            self.know(generation, version)
            self._start(partial(self._desk.swap, generation, version))
        elif state.other is not None:
            self.player.swap()
        else:
            self._say(f"Play one take, then {self._key('swap')} on another swaps the two.")

    def heed(self, state: PlayerState) -> None:
        """Take up another state of the player: which clip is in the deck now."""
        if is_blind(state.key):
            self.in_deck = None
        elif state.key is not None:
            self.in_deck = self._known.get(state.key, self.in_deck)

    def know(self, generation: Generation, version: GenerationVersion | None) -> Generation:
        """Take up what may be in the deck soon; give what the deck will show of it."""
        key = player_key(generation.id, version)
        self._known.pop(key, None)
        heard = self._known[key] = as_version(generation, version)
        while len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]
        return heard

    async def _silence(self) -> None:
        if self.player.state.playing is not Playing.STOPPED:
            self.player.stop()
