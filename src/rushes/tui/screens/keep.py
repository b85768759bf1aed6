"""Keeping the winner of a comparison: what else is to be done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical

from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.screens.dialog import Dialog
from rushes.tui.widgets.cursor_list import CursorList
from rushes.tui.widgets.dialog import DialogFooter, DialogTitle
from rushes.tui.winner import Wish
from rushes.words.cells import shorten
from rushes.words.counts import takes

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from rushes.tui.paint import Line

_LOSERS, _PRESET = 0, 1


class WishList(CursorList):
    """The two wishes, each with a mark."""

    def __init__(self, losers: int) -> None:
        super().__init__(id="wish-list")
        self._losers = losers
        self._wish = Wish()

    @property
    def _them(self) -> str:
        match self._losers:
            case 0:
                return "no other has lost"
            case 1:
                return "move the other to the trash"
            case _:
                return f"move the other {takes(self._losers)} to the trash"

    def show(self, wish: Wish) -> None:
        """Show what is wished."""
        self._wish = wish
        self.show_lines(2, self.cursor)

    def draw(self, at: int, line: Line, width: int) -> Line:
        """Draw the mark and what it is about."""
        wish, colours = self._wish, self.colours
        on = wish.bin_losers if at == _LOSERS else bool(wish.preset)
        yes, no = ("x", " ") if self.is_ascii else ("✓", " ")
        line.add(f" [{yes if on else no}] ", colours.amber)
        if at == _LOSERS:
            return line.add(self._them)
        said = f": {wish.preset}" if wish.preset else " …"
        return line.add(shorten(f"save its parameters as a preset{said}", max(4, width - 7)))


class KeepDialog(Dialog[Wish]):
    """Gives what is wished for besides; ``called`` names the winner."""

    AUTO_FOCUS = "#wish-list"
    scope = Scope.KEEP
    BINDINGS = bindings_of(Scope.KEEP)

    def __init__(self, called: str, losers: int) -> None:
        super().__init__()
        self._called = called
        self._wish = Wish()
        self._list = WishList(losers)

    def compose(self) -> ComposeResult:
        """Lay out the dialog."""
        with Vertical(classes="dialog"):
            yield DialogTitle(f"Keep {self._called}", "it becomes a favourite")
            yield self._list
            yield DialogFooter(self.own_actions)

    def on_mount(self) -> None:
        """Show that nothing else is wished yet."""
        self._list.styles.height = 2
        self._list.show(self._wish)

    def action_toggle_wish(self) -> None:
        """Wish for what is under the cursor, or no longer; a preset is asked its name."""
        if self._list.cursor == _LOSERS:
            self._show(Wish(not self._wish.bin_losers, self._wish.preset))
        elif self._wish.preset:
            self._show(Wish(self._wish.bin_losers))
        else:
            self.host.start(self, self._ask_name, group="name")

    def on_cursor_list_clicked(self) -> None:
        """Wish for what was clicked, or no longer."""
        self.action_toggle_wish()

    def action_keep(self) -> None:
        """Keep it, with what was wished for."""
        self.dismiss(self._wish)

    async def _ask_name(self) -> None:
        from rushes.tui.screens.ask_text import AskText

        question = AskText("Keep the parameters as a preset: name, or folder/name")
        answer = await self.app.push_screen_wait(question)
        if answer is not None:
            self._show(Wish(self._wish.bin_losers, answer))

    def _show(self, wish: Wish) -> None:
        self._wish = wish
        self._list.show(wish)
