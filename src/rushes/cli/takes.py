"""Generations drawn as the lines of a list, in columns that stay straight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rushes.domain.generation import Generation, Status
from rushes.domain.ids import SHORT
from rushes.domain.waveform import sparkline
from rushes.domain.wordless import in_place_of_text
from rushes.words.cells import fit, right, shorten
from rushes.words.when import length

SHORT_ID = SHORT
"""Characters of an id in a list: enough to name one of many thousands."""

_DIM, _RED, _YELLOW, _BLUE = "2", "31", "33", "34"
_WIDEST_PROFILE, _NARROW_PROFILE = 14, 9
_WIDE, _NARROW = 100, 80
_PLAIN = {ord("…"): "~", ord("–"): "-"}


@dataclass(frozen=True, slots=True)
class Drawing:
    """How lines are drawn: columns there are, plain characters or not, coloured or not."""

    width: int
    ascii: bool = False
    colour: bool = False

    def paint(self, text: str, code: str) -> str:
        """Give the text in a colour of the terminal's own, where colours are wanted."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text.strip() else text


def lines(
    generations: Sequence[Generation], drawing: Drawing, takes: Sequence[int] = ()
) -> list[str]:
    """Draw a line for each: id, date, profile, waveform or state, length, marks, text.

    Where it is told for how many ``takes`` each stands, that stands behind the marks.
    """
    most = _WIDEST_PROFILE if drawing.width >= _WIDE else _NARROW_PROFILE
    profile = min(most, max((_cells(row) for row in generations), default=0))
    wave = 12 if drawing.width >= _NARROW else 8
    columns = [[_marks(row, drawing) for row in generations], [_fold(n, drawing) for n in takes]]
    beside = [_straight(column) for column in columns if any(column)]
    return [
        _line(row, drawing, profile, wave, [column[number] for column in beside])
        for number, row in enumerate(generations)
    ]


def _straight(column: Sequence[str]) -> list[str]:
    widest = max(map(len, column))
    return [f"{cell:<{widest}}" for cell in column]


def _line(row: Generation, drawing: Drawing, profile: int, wave: int, beside: Sequence[str]) -> str:
    date = f"{row.created_at.astimezone():%Y-%m-%d %H:%M}"
    if drawing.width < _NARROW:
        date = date[5:10]
    cells = [
        (row.id[:SHORT_ID], SHORT_ID, _DIM),
        (date, len(date), _DIM),
        (fit(profile_of(row), profile), profile, ""),
        (fit(waveform_of(row, wave, drawing), wave), wave, _BLUE if row.facts else _RED),
        (right(length(row.duration), 6), 6, ""),
    ]
    cells += [(cell, len(cell), _YELLOW) for cell in beside]
    room = drawing.width - sum(width + 2 for _, width, _ in cells)
    said = row.error if row.status is Status.FAILED and row.error else row.text
    said = said if said.strip() else in_place_of_text(row)
    before = "  ".join(drawing.paint(cell, code) if code else cell for cell, _, code in cells)
    line = f"{before}  {shorten(said[: 4 * room], room)}".rstrip()
    return line.translate(_PLAIN) if drawing.ascii else line


def profile_of(row: Generation) -> str:
    """Give the name of its profile as people know it."""
    return "no profile" if row.profile_missing else row.profile_name


def waveform_of(row: Generation, width: int, drawing: Drawing) -> str:
    """Give its waveform in cells, or in a word why there is none."""
    if row.status.is_running:
        return "running"
    if row.facts is None:
        return "failed" if row.status is Status.FAILED else "no audio"
    return sparkline(row.facts.waveform, width, ascii=drawing.ascii)


def _marks(row: Generation, drawing: Drawing) -> str:
    star = "*" if drawing.ascii else "★"
    favorite = "fav" if row.is_favorited else "   "
    marks = f"{favorite} {row.rating}{star}" if row.rating else favorite.rstrip()
    return f"{marks:<6} {'?' if drawing.ascii else '⚑'}" if row.flags else marks


def _fold(takes: int, drawing: Drawing) -> str:
    return f"{'x' if drawing.ascii else '×'}{takes}" if takes > 1 else ""


def _cells(row: Generation) -> int:
    from rich.cells import cell_len

    from rushes.domain.text import steady

    return cell_len(steady(profile_of(row)[: 2 * _WIDEST_PROFILE]))
