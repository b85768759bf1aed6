"""One of a few things, all of them on one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from rushes.tui.widgets.line import OneLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from rushes.tui.paint import Line


class Choices(OneLine, can_focus=True):
    """Words of which one is chosen with the arrows, h and l, or space; or clicked."""

    back = "surface"

    @dataclass
    class Chosen(Message):
        """Another one is chosen."""

        at: int

    def __init__(self, words: Sequence[str], at: int) -> None:
        super().__init__()
        self._words = tuple(words)
        self.at = at

    def on_key(self, event: events.Key) -> None:
        """Choose the next one, or the one before."""
        step = {"left": -1, "h": -1, "right": 1, "l": 1, "space": 1}.get(event.key)
        if step is not None:
            event.stop()
            event.prevent_default()
            self._choose((self.at + step) % len(self._words))

    def on_click(self, event: events.Click) -> None:
        """Choose what was clicked."""
        end = 0
        for at, word in enumerate(self._words):
            end += len(word) + 4
            if event.x < end:
                self._choose(at)
                return

    def on_focus(self) -> None:
        """Show that the keys mean this."""
        self.refresh()

    def on_blur(self) -> None:
        """Show that they no longer do."""
        self.refresh()

    def _choose(self, at: int) -> None:
        if at != self.at:
            self.at = at
            self.refresh()
            self.post_message(self.Chosen(at))

    def draw_line(self) -> Line:
        """Draw the one line."""
        line, colours = self.line(), self.colours
        on, off = ("*", "-") if self.is_ascii else ("●", "○")
        for at, word in enumerate(self._words):
            here = at == self.at
            mark = colours.amber if here else colours.faint
            word_colour = colours.ink if here else colours.grey
            if here and self.has_focus:
                word_colour = colours.amber
            line.add(f"{on if here else off} ", mark).add(f"{word}  ", word_colour, bold=here)
        return line
