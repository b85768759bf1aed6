"""Copying: texts, paths and ids of generations, to the terminal or by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from rushes.domain.text import printable
from rushes.errors import RushesError
from rushes.tui.host import host_of

if TYPE_CHECKING:
    from rushes.domain.generation import Generation
    from rushes.library import Library

SHOWN = 4_000
"""Characters of each that are shown; all of it is copied."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What there is to copy, a line for each generation; ``fault`` is why paths are missing."""

    text: str
    path: str
    id: str
    fault: str = ""


def copied(library: Library, ids: Sequence[str]) -> Copied:
    """Give what can be copied of these generations."""
    generations = [library.generations.get(one) for one in ids]
    fault = ""
    paths = []
    for generation in generations:
        try:
            paths.append(_path(library, generation))
        except RushesError as error:
            fault = str(error)
    return Copied("\n".join(g.text for g in generations), "\n".join(paths), "\n".join(ids), fault)


def _path(library: Library, generation: Generation) -> str:
    return str(library.audio.path(generation))


class Copy(ModalScreen[None]):
    """Three things to copy, each with its key; all are shown to be selected by hand as well."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("y,t", "copy('text')", "text"),
        ("p", "copy('path')", "path"),
        ("i", "copy('id')", "id"),
        ("escape,q", "dismiss", "back"),
    ]

    def __init__(self, what: Copied) -> None:
        super().__init__()
        self._values = {"text": what.text, "path": what.path, "id": what.id}
        self._fault = what.fault

    def compose(self) -> ComposeResult:
        """Lay out the three with their keys."""
        with Vertical(classes="dialog wide"):
            yield Static(Content("Copy"), classes="dialog-title")
            for key, name in (("y", "text"), ("p", "path"), ("i", "id")):
                label = Content.styled(f"{key} ", "bold $amber") + Content.styled(name, "$grey")
                yield Static(label)
                with VerticalScroll(classes="copied", can_focus=False):
                    yield Static(Content(self._shown(name)))

    def _shown(self, name: str) -> str:
        value = self._values[name] or (self._fault if name == "path" else "")
        return printable(value[:SHOWN]) or "–"

    def action_copy(self, name: str) -> None:
        """Send one of them to the terminal's clipboard (OSC 52) and leave."""
        if not self._values[name]:
            return
        self.app.copy_to_clipboard(self._values[name])
        host_of(self.app).say(f"The {name} was sent to the terminal's clipboard.")
        self.dismiss()
