"""A widget that is drawn line by line."""

from __future__ import annotations

from textual.strip import Strip
from textual.widget import Widget

from rushes.tui.colours import DARK, Colours
from rushes.tui.paint import Line, brush


class Lines(Widget):
    """A widget whose lines are strips of its own making, on one of our grounds."""

    back = "ground"

    @property
    def colours(self) -> Colours:
        """The colours in force."""
        return getattr(self.app, "colours", DARK)

    @property
    def is_ascii(self) -> bool:
        """Tell whether only plain glyphs may be drawn."""
        return bool(getattr(self.app, "ascii", False))

    @property
    def ground(self) -> str:
        """The colour beneath the lines."""
        value = getattr(self.colours, self.back)
        assert isinstance(value, str)
        return value

    def line(self) -> Line:
        """Begin a line on this widget's ground."""
        return Line(self.colours, self.ground)

    def blank(self) -> Strip:
        """Give an empty line."""
        return Strip.blank(self.size.width, brush(self.colours.ink, self.ground))

    def draw(self, y: int) -> Line | None:
        """Draw line ``y`` (0 at the top); None leaves it empty."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Give line ``y`` as wide as the widget."""
        line = self.draw(y)
        return self.blank() if line is None else line.strip(self.size.width)


class OneLine(Lines):
    """A widget of a single line."""

    def draw(self, y: int) -> Line | None:
        """Draw the line; nothing beneath it."""
        return self.draw_line() if y == 0 else None

    def draw_line(self) -> Line:
        """Draw the line."""
        raise NotImplementedError
