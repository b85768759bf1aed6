"""Saved filters: used, saved, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.containers import Vertical

from rushes.domain.filter_language import exact
from rushes.domain.filters import Flag, SavedFilter, TextField
from rushes.domain.text import fold
from rushes.errors import BadInput
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.screens.read_dialog import ReadDialog
from rushes.tui.undo import Change
from rushes.tui.widgets.dialog import DialogFooter, DialogTitle
from rushes.tui.widgets.item_list import ItemList
from rushes.words.cells import fit, shorten

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from rushes.domain.profile import Profile
    from rushes.library import Library
    from rushes.tui.paint import Line


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filter that was chosen by its name, and every saved line by its folded name."""

    name: str
    lines: Mapping[str, str]


def line_of(typed: str, profiles: Sequence[Profile]) -> str | None:
    """Give the line that asks for what the list shows; None where no line can.

    Profiles that were chosen become a term of it; of several whose names hold spaces or commas
    there is none.
    """
    if not profiles:
        return typed.strip()
    if all(profile.missing for profile in profiles):
        term = f"is:{Flag.ORPHAN}"
    elif len(profiles) == 1:
        term = exact(TextField.PROFILE, profiles[0].name)
    else:
        terms = [exact(TextField.PROFILE, profile.name) for profile in profiles]
        if any(profile.missing for profile in profiles) or any('"' in term for term in terms):
            return None
        term = f"profile:={','.join(profile.name for profile in profiles)}"
    return f"{typed.strip()} {term}".strip()


class FilterList(ItemList[SavedFilter]):
    """Names with their lines."""

    def __init__(self) -> None:
        super().__init__(id="filter-list")

    def draw(self, at: int, line: Line, width: int) -> Line:
        """Draw the name and the line it stands for."""
        longest = max(cell_len(one.name) for one in self.items)
        name = max(6, min(longest, width // 3))
        line.add(" @", self.colours.grey)
        line.add(fit(self.items[at].name, name) + "  ", self.colours.amber)
        return line.add(shorten(self.items[at].line[: width * 4], max(4, width - name - 6)))


class SavedFilters(ReadDialog[Chosen]):
    """Gives the filter to use; ``line`` asks for what the list shows now, None: no line can."""

    AUTO_FOCUS = "#filter-list"
    scope = Scope.FILTERS
    BINDINGS = bindings_of(Scope.FILTERS)

    def __init__(self, line: str | None) -> None:
        super().__init__()
        self._line = line
        self._filters: tuple[SavedFilter, ...] = ()
        self._list = FilterList()

    def compose(self) -> ComposeResult:
        """Lay out the dialog."""
        with Vertical(classes="dialog wide"):
            yield DialogTitle("Saved filters", "behind / they are asked for by their @name")
            yield self._list
            yield DialogFooter(self.own_actions)

    @property
    def _lines(self) -> int:
        return len(self._filters)

    async def _read(self, on: str | None = None) -> None:
        """Read them, and stand on the one of that name, else where the cursor was."""
        self._filters = await self.host.desk.ask(lambda library: library.filters.list())
        current = self._list.current
        name = fold(on or (current.name if current is not None else ""))
        names = [fold(one.name) for one in self._filters]
        self.on_resize()
        cursor = names.index(name) if name in names else self._list.cursor
        said = f"None yet. {self.key('save_filter')} saves the list's filter."
        self._list.show(self._filters, cursor, said)

    def action_apply_filter(self) -> None:
        """Filter the list by the one under the cursor."""
        current = self._list.current
        if current is not None:
            lines = {fold(one.name): one.line for one in self._filters}
            self.dismiss(Chosen(current.name, lines))

    def on_cursor_list_clicked(self) -> None:
        """Filter the list by the one that was clicked."""
        self.action_apply_filter()

    # Saving and deleting

    def action_save_filter(self) -> None:
        """Save the list's filter under a name."""
        if self._line is None:
            self.host.say("These profiles together make no line of the filter language.")
        elif not self._line:
            self.host.say("The list shows everything: there is no filter to save yet.")
        else:
            self.host.start(self, partial(self._save, self._line), group="save")

    async def _save(self, line: str) -> None:
        from rushes.tui.screens.ask_text import AskText

        title, name = f"Save {shorten(line, 40)} as", ""
        while True:
            answer = await self.app.push_screen_wait(AskText(title, name))
            if answer is None:
                return
            name = answer
            try:
                saved, change = await self.host.desk.ask(partial(_save, name=name, line=line))
            except BadInput as error:
                self.host.trouble(error)
                continue
            self.host.desk.undo.remember(change)
            await self._read(on=saved.name)
            self.host.say(f"Saved as @{saved.name}. {self.host.key('undo')} takes it back.")
            return

    def action_delete_filter(self) -> None:
        """Delete the one under the cursor."""
        current = self._list.current
        if current is not None:
            self.host.start(self, partial(self._delete, current), group="save", exclusive=False)

    async def _delete(self, saved: SavedFilter) -> None:
        await self.host.desk.ask(lambda library: library.filters.delete(saved.name))
        change = Change(
            f"@{saved.name} is back", lambda library: library.filters.save(saved.name, saved.line)
        )
        self.host.desk.undo.remember(change)
        await self._read()
        self.host.say(f"Deleted @{saved.name}. {self.host.key('undo')} brings it back.")


def _save(library: Library, name: str, line: str) -> tuple[SavedFilter, Change]:
    before = {fold(one.name): one for one in library.filters.list()}
    saved = library.filters.save(name, line)
    old = before.get(fold(saved.name))
    if old is None:
        return saved, Change(
            f"@{saved.name} is gone again", lambda lib: lib.filters.delete(saved.name)
        )
    return saved, Change(
        f"@{old.name} asks for {shorten(old.line, 40)} again",
        lambda lib: lib.filters.save(old.name, old.line),
    )
