"""What the history amounts to, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.tui.widgets.line import Lines
from rushes.words import when

if TYPE_CHECKING:
    from rushes.domain.statistics import Statistics
    from rushes.tui.paint import Line

_GAP = 3


class Totals(Lines):
    """Takes, length, bytes, favourites, rated ones and the trash; words leave before figures."""

    def __init__(self) -> None:
        super().__init__(id="totals")
        self._read: Statistics | None = None

    def show(self, read: Statistics) -> None:
        """Show another reading."""
        if read != self._read:
            self._read = read
            self.refresh()

    def draw(self, y: int) -> Line | None:
        """Draw the one line."""
        if self._read is None or y:
            return None
        width = self.size.width
        long, short = self._figures(self._read, words=True), self._figures(self._read, words=False)
        figures = long if _width(long) <= width else short
        while figures and _width(figures) > width:
            figures.pop()
        line = self.line()
        for index, (mark, mark_colour, figure, words) in enumerate(figures):
            line.add(" " * (_GAP if index else 1)).add(mark, mark_colour)
            line.add(figure, self.colours.ink, bold=True).add(words, self.colours.grey)
        return line

    def _figures(self, read: Statistics, *, words: bool) -> list[tuple[str, str, str, str]]:
        """Give mark, its colour, figure and word of each total."""
        colours = self.colours
        heart, star = ("v ", "* ") if self.is_ascii else ("♥ ", "★ ")
        figures = [
            ("", "", f"{read.generations:,}", " take" if read.generations == 1 else " takes"),
            ("", "", when.total(read.duration), ""),
            ("", "", when.size(read.bytes), ""),
            (heart, colours.rose, f"{read.favorites:,}", " favourite" if words else ""),
            (star, colours.gold, f"{read.rated:,}", " rated" if words else ""),
            ("", "", f"{read.in_trash:,}", " in the trash" if words else " trash"),
        ]
        return [(mark, colour or colours.ink, text, word) for mark, colour, text, word in figures]


def _width(figures: list[tuple[str, str, str, str]]) -> int:
    texts = sum(cell_len(mark + figure + words) for mark, _, figure, words in figures)
    return 1 + texts + _GAP * (len(figures) - 1)
