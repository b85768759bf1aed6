"""The demo's voices: espeak-ng where it is installed, else speech-like sound of our own."""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rushes.demo.synthesis import SAMPLE_RATE, Throat, synthesise
from rushes.errors import RushesError
from rushes.media.decode import read_pcm16, to_int16

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST = 20.0
"""Seconds at which every clip ends."""

_ESPEAK_LANGUAGES = {"en": "en-us", "zh": "cmn-latn-pinyin"}
_ESPEAK_PATIENCE = 20.0

# espeak-ng speaks about so many characters a second; more than that needn't be made to be cut.
_CHARACTERS_A_SECOND = 18


@dataclass(frozen=True, slots=True)
class Voice:
    """How a profile sounds: for espeak-ng a variant, pitch 0-99 and words a minute.

    ``throat`` is used where there is no espeak-ng. ``sample_rate`` is in Hz.
    """

    variant: str
    pitch: int
    words_per_minute: int
    throat: Throat
    sample_rate: int = 24_000
    stereo: bool = False


class Speech(NamedTuple):
    """int16 samples of shape (frames, channels), and their rate in Hz."""

    samples: NDArray[np.int16]
    sample_rate: int


def speak(
    text: str, voice: Voice, *, language: str, seed: int, espeak: str | None = None
) -> Speech:
    """Speak ``text``; another seed gives another take: other pace, pitch and loudness.

    ``espeak`` is the program to use, None for our own sound.
    """
    chance = random.Random(seed)  # noqa: S311  # a voice, no secret
    pace, lift, peak = (chance.uniform(low, high) for low, high in _TAKES)
    samples = None
    if espeak:
        samples = _espeak(espeak, text, voice, language, pace=pace, lift=lift)
    if samples is None:
        throat = voice.throat
        own = Throat(throat.pitch * lift, throat.speed * pace, throat.formants, throat.breath)
        samples = synthesise(text, own, seed, LONGEST), SAMPLE_RATE
    mono = _resampled(*samples, voice.sample_rate)[: round(LONGEST * voice.sample_rate)]
    mono = _levelled(_phrased(mono, voice.sample_rate, chance), peak)
    mono = _faded(mono, voice.sample_rate)
    channels = _widened(mono, voice.sample_rate) if voice.stereo else mono[:, None]
    return Speech(to_int16(channels), voice.sample_rate)


# Pace and pitch of a take as factors, and its peak.
_TAKES = ((0.88, 1.12), (0.93, 1.07), (0.55, 0.95))

# How far beyond a tanh's straight part the loudest sample goes.
_DRIVE = 2.0

# About as long as a word.
_STRESS_SECONDS = 0.3


def find_espeak() -> str | None:
    """The path of espeak-ng, None where it isn't installed."""
    return shutil.which("espeak-ng")


def _espeak(
    program: str, text: str, voice: Voice, language: str, *, pace: float, lift: float
) -> tuple[NDArray[np.float32], int] | None:
    """Float32 samples and their rate; None when espeak-ng can't say it."""
    import numpy as np

    name = f"{_ESPEAK_LANGUAGES.get(language, language)}+{voice.variant}"
    pitch = min(99, max(0, round(voice.pitch * lift)))
    words = str(round(voice.words_per_minute * pace))
    arguments = [program, "-v", name, "-p", str(pitch), "-s", words, "--stdin", "--stdout"]
    said = text[: round(LONGEST * _CHARACTERS_A_SECOND * 1.5)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "speech.wav"
        try:
            with path.open("wb") as out:
                subprocess.run(
                    arguments,
                    input=said.encode(),
                    stdout=out,
                    stderr=subprocess.DEVNULL,
                    timeout=_ESPEAK_PATIENCE,
                    check=True,
                )
            pcm = read_pcm16(path)
        except (OSError, subprocess.SubprocessError, RushesError):
            return None
    return np.divide(pcm.samples[:, 0], 32768, dtype=np.float32), pcm.sample_rate


def _resampled(samples: NDArray[np.float32], have: int, want: int) -> NDArray[np.float32]:
    """Linear interpolation: what it adds lies above the voice and is faint."""
    import numpy as np

    if have == want:
        return samples
    count = len(samples) * want // have
    at = np.arange(count) * (have / want)
    return np.asarray(np.interp(at, np.arange(len(samples)), samples), dtype=np.float32)


def _phrased(
    samples: NDArray[np.float32], sample_rate: int, chance: random.Random
) -> NDArray[np.float32]:
    """The same with other words stressed: no two takes of a line are spoken alike."""
    import numpy as np

    seconds = len(samples) / sample_rate
    knots = np.arange(0, seconds + _STRESS_SECONDS, _STRESS_SECONDS)
    stress = [chance.uniform(0.15, 1.0) for _ in knots]
    at = np.arange(len(samples)) / sample_rate
    return np.multiply(samples, np.interp(at, knots, stress), dtype=np.float32, casting="same_kind")


def _levelled(samples: NDArray[np.float32], peak: float) -> NDArray[np.float32]:
    """The same with this peak and softly limited, as what speech models learn from is."""
    import numpy as np

    found = float(np.abs(samples).max(initial=0.0))
    if not found:
        return samples
    limited = np.tanh(samples * (_DRIVE / found)) * (peak / np.tanh(_DRIVE))
    return np.asarray(limited, dtype=np.float32)


def _faded(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """The same with 5 ms of fade at either end, so that a cut doesn't click."""
    import numpy as np

    count = min(len(samples) // 2, sample_rate // 200)
    ramp = np.linspace(0, 1, count, dtype=np.float32)
    faded = samples.copy()
    faded[:count] *= ramp
    faded[len(faded) - count :] *= ramp[::-1]
    return faded


def _widened(mono: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """Two channels: the right one a little later and softer."""
    import numpy as np

    delay = sample_rate // 80
    right = np.concatenate([np.zeros(delay, np.float32), mono[:-delay] * np.float32(0.6)])
    return np.stack([mono, right[: len(mono)]], axis=1)
