"""The line at the foot: the keys that fit now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.tui.actions import Action, key_name
from rushes.tui.widgets.line import OneLine
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.tui.paint import Line


_ROWS_OF_KEYS = (("rate_1", "rate_5", "rate", 4), ("side_a", "side_h", "hear", 1))
"""Keys in a row that are told together: from, to, what they do, and their place."""


class Footer(OneLine):
    """Keys and labels, as many as there is room for; help is always among them."""

    def __init__(self, actions: Sequence[Action]) -> None:
        super().__init__(id="footer")
        self._fault = ""
        shown = sorted((a for a in actions if a.footer and a.keys), key=lambda a: a.footer)
        self._hints = [(key_name(action.keys[0]), action.label) for action in shown]
        for first, last, label, place in _ROWS_OF_KEYS:
            ends = [a for a in actions if a.id in (first, last) and a.keys]
            if len(ends) == 2:
                keys = f"{key_name(ends[0].keys[0])}-{key_name(ends[1].keys[0])}"
                self._hints.insert(min(place, len(self._hints)), (keys, label))

    def show_fault(self, fault: str) -> None:
        """Say what is wrong with what is being typed, in the place of the keys; "" ends it."""
        if fault != self._fault:
            self._fault = fault
            self.refresh()

    def draw_line(self) -> Line:
        """Draw the one line."""
        line = self.line()
        if self._fault:
            return line.add(f" {shorten(self._fault, self.size.width - 2)}", self.colours.rose)
        room = self.size.width - 1
        last = self._hints[-1:]
        kept = sum(_width(hint) for hint in last)
        for hint in self._hints[:-1]:
            if _width(hint) + kept > room:
                continue
            room -= _width(hint)
            self._add(line, hint)
        for hint in last:
            self._add(line, hint)
        return line

    def _add(self, line: Line, hint: tuple[str, str]) -> None:
        key, label = hint
        line.add(f" {key}", self.colours.amber, bold=True).add(f" {label} ", self.colours.grey)


def _width(hint: tuple[str, str]) -> int:
    return cell_len(hint[0]) + cell_len(hint[1]) + 3
