"""Where the groups of the statistics stand, and how a line of each is drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.segment import Segment

from rushes.domain.text import steady
from rushes.tui.charts import bar as lying
from rushes.tui.charts import columns as standing
from rushes.tui.paint import Line, brush
from rushes.words.cells import fit, right, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.tui.colours import Colours
    from rushes.tui.shares import Bar, Group

SIDE_BY_SIDE = 68
"""Cells from which on groups stand side by side."""

BETWEEN = 3
"""Cells between two that stand side by side."""

_LEAST_BAR = 10
_WIDEST_STEP = 4
_LONGEST_LABEL = 24
_GAP = 2


@dataclass(frozen=True, slots=True)
class Measures:
    """Widths of a list of bars in cells; 0 leaves a column out."""

    label: int
    bar: int
    count: int
    length: int
    size: int

    def untold(self, bar: Bar) -> str:
        """Give what a line of these widths has no room for: a long name, the length, the size."""
        is_cut = cell_len(steady(bar.label[:99])) > self.label
        parts = (
            shorten(bar.label, 40) if is_cut else "",
            bar.length if not self.length else "",
            bar.size if not self.size else "",
        )
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Placed:
    """A group and its place on the board, in cells; ``index`` is its number among the groups.

    Of a plot ``first`` is the first bar that is shown and ``step`` the cells for each.
    """

    index: int
    group: Group
    x: int
    y: int
    width: int
    height: int
    measures: Measures = Measures(0, 0, 0, 0, 0)
    first: int = 0
    step: int = 1

    @property
    def plot_rows(self) -> int:
        """Rows of the plot between its heading and its axis."""
        return self.height - 2

    def bar_at(self, x: int, y: int) -> int | None:
        """Give which bar is drawn at a cell of the group's own."""
        if not (1 <= x < self.width and 1 <= y < self.height):
            return None
        index = self.first + (x - 1) // self.step if self.group.standing else y - 1
        return index if index < len(self.group.bars) else None


@dataclass(frozen=True, slots=True)
class Canvas:
    """What the groups are drawn with, and on which bar the cursor stands."""

    colours: Colours
    ascii: bool
    cursor: tuple[int, int]


