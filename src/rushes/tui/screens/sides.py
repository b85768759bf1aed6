"""What hearing sides against each other takes, whether one sees which they are or not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.screen import Screen

from rushes.playback.state import PlayerState, Playing
from rushes.tui.actions import Scope
from rushes.tui.bindings import binding_of, bindings_of
from rushes.tui.candidates import Candidate, letter
from rushes.tui.screens.base import DeskScreen
from rushes.tui.widgets.transport import Sounding, Transport
from rushes.words.when import in_db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType

    from rushes.playback.clip import Source
    from rushes.tui.gathered import Gathered

ScreenOf = Callable[["Gathered"], Screen[None]]
"""Gives the screen that shows what is gathered."""

_SOUNDING = (Playing.PLAYING, Playing.LOADING)


class SidesScreen(DeskScreen):
    """One transport for several candidates: whoever goes over to another stays at the same place.

    A side that is over by then begins anew. The transport stands in the deck's place.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(Scope.SIDES), *binding_of("undo")]
    AUTO_FOCUS = ""
    tells_place: ClassVar[bool] = True
    """Whether position and length may be seen."""

    def __init__(self, screen_of: ScreenOf) -> None:
        super().__init__()
        self._screen_of = screen_of
        self.transport = Transport()
        self.cursor = 0

    @property
    def sides(self) -> tuple[Candidate, ...]:
        """The candidates that can be heard here."""
        raise NotImplementedError

    @property
    def candidates(self) -> Sequence[Candidate]:
        """All that is compared here: they are heard at one level."""
        return self.sides

    def key_of(self, index: int) -> str:
        """Give the player's name of a side."""
        return self.sides[index].key

    def cursor_moved(self) -> None:
        """Show that another side is meant."""

    @property
    def heard(self) -> int | None:
        """The side that is in the deck; None where something else is, or nothing."""
        key = self.host.desk.player.state.key
        return next((at for at in range(len(self.sides)) if self.key_of(at) == key), None)

    def turn_to(self, gathered: Gathered) -> None:
        """Show a comparison in this one's place: blind where something is left to ask."""
        self.app.switch_screen(self._screen_of(gathered))

    # Hearing

    def hear(self, index: int) -> None:
        """Go over to a side at the same place; begin it where nothing is heard."""
        if index >= len(self.sides):
            self.host.say(f"There is no side {letter(index)}.")
            return
        self.cursor = index
        self.cursor_moved()
        self.host.start(self, partial(self._hear, index), group="play")

    async def _hear(self, index: int) -> None:
        source = await self.source_of(index)
        player, heard = self.host.desk.player, self.heard
        playing = player.state.playing
        if heard is None or (playing is Playing.STOPPED and heard != index):
            player.play(source)
        elif heard != index:
            player.swap(source)
            player.resume()
        elif playing not in _SOUNDING:
            player.toggle()

    async def source_of(self, index: int) -> Source:
        """Give what the player plays for a side.

        Raises:
            RushesError: there is no audio for it.
        """
        from rushes.playback.matching import common_level, loudness_of

        one = self.sides[index]
        source = await self.host.desk.source(one.generation, one.version)
        level = common_level([loudness_of(other.heard.facts) for other in self.candidates])
        return source if level is None else replace(source, aim=level)

    def action_hear(self, index: int) -> None:
        """Hear a side."""
        self.hear(index)

    def action_next_side(self) -> None:
        """Hear the next side, after the last the first."""
        self._step(1)

    def action_previous_side(self) -> None:
        """Hear the side before, before the first the last."""
        self._step(-1)

    def _step(self, by: int) -> None:
        self.hear((self.cursor + by) % len(self.sides))

    def action_play(self) -> None:
        """Pause what is heard; else hear the side of the cursor."""
        player = self.host.desk.player
        if self.heard == self.cursor and player.state.playing in _SOUNDING:
            player.pause()
        else:
            self.hear(self.cursor)

    def action_nudge(self, seconds: int) -> None:
        """Seek by some seconds."""
        if self.heard is not None:
            super().action_nudge(seconds)

    def action_undo(self) -> None:
        """Take back what was decided or kept here, else what was changed before."""
        raise NotImplementedError

    def action_match_levels(self) -> None:
        """Let all sides be equally loud, or as loud as they are."""
        player = self.host.desk.player
        player.match(on=not player.state.matches)
        self.player_changed(player.state)

    def _levels(self, state: PlayerState) -> str:
        """Say how loud the sides are against each other, and by how much this one isn't as it is.

        How much that is would tell a side that is heard blind.
        """
        if not state.matches:
            return "levels as they are"
        told = self.tells_place and self.heard is not None and abs(state.matched) >= 0.05
        return f"levels matched {in_db(state.matched)}" if told else "levels matched"

    # Listening to what nobody has measured yet

    def measure(self) -> None:
        """Have those measured that weren't: it is their loudness that levels are matched by."""
        wanted = [one.generation.id for one in self.candidates if not one.is_measured]
        if wanted:
            self.host.start(self, partial(self._measure, wanted), group="measure")

    async def _measure(self, ids: Sequence[str]) -> None:
        await self.host.desk.ask(lambda library: library.quality.first(ids))
        self.library_changed()

    # The player

    def player_changed(self, state: PlayerState) -> None:
        """Show the player's state in the transport; no deck, which would tell too much."""
        heard = self.heard
        name, length = ("", 0.0) if heard is None else (letter(heard), self.sides[heard].duration)
        told = state.length or length if self.tells_place else None
        if heard is None and self.tells_place and state.playing is not Playing.STOPPED:
            name, told = "another take", None
        self.transport.show(Sounding(state, name, self._levels(state), told))

    def tick(self, state: PlayerState) -> None:
        """Move the playhead."""
        self.transport.tick(state.position)
