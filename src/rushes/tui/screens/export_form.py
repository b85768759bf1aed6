"""What dialogs that ask for an export have in common: their keys, and a field for its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual.screen import ModalScreen

from rushes.paths import styles_dir
from rushes.tui.widgets.path_field import PathField

if TYPE_CHECKING:
    from textual.binding import BindingType

T = TypeVar("T")

PLACE = "export-place"
"""The id of the field for the place, which has the focus at first."""


class ExportForm(ModalScreen[T | None], Generic[T]):
    """Gives a ``T``, what is wanted; None for escape."""

    CSS_PATH = styles_dir() / "dialogs.tcss"
    AUTO_FOCUS = f"#{PLACE}"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "dismiss", "back"),
        ("enter", "export"),
        ("up,shift+tab", "app.focus_previous"),
        ("down,tab", "app.focus_next"),
    ]

    def action_export(self) -> None:
        """Give what is wanted."""
        raise NotImplementedError

    def on_path_field_passed(self, event: PathField.Passed) -> None:
        """Go to the next part, or back."""
        event.stop()
        if event.back:
            self.focus_previous()
        else:
            self.focus_next()

    def on_path_field_submitted(self, event: PathField.Submitted) -> None:
        """Export."""
        event.stop()
        self.action_export()
