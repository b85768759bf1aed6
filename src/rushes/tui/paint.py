"""Brushes: Rich styles made of our colours, kept so that a row costs no new ones."""

from __future__ import annotations

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from rushes.tui.colours import Colours


@lru_cache(maxsize=512)
def brush(colour: str, back: str = "default", bold: bool = False) -> Style:
    """Give the style that paints with ``colour`` on ``back``."""
    return Style(color=colour, bgcolor=None if back == "default" else back, bold=bold or None)


class Line:
    """One line of segments under construction, on one background."""

    def __init__(self, colours: Colours, back: str | None = None, bold: bool = False) -> None:
        self._colours = colours
        self._back = colours.ground if back is None else back
        self._bold = bold
        self._segments: list[Segment] = []

    def add(self, text: str, colour: str | None = None, *, bold: bool = False) -> Line:
        """Add text, in ink unless another colour is given."""
        if text:
            style = brush(colour or self._colours.ink, self._back, bold or self._bold)
            self._segments.append(Segment(text, style))
        return self

    def strip(self, width: int) -> Strip:
        """Give the line as exactly ``width`` cells."""
        style = brush(self._colours.ink, self._back)
        return Strip(self._segments).simplify().adjust_cell_length(width, style)
