"""Faults that are put into clips are heard, and clean clips are left in peace."""

from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from rushes.domain.quality import NO_FLAG, Quality, QualityFlag
from rushes.domain.quality_rules import judged
from rushes.media.facts import measure
from rushes.media.loudness import k_weighting
from rushes.media.quality import QualityMeter
from tests.media.speech import Clip, clips, heard, loud_spot

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

_LOUD = QualityFlag.LOUD
_FAST = QualityFlag.FAST


def _flags(samples: NDArray[np.generic], clip: Clip, text: str | None = None) -> QualityFlag:
    quality = heard(samples, clip.rate)
    return judged(quality, len(samples) / clip.rate, clip.text if text is None else text)


def _noise(count: int, level: float, seed: int) -> Samples:
    """White noise of that RMS in dBFS."""
    white = np.random.default_rng(seed).standard_normal(count)
    return np.asarray(white * 10 ** (level / 20), dtype=np.float32)


def _clipped(clip: Clip, over: float) -> Samples:
    gain = 10 ** (over / 20) / np.abs(clip.samples).max()
    return np.asarray(np.clip(clip.samples * gain, -1.0, 32767 / 32768), dtype=np.float32)


def _clipped_and_turned_down(clip: Clip, over: float) -> Samples:
    return np.asarray(np.rint(_clipped(clip, over) * 16384) / 32768, dtype=np.float32)


def _with_silence(clip: Clip, seconds: float, floor: float, *, before: bool) -> Samples:
    silence = _noise(round(seconds * clip.rate), floor, 1)
    noisy = clip.samples + _noise(len(clip.samples), floor, 2)
    return np.concatenate([silence, noisy] if before else [noisy, silence])


def _to_loudness(clip: Clip, lufs: float) -> Samples:
    found = heard(clip.samples, clip.rate).lufs
    assert found is not None
    return clip.samples * np.float32(10 ** ((lufs - found) / 20))


def _driven(clip: Clip, lufs: float) -> Samples:
    """As loud as that, by a limiter that rounds the peaks off."""
    drive = 2.0
    while True:
        samples = np.tanh(clip.samples / np.abs(clip.samples).max() * drive) * np.float32(0.97)
        reached = heard(samples, clip.rate).lufs
        if reached is None or reached >= lufs:
            return np.asarray(samples, dtype=np.float32)
        drive *= 1.5


Planted = Callable[[Clip, float], "Samples"]

FAULTS: dict[str, tuple[QualityFlag, QualityFlag, tuple[float, float, float], Planted]] = {
    "clipped by so many dB": (QualityFlag.CLIPPED, _LOUD, (1, 3, 9), _clipped),
    "clipped and turned down": (
        QualityFlag.CLIPPED,
        NO_FLAG,
        (3, 6, 12),
        _clipped_and_turned_down,
    ),
    "noise of so many dBFS": (
        QualityFlag.SILENT,
        NO_FLAG,
        (-999, -85, -66),
        lambda clip, level: _noise(2 * clip.rate, level, 3),
    ),
    "seconds before": (
        QualityFlag.LEADING,
        NO_FLAG,
        (1.2, 2, 5),
        lambda clip, seconds: _with_silence(
            clip, seconds, -999 if seconds < 2 else -72, before=True
        ),
    ),
    "seconds after": (
        QualityFlag.TRAILING,
        NO_FLAG,
        (1.7, 3, 6),
        lambda clip, seconds: _with_silence(
            clip, seconds, -999 if seconds < 3 else -72, before=False
        ),
    ),
    "cut off at so many dB below": (
        QualityFlag.CUTOFF,
        _FAST,
        (1, 6, 13),
        lambda clip, below: clip.samples[: loud_spot(clip, below)],
    ),
    "quiet, LUFS": (QualityFlag.QUIET, NO_FLAG, (-34, -40, -50), _to_loudness),
    "loud, LUFS": (QualityFlag.LOUD, QualityFlag.CLIPPED, (-8.8, -7, -5), _driven),
    "float peaks above full scale": (
        QualityFlag.LOUD,
        QualityFlag.CLIPPED,
        (1.2, 2, 8),
        lambda clip, peak: clip.samples * np.float32(peak / np.abs(clip.samples).max()),
    ),
    "said once in so many times": (
        QualityFlag.SLOW,
        NO_FLAG,
        (4, 5, 6),
        lambda clip, times: np.tile(clip.samples, int(times)),
    ),
    "so much off centre": (
        QualityFlag.OFFSET,
        NO_FLAG,
        (0.015, 0.05, -0.2),
        lambda clip, offset: clip.samples + np.float32(offset),
    ),
}


