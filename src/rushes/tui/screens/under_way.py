"""Long work that is looked at: how far it is, and the keys that call it off or leave it be."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from rushes.paths import styles_dir
from rushes.tui.host import host_of
from rushes.tui.screens.ask_path import keys_line
from rushes.tui.widgets.dialog import DialogTitle
from rushes.tui.widgets.work_line import WorkLine

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

LOOKS = 0.2
"""Seconds between two looks at how far the work is."""

_KEYS = (("enter", "leave it going on"),)


class _DialogWorkLine(WorkLine):
    back = "surface"


class UnderWay(ModalScreen[None]):
    """The desk's work; it goes when the work has ended."""

    CSS_PATH = styles_dir() / "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "call_off"),
        ("enter,q", "dismiss"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._line = _DialogWorkLine()

    def compose(self) -> ComposeResult:
        """Lay out the line between its name and the keys."""
        with Vertical(classes="dialog wide"):
            yield DialogTitle("Under way")
            yield self._line
            yield Static(keys_line(*_KEYS), classes="dialog-foot")

    def on_mount(self) -> None:
        """Look how far it is, now and then."""
        self.set_interval(LOOKS, self._look)
        self._look()

    def _look(self) -> None:
        work = host_of(self.app).desk.work
        if work is not None:
            self._line.show(work, "esc")
        elif self.is_current:
            self.dismiss()

    def action_call_off(self) -> None:
        """End it between two of its steps."""
        work = host_of(self.app).desk.work
        if work is not None:
            work.call_off()
            self._look()
