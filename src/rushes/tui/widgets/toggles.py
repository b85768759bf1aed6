"""A few things on one line, each of which is wanted or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.tui.widgets.line import OneLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from rushes.tui.paint import Line


class Toggles(OneLine, can_focus=True):
    """Words; the arrows, h and l go from one to the next, space wants it or not; or a click."""

    back = "surface"

    def __init__(self, words: Sequence[str], on: Sequence[bool]) -> None:
        super().__init__(classes="toggles")
        self._words = tuple(words)
        self._at = 0
        self.on = list(on)

    def on_key(self, event: events.Key) -> None:
        """Go to the next, or want this one or not."""
        step = {"left": -1, "h": -1, "right": 1, "l": 1}.get(event.key)
        if step is not None:
            self._at = (self._at + step) % len(self._words)
        elif event.key == "space":
            self.on[self._at] = not self.on[self._at]
        else:
            return
        event.stop()
        event.prevent_default()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Want what was clicked, or not."""
        end = 0
        for at, word in enumerate(self._words):
            end += len(word) + 4
            if event.x < end:
                self._at, self.on[at] = at, not self.on[at]
                self.refresh()
                return

    def on_focus(self) -> None:
        """Show that the keys mean this."""
        self.refresh()

    def on_blur(self) -> None:
        """Show that they no longer do."""
        self.refresh()

    def draw_line(self) -> Line:
        """Draw the one line."""
        line, colours = self.line(), self.colours
        yes, no = ("x", "-") if self.is_ascii else ("■", "□")
        for at, word in enumerate(self._words):
            wanted, here = self.on[at], at == self._at and self.has_focus
            line.add(f"{yes if wanted else no} ", colours.amber if wanted else colours.faint)
            colour = colours.amber if here else colours.ink if wanted else colours.grey
            line.add(f"{word}  ", colour, bold=here)
        return line
