"""A question that is answered with one line of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from rushes.domain.text import printable
from rushes.paths import styles_dir

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

_KEYS = Content("").join(
    [
        Content.styled("enter", "bold $amber"),
        Content(" take it    "),
        Content.styled("esc", "bold $amber"),
        Content(" leave it as it is"),
    ]
)


class AskText(ModalScreen[str | None]):
    """Gives what was typed, without space around it; None when the person leaves with escape.

    The title is literal; ``text`` is what stands in the line to begin with. Nothing typed is no
    answer: the question stays.
    """

    CSS_PATH = styles_dir() / "profiles.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "back")]

    def __init__(self, title: str, text: str = "") -> None:
        super().__init__()
        self._title, self._text = title, text

    def compose(self) -> ComposeResult:
        """Lay out the question over its line."""
        with Vertical(classes="dialog"):
            yield Static(Content(printable(self._title)), classes="dialog-title")
            field = Input(self._text, id="answer", select_on_focus=False, compact=True)
            field.cursor_blink = False  # nothing is sent while nothing changes
            yield field
            yield Static(_KEYS, classes="dialog-foot")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer."""
        event.stop()
        if event.value.strip():
            self.dismiss(event.value.strip())
