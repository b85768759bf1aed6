"""The table beneath the sides: in what they differ, a column for each side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.domain.text import one_line
from rushes.tui.candidates import letter
from rushes.tui.comparison_layout import Columns, columns
from rushes.tui.comparison_table import Row, Tone
from rushes.tui.widgets.redrawn import Redrawn
from rushes.words.cells import fit
from rushes.words.snapshot import short_name

if TYPE_CHECKING:
    from rushes.tui.paint import Line

_NONE = ("none", "not heard yet")


class SideTable(Redrawn):
    """Rows to be scrolled; the cursor's side is always among the columns in sight."""

    def __init__(self) -> None:
        super().__init__(id="side-table")
        self._rows: tuple[Row, ...] = ()
        self._sides = 0
        self._cursor = 0
        self._first = 0
        self._top = 0

    @property
    def wanted(self) -> int:
        """Lines that it needs to be whole, its heading among them."""
        return len(self._rows) + 1

    def show(self, rows: tuple[Row, ...], sides: int) -> None:
        """Show other rows."""
        self._rows, self._sides = rows, sides
        self._put_top(self._top)
        self.redraw()

    def go(self, cursor: int) -> None:
        """Let the cursor be on another side."""
        if cursor != self._cursor:
            self._cursor = cursor
            self.redraw()

    def page(self, way: int) -> bool:
        """Scroll by half of what is in sight, down for 1, up for -1; tell whether there is more."""
        before = self._top
        self._put_top(self._top + way * max(1, self._page // 2))
        self.redraw()
        return self._top != before

    def on_resize(self) -> None:
        """Keep the end at the end."""
        self._put_top(self._top)

    @property
    def _page(self) -> int:
        return max(1, self.size.height - 1)

    def _put_top(self, top: int) -> None:
        self._top = max(0, min(top, len(self._rows) - self._page))

    def draw(self, y: int) -> Line | None:
        """Draw the heading with the letters, or a row."""
        divided = self._divided()
        if y == 0:
            return self._heading(divided)
        at = self._top + y - 1
        return self._row(self._rows[at], divided) if at < len(self._rows) else None

    def _divided(self) -> Columns:
        label = max((cell_len(one_line(row.label)) for row in self._rows), default=6)
        divided = columns(self.size.width, label, self._sides, self._cursor, self._first)
        self._first = divided.first
        return divided

    def _heading(self, divided: Columns) -> Line:
        colours = self.colours
        hidden = len(self._rows) - self._page
        more = f"{self._top + 1}–{self._top + self._page} of {len(self._rows)}"
        label = fit(more if hidden > 0 else "", divided.label)
        line = self.line().add(f" {label}", colours.faint)
        for index in range(divided.first, divided.first + divided.shown):
            here = index == self._cursor
            colour = colours.amber if here else colours.grey
            line.add(f"  {fit(letter(index), divided.each)}", colour, bold=here)
        return line

    def _row(self, row: Row, divided: Columns) -> Line:
        colours = self.colours
        name = fit(short_name(one_line(row.label), divided.label), divided.label)
        line = self.line().add(f" {name}", colours.grey)
        for value in row.values[divided.first : divided.first + divided.shown]:
            line.add(f"  {fit(value, divided.each)}", self._colour(row, value))
        return line

    def _colour(self, row: Row, value: str) -> str:
        colours = self.colours
        if value in _NONE:
            return colours.faint
        match row.tone:
            case Tone.FLAG:
                return colours.gold
            case Tone.MEASURED:
                return colours.teal
            case _:
                return colours.ink
