"""A long text read whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from rushes.domain.text import printable
from rushes.paths import styles_dir
from rushes.tui.widgets.reader import Reader

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

_FAR = 1_000_000_000


class TextScreen(ModalScreen[None]):
    """A title over a text, both literal; scrolls with j, k, the page keys, g and G."""

    CSS_PATH = styles_dir() / "text.tcss"
    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape,q,enter", "dismiss"),
        ("j,down", "scroll_lines(1)"),
        ("k,up", "scroll_lines(-1)"),
        ("space,pagedown", "scroll_pages(1)"),
        ("pageup", "scroll_pages(-1)"),
        ("ctrl+d", "scroll_pages(0.5)"),
        ("ctrl+u", "scroll_pages(-0.5)"),
        ("g,home", f"scroll_lines(-{_FAR})"),
        ("G,end", f"scroll_lines({_FAR})"),
    ]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._title = title
        self.reader = Reader(text)

    def compose(self) -> ComposeResult:
        """Lay out the title, the text, and what the keys do."""
        with Vertical(classes="dialog", id="text-dialog"):
            yield Static(Content(printable(self._title)), classes="dialog-title")
            yield self.reader
            yield Static(id="text-foot", classes="dialog-foot")

    def on_reader_scrolled(self) -> None:
        """Say whether there is more."""
        reader = self.reader
        more = "j k space: there is more" if reader.top or reader.has_more else "all of it"
        if reader.top and not reader.has_more:
            more = "the end"
        self.query_one("#text-foot", Static).update(Content(f"{more}   esc: back"))

    def action_scroll_lines(self, by: int) -> None:
        """Scroll by lines."""
        self.reader.move(by)

    def action_scroll_pages(self, by: float) -> None:
        """Scroll by pages."""
        self.reader.move(round(by * self.reader.page))
