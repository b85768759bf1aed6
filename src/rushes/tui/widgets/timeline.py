"""A story's timeline: a ruler, tracks beneath each other, boxes for items, a playhead."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip

from rushes.tui import timeline
from rushes.tui.paint import brush
from rushes.tui.piece_drawing import Box, Pens, draw_row, heads_of
from rushes.tui.timeline import Rows, Run, View
from rushes.tui.widgets.redrawn import Redrawn
from rushes.words.cells import right, shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual import events

    from rushes.tui.paint import Line
    from rushes.tui.piece import Piece

GUTTER = 5
"""Cells at the left, for the numbers of the tracks."""

RULER = 1
"""Lines above the tracks."""

SCROLLED = 6
"""Cells that the wheel moves by."""


class Timeline(Redrawn):
    """Shows pieces; which one is chosen and what is in sight is for its screen to say."""

    @dataclass
    class Clicked(Message):
        """A piece was clicked; ``again`` where it had been chosen before."""

        id: str
        again: bool

    def __init__(self) -> None:
        super().__init__(id="timeline")
        self._pieces: tuple[Piece, ...] = ()
        self._tracks: tuple[int, ...] = ()
        self._on: dict[int, tuple[Piece, ...]] = {}
        self._length = 0
        self._chosen = ""
        self._said: Sequence[str] = ()
        self._at: int | None = None
        self._rows = Rows(1, 0, 0, 0)
        self._runs_of: tuple[View, str] | None = None
        self._known_runs: dict[int, tuple[Run, ...]] = {}
        self.view: View | None = None

    # What is shown

    @property
    def chosen_id(self) -> str:
        """The id of the piece that is chosen; empty where there is none."""
        return self._chosen

    @property
    def chosen(self) -> Piece | None:
        """The piece that is chosen."""
        return self._piece(self._chosen)

    def _piece(self, piece_id: str) -> Piece | None:
        return next((piece for piece in self._pieces if piece.id == piece_id), None)

    def show(
        self, pieces: Sequence[Piece], length_ms: int, chosen: str, said: Sequence[str]
    ) -> None:
        """Show other pieces, or the same as they are now; ``said`` stands where there are none.

        The chosen one is brought in sight, unless it is where it was: one may look elsewhere.
        """
        before = self.chosen
        self._pieces, self._length, self._said = tuple(pieces), length_ms, said
        self._tracks = timeline.tracks_of(pieces)
        self._on = {
            track: tuple(piece for piece in pieces if piece.track == track)
            for track in self._tracks
        }
        self._chosen, self._runs_of = chosen, None
        self._lay_out(follow=_place(before) != _place(self.chosen))
        self.redraw()

    def choose(self, piece_id: str) -> None:
        """Let another piece be the chosen one, and bring it in sight."""
        before, after = self.chosen, self._piece(piece_id)
        tracks = {piece.track for piece in (before, after) if piece is not None}
        laid_out, shown = (self.view, self._rows), {track: self._runs(track) for track in tracks}
        self._chosen = piece_id
        self._lay_out()
        if laid_out != (self.view, self._rows):
            self.redraw()
            return
        uncovered = [region for track in tracks for region in self._uncovered(track, shown[track])]
        self.refresh(*self._marks(before), *self._marks(after), *uncovered)

    def playhead(self, at_ms: int | None) -> None:
        """Put the playhead at a time, or take it away; repaints nothing but its own cells."""
        old, self._at = self._cell(), at_ms
        new = self._cell()
        if old == new:
            return
        cells = sorted(GUTTER + cell for cell in (old, new) if cell is not None)
        if not cells:
            return
        height = self.size.height
        if cells[-1] - cells[0] <= 1:
            self.refresh(Region(cells[0], 0, cells[-1] - cells[0] + 1, height))
        else:
            self.refresh(*(Region(cell, 0, 1, height) for cell in cells))

    def follow(self, at_ms: int) -> None:
        """Turn the page where a moment is out of sight."""
        self._look(None if self.view is None else timeline.paged(self.view, at_ms))

    def zoom(self, by: int, keep_ms: int) -> None:
        """Show it ``by`` scales finer; what is at ``keep_ms`` stays where it is."""
        self._look(None if self.view is None else timeline.zoomed(self.view, by, keep_ms))

    def whole(self) -> None:
        """Show all of the story."""
        self._look(timeline.fitting(self._length, self._width))

    def page(self, by: int) -> None:
        """Show what lies a page later, or earlier by less than none."""
        self._scroll(by * (self._width * 3 // 4))

    def _scroll(self, cells: int) -> None:
        if self.view is not None:
            first = self.view.first + cells
            last = max(0, self._length // self.view.ms - self._width // 4)
            self._look(replace(self.view, first=max(0, min(first, last))))

    def is_in_sight(self, at_ms: int) -> bool:
        """Tell whether a moment is on the screen."""
        view = self.view
        return view is not None and 0 <= view.cell(at_ms) < view.width

    def _look(self, view: View | None) -> None:
        if view is not None and view != self.view:
            self.view = view
            self.redraw()

    @property
    def _width(self) -> int:
        return max(1, self.size.width - GUTTER - 1)

    def _lay_out(self, *, follow: bool = True) -> None:
        """Give the tracks their lines, and bring the chosen piece in sight."""
        if not self.size.width:
            return
        if self.view is None and self._pieces:
            self.view = timeline.at_first(self._length, self._width)
        chosen = self.chosen
        track = self._tracks.index(chosen.track) if chosen is not None else 0
        room = self.size.height - RULER
        self._rows = timeline.rows_for(len(self._tracks), room, track, self._rows.top)
        if self.view is not None:
            self.view = replace(self.view, width=self._width)
            if chosen is not None and follow:
                self.view = timeline.showing(self.view, chosen)

    def on_resize(self) -> None:
        """Lay it out anew."""
        self._lay_out()
        self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Look a little further on."""
        event.stop()
        self._scroll(SCROLLED)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Look a little back."""
        event.stop()
        self._scroll(-SCROLLED)

    def on_click(self, event: events.Click) -> None:
        """Say which piece was clicked."""
        place = self._rows.place(event.y - RULER)
        if place is None or self.view is None or place[0] >= len(self._tracks):
            return
        track = self._tracks[place[0]]
        on_it = self._on[track]
        for run in self._runs(track):
            if run.index is not None and run.first <= event.x - GUTTER < run.last:
                piece = on_it[run.index]
                self.post_message(self.Clicked(piece.id, again=piece.id == self._chosen))

    # Drawing

    def _cell(self) -> int | None:
        if self._at is None or self.view is None:
            return None
        cell = self.view.cell(self._at)
        return cell if 0 <= cell < self.view.width else None

    def _runs(self, track: int) -> tuple[Run, ...]:
        """Give what each cell of a track shows: the chosen one before all that it overlaps."""
        if self.view is None:
            return ()
        drawn_as = (self.view, self._chosen)
        if self._runs_of != drawn_as:
            self._runs_of, self._known_runs = drawn_as, {}
        if track not in self._known_runs:
            on_it = self._on[track]
            top = next((at for at, piece in enumerate(on_it) if piece.id == self._chosen), None)
            self._known_runs[track] = timeline.runs(self.view, on_it, top)
        return self._known_runs[track]

    def _marks(self, piece: Piece | None) -> list[Region]:
        """What looks different when it is chosen: its first row, its edge, its track's number."""
        line = None if piece is None else self._rows.line(self._tracks.index(piece.track))
        if piece is None or line is None or self.view is None:
            return []
        first, last = self.view.cells(piece)
        left, right_ = max(0, first), min(self.view.width, last)
        if right_ <= left:
            return []
        top = RULER + line
        number, words = Region(0, top, GUTTER - 1, 1), Region(GUTTER + left, top, right_ - left, 1)
        marked = heads_of(self._rows.height)
        edge = [Region(GUTTER + first, top, 1, marked)] if first == left else []
        return [number, words, *edge]

    def _uncovered(self, track: int, before: tuple[Run, ...]) -> list[Region]:
        """What shows another piece than before, as another one lies on top."""
        line = self._rows.line(self._tracks.index(track))
        if line is None:
            return []
        return [
            Region(GUTTER + first, RULER + line, last - first, self._rows.height)
            for first, last in timeline.differing(before, self._runs(track))
        ]

    def strip_of(self, y: int) -> Strip:
        """Draw line ``y``, with the playhead over it."""
        return self._with_playhead(super().strip_of(y), y)

    def draw(self, y: int) -> Line | None:
        """Draw the ruler or a line of a track."""
        if not self._pieces or self.view is None:
            at = y - max(1, self.size.height // 3)
            if not 0 <= at < len(self._said):
                return None
            colour = self.colours.ink if at == 0 else self.colours.grey
            return self.line().add("   " + shorten(self._said[at], self.size.width - 4), colour)
        if y == 0:
            text = timeline.ruler(self.view, plain=self.is_ascii)
            return self.line().add(" " * GUTTER + text, self.colours.grey)
        place = self._rows.place(y - RULER)
        if place is None or place[0] >= len(self._tracks):
            return None
        return self._track_line(self._tracks[place[0]], place[1], self.view)

    @property
    def _pens(self) -> Pens:
        has_tints = self.app.console.color_system == "truecolor"
        return Pens(self.colours, self.is_ascii, has_tints)

    def _track_line(self, track: int, row: int, view: View) -> Line:
        colours, line, chosen = self.colours, self.line(), self.chosen
        here = chosen is not None and chosen.track == track
        number = right(str(track), GUTTER - 2) if row == 0 else " " * (GUTTER - 2)
        line.add(f"{number}  ", colours.amber if here else colours.grey, bold=here)
        on_it, pens = self._on[track], self._pens
        for run in self._runs(track):
            if run.index is None:
                line.add(" " * (run.last - run.first))
                continue
            piece = on_it[run.index]
            first, last = view.cells(piece)
            box = Box(
                piece,
                run.first - first,
                run.last - first,
                last - first,
                self._rows.height,
                piece.id == self._chosen,
            )
            draw_row(line, box, row, pens)
        return line

    def _with_playhead(self, strip: Strip, y: int) -> Strip:
        cell = self._cell()
        if cell is None or not self._pieces:
            return strip
        at = GUTTER + cell
        under = strip.crop(at, at + 1)
        back = next((one.style.bgcolor for one in under if one.style is not None), None)
        glyph = ("v" if self.is_ascii else "▼") if y == 0 else "|" if self.is_ascii else "│"
        ink = self.colours.amber if y == 0 else self.colours.ink
        ground = self.ground if back is None or back.is_default else back.name
        head = Strip([Segment(glyph, brush(ink, ground, bold=True))])
        return Strip.join([strip.crop(0, at), head, strip.crop(at + 1)])


def _place(piece: Piece | None) -> tuple[object, ...]:
    return () if piece is None else (piece.id, piece.start_ms, piece.length_ms, piece.track)
