"""The comparisons that were begun: gone on with, looked at again, deleted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Vertical

from rushes.tui import comparing
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.gathered import Gathered
from rushes.tui.screens.read_dialog import ReadDialog
from rushes.tui.undo import Change
from rushes.tui.widgets.dialog import DialogFooter, DialogTitle
from rushes.tui.widgets.item_list import ItemList
from rushes.words import when
from rushes.words.cells import fit, shorten

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from rushes.tui.paint import Line

_MADE, _COUNT, _STATE = 12, 11, 22
_MOST = 100


class ComparisonList(ItemList[Gathered]):
    """A line for each: when it was begun, of how many, how far it is, and of which words."""

    def __init__(self) -> None:
        super().__init__(id="comparison-list")

    def draw(self, at: int, line: Line, width: int) -> Line:
        """Draw what may be known of it; of an open one that isn't which side is which."""
        gathered, colours = self.items[at], self.colours
        assert gathered.judging is not None
        made = gathered.judging.created_at.astimezone()
        line.add(f" {fit(f'{when.short_day(made)} {made:%H:%M}', _MADE)}  ", colours.grey)
        line.add(fit(gathered.count, _COUNT))
        colour = colours.amber if gathered.judging.is_open else colours.teal
        line.add(fit(gathered.state, _STATE), colour)
        room = max(4, width - _MADE - _COUNT - _STATE - 6)
        return line.add(shorten(gathered.common.words[: 2 * room], room), colours.grey)


class ComparisonsDialog(ReadDialog[Gathered]):
    """Gives the comparison to open."""

    AUTO_FOCUS = "#comparison-list"
    scope = Scope.COMPARISONS
    BINDINGS = bindings_of(Scope.COMPARISONS)

    def __init__(self) -> None:
        super().__init__()
        self._found: tuple[Gathered, ...] = ()
        self._list = ComparisonList()

    def compose(self) -> ComposeResult:
        """Lay out the dialog."""
        with Vertical(classes="dialog wide"):
            yield DialogTitle("Comparisons", "ranked blind, the newest first")
            yield self._list
            yield DialogFooter(self.own_actions)

    @property
    def _lines(self) -> int:
        return len(self._found)

    async def _read(self) -> None:
        self._found = await self.host.desk.ask(partial(comparing.stored, most=_MOST))
        self.on_resize()
        said = f"None yet. {self.host.key('rank')} ranks takes blind."
        self._list.show(self._found, self._list.cursor, said)

    def action_open_comparison(self) -> None:
        """Open the one under the cursor."""
        current = self._list.current
        if current is not None:
            self.dismiss(current)

    def on_cursor_list_clicked(self) -> None:
        """Open the one that was clicked."""
        self.action_open_comparison()

    def action_delete_comparison(self) -> None:
        """Delete the one under the cursor, with its decisions."""
        current = self._list.current
        if current is not None:
            self.host.start(self, partial(self._delete, current), group="change")

    async def _delete(self, gathered: Gathered) -> None:
        undo = self.host.desk.undo
        gone = await self.host.desk.ask(
            lambda library: library.comparisons.delete(gathered.comparison_id)
        )
        undo.forget(gone.id)
        undo.remember(Change("the comparison is back", lambda lib: lib.comparisons.restore(gone)))
        await self._read()
        self.host.say(f"Deleted the comparison. {self.host.key('undo')} brings it back.")
