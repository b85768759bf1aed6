"""Where things lie on a timeline: times in cells, cells in times. Pure reckoning."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

SCALES = (
    *(5, 7, 10, 15, 20, 30, 40, 50, 75, 100, 120, 150, 200, 300, 400, 500, 750),
    *(1_000, 1_500, 2_000, 3_000, 4_000, 5_000, 7_500, 10_000, 15_000, 20_000, 30_000),
    *(60_000, 120_000, 300_000, 600_000, 1_800_000),
)
"""What a cell may be worth, in milliseconds."""

COARSEST_AT_FIRST = 200
"""Milliseconds of a cell beyond which a story isn't shown whole at first: words need room."""

_LABELS = (
    *(100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000),
    *(60_000, 120_000, 300_000, 600_000, 1_200_000, 1_800_000, 3_600_000),
    *(7_200_000, 10_800_000, 21_600_000),
)
_LEAST_BETWEEN = 10
"""Cells between two labels of the ruler, the longest of which takes eight."""

FINEST_STEP, COARSEST_STEP = 10, 1_000
"""What a key moves or trims by, at least and at most, in milliseconds."""

UNKNOWN = 9
"""Cells of something whose length nobody knows any more."""


class Placed(Protocol):
    """Something with a place in time; ``length_ms`` is None where nobody knows it."""

    @property
    def id(self) -> str:
        """What it is known by."""

    @property
    def start_ms(self) -> int:
        """When it begins."""

    @property
    def length_ms(self) -> int | None:
        """How long it is heard."""

    @property
    def track(self) -> int:
        """Where it lies."""


@dataclass(frozen=True, slots=True)
class View:
    """What is in sight: ``width`` cells, from cell ``first`` of the story on, each ``ms`` long."""

    ms: int
    first: int
    width: int

    def cell(self, at_ms: int) -> int:
        """Give the cell of the view that a time falls into; outside of it there may be none."""
        return at_ms // self.ms - self.first

    def time(self, cell: int) -> int:
        """Give when a cell of the view begins."""
        return (self.first + cell) * self.ms

    def cells(self, thing: Placed) -> tuple[int, int]:
        """Give its first cell and the one behind its last, at least one; perhaps out of view.

        What follows without a gap begins in the very cell in which this one ends.
        """
        first = self.cell(thing.start_ms)
        if thing.length_ms is None:
            return first, first + UNKNOWN
        return first, max(first + 1, self.cell(thing.start_ms + thing.length_ms))

    @property
    def step(self) -> int:
        """What a key moves by, in milliseconds: about a cell."""
        return max(FINEST_STEP, min(self.ms, COARSEST_STEP))


