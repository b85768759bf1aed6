"""A dialog whose keys come from the registry, over the screen that it was opened from."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual.screen import ModalScreen

from rushes.paths import log_file, styles_dir
from rushes.tui.actions import Action, Scope, in_scopes, key_name
from rushes.tui.bindings import bindings_of
from rushes.tui.host import Host, host_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.tui.changes import Done

T = TypeVar("T")

AROUND = 11
"""Lines of a dialog besides its list, and what stays free of the screen."""


class Dialog(ModalScreen[T | None], Generic[T]):
    """Gives a ``T``; None when the person leaves it. ``scope`` holds its own actions."""

    CSS_PATH = styles_dir() / "dialogs.tcss"
    BINDINGS = bindings_of(Scope.APP)
    scope: ClassVar[Scope]

    @property
    def host(self) -> Host:
        """The application."""
        return host_of(self.app)

    @property
    def actions(self) -> Sequence[Action]:
        """The actions that can be reached here, with the keys in force."""
        found = in_scopes(self.host.actions, self.scope, Scope.MOVE, Scope.APP)
        return [action for action in found if action.id != "palette"]

    @property
    def own_actions(self) -> Sequence[Action]:
        """Those that are this dialog's own."""
        return in_scopes(self.host.actions, self.scope)

    def key(self, action_id: str) -> str:
        """Give the key of one of the dialog's actions; empty where it has none."""
        keys = next((action.keys for action in self.own_actions if action.id == action_id), ())
        return key_name(keys[0]) if keys else ""

    def room_for(self, lines: int) -> int:
        """Give how many of ``lines`` a list can show at once."""
        return max(1, min(lines, self.app.size.height - AROUND))

    def keep(self, done: Done) -> None:
        """Remember how a change is undone."""
        if done.change is not None:
            self.host.desk.undo.remember(done.change)

    def on_screen_suspend(self) -> None:
        """Make room for the question that is asked in this one's place."""
        self._show_panel(False)

    def on_screen_resume(self) -> None:
        """Come back."""
        self._show_panel(True)

    def _show_panel(self, visible: bool) -> None:
        for panel in self.query(".dialog"):
            panel.visible = visible

    def action_back(self) -> None:
        """Leave, with nothing chosen."""
        self.dismiss(None)

    def action_quit(self) -> None:
        """Leave the dialog, not the program."""
        self.action_back()

    async def action_undo(self) -> None:
        """Undo the last change."""
        await self.app.run_action("app.undo")

    def action_help(self) -> None:
        """Show all keys of the dialog."""
        from rushes.tui.screens.help import Help

        self.app.push_screen(Help(self.actions, log_file()))
