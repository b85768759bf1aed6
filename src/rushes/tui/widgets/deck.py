"""The tape deck at the foot: what plays, its long waveform, position and length."""

from __future__ import annotations

from rushes.domain.generation import Generation
from rushes.domain.waveform import sparkline
from rushes.playback.state import PlayerState, Playing
from rushes.tui import when
from rushes.tui.cells import shorten
from rushes.tui.paint import Line
from rushes.tui.row import SILENCE
from rushes.tui.widgets.line import Lines

_TIME = 9
"""Cells for the position before the waveform, and for the length behind it."""


class Deck(Lines):
    """Two lines; hidden until something has been played."""

    back = "surface"

    def __init__(self) -> None:
        super().__init__(id="deck")
        self.display = False
        self._state: PlayerState | None = None
        self._generation: Generation | None = None
        self._drawn: tuple[str, int] = ("", -1)
        self._cells = ""

    def show(self, state: PlayerState, generation: Generation | None) -> None:
        """Show another state of the player; ``generation`` is what its key names."""
        if generation is None or state.key != generation.id:
            return
        if generation is not self._generation:
            self._generation = generation
            self._cells = ""
        self._state = state
        self.display = True
        self.refresh()

    def tick(self, position: float) -> None:
        """Move the playhead; repaints nothing but the cells that change."""
        if self._state is None:
            return
        time, cut = when.playhead(position), self._cut(position)
        old_time, old_cut = self._drawn
        y = self.region.y
        if cut != old_cut:
            self.refresh_cells(_TIME + min(cut, old_cut), 1, abs(cut - old_cut) + 1)
        if time != old_time:
            self.refresh_cells(1, 1, _TIME - 2)
        self._position = position
        assert y >= 0

    _position = 0.0

    def refresh_cells(self, x: int, y: int, width: int) -> None:
        """Repaint a part of one line."""
        from textual.geometry import Region

        self.refresh(Region(x, y, width, 1))

    def _cut(self, position: float) -> int:
        length = self._state.length if self._state is not None else 0.0
        return min(self._wave, int(position / length * self._wave)) if length > 0 else 0

    @property
    def _wave(self) -> int:
        return max(8, self.size.width - 2 * _TIME - 1)

    def draw(self, y: int) -> Line | None:
        """Draw the words above, the waveform below."""
        state, generation = self._state, self._generation
        if state is None or generation is None or y > 1:
            return None
        return self._words(state, generation) if y == 0 else self._waveform(state, generation)

    def _words(self, state: PlayerState, generation: Generation) -> Line:
        colours = self.colours
        glyphs = {Playing.PLAYING: "▶", Playing.PAUSED: "‖", Playing.LOADING: "…"}
        plain = {Playing.PLAYING: ">", Playing.PAUSED: "=", Playing.LOADING: "."}
        glyph = (plain if self.is_ascii else glyphs).get(
            state.playing, "-" if self.is_ascii else "■"
        )
        line = self.line().add(f" {glyph} ", colours.amber)
        line.add(
            shorten(generation.profile_name, 24),
            colours.of_profile(generation.profile_id),
            bold=True,
        )
        return line.add("  ").add(
            shorten(generation.text[:400], self.size.width - 30), colours.grey
        )

    def _waveform(self, state: PlayerState, generation: Generation) -> Line:
        colours, width = self.colours, self._wave
        facts = generation.facts
        if len(self._cells) != width:
            self._cells = (
                sparkline(facts.waveform, width, ascii=self.is_ascii) if facts else " " * width
            )
        position = self._position if state.playing is not Playing.STOPPED else state.position
        time, cut = when.playhead(position), self._cut(position)
        self._drawn = (time, cut)
        line = self.line().add(f" {time:<{_TIME - 1}}", colours.amber)
        for index, cell in enumerate(self._cells):
            quiet = cell == SILENCE
            played = index < cut
            colour = colours.amber if played else colours.faint if quiet else colours.blue
            line.add(cell, colour)
        return line.add(f" {when.playhead(state.length):>{_TIME - 1}}", colours.grey)
