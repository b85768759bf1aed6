"""The line that says how far long work is, and what the last came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.tui.widgets.line import OneLine
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from rushes.tui.paint import Line
    from rushes.tui.work import Work

_BAR = 24


class WorkLine(OneLine):
    """A bar while something is under way; else what was said last, and what goes on by itself."""

    def __init__(self) -> None:
        super().__init__(id="work")
        self._drawn: tuple[object, ...] = ()
        self._work: Work | None = None
        self._key = ""
        self._said = ""
        self._whispered = ""

    def show(self, work: Work | None, key: str) -> None:
        """Show how far it is; ``key`` calls it off. Repaints only where that looks different."""
        self._work, self._key = work, key
        looks: tuple[object, ...] = ()
        if work is not None:
            looks = (work.words, round(work.share * _BAR), work.done, work.total)
        if looks != self._drawn:
            self._drawn = looks
            self.refresh()

    def say(self, text: str) -> None:
        """Say what the last work came to."""
        if text != self._said:
            self._said = text
            self.refresh()

    def whisper(self, text: str) -> None:
        """Say what goes on by itself, behind what was said; nothing while work is under way."""
        if text != self._whispered:
            self._whispered = text
            self.refresh()

    def draw_line(self) -> Line:
        """Draw the one line."""
        colours, work, line = self.colours, self._work, self.line().add(" ")
        if work is None:
            room = self.size.width - 2
            said = shorten(self._said, room)
            gap = "   " if said else ""
            line.add(said + gap)
            rest = max(0, room - cell_len(said) - len(gap))
            return line.add(shorten(self._whispered, rest), colours.amber)
        ends = "" if work.is_called_off else f"   {self._key} calls it off"
        counts = f"  {work.done:,} of {work.total:,}" if work.total else ""
        full, empty = ("#", ".") if self.is_ascii else ("━", "─")
        room = self.size.width - 2 - cell_len(counts) - cell_len(ends)
        width = max(0, min(_BAR, room - 24))
        words = shorten(work.words, max(0, room - width - 2))
        done = round(work.share * width)
        line.add(f"{words}  ", colours.amber)
        line.add(full * done, colours.amber).add(empty * (width - done), colours.faint)
        return line.add(counts, colours.ink).add(ends, colours.grey)
