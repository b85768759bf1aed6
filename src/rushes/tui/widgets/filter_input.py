"""The field in which a filter is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widgets import Input

if TYPE_CHECKING:
    from textual import events


class FilterInput(Input):
    """An input that is left with escape (clearing it) and with the keys that mean the list."""

    @dataclass
    class Left(Message):
        """One of these keys was pressed; ``cleared`` when it was escape."""

        cleared: bool

    def __init__(self, text: str) -> None:
        super().__init__(text, id="filter-input", select_on_focus=False, compact=True)
        self.cursor_blink = False  # nothing is sent while nothing changes

    def on_key(self, event: events.Key) -> None:
        """Leave on the keys that mean the list."""
        if event.key in ("escape", "down", "tab"):
            event.stop()
            event.prevent_default()
            self.post_message(self.Left(cleared=event.key == "escape"))
