"""The reckoning of a timeline: cells, the ruler, zoom, what lies over what, and how it is drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.waveform import pack
from rushes.tui import timeline
from rushes.tui.colours import SETS
from rushes.tui.paint import Line
from rushes.tui.piece import Piece
from rushes.tui.piece_drawing import Box, Pens, draw_row
from rushes.tui.timeline import SCALES, View

LOUD = pack([0.2] * 64, [0.6] * 64)


def piece(called: str, start: int, length: int | None, track: int = 0, **more: object) -> Piece:
    made = Piece(called, start, length, track, called, called.title(), f"words of {called}", LOUD)
    return replace(made, **more)  # type: ignore[arg-type]  # its own fields


pieces = st.builds(
    piece,
    st.sampled_from("abcdef"),
    st.integers(0, 400_000),
    st.one_of(st.none(), st.integers(0, 90_000)),
    st.integers(-3, 3),
)
views = st.builds(View, st.sampled_from(SCALES), st.integers(0, 2_000), st.integers(1, 200))


@given(views, pieces)
def test_a_thing_has_the_cells_that_its_time_falls_into(view: View, thing: Piece) -> None:
    first, last = view.cells(thing)
    assert view.time(first) <= thing.start_ms < view.time(first + 1)
    assert last > first
    if thing.length_ms is not None and last - first > 1:
        assert view.time(last) <= thing.start_ms + thing.length_ms < view.time(last + 1)


@given(views, pieces, st.integers(1, 50_000))
def test_what_follows_without_a_gap_begins_where_the_other_ends(
    view: View, thing: Piece, length: int
) -> None:
    first = replace(thing, length_ms=max(view.ms, thing.length_ms or 0))
    second = replace(thing, start_ms=first.end_ms, length_ms=length)
    assert view.cells(first)[1] == view.cells(second)[0]


@given(views, st.lists(pieces, max_size=8), st.integers(0, 7))
def test_every_cell_of_a_track_is_in_one_run(view: View, things: list[Piece], on_top: int) -> None:
    found = timeline.runs(view, things, on_top if on_top < len(things) else None)
    edges = [0, *(run.last for run in found)]
    assert [run.first for run in found] == edges[:-1]
    assert edges[-1] == view.width
    for run in found:
        if run.index is not None:
            first, last = view.cells(things[run.index])
            assert first <= run.first < run.last <= last


def test_of_what_overlaps_the_later_is_seen_and_the_chosen_one_before_all() -> None:
    view = View(100, 0, 30)
    things = [piece("a", 0, 2_000), piece("b", 1_000, 2_000)]
    assert [(run.index, run.first, run.last) for run in timeline.runs(view, things)] == [
        (0, 0, 10),
        (1, 10, 30),
    ]
    chosen = timeline.runs(view, things, on_top=0)
    assert [(run.index, run.first, run.last) for run in chosen] == [(0, 0, 20), (1, 20, 30)]


@given(views, st.lists(pieces, min_size=2, max_size=8))
def test_what_differs_when_another_is_on_top_is_what_another_covers(
    view: View, things: list[Piece]
) -> None:
    before, after = (timeline.runs(view, things, on_top) for on_top in (0, 1))

    def cells(found: tuple[timeline.Run, ...]) -> list[int | None]:
        return [run.index for run in found for _ in range(run.first, run.last)]

    different = {
        cell
        for cell, (one, other) in enumerate(zip(cells(before), cells(after), strict=True))
        if one != other
    }
    told = [set(range(first, last)) for first, last in timeline.differing(before, after)]
    assert set().union(*told) == different
    assert sum(len(cells_) for cells_ in told) == len(different)


@given(st.integers(0, 86_400_000), st.integers(60, 200))
def test_the_whole_story_is_shown_as_fine_as_its_width_allows(length: int, width: int) -> None:
    view = timeline.fitting(length, width)
    assert view.first == 0
    assert length <= view.ms * width
    finer = SCALES.index(view.ms) - 1
    assert finer < 0 or length > SCALES[finer] * (width - 1)
    assert timeline.at_first(length, width).ms <= timeline.COARSEST_AT_FIRST


@given(views, st.integers(-5, 5), st.integers(0, 2_000_000))
def test_zooming_keeps_what_it_is_about_in_sight(view: View, by: int, keep: int) -> None:
    seen = timeline.zoomed(view, by, keep)
    assert 0 <= seen.cell(keep) < seen.width
    if view.cell(keep) in range(view.width) and seen.first > 0:
        assert seen.cell(keep) == view.cell(keep)
    assert SCALES.index(seen.ms) - SCALES.index(view.ms) in (-by, 0, *range(-abs(by), abs(by)))


@given(views, pieces)
def test_a_chosen_thing_comes_into_sight_and_what_is_in_sight_stays(
    view: View, thing: Piece
) -> None:
    seen = timeline.showing(view, thing)
    first, last = seen.cells(thing)
    assert seen.first >= 0
    assert last > 0
    assert first < seen.width
    if first >= 0 and last <= seen.width:
        assert timeline.showing(seen, thing) == seen


@given(views, st.integers(0, 3_000_000))
def test_a_page_is_turned_only_for_what_is_out_of_sight(view: View, at: int) -> None:
    seen = timeline.paged(view, at)
    assert 0 <= seen.cell(at) < seen.width
    if 0 <= view.cell(at) < view.width:
        assert seen == view


@given(views)
def test_the_ruler_is_as_wide_as_the_view_and_its_labels_are_true(view: View) -> None:
    line = timeline.ruler(view)
    assert len(line) == view.width
    for cell, letter in enumerate(line):
        label = line[cell + 1 : cell + 10].split(" ")[0].split("·")[0].split("▏")[0]
        if letter == "▏" and cell + 10 < view.width:
            said = 0.0
            for part in label.split(":"):
                said = said * 60 + float(part)
            assert view.time(cell) <= round(said * 1000) < view.time(cell + 1)


def test_the_ruler_as_it_looks() -> None:
    assert timeline.ruler(View(100, 0, 45)) == "▏0:00     ▏0:01     ▏0:02     ▏0:03     ▏0:04"
    assert timeline.ruler(View(70, 0, 24)) == "▏0:00  ·      ▏0:01  ·  "
    assert timeline.ruler(View(20, 0, 24), plain=True) == "|0:00.0   |0:00.2   |0:0"
    assert timeline.ruler(View(60_000, 55, 24)) == "0    ▏1:00:00  ▏1:10:00 "


@pytest.mark.parametrize(
    ("tracks", "room", "expected"),
    [
        (1, 12, (8, 1, 1)),
        (2, 12, (5, 1, 2)),
        (3, 14, (4, 1, 3)),
        (3, 12, (4, 0, 3)),
        (4, 12, (3, 0, 4)),
        (9, 12, (3, 0, 4)),
        (2, 2, (2, 0, 1)),
    ],
)
def test_tracks_share_the_lines(tracks: int, room: int, expected: tuple[int, int, int]) -> None:
    rows = timeline.rows_for(tracks, room, 0)
    assert (rows.height, rows.between, rows.count) == expected


@given(st.integers(1, 40), st.integers(1, 60), st.data())
def test_the_current_track_is_in_sight_and_its_lines_are_its_own(
    tracks: int, room: int, data: st.DataObject
) -> None:
    current = data.draw(st.integers(0, tracks - 1))
    rows = timeline.rows_for(tracks, room, current, data.draw(st.integers(0, tracks - 1)))
    line = rows.line(current)
    assert line is not None
    assert line + rows.height <= max(room, rows.height)
    assert [rows.place(line + row) for row in range(rows.height)] == [
        (current, row) for row in range(rows.height)
    ]


def test_down_and_up_go_to_the_nearest_of_the_next_track() -> None:
    things = [
        piece("a", 0, 1_000, 0),
        piece("b", 0, 500, 2),
        piece("c", 5_000, 1_000, 0),
        piece("d", 4_000, 3_000, 2),
        piece("e", 9_000, 100, -1),
    ]
    assert timeline.beside(things, 0, 1) == 1
    assert timeline.beside(things, 2, 1) == 3
    assert timeline.beside(things, 3, -1) == 2
    assert timeline.beside(things, 2, -1) == 4
    assert timeline.beside(things, 4, -1) == 4


boxes = st.builds(
    lambda width, first, height, text, gap, chosen: Box(
        piece("a", 0, 1_000, text=text, gap=gap, pinned=chosen),
        first,
        first + width,
        first + width + 3,
        height,
        chosen,
    ),
    st.integers(1, 60),
    st.integers(0, 5),
    st.integers(3, 8),
    st.sampled_from(["plain words", "今日はいい天気ですね", "👵🏽 [/x] \x1b[2J", ""]),
    st.sampled_from(["", "gone", "in the trash"]),
    st.booleans(),
)


@given(st.sampled_from(["dark", "light", "terminal"]), st.booleans(), boxes)
def test_every_row_of_a_box_has_exactly_its_cells(theme: str, is_plain: bool, box: Box) -> None:
    width = box.last - box.first
    for row in range(box.height):
        line = draw_row(Line(SETS[theme]), box, row, Pens(SETS[theme], is_plain))
        strip = line.strip(200).crop(0, width)
        assert strip.cell_length == width
        assert not line.strip(200).crop(width, 200).text.strip()
        assert "\x1b" not in strip.text


def rows_of(shown: Piece, width: int, height: int, *, chosen: bool = False) -> list[str]:
    box = Box(shown, 0, width, width, height, chosen)
    pens = Pens(SETS["dark"], plain=True)
    rows = range(height)
    return [draw_row(Line(SETS["dark"]), box, row, pens).strip(width).text for row in rows]


def test_a_box_as_it_looks() -> None:
    anna = piece("anna", 0, 1_000, text="Hello [laughs] and welcome to the show")
    assert rows_of(anna, 24, 4)[0] == "|Anna  Hello [laughs] a…"
    assert rows_of(anna, 12, 4)[0] == "|Hello [lau…"
    assert rows_of(anna, 12, 4, chosen=True)[0].startswith(">")
    tall = rows_of(anna, 16, 7)
    assert tall[:3] == ["|Anna           ", "|Hello [laughs] ", "|and welcome to…"]
    gone = rows_of(piece("x", 0, None, gap="gone", name="", text=""), 9, 3)
    assert gone == ["|gone    ", "|////////", "|////////"]


def test_the_waveform_is_to_one_scale_and_shows_the_volume() -> None:
    loud, soft = piece("a", 0, 1_000), piece("a", 0, 1_000, volume=0.05)
    drawn = ["".join(rows_of(one, 10, 8)[3:]) for one in (loud, soft)]
    assert drawn[0].count("#") > drawn[1].count("#")
    silent = piece("a", 0, 1_000, volume=0.0)
    assert "#" not in "".join(rows_of(silent, 10, 8)[3:])


def test_a_trimmed_box_shows_what_is_left_of_the_clip() -> None:
    half = pack([0.3] * 32 + [0.0] * 32, [0.9] * 32 + [0.0] * 32)
    whole = piece("a", 0, 1_000, waveform=half)
    rest = replace(whole, begins=0.5, ends=1.0)
    assert "#" in rows_of(whole, 20, 4)[2]
    assert "#" not in rows_of(rest, 20, 4)[2]
