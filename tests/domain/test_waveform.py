from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.waveform import (
    ASCII_BLOCKS,
    ASCII_SILENCE,
    BLOCKS,
    BUCKETS,
    SILENCE,
    pack,
    sparkline,
    unpack,
)

amplitudes = st.lists(st.floats(0, 1), min_size=BUCKETS, max_size=BUCKETS)
widths = st.integers(0, 300)


def flat(amplitude: float) -> bytes:
    return pack([amplitude] * BUCKETS, [amplitude] * BUCKETS)


def heights(line: str) -> list[int]:
    return [(SILENCE + BLOCKS).index(cell) for cell in line]


@given(rms=amplitudes, peak=amplitudes)
def test_packing_keeps_quiet_parts_apart(rms: list[float], peak: list[float]) -> None:
    packed = pack(rms, peak)
    assert len(packed) == 128
    read = unpack(packed)
    for before, after in zip(rms + peak, read.rms + read.peak, strict=True):
        assert math.sqrt(after) == pytest.approx(math.sqrt(before), abs=0.5 / 255 + 1e-9)
    assert pack(read.rms, read.peak) == packed


def test_what_exceeds_full_scale_or_is_no_number_is_packed_all_the_same() -> None:
    odd = [7.0, math.inf, math.nan, -math.inf, -1.0] + [0.0] * (BUCKETS - 5)
    assert unpack(pack(odd, odd)).peak[:5] == (1.0, 1.0, 0.0, 0.0, 0.0)
    with pytest.raises(ValueError, match="64"):
        pack([1.0], [1.0])


@given(waveform=st.binary(max_size=200), width=widths, ascii=st.booleans())
def test_any_bytes_make_a_row_of_exactly_the_width(
    waveform: bytes,
    width: int,
    ascii: bool,  # noqa: A002
) -> None:
    line = sparkline(waveform, width, ascii=ascii)
    assert len(line) == width
    assert set(line) <= set(ASCII_SILENCE + ASCII_BLOCKS if ascii else SILENCE + BLOCKS)
    assert line.isascii() or not ascii
    assert len(unpack(waveform).rms) == BUCKETS


@given(rms=amplitudes, gain=st.floats(0, 1), width=widths)
def test_turning_a_clip_down_raises_no_cell(rms: list[float], gain: float, width: int) -> None:
    loud = sparkline(pack(rms, rms), width)
    quiet = sparkline(pack([gain * value for value in rms], rms), width)
    assert all(a <= b for a, b in zip(heights(quiet), heights(loud), strict=True))


@given(amplitude=st.floats(0, 1), width=st.integers(1, 300))
def test_a_steady_sound_is_a_level_row_at_any_width(amplitude: float, width: int) -> None:
    assert len(set(sparkline(flat(amplitude), width))) == 1


def test_the_scale_is_fixed_with_full_scale_at_the_top() -> None:
    levels = [heights(sparkline(flat(rms), 3))[0] for rms in (0, 0.01, 0.03, 0.1, 0.2, 0.35, 0.71)]
    assert levels[0] == 0
    assert levels[1] == 1
    assert levels[-1] == len(BLOCKS)
    assert levels == sorted(set(levels))


@pytest.mark.parametrize("width", [16, 20, 24, 48, 64, 100])
def test_syllables_stand_apart(width: int) -> None:
    syllables = ([0.2] * 4 + [0.02] * 4) * 8
    row = heights(sparkline(pack(syllables, syllables), width))
    assert max(row) - min(row) >= 2
    assert sum(a < b for a, b in pairwise(row)) >= 6


def test_a_cell_shows_the_loudness_of_all_it_covers() -> None:
    # Half of a cell at RMS 0.4: a mean square of 0.08, RMS 0.283, height (0.566)^0.7 * 8 = 5.4.
    halves = [0.4, 0.4, 0.0, 0.0] * 16
    assert set(heights(sparkline(pack(halves, halves), 16))) == {6}


def test_between_buckets_a_wide_row_is_interpolated() -> None:
    step = [0.0] * 32 + [0.7] * 32
    row = heights(sparkline(pack(step, step), 256))
    assert row == sorted(row)
    assert len(set(row)) >= 3
