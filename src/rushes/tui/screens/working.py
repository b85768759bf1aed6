"""A screen on which long work is begun, looked at and called off."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rushes.tui.screens.base import DeskScreen
from rushes.tui.widgets.title import Title
from rushes.tui.widgets.work_line import WorkLine

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from rushes.tui.tasks import Tasks

LOOKS = 0.2
"""Seconds between two looks at how far the work is."""


class WorkScreen(DeskScreen):
    """Its title, and a line for the work. ``opened_by`` is the action that leads here.

    Work that was begun here goes on when the screen is left; the header of the history tells.
    """

    opened_by = ""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.title_line = Title(name, "reading …")
        self.work_line = WorkLine()

    def on_mount(self) -> None:
        """Look how far the work is, now and then."""
        self.set_interval(LOOKS, self.look)

    def look(self) -> None:
        """Show how far the work is."""
        self.work_line.show(self.host.desk.work, self.host.key("back"))

    def show(self) -> None:
        """Show what was read last."""
        raise NotImplementedError

    def tell(self, text: str) -> None:
        """Say what a piece of work came to, on this screen or on whichever is there now."""
        if self.is_attached:
            self.work_line.say(text)
            self.look()
            self.show()
        if not self.is_attached or not self.is_current:
            self.host.say(text)

    def begin(self, tasks: Tasks, task: Callable[[], Awaitable[None]]) -> None:
        """Begin a piece of work, unless another is under way."""
        desk = self.host.desk
        if desk.work is not None:
            self.host.say(f"One at a time: {desk.work.name} is under way.")
            return
        self.work_line.say("")
        # Of the application: it goes on when this screen is left.
        self.host.start(self.app, partial(tasks.told, task), group="work", exclusive=False)

    async def ask(self, title: str, text: str, action: str) -> bool:
        """Ask; one who has left isn't asked, but told where the question waits."""
        from rushes.tui.screens.confirm import Confirm

        if not self.is_attached or not self.is_current:
            self.host.say(f"{title} {self.host.key(self.opened_by)} and its key ask again.")
            return False
        self.look()
        answer = await self.app.push_screen_wait(Confirm(title, text, action))
        return bool(answer)

    def one_layer_back(self) -> None:
        """Call off what is under way; nothing there: leave."""
        work = self.host.desk.work
        if work is None:
            self.dismiss()
        else:
            work.call_off()
            self.look()

    def action_leave(self) -> None:
        """Leave; what is under way goes on."""
        self.dismiss()
