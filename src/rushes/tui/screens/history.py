"""The first screen: every generation, newest first, narrowed as one types."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from textual.containers import Horizontal

from rushes.errors import BadFilter
from rushes.playback.state import PlayerState, Playing
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.rows import PAGE
from rushes.tui.screens.rows import RowScreen
from rushes.tui.widgets.filter_line import FilterLine, Showing
from rushes.tui.widgets.footer import Footer
from rushes.tui.widgets.header import Header
from rushes.tui.widgets.history_list import HistoryList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.timer import Timer

    from rushes.domain.generation import Generation
    from rushes.domain.profile import Profile
    from rushes.domain.query import HistoryQuery
    from rushes.playback.state import Route
    from rushes.tui.changes import Done
    from rushes.tui.feed import Feed
    from rushes.tui.widgets.banner import Banner
    from rushes.tui.widgets.nothing import Nothing
    from rushes.tui.widgets.preview import Preview

REST = 0.15
"""Seconds the cursor must rest before the preview follows."""

PREVIEW_FROM = 140
"""Columns of the screen from which on the preview is there by itself."""

PREVIEW_LEAST = 90
"""Columns below which there is no room for it, asked for or not."""


class HistoryScreen(RowScreen):
    """The list with its filter, the preview beside it and the deck beneath."""

    scopes = (Scope.HISTORY, Scope.ROW, Scope.DECK, Scope.MOVE, Scope.APP)
    BINDINGS = bindings_of(Scope.HISTORY)

    def __init__(self) -> None:
        super().__init__()
        self.list = HistoryList(id="history")
        self.filter_line = FilterLine()
        self.preview: Preview | None = None
        self._showing = Showing()
        self._profiles: tuple[Profile, ...] = ()
        self._wants_preview: bool | None = None
        self._framed = False
        self._saved: dict[str, str] = {}
        self._nothing: Nothing | None = None
        self._banner: Banner | None = None
        self._anchor: int | None = None
        self._rest: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield Header(self.host.desk.path)
        yield self.filter_line
        with Horizontal(id="body"):
            yield self.list
        yield Footer(self.actions)

    def on_mount(self) -> None:
        """Ask for the first rows."""
        self.list.focus()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """Ask for the first rows, once the first frame stands."""
        self._framed = True
        self._place_preview()
        self.host.start(self, self._first, group="question")

    @cached_property
    def feed(self) -> Feed:
        """What brings the rows."""
        from rushes.domain.query import HistoryQuery
        from rushes.tui.feed import Feed

        return Feed(self.host.desk, HistoryQuery())

    async def _first(self) -> None:
        await self.feed.open(self.list, self.feed.query)
        self._answered()
        self.host.start(self, self._totals, group="totals")

    # What is shown

    @property
    def current(self) -> Generation | None:
        """The generation under the cursor."""
        return self.list.current

    def targets(self) -> Sequence[str]:
        """Give the marked ones, or the one under the cursor."""
        return sorted(self.list.marked) if self.list.marked else super().targets()

    def ask(self, query: HistoryQuery) -> None:
        """Show the answer to another query; the old rows stay until the new ones come."""
        # At once: a refresh that takes this question's place must ask the same.
        self.feed.query = query

        async def work() -> None:
            await self.feed.open(self.list, query)
            self._answered()

        self.host.start(self, work, group="question")

    def _answered(self) -> None:
        self._say(shown=self.list.rows.total, newer=0)
        asked = bool(self._showing.filter or self._showing.profiles)
        self._show_nothing(self.list.rows.total == 0, asked)
        self._cursor_moved()

    def _show_nothing(self, is_empty: bool, is_filtered: bool) -> None:
        """Put words in the place of rows where there are none."""
        if self._nothing is None and is_empty:
            from rushes.tui.widgets.nothing import Nothing

            self._nothing = Nothing()
            self.query_one("#body").mount(self._nothing, after=self.list)
        if self._nothing is not None:
            self._nothing.show(is_empty, is_filtered)

    async def _totals(self) -> None:
        totals, self._saved = await self.host.desk.ask(
            lambda library: (library.statistics.totals(), library.filters.lines())
        )
        self.query_one(Header).show_totals(totals)
        self._say(total=totals.generations)

    def _say(self, **changes: object) -> None:
        self._showing = replace(self._showing, **changes)  # type: ignore[arg-type]  # its own fields
        self.filter_line.show(self._showing)

    def on_history_list_rows_wanted(self, event: HistoryList.RowsWanted) -> None:
        """Bring rows that came in sight."""
        for page in event.pages:
            work = partial(self.feed.fetch, self.list, event.rows, page)
            self.host.start(self.list, work, group="rows", exclusive=False)

    def library_changed(self) -> None:
        """Show what has changed; the cursor stays where it is."""
        self.host.start(self, self._refresh, group="question")

    async def _refresh(self) -> None:
        view = self.list.rows.view
        newer = await self.host.desk.ask(lambda _: view.newer()) if view is not None else 0
        away = self.list.top > 0
        await self.feed.refresh(self.list)
        self._answered()
        if newer and away:
            self._say(newer=self._showing.newer + newer)
        await self._totals()

    # The cursor and the preview

    def on_history_list_cursor_moved(self) -> None:
        """Let the preview follow once the cursor rests."""
        self._cursor_moved()
        if self._showing.newer and self.list.top == 0:
            self._say(newer=0)

    def _cursor_moved(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        if self.preview is not None and self.preview.display:
            self._rest = self.set_timer(REST, self._show_preview)

    def _show_preview(self) -> None:
        generation = self.current
        if self.preview is None:
            return
        if generation is None:
            self.preview.clear()
            return
        self.host.start(
            self, partial(self.preview.load, self.host.desk, generation), group="preview"
        )

    def on_resize(self) -> None:
        """Give the preview its place, or take it away; the first frame doesn't wait for it."""
        if self._framed:
            self._place_preview()

    def _place_preview(self) -> None:
        width = self.size.width
        wanted = width >= PREVIEW_FROM if self._wants_preview is None else self._wants_preview
        shown = wanted and width >= PREVIEW_LEAST
        if shown and self.preview is None:
            from rushes.tui.widgets.preview import Preview

            self.preview = Preview()
            self.query_one("#body").mount(self.preview)
        if self.preview is not None and shown != self.preview.display:
            self.preview.display = shown
            self._cursor_moved()

    def action_preview(self) -> None:
        """Show the preview pane or take it away."""
        if self.size.width < PREVIEW_LEAST:
            self.host.say(f"The preview needs {PREVIEW_LEAST} columns; here are {self.size.width}.")
            return
        self._wants_preview = self.preview is None or not self.preview.display
        self._place_preview()

    # The player

    def player_changed(self, state: PlayerState) -> None:
        """Show the player's state in the row, the preview, the deck and the header."""
        super().player_changed(state)
        self.query_one(Header).show_route(state.route)
        self._show_banner(state.route)
        self.tick(state)

    def _show_banner(self, route: Route | None) -> None:
        """Say what to type where the sound has no way out."""
        if self._banner is None and route is not None and not route.heard:
            from rushes.tui.widgets.banner import Banner

            self._banner = Banner()
            self.mount(self._banner, after="#header")
        if self._banner is not None:
            self._banner.show(route)

    def tick(self, state: PlayerState) -> None:
        """Move the playhead in the row and the deck."""
        super().tick(state)
        on = state.playing is not Playing.STOPPED
        played = state.position / state.length if state.length else 0.0
        paused = state.playing is Playing.PAUSED
        self.list.show_playing(state.key if on else None, paused=paused, played=played)
        if self.preview is not None:
            self.preview.show_playing(state)

    # Filtering

    async def action_filter(self) -> None:
        """Type a filter."""
        await self.filter_line.type(self._showing.filter)

    def on_filter_line_typed(self, event: FilterLine.Typed) -> None:
        """Narrow the list as one types."""
        self._filter_by(event.text)

    async def on_filter_line_left(self, event: FilterLine.Left) -> None:
        """Go back to the list."""
        await self.filter_line.leave()
        self.list.focus()
        if event.cleared or self._showing.fault:
            self._filter_by("" if event.cleared else self.feed.query.filter.source)

    def _filter_by(self, text: str) -> None:
        from rushes.domain.filter_language import parse

        try:
            asked = parse(text, saved=self._saved)
        except BadFilter as error:
            self._show_fault(text, f"at {error.position + 1}: {error}")
            return
        self._show_fault(text, "")
        self.ask(replace(self.feed.query, filter=asked))

    def _show_fault(self, text: str, fault: str) -> None:
        """Show the filter's text, and what is wrong with it where there is most room."""
        self._say(filter=text, fault=fault)
        self.query_one(Footer).show_fault(fault)

    def filter_by_profiles(self, profiles: tuple[Profile, ...]) -> None:
        """Show these profiles' generations only; none: everybody's."""
        self._profiles = profiles
        self._say(profiles=tuple(profile.name for profile in profiles))
        ids = tuple(profile.id for profile in profiles)
        self.ask(replace(self.feed.query, profile_ids=ids))

    def filter_by_text(self, text: str) -> None:
        """Show what a filter of the filter language finds, and nothing else."""
        self._profiles = ()
        self._say(profiles=())
        self.feed.query = replace(self.feed.query, profile_ids=())
        self._filter_by(text)

    def one_layer_back(self) -> None:
        """Leave the filter, then the marks; the first screen stays."""
        if self._showing.filter or self._showing.profiles:
            self.filter_by_text("")
        elif self.list.marked:
            self._mark(frozenset())

    # Marks

    def _mark(self, ids: frozenset[str]) -> None:
        self.list.mark(ids)
        self._say(marked=len(ids))

    def action_mark(self) -> None:
        """Mark the row or take its mark away, and go on to the next."""
        if self.current is None:
            return
        self._anchor = self.list.cursor
        self._mark(self.list.marked ^ {self.current.id})
        self.list.action_cursor_down()

    def action_mark_range(self) -> None:
        """Mark from the last mark to here."""
        here = self.list.cursor
        first, last = sorted((here, here if self._anchor is None else self._anchor))
        view = self.list.rows.view
        if view is None or not self.list.rows.total:
            return

        from rushes.tui.feed import ids_between

        async def work() -> None:
            ids = await self.host.desk.ask(lambda _: ids_between(view, first, last))
            self._mark(self.list.marked | ids)

        self._anchor = here
        self.host.start(self, work, group="marks")

    def action_mark_all(self) -> None:
        """Mark everything in the filter; where all of it is marked, nothing."""
        query = self.feed.query

        async def work() -> None:
            ids = await self.host.desk.ask(lambda library: library.generations.ids(query))
            everything = frozenset(ids)
            self._mark(frozenset() if everything <= self.list.marked else everything)

        self.host.start(self, work, group="marks")

    # What has changed

    def rows_changed(self, done: Done) -> None:
        """Show changed rows in their places."""
        self.list.rows.replace(done.changed)
        ids = {row.id for row in done.changed}
        for position, row in self.list.in_sight():
            if row.id in ids:
                self.list.refresh_lines(position)
        if self.current is not None and self.current.id in ids:
            self._cursor_moved()

    def step_off(self, ids: Sequence[str]) -> None:
        """Stand on the next row that stays."""
        if self.current is not None and self.current.id in ids and not self.list.marked:
            self.list.go(self.list.cursor + 1)

    def rows_gone(self, ids: Sequence[str]) -> None:
        """Close the gap that they leave."""
        self._mark(self.list.marked - frozenset(ids))
        self.library_changed()

    # Other screens

    def action_open(self) -> None:
        """Open the generation under the cursor."""
        if self.current is None:
            return
        from rushes.tui.screens.detail import DetailScreen

        self.app.push_screen(DetailScreen(self.current, self.step))

    def on_history_list_opened(self) -> None:
        """Open the row that was clicked twice."""
        self.action_open()

    async def step(self, by: int) -> Generation | None:
        """Move the cursor by some rows and give what stands there, once it has come."""
        self.list.go(self.list.cursor + by)
        rows, position = self.list.rows, self.list.cursor
        if rows.get(position) is None and rows.total:
            await self.feed.fetch(self.list, rows, position // PAGE)
        return rows.get(position)

    def action_profiles(self) -> None:
        """Choose profiles."""
        from rushes.tui.screens.profiles import ProfileFilter

        chosen = frozenset(profile.id for profile in self._profiles)

        def take(profiles: tuple[Profile, ...] | None) -> None:
            if profiles is not None:
                self.filter_by_profiles(profiles)

        self.app.push_screen(ProfileFilter(chosen), take)

    def action_statistics(self) -> None:
        """Open the statistics; a bar that is chosen there filters the list."""
        from rushes.tui.screens.statistics import StatisticsScreen

        self.app.push_screen(StatisticsScreen(self.filter_by_text))

    def action_trash(self) -> None:
        """Open the trash."""
        from rushes.tui.screens.trash import TrashScreen

        self.app.push_screen(TrashScreen())
