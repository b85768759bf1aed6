"""The tape deck at the foot: what plays, its long waveform, position and length."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.geometry import Region

from rushes.domain.envelope import deck_row
from rushes.domain.generation import Generation
from rushes.domain.waveform import SILENCE, sparkline
from rushes.playback.state import PlayerState, Playing
from rushes.tui.widgets.line import Lines
from rushes.words import when
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from rushes.tui.desk import Desk
    from rushes.tui.paint import Line
    from rushes.tui.story_mix import Mix

_TIME = 9
"""Cells for the position before the waveform, and for the length behind it."""

_GLYPHS = {Playing.PLAYING: "▶", Playing.PAUSED: "‖", Playing.LOADING: "…", Playing.STOPPED: "■"}
_PLAIN = {Playing.PLAYING: ">", Playing.PAUSED: "=", Playing.LOADING: ".", Playing.STOPPED: "-"}


class Deck(Lines):
    """Two lines, as wide as the screen."""

    back = "surface"

    def __init__(self) -> None:
        super().__init__(id="deck")
        self._state: PlayerState | None = None
        self._in_deck: Generation | Mix | None = None
        self._modes: tuple[str, ...] = ()
        self._position = 0.0
        self._cells = ""

    def show(
        self, state: PlayerState, in_deck: Generation | Mix, modes: tuple[str, ...] = ()
    ) -> bool:
        """Show another state of the player; tell whether the clip is another than before.

        ``modes`` are words for what is switched on besides.
        """
        changed = self._state is None or self._state.key != state.key
        if changed:
            self._cells = ""
        self._state, self._in_deck, self._position = state, in_deck, state.position
        self._modes = modes
        self.refresh()
        return changed

    async def load(self, desk: Desk, in_deck: Generation | Mix) -> None:
        """Draw a take's waveform from the file itself, as fine as the deck is wide."""
        if not isinstance(in_deck, Generation):
            return
        width = self._width
        envelope = await desk.ask(lambda library: library.audio.envelope(in_deck, width))
        if self._in_deck is in_deck and width == self._width:
            self._cells = deck_row(envelope, width, ascii=self.is_ascii)
            self.refresh()

    def tick(self, position: float) -> None:
        """Move the playhead; repaints nothing but the cells that change."""
        old, self._position = self._position, position
        left, right = sorted((self._cut(old), self._cut(position)))
        if left != right:
            self.refresh(Region(_TIME + left, 1, right - left, 1))
        if when.playhead(old) != when.playhead(position):
            self.refresh(Region(1, 1, _TIME - 2, 1))
        in_deck = self._in_deck
        if in_deck is not None and words_of(in_deck, old) != words_of(in_deck, position):
            self.refresh(Region(0, 0, self.size.width, 1))

    def _cut(self, position: float) -> int:
        length = self._state.length if self._state is not None else 0.0
        return min(self._width, int(position / length * self._width)) if length > 0 else 0

    @property
    def _width(self) -> int:
        return max(8, self.app.size.width - 2 * _TIME)

    def draw(self, y: int) -> Line | None:
        """Draw the words above, the waveform below."""
        state, in_deck = self._state, self._in_deck
        if state is None or in_deck is None or y > 1:
            return None
        return self._words(state, in_deck) if y == 0 else self._waveform(state, in_deck)

    def _words(self, state: PlayerState, in_deck: Generation | Mix) -> Line:
        colours = self.colours
        called, coloured = named(in_deck)
        glyph = (_PLAIN if self.is_ascii else _GLYPHS)[state.playing]
        name = shorten(called, 24)
        line = self.line().add(f" {glyph} ", colours.amber)
        line.add(f"{name}  ", colours.of_profile(coloured), bold=True)
        modes = self._modes_of(state)
        used = cell_len(name) + 7 + cell_len(modes)
        room = max(0, self.size.width - used)
        text = shorten(words_of(in_deck, self._position)[: 2 * room], room)
        line.add(text, colours.grey)
        if modes:
            line.add(" " * (room - cell_len(text) + 1)).add(modes, colours.teal)
        return line

    def _modes_of(self, state: PlayerState) -> str:
        """Say what isn't as it usually is: sides, gain, loop, and so on; ends with a blank."""
        modes = []
        if state.side:
            here = ">" if self.is_ascii else "▸"
            sides = (f"{here if side == state.side else ' '}{side}" for side in "AB")
            matched = f" {when.in_db(state.matched)}" if abs(state.matched) >= 0.05 else ""
            modes.append(" ".join(sides) + matched)
        if state.gain:
            modes.append(f"gain {when.in_db(state.gain)}")
        if state.loop:
            modes.append("loop" if self.is_ascii else "↻ loop")
        modes += self._modes
        text = "   ".join(modes)
        # Of a narrow screen the clip keeps half.
        return shorten(f"{text} ", self.size.width // 2) if text else ""

    def _waveform(self, state: PlayerState, in_deck: Generation | Mix) -> Line:
        colours, width = self.colours, self._width
        if len(self._cells) != width:
            self._cells = sparkline(small_waveform(in_deck), width, ascii=self.is_ascii)
        cut = self._cut(self._position)
        line = self.line().add(f" {when.playhead(self._position):<{_TIME - 1}}", colours.amber)
        line.add(self._cells[:cut], colours.amber)
        for quiet, cells in groupby(self._cells[cut:], key=SILENCE.__eq__):
            line.add("".join(cells), colours.faint if quiet else colours.blue)
        length = state.length or in_deck.duration or 0.0
        return line.add(f"{when.playhead(length):>{_TIME - 1}} ", colours.grey)


def named(in_deck: Generation | Mix) -> tuple[str, str]:
    """Give whose it is, and the id that it has its colour by: a voice's, or a story's."""
    if isinstance(in_deck, Generation):
        return in_deck.profile_name, in_deck.profile_id
    return in_deck.name, in_deck.story_id


def words_of(in_deck: Generation | Mix, position: float) -> str:
    """Give what is said: of a story what is heard at that position, in seconds."""
    return in_deck.text if isinstance(in_deck, Generation) else in_deck.words_at(position)


def small_waveform(in_deck: Generation | Mix) -> bytes:
    """Give the stored small waveform; nothing where there is none."""
    if isinstance(in_deck, Generation):
        return in_deck.facts.waveform if in_deck.facts is not None else b""
    return in_deck.waveform
