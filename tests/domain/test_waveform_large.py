from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.braille import BLANK, CLIP, CORE, EDGE, SILENCE, DrawnRow, braille, plain
from rushes.domain.envelope import Envelope, deck_row


def clip(*channels: list[tuple[float, float, float]], clipped: int | None = None) -> Envelope:
    """An envelope of (minimum, maximum, RMS) for each bucket; one bucket may be clipped."""
    return Envelope(
        sample_rate=24_000,
        frames=24_000,
        minima=tuple(array("f", [bucket[0] for bucket in channel]) for channel in channels),
        maxima=tuple(array("f", [bucket[1] for bucket in channel]) for channel in channels),
        rms=tuple(array("f", [bucket[2] for bucket in channel]) for channel in channels),
        clipped=tuple(
            bytes(int(place == clipped) for place in range(len(channel))) for channel in channels
        ),
    )


def tone(amplitude: float, buckets: int = 40) -> list[tuple[float, float, float]]:
    return [(-amplitude, amplitude, amplitude * 0.7)] * buckets


def dots(rows: tuple[DrawnRow, ...]) -> int:
    return sum((ord(cell) - 0x2800).bit_count() for row in rows for cell in row.text if cell != " ")


any_float = st.floats(width=32)
buckets = st.lists(st.tuples(any_float, any_float, any_float), max_size=50)
sizes = st.integers(-2, 60)


@given(first=buckets, extra=st.integers(0, 3), width=sizes, height=st.integers(-2, 12))
def test_any_envelope_makes_a_drawing_of_exactly_the_size(
    first: list[tuple[float, float, float]], extra: int, width: int, height: int
) -> None:
    envelope = clip(*([first] * (extra + 1)), clipped=0)
    for rows in (braille(envelope, width, height), plain(envelope, width, height)):
        assert len(rows) == max(height, 0)
        for row in rows:
            assert len(row.text) == len(row.kinds) == max(width, 0)
            assert set(row.kinds) <= {BLANK, SILENCE, EDGE, CORE, CLIP}
            assert all((c == " ") == (k == BLANK) for c, k in zip(row.text, row.kinds, strict=True))
    assert len(deck_row(envelope, width)) == max(width, 0)
    assert all(row.text.isascii() for row in plain(envelope, width, height))


@given(amplitude=st.floats(0, 1), gain=st.floats(0, 1), height=st.integers(1, 10))
def test_turning_a_clip_down_lights_no_more_dots(
    amplitude: float, gain: float, height: int
) -> None:
    loud = braille(clip(tone(amplitude)), 20, height)
    quiet = braille(clip(tone(amplitude * gain)), 20, height)
    assert dots(quiet) <= dots(loud)


def test_full_scale_fills_the_height_and_a_quiet_clip_stays_near_the_middle() -> None:
    assert dots(braille(clip(tone(1.0)), 10, 4)) == 10 * 4 * 8
    quiet = braille(clip(tone(0.01)), 10, 4)
    assert [row.kinds.strip() == "" for row in quiet] == [True, False, True, True]
    assert braille(clip(tone(0.0)), 10, 4)[1].kinds == SILENCE * 10


def test_highest_and_lowest_samples_are_drawn_as_they_are() -> None:
    rows = braille(clip([(0.0, 1.0, 0.3)] * 20), 10, 4)
    assert "".join(row.kinds[0] for row in rows[:2]).strip()
    assert rows[2].kinds == rows[3].kinds == BLANK * 10
    # One bucket in a hundred is loud: it may not get lost among the quiet ones.
    spike = tone(0.01, 99) + tone(1.0, 1)
    assert braille(clip(spike), 5, 4)[0].text.strip()


def test_the_rms_core_lies_within_the_outer_envelope() -> None:
    rows = braille(clip([(-1.0, 1.0, 0.2)] * 20), 10, 6)
    assert [row.kinds[0] for row in rows] == [EDGE, EDGE, CORE, CORE, EDGE, EDGE]
    assert [row.kinds[0] for row in plain(clip([(-1.0, 1.0, 0.2)] * 20), 10, 6)] == [
        row.kinds[0] for row in rows
    ]


def test_clipped_parts_are_marked_where_they_touch_the_rim() -> None:
    rows = braille(clip(tone(1.0, 10), clipped=5), 10, 4)
    assert rows[0].kinds.index(CLIP) == rows[3].kinds.index(CLIP) == 5
    assert CLIP not in rows[1].kinds
    assert "!" in plain(clip(tone(1.0, 10), clipped=5), 10, 4)[0].text


def test_two_channels_are_stacked_and_more_are_drawn_together() -> None:
    left_only = braille(clip(tone(1.0), tone(0.0)), 10, 4)
    assert [set(row.kinds) for row in left_only[2:]] == [{SILENCE}, {BLANK}]
    assert dots(left_only[:2]) == 10 * 2 * 8
    six = braille(clip(tone(1.0), *([tone(0.0)] * 5)), 10, 4)
    assert dots(six) == 10 * 4 * 8


def test_two_channels_are_drawn_as_one_where_there_is_no_room_for_both() -> None:
    envelope = clip(tone(0.0), tone(1.0))
    assert [row.kinds for row in plain(envelope, 5, 1)] == [CORE * 5]


@pytest.mark.parametrize("width", [1, 7, 40, 200])
def test_the_deck_row_is_to_the_scale_of_the_small_waveform(width: int) -> None:
    assert deck_row(clip(tone(1.0)), width) == "█" * width
    assert deck_row(clip(tone(0.01)), width) == "▁" * width
    assert deck_row(clip(tone(0.0)), width) == "·" * width
    assert deck_row(clip(), width) == "·" * width
    assert deck_row(clip(tone(1.0), tone(1.0)), width, ascii=True) == "@" * width
