"""The parameters and facts of a generation, a label and a value to a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.tui.particulars import ERROR, FAULT, FLAG, GONE, particulars
from rushes.tui.widgets.part import MARGIN, Part
from rushes.words import snapshot
from rushes.words.cells import fit
from rushes.words.wrap import wrap

if TYPE_CHECKING:
    from rushes.domain.generation import Generation
    from rushes.tui.paint import Line

MOST_LINES = 4
"""Lines that a long value is given; the whole of it is a key away."""


_WIDE = 56
"""Cells from which on all keys are named."""


@dataclass(frozen=True, slots=True)
class _Field:
    """One line: a label, empty where the value of the line above goes on, and the value."""

    label: str
    value: str
    is_fault: bool = False


class FieldsPart(Part):
    """A heading and the fields, to be scrolled."""

    name_shown = "parameters"

    def __init__(self) -> None:
        super().__init__(id="fields")
        self._generation: Generation | None = None
        self._twins: tuple[str, ...] = ()
        self._stories: tuple[str, ...] = ()
        self._top = 0
        self._fields: list[_Field] = []
        self._label = 0

    def show(self, generation: Generation) -> None:
        """Show another generation from the top, or the same one anew where it is scrolled to."""
        before, self._generation = self._generation, generation
        if before is None or before.id != generation.id:
            self._top, self._twins, self._stories = 0, (), ()
        self._lay_out()

    def show_twins(self, twins: tuple[str, ...]) -> None:
        """Name the other takes of the same sound."""
        if twins != self._twins:
            self._twins = twins
            self._lay_out()

    def show_stories(self, names: tuple[str, ...]) -> None:
        """Name the stories that use it."""
        if names != self._stories:
            self._stories = names
            self._lay_out()

    def on_resize(self) -> None:
        """Break the values anew."""
        self._lay_out()

    @property
    def hint(self) -> str:
        """Say how to read them whole, and how to keep them."""
        reads = f"{self.key('open_part')} reads all"
        if self.size.width < _WIDE:
            return reads
        return f"{reads}, {self.key('save_preset')} saves, {self.key('presets')} presets"

    @property
    def page(self) -> int:
        """Fields in sight."""
        return max(1, self.size.height - 1)

    def move(self, by: int) -> None:
        """Scroll."""
        top = max(0, min(self._top + by, len(self._fields) - self.page))
        if top != self._top:
            self._top = top
            self.redraw()

    def draw(self, y: int) -> Line:
        """Draw the heading or a field."""
        if y == 0:
            last = min(self._top + self.page, len(self._fields))
            fits = len(self._fields) <= self.page
            return self.heading("" if fits else f"{last} of {len(self._fields)}")
        line = self.bar(self.line()).add(" ")
        index = self._top + y - 1
        if index >= len(self._fields):
            return line
        field, colours = self._fields[index], self.colours
        label = snapshot.short_name(field.label, self._label - 1)
        line.add(fit(label, self._label - 1) + " ", colours.grey)
        return line.add(field.value, colours.rose if field.is_fault else colours.ink)

    def _lay_out(self) -> None:
        if self._generation is None or not self.size.width:
            return
        groups = particulars(self._generation, self._twins, self._stories, ascii=self.is_ascii)
        room = self.size.width - MARGIN - 1
        longest = max((cell_len(label) for group in groups for label, _ in group), default=0)
        self._label = max(9, min(longest + 2, int(room * 0.45)))
        room = max(4, room - self._label)
        fields: list[_Field] = []
        for group in groups:
            if fields:
                fields.append(_Field("", ""))
            for label, value in group:
                names = (label, *[""] * MOST_LINES)
                lines = wrap(value, room, MOST_LINES)
                fields += [
                    _Field(name, text, is_fault=label in (ERROR, FAULT, FLAG, GONE))
                    for name, text in zip(names, lines, strict=False)
                ]
        self._fields = fields
        self._top = max(0, min(self._top, len(fields) - self.page))
        self.redraw()
