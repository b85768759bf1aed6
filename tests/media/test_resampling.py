"""Resampling against the formula that its docstring gives, worked out sample by sample."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from rushes.media.resampling import BETA, CROSSINGS, PASSED, Resampler

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

PAIRS = (
    (24_000, 48_000),
    (44_100, 48_000),
    (48_000, 22_050),
    (8_000, 8_009),  # weights of a table
    (100_003, 96_001),  # weights that hardly ever come again
)


def by_formula(x: Floats, rate: int, wanted: int) -> Floats:
    narrowed = min(1.0, wanted / rate)
    reach, cutoff = ceil(CROSSINGS / narrowed), PASSED * narrowed
    made = np.zeros((-(-len(x) * wanted // rate), x.shape[1]))
    for n in range(len(made)):
        whole, part = divmod(n * rate, wanted)
        k = np.arange(whole - reach + 1, whole + reach + 1)
        u = part / wanted + whole - k
        h = np.sinc(cutoff * u) * np.i0(BETA * np.sqrt(np.maximum(0, 1 - (u / reach) ** 2)))
        inside = (k >= 0) & (k < len(x))
        made[n] = (h[inside] / h.sum()) @ x[k[inside]]
    return made


def resampled(x: Floats, rate: int, wanted: int, cuts: list[int]) -> Floats:
    resampler = Resampler(rate, wanted, x.shape[1])
    pieces = [resampler.push(piece) for piece in np.split(x, sorted(cuts))]
    return np.concatenate([*pieces, resampler.finish()])


@settings(max_examples=20)
@given(
    pair=some.sampled_from(PAIRS),
    frames=some.integers(1, 400),
    channels=some.integers(1, 2),
    cuts=some.lists(some.integers(0, 400), max_size=6),
    seed=some.integers(0, 99),
)
def test_whatever_the_blocks_it_is_what_the_formula_says(
    pair: tuple[int, int], frames: int, channels: int, cuts: list[int], seed: int
) -> None:
    x = np.random.default_rng(seed).standard_normal((frames, channels))
    expected = by_formula(x, *pair)
    found = resampled(x, *pair, [min(cut, frames) for cut in cuts])
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() < 1e-12


def test_at_an_equal_rate_nothing_changes_and_a_constant_stays_what_it_is() -> None:
    x = np.random.default_rng(1).standard_normal((1_000, 2))
    assert np.array_equal(resampled(x, 24_000, 24_000, [300, 700]), x)
    flat = resampled(np.full((4_000, 1), 0.25), 44_100, 48_000, [])
    assert np.abs(flat[200:-200] - 0.25).max() < 1e-12


@pytest.mark.parametrize(
    ("hertz", "least", "most"), [(1_000, -0.001, 0.001), (10_800, -0.01, 0.01)]
)
def test_tones_within_the_band_keep_their_level_and_bring_no_images(
    hertz: int, least: float, most: float
) -> None:
    tone = np.sin(2 * np.pi * hertz * np.arange(24_000) / 24_000)[:, np.newaxis]
    found = resampled(tone, 24_000, 48_000, [])[4_800:-4_800, 0]
    spectrum = np.abs(np.fft.rfft(found * np.kaiser(len(found), 20)))
    above = np.fft.rfftfreq(len(found), 1 / 48_000) > 12_200
    assert least < 20 * np.log10(np.abs(found).max()) < most
    assert 20 * np.log10(spectrum[above].max() / spectrum.max()) < -95
