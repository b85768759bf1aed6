"""What to type where there is no way out for sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.tui.widgets.line import Lines

if TYPE_CHECKING:
    from rushes.playback.state import Route
    from rushes.tui.paint import Line

_LABEL = " no sound: "
_MOST_LINES = 4

LEAST_HEIGHT = 15
"""Lines of the screen below which the rows need them more; the header still says it."""


class Banner(Lines):
    """A few lines beneath the header, there only while the sound goes nowhere."""

    back = "surface"

    def __init__(self) -> None:
        super().__init__(id="banner")
        self.display = False
        self._hint = ""
        self._lines: list[str] = []

    def show(self, route: Route | None) -> None:
        """Show the route's hint; a route that is heard, or none yet, hides the lines."""
        hint = route.hint if route is not None and not route.heard else ""
        if hint != self._hint:
            self._hint = hint
            self.display = bool(hint)
            self._lay_out()

    def on_resize(self) -> None:
        """Break the hint anew."""
        self._lay_out()

    def _lay_out(self) -> None:
        from rushes.words.wrap import wrap

        self.set_class(self.app.size.height < LEAST_HEIGHT, "-no-room")
        room = max(8, self.app.size.width - len(_LABEL) - 1)
        self._lines = wrap(self._hint, room, _MOST_LINES)
        self.styles.height = len(self._lines)
        self.refresh()

    def draw(self, y: int) -> Line | None:
        """Draw one of the lines; the first has the label."""
        if y >= len(self._lines):
            return None
        line = self.line()
        if y == 0:
            line.add(_LABEL, self.colours.rose, bold=True)
        else:
            line.add(" " * len(_LABEL))
        return line.add(self._lines[y])
