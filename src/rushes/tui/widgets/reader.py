"""A long text to be read: wrapped as far as one reads, literal, scrolled by lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from rushes.tui.lazily import LazyLines, scrolled
from rushes.tui.widgets.line import Lines

if TYPE_CHECKING:
    from textual import events

    from rushes.tui.paint import Line


class Reader(Lines):
    """The lines of a text."""

    back = "surface"

    class Scrolled(Message):
        """Other lines are in sight."""

    def __init__(self, text: str) -> None:
        super().__init__(id="reader")
        self._text = text
        self._lines = LazyLines(text, 1)
        self.top = 0

    @property
    def page(self) -> int:
        """Lines in sight."""
        return max(1, self.size.height)

    @property
    def has_more(self) -> bool:
        """Tell whether there are lines beneath those in sight."""
        return self._wrapped().has(self.top + self.page)

    def move(self, by: int) -> None:
        """Scroll by some lines."""
        top = scrolled(self._wrapped(), self.top, by, self.page)
        if top != self.top:
            self.top = top
            self.refresh()
            self.post_message(self.Scrolled())

    def on_resize(self) -> None:
        """Stay within the text, which is wrapped anew."""
        self.move(0)
        self.post_message(self.Scrolled())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll."""
        event.stop()
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll."""
        event.stop()
        self.move(-3)

    def draw(self, y: int) -> Line:
        """Draw a line of the text."""
        return self.line().add("".join(self._wrapped().slice(self.top + y, 1)))

    def _wrapped(self) -> LazyLines:
        width = max(1, self.size.width)
        if self._lines.width != width:
            self._lines = LazyLines(self._text, width)
        return self._lines
