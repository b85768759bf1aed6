"""The trash: what was deleted, newest first, to bring back or to delete for good."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rushes.domain.query import HistoryQuery
from rushes.tui import changes
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.feed import Feed
from rushes.tui.screens.base import DeskScreen
from rushes.tui.widgets.footer import Footer
from rushes.tui.widgets.history_list import HistoryList
from rushes.tui.widgets.title import Title
from rushes.words.counts import takes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from rushes.domain.generation import Generation


class TrashScreen(DeskScreen):
    """A list of what was deleted; the same rows and keys to move as in the history."""

    scopes = (Scope.TRASH, Scope.DECK, Scope.MOVE, Scope.APP)
    BINDINGS = bindings_of(Scope.TRASH)

    def __init__(self) -> None:
        super().__init__()
        self.list = HistoryList(id="trash")

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield Title("Trash")
        yield self.list
        yield Footer(self.actions)

    def on_mount(self) -> None:
        """Ask for the first rows."""
        self.feed = Feed(self.host.desk, HistoryQuery(trashed=True))
        self.list.focus()
        self.library_changed()

    @property
    def current(self) -> Generation | None:
        """The generation under the cursor."""
        return self.list.current

    def near(self) -> Sequence[Generation]:
        """Give the row under the cursor and its neighbours."""
        return self.list.near()

    def library_changed(self) -> None:
        """Ask again."""
        self.host.start(self, self._refresh, group="question")

    async def _refresh(self) -> None:
        await self.feed.refresh(self.list)
        count = self.list.rows.total
        words = f"{takes(count)}, deleted for good only when you say so" if count else "empty"
        self.query_one(Title).say(words)

    def on_history_list_rows_wanted(self, event: HistoryList.RowsWanted) -> None:
        """Bring rows that came in sight."""
        self.feed.want(event.rows, event.pages)
        work = partial(self.feed.pull, self.list)
        self.host.start(self.list, work, group="rows", exclusive=False)

    def action_restore(self) -> None:
        """Bring the row back."""
        if self.current is not None:
            self.host.start(
                self, partial(self._restore, [self.current.id]), group="change", exclusive=False
            )

    async def _restore(self, ids: Sequence[str]) -> None:
        done = await self.host.desk.ask(lambda library: changes.restore(library, ids))
        if done.change is not None:
            self.host.desk.undo.remember(done.change)
        self.host.say(f"{done.said}.")
        self.library_changed()

    def action_purge_trashed(self) -> None:
        """Delete the row for good, after asking."""
        if self.current is not None:
            self.host.start(self, partial(self._purge, [self.current.id]), group="purge")

    def action_empty_trash(self) -> None:
        """Delete everything here for good, after asking."""
        if self.list.rows.total:
            self.host.start(self, partial(self._purge, None), group="purge")

    async def _purge(self, ids: Sequence[str] | None) -> None:
        from rushes.tui.screens.confirm import Confirm

        count = self.list.rows.total if ids is None else len(ids)
        question = Confirm(
            f"Delete {takes(count)} for good?",
            "The audio goes too. This can't be undone.",
            "Delete for good",
        )
        if not await self.app.push_screen_wait(question):
            return
        gone = await self.host.desk.ask(
            lambda library: library.trash.empty() if ids is None else library.trash.purge(ids)
        )
        self.host.say(f"{takes(gone)} deleted for good.")
        self.library_changed()
