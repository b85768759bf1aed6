"""What can be done to items, on values: times that hold and times that are refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from rushes.domain import limits, story_editing
from rushes.domain.amounts import read_ms
from rushes.domain.story import SceneItem, StoryItem, frames_to_ms, ms_to_frames
from rushes.errors import BadInput

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def item(start: int = 0, length: int = 1_000, trims: tuple[int, int] = (0, 0)) -> SceneItem:
    """An item whose generation is gone, so that its length is what the row says."""
    held = StoryItem("i", "s", None, None, start, 0, *trims, 1.0, NOW, None, length)
    return SceneItem(held, None, None)


@given(
    start=some.integers(0, 10_000),
    length=some.integers(2, 5_000),
    trims=some.tuples(some.integers(0, 900), some.integers(0, 900)),
    share=some.floats(0, 1),
)
def test_two_halves_play_what_the_whole_did(
    start: int, length: int, trims: tuple[int, int], share: float
) -> None:
    whole = item(start, length + sum(trims), trims)
    at = start + 1 + int(share * (length - 2))
    left, right = (SceneItem(half, None, None) for half in story_editing.split(whole, at, "j", NOW))
    assert (left.start_ms, left.end_ms) == (start, at)
    assert (right.start_ms, right.end_ms) == (at, whole.end_ms)
    # Untrimmed, both would begin where the whole one would: a mix goes through the cut.
    assert right.start_ms - right.item.trim_start_ms == start - trims[0]
    assert (left.id, right.id) == ("i", "j")
    for outside in (start, whole.end_ms):
        with pytest.raises(BadInput, match="can't be split there"):
            story_editing.split(whole, outside, "j", NOW)


@given(some.lists(some.tuples(some.integers(0, 500), some.integers(0, 300)), max_size=6))
def test_a_ripple_leaves_no_hole_and_no_overlap(told: list[tuple[int, int]]) -> None:
    items = sorted((item(*one) for one in told), key=lambda one: one.start_ms)
    items = [replace(one, item=replace(one.item, id=str(n))) for n, one in enumerate(items)]
    moved = [SceneItem(one, None, None) for one in story_editing.rippled(items, 40)]
    assert [one.id for one in moved] == [one.id for one in items]
    assert [one.start_ms for one in moved[:1]] == [one.start_ms for one in items[:1]]
    assert all(b.start_ms - a.end_ms == 40 for a, b in pairwise(moved))


@pytest.mark.parametrize(
    ("start", "end"), [(-1, 0), (0, -1), (1_000, 0), (600, 400), (True, 0), (0.5, 0)]
)
def test_trims_that_leave_nothing_or_are_none_are_refused(start: int, end: int) -> None:
    with pytest.raises(BadInput):
        story_editing.trimmed(item(), start, end)


@pytest.mark.parametrize("factor", [-0.1, 4.01, float("nan"), float("inf"), True, "1"])
def test_volumes_beyond_their_limits_are_refused(factor: float) -> None:
    with pytest.raises(BadInput, match="volume"):
        story_editing.with_volume(item().item, factor)


@pytest.mark.parametrize(
    ("start", "track"), [(-1, 0), (limits.LONGEST_STORY, 0), (0, 1_000), (0, -1_000)]
)
def test_places_outside_of_a_story_are_refused(start: int, track: int) -> None:
    with pytest.raises(BadInput):
        story_editing.moved(item(), start, track)


@pytest.mark.parametrize("rate", [8_000, 11_025, 24_000, 44_100, 48_000])
def test_milliseconds_and_frames_go_into_each_other(rate: int) -> None:
    for milliseconds in (0, 1, 999, 1_001, 86_400_000):
        assert frames_to_ms(ms_to_frames(milliseconds, rate), rate) == milliseconds
    assert ms_to_frames(-1, rate) == -ms_to_frames(1, rate) or rate % 1_000


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("0", 0),
        ("1.5", 1_500),
        ("1.5s", 1_500),
        ("800ms", 800),
        ("0.5ms", 1),
        ("1:02.5", 62_500),
        ("1:00:00", 3_600_000),
        (" 2 s ", 2_000),
        ("0.0004", 0),
    ],
)
def test_times_are_read(text: str, found: int) -> None:
    assert read_ms(text) == found


@pytest.mark.parametrize("text", ["", "-1", "1:", "1:2ms", "x", "1e3", "1,5", "١"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="no time"):
        read_ms(text)