def fitting(length_ms: int, width: int) -> View:
    """Give the finest view that shows all of a story."""
    for ms in SCALES:
        if -(-length_ms // ms) < width:
            return View(ms, 0, width)
    return View(SCALES[-1], 0, width)


def at_first(length_ms: int, width: int) -> View:
    """Give the view that a story is opened with: all of it, but no coarser than words allow."""
    whole = fitting(length_ms, width)
    return replace(whole, ms=min(whole.ms, COARSEST_AT_FIRST))


def zoomed(view: View, by: int, keep_ms: int) -> View:
    """Give the view ``by`` scales finer, coarser by less than none.

    What is at ``keep_ms`` stays where it is on the screen; what isn't in sight comes to the left.
    """
    at = SCALES.index(view.ms) if view.ms in SCALES else 0
    ms = SCALES[max(0, min(len(SCALES) - 1, at - by))]
    place = view.cell(keep_ms)
    place = place if 0 <= place < view.width else view.width // 4
    return replace(view, ms=ms, first=max(0, keep_ms // ms - place))


def showing(view: View, thing: Placed) -> View:
    """Give the view that shows it: the same where all of it is in sight, or it fills the view.

    Of what is longer than the view it does that it begins in the first third.
    """
    first, last = view.cells(thing)
    length = last - first
    begins_in_sight = 0 <= first <= view.width // 3 and length >= view.width
    fills = first <= 0 and last >= view.width
    if fills or begins_in_sight or (first >= 0 and last <= view.width):
        return view
    before = min(max(1, (view.width - length) // 3), view.width - 1)
    return replace(view, first=max(0, view.first + first - before))


def paged(view: View, at_ms: int) -> View:
    """Give the view that shows a moment: the same, or one that begins a little before it."""
    if 0 <= view.cell(at_ms) < view.width:
        return view
    return replace(view, first=max(0, at_ms // view.ms - view.width // 10))


def ruler(view: View, *, plain: bool = False) -> str:
    """Give the ruler's line: a label at every tick, a dot half-way between two of them.

    A dot that would touch a label, as if it were a part of it, is left out.
    """
    step = next((ms for ms in _LABELS if ms >= _LEAST_BETWEEN * view.ms), _LABELS[-1])
    tick, dot = ("|", ".") if plain else ("▏", "·")
    cells = [" "] * view.width
    first = view.time(0) // step * step
    ticks = range(first, view.time(view.width), step)
    written = [(at + step // 2, dot) for at in ticks]
    written += [(at, f"{tick}{_label(at, step)} ") for at in ticks]
    for at, text in written:
        for place, letter in enumerate(text, view.cell(at)):
            if 0 <= place < view.width:
                cells[place] = letter
    return "".join(cells)


def _label(ms: int, step: int) -> str:
    seconds = ms // 1000
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    text = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return f"{text}.{ms // 100 % 10}" if step < 1000 else text


def tracks_of(things: Iterable[Placed]) -> tuple[int, ...]:
    """Give the tracks on which anything lies, from the lowest number on."""
    return tuple(sorted({thing.track for thing in things}))


MOST_BUCKETS = 8_192
"""Parts that a clip is ever read in: at the finest scale those of 20 s."""


def buckets_for(view: View, clip_ms: int, stored: int) -> int:
    """Give in how many parts a clip should be read to be drawn; 0 where those stored do.

    A cell shows two. A power of two: what was read does for the next scales as well.
    """
    wanted = 2 * clip_ms // view.ms
    if wanted <= stored:
        return 0
    return min(MOST_BUCKETS, 1 << (wanted - 1).bit_length())


@dataclass(frozen=True, slots=True)
class Run:
    """Cells ``first`` up to ``last`` of a track's line that show a thing; None: nothing."""

    index: int | None
    first: int
    last: int


def runs(view: View, things: Sequence[Placed], on_top: int | None = None) -> tuple[Run, ...]:
    """Give what each cell of a track shows, from left to right, without a gap between the runs.

    ``things`` are those of the track. Of what overlaps the one that begins later is seen, and the
    one ``on_top`` (its index) before all.
    """
    owner: list[int | None] = [None] * view.width
    order = sorted(range(len(things)), key=lambda at: (at == on_top, things[at].start_ms))
    for index in order:
        first, last = view.cells(things[index])
        for cell in range(max(0, first), min(view.width, last)):
            owner[cell] = index
    found: list[Run] = []
    for cell, owned_by in enumerate(owner):
        if found and found[-1].index == owned_by:
            found[-1] = replace(found[-1], last=cell + 1)
        else:
            found.append(Run(owned_by, cell, cell + 1))
    return tuple(found)


def differing(ones: Sequence[Run], others: Sequence[Run]) -> tuple[tuple[int, int], ...]:
    """Give the stretches of cells that show another thing in one than in the other."""
    edges = sorted({run.first for run in (*ones, *others)})
    end = max((run.last for run in (*ones, *others)), default=0)
    found: list[tuple[int, int]] = []
    for first, last in zip(edges, [*edges[1:], end], strict=True):
        if _at(ones, first) == _at(others, first):
            continue
        if found and found[-1][1] == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return tuple(found)


def _at(found: Sequence[Run], cell: int) -> int | None:
    return next((run.index for run in found if run.first <= cell < run.last), None)


@dataclass(frozen=True, slots=True)
class Rows:
    """How lines are given to tracks: each has ``height`` of them, ``between`` lie two apart.

    ``top`` is the index of the first track in sight, ``count`` how many are in sight.
    """

    height: int
    between: int
    top: int
    count: int

    def place(self, line: int) -> tuple[int, int] | None:
        """Give a line's track (its index) and row within it; None between tracks and below."""
        track, row = divmod(line, self.height + self.between)
        return (self.top + track, row) if track < self.count and row < self.height else None

    def line(self, track: int) -> int | None:
        """Give the first line of a track, by its index; None where it isn't in sight."""
        at = track - self.top
        return at * (self.height + self.between) if 0 <= at < self.count else None


LEAST_HEIGHT = 3
_SHARES = ((8, 1), (7, 1), (6, 1), (5, 1), (4, 1), (4, 0), (LEAST_HEIGHT, 0))
"""Lines of a track and between two, the roomiest first."""


def rows_for(tracks: int, room: int, current: int, top: int = 0) -> Rows:
    """Share ``room`` lines among tracks; those in sight hold the ``current`` one (its index).

    Tracks have 3 to 8 lines each. Where not all of them can be seen, the first in sight stays
    what it is as long as the current one can be seen.
    """
    tracks = max(1, tracks)
    for height, between in _SHARES:
        if tracks * (height + between) - between <= room:
            return Rows(height, between, 0, tracks)
    height = max(1, min(LEAST_HEIGHT, room))
    count = max(1, room // height)
    top = min(max(top, current - count + 1), current)
    return Rows(height, 0, max(0, min(top, tracks - count)), count)


def beside(things: Sequence[Placed], current: int, way: int) -> int:
    """Give the thing on the nearest track below (``way`` 1) or above (-1), nearest in time.

    Where there is no such track it is the current one.
    """
    here = things[current]
    tracks = [track for track in tracks_of(things) if (track - here.track) * way > 0]
    if not tracks:
        return current
    track = min(tracks) if way > 0 else max(tracks)
    on_it = [at for at, thing in enumerate(things) if thing.track == track]
    return min(on_it, key=lambda at: _apart(things[at], here))


def _apart(one: Placed, other: Placed) -> tuple[int, int]:
    """How far two lie apart in time, 0 where they overlap; then how far their beginnings do."""
    ends, other_ends = (thing.start_ms + (thing.length_ms or 0) for thing in (one, other))
    gap = max(0, one.start_ms - other_ends, other.start_ms - ends)
    return gap, abs(one.start_ms - other.start_ms)
