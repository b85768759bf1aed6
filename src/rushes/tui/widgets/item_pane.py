"""All there is to say of the item under the cursor of a story's timeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.domain.story import Presence
from rushes.domain.story_values import exact
from rushes.tui import story_words
from rushes.tui.widgets.redrawn import Redrawn
from rushes.words.cells import fit, shorten
from rushes.words.wrap import wrap

if TYPE_CHECKING:
    from rushes.domain.story import SceneItem
    from rushes.tui.paint import Line

_LABEL = 9
_VALUES = 44
"""Cells of the labels and values at the right."""

_BESIDE = 72
"""Cells from which on they stand beside the words, and not beneath."""


class ItemPane(Redrawn):
    """Whose words, the words, and the values beside them."""

    def __init__(self) -> None:
        super().__init__(id="item")
        self._shown: SceneItem | None = None
        self._place = ""
        self._text: list[str] = []
        self._reasons = 0

    def show(self, shown: SceneItem | None, place: str = "") -> None:
        """Show another item; ``place`` says which of how many it is."""
        if (shown, place) != (self._shown, self._place):
            self._shown, self._place = shown, place
            self._lay_out()

    def on_resize(self) -> None:
        """Break the words anew."""
        self._lay_out()

    def _lay_out(self) -> None:
        self._text, self._reasons = [], 0
        if self._shown is not None and self.size.width:
            said = story_words.why_silent(self._shown)
            text = self._shown.text.strip() or story_words.piece_of(self._shown).text
            room = self.size.height - 1 - (0 if self._is_beside else len(self._values()))
            lines = wrap(said, self._room, 2) if said else []
            self._reasons, left = len(lines), max(0, room - len(lines))
            self._text = [*lines, *(wrap(text, self._room, left) if left else [])]
        self.redraw()

    @property
    def _is_beside(self) -> bool:
        return self.size.width >= _BESIDE

    @property
    def _room(self) -> int:
        """Cells for the words."""
        width = self.size.width - 4
        return max(8, width - _VALUES - 2 if self._is_beside else width)

    def _values(self) -> list[tuple[str, str]]:
        shown = self._shown
        if shown is None:
            return []
        return [
            ("starts", f"{exact(shown.start_ms)}, ends {exact(shown.end_ms)}"),
            ("length", story_words.length_words(shown)),
            ("trimmed", story_words.trim_words(shown)),
            ("volume", story_words.volume_words(shown.item.volume)),
            ("version", story_words.version_words(shown)),
        ]

    def draw(self, y: int) -> Line | None:
        """Draw the heading, or a line of the words with a value beside it."""
        shown = self._shown
        if shown is None:
            return None
        if y == 0:
            return self._heading(shown)
        at = y - 1
        if not self._is_beside:
            values = self._values()
            return (
                self._value(self.line().add("  "), at)
                if at < len(values)
                else (self._words(at - len(values), shown))
            )
        line = self._words(at, shown)
        return self._value(line, at)

    def _heading(self, shown: SceneItem) -> Line:
        colours = self.colours
        line = self.line().add("  ")
        if shown.generation is None:
            name, colour = "nobody's any more", colours.grey
        else:
            name, colour = shown.profile_name, colours.of_profile(shown.generation.profile_id)
        name = shorten(name, self._room)
        line.add(name, colour, bold=True)
        gap = story_words.GAPS.get(shown.presence, "")
        said = f"  a gap: {gap}" if gap else ""
        line.add(said, colours.rose)
        place = f"track {shown.item.track}   {self._place}"
        used = 2 + cell_len(name) + cell_len(said)
        before = self.size.width - _VALUES - 2 if self._is_beside else used + 3
        line.add(" " * max(3, before - used))
        return line.add(shorten(place, max(0, self.size.width - before - 2)), colours.grey)

    def _words(self, at: int, shown: SceneItem) -> Line:
        colours = self.colours
        text = self._text[at] if 0 <= at < len(self._text) else ""
        colour = colours.ink if shown.presence is Presence.THERE else colours.grey
        if at < self._reasons:
            colour = colours.rose
        return self.line().add("  ").add(fit(text, self._room), colour)

    def _value(self, line: Line, at: int) -> Line:
        values, colours = self._values(), self.colours
        if not 0 <= at < len(values):
            return line
        label, value = values[at]
        if self._is_beside:
            line.add("  ")
        line.add(f"{label:<{_LABEL}}", colours.grey)
        return line.add(shorten(value, _VALUES - _LABEL))
