"""The tape deck as the screens use it: what is in it, playing, swapping, audition, going on."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

from rushes.playback.state import PlayerState, Playing
from rushes.tui.blind_keys import is_blind
from rushes.tui.desk import as_version, player_key

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from rushes.domain.generation import Generation, GenerationVersion
    from rushes.playback.clip import Source
    from rushes.playback.player import Player
    from rushes.tui.desk import Desk
    from rushes.tui.story_mix import Mix

    class Start(Protocol):
        """Runs a piece of work."""

        def __call__(self, work: Callable[[], Awaitable[None]], *, group: str) -> None:
            """Run it in the place of one of the same group."""

    After = Callable[[Generation, int], Awaitable[Sequence[Generation]]]

AHEAD = 12
"""Rows that the player is told of beforehand, where one is to follow the other."""

_FEW = 4
_MOST_KNOWN = 2 * AHEAD


class Tape:
    """``in_deck`` is what the deck shows, as the generation of which that version is the default.

    It is None while what is in the deck is heard blind.

    ``audition``: whatever the cursor comes to rest on is played. ``continuous``: when a row has
    ended the next one is heard; ``after`` gives those that come after one in the list. ``start``
    runs a piece of work, in the place of one of its group that still runs; ``say`` tells a line;
    ``key`` names an action's key.
    """

    def __init__(
        self, desk: Desk, start: Start, say: Callable[[str], None], key: Callable[[str], str]
    ) -> None:
        self.in_deck: Generation | Mix | None = None
        self.audition = self.continuous = False
        self.after: After | None = None
        self._desk = desk
        self._start = partial(start, group="play")
        self._feed = partial(start, group="feed")
        self._say = say
        self._key = key
        self._known: dict[str, Generation | Mix] = {}
        self._is_of_list = True
        self._tried: str | None = None

    @property
    def player(self) -> Player:
        """The player."""
        return self._desk.player

    @property
    def modes(self) -> tuple[str, ...]:
        """What is switched on, in words."""
        words = (("continuous", self.continuous), ("audition", self.audition))
        return tuple(word for word, is_on in words if is_on)

    def play(self, generation: Generation, version: GenerationVersion | None = None) -> None:
        """Play it, or pause and resume it where it is in the deck already."""
        self.in_deck = self._know(generation, version)
        self._is_of_list = True
        self._start(partial(self._play, generation, version))

    async def _play(self, generation: Generation, version: GenerationVersion | None) -> None:
        state = self.player.state
        goes_on = state.key == player_key(generation.id, version) and _is_on(state)
        following = [] if goes_on or version is not None else await self._following(generation)
        await self._desk.play(generation, version=version, following=following)

    def play_story(self, mix: Mix, at: float) -> None:
        """Play a story from ``at`` seconds on."""
        from rushes.playback.clip import Source

        self.in_deck = mix
        self._keep(mix.key, mix)
        self.player.play(Source(mix.key, mix.path), at)

    def go_on(self) -> None:
        """Pause or resume what is in the deck; what has ended begins anew."""
        if self.in_deck is not None:
            self.player.toggle()

    def rest_on(self, generation: Generation, version: GenerationVersion | None = None) -> None:
        """Audition it, unless it was what was auditioned last; what can't be heard is silence."""
        key = player_key(generation.id, version)
        if not self.audition or key == self._tried:
            return
        self._tried = key
        if generation.is_playable or version is not None:
            self._know(generation, version)
            self._is_of_list = True
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

    def toggle_continuous(self) -> None:
        """Let rows follow each other, or no longer."""
        self.continuous = not self.continuous
        if not self.continuous:
            self.player.play_alone()
            self._say("Continuous is off: a row plays alone.")
            return
        self._say(f"Continuous: the next row follows. {self._key('continuous')} ends it.")
        self._let_follow(self.player.state)

    @property
    def _may_follow(self) -> bool:
        return self.continuous and self._is_of_list

    def _let_follow(self, state: PlayerState) -> None:
        """Tell the player of more rows, where it knows of few."""
        if self._may_follow and _is_on(state) and len(state.following) < _FEW:
            from rushes.domain.generation import Generation

            last = self._known.get((state.key, *state.following)[-1] or "")
            if isinstance(last, Generation):  # after a story nothing follows
                self._feed(partial(self._follow, last))

    async def _follow(self, last: Generation) -> None:
        self.player.follow(last.id, await self._following(last))

    async def _following(self, generation: Generation) -> list[Source]:
        """What comes after a row, as far as it can be heard."""
        if not self.continuous or self.after is None:
            return []
        rows = await self.after(generation, AHEAD)
        for row in rows:
            self._know(row, None)
        return await self._desk.sources(rows)

    def swap(self, generation: Generation | None, version: GenerationVersion | None = None) -> None:
        """Go over to another take at the same position, from it back to the one before."""
        state = self.player.state
        if generation is not None and player_key(generation.id, version) != state.key:
            self._know(generation, version)
            self._is_of_list = True
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
        self._let_follow(state)

    def know(self, generation: Generation, version: GenerationVersion | None) -> None:
        """Take up what a screen of its own plays, after which no row of the list follows."""
        self._is_of_list = False
        self._know(generation, version)

    def _know(self, generation: Generation, version: GenerationVersion | None) -> Generation:
        heard = as_version(generation, version)
        self._keep(player_key(generation.id, version), heard)
        return heard

    def _keep(self, key: str, heard: Generation | Mix) -> None:
        self._known.pop(key, None)
        self._known[key] = heard
        while len(self._known) > _MOST_KNOWN:
            del self._known[next(iter(self._known))]

    async def _silence(self) -> None:
        if _is_on(self.player.state):
            self.player.stop()


def _is_on(state: PlayerState) -> bool:
    return state.playing is not Playing.STOPPED
