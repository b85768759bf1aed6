"""The groups of the statistics side by side, one bar of them under the cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.board import Canvas, Placed, draw_line, place
from rushes.tui.colours import DARK, Colours
from rushes.tui.paint import brush

if TYPE_CHECKING:
    from textual import events

    from rushes.tui.shares import Bar, Group

_BEGIN_WITH = "profiles"


class Board(ScrollView, can_focus=True):
    """Bars and plots, drawn line by line. The cursor goes over what counts at least one.

    A step repaints two bars; what stands outside the screen is scrolled in by half of it.
    """

    BINDINGS = bindings_of(Scope.MOVE)

    @dataclass
    class Opened(Message):
        """A bar was clicked that was under the cursor already."""

    def __init__(self) -> None:
        super().__init__(id="board")
        self._groups: tuple[Group, ...] = ()
        self._placed: tuple[Placed, ...] = ()
        self._cursor = (0, 0)

    @property
    def colours(self) -> Colours:
        """The colours in force."""
        return getattr(self.app, "colours", DARK)

    @property
    def current(self) -> Bar | None:
        """The bar under the cursor; None where there are none."""
        group, index = self._cursor
        return self._groups[group].bars[index] if self._groups else None

    def show(self, groups: tuple[Group, ...]) -> None:
        """Show other groups; the cursor stays on the bar with its filter."""
        if groups == self._groups:
            return
        before = self.current
        is_first = not self._groups
        self._groups = groups
        self._cursor = self._find(before.filter if before is not None else None)
        self._lay_out()
        if is_first:
            self.scroll_to(y=0, animate=False, force=True)

    def _find(self, filter_: str | None) -> tuple[int, int]:
        begin = 0
        for number, group in enumerate(self._groups):
            for index, bar in enumerate(group.bars):
                if bar.filter == filter_ and bar.generations:
                    return number, index
            if group.title == _BEGIN_WITH:
                begin = number
        return begin, 0

    def _lay_out(self) -> None:
        # A cell stays free before the scroll bar.
        width, height = self._width - 1, self.size.height
        self._placed = place(self._groups, width, height) if width > 0 else ()
        bottom = max((one.y + one.height for one in self._placed), default=0)
        self.virtual_size = Size(self._width, bottom)
        if self._placed:
            number, index = self._cursor
            stops = self._stops(number)
            nearest = min(stops, key=lambda stop: abs(stop - index))
            self._cursor = (number, nearest)
        self.refresh()

    @property
    def _width(self) -> int:
        return self.scrollable_content_region.width

    def on_resize(self) -> None:
        """Divide the room anew."""
        self._lay_out()
        if self._placed:
            self._follow(step=False)

    # Moving

    def _at(self, number: int) -> Placed:
        return next(one for one in self._placed if one.index == number)

    def _stops(self, number: int) -> list[int]:
        """The bars of a group that are shown and count something."""
        placed = self._at(number)
        bars = enumerate(placed.group.bars)
        return [index for index, bar in bars if index >= placed.first and bar.generations]

    def _go(self, number: int, index: int, *, step: bool = False) -> None:
        before = self._cursor
        if before == (number, index):
            return
        self._cursor = (number, index)
        if not self._follow(step=step):
            self._repaint(before)
            self._repaint(self._cursor)

    def _step(self, by: int, *, across: bool = False) -> None:
        """Go some bars on; ``across``: from the end of a group into the next one."""
        if not self._placed:
            return
        number, index = self._cursor
        stops = self._stops(number)
        there = stops.index(index) + by
        if 0 <= there < len(stops):
            self._go(number, stops[there], step=across)
        elif not across:
            self._go(number, stops[0 if by < 0 else -1])
        elif 0 <= number + by < len(self._groups):
            self._go(number + by, self._stops(number + by)[0 if by > 0 else -1], step=True)

    def next_group(self, by: int = 1) -> None:
        """Go to the first bar of the next group, of a plot by days to the last."""
        if self._placed:
            number = (self._cursor[0] + by) % len(self._groups)
            is_plot = self._groups[number].standing
            self._go(number, self._stops(number)[-1 if is_plot else 0])

    def action_cursor_down(self) -> None:
        """Go to the next bar."""
        self._step(1, across=True)

    def action_cursor_up(self) -> None:
        """Go to the bar before."""
        self._step(-1, across=True)

    def action_cursor_top(self) -> None:
        """Go to the first bar of the group."""
        self._step(-len(self._stops(self._cursor[0])) if self._placed else 0)

    def action_cursor_bottom(self) -> None:
        """Go to the last bar of the group."""
        self._step(len(self._stops(self._cursor[0])) if self._placed else 0)

    def action_half_down(self) -> None:
        """Go down half a page."""
        self._step(max(1, self.size.height // 2))

    def action_half_up(self) -> None:
        """Go up half a page."""
        self._step(-max(1, self.size.height // 2))

    def action_page_down(self) -> None:
        """Go down a page."""
        self._step(max(1, self.size.height))

    def action_page_up(self) -> None:
        """Go up a page."""
        self._step(-max(1, self.size.height))

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the bar; the one under the cursor is opened."""
        x, y = event.x, event.y + self._top
        for placed in self._placed:
            index = placed.bar_at(x - placed.x, y - placed.y)
            if index is None or not placed.group.bars[index].generations:
                continue
            if self._cursor == (placed.index, index) and event.chain > 1:
                self.post_message(self.Opened())
            self._go(placed.index, index)

    # Drawing

    @property
    def _top(self) -> int:
        return int(self.scroll_offset.y)

    def _follow(self, *, step: bool) -> bool:
        """Scroll until the cursor is in sight; tell whether that was needed."""
        number, index = self._cursor
        placed, height, top = self._at(number), max(1, self.size.height), self._top
        first, last = placed.y, placed.y + placed.height - 1
        if not placed.group.standing:
            last = placed.y + 1 + index
            first = last if index else placed.y
        if top <= first and last < top + height:
            return False
        slack = height // 2 if step and not placed.group.standing else 0
        wanted = first - slack if first < top else last - height + 1 + slack
        highest = max(0, self.virtual_size.height - height)
        self.scroll_to(y=max(0, min(wanted, highest)), animate=False)
        self.refresh()
        return True

    def _repaint(self, cursor: tuple[int, int]) -> None:
        number, index = cursor
        placed = self._at(number)
        y = placed.y - self._top
        self.refresh(Region(placed.x, y, placed.width, 1))
        if placed.group.standing:
            x = placed.x + 1 + (index - placed.first) * placed.step
            self.refresh(Region(x, y + 1, placed.step, placed.height - 1))
        else:
            self.refresh(Region(placed.x, y + 1 + index, placed.width, 1))

    def render_line(self, y: int) -> Strip:
        """Draw line ``y`` of the screen: the groups that it cuts, from left to right."""
        at, width, colours = self._top + y, self._width, self.colours
        blank = brush(colours.ink, colours.ground)
        canvas = Canvas(colours, bool(getattr(self.app, "ascii", False)), self._cursor)
        segments: list[Segment] = []
        drawn = 0
        for placed in sorted(self._placed, key=lambda one: one.x):
            if not placed.y <= at < placed.y + placed.height:
                continue
            segments.append(Segment(" " * (placed.x - drawn), blank))
            segments += draw_line(placed, at - placed.y, canvas)
            drawn = placed.x + placed.width
        return Strip(segments).adjust_cell_length(width, blank).simplify()
