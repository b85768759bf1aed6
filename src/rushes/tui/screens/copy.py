"""Copying: the text, the path and the id of a generation, to the terminal or by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from rushes.domain.text import printable
from rushes.errors import RushesError
from rushes.tui.host import host_of

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from rushes.domain.generation import Generation


class Copy(ModalScreen[None]):
    """Three things to copy, each with its key; all are shown to be selected by hand as well."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("y,t", "copy('text')", "text"),
        ("p", "copy('path')", "path"),
        ("i", "copy('id')", "id"),
        ("escape,q", "dismiss", "back"),
    ]

    def __init__(self, generation: Generation) -> None:
        super().__init__()
        self._generation = generation
        self._values = {"text": generation.text, "path": "", "id": generation.id}

    def compose(self) -> ComposeResult:
        """Lay out the three with their keys."""
        with Vertical(classes="dialog wide"):
            yield Static(Content("Copy"), classes="dialog-title")
            for key, name in (("y", "text"), ("p", "path"), ("i", "id")):
                label = Content.styled(f"{key} ", "bold $amber") + Content.styled(name, "$grey")
                yield Static(label)
                with VerticalScroll(classes="copied", can_focus=False):
                    yield Static(Content(printable(self._values[name]) or "–"), id=f"copy-{name}")

    def on_mount(self) -> None:
        """Ask where the file lies."""
        host = host_of(self.app)
        host.start(self, self._find_path, group="path")

    async def _find_path(self) -> None:
        try:
            path = await host_of(self.app).desk.ask(lambda lib: lib.audio.path(self._generation))
        except RushesError as error:
            self.query_one("#copy-path", Static).update(Content(str(error)))
            return
        self._values["path"] = str(path)
        self.query_one("#copy-path", Static).update(Content(printable(str(path))))

    def action_copy(self, name: str) -> None:
        """Send one of them to the terminal's clipboard (OSC 52) and leave."""
        if not self._values[name]:
            return
        self.app.copy_to_clipboard(self._values[name])
        host_of(self.app).say(f"The {name} was sent to the terminal's clipboard.")
        self.dismiss()
