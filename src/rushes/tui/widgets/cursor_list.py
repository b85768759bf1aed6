"""A list of lines with a cursor, as dialogs have it, drawn line by line however many there are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView

from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.colours import DARK, Colours
from rushes.tui.paint import Line
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from textual import events
    from textual.strip import Strip


class CursorList(ScrollView, can_focus=True):
    """Lines with a cursor; what stands in them is for its kinds to say."""

    BINDINGS = bindings_of(Scope.MOVE)
    DEFAULT_CLASSES = "cursor-list"

    back = "surface"
    """The colour beneath the lines, by its name."""

    @dataclass
    class Clicked(Message):
        """The line under the cursor was clicked."""

    @dataclass
    class Moved(Message):
        """The cursor stands on another line."""

    def __init__(self, id: str) -> None:  # noqa: A002  # Textual's name for it
        super().__init__(id=id)
        self.cursor = 0
        self._count = 0
        self._said = ""

    @property
    def colours(self) -> Colours:
        """The colours in force."""
        return getattr(self.app, "colours", DARK)

    @property
    def is_ascii(self) -> bool:
        """Tell whether only plain glyphs may be drawn."""
        return bool(getattr(self.app, "ascii", False))

    def draw(self, at: int, line: Line, width: int) -> Line:
        """Add line ``at`` (0 at the top) behind the cursor's bar; ``width`` is the whole line's."""
        raise NotImplementedError

    def show_lines(self, count: int, cursor: int, said: str = "") -> None:
        """Show that many lines with the cursor given, or ``said`` where there are none."""
        self._count, self._said = count, said
        self.cursor = max(0, min(cursor, count - 1))
        self.virtual_size = Size(self._width, count)
        self._follow(step=False)
        self.refresh()

    def in_sight(self) -> range:
        """Give which lines are on the screen."""
        return range(self._top, min(self._top + self._height, self._count))

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self.virtual_size = Size(self._width, self._count)
        self._follow(step=False)

    # Moving

    @property
    def _top(self) -> int:
        return int(self.scroll_offset.y)

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    @property
    def _height(self) -> int:
        return max(1, self.size.height)

    def go(self, position: int) -> None:
        """Move the cursor; the list follows where it has to."""
        position = max(0, min(position, self._count - 1))
        if position == self.cursor:
            return
        before, self.cursor = self.cursor, position
        self.post_message(self.Moved())
        if self._follow(step=abs(position - before) == 1):
            self.refresh()
        else:
            self.refresh_lines(before)
            self.refresh_lines(position)

    def _follow(self, *, step: bool) -> bool:
        """Scroll until the cursor is in sight, half a screen for a step; tell whether it did."""
        top, height, cursor = self._top, self._height, self.cursor
        if top <= cursor < top + height:
            return False
        slack = height // 2 if step else 0
        wanted = cursor - slack if cursor < top else cursor - height + 1 + slack
        highest = max(0, self._count - height)
        self.scroll_to(y=max(0, min(wanted, highest)), animate=False, force=True)
        return True

    def action_cursor_down(self) -> None:
        """Go to the next line."""
        self.go(self.cursor + 1)

    def action_cursor_up(self) -> None:
        """Go to the line before."""
        self.go(self.cursor - 1)

    def action_cursor_top(self) -> None:
        """Go to the first line."""
        self.go(0)

    def action_cursor_bottom(self) -> None:
        """Go to the last line."""
        self.go(self._count - 1)

    def action_half_down(self) -> None:
        """Go down half a page."""
        self.go(self.cursor + max(1, self._height // 2))

    def action_half_up(self) -> None:
        """Go up half a page."""
        self.go(self.cursor - max(1, self._height // 2))

    def action_page_down(self) -> None:
        """Go down a page."""
        self.go(self.cursor + self._height)

    def action_page_up(self) -> None:
        """Go up a page."""
        self.go(self.cursor - self._height)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the line and say that it was clicked."""
        position = self._top + event.y
        if position < self._count:
            self.go(position)
            self.post_message(self.Clicked())

    # Drawing

    @property
    def _ground(self) -> str:
        ground = getattr(self.colours, self.back)
        assert isinstance(ground, str)
        return ground

    def render_line(self, y: int) -> Strip:
        """Draw the line that stands at line ``y`` of the screen."""
        at, colours = self._top + y, self.colours
        if at < self._count:
            return self._draw(at).strip(self._width)
        line = Line(colours, self._ground)
        if y == 0 and not self._count:
            line.add(shorten(self._said, self._width), colours.grey)
        return line.strip(self._width)

    def _draw(self, at: int) -> Line:
        colours, here = self.colours, at == self.cursor
        flat = here and colours.raised == colours.ground
        line = Line(colours, colours.raised if here else self._ground, bold=flat)
        bar = "|" if self.is_ascii else "▌"
        return self.draw(at, line.add(bar if here else " ", colours.amber), self._width)
