"""The one transport of a comparison: which side is heard, where, how loud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.geometry import Region

from rushes.playback.state import PlayerState, Playing
from rushes.tui.widgets.redrawn import Redrawn
from rushes.words import when
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from rushes.tui.paint import Line

_GLYPHS = {Playing.PLAYING: "▶", Playing.PAUSED: "‖", Playing.LOADING: "…", Playing.STOPPED: "■"}
_PLAIN = {Playing.PLAYING: ">", Playing.PAUSED: "=", Playing.LOADING: ".", Playing.STOPPED: "-"}
_TIME_AT = 6


@dataclass(frozen=True, slots=True)
class Sounding:
    """What the transport tells: what is heard, by its letter, and how the levels are, in words.

    ``length`` is the side's in seconds; None where neither it nor the position may be told, as
    they would tell sides apart.
    """

    state: PlayerState
    letter: str
    levels: str
    length: float | None


class Transport(Redrawn):
    """One line; in a comparison it stands in the deck's place."""

    back = "surface"

    def __init__(self) -> None:
        super().__init__(id="transport")
        self._sounding: Sounding | None = None
        self._position = 0.0

    def show(self, sounding: Sounding) -> None:
        """Show that something else is heard, or otherwise."""
        self._sounding, self._position = sounding, sounding.state.position
        self.redraw()

    def tick(self, position: float) -> None:
        """Move the playhead; repaints nothing but its digits."""
        old, self._position = self._position, position
        if self._sounding is None or self._sounding.length is None or not self._sounding.letter:
            return
        if when.playhead(old) != when.playhead(position):
            self.refresh(Region(_TIME_AT, 0, len(when.playhead(position)), 1))

    def draw(self, y: int) -> Line | None:
        """Draw the line."""
        sounding, colours = self._sounding, self.colours
        if sounding is None or y:
            return None
        state = sounding.state
        playing = state.playing if sounding.letter else Playing.STOPPED
        glyph = (_PLAIN if self.is_ascii else _GLYPHS)[playing]
        line = self.line()
        line.add(f" {glyph} {sounding.letter or ' '} ", colours.amber, bold=True)
        used = 4 + len(sounding.letter or " ")
        if sounding.length is not None and sounding.letter:
            now, total = when.playhead(self._position), f" / {when.playhead(sounding.length)}"
            line.add(f" {now}", colours.amber).add(total, colours.grey)
            used += 1 + len(now) + len(total)
        sound = self._sound(state)
        room = self.size.width - used - cell_len(sound)
        for text, colour in self._modes(sounding):
            said = shorten(f"   {text}", room)
            line.add(said, colour)
            room -= cell_len(said)
        line.add(" " * max(0, room))
        heard = state.route is not None and state.route.heard
        return line.add(sound, colours.teal if heard else colours.rose)

    def _modes(self, sounding: Sounding) -> list[tuple[str, str]]:
        colours, state = self.colours, sounding.state
        modes = [(sounding.levels, colours.teal)]
        if state.loop:
            modes.append(("loop" if self.is_ascii else "↻ loop", colours.teal))
        if state.gain:
            modes.append((f"gain {when.in_db(state.gain)}", colours.teal))
        return modes

    def _sound(self, state: PlayerState) -> str:
        if state.route is None:
            return ""
        return f"  {'~' if self.is_ascii else '♪'} {shorten(state.route.label, 20)} "
