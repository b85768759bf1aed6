"""Choosing the order of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical

from rushes.domain.query import Sort
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.screens.dialog import Dialog
from rushes.tui.widgets.cursor_list import CursorList
from rushes.tui.widgets.dialog import DialogFooter, DialogTitle
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from rushes.tui.paint import Line

ORDERS = {
    Sort.NEWEST: "newest first",
    Sort.OLDEST: "oldest first",
    Sort.LONGEST: "longest first",
    Sort.RATING: "best rated first",
    Sort.PROFILE: "by profile",
    Sort.TEXT: "by text",
}
"""Every order in words."""

_ACTIONS = ("newest", "oldest", "longest", "best", "by_profile", "by_text")


class OrderList(CursorList):
    """The orders, each with its key; the present one is marked."""

    def __init__(self, present: Sort) -> None:
        super().__init__(id="order-list")
        self._present = present
        self._keys: tuple[str, ...] = ()

    @property
    def current(self) -> Sort:
        """The order under the cursor."""
        return tuple(ORDERS)[self.cursor]

    def show(self, keys: tuple[str, ...]) -> None:
        """Show every order with its key, the cursor on the present one."""
        self._keys = keys
        self.show_lines(len(ORDERS), tuple(ORDERS).index(self._present))

    def draw(self, at: int, line: Line, width: int) -> Line:
        """Draw the mark, the key and the words."""
        order = tuple(ORDERS)[at]
        mark = "#" if self.is_ascii else "◆"
        line.add(mark if order is self._present else " ", self.colours.amber)
        line.add(f"  {self._keys[at]:<4}", self.colours.amber, bold=True)
        return line.add(shorten(ORDERS[order], max(4, width - 8)))


class ChooseOrder(Dialog[Sort]):
    """Gives the order that was chosen; ``present`` is the one in force."""

    AUTO_FOCUS = "#order-list"
    scope = Scope.ORDER
    BINDINGS = bindings_of(Scope.ORDER)

    def __init__(self, present: Sort) -> None:
        super().__init__()
        self._list = OrderList(present)

    def compose(self) -> ComposeResult:
        """Lay out the dialog."""
        with Vertical(classes="dialog"):
            yield DialogTitle("Order")
            yield self._list
            yield DialogFooter(self.own_actions)

    def on_mount(self) -> None:
        """Show the orders."""
        self._list.styles.height = self.room_for(len(ORDERS))
        self._list.show(tuple(self.key(name) for name in _ACTIONS))

    def action_apply_order(self) -> None:
        """Take the order under the cursor."""
        self.dismiss(self._list.current)

    def action_order(self, name: str) -> None:
        """Take an order by its own key."""
        self.dismiss(Sort(name))

    def on_cursor_list_clicked(self) -> None:
        """Take the order that was clicked."""
        self.action_apply_order()
