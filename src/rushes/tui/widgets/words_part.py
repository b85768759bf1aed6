"""The words of a generation, wrapped; a long text is read whole elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region

from rushes.tui.lazily import LazyLines, scrolled
from rushes.tui.widgets.part import MARGIN, Part

if TYPE_CHECKING:
    from rushes.tui.paint import Line

WIDEST = 100
"""Cells of a line; longer ones are tiring to read."""


class WordsPart(Part):
    """The text, and beneath it a line that says whether there is more."""

    def __init__(self) -> None:
        super().__init__(id="words")
        self._text = ""
        self._top = 0
        self._lines = LazyLines("", 1)

    def show(self, text: str) -> None:
        """Show another text from its beginning."""
        if text != self._text:
            self._text = text
            self._top = 0
            self._lines = LazyLines(text, 1)
            self.redraw()

    @property
    def page(self) -> int:
        """Lines of text in sight."""
        return max(1, self.size.height - 1)

    @property
    def hint(self) -> str:
        """Say how to read it whole, where that shows more."""
        return f"{self.key('open_part')} reads it whole" if self.is_long else ""

    @property
    def is_long(self) -> bool:
        """Tell whether it doesn't fit."""
        return self._wrapped().has(self.page)

    def marks(self) -> list[Region]:
        """The bar, and the line beneath."""
        width, height = self.size
        return [Region(0, 0, 1, height), Region(1, height - 1, max(0, width - 1), 1)]

    def move(self, by: int) -> None:
        """Scroll."""
        top = scrolled(self._wrapped(), self._top, by, self.page)
        if top != self._top:
            self._top = top
            self.redraw()

    def draw(self, y: int) -> Line:
        """Draw a line of the text, or what there is to say beneath it."""
        line = self.bar(self.line()).add(" ")
        if y < self.page:
            return line.add("".join(self._wrapped().slice(self._top + y, 1)))
        if not self.is_long:
            return line
        more = self._wrapped().has(self._top + self.page)
        glyph = "..." if self.is_ascii else "…"
        line.add(f"{glyph} more" if more else "the end", self.colours.grey)
        return line.add(f"   {self.hint}" if self.chosen else "", self.colours.grey)

    def _wrapped(self) -> LazyLines:
        width = max(1, min(self.size.width - MARGIN - 1, WIDEST))
        if self._lines.width != width:
            self._lines = LazyLines(self._text, width)
        return self._lines
