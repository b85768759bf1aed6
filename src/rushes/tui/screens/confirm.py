"""A question before something that can't be undone; Cancel has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from rushes.domain.text import printable

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType


class Confirm(ModalScreen[bool]):
    """Gives True when the person means it. All three texts are literal."""

    AUTO_FOCUS = "#cancel"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,n", "dismiss(False)"),
        ("left,h", "app.focus_previous"),
    ]

    def __init__(self, title: str, text: str, action: str) -> None:
        super().__init__()
        self._title, self._text, self._action = title, text, action

    def compose(self) -> ComposeResult:
        """Lay out the question over its two answers."""
        with Vertical(classes="dialog"):
            yield Static(Content(printable(self._title)), classes="dialog-title")
            yield Static(Content(printable(self._text)), classes="dialog-text")
            with Horizontal(classes="dialog-answers"):
                yield Button("Cancel", id="cancel", compact=True)
                yield Button(Content(self._action), id="do", compact=True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Answer."""
        self.dismiss(event.button.id == "do")
