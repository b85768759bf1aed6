"""The large waveform: envelope, brighter core, clipped parts, and a playhead that moves."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from textual.geometry import Region

from rushes.domain.braille import BLANK, CLIP, CORE, SILENCE, DrawnRow, braille, plain
from rushes.tui.shade import bright, dimmed
from rushes.tui.widgets.redrawn import Redrawn

if TYPE_CHECKING:
    from rushes.domain.envelope import Envelope
    from rushes.tui.paint import Line


_MARKED = "m"
"""A cell of a part that something is said about."""


class LargeWave(Redrawn):
    """A waveform as large as the widget, less ``indent`` columns and ``foot`` lines."""

    indent = 0
    foot = 0

    def __init__(self, id: str | None = None) -> None:  # noqa: A002  # Textual's name for it
        super().__init__(id=id)
        self._envelope: Envelope | None = None
        self._at: float | None = None
        self._marked: tuple[tuple[float, float], ...] = ()
        self._drawn: tuple[DrawnRow, ...] = ()
        self._drawn_as: tuple[Envelope, int, int, bool] | None = None

    @property
    def columns(self) -> int:
        """How many buckets an envelope needs, for every column of dots to have its own."""
        return max(1, self._width * (1 if self.is_ascii else 2))

    def show(self, envelope: Envelope) -> None:
        """Draw another clip, or the same one finer."""
        if envelope is not self._envelope:
            self._envelope = envelope
            self.redraw()

    def clear(self) -> None:
        """Draw nothing."""
        if self._envelope is not None:
            self._envelope = None
            self.redraw()

    def mark(self, parts: tuple[tuple[float, float], ...]) -> None:
        """Let parts of the waveform, from and to within 0 to 1, stand out from the next drawing."""
        if parts != self._marked:
            self._marked = parts
            self._drawn_as = None

    def playhead(self, at: float | None) -> None:
        """Put the playhead at ``at``, 0 to 1, or take it away; repaints only what changes."""
        old, self._at = self._cut(), at
        new = self._cut()
        if old == new or self._envelope is None:
            return
        left, right = sorted((-1 if old is None else old, -1 if new is None else new))
        self.refresh(self._area(max(left, 0), right - max(left, 0) + 1))

    @property
    def _width(self) -> int:
        return max(0, self.size.width - 2 * self.indent)

    @property
    def _height(self) -> int:
        return max(0, self.size.height - self.foot)

    def _area(self, first: int, count: int) -> Region:
        return Region(self.indent + first, 0, count, self._height)

    def _cut(self) -> int | None:
        if self._at is None or not self._width:
            return None
        return max(0, min(self._width - 1, int(self._at * self._width)))

    def draw(self, y: int) -> Line | None:
        """Draw one row of the waveform."""
        return self.row(self.line().add(" " * self.indent), y)

    def row(self, line: Line, y: int) -> Line:
        """Add row ``y`` of the waveform to a line that has its margin."""
        rows = self._rows()
        if y >= len(rows):
            return line
        row, cut = rows[y], self._cut()
        if cut is None:
            return self._cells(line, row, slice(None))
        self._cells(line, row, slice(cut), played=True)
        line.add("|" if self.is_ascii else "│", self.colours.ink, bold=True)
        return self._cells(line, row, slice(cut + 1, None))

    def _cells(self, line: Line, row: DrawnRow, part: slice, *, played: bool = False) -> Line:
        colours = self.colours
        colour = colours.amber if played else colours.blue
        edge = dimmed(colour, self.ground)
        quiet = edge if played else colours.faint
        shades = {
            _MARKED: colours.gold,
            CORE: bright(colours, colour),
            CLIP: colours.rose,
            SILENCE: quiet,
        }
        text, at = row.text[part], 0
        for kind, run in groupby(row.kinds[part]):
            end = at + len(list(run))
            line.add(text[at:end], shades.get(kind, edge), bold=kind == CLIP)
            at = end
        return line

    def _rows(self) -> tuple[DrawnRow, ...]:
        if self._envelope is None:
            return ()
        wanted = (self._envelope, self._width, self._height, self.is_ascii)
        if wanted != self._drawn_as:
            draw = plain if self.is_ascii else braille
            drawn = draw(self._envelope, self._width, self._height)
            self._drawn = tuple(self._with_marks(row) for row in drawn)
            self._drawn_as = wanted
        return self._drawn

    def _with_marks(self, row: DrawnRow) -> DrawnRow:
        kinds = list(row.kinds)
        for begins, ends in self._marked:
            first = min(int(begins * self._width), self._width - 1)
            for cell in range(first, max(first + 1, int(ends * self._width))):
                if cell < len(kinds) and kinds[cell] not in (BLANK, CLIP):
                    kinds[cell] = _MARKED
        return DrawnRow(row.text, "".join(kinds))
