"""Asking what an export writes, where to, and how files are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from rushes.domain.export_formats import FIELDS
from rushes.domain.file_pattern import parse_pattern, values_of
from rushes.errors import BadPattern
from rushes.tui.export_wish import ExportWish, Way, suffix_of
from rushes.tui.screens.ask_path import keys_line
from rushes.tui.screens.export_form import PLACE, ExportForm
from rushes.tui.widgets.choices import Choices
from rushes.tui.widgets.dialog import DialogTitle
from rushes.tui.widgets.line import OneLine
from rushes.tui.widgets.path_field import PathField
from rushes.words.cells import shorten
from rushes.words.counts import takes

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from rushes.domain.generation import Generation
    from rushes.tui.paint import Line

_KEYS = (
    ("enter", "export"), ("tab", "complete, next part"), ("←→", "choose"), ("esc", "cancel"),
)  # fmt: skip
_WAYS = tuple(Way)
_PLACES = ("a folder here", "to the laptop")
_FOLDER = "folder"


class NameLine(OneLine):
    """How a file would be called, or what is wrong with the pattern."""

    back = "surface"

    def __init__(self) -> None:
        super().__init__(classes="name-line")
        self._said, self._is_fault = "", False

    def say(self, text: str, *, is_fault: bool = False) -> None:
        """Say something else."""
        if (text, is_fault) != (self._said, self._is_fault):
            self._said, self._is_fault = text, is_fault
            self.refresh()

    def draw_line(self) -> Line:
        """Draw the one line."""
        colour = self.colours.rose if self._is_fault else self.colours.grey
        return self.line().add(" " + shorten(self._said, self.size.width - 1), colour)


class ExportDialog(ExportForm[ExportWish]):
    """Gives what is wanted of ``count`` takes, of which one is an ``example``; None for escape.

    ``laptop`` names who listens: then an export can go there. Empty: it can't.
    """

    def __init__(
        self, count: int, example: Generation | None, wish: ExportWish, laptop: str = ""
    ) -> None:
        super().__init__()
        self._count, self._example, self._wish, self._laptop = count, example, wish, laptop
        self._places = Choices(_PLACES, int(wish.to_laptop and bool(laptop)))
        self._folder = Static(Content(_FOLDER), classes="form-label")
        self._ways = Choices([way.value for way in Way], _WAYS.index(wish.way))
        self._place = PathField(wish.place, input_id=PLACE, lines=5, only_folders=True)
        self._pattern = Input(
            wish.pattern, classes="path-input", select_on_focus=False, compact=True
        )
        self._pattern.cursor_blink = False  # nothing is sent while nothing changes
        self._called = NameLine()

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        with Vertical(classes="dialog wide"):
            yield DialogTitle("Export", takes(self._count))
            yield self._ways
            if self._laptop:
                yield self._places
            yield self._folder
            yield self._place
            yield Static(Content("names"), classes="form-label")
            yield self._pattern
            yield self._called
            yield Static(keys_line(*_KEYS), classes="dialog-foot")

    def on_mount(self) -> None:
        """Show where files would go, and how one would be called."""
        self._show_place()
        self._show_name()
        if self._to_laptop:
            self._places.focus()

    @property
    def _to_laptop(self) -> bool:
        return bool(self._laptop) and self._places.at == 1

    def _show_place(self) -> None:
        """Name the folder at the laptop, or ask for one here."""
        self._place.display = not self._to_laptop
        there = f"the downloads folder of {self._laptop}"
        self._folder.update(Content(there if self._to_laptop else _FOLDER))

    @property
    def _way(self) -> Way:
        return _WAYS[self._ways.at]

    def _show_name(self) -> bool:
        """Show the name that the pattern makes; whether it can be read."""
        try:
            pattern = parse_pattern(self._pattern.value)
        except BadPattern as error:
            self._called.say(f"at {error.position + 1}: {error}", is_fault=True)
            return False
        if self._example is None:
            self._called.say(f"fields: {', '.join(FIELDS)}")
            return True
        facts = self._example.facts
        suffix = suffix_of(self._way, "wav" if facts is None else facts.format)
        stem = pattern.stem(values_of(self._example, "original"), suffix)
        self._called.say(f"{stem}{suffix}")
        return True

    def on_choices_chosen(self) -> None:
        """Show how the file would end now, and where it would go."""
        self._show_place()
        self._show_name()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show how the file would be called now."""
        event.stop()
        self._show_name()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Export."""
        event.stop()
        self.action_export()

    def action_export(self) -> None:
        """Give what is wanted; a pattern that can't be read is for the person to mend."""
        if not self._show_name():
            self._pattern.focus()
        elif not self._place.value and not self._to_laptop:
            self._place.input.focus()
        else:
            place, pattern = self._place.value, self._pattern.value
            self.dismiss(ExportWish(self._way, place, pattern, to_laptop=self._to_laptop))
