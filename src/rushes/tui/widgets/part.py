"""The parts of the detail: one of them is chosen, and takes the keys that move and open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.geometry import Region
from textual.message import Message

from rushes.tui.actions import Action, key_name
from rushes.tui.paint import Line
from rushes.tui.widgets.redrawn import Redrawn
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

MARGIN = 2
"""Columns at the left of every part: the bar that tells which is chosen, and a space."""


class Part(Redrawn):
    """A part of the screen. Being chosen is told by a bar at its left, and by what it then says.

    Textual's own focus repaints the whole widget; this repaints the bar and one line.
    """

    name_shown = ""
    chosen = False

    @dataclass
    class Clicked(Message):
        """The part was clicked; ``again`` where what was clicked had been selected before."""

        part: Part
        again: bool

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing here that a key could act on."""
        return False

    @property
    def hint(self) -> str:
        """What its keys do, said while it is chosen."""
        return ""

    @property
    def page(self) -> int:
        """Lines that a page key moves by."""
        return 1

    def choose(self, chosen: bool) -> None:
        """Let it take the keys, or no longer."""
        if chosen != self.chosen:
            self.chosen = chosen
            self.refresh(*self.marks())

    def marks(self) -> Sequence[Region]:
        """What looks different when the part is chosen."""
        width, height = self.size
        return [Region(0, 0, 1, height), Region(1, 0, max(0, width - 1), 1)]

    def move(self, by: int) -> None:
        """Go down by some lines, or up."""

    def key(self, action_id: str) -> str:
        """Give the key in force for an action; empty where it has none."""
        actions: Sequence[Action] = getattr(self.app, "actions", ())
        keys = next((action.keys for action in actions if action.id == action_id), ())
        return key_name(keys[0]) if keys else ""

    def bar(self, line: Line, on: bool | None = None) -> Line:
        """Add the margin to a line that begins: the bar where the part is chosen."""
        shown = self.chosen if on is None else on
        return line.add(("|" if self.is_ascii else "▌") if shown else " ", self.colours.amber)

    def heading(self, more: str = "", *, bar: bool | None = None) -> Line:
        """Give the line that names the part, with what its keys do, and ``more`` at its right."""
        colours, room = self.colours, self.size.width - MARGIN - 1
        line = self.bar(self.line(), bar).add(" ")
        name = f"{self.name_shown}: none" if self.is_empty else self.name_shown
        name = shorten(name, max(0, room))
        line.add(name, colours.amber if self.chosen else colours.grey, bold=self.chosen)
        room -= cell_len(name)
        more = f" {more}" if more and cell_len(more) < room else ""
        hint = shorten(f"  {self.hint}", room - cell_len(more)) if self.chosen else ""
        hint = hint if hint.strip() else ""
        line.add(hint, colours.grey)
        return line.add(" " * (room - cell_len(hint) - cell_len(more))).add(more, colours.grey)

    def on_click(self, event: events.Click) -> None:
        """Be chosen."""
        self.post_message(self.Clicked(self, self.clicked(event.y, event.chain)))

    def clicked(self, y: int, chain: int) -> bool:
        """Take a click at line ``y``, the ``chain``-th in a row; tell whether it opens."""
        return y >= 0 and chain > 1

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll."""
        event.stop()
        self.move(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll."""
        event.stop()
        self.move(-3)


class ListPart(Part):
    """A part with a heading and rows, one of which is selected."""

    def __init__(self, id: str) -> None:  # noqa: A002  # Textual's name for it
        super().__init__(id=id)
        self.selected = 0
        self._top = 0

    @property
    def count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def row(self, index: int, line: Line) -> Line:
        """Add a row to a line that has its bar."""
        raise NotImplementedError

    @property
    def is_empty(self) -> bool:
        """Tell whether there are no rows."""
        return self.count == 0

    @property
    def page(self) -> int:
        """Rows in sight."""
        return max(1, self.size.height - 1)

    def changed(self, selected: int = 0) -> None:
        """Draw other rows."""
        self.selected = max(0, min(selected, self.count - 1))
        self._top = 0
        self._follow()
        self.redraw()

    def marks(self) -> Sequence[Region]:
        """The heading and the selected row."""
        return [Region(0, 0, self.size.width, 1), self._place(self.selected)]

    def move(self, by: int) -> None:
        """Select another row."""
        old, top = self.selected, self._top
        self.selected = max(0, min(old + by, self.count - 1))
        if self.selected == old:
            return
        self._follow()
        if self._top != top:
            self.redraw()
        else:
            self.refresh(self._place(old), self._place(self.selected))
        self.post_message(self.Selected(self))

    @dataclass
    class Selected(Message):
        """Another row was selected."""

        part: ListPart

    def refresh_row(self, index: int) -> None:
        """Draw one row again."""
        if 0 <= index - self._top < self.page:
            self.refresh(self._place(index))

    def on_resize(self) -> None:
        """Keep the selected row in sight."""
        self._follow()

    def clicked(self, y: int, chain: int) -> bool:
        """Select the row."""
        index = self._top + y - 1
        if y < 1 or index >= self.count:
            return False
        again = chain > 1 and index == self.selected
        self.move(index - self.selected)
        return again

    def draw(self, y: int) -> Line | None:
        """Draw the heading or a row."""
        if y == 0:
            more = "" if self.count <= self.page else f"{self.selected + 1} of {self.count:,}"
            return self.heading(more, bar=self.chosen and self.is_empty)
        index = self._top + y - 1
        if index >= self.count:
            return None
        under = self.chosen and index == self.selected
        colours = self.colours
        line = Line(
            colours,
            colours.raised if under else self.ground,
            bold=under and colours.raised == colours.ground,
        )
        return self.row(index, self.bar(line, under))

    def _follow(self) -> None:
        if self.selected < self._top:
            self._top = self.selected
        elif self.selected >= self._top + self.page:
            self._top = self.selected - self.page + 1
        self._top = max(0, min(self._top, self.count - self.page))

    def _place(self, index: int) -> Region:
        return Region(0, 1 + index - self._top, self.size.width, 1)
