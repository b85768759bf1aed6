"""Times and volumes of stories, read and written; parts of waveforms; a story's own waveform."""

from __future__ import annotations

import math
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.amounts import read_ms
from rushes.domain.envelope import Envelope
from rushes.domain.part_of_wave import part_of_wave
from rushes.domain.story_values import exact, in_db, louder, read_volume, seconds
from rushes.domain.waveform import pack, unpack
from rushes.errors import BadInput


@given(st.integers(0, 90_000_000))
def test_times_come_back_as_they_are_written(ms: int) -> None:
    assert read_ms(exact(ms)) == ms
    assert read_ms(seconds(ms)) == ms


@pytest.mark.parametrize(
    ("text", "factor"),
    [("0.5", 0.5), ("50%", 0.5), ("-6.0206 dB", 0.5), ("−6.0206dB", 0.5), ("+6.0206 dB", 2.0),
     ("0 dB", 1.0), ("0", 0.0), ("1", 1.0)],
)  # fmt: skip
def test_volumes_are_read(text: str, factor: float) -> None:
    assert read_volume(text) == pytest.approx(factor, abs=1e-5)


def test_decibels_beyond_all_measure_are_a_number_too() -> None:
    assert read_volume("9999 dB") > 1e6
    assert read_volume("-9999 dB") < 1e-6


@pytest.mark.parametrize("text", ["", "loud", "-0.5", "-50%", "dB", "1.5.2"])
def test_what_is_no_volume_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is no volume"):
        read_volume(text)


@given(st.floats(0.01, 4.0), st.integers(1, 12))
def test_louder_and_softer_again_is_as_loud_as_before(volume: float, by: int) -> None:
    there = louder(volume, by)
    if there < 4.0:
        assert louder(there, -by) == pytest.approx(volume, rel=0.003)
    assert there <= 4.0


def test_steps_of_volume_meet_the_clips_own_level_and_leave_silence() -> None:
    assert louder(louder(louder(1.0, 1), 1), -2) == 1.0
    assert louder(0.0, -1) == 0.0
    assert louder(0.0, 1) == 0.01
    assert in_db(0.0) is None
    assert in_db(0.5) == pytest.approx(-6.02, abs=0.01)


WAVE = pack([at / 100 for at in range(64)], [at / 64 for at in range(64)])


def test_the_whole_of_a_wave_in_its_own_buckets_is_the_wave() -> None:
    part = part_of_wave(WAVE, 0.0, 1.0, 64)
    small = unpack(WAVE)
    assert list(part.maxima[0]) == pytest.approx(small.peak)
    assert list(part.rms[0]) == pytest.approx(small.rms)


@given(st.floats(0, 0.9), st.floats(0.01, 0.1), st.integers(1, 300), st.floats(0, 4))
def test_a_part_never_shows_more_than_the_clip_holds(
    begins: float, length: float, columns: int, gain: float
) -> None:
    part = part_of_wave(WAVE, begins, begins + length, columns, gain=gain)
    assert part.buckets == columns
    most = min(1.0, max(unpack(WAVE).peak) * gain)
    assert all(0 <= value <= most + 1e-6 for value in part.maxima[0])
    assert [-low for low in part.minima[0]] == list(part.maxima[0])


def test_a_finer_envelope_of_the_same_clip_shows_the_same_and_more() -> None:
    fine = Envelope(
        8_000,
        8_000,
        (array("f", [-(at / 256) for at in range(256)]), array("f", [0.0] * 256)),
        (array("f", [0.0] * 256), array("f", [at / 300 for at in range(256)])),
        (array("f", [at / 512 for at in range(256)]), array("f", [0.0] * 256)),
        (bytes(256), bytes(256)),
    )
    part = part_of_wave(fine, 0.5, 1.0, 128)
    assert list(part.maxima[0]) == pytest.approx([at / 256 for at in range(128, 256)])
    assert part_of_wave(fine, 0.0, 1.0, 8).maxima[0][7] == pytest.approx(255 / 256)


def test_a_part_beyond_the_clip_is_silent() -> None:
    assert set(part_of_wave(WAVE, 1.1, 1.6, 10).maxima[0]) == {0.0}
    assert set(part_of_wave(b"", 0.0, 1.0, 10).rms[0]) == {0.0}


@given(st.integers(1, 400))
def test_the_loudness_of_a_part_is_between_that_of_its_buckets(columns: int) -> None:
    part = part_of_wave(WAVE, 0.25, 0.75, columns)
    small = unpack(WAVE).rms
    assert all(small[15] - 1e-6 <= value <= small[48] + 1e-6 for value in part.rms[0])
    assert math.isclose(part.duration, 1.0)
