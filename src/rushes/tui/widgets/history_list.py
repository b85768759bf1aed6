"""The list of generations, drawn line by line over pages that come from the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from rushes.domain import times
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.colours import DARK, Colours
from rushes.tui.columns import Columns, columns_for
from rushes.tui.paint import brush
from rushes.tui.row_look import Canvas, Look
from rushes.tui.rows import Rows

if TYPE_CHECKING:
    from textual import events
    from textual.timer import Timer

    from rushes.domain.generation import Generation


CONTEXT = 3
"""Rows of the page before that stay when the cursor steps over its edge."""


NEIGHBOURS = (0, 1, -1, 2, 3)
"""Rows from the cursor that may be heard next, the likeliest first."""


class HistoryList(ScrollView, can_focus=True):
    """Rows by position, one of them under the cursor.

    It asks nobody for anything: rows that are in sight and not here are named in ``RowsWanted``.
    A step within the screen repaints two rows; at its edge the page is turned, which is what
    keeps a held key cheap on a slow line.
    """

    BINDINGS = bindings_of(Scope.MOVE)

    @dataclass
    class RowsWanted(Message):
        """These pages of ``rows`` are in sight and haven't come."""

        rows: Rows
        pages: list[int]

    @dataclass
    class CursorMoved(Message):
        """The cursor came to stand on another row (None: it hasn't come, or there is none)."""

        generation: Generation | None

        def can_replace(self, message: Message) -> bool:
            """Let only the last of several moves be heard of."""
            return isinstance(message, HistoryList.CursorMoved)

    @dataclass
    class Opened(Message):
        """A row was clicked that was under the cursor already."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002  # Textual's name for it
        super().__init__(id=id)
        self.rows = Rows()
        self.cursor = 0
        self.marked: frozenset[str] = frozenset()
        self._playing: str | None = None
        self._paused = False
        self._played = 0.0
        self._way = 1
        self._seconds: Timer | None = None
        self._to_bottom = False

    # What is shown

    @property
    def colours(self) -> Colours:
        """The colours in force."""
        return getattr(self.app, "colours", DARK)

    @property
    def current(self) -> Generation | None:
        """The generation under the cursor, if it is here."""
        return self.rows.get(self.cursor)

    @property
    def page_height(self) -> int:
        """Rows on the screen."""
        return max(1, self.scrollable_content_region.height)

    def on_mount(self) -> None:
        """Begin counting the seconds of what is running, while any of it is in sight."""
        self._seconds = self.set_interval(1.0, self._count_seconds, pause=True)
        if getattr(self.app, "ascii", False):
            from rushes.tui.widgets.scrollbar import PlainScrollBar

            self.vertical_scrollbar.renderer = PlainScrollBar  # type: ignore[misc]  # as Textual documents it

    def show(self, rows: Rows, cursor: int = 0, top: int = 0) -> None:
        """Show other rows, with the cursor and the first visible row given."""
        self.rows = rows
        self.cursor = max(0, min(cursor, rows.total - 1))
        self._to_bottom = False
        self._resized()
        self.scroll_to(y=top, animate=False, force=True)
        self.refresh()
        self._settle()

    def total_changed(self) -> None:
        """Take over a total that has become known."""
        self.cursor = max(0, min(self.cursor, self.rows.total - 1))
        self._resized()
        self._settle()
        if self._to_bottom:
            self.action_cursor_bottom()

    def rows_came(self, page_first: int, count: int) -> None:
        """Repaint rows that have come."""
        first = max(page_first, self.top)
        last = min(page_first + count, self.top + self.page_height)
        if first < last:
            self.refresh_lines(first, last - first)
        if page_first <= self.cursor < page_first + count:
            self.post_message(self.CursorMoved(self.current))
        self._watch_running()

    def mark(self, ids: frozenset[str]) -> None:
        """Show these as marked and no others."""
        changed = ids ^ self.marked
        self.marked = ids
        for position, generation in self.in_sight():
            if generation.id in changed:
                self.refresh_lines(position)

    def show_playing(self, generation_id: str | None, *, paused: bool, played: float) -> None:
        """Show what plays and how much of it has; repaints only what changes."""
        same = (generation_id, paused) == (self._playing, self._paused)
        old_cut, before = self._cut(), self._playing
        self._playing, self._paused, self._played = generation_id, paused, played
        for position, generation in self.in_sight():
            if not same and generation.id in (before, generation_id):
                self.refresh_lines(position)
            elif same and generation.id == generation_id and self._cut() != old_cut:
                left, right = sorted((self._cut(), old_cut))
                self._refresh_wave(position, left, right - left)

    # Moving

    @property
    def top(self) -> int:
        """Position of the first row on the screen."""
        return int(self.scroll_offset.y)

    def go(self, position: int) -> None:
        """Move the cursor; the list follows where it has to."""
        self._to_bottom = False
        position = max(0, min(position, self.rows.total - 1))
        if position == self.cursor:
            return
        before, self.cursor = self.cursor, position
        self._way = 1 if position > before else -1
        height = self.page_height
        if not self.top <= position < self.top + height:
            self._follow(position, height, abs(position - before) == 1)
        else:
            self.refresh_lines(before)
            self.refresh_lines(position)
        self.post_message(self.CursorMoved(self.current))

    def _follow(self, position: int, height: int, step: bool) -> None:
        """Scroll so that the cursor is in sight: nearly a screen for a step, else just enough.

        A terminal can't be told to scroll a part of itself through Textual, so that moving the
        list costs all its rows: turning the page makes that rare.
        """
        slack = max(0, height - 1 - CONTEXT) if step else 0
        top = position - height + 1 + slack if position >= self.top + height else position - slack
        self.scroll_to(y=max(0, min(top, self.rows.total - height)), animate=False)
        self.refresh()

    def action_cursor_down(self) -> None:
        """Go to the next row."""
        self.go(self.cursor + 1)

    def action_cursor_up(self) -> None:
        """Go to the row before."""
        self.go(self.cursor - 1)

    def action_cursor_top(self) -> None:
        """Go to the first row."""
        self.go(0)

    def action_cursor_bottom(self) -> None:
        """Go to the last row; where it isn't known yet which that is, once it is."""
        self.go(self.rows.total - 1)
        self._to_bottom = not self.rows.counted

    def action_half_down(self) -> None:
        """Go down half a page."""
        self.go(self.cursor + self.page_height // 2)

    def action_half_up(self) -> None:
        """Go up half a page."""
        self.go(self.cursor - self.page_height // 2)

    def action_page_down(self) -> None:
        """Go down a page."""
        self.go(self.cursor + self.page_height)

    def action_page_up(self) -> None:
        """Go up a page."""
        self.go(self.cursor - self.page_height)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row; a row under the cursor is opened."""
        position = self.top + event.y
        if position >= self.rows.total:
            return
        if position == self.cursor and event.chain > 1:
            self.post_message(self.Opened())
        self.go(position)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw the row that stands at line ``y`` of the screen."""
        position = self.top + y
        if position >= self.rows.total:
            width = self.scrollable_content_region.width
            return Strip.blank(width, brush(self.colours.ink, self.colours.ground))
        # Drawing waveforms takes 4 ms to import, which an empty first frame doesn't wait for.
        from rushes.tui.row import draw, draw_absent

        canvas = self._canvas
        generation = self.rows.get(position)
        if generation is None:
            return draw_absent(canvas, position == self.cursor)
        return draw(generation, canvas, self._look(position, generation), times.now())

    @property
    def _canvas(self) -> Canvas:
        width = self.scrollable_content_region.width
        plain = bool(getattr(self.app, "ascii", False))
        return Canvas(width, self._columns, self.colours, plain)

    @property
    def _columns(self) -> Columns:
        return columns_for(self.scrollable_content_region.width, self.rows.folded)

    def _look(self, position: int, generation: Generation) -> Look:
        playing = generation.id == self._playing
        return Look(
            cursor=position == self.cursor,
            marked=generation.id in self.marked,
            playing=playing,
            paused=playing and self._paused,
            played=self._played if playing else 0.0,
            fold=self.rows.fold(position),
        )

    def _cut(self) -> int:
        return round(self._played * self._columns.wave)

    def _refresh_wave(self, position: int, first: int, count: int) -> None:
        x = self._columns.before_wave
        self.refresh(Region(x + first, position - self.top, count, 1))

    def is_near(self, first: int, count: int) -> bool:
        """Tell whether any of these rows is on the screen, or no further from it than they are."""
        return first < self.top + self.page_height + count and first + 2 * count > self.top

    def near(self) -> list[Generation]:
        """Give the row under the cursor and its neighbours, as far as they are here."""
        steps = (self.cursor + step for step in NEIGHBOURS)
        rows = (self.rows.get(position) for position in steps if position >= 0)
        return [row for row in rows if row is not None]

    def in_sight(self) -> list[tuple[int, Generation]]:
        """Give the rows that are on the screen and here, with their positions."""
        last = min(self.top + self.page_height, self.rows.total)
        rows = ((position, self.rows.get(position)) for position in range(self.top, last))
        return [(position, row) for position, row in rows if row is not None]

    # Keeping up

    def _resized(self) -> None:
        width = self.scrollable_content_region.width
        self.virtual_size = Size(width, self.rows.total)

    def refresh_lines(self, y_start: int, line_count: int = 1) -> None:
        """Repaint rows by their positions, without the scrollbar beside them."""
        width = self.scrollable_content_region.width
        self.refresh(Region(0, y_start - self.top, width, line_count))

    def on_resize(self) -> None:
        """Keep the cursor in sight."""
        self._resized()
        # Textual keeps the list marked as changed after a layout; without this the next step of
        # the cursor would send all of it.
        self.refresh()
        if self.rows.total and not self.top <= self.cursor < self.top + self.page_height:
            self._follow(self.cursor, self.page_height, step=False)
        fullest = max(0, self.rows.total - self.page_height)
        if self.top > fullest:
            self.scroll_to(y=fullest, animate=False)
        self._settle()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for the rows that have come in sight."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._way = 1 if new_value > old_value else -1
            self._settle()

    def _settle(self) -> None:
        pages = self.rows.wanted(self.top, self.top + self.page_height, self._way)
        if pages:
            self.post_message(self.RowsWanted(self.rows, pages))
        self._watch_running()

    def _watch_running(self) -> None:
        if self._seconds is None:
            return
        if any(row.status.is_running for _, row in self.in_sight()):
            self._seconds.resume()
        else:
            self._seconds.pause()

    def _count_seconds(self) -> None:
        if not self.is_on_screen:
            return
        wave = self._columns.wave
        for position, row in self.in_sight():
            if row.status.is_running:
                self._refresh_wave(position, 0, wave)
