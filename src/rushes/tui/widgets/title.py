"""The line at the top of a screen that isn't the first: what it is, and a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.tui.widgets.line import OneLine
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from rushes.tui.paint import Line


class Title(OneLine):
    """A name and what there is to say about it."""

    back = "surface"

    def __init__(self, name: str, words: str = "") -> None:
        super().__init__(id="title")
        self._heading, self._words = name, words

    def say(self, words: str) -> None:
        """Say something else beside the name."""
        if words != self._words:
            self._words = words
            self.refresh()

    def draw_line(self) -> Line:
        """Draw the one line."""
        logo = " # " if self.is_ascii else " ▚ "
        line = self.line().add(logo, self.colours.amber, bold=True)
        line.add(self._heading, self.colours.amber, bold=True)
        room = max(0, self.size.width - len(self._heading) - 7)
        return line.add("   " + shorten(self._words, room), self.colours.grey)
