"""The line at the top: which library, how much there is, and where the sound goes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.tui.widgets.line import OneLine
from rushes.words import when
from rushes.words.cells import short_path, shorten

if TYPE_CHECKING:
    from rushes.domain.statistics import Totals
    from rushes.playback.state import Route
    from rushes.tui.paint import Line


class Header(OneLine):
    """The top line. Set ``totals`` and ``route`` through their methods."""

    back = "surface"

    def __init__(self, path: Path) -> None:
        super().__init__(id="header")
        self._path = short_path(path)
        self._totals: Totals | None = None
        self._route: Route | None = None
        self._work = ""

    def show_totals(self, totals: Totals) -> None:
        """Show how many generations there are, with their seconds and bytes."""
        if self._totals != totals:
            self._totals = totals
            self.refresh()

    def show_route(self, route: Route | None) -> None:
        """Show the way out that the sound takes."""
        if self._route != route:
            self._route = route
            self.refresh()

    def show_work(self, work: str) -> None:
        """Show what long work is under way and how far it is; empty: there is none."""
        if self._work != work:
            self._work = work
            self.refresh()

    def draw_line(self) -> Line:
        """Draw the one line."""
        colours, width = self.colours, self.size.width
        line = self.line()
        logo = " # " if self.is_ascii else " ▚ "
        line.add(logo, colours.amber, bold=True).add("rushes", colours.amber, bold=True)
        sound = self._sound()
        work = f"{self._work}   " if self._work else ""
        counts = self._counts()
        used = (
            len(logo) + 6 + sum(cell_len(text) for text, _ in counts) + cell_len(work + sound) + 5
        )
        path = shorten(self._path, max(width - used, 8))
        line.add(f"  {path}", colours.grey)
        for text, bold in counts:
            line.add(text, colours.ink if bold else colours.grey, bold=bold)
        used = len(logo) + 6 + 2 + cell_len(path) + sum(cell_len(text) for text, _ in counts)
        line.add(" " * max(1, width - used - cell_len(work + sound) - 1)).add(work, colours.amber)
        heard = self._route is not None and self._route.heard
        return line.add(sound, colours.teal if heard else colours.rose)

    def _counts(self) -> list[tuple[str, bool]]:
        if self._totals is None:
            return []
        totals = self._totals
        counts = [
            (f"   {totals.generations:,}", True),
            (" take " if totals.generations == 1 else " takes ", False),
            (f" {when.total(totals.duration)}", True),
        ]
        room = self.size.width >= 70
        return [*counts, (f"  {when.size(totals.bytes)}", False)] if room else counts

    def _sound(self) -> str:
        if self._route is None:
            return ""
        note = "~" if self.is_ascii else "♪"
        return f"{note} {shorten(self._route.label, 28)}"
