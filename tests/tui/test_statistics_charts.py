"""Bars and columns: their size, their order, and that nothing there is drawn as nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rushes.tui.charts import bar, column, columns

COUNTS = st.integers(0, 10**9)
_LYING = " ▏▎▍▌▋▊▉█"
_STANDING = " ▁▂▃▄▅▆▇█"


def eighths(drawn: str, glyphs: str) -> int:
    """Give how many eighths of cells are filled."""
    return sum(glyphs.index(cell) for cell in drawn)


@given(COUNTS, st.integers(1, 10**9), st.integers(1, 60), st.booleans())
def test_a_bar_never_leaves_its_room_and_shows_whatever_there_is(
    value: int, largest: int, width: int, plain: bool
) -> None:
    drawn = bar(min(value, largest), largest, width, ascii=plain)
    assert len(drawn) <= width
    assert bool(drawn) == bool(value)
    assert drawn.isascii() or not plain


@given(st.lists(COUNTS, max_size=20), st.integers(1, 12), st.booleans())
def test_columns_have_one_scale_and_one_height(values: list[int], height: int, plain: bool) -> None:
    drawn = columns(values, height, ascii=plain)
    assert [len(one) for one in drawn] == [height] * len(values)
    largest = max(values, default=0)
    if largest:
        assert " " not in drawn[values.index(largest)]


@given(COUNTS, COUNTS, st.integers(1, 40))
def test_what_counts_more_is_never_drawn_smaller(one: int, other: int, room: int) -> None:
    small, large = sorted((one, other))
    for draw, glyphs in ((bar, _LYING), (column, _STANDING)):
        sizes = [eighths(draw(value, large, room), glyphs) for value in (small, large)]
        assert sizes == sorted(sizes)


def test_a_bar_is_true_to_an_eighth_of_a_cell() -> None:
    assert bar(1, 2, 10) == "█████"
    assert bar(9, 16, 2) == "█▏"
    assert column(3, 4, 2) == "█▄"
    assert bar(1, 10**6, 10) == "▏"
    assert bar(0, 5, 10) == ""
