"""Brushes: Rich styles made of our colours, kept so that a row costs no new ones."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

if TYPE_CHECKING:
    from rushes.tui.colours import Colours


@lru_cache(maxsize=512)
def brush(colour: str, back: str = "default", bold: bool = False) -> Style:
    """Give the style that paints with ``colour`` on ``back``."""
    return Style(color=colour, bgcolor=None if back == "default" else back, bold=bold or None)


class Line:
    """One line of segments under construction, on one background unless a part has its own.

    Blanks take the style of what stands beside them: on the same background they look the same,
    and every change of style costs some twenty bytes on the way to the terminal.
    """

    def __init__(self, colours: Colours, back: str | None = None, *, bold: bool = False) -> None:
        self._colours = colours
        self._back = colours.ground if back is None else back
        self._bold = bold
        self._runs: list[tuple[str, Style]] = []

    def add(
        self,
        text: str,
        colour: str | None = None,
        *,
        bold: bool = False,
        back: str | None = None,
    ) -> Line:
        """Add text, in ink and on the line's background unless others are given."""
        if not text:
            return self
        style = brush(colour or self._colours.ink, back or self._back, bold or self._bold)
        if self._runs:
            before, before_style = self._runs[-1]
            alike = before_style.bgcolor == style.bgcolor
            if style == before_style or (alike and text.isspace()):
                self._runs[-1] = (before + text, before_style)
                return self
            if alike and before.isspace():
                self._runs[-1] = (before + text, style)
                return self
        self._runs.append((text, style))
        return self

    def strip(self, width: int) -> Strip:
        """Give the line as exactly ``width`` cells."""
        missing = width - sum(cell_len(text) for text, _ in self._runs)
        if missing > 0:
            self.add(" " * missing)
        strip = Strip([Segment(text, style) for text, style in self._runs])
        return strip if missing >= 0 else strip.crop(0, width)
