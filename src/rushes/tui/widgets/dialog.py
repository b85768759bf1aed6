"""What dialogs over a list are made of: a title, a field to type in, and their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message
from textual.widgets import Input

from rushes.tui.widgets.footer import Footer
from rushes.tui.widgets.line import Lines
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from rushes.tui.actions import Action
    from rushes.tui.paint import Line

Hint = tuple[str, str]
"""A key as people read it, and what it does."""


class TypedPart(Input):
    """Where a part of a name is typed; the arrows go on moving in the list."""

    @dataclass
    class Moved(Message):
        """The cursor of the list shall go ``by`` lines down."""

        by: int

    @dataclass
    class Left(Message):
        """Typing has ended; ``cleared`` when what was typed shall go."""

        cleared: bool

    def __init__(self, placeholder: str, id: str) -> None:  # noqa: A002  # Textual's name for it
        super().__init__(
            id=id,
            classes="typed-part",
            select_on_focus=False,
            compact=True,
            placeholder=placeholder,
        )
        self.cursor_blink = False  # nothing is sent while nothing changes

    def on_key(self, event: events.Key) -> None:
        """Move in the list, or leave."""
        if event.key in ("up", "down"):
            self.post_message(self.Moved(1 if event.key == "down" else -1))
        elif event.key in ("escape", "tab", "shift+tab"):
            self.post_message(self.Left(cleared=event.key == "escape"))
        else:
            return
        event.stop()
        event.prevent_default()


class DialogTitle(Lines):
    """The dialog's name, and what there is to say about it."""

    back = "surface"

    def __init__(self, name: str, words: str = "") -> None:
        super().__init__(id="dialog-title")
        self._called, self._words = name, words

    def say(self, words: str) -> None:
        """Say something else beside the name."""
        if words != self._words:
            self._words = words
            self.refresh()

    def draw(self, y: int) -> Line | None:
        """Draw the one line."""
        if y:
            return None
        line = self.line().add(self._called, self.colours.amber, bold=True)
        room = max(0, self.size.width - len(self._called) - 3)
        return line.add("   " + shorten(self._words, room), self.colours.grey)


class DialogFooter(Footer):
    """The dialog's keys; other ones while something is typed."""

    back = "surface"

    def __init__(self, actions: Sequence[Action], while_typing: Sequence[Hint] = ()) -> None:
        super().__init__(actions)
        self._in_list, self._while_typing = self._hints, list(while_typing)

    def show(self, *, is_typing: bool) -> None:
        """Show the keys of the field, or those of the list."""
        hints = self._while_typing if is_typing else self._in_list
        if hints is not self._hints:
            self._hints = hints
            self.refresh()
