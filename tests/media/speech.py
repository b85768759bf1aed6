"""Twenty clips that sound like speech, each with its words, and faults put into them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from rushes.demo.synthesis import SAMPLE_RATE, Throat, synthesise
from rushes.domain.quality import Quality
from rushes.media.quality import QualityMeter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

TEXTS = (
    "Good evening. Here are the headlines at nine, read by nobody at all.",
    "The archive stood at the end of the tram line, where the grass begins.",
    "Hello and welcome to the show, it is good to have you here.",
    "Straße gesperrt: Umleitung über die alte Brücke, bitte langsam fahren.",
    "今日はいい天気ですね。散歩に行きませんか。",
)
_THROATS = (Throat(110), Throat(205, 1.08, 1.15), Throat(150, 0.9), Throat(90, 1.1, 0.92, 0.2))
_RATES = (24_000, 44_100, 22_050, 48_000)
_LEVELS = (1.0, 0.8, 0.6, 0.45)


@dataclass(frozen=True, eq=False)
class Clip:
    """Samples of shape (frames,), full scale 1.0, with what they say."""

    samples: Samples
    rate: int
    text: str

    @property
    def duration(self) -> float:
        return len(self.samples) / self.rate


@lru_cache(maxsize=1)
def clips() -> tuple[Clip, ...]:
    """All twenty, as clean as they come; each lasts a whole number of tenths of a second."""
    made = []
    for number in range(20):
        text, kind = TEXTS[number % 5], (number + number // 5) % 4
        spoken = synthesise(text, _THROATS[kind], number)
        rate = _RATES[kind]
        tenths = len(spoken) * 10 // SAMPLE_RATE
        at = np.arange(tenths * rate // 10) * (SAMPLE_RATE / rate)
        samples = np.interp(at, np.arange(len(spoken)), spoken) * _LEVELS[number % 4]
        made.append(Clip(samples.astype(np.float32), rate, text))
    return tuple(made)


def heard(samples: NDArray[np.generic], rate: int, block: int = 1 << 18) -> Quality:
    """What is heard of samples that come in blocks of so many frames."""
    whole = samples.reshape(len(samples), -1)
    scale = 32768.0 if whole.dtype == np.int16 else 1.0
    meter = QualityMeter(rate, whole.shape[1], scale)
    for start in range(0, len(whole), block):
        meter.hear(whole[start : start + block])
    return meter.quality()


def loud_spot(clip: Clip, below: float) -> int:
    """A frame in the middle of a sound that is so many dB below the clip's active level."""
    size = clip.rate // 50
    pieces = clip.samples[: len(clip.samples) // size * size].reshape(-1, size)
    power = np.var(pieces, axis=1)
    active = power[power >= power.max() / 100].mean()
    decibels = 10 * np.log10(np.maximum(power, 1e-12) / active)
    later = np.arange(len(power)) > len(power) // 3
    return int(np.argmin(np.where(later, np.abs(decibels + below), np.inf)) + 1) * size
