"""The line at the top of a story's timeline: its name, how much there is, what a step is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.tui.widgets.line import OneLine
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from rushes.tui.paint import Line


class StoryTitle(OneLine):
    """One line about one story."""

    back = "surface"

    def __init__(self, name: str) -> None:
        super().__init__(id="title")
        self._said = (name, "", "", "")

    def show(self, name: str, words: str, source: str, step: str) -> None:
        """Show other words; ``source`` is named where the story is only read."""
        if (name, words, source, step) != self._said:
            self._said = (name, words, source, step)
            self.refresh()

    def draw_line(self) -> Line:
        """Draw the one line."""
        name, words, source, step = self._said
        colours, width = self.colours, self.size.width
        line = self.line().add(" # " if self.is_ascii else " ▚ ", colours.amber, bold=True)
        called = shorten(name, max(8, width // 3))
        line.add(called, colours.amber, bold=True)
        room = width - 4 - cell_len(called)
        linked = f"   {source}'s, only read" if source else ""
        end = f"   step {step}" if step and cell_len(linked) + 16 < room else ""
        linked = shorten(linked, max(0, room - cell_len(end)))
        room -= cell_len(linked) + cell_len(end)
        said = shorten(f"   {words}", max(0, room))
        line.add(said, colours.grey).add(linked, colours.teal)
        return line.add(" " * max(0, room - cell_len(said))).add(end, colours.grey)