def place(groups: Sequence[Group], width: int, screen_height: int) -> tuple[Placed, ...]:
    """Give every group its place on a board of ``width`` cells.

    Two columns where there is room: plots above, the first list of bars on the left, the others
    on the right. Else one below the other.
    """
    plots = [(index, group) for index, group in enumerate(groups) if group.standing]
    lists = [(index, group) for index, group in enumerate(groups) if not group.standing]
    rows = max(3, min(10, screen_height // 4)) + 2
    if width < SIDE_BY_SIDE:
        stacked = [_plot(index, group, 0, width, rows) for index, group in plots]
        return _beneath([*stacked, *_lists(lists, 0, width)], 0)
    half = (width - BETWEEN) // 2
    other = half + BETWEEN
    left, right_ = (0, half), (other, width - other)
    sides = (left, right_) if len(plots) > 1 else ((0, width),)
    upper = [
        _plot(index, group, *side, rows) for (index, group), side in zip(plots, sides, strict=False)
    ]
    top = _bottom(upper)
    return (
        *upper,
        *_beneath(_lists(lists[:1], *left), top),
        *_beneath(_lists(lists[1:], *right_), top),
    )


def _beneath(placed: Sequence[Placed], y: int) -> tuple[Placed, ...]:
    """Put them one below the other, beginning at line ``y``."""
    stacked = []
    for one in placed:
        stacked.append(replace(one, y=y))
        y += one.height + 1
    return tuple(stacked)


def _bottom(placed: Sequence[Placed]) -> int:
    """Give the line at which what stands below them begins."""
    return max((one.y + one.height + 1 for one in placed), default=0)


def _plot(index: int, group: Group, x: int, width: int, rows: int) -> Placed:
    """A plot of the last bars that fit, each as wide as there is room for."""
    count = max(1, len(group.bars))
    step = max(1, min(_WIDEST_STEP, (width - 1) // count))
    first = max(0, count - (width - 1) // step)
    return Placed(index, group, x, 0, width, rows, first=first, step=step)


def _lists(lists: Sequence[tuple[int, Group]], x: int, width: int) -> tuple[Placed, ...]:
    """Groups of lying bars in one column, to common measures."""
    measures = _measure([bar for _, group in lists for bar in group.bars], width)
    return tuple(
        Placed(index, group, x, 0, width, 1 + len(group.bars), measures) for index, group in lists
    )


def _measure(bars: Sequence[Bar], width: int) -> Measures:
    """Divide a line: size and length leave where the bar would get too short."""
    if not bars:
        return Measures(0, 0, 0, 0, 0)
    longest = max(min(cell_len(steady(bar.label[:99])), _LONGEST_LABEL) for bar in bars)
    label = min(longest, max(8, width * 3 // 10))
    count = max(len(f"{bar.generations:,}") for bar in bars)
    length = max(len(bar.length) for bar in bars)
    size = max(len(bar.size) for bar in bars)
    room = width - 1 - label - 1 - 1 - count
    bar = room
    kept_length = kept_size = 0
    if length and bar - length - _GAP >= _LEAST_BAR:
        kept_length = length
        bar -= length + _GAP
        if size and bar - size - _GAP >= _LEAST_BAR:
            kept_size = size
            bar -= size + _GAP
    return Measures(label, max(0, bar), count, kept_length, kept_size)


def draw_line(placed: Placed, y: int, canvas: Canvas) -> list[Segment]:
    """Draw line ``y`` of a group (0 is its heading) in exactly its width."""
    if y == 0:
        return _segments(_heading(placed, canvas), placed.width)
    if not placed.group.standing:
        return _segments(_lying(placed, y - 1, canvas), placed.width)
    if y == placed.height - 1:
        return _segments(_axis(placed, canvas), placed.width)
    return _standing(placed, placed.height - 2 - y, canvas)


def _segments(line: Line, width: int) -> list[Segment]:
    return list(line.strip(width))


def _heading(placed: Placed, canvas: Canvas) -> Line:
    """The title, and in words what the cursor's bar counts; else the highest of them."""
    colours, group = canvas.colours, placed.group
    here = canvas.cursor[0] == placed.index
    line = Line(colours).add(" " + group.title, colours.amber if here else colours.grey, bold=here)
    told = ""
    if here:
        bar = group.bars[canvas.cursor[1]]
        told = bar.told if group.standing else placed.measures.untold(bar)
    elif group.standing:
        told = f"up to {group.largest:,}"
    if not told and not group.standing and len(group.bars) > 1:
        told = f"{len(group.bars):,}"
    room = max(0, placed.width - len(group.title) - 4)
    return line.add("   " + shorten(told, room), colours.ink if here else colours.faint)


def _lying(placed: Placed, index: int, canvas: Canvas) -> Line:
    colours, measures, bar = canvas.colours, placed.measures, placed.group.bars[index]
    here = canvas.cursor == (placed.index, index)
    flat = here and colours.raised == colours.ground
    line = Line(colours, colours.raised if here else None, bold=flat)
    line.add(("|" if canvas.ascii else "▌") if here else " ", colours.amber)
    line.add(fit(bar.label, measures.label) + " ", bar.colour)
    cells = lying(bar.generations, placed.group.largest, measures.bar, ascii=canvas.ascii)
    line.add(f"{cells:<{measures.bar}}", bar.colour)
    line.add(f" {bar.generations:>{measures.count},}", colours.ink)
    if measures.length:
        line.add(right(bar.length, measures.length + _GAP), colours.grey)
    if measures.size:
        line.add(right(bar.size, measures.size + _GAP), colours.grey)
    return line


def _standing(placed: Placed, row: int, canvas: Canvas) -> list[Segment]:
    """Row ``row`` of a plot, 0 being the lowest: runs of cells of one colour and ground.

    What is empty is drawn in its neighbour's colour: fewer runs are fewer bytes.
    """
    colours = canvas.colours
    shown = placed.group.bars[placed.first :]
    cells = standing([bar.generations for bar in shown], placed.plot_rows, ascii=canvas.ascii)
    thick = max(1, placed.step - 1)
    drawn = [(" ", shown[0].colour, colours.ground)]
    for offset, (bar, glyphs) in enumerate(zip(shown, cells, strict=True)):
        if canvas.cursor == (placed.index, placed.first + offset):
            drawn.append((glyphs[row] * thick, colours.amber, colours.raised))
        else:
            drawn.append((glyphs[row] * thick, bar.colour, colours.ground))
        drawn.append((" " * (placed.step - thick), bar.colour, colours.ground))
    rest = placed.width - sum(len(text) for text, _, _ in drawn)
    drawn.append((" " * rest, shown[-1].colour, colours.ground))
    return [
        Segment("".join(text for text, _, _ in run), brush(colour, ground))
        for (colour, ground), run in groupby(drawn, key=lambda part: (part[1], part[2]))
    ]


def _axis(placed: Placed, canvas: Canvas) -> Line:
    """Labels beneath the columns where there is room for them, and a mark beneath the cursor's."""
    colours = canvas.colours
    cells = [" "] * placed.width
    for x, label in _labels(placed):
        end = x + len(label)
        if end <= placed.width and not "".join(cells[max(0, x - 1) : end + 1]).strip():
            cells[x:end] = label
    line = Line(colours).add(" ")
    group, index = canvas.cursor
    if group != placed.index:
        return line.add("".join(cells), colours.faint)
    start = (index - placed.first) * placed.step
    end = start + max(1, placed.step - 1)
    mark = "".join(cells[start:end])
    line.add("".join(cells[:start]), colours.faint)
    line.add(mark if mark.strip() else ("^" if canvas.ascii else "▔") * len(mark), colours.amber)
    return line.add("".join(cells[end:]), colours.faint)


def _labels(placed: Placed) -> list[tuple[int, str]]:
    """Labels and where they begin, in the order in which they get their place."""
    bars = placed.group.bars[placed.first :]
    ticks = [(offset * placed.step, bar.tick) for offset, bar in enumerate(bars) if bar.tick]
    if bars[-1].tick:
        return [(0, bars[0].label), *ticks]
    end = (len(bars) - 1) * placed.step + max(1, placed.step - 1)
    return [(0, bars[0].label), (max(0, end - len(bars[-1].label)), bars[-1].label), *ticks]
