"""Two sides that are heard blind: their letters, and nothing by which they could be told apart."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.tui.big_letters import HEIGHT, big
from rushes.tui.widgets.redrawn import Redrawn
from rushes.words.cells import shorten
from rushes.words.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from rushes.tui.candidates import Common
    from rushes.tui.gathered import Progress
    from rushes.tui.paint import Line

_WIDEST = 72
_MOST_TEXT = 3
_BETWEEN = 4
_KEYS = (("A", "side_a", "first_better"), ("B", "side_b", "second_better"))
_SAID = (("hear it", "it is better"), ("hear", "better"), ("", ""))
"""What the keys beneath a box do, in as many words as there is room for."""
_ROUND, _SQUARE = ("╭", "─", "╮", "│", "╰", "╯"), ("+", "-", "+", "|", "+", "+")


class BlindPair(Redrawn):
    """A and B, which of them is heard, what both say, and how far the ranking is."""

    def __init__(self, common: Common) -> None:
        super().__init__(id="pair")
        self._common = common
        self._heard = ""
        self._progress: Progress | None = None
        self._said = ""

    def show(self, heard: str, progress: Progress, said: str = "") -> None:
        """Show which letter is heard, "" for neither, and how far the ranking is.

        ``said`` is what else there is to say of it.
        """
        self._heard, self._progress, self._said = heard, progress, said
        self.redraw()

    def draw(self, y: int) -> Line | None:
        """Draw a line of what stands in the middle."""
        lines = self._lines()
        at = y - max(0, (self.size.height - len(lines)) // 2)
        if not 0 <= at < len(lines):
            return None
        margin = " " * ((self.size.width - self._width) // 2)
        return lines[at](self.line().add(margin))

    @property
    def _width(self) -> int:
        return max(24, min(_WIDEST, self.size.width - 4))

    def _lines(self) -> list[Callable[[Line], Line]]:
        """The lines of the whole, each drawn behind its margin."""
        words = self._words()
        letters = big if len(words) + HEIGHT + 9 <= self.size.height else _small
        shapes = [letters(letter, ascii=self.is_ascii) for letter in "AB"]
        rows = range(-1, len(shapes[0]) + 1)
        boxes = [partial(self._box_row, shapes=shapes, row=row) for row in rows]
        return [*words, _nothing, *boxes, self._hints, _nothing, self._bar, self._count]

    def _words(self) -> list[Callable[[Line], Line]]:
        common, colours = self._common, self.colours
        said: list[Callable[[Line], Line]] = []
        if common.profile:
            name = shorten(common.profile, self._width)
            colour = colours.of_profile(common.profile_id)
            said.append(lambda line: line.add(name, colour, bold=True))
        texts = wrap(common.text, self._width, _MOST_TEXT) if common.text else []
        return [*said, *(partial(_text, text) for text in texts)]

    @property
    def _each(self) -> int:
        return (self._width - _BETWEEN) // 2

    def _box_row(self, line: Line, shapes: list[tuple[str, ...]], row: int) -> Line:
        """Draw a row of both boxes; -1 is the edge above."""
        left_above, across, right_above, down, left_below, right_below = (
            _SQUARE if self.is_ascii else _ROUND
        )
        inner = self._each - 2
        for letter, shape in zip("AB", shapes, strict=True):
            heard = letter == self._heard
            edge = self.colours.amber if heard else self.colours.faint
            ink = self.colours.amber if heard else self.colours.grey
            if letter == "B":
                line.add(" " * _BETWEEN)
            if row == -1:
                mark = f" {'>' if self.is_ascii else '▶'} heard " if heard else ""
                top = across + mark + across * (inner - 1 - cell_len(mark))
                line.add(left_above + top + right_above, edge)
            elif row == len(shape):
                line.add(left_below + across * inner + right_below, edge)
            else:
                line.add(down, edge).add(f"{shape[row]:^{inner}}", ink, bold=heard).add(down, edge)
        return line

    def _hints(self, line: Line) -> Line:
        hear, better = next(said for said in _SAID if len(said[0] + said[1]) + 9 <= self._each)
        for letter, hears, decides in _KEYS:
            if letter == "B":
                line.add(" " * _BETWEEN)
            room = self._each
            for action, words in ((hears, hear), (decides, better)):
                key = self._key(action)
                line.add(f" {key}", self.colours.amber, bold=True)
                line.add(f" {words}  ", self.colours.grey)
                room -= cell_len(key) + len(words) + 4
            line.add(" " * room)
        return line

    def _key(self, action_id: str) -> str:
        named = getattr(self.app, "key", None)
        return str(named(action_id)) if named is not None else ""

    def _bar(self, line: Line) -> Line:
        if self._progress is None:
            return line
        taken, left = self._progress.taken, self._progress.left
        cells = self._width * taken // max(1, taken + left)
        full, rest = ("#", ".") if self.is_ascii else ("━", "─")
        line.add(full * cells, self.colours.teal)
        return line.add(rest * (self._width - cells), self.colours.faint)

    def _count(self, line: Line) -> Line:
        words = self._progress.words if self._progress is not None else ""
        line.add(words, self.colours.grey)
        return line.add(f"   {self._said}" if self._said else "", self.colours.teal)


def _text(text: str, line: Line) -> Line:
    return line.add(text)


def _nothing(line: Line) -> Line:
    return line


def _small(letter: str, *, ascii: bool) -> tuple[str, ...]:  # noqa: A002, ARG001  # as a large one is drawn
    return (letter,)
