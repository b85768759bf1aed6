"""The line that filters: what is shown, and where to type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.message import Message

from rushes.tui.widgets.line import OneLine
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from textual.widgets import Input

    from rushes.tui.paint import Line
    from rushes.tui.widgets.filter_input import FilterInput

_INPUT = "#filter-input"

FIELD_WIDTH = 40
"""Cells of the field in which the filter is typed, as the style sheet has it."""


@dataclass(frozen=True, slots=True)
class Showing:
    """What the list shows: counts once they are known, profiles' names, a fault of the filter.

    ``takes`` is how many generations the ``shown`` rows stand for, where they are folded.
    """

    filter: str = ""
    profiles: tuple[str, ...] = ()
    shown: int | None = None
    takes: int | None = None
    total: int | None = None
    marked: int = 0
    newer: int = 0
    fault: str = ""
    order: str = "newest first"


class FilterLine(OneLine):
    """The filter, as text or as an input while it is being typed."""

    @dataclass
    class Typed(Message):
        """The filter's text has changed."""

        text: str

    @dataclass
    class Left(Message):
        """Typing has ended; ``cleared`` when the filter shall go."""

        cleared: bool

    def __init__(self) -> None:
        super().__init__(id="filter")
        self._showing = Showing()

    @property
    def is_typing(self) -> bool:
        """Tell whether the input is there."""
        return bool(self.query(_INPUT))

    async def type(self, text: str) -> None:
        """Let the person type, beginning with ``text``."""
        if not self.is_typing:
            # Textual's Input takes 20 ms to import, which the first frame doesn't wait for.
            from rushes.tui.widgets.filter_input import FilterInput

            field = FilterInput(text)
            await self.mount(field)
            self.refresh()
        # At once: ``focus()`` would let keys that are on their way pass by.
        self.screen.set_focus(self.query_one(_INPUT))

    async def leave(self) -> None:
        """Show the filter as text again."""
        await self.query(_INPUT).remove()
        self.refresh()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Say what was typed."""
        event.stop()
        self.post_message(self.Typed(event.value))

    def on_filter_input_left(self, event: FilterInput.Left) -> None:
        """Leave, as the key that was pressed has it."""
        event.stop()
        self.post_message(self.Left(cleared=event.cleared))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Leave, and keep the filter."""
        event.stop()
        self.post_message(self.Left(cleared=False))

    def show(self, showing: Showing) -> None:
        """Show another state."""
        if showing != self._showing:
            self._showing = showing
            self.refresh()

    def draw_line(self) -> Line:
        """Draw the one line."""
        colours, showing, width = self.colours, self._showing, self.size.width
        line = self.line().add(" / ", colours.amber)
        used = 3
        if self.is_typing:
            line.add(" " * FIELD_WIDTH)
            used += FIELD_WIDTH
        else:
            words = shorten(showing.filter, 40) or "type to filter"
            line.add(words, colours.ink if showing.filter else colours.faint)
            used += cell_len(words)
        if showing.fault:
            return line.add("  can't be read", colours.rose)
        for text, colour in self._facts():
            if used + cell_len(text) + 1 > width:
                break
            line.add(text, colour)
            used += cell_len(text)
        return line

    def _facts(self) -> list[tuple[str, str]]:
        colours, showing = self.colours, self._showing
        facts: list[tuple[str, str]] = []
        if showing.newer:
            facts.append((f"   {showing.newer} new", colours.teal))
        if showing.marked:
            facts.append((f"   {showing.marked:,} marked", colours.amber))
        if showing.profiles:
            facts.append(("   profile ", colours.grey))
            facts.append((shorten(", ".join(showing.profiles), 24), colours.ink))
        everything = not showing.filter and not showing.profiles
        if showing.shown is not None and showing.takes is not None:
            facts.append((f"   {_rows(showing.shown)}", colours.ink))
            among = None if everything else showing.total
            facts.append((f", {_takes(showing.takes, among)}", colours.ink))
        elif showing.shown is not None and not everything:
            total = f" of {showing.total:,}" if showing.total is not None else ""
            facts.append((f"   {showing.shown:,}{total}", colours.ink))
        elif everything:
            facts.append(("   showing ", colours.grey))
            facts.append(("everything", colours.ink))
        facts.append((f", {showing.order}", colours.grey))
        return facts


def _rows(count: int) -> str:
    return f"{count:,} row" if count == 1 else f"{count:,} rows"


def _takes(count: int, total: int | None) -> str:
    """Give ``97 of 1,204 takes``; without a total the number alone."""
    of = "" if total is None else f" of {total:,}"
    return f"{count:,}{of} {'take' if (count if total is None else total) == 1 else 'takes'}"
