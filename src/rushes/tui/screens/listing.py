"""A screen over the history's list: its questions, its filter, its order."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING

from rushes.errors import BadFilter
from rushes.tui.rows import PAGE
from rushes.tui.screens.rows import RowScreen
from rushes.tui.widgets.filter_line import FilterLine, Showing
from rushes.tui.widgets.footer import Footer
from rushes.tui.widgets.history_list import HistoryList

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from rushes.domain.generation import Generation
    from rushes.domain.profile import Profile
    from rushes.domain.query import HistoryQuery, Sort
    from rushes.tui.changes import Done
    from rushes.tui.comparing import Gather
    from rushes.tui.feed import Feed
    from rushes.tui.screens.filters import Chosen


MANY = 100_000
"""Takes of a list from which on it rests between two changes as long as one takes to be shown."""


class ListingScreen(RowScreen):
    """Asks, shows what was answered, and narrows, orders and marks it."""

    def __init__(self) -> None:
        super().__init__()
        self.list = HistoryList(id="history")
        self.filter_line = FilterLine()
        self.showing = Showing()
        self.saved: dict[str, str] = {}
        self._profiles: tuple[Profile, ...] = ()
        self._anchor: int | None = None
        self._question: object | None = None
        self._stale = False

    @cached_property
    def feed(self) -> Feed:
        """What brings the rows."""
        from rushes.domain.query import HistoryQuery
        from rushes.tui.feed import Feed

        return Feed(self.host.desk, HistoryQuery())

    @property
    def current(self) -> Generation | None:
        """The generation under the cursor."""
        return self.list.current

    def near(self) -> Sequence[Generation]:
        """Give the row under the cursor and its neighbours."""
        return self.list.near()

    def targets(self) -> Sequence[str]:
        """Give the marked ones, or the one under the cursor."""
        return sorted(self.list.marked) if self.list.marked else super().targets()

    def compared(self) -> Gather:
        """Give what gathers the marked ones, or all takes of the words under the cursor."""
        from rushes.tui import comparing
        from rushes.tui.candidates import MOST

        if self.list.marked:
            ids = list(islice(self.list.marked, MOST + 1))  # there may be a million
            return partial(comparing.of_ids, ids=ids)
        assert self.current is not None
        return partial(comparing.of_words, take=self.current)

    # Questions

    def question(self, work: Callable[[], Awaitable[None]]) -> None:
        """Ask in the place of what is being asked; what changes meanwhile is shown afterwards.

        Where a change ended a question that takes longer than the changes are apart, none would
        ever be answered.
        """
        token = self._question = object()

        async def asked() -> None:
            try:
                await work()
                while self._stale:
                    await self._catch_up()
            finally:
                if self._question is token:
                    self._question = None

        self.host.start(self, asked, group="question")

    def library_changed(self) -> None:
        """Show what has changed; the cursor stays where it is."""
        self._stale = True
        if self._question is None:
            self.question(self._catch_up)

    async def _catch_up(self) -> None:
        self._stale, begun = False, time.perf_counter()
        try:
            await self.refresh_rows()
        except asyncio.CancelledError:
            self._stale = True
            raise
        if self._stale and self.list.rows.takes > MANY:
            # Putting all this in order over and over would keep a processor busy.
            await asyncio.sleep(time.perf_counter() - begun)

    async def refresh_rows(self) -> None:
        """Ask again for what is shown, and whatever is told beside it."""
        await self._again()

    async def _again(self) -> None:
        await self.feed.refresh(self.list)
        self.answered()

    def ask(self, query: HistoryQuery) -> None:
        """Show the answer to another query; the old rows stay until the new ones come."""
        # At once: a refresh that takes this question's place must ask the same.
        self.feed.query = query

        async def work() -> None:
            await self.open(query)
            await self.feed.foresee(self.list)

        self.question(work)

    async def open(self, query: HistoryQuery) -> None:
        """Show the answer; until its rows are counted no count is told, and not the last one's."""
        await self.feed.open(self.list, query)
        await self._count()

    async def _count(self) -> None:
        if not self.list.rows.counted:
            self.say(shown=None, takes=None)
        await self.feed.count(self.list)
        self.answered()

    def answered(self) -> None:
        """Take up that other rows are shown."""
        rows = self.list.rows
        self.say(shown=rows.total, takes=rows.takes if rows.folded else None, newer=0)

    def say(self, **changes: object) -> None:
        """Tell in the filter's line what is shown."""
        self.showing = replace(self.showing, **changes)  # type: ignore[arg-type]  # its own fields
        self.filter_line.show(self.showing)

    def on_history_list_rows_wanted(self, event: HistoryList.RowsWanted) -> None:
        """Bring rows that came in sight."""
        self.feed.want(event.rows, event.pages)
        work = partial(self.feed.pull, self.list)
        self.host.start(self.list, work, group="rows", exclusive=False)

    async def step(self, by: int) -> Generation | None:
        """Move the cursor by some rows and give what stands there, once it has come."""
        self.list.go(self.list.cursor + by)
        rows, position = self.list.rows, self.list.cursor
        if rows.get(position) is None and rows.total:
            await self.feed.fetch(self.list, rows, position // PAGE)
        return rows.get(position)

    async def after(self, generation: Generation, count: int) -> Sequence[Generation]:
        """Give the next rows after one that can be heard; of marked rows the next marked ones."""
        position, view = self.list.rows.position_of(generation.id), self.list.rows.view
        if position is None or view is None:
            return ()
        rows, marked = view.again(), self.list.marked  # what is shown meanwhile doesn't end it

        from rushes.tui.feed import playable_after

        return await self.host.desk.ask(lambda _: playable_after(rows, position, count, marked))

    # Filtering

    async def action_filter(self) -> None:
        """Type a filter."""
        await self.filter_line.type(self.showing.filter)

    def on_filter_line_typed(self, event: FilterLine.Typed) -> None:
        """Narrow the list as one types."""
        self._filter_by(event.text)

    async def on_filter_line_left(self, event: FilterLine.Left) -> None:
        """Go back to the list."""
        await self.filter_line.leave()
        self.list.focus()
        if event.cleared or self.showing.fault:
            self._filter_by("" if event.cleared else self.feed.query.filter.source)

    def _filter_by(self, text: str) -> None:
        from rushes.domain.filter_language import parse

        try:
            asked = parse(text, saved=self.saved)
        except BadFilter as error:
            self._show_fault(text, f"at {error.position + 1}: {error}")
            return
        self._show_fault(text, "")
        self.ask(replace(self.feed.query, filter=asked))

    def _show_fault(self, text: str, fault: str) -> None:
        """Show the filter's text, and what is wrong with it where there is most room."""
        self.say(filter=text, fault=fault)
        self.query_one(Footer).show_fault(fault)

    def filter_by_profiles(self, profiles: tuple[Profile, ...]) -> None:
        """Show these profiles' generations only; none: everybody's."""
        self._profiles = profiles
        self.say(profiles=tuple(profile.name for profile in profiles))
        ids = tuple(profile.id for profile in profiles)
        self.ask(replace(self.feed.query, profile_ids=ids))

    def filter_by_text(self, text: str) -> None:
        """Show what a filter of the filter language finds, and nothing else."""
        self._profiles = ()
        self.say(profiles=())
        self.feed.query = replace(self.feed.query, profile_ids=())
        self._filter_by(text)

    def action_profiles(self) -> None:
        """Choose profiles."""
        from rushes.tui.screens.profiles import ProfileFilter

        chosen = frozenset(profile.id for profile in self._profiles)

        def take(profiles: tuple[Profile, ...] | None) -> None:
            if profiles is not None:
                self.filter_by_profiles(profiles)

        self.app.push_screen(ProfileFilter(chosen), take)

    def action_filters(self) -> None:
        """Use a saved filter; save and delete them."""
        from rushes.tui.screens.filters import SavedFilters, line_of

        def take(chosen: Chosen | None) -> None:
            if chosen is not None:
                self.saved = dict(chosen.lines)
                self.filter_by_text(f"@{chosen.name}")

        line = line_of(self.feed.query.filter.source, self._profiles)
        self.app.push_screen(SavedFilters(line), take)

    # The order

    def action_order(self) -> None:
        """Choose the order."""
        from rushes.tui.screens.order import ChooseOrder

        def take(order: Sort | None) -> None:
            if order is not None and order is not self.feed.query.sort:
                self.order_by(order)

        self.app.push_screen(ChooseOrder(self.feed.query.sort), take)

    def order_by(self, order: Sort) -> None:
        """Show the same in another order; the cursor stays on its row, on the first at the top."""
        from rushes.tui.screens.order import ORDERS

        self.feed.query = replace(self.feed.query, sort=order)
        self.say(order=ORDERS[order])
        is_at_top = self.list.cursor == 0

        async def work() -> None:
            if is_at_top:
                await self.open(self.feed.query)
            else:
                await self._again()
            await self.feed.foresee(self.list)

        self.question(work)

    # Folding

    def action_fold(self) -> None:
        """Open a fold in its place, or close it; fold the list where it isn't."""
        if not self.feed.folded:
            self.action_fold_all()
            return
        current = self.current
        if current is None:
            return
        from rushes.domain.takes import words_of

        words = words_of(current)
        if words is None or self.list.rows.fold(self.list.cursor).takes == 1:
            self.host.say(f"There is one take of it. {self.host.key('fold_all')} unfolds the list.")
            return
        if self.feed.opened.pop(words, None) is None:
            self.feed.opened[words] = current.id

        async def work() -> None:
            await self.feed.reopen(self.list)
            self.answered()

        self.question(work)

    def action_fold_all(self) -> None:
        """Fold takes of the same words into one row each, or give every take its own again."""
        self.feed.folded = not self.feed.folded
        self.feed.opened.clear()

        async def work() -> None:
            await self.feed.turn(self.list)
            await self._count()
            await self.feed.foresee(self.list)

        self.question(work)

    # Marks

    def mark(self, ids: frozenset[str]) -> None:
        """Let these be marked and no others."""
        self.list.mark(ids)
        self.say(marked=len(ids))

    def action_mark(self) -> None:
        """Mark the row or take its mark away, and go on to the next; of a fold all its takes."""
        if self.current is None:
            return
        here = self._anchor = self.list.cursor
        change = frozenset.difference if self.current.id in self.list.marked else frozenset.union
        # At once, so that a key that follows finds marks and means no other row.
        self.mark(change(self.list.marked, {self.current.id}))
        if self.list.rows.fold(here).closed:
            self._mark_rows(here, here, change)
        self.list.action_cursor_down()

    def action_mark_range(self) -> None:
        """Mark from the last mark to here."""
        here = self.list.cursor
        first, last = sorted((here, here if self._anchor is None else self._anchor))
        self._anchor = here
        self._mark_rows(first, last, frozenset.union)

    def _mark_rows(
        self,
        first: int,
        last: int,
        change: Callable[[frozenset[str], frozenset[str]], frozenset[str]],
    ) -> None:
        """Change the marks by all takes that these rows stand for."""
        view = self.list.rows.view
        if view is None or not self.list.rows.total:
            return
        rows = view.again()  # what is shown in the meantime doesn't end it

        async def work() -> None:
            ids = await self.host.desk.ask(lambda _: rows.ids(first, last))
            self.mark(change(self.list.marked, ids))

        self.host.start(self, work, group="marks", exclusive=False)

    def action_mark_all(self) -> None:
        """Mark everything in the filter; where all of it is marked, nothing."""
        query = self.feed.query

        async def work() -> None:
            ids = await self.host.desk.ask(lambda library: library.generations.ids(query))
            everything = frozenset(ids)
            self.mark(frozenset() if everything <= self.list.marked else everything)

        self.host.start(self, work, group="marks")

    # What has changed

    def rows_changed(self, done: Done) -> None:
        """Show changed rows in their places."""
        self.list.rows.replace(done.changed)
        ids = {row.id for row in done.changed}
        for position, row in self.list.in_sight():
            if row.id in ids:
                self.list.refresh_lines(position)

    def step_off(self, ids: Sequence[str]) -> None:
        """Stand on the next row that stays; a fold stays, and shows the next of its takes."""
        if self.current is None or self.current.id not in ids or self.list.marked:
            return
        if not self.list.rows.fold(self.list.cursor).closed:
            self.list.go(self.list.cursor + 1)

    def staying(self) -> str:
        """Give in words which takes of the fold under the cursor stay."""
        fold = self.list.rows.fold(self.list.cursor)
        if self.list.marked or not fold.closed:
            return ""
        others = fold.takes - 1
        return "1 other take stays" if others == 1 else f"{others:,} other takes stay"

    def rows_gone(self, ids: Sequence[str]) -> None:
        """Close the gap that they leave."""
        self.mark(self.list.marked - frozenset(ids))
        self.library_changed()
