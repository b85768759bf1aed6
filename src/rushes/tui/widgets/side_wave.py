"""One side of a comparison: a line of words, and its waveform on a scale that all sides share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.geometry import Region
from textual.message import Message

from rushes.domain.quality_words import findings
from rushes.domain.quality_words import words as flag_words
from rushes.domain.wordless import in_place_of_text
from rushes.playback.state import PlayerState, Playing
from rushes.tui.candidates import Candidate, Common, letter
from rushes.tui.comparison_layout import cells_of
from rushes.tui.particulars import made_by
from rushes.tui.row import stars
from rushes.tui.widgets.large_wave import LargeWave
from rushes.tui.widgets.part import MARGIN
from rushes.tui.widgets.wave_part import parts_of, small_envelope
from rushes.words import when
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from rushes.domain.generation import Generation
    from rushes.tui.paint import Line

_GLYPHS = {Playing.PLAYING: "▶", Playing.PAUSED: "‖", Playing.LOADING: "…"}
_PLAIN = {Playing.PLAYING: ">", Playing.PAUSED: "=", Playing.LOADING: "."}
_GLYPH_AT = 4
_MOST_TEXT = 400


class SideWave(LargeWave):
    """A candidate; ``show_side`` gives it its letter, its rank and the common time scale."""

    indent = MARGIN

    @dataclass
    class Clicked(Message):
        """A side was clicked."""

        index: int

    def __init__(self) -> None:
        super().__init__()
        self._index = 0
        self._candidate: Candidate | None = None
        self._longest = 0.0
        self._chosen = False
        self._common = Common()
        self._playing = Playing.STOPPED

    def show_side(self, index: int, candidate: Candidate, longest: float, common: Common) -> None:
        """Show a candidate; ``longest`` in seconds is what the whole width stands for.

        What all have in ``common`` isn't said again.
        """
        before, self._candidate = self._candidate, candidate
        self._index, self._longest, self._common = index, longest, common
        heard = candidate.heard
        if before is None or before.heard.facts != heard.facts:
            self._envelope = small_envelope(heard)
            self.mark(parts_of(findings(heard.flags, heard.facts, heard.text), candidate.duration))
        self.redraw()

    def choose(self, chosen: bool) -> None:
        """Let the cursor stand here, or no longer."""
        if chosen != self._chosen:
            self._chosen = chosen
            self.refresh(Region(0, 0, _GLYPH_AT, 1), Region(0, 1, 1, self.size.height - 1))

    def show_playing(self, state: PlayerState, key: str) -> None:
        """Move the playhead where ``key`` is what plays; repaints nothing but what changes."""
        playing = state.playing if state.key == key else Playing.STOPPED
        if playing != self._playing:
            self._playing = playing
            self.refresh(Region(_GLYPH_AT, 0, 2, 1))
        duration = self._candidate.duration if self._candidate is not None else 0.0
        length = state.length or duration
        on = playing is not Playing.STOPPED and length > 0
        self.playhead(state.position / length if on else None)

    def on_click(self) -> None:
        """Say so."""
        self.post_message(self.Clicked(self._index))

    @property
    def _width(self) -> int:
        room = max(0, self.size.width - 2 * self.indent)
        if self._candidate is None:
            return room
        return cells_of(self._candidate.duration, self._longest, room)

    @property
    def _height(self) -> int:
        return max(0, self.size.height - 1)

    def _area(self, first: int, count: int) -> Region:
        return Region(self.indent + first, 1, count, self._height)

    def draw(self, y: int) -> Line | None:
        """Draw the words, or a row of the waveform."""
        line = self.line().add(self._bar, self.colours.amber)
        if y == 0:
            return self._words(line)
        return self.row(line.add(" " * (self.indent - 1)), y - 1)

    @property
    def _bar(self) -> str:
        if not self._chosen:
            return " "
        return "|" if self.is_ascii else "▌"

    def _words(self, line: Line) -> Line:
        candidate, colours = self._candidate, self.colours
        if candidate is None:
            return line
        live = self._chosen or self._playing is not Playing.STOPPED
        line.add(f" {letter(self._index)} ", colours.amber if live else colours.grey, bold=True)
        glyphs = _PLAIN if self.is_ascii else _GLYPHS
        line.add(f"{glyphs.get(self._playing, ' ')} ", colours.amber, bold=True)
        at_right = self._at_right(candidate)
        room = self.size.width - 6 - sum(cell_len(text) + 2 for text, _ in at_right) - 1
        for text, colour, bold in self._said(candidate):
            if not text or room < 6:
                continue
            said = shorten(text, room - 2)
            line.add(f"{said}  ", colour, bold=bold)
            room -= cell_len(said) + 2
        line.add(" " * max(0, room))
        for text, colour in at_right:
            line.add(f"  {text}", colour)
        return line

    def _said(self, candidate: Candidate) -> list[tuple[str, str, bool]]:
        colours, take, version = self.colours, candidate.generation, candidate.version
        name = "no profile" if take.profile_missing else take.profile_name
        heart = "v" if self.is_ascii else "♥"
        default = version is not None and version.is_default
        return [
            (place_in_words(candidate.rank), colours.gold, True),
            ("" if self._common.profile else name, colours.of_profile(take.profile_id), True),
            ("" if version is None else made_by(version), colours.ink, True),
            ("default" if default else "", colours.teal, False),
            (when.full(take.created_at) if version is None else "", colours.ink, False),
            (heart if take.is_favorited and version is None else "", colours.rose, False),
            ("" if version else stars(take.rating, ascii=self.is_ascii), colours.gold, False),
            (self._text(take), colours.grey, False),
        ]

    def _text(self, take: Generation) -> str:
        """Give the text where that isn't the same for all; of takes without one what tells them."""
        if not take.text.strip():
            return in_place_of_text(take)
        return take.text[:_MOST_TEXT] if self._common.texts_differ else ""

    def _at_right(self, candidate: Candidate) -> list[tuple[str, str]]:
        colours, flags = self.colours, flag_words(candidate.heard.flags)
        room = self.size.width // 3
        said = [(shorten(", ".join(flags), room), colours.gold)] if flags else []
        return [*said, (f"{candidate.duration:.2f} s", colours.grey)]


def place_in_words(rank: int) -> str:
    """Give a place in a ranking: ``1st``, ``2nd``, ``11th``; empty for none."""
    if not rank:
        return ""
    ending = "th" if 10 <= rank % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(rank % 10, "th")
    return f"{rank}{ending}"
