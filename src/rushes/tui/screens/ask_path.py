"""A question that is answered with a path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from rushes.domain.text import printable
from rushes.tui.screens.ask_text import AskText
from rushes.tui.widgets.path_field import PathField

if TYPE_CHECKING:
    from textual.app import ComposeResult

_KEYS = (("enter", "done"), ("tab", "complete"), ("↑↓", "choose"), ("esc", "cancel"))


class AskPath(AskText):
    """Gives the path that was typed or chosen; None when the person leaves with escape.

    ``words`` say beneath the title what may lie there; both are literal. Nothing typed is an
    answer where ``on_nothing`` says what it means, as for ``AskText``.
    """

    def __init__(
        self, title: str, path: str = "", *, words: str = "", on_nothing: str = ""
    ) -> None:
        super().__init__(title, path, on_nothing=on_nothing)
        self._words = words

    def compose(self) -> ComposeResult:
        """Lay out the question over its field."""
        with Vertical(classes="dialog wide"):
            yield Static(Content(printable(self._title)), classes="dialog-title")
            for words in filter(None, (self._words, self._on_nothing)):
                yield Static(Content(printable(words)), classes="dialog-words")
            yield PathField(self._text, input_id="answer")
            yield Static(keys_line(*_KEYS), classes="dialog-foot")

    def on_path_field_submitted(self, event: PathField.Submitted) -> None:
        """Answer."""
        event.stop()
        if event.text or self._on_nothing:
            self.dismiss(event.text)


def keys_line(*hints: tuple[str, str]) -> Content:
    """Keys and what they do, in one line."""
    parts: list[Content] = []
    for key, label in hints:
        parts.append(Content.styled(key, "bold $amber") + Content(f" {label}   "))
    return Content("").join(parts).rstrip()
