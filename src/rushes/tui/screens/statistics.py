"""What the history amounts to; a bar opens the list of what it counts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from rushes.domain.filters import Filter, Flag, Is
from rushes.domain.query import HistoryQuery
from rushes.paths import styles_dir
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.screens.base import DeskScreen
from rushes.tui.shares import groups_of, with_nobody
from rushes.tui.widgets.board import Board
from rushes.tui.widgets.footer import Footer
from rushes.tui.widgets.title import Title
from rushes.tui.widgets.totals import Totals
from rushes.words import when

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from rushes.domain.statistics import Statistics
    from rushes.library import Library


class StatisticsScreen(DeskScreen):
    """Totals, plots and bars. ``show`` narrows the history to a filter of the filter language.

    The last reading stands there at once, while the library is read again.
    """

    CSS_PATH = styles_dir() / "statistics.tcss"
    scopes = (Scope.STATISTICS, Scope.DECK, Scope.MOVE, Scope.APP)
    BINDINGS = bindings_of(Scope.STATISTICS)

    def __init__(self, show: Callable[[str], None]) -> None:
        super().__init__()
        self._show_in_list = show
        self._title = Title("Statistics", "reading …")
        self._totals = Totals()
        self._board = Board()
        self._reading = False
        self._stale = False

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self._title
        yield self._totals
        yield self._board
        yield Footer(self.actions)

    def on_mount(self) -> None:
        """Show the last reading, and read again."""
        self._board.focus()
        if self.host.desk.last_statistics is not None:
            self._show(self.host.desk.last_statistics)
        self.library_changed()

    def library_changed(self) -> None:
        """Read again; while a reading is under way, once more after it."""
        # Exclusive workers would let a busy library cancel every reading before it has ended.
        self._stale = True
        if not self._reading:
            self.host.start(self, self._read, group="statistics", exclusive=False)

    async def _read(self) -> None:
        self._reading = True
        try:
            while self._stale:
                self._stale = False
                read = await self.host.desk.ask(_ask)
                self.host.desk.last_statistics = read
                self._show(read)
        finally:
            self._reading = False

    def _show(self, read: Statistics) -> None:
        self._title.say(_period(read))
        self._totals.show(read)
        today = datetime.now().astimezone().date()
        self._board.show(groups_of(read, self.host.colours, today))

    def action_open_share(self) -> None:
        """List what the bar under the cursor counts."""
        bar = self._board.current
        if bar is not None:
            self._show_in_list(bar.filter)
            self.dismiss()

    def on_board_opened(self) -> None:
        """List what the bar counts that was clicked twice."""
        self.action_open_share()

    def action_next_group(self) -> None:
        """Go to the next group of bars."""
        self._board.next_group()

    def action_previous_group(self) -> None:
        """Go to the group before."""
        self._board.next_group(-1)


def _ask(library: Library) -> Statistics:
    """Read everything, and which profiles are placeholders: of those there are few."""
    read = library.statistics.read()
    orphans = library.statistics.read(HistoryQuery(filter=Filter((Is(Flag.ORPHAN),))))
    return with_nobody(read, frozenset(share.key for share in orphans.profiles))


def _period(read: Statistics) -> str:
    """Give the days that the history spans, in words."""
    if not read.days:
        return "nothing has been recorded yet"
    first, last = read.days[0][0], read.days[-1][0]
    days = len([count for _, count in read.days if count])
    if first == last:
        return when.day(first)
    return f"{when.day(first)} to {when.day(last)}, takes on {days:,} days"
