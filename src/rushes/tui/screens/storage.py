"""What lies on the disk, what verify found, and the work that keeps both in order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rushes.errors import RushesError
from rushes.paths import styles_dir
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.chores import Chores
from rushes.tui.screens.working import WorkScreen
from rushes.tui.storage_lines import disk_sections, health_section
from rushes.tui.widgets.footer import Footer
from rushes.tui.widgets.page import Page
from rushes.tui.work import Work
from rushes.words import when

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from rushes.domain.retention import Policy


class StorageScreen(WorkScreen):
    """Disk use and health; ``line`` is the filter of the history, offered to a clean-up."""

    CSS_PATH = styles_dir() / "storage.tcss"
    opened_by = "storage"
    scopes = (Scope.STORAGE, Scope.DECK, Scope.MOVE, Scope.APP)
    BINDINGS = bindings_of(Scope.STORAGE)

    def __init__(self, line: str = "") -> None:
        super().__init__("Storage and health")
        self._line = line
        self._page = Page("storage")
        self._reading: Work | None = None
        self._stale = False

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self.title_line
        yield self.work_line
        yield self._page
        yield Footer(self.actions)

    def on_mount(self) -> None:
        """Show the last reading, and read again."""
        super().on_mount()
        self._chores = Chores(self.host, self.ask, self.tell)
        self._page.focus()
        self.show()
        self.library_changed()

    def on_unmount(self) -> None:
        """Read no further."""
        if self._reading is not None:
            self._reading.call_off()

    # What is shown

    def library_changed(self) -> None:
        """Read again; while a reading is under way, once more after it."""
        self._stale = True
        if self._reading is None:
            self.host.start(self, self._read, group="storage", exclusive=False)

    async def _read(self) -> None:
        watch = self._reading = Work("reading")
        try:
            while self._stale:
                self._stale = False
                use = await self.host.desk.ask(lambda library: library.storage.use(watch))
                self.host.desk.last_use = use
                self.show()
        except RushesError:
            if self.host.desk.last_use is None:
                self.title_line.say("can't be read")
            raise
        finally:
            self._reading = None

    def show(self) -> None:
        """Show the last reading and the last report."""
        use, colours = self.host.desk.last_use, self.host.colours
        key = self.host.key("verify")
        health = health_section(self.host.desk.last_report, key)
        self._page.show([health, *(disk_sections(use, colours) if use is not None else ())])
        if use is not None:
            self.title_line.say(f"{when.size(use.total)} here, {when.size(use.free)} free")

    # Work

    def action_verify(self) -> None:
        """Look for what is wrong, comparing sizes."""
        self.begin(self._chores, partial(self._chores.verify, deep=False))

    def action_verify_deep(self) -> None:
        """Look for what is wrong, reading every file whole."""
        self.begin(self._chores, partial(self._chores.verify, deep=True))

    def action_repair(self) -> None:
        """Mend what can be mended, after asking."""
        self.begin(self._chores, self._chores.repair)

    def action_compress(self) -> None:
        """Compress everything to FLAC, after asking."""
        self.begin(self._chores, self._chores.compress)

    def action_expand(self) -> None:
        """Give what was compressed back as it was, after asking."""
        self.begin(self._chores, self._chores.expand)

    def action_clean_up(self) -> None:
        """Choose what to clean up by; then plan, ask, and clean up."""
        from rushes.tui.screens.clean_up import ChooseCleanUp

        def take(policy: Policy | None) -> None:
            if policy is not None:
                self.begin(self._chores, partial(self._chores.clean_up, policy))

        self.app.push_screen(ChooseCleanUp(self._line), take)

    def action_open_sources(self) -> None:
        """Open the linked sources."""
        from rushes.tui.screens.sources import SourcesScreen

        self.app.push_screen(SourcesScreen())
