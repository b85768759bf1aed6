"""What stands in the list's place when there is nothing to list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.tui.widgets.line import Lines
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.tui.paint import Line

_EMPTY = (
    ("No generations yet.", ""),
    ("", ""),
    ("rushes demo", "a library to try, made on the spot"),
    ("rushes add take.wav --profile Anna", "record a file; scripts: see the README"),
    ("rushes begin … complete … fail …", "record while your model runs"),
    ("rushes source add ~/voicebox/data", "another program's takes, listed here"),
    ("W", "the sources, where a links them"),
    ("T", "the trash, where deleted takes lie"),
)
_NO_MATCH = (("Nothing matches.", ""), ("", ""), ("esc", "shows everything again"))


class Nothing(Lines):
    """A few lines of help; hidden while there are rows."""

    def __init__(self) -> None:
        super().__init__(id="nothing")
        self.display = False
        self._lines: Sequence[tuple[str, str]] = _EMPTY

    def show(self, is_empty: bool, is_filtered: bool) -> None:
        """Appear when the list is empty, with the words that fit; else hide."""
        self._lines = _NO_MATCH if is_filtered else _EMPTY
        self.display = is_empty
        self.refresh()

    def draw(self, y: int) -> Line | None:
        """Draw one of the lines, a third of the way down."""
        index = y - max(1, self.size.height // 3)
        if not 0 <= index < len(self._lines):
            return None
        left, words = self._lines[index]
        first = index == 0
        line = self.line().add("   ")
        line.add(
            f"{left:<36}" if words else left, self.colours.ink if first else self.colours.amber
        )
        return line.add(shorten(words, max(0, self.size.width - 40)), self.colours.grey)