def test_clean_clips_have_no_flag() -> None:
    for clip in clips():
        assert _flags(clip.samples, clip) == NO_FLAG
        whole_numbers = np.rint(clip.samples * 32768).astype(np.int16)
        assert _flags(whole_numbers, clip) == NO_FLAG


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_planted_is_found_and_nothing_else(fault: str) -> None:
    flag, beside, strengths, planted = FAULTS[fault]
    for clip in clips():
        for strength in strengths:
            found = _flags(planted(clip, strength), clip)
            assert flag in found, (clip.text, strength)
            assert found & ~(flag | beside) == NO_FLAG, (clip.text, strength)


def test_a_text_that_is_much_too_long_for_the_clip_is_told_by_its_rate() -> None:
    for clip in clips():
        for times in (3, 5, 9):
            assert _flags(clip.samples, clip, clip.text * times) == QualityFlag.FAST
        assert _flags(clip.samples, clip, "Hm.") == NO_FLAG


def test_a_length_that_is_not_the_records_is_told() -> None:
    for clip in clips():
        quality = heard(clip.samples, clip.rate)
        for lies in (clip.duration + 0.5, clip.duration * 1.5, clip.duration / 2):
            assert judged(quality, clip.duration, clip.text, lies) == QualityFlag.LENGTH
        for recorded in (None, clip.duration, clip.duration + 0.1, 0.0):
            assert judged(quality, clip.duration, clip.text, recorded) == NO_FLAG


def test_what_is_not_spoken_may_end_in_the_middle_of_a_sound() -> None:
    clip = clips()[0]
    assert _flags(clip.samples[: loud_spot(clip, 1)], clip, "") == NO_FLAG


# Of the twenty clips, by pyloudnorm 0.2.0: Meter(rate, filter_class="DeMan"). It needs scipy, so
# what it gave is written down. Its default filters are an approximation of those in BS.1770-4, by
# which it says 0.04 (at 48 kHz) to 0.16 LU less.
PYLOUDNORM = (
    *(-20.76, -21.43, -23.85, -29.11, -18.75, -21.26, -24.87, -27.71, -18.18, -20.07),
    *(-25.0, -26.43, -18.72, -23.58, -24.12, -26.31, -22.33, -23.07, -22.62, -25.62),
)


def test_loudness_is_what_another_program_says_it_is() -> None:
    for clip, lufs in zip(clips(), PYLOUDNORM, strict=True):
        assert heard(clip.samples, clip.rate).lufs == pytest.approx(lufs, abs=0.1)


def _tone(level: float, seconds: float, rate: int = 48_000) -> NDArray[np.float64]:
    """A stereo sine of 1 kHz whose peak is so many dBFS."""
    sine = np.sin(2 * np.pi * 1_000 * np.arange(round(seconds * rate)) / rate)
    return np.stack([sine, sine], axis=1) * 10 ** (level / 20)


@pytest.mark.parametrize(
    ("parts", "lufs"),
    [
        ([(-23, 20)], -23.0),
        ([(-33, 20)], -33.0),
        ([(-36, 10), (-23, 60), (-36, 10)], -23.0),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23.0),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23.0),
    ],
)
def test_the_signals_of_ebu_tech_3341_have_their_loudness(
    parts: list[tuple[float, float]], lufs: float
) -> None:
    for rate in (48_000, 8_000):
        signal = np.concatenate([_tone(level, seconds, rate) for level, seconds in parts])
        assert heard(signal, rate).lufs == pytest.approx(lufs, abs=0.1)


