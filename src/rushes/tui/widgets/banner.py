"""The line that says what to type where there is no way out for sound."""

from __future__ import annotations

from rushes.playback.state import Route
from rushes.tui.cells import shorten
from rushes.tui.paint import Line
from rushes.tui.widgets.line import OneLine


class Banner(OneLine):
    """One line beneath the header, there only while the sound goes nowhere."""

    back = "surface"

    def __init__(self) -> None:
        super().__init__(id="banner")
        self.display = False
        self._hint = ""

    def show(self, route: Route | None) -> None:
        """Show the route's hint; a route that is heard, or none yet, hides the line."""
        hint = route.hint if route is not None and not route.heard else ""
        if hint != self._hint:
            self._hint = hint
            self.display = bool(hint)
            self.refresh()

    def draw_line(self) -> Line:
        """Draw the one line."""
        line = self.line().add(" no sound: ", self.colours.rose, bold=True)
        return line.add(shorten(self._hint, max(8, self.size.width - 12)), self.colours.ink)
