"""Clips over each other: their channels, odd samples and files, and how high the mix gets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from rushes.errors import AudioMissing
from rushes.media.mix_out import level_of
from rushes.media.mixing import BLOCK, Clip, Mix, mixed, planned
from rushes.media.resampling import Resampler

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def file(path: Path, samples: object, rate: int = 8_000, subtype: str = "DOUBLE") -> Path:
    soundfile.write(path, samples, rate, subtype=subtype)
    return path


def clip(path: Path, start_ms: int = 0, volume: float = 1.0) -> Clip:
    about = soundfile.info(path)
    return Clip(path, about.samplerate, about.frames, start_ms, 0, None, volume)


def whole(clips: Sequence[Clip], channels: int, rate: int = 8_000) -> Floats:
    return np.concatenate(list(mixed(planned(clips, rate, channels, 0), lambda _: None)))


@pytest.mark.parametrize(
    ("channels", "wanted", "expected"),
    [
        (1, 1, [1.0]),
        (1, 2, [1.0, 1.0]),
        (1, 4, [1.0, 1.0, 0.0, 0.0]),
        (2, 4, [1.0, 2.0, 0.0, 0.0]),
        (4, 2, [1.0, 2.0]),
        (2, 1, [1.0]),
    ],
)
def test_channels_go_where_they_sound(
    tmp_path: Path, channels: int, wanted: int, expected: list[float]
) -> None:
    path = file(tmp_path / "a.wav", np.tile(np.arange(1.0, channels + 1), (10, 1)))
    assert whole([clip(path)], wanted).tolist() == [expected] * 10


def test_what_is_no_number_is_silence_and_infinities_are_full_scale(tmp_path: Path) -> None:
    path = file(tmp_path / "a.wav", [0.5, np.nan, np.inf, -np.inf, 0.25])
    assert whole([clip(path, volume=2.0)], 1)[:, 0].tolist() == [1.0, 0.0, 2.0, -2.0, 0.5]


def test_clips_add_up_over_the_edges_of_blocks(tmp_path: Path) -> None:
    drawn = np.random.default_rng(4).standard_normal(BLOCK + 5_000) * 0.1
    path = file(tmp_path / "a.wav", drawn)
    starts = (0, 1, 8_000, 9_999)
    found = whole([clip(path, start, 0.5) for start in reversed(starts)], 1)[:, 0]
    expected = np.zeros(8 * max(starts) + len(drawn))
    for start in starts:
        expected[8 * start : 8 * start + len(drawn)] += drawn * 0.5
    assert np.array_equal(found, expected)


def test_a_compressed_clip_is_mixed_as_long_as_it_was_measured(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    soundfile.write(path, np.sin(np.arange(24_000) / 9) * 0.5, 24_000, format="MP3")
    told = clip(path)
    longer = Clip(path, 24_000, told.frames + 7_000, 0, 0, None, 1.0)
    found = whole([longer], 1, 24_000)
    assert len(found) == told.frames + 7_000
    assert found[: told.frames].any()
    assert not found[told.frames + 2_000 :].any()


def test_a_mix_is_as_high_as_it_gets_between_its_samples(tmp_path: Path) -> None:
    # A quarter of the rate, 45° off: the samples stay 3 dB under the curve's top.
    at = np.arange(8_000) * np.pi / 2 + np.pi / 4
    path = file(tmp_path / "a.wav", np.sin(at) * 1.2)
    mix = planned([clip(path)], 8_000, 1, 0)
    level = level_of(mix, 16, lambda _: None)
    assert 20 * np.log10(level.true_peak / 1.2) == pytest.approx(0, abs=0.3)
    assert level.gain * level.true_peak == pytest.approx(1 - 2**-15)
    quiet = planned([clip(path, volume=0.7)], 8_000, 1, 0)
    assert level_of(quiet, 16, lambda _: None).gain == 1.0


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    path = file(tmp_path / "a.wav", [0.5] * 10)
    mix: Mix = planned([clip(path)], 8_000, 1, 0)
    path.unlink()
    with pytest.raises(AudioMissing):
        list(mixed(mix, lambda _: None))


def test_weights_are_worked_out_once_for_all_clips_of_a_rate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out = list[int]()
    weights = Resampler._weights

    def counted(self: Resampler, phases: NDArray[np.int64]) -> Floats:
        worked_out.append(len(phases))
        return weights(self, phases)

    monkeypatch.setattr(Resampler, "_weights", counted)
    path = file(tmp_path / "a.wav", np.random.default_rng(1).uniform(-0.5, 0.5, 800))
    once = whole([clip(path)], 1, 12_000)
    assert len(worked_out) == 1
    thrice = whole([clip(path), clip(path, 1_000), clip(path, 1_050)], 1, 12_000)
    assert len(worked_out) == 2
    assert np.array_equal(thrice[: len(once)], once)
    assert np.array_equal(thrice[12_000:12_600], once[:600])
