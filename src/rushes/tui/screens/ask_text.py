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


def _keys(on_nothing: str) -> Content:
    parts = [Content.styled("enter", "bold $amber"), Content(" done    ")]
    if on_nothing:
        parts += [Content(on_nothing), Content("    ")]
    return Content("").join([*parts, Content.styled("esc", "bold $amber"), Content(" cancel")])


class AskText(ModalScreen[str | None]):
    """Gives what was typed, without space around it; None when the person leaves with escape.

    The title is literal; ``text`` is what stands in the line to begin with. Nothing typed is no
    answer, and the question stays; but where ``on_nothing`` says what it means, it is one: "".
    """

    CSS_PATH = styles_dir() / "dialogs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "back")]

    def __init__(self, title: str, text: str = "", *, on_nothing: str = "") -> None:
        super().__init__()
        self._title, self._text, self._on_nothing = title, text, on_nothing

    def compose(self) -> ComposeResult:
        """Lay out the question over its line."""
        with Vertical(classes="dialog"):
            yield Static(Content(printable(self._title)), classes="dialog-title")
            field = Input(self._text, id="answer", select_on_focus=False, compact=True)
            field.cursor_blink = False  # nothing is sent while nothing changes
            yield field
            yield Static(_keys(self._on_nothing), classes="dialog-foot")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answer."""
        event.stop()
        if event.value.strip() or self._on_nothing:
            self.dismiss(event.value.strip())
