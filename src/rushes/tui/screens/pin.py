"""Which version an item of a story plays: one that stays, or the default whichever it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.containers import Vertical

from rushes.domain.effects import in_words
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.screens.dialog import Dialog
from rushes.tui.widgets.cursor_list import CursorList
from rushes.tui.widgets.dialog import DialogFooter, DialogTitle
from rushes.words import when
from rushes.words.cells import fit, right, shorten

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from rushes.domain.generation import GenerationVersion
    from rushes.domain.story import SceneItem
    from rushes.tui.paint import Line

_LENGTH = 7


@dataclass(frozen=True, slots=True)
class Pinned:
    """A version to stay with; None: the default, whichever it is."""

    version: GenerationVersion | None


class VersionChoices(CursorList):
    """The default first, then every version."""

    def __init__(self, versions: tuple[GenerationVersion, ...], pinned: str | None) -> None:
        super().__init__(id="version-choices")
        self._versions: tuple[GenerationVersion | None, ...] = (None, *versions)
        self._pinned = pinned

    @property
    def current(self) -> Pinned:
        """What is under the cursor."""
        return Pinned(self._versions[self.cursor])

    def show(self) -> None:
        """Show them, with the cursor on the one that is played now."""
        ids = [None if version is None else version.id for version in self._versions]
        at = ids.index(self._pinned) if self._pinned in ids else 0
        self.show_lines(len(ids), at)

    def draw(self, at: int, line: Line, width: int) -> Line:
        """Draw a version, with a mark where it is played now."""
        version, colours = self._versions[at], self.colours
        here = (None if version is None else version.id) == self._pinned
        full, empty = ("*", "o") if self.is_ascii else ("●", "○")
        line.add(f" {full if here else empty}  ", colours.amber if here else colours.faint)
        if version is None:
            default = next(
                (one.label for one in self._versions if one is not None and one.is_default), "none"
            )
            said = f"the default, whichever it is: {default} now"
            return line.add(shorten(said, max(0, width - 6)))
        name = max(8, min(20, width // 3))
        line.add(fit(version.label, name))
        seconds = version.facts.duration if version.facts is not None else None
        line.add(right(when.length(seconds), _LENGTH) + "  ", colours.grey)
        made = in_words(version.effects_chain_json)
        return line.add(shorten(made, max(0, width - name - _LENGTH - 8)), colours.grey)


class PinDialog(Dialog[Pinned]):
    """Gives what an item shall play."""

    AUTO_FOCUS = "#version-choices"
    scope = Scope.PIN
    BINDINGS = bindings_of(Scope.PIN)

    def __init__(self, item: SceneItem, versions: tuple[GenerationVersion, ...]) -> None:
        super().__init__()
        self._name = item.profile_name
        self._count = len(versions) + 1
        self._list = VersionChoices(versions, item.item.version_id)

    def compose(self) -> ComposeResult:
        """Lay out the dialog."""
        with Vertical(classes="dialog"):
            yield DialogTitle("Which version", f"{self._name} plays here")
            yield self._list
            yield DialogFooter(self.own_actions)

    def on_mount(self) -> None:
        """Show the versions."""
        self._list.show()

    def on_resize(self) -> None:
        """Give the list the room that there is."""
        self._list.styles.height = self.room_for(self._count)

    def action_choose_version(self) -> None:
        """Choose what stands under the cursor."""
        self.dismiss(self._list.current)

    def on_cursor_list_clicked(self) -> None:
        """Choose the version that was clicked."""
        self.action_choose_version()
