"""What lies on the disk, what verify found, and the work that keeps both in order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rushes.errors import RushesError
from rushes.paths import styles_dir
from rushes.tui import when
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.chores import Chores
from rushes.tui.screens.base import DeskScreen
from rushes.tui.storage_lines import disk_sections, health_section
from rushes.tui.widgets.footer import Footer
from rushes.tui.widgets.page import Page
from rushes.tui.widgets.title import Title
from rushes.tui.widgets.work_line import WorkLine
from rushes.tui.work import Work

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import ComposeResult

    from rushes.domain.retention import Policy

LOOKS = 0.2
"""Seconds between two looks at how far the work is."""


class StorageScreen(DeskScreen):
    """Disk use and health; ``line`` is the filter of the history, offered to a clean-up.

    Work that was begun here goes on when the screen is left; the header of the history tells.
    """

    CSS_PATH = styles_dir() / "storage.tcss"
    scopes = (Scope.STORAGE, Scope.DECK, Scope.MOVE, Scope.APP)
    BINDINGS = bindings_of(Scope.STORAGE)

    def __init__(self, line: str = "") -> None:
        super().__init__()
        self._line = line
        self._title = Title("Storage and health", "reading …")
        self._work = WorkLine()
        self._page = Page("storage")
        self._reading: Work | None = None
        self._stale = False

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self._title
        yield self._work
        yield self._page
        yield Footer(self.actions)

    def on_mount(self) -> None:
        """Show the last reading, and read again."""
        self._chores = Chores(self.host, self._ask, self._tell)
        self._page.focus()
        self.set_interval(LOOKS, self._look)
        self._show()
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
                self._show()
        except RushesError:
            if self.host.desk.last_use is None:
                self._title.say("can't be read")
            raise
        finally:
            self._reading = None

    def _show(self) -> None:
        use, colours = self.host.desk.last_use, self.host.colours
        key = self.host.key("verify")
        health = health_section(self.host.desk.last_report, key)
        self._page.show([health, *(disk_sections(use, colours) if use is not None else ())])
        if use is not None:
            self._title.say(f"{when.size(use.total)} here, {when.size(use.free)} free")

    def _look(self) -> None:
        self._work.show(self.host.desk.work, self.host.key("back"))

    def _tell(self, text: str) -> None:
        """Say what a piece of work came to, on this screen or on whichever is there now."""
        if self.is_attached:
            self._work.say(text)
            self._look()
            self._show()
        if not self.is_attached or not self.is_current:
            self.host.say(text)

    # Work

    def _begin(self, chore: Callable[[], Awaitable[None]]) -> None:
        desk = self.host.desk
        if desk.work is not None:
            self.host.say(f"One at a time: {desk.work.name} is under way.")
            return
        self._work.say("")
        # Of the application: it goes on when this screen is left.
        self.host.start(self.app, partial(self._chores.told, chore), group="work", exclusive=False)

    async def _ask(self, title: str, text: str, action: str) -> bool:
        from rushes.tui.screens.confirm import Confirm

        if not self.is_attached or not self.is_current:
            self.host.say(f"{title} {self.host.key('storage')} and its key ask again.")
            return False
        self._look()
        answer = await self.app.push_screen_wait(Confirm(title, text, action))
        return bool(answer)

    def action_verify(self) -> None:
        """Look for what is wrong, comparing sizes."""
        self._begin(partial(self._chores.verify, deep=False))

    def action_verify_deep(self) -> None:
        """Look for what is wrong, reading every file whole."""
        self._begin(partial(self._chores.verify, deep=True))

    def action_repair(self) -> None:
        """Mend what can be mended, after asking."""
        self._begin(self._chores.repair)

    def action_compress(self) -> None:
        """Compress everything to FLAC, after asking."""
        self._begin(self._chores.compress)

    def action_expand(self) -> None:
        """Give what was compressed back as it was, after asking."""
        self._begin(self._chores.expand)

    def action_clean_up(self) -> None:
        """Choose what to clean up by; then plan, ask, and clean up."""
        from rushes.tui.screens.clean_up import ChooseCleanUp

        def take(policy: Policy | None) -> None:
            if policy is not None:
                self._begin(partial(self._chores.clean_up, policy))

        self.app.push_screen(ChooseCleanUp(self._line), take)

    def one_layer_back(self) -> None:
        """Call off what is under way; nothing there: leave."""
        work = self.host.desk.work
        if work is None:
            self.dismiss()
        else:
            work.call_off()
            self._look()

    def action_leave(self) -> None:
        """Leave; what is under way goes on."""
        self.dismiss()
