"""A page of lines in one column or two, to be scrolled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.colours import DARK, Colours
from rushes.tui.paint import brush
from rushes.tui.storage_lines import Canvas, Draw, Section

if TYPE_CHECKING:
    from collections.abc import Sequence

TWO_COLUMNS = 110
"""Cells from which on there are two."""

BETWEEN = 3
"""Cells between them."""


class Page(ScrollView, can_focus=True):
    """Sections, one below the other; where there is room some stand at the right."""

    BINDINGS = bindings_of(Scope.MOVE)

    def __init__(self, id: str) -> None:  # noqa: A002  # Textual's name for it
        super().__init__(id=id)
        self._sections: tuple[Section, ...] = ()
        self._columns: list[list[Draw | None]] = []

    @property
    def colours(self) -> Colours:
        """The colours in force."""
        return getattr(self.app, "colours", DARK)

    def show(self, sections: Sequence[Section]) -> None:
        """Show other sections; what is scrolled to stays."""
        self._sections = tuple(sections)
        self._lay_out()

    def on_resize(self) -> None:
        """Divide the room anew."""
        self._lay_out()

    def _lay_out(self) -> None:
        if self._width >= TWO_COLUMNS:
            left = [one for one in self._sections if not one.at_right]
            right = [one for one in self._sections if one.at_right]
            each = self._each(2)
            self._columns = [_stacked(left, each), _stacked(right, each)]
        else:
            self._columns = [_stacked(self._sections, self._each(1))]
        height = max(len(column) for column in self._columns)
        self.virtual_size = Size(self._width, height)
        self.refresh()

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def _each(self, columns: int) -> int:
        """How many cells each column has; one stays free before the scroll bar."""
        return max(1, (self._width - BETWEEN * (columns - 1) - 1) // columns)

    # Moving

    def action_cursor_down(self) -> None:
        """Scroll a line down."""
        self._by(1)

    def action_cursor_up(self) -> None:
        """Scroll a line up."""
        self._by(-1)

    def action_half_down(self) -> None:
        """Scroll half a page down."""
        self._by(max(1, self.size.height // 2))

    def action_half_up(self) -> None:
        """Scroll half a page up."""
        self._by(-max(1, self.size.height // 2))

    def action_page_down(self) -> None:
        """Scroll a page down."""
        self._by(self.size.height)

    def action_page_up(self) -> None:
        """Scroll a page up."""
        self._by(-self.size.height)

    def action_cursor_top(self) -> None:
        """Go to the beginning."""
        self.scroll_to(y=0, animate=False)

    def action_cursor_bottom(self) -> None:
        """Go to the end."""
        self.scroll_to(y=self.virtual_size.height, animate=False)

    def _by(self, lines: int) -> None:
        self.scroll_to(y=self.scroll_offset.y + lines, animate=False)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw line ``y`` of the screen, both columns of it."""
        at, colours = int(self.scroll_offset.y) + y, self.colours
        blank = brush(colours.ink, colours.ground)
        each = self._each(max(1, len(self._columns)))
        canvas = Canvas(each, colours, bool(getattr(self.app, "ascii", False)))
        strips: list[Strip] = []
        for column in self._columns:
            if strips:
                strips.append(Strip.blank(BETWEEN, blank))
            draw = column[at] if at < len(column) else None
            strips.append(draw(canvas).strip(each) if draw else Strip.blank(each, blank))
        return Strip.join(strips).extend_cell_length(self._width, blank).crop(0, self._width)


def _stacked(sections: Sequence[Section], width: int) -> list[Draw | None]:
    """Put them one below the other, a line apart."""
    lines: list[Draw | None] = []
    for section in sections:
        lines += [*([None] if lines else []), *section.drawn(width)]
    return lines
