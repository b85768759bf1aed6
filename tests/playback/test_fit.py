"""Samples made to fit: sound that fits is left alone, the rest keeps its pitch and its time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.media.decode import Pcm
from rushes.playback.fit import RATES, fit, nearest_rate, resample


@given(rate=st.integers(100, 1_000_000))
def test_the_rate_that_is_chosen_is_known_and_loses_no_treble(rate: int) -> None:
    wanted = nearest_rate(rate)
    assert wanted in RATES
    assert wanted >= min(rate, RATES[-1])
    assert rate not in RATES or wanted == rate


def test_what_fits_is_not_even_copied() -> None:
    pcm = Pcm(np.arange(200, dtype=np.int16).reshape(100, 2), 24_000)
    assert fit(pcm) is pcm


@pytest.mark.parametrize("rate", [7_000, 12_345, 22_000, 37_800, 44_056, 47_999, 250_000])
@pytest.mark.parametrize("part_of_nyquist", [0.01, 0.3, 0.9])
def test_a_tone_keeps_pitch_level_and_time(rate: int, part_of_nyquist: float) -> None:
    wanted = nearest_rate(rate)
    pitch = part_of_nyquist * min(rate, wanted) / 2
    times = np.arange(int(1.7 * rate)) / rate
    tone = np.rint(20_000 * np.sin(2 * np.pi * pitch * times)).astype(np.int16)
    result = resample(tone[:, None], rate, wanted)[:, 0]
    assert abs(len(result) / wanted - len(tone) / rate) <= 1 / wanted
    ideal = 20_000 * np.sin(2 * np.pi * pitch * np.arange(len(result)) / wanted)
    inside = slice(len(result) // 20, -len(result) // 20)
    assert np.abs(result - ideal)[inside].max() < 2  # input and output are rounded: one each


@given(frames=st.integers(1, 3_000), rate=st.integers(100, 250_000), channels=st.integers(1, 9))
def test_any_shape_comes_out_playable(frames: int, rate: int, channels: int) -> None:
    random = np.random.default_rng(frames)
    samples = random.integers(-32768, 32768, (frames, channels), dtype=np.int16)
    fitted = fit(Pcm(samples, rate))
    assert fitted.sample_rate in RATES
    assert fitted.channels == (channels if channels < 3 else 1)
    assert fitted.samples.dtype == np.int16
    assert fitted.samples.flags.c_contiguous
    assert 0 <= fitted.duration - frames / rate <= 1 / fitted.sample_rate


def test_many_channels_are_mixed_by_their_mean() -> None:
    samples = np.array([[32767, 32767, 32767], [-32768, -32768, -32768], [3, 0, 0]], np.int16)
    assert fit(Pcm(samples, 24_000)).samples.tolist() == [[32767], [-32768], [1]]
