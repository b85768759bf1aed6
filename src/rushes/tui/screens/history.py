"""The first screen: every generation, newest first, narrowed as one types."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Horizontal

from rushes.playback.state import PlayerState, Playing
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.screens.listing import ListingScreen
from rushes.tui.widgets.footer import Footer
from rushes.tui.widgets.header import Header

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.timer import Timer

    from rushes.playback.state import Route
    from rushes.tui.changes import Done
    from rushes.tui.gathered import Gathered
    from rushes.tui.widgets.banner import Banner
    from rushes.tui.widgets.nothing import Nothing
    from rushes.tui.widgets.preview import Preview

WORK = 1.0
"""Seconds between two looks at what long work is under way."""

REST = 0.15
"""Seconds the cursor must rest before the preview follows."""

PREVIEW_FROM = 140
"""Columns of the screen from which on the preview is there by itself."""

PREVIEW_LEAST = 90
"""Columns below which there is no room for it, asked for or not."""


class HistoryScreen(ListingScreen):
    """The list with its filter, the preview beside it and the deck beneath."""

    scopes = (Scope.HISTORY, Scope.ROW, Scope.DECK, Scope.LISTEN, Scope.MOVE, Scope.APP)
    BINDINGS = bindings_of(Scope.HISTORY)

    def __init__(self) -> None:
        super().__init__()
        self.preview: Preview | None = None
        self._wants_preview: bool | None = None
        self._framed = False
        self._heard: str | None = None
        self._nothing: Nothing | None = None
        self._banner: Banner | None = None
        self._preview_rest: Timer | None = None

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
        self.host.tape.after = self.after
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        """Ask for the first rows, once the first frame stands."""
        self._framed = True
        self._place_preview()
        self.set_interval(WORK, self._show_work)
        self.question(self._first)

    async def _first(self) -> None:
        await self.open(self.feed.query)
        self.host.start(self, self._totals, group="totals")

    # What is shown

    def answered(self) -> None:
        """Take up that other rows are shown, or none."""
        super().answered()
        asked = bool(self.showing.filter or self.showing.profiles)
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
        totals, self.saved = await self.host.desk.ask(
            lambda library: (library.statistics.totals(), library.filters.lines())
        )
        self.query_one(Header).show_totals(totals)
        self.say(total=totals.generations)

    async def refresh_rows(self) -> None:
        """Ask again for the rows, and say how many are new where they aren't in sight."""
        view = self.list.rows.view
        newer = await self.host.desk.ask(lambda _: view.newer()) if view is not None else 0
        away = self.list.top > 0
        await super().refresh_rows()
        if newer and away:
            self.say(newer=self.showing.newer + newer)
        await self._totals()

    # The cursor and the preview

    def on_history_list_cursor_moved(self) -> None:
        """Let the preview and the audition follow once the cursor rests."""
        self._cursor_moved()
        self.moved()
        if self.showing.newer and self.list.top == 0:
            self.say(newer=0)

    def _cursor_moved(self) -> None:
        if self._preview_rest is not None:
            self._preview_rest.stop()
        if self.preview is not None and self.preview.display:
            self._preview_rest = self.set_timer(REST, self._show_preview)

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

    # Work that goes on

    def on_screen_resume(self) -> None:
        """Catch up with the player, and with work that was begun elsewhere."""
        super().on_screen_resume()
        self._show_work()

    def _show_work(self) -> None:
        desk, header = self.host.desk, self.query_one(Header)
        work = desk.work
        header.show_work(desk.background if work is None else f"{work.name} {work.share:.0%}")

    # The player

    def player_changed(self, state: PlayerState) -> None:
        """Show the player's state in the row, the preview, the deck and the header."""
        super().player_changed(state)
        self._go_along(state)
        self.query_one(Header).show_route(state.route)
        self._show_banner(state.route)
        self.tick(state)

    def _go_along(self, state: PlayerState) -> None:
        """Let the cursor go on with the sound, if it stands on what has just ended."""
        before, self._heard = self._heard, state.key
        current = self.current
        if state.key in (before, None) or current is None or current.id != before:
            return
        position = self.list.rows.position_of(state.key or "")
        if self.host.tape.continuous and not state.side and position is not None:
            self.list.go(position)

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

    def one_layer_back(self) -> None:
        """Leave the filter, then the marks; the first screen stays."""
        if self.showing.filter or self.showing.profiles:
            self.filter_by_text("")
        elif self.list.marked:
            self.mark(frozenset())

    # What has changed

    def rows_changed(self, done: Done) -> None:
        """Show changed rows in their places, and in the preview."""
        super().rows_changed(done)
        if self.current is not None and self.current.id in {row.id for row in done.changed}:
            self._cursor_moved()

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

    def action_statistics(self) -> None:
        """Open the statistics; a bar that is chosen there filters the list."""
        from rushes.tui.screens.statistics import StatisticsScreen

        self.app.push_screen(StatisticsScreen(self.filter_by_text))

    def action_storage(self) -> None:
        """Open storage and health."""
        from rushes.tui.screens.storage import StorageScreen

        self.app.push_screen(StorageScreen(self.feed.query.filter.source))

    def action_sources(self) -> None:
        """Open the linked sources."""
        from rushes.tui.screens.sources import SourcesScreen

        self.app.push_screen(SourcesScreen())

    def action_stories(self) -> None:
        """Open the stories."""
        from rushes.tui.screens.stories import StoriesScreen

        self.app.push_screen(StoriesScreen())

    def action_import(self) -> None:
        """Copy takes in."""
        from rushes.tui.screens.transferring import import_takes

        import_takes(self.app)

    def action_comparisons(self) -> None:
        """Open a comparison that was begun before."""
        from rushes.tui.screens.comparisons import ComparisonsDialog
        from rushes.tui.screens.opening import open_stored

        def take(chosen: Gathered | None) -> None:
            if chosen is not None:
                open_stored(self.app, chosen)

        self.app.push_screen(ComparisonsDialog(), take)

    def action_trash(self) -> None:
        """Open the trash."""
        from rushes.tui.screens.trash import TrashScreen

        self.app.push_screen(TrashScreen())
