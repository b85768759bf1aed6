"""A dialog whose list is read from the library, and read anew whenever that changes."""

from __future__ import annotations

from typing import Generic, TypeVar

from rushes.tui.screens.dialog import Dialog
from rushes.tui.widgets.cursor_list import CursorList

T = TypeVar("T")


class ReadDialog(Dialog[T], Generic[T]):
    """Shows in its ``CursorList`` what ``_read`` has read, of ``_lines`` lines at most."""

    @property
    def _lines(self) -> int:
        """How many lines there may be."""
        raise NotImplementedError

    async def _read(self) -> None:
        """Read it and show it; the cursor stays where it is."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Ask for what is to be shown."""
        for shown in self.query(CursorList):
            shown.styles.height = 1
            shown.show_lines(0, 0, "reading …")
        self.library_changed()

    def on_resize(self) -> None:
        """Give the list the room that there is."""
        for shown in self.query(CursorList):
            shown.styles.height = self.room_for(self._lines)

    def library_changed(self) -> None:
        """Ask again."""
        self.host.start(self, self._read, group="read")
