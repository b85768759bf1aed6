"""The line at the top of the detail: whose take it is, how it is liked, and when it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.tui.row import stars
from rushes.tui.widgets.line import OneLine
from rushes.words import when
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from rushes.domain.generation import Generation
    from rushes.playback.state import Route
    from rushes.tui.paint import Line


class TakeTitle(OneLine):
    """One line about one generation."""

    back = "surface"

    def __init__(self) -> None:
        super().__init__(id="title")
        self._generation: Generation | None = None
        self._number: tuple[int, int] = (1, 1)
        self._route: Route | None = None

    def show(self, generation: Generation, number: int = 1, of: int = 1) -> None:
        """Show another generation, the ``number``-th of so many takes of its words."""
        if (generation, (number, of)) != (self._generation, self._number):
            self._generation, self._number = generation, (number, of)
            self.refresh()

    def update(self, generation: Generation) -> None:
        """Show the same generation as it is now."""
        self.show(generation, *self._number)

    def show_route(self, route: Route | None) -> None:
        """Show the way out that the sound takes."""
        if route != self._route:
            self._route = route
            self.refresh()

    def draw_line(self) -> Line:
        """Draw it."""
        colours, generation, width = self.colours, self._generation, self.size.width
        line = self.line().add(" # " if self.is_ascii else " ▚ ", colours.amber, bold=True)
        if generation is None:
            return line
        name = "no profile" if generation.profile_missing else generation.profile_name
        name = shorten(name, 24)
        line.add(name, colours.of_profile(generation.profile_id), bold=True)
        sound = self._sound()
        room = width - 4 - cell_len(name) - cell_len(sound)
        for text, colour in self._said(generation):
            if text and cell_len(text) + 2 <= room:
                line.add(f"  {text}", colour)
                room -= cell_len(text) + 2
        made = when.full(generation.created_at)
        made = made if len(made) + 2 <= room else ""
        line.add(" " * (room - len(made))).add(made, colours.grey)
        heard = self._route is not None and self._route.heard
        return line.add(sound, colours.teal if heard else colours.rose)

    def _sound(self) -> str:
        if self._route is None:
            return ""
        return f"  {'~' if self.is_ascii else '♪'} {shorten(self._route.label, 20)}"

    def _said(self, generation: Generation) -> list[tuple[str, str]]:
        colours = self.colours
        heart = "v" if self.is_ascii else "♥"
        number, of = self._number
        return [
            (heart if generation.is_favorited else "", colours.rose),
            (stars(generation.rating, ascii=self.is_ascii), colours.gold),
            (f"take {number} of {of}" if of > 1 else "", colours.grey),
        ]