def test_the_filters_are_those_of_the_recommendation_at_48_khz() -> None:
    z = np.exp(-2j * np.pi * np.arange(2049) / 4096)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high_pass = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    ours = k_weighting(48_000, 4096)
    assert np.abs(ours - shelf * high_pass).max() < 1e-5


@pytest.mark.parametrize("phase", [0.0, math.pi / 4])
def test_the_true_peak_lies_between_the_samples(phase: float) -> None:
    # EBU Tech 3341, signals 15 to 19: a quarter of the rate, whose samples miss the peaks.
    sine = 0.5 * np.sin(np.pi / 2 * np.arange(48_000) + phase)
    sine[:480] *= np.linspace(0, 1, 480)
    sine[-480:] *= np.linspace(1, 0, 480)
    assert heard(sine, 48_000).true_peak == pytest.approx(20 * math.log10(0.5), abs=0.3)


def test_of_six_channels_the_one_for_low_frequencies_does_not_count() -> None:
    mono = _tone(-20, 3)[:, 0]

    def at(channel: int) -> float | None:
        samples = np.zeros((len(mono), 6))
        samples[:, channel] = mono
        return heard(samples, 48_000).lufs

    front = at(0)
    assert front is not None
    assert at(3) is None
    assert at(4) == pytest.approx(front + 10 * math.log10(1.41), abs=0.02)


@pytest.mark.parametrize("block", [1, 999, 70_001])
def test_the_blocks_in_which_a_clip_comes_make_no_difference(block: int) -> None:
    clip = clips()[2]
    samples = _clipped(clip, 6)[: 2 * clip.rate] if block == 1 else _clipped(clip, 6)
    assert heard(samples, clip.rate, block) == heard(samples, clip.rate)


@pytest.mark.parametrize("rate", [100, 8_000, 192_000, 1_000_000])
@pytest.mark.parametrize("frames", [1, 2, 100, 70_000])
def test_any_rate_and_length_can_be_heard(rate: int, frames: int) -> None:
    quality = heard(_noise(frames, -20, 5), rate)
    assert quality.true_peak is not None
    assert quality.true_peak < 3
    assert isinstance(judged(quality, frames / rate, "A text of more than a word."), QualityFlag)


def test_places_of_clipping_and_of_silence_are_told() -> None:
    clip = clips()[0]
    samples = np.concatenate([np.zeros(2 * clip.rate, np.float32), clip.samples])
    samples[3 * clip.rate : 3 * clip.rate + 20] = 1.0
    quality = heard(samples, clip.rate)
    assert quality.measures.places == (3.0,)
    assert quality.measures.clipped == 1
    assert quality.measures.begins == pytest.approx(2.1, abs=0.03)


def test_the_same_samples_are_the_same_sound_whatever_the_file(tmp_path: Path) -> None:
    clip = clips()[1]
    samples = np.rint(clip.samples * 32768).astype(np.int16)
    heard_in: list[Quality] = []
    for name, kind, subtype in (
        ("a.wav", "WAV", "PCM_16"),
        ("a.flac", "FLAC", "PCM_16"),
        ("b.wav", "WAV", "PCM_24"),
        ("c.wav", "WAV", "FLOAT"),
    ):
        data = samples if subtype == "PCM_16" else samples / 32768
        soundfile.write(tmp_path / name, data, clip.rate, format=kind, subtype=subtype)
        quality = measure(tmp_path / name).quality
        assert quality is not None
        heard_in.append(quality)
    assert len(set(heard_in)) == 1
    for other in (samples[1:], np.stack([samples, samples], axis=1), samples // 2):
        assert heard(other, clip.rate).sound_hash != heard_in[0].sound_hash
    assert heard(samples, 16_000).sound_hash != heard_in[0].sound_hash


def test_an_hour_is_heard_in_little_memory() -> None:
    minute = _noise(60 * 8_000, -20, 7)
    tracemalloc.start()
    meter = QualityMeter(8_000, 1, 1.0)
    for _ in range(60):
        meter.hear(minute[:, None])
    assert meter.quality().lufs is not None
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 40_000_000
