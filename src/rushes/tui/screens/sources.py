"""Linked sources: how each stands; linking, syncing and removing them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Vertical

from rushes.errors import RushesError
from rushes.paths import styles_dir
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.screens.working import WorkScreen
from rushes.tui.source_tasks import SourceTasks
from rushes.tui.widgets.footer import Footer
from rushes.tui.widgets.source_details import SourceDetails
from rushes.tui.widgets.source_list import NOTHING, SourceHead, SourceList, Standing

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from rushes.domain.source import Source
    from rushes.library import Library

Counted = tuple[str, int, str]
"""A source's id, its generations, and when it was synced: its files are counted anew for these."""

AROUND = 18
"""Lines of the screen besides its list: those of the source under the cursor among them."""


class SourcesScreen(WorkScreen):
    """A list of the sources, and beneath it all there is to say of the one under the cursor."""

    CSS_PATH = styles_dir() / "storage.tcss"
    opened_by = "sources"
    scopes = (Scope.SOURCES, Scope.DECK, Scope.MOVE, Scope.APP)
    BINDINGS = bindings_of(Scope.SOURCES)

    def __init__(self) -> None:
        super().__init__("Sources")
        self.list = SourceList()
        self._head = SourceHead()
        self._details = SourceDetails()
        self._standings: tuple[Standing, ...] | None = None
        self._files: dict[Counted, int] = {}

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self.title_line
        yield self.work_line
        with Vertical(id="source-part"):
            yield self._head
            yield self.list
            yield self._details
        yield Footer(self.actions)

    def on_mount(self) -> None:
        """Ask for the sources."""
        super().on_mount()
        self._tasks = SourceTasks(self.host, self.ask, self.tell, self._ask_path)
        self.list.focus()
        self.list.show_lines(0, 0, "reading …")
        self.library_changed()

    # What is shown

    def library_changed(self) -> None:
        """Ask again; the cursor stays on its source."""
        self.host.start(self, self._read, group="sources-read")

    async def _read(self) -> None:
        known = dict(self._files)
        try:
            standings, self._files = await self.host.desk.ask(partial(_standings, known=known))
        except RushesError:
            if self._standings is None:
                self.title_line.say("can't be read")
                self.list.show_lines(0, 0, "")
            raise
        self._standings = standings
        self.show()

    def show(self) -> None:
        """Show the last reading."""
        if self._standings is None:
            return
        self.list.show(self._standings, NOTHING.format(key=self.host.key("add_source")))
        count = len(self._standings)
        self._give_room()
        self.title_line.say(f"{count:,} linked" if count else "nothing linked")
        self._details.show(self.list.current)

    def on_resize(self) -> None:
        """Give the list the room that there is."""
        self._give_room()

    def _give_room(self) -> None:
        rows = len(self._standings or ())
        self.list.styles.height = max(1, min(rows, self.size.height - AROUND))

    def look(self) -> None:
        """Show how far the work is: what a person began, else what goes on by itself."""
        super().look()
        self.work_line.whisper(self.host.desk.background)

    def on_cursor_list_moved(self) -> None:
        """Tell of the source under the cursor."""
        self._details.show(self.list.current)

    # Work

    async def _ask_path(self, question: str, text: str, on_nothing: str) -> str | None:
        from rushes.tui.screens.ask_path import AskPath

        if not self.is_attached or not self.is_current:
            return None
        self.look()
        asked = AskPath(question, text, on_nothing=on_nothing)
        answer: str | None = await self.app.push_screen_wait(asked)
        return answer

    @property
    def _source(self) -> Source | None:
        standing = self.list.current
        return None if standing is None else standing.source

    def action_add_source(self) -> None:
        """Ask for a path, and for its audio where that lies apart; say what is there, link it."""
        self.begin(self._tasks, self._tasks.add)

    def action_sync_source(self) -> None:
        """Sync the source under the cursor."""
        if self._source is not None:
            self.begin(self._tasks, partial(self._tasks.sync, (self._source,)))

    def action_sync_sources(self) -> None:
        """Sync all of them, one after the other."""
        if self._standings:
            every = tuple(standing.source for standing in self._standings)
            self.begin(self._tasks, partial(self._tasks.sync, every))

    def action_remove_source(self) -> None:
        """Unlink the source under the cursor, after asking."""
        if self._source is not None:
            self.begin(self._tasks, partial(self._tasks.remove, self._source))


def _standings(
    library: Library, known: dict[Counted, int]
) -> tuple[tuple[Standing, ...], dict[Counted, int]]:
    """How every source stands; files are counted where that isn't ``known`` yet."""
    standings, files = [], {}
    for source in library.sources.list():
        counted = (source.id, source.generations, str(source.synced_at))
        if source.unmeasured:
            files[counted] = (
                known[counted] if counted in known else library.measuring.files(source.id)
            )
        standings.append(Standing(source, files.get(counted), library.writable))
    return tuple(standings), files
