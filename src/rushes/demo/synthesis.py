"""Something that sounds and looks like speech, for machines without a speech synthesiser.

Source and filter (Fant, "Acoustic Theory of Speech Production", 1960): harmonics of a gliding
pitch, falling by 12 dB an octave, weighted by three formants that follow the vowels of the text;
noise where there are fricatives; closures at stops, pauses at punctuation.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

SAMPLE_RATE = 22_050
"""Hz of what ``synthesise`` gives."""

_HOP = 110  # samples of one frame of the tracks, 5 ms
_HIGHEST_HARMONIC = 4_500.0

# First three formants in Hz, after Peterson and Barney, "Control Methods Used in a Study of the
# Vowels" (1952), rounded.
_VOWELS = {
    "a": (730, 1090, 2440),
    "e": (530, 1840, 2480),
    "i": (270, 2290, 3010),
    "o": (570, 840, 2410),
    "u": (300, 870, 2240),
    "y": (300, 2000, 2600),
}
_NEUTRAL = (500, 1500, 2500)
_FRICATIVES = frozenset("sfzhvxcj")
_STOPS = frozenset("ptkbdgq")
_LONG_PAUSES = frozenset(".!?…:;。！？—\n")
_SHORT_PAUSES = frozenset(",、，()[]–")


@dataclass(frozen=True, slots=True)
class Throat:
    """What tells one voice from another: pitch in Hz, speed and formants as factors of usual."""

    pitch: float
    speed: float = 1.0
    formants: float = 1.0
    breath: float = 0.1


class _Sound(NamedTuple):
    """One sound: length in seconds, strength of voice and of noise, formants in Hz."""

    seconds: float
    voice: float
    noise: float
    formants: tuple[int, int, int]


def synthesise(text: str, throat: Throat, seed: int, longest: float = 20.0) -> NDArray[np.float32]:
    """Speak ``text`` for at most ``longest`` seconds.

    Gives float32 samples of shape (frames,) at ``SAMPLE_RATE``, peak 0.6. The same text, throat
    and seed give the same samples.
    """
    import numpy as np

    chance = random.Random(seed)  # noqa: S311  # a voice, no secret
    sounds = _within(_sounds(text, throat, chance), longest)
    tracks = _tracks(sounds, throat, chance)
    samples = _voiced(tracks) + _noisy(tracks, seed)
    peak = float(np.abs(samples).max())
    return samples * np.float32(0.6 / peak) if peak > 0 else samples


def _sounds(text: str, throat: Throat, chance: random.Random) -> list[_Sound]:
    sounds = [_Sound(0.08, 0, 0, _NEUTRAL)]
    last = _NEUTRAL
    for letter in text.lower():
        if letter in _VOWELS or (letter.isalpha() and ord(letter) > 0x17F):
            last = _VOWELS.get(letter) or _VOWELS["aeiou"[ord(letter) % 5]]
            # A CJK letter is a syllable of its own, with something before the vowel.
            if letter not in _VOWELS:
                sounds.append(_Sound(0.05, 0.2, 0.15, last))
            loud = chance.uniform(0.3, 1.0)
            sounds.append(_Sound(chance.uniform(0.09, 0.15), loud, 0.02, last))
        elif letter in _FRICATIVES:
            sounds.append(_Sound(0.07, 0.05, chance.uniform(0.15, 0.3), last))
        elif letter in _STOPS:
            sounds.append(_Sound(0.045, 0, 0, last))
            sounds.append(_Sound(0.015, 0.1, 0.3, last))
        elif letter.isalnum():
            sounds.append(_Sound(0.06, 0.3, 0, last))
        elif letter in _LONG_PAUSES:
            sounds.append(_Sound(chance.uniform(0.25, 0.4), 0, 0, last))
        elif letter in _SHORT_PAUSES:
            sounds.append(_Sound(chance.uniform(0.12, 0.2), 0, 0, last))
        elif letter.isspace():
            sounds.append(_Sound(chance.uniform(0.02, 0.05), 0.04, 0, last))
    sounds.append(_Sound(chance.uniform(0.1, 0.25), 0, 0, last))
    return [sound._replace(seconds=sound.seconds / throat.speed) for sound in sounds]


def _within(sounds: list[_Sound], longest: float) -> list[_Sound]:
    kept, length = [], 0.0
    for sound in sounds:
        length += sound.seconds
        if length > longest:
            break
        kept.append(sound)
    return kept or [_Sound(longest, 0, 0, _NEUTRAL)]


@dataclass(frozen=True, slots=True)
class _Tracks:
    """One value for each 5 ms, float32: strengths 0 to 1, pitch and formants in Hz."""

    voice: Floats
    noise: Floats
    pitch: Floats
    formants: Floats


def _tracks(sounds: list[_Sound], throat: Throat, chance: random.Random) -> _Tracks:
    import numpy as np

    repeats = [max(1, round(sound.seconds * SAMPLE_RATE / _HOP)) for sound in sounds]
    count = sum(repeats)
    voice = np.repeat(np.array([sound.voice for sound in sounds], np.float32), repeats)
    noise = np.repeat(np.array([sound.noise for sound in sounds], np.float32), repeats)
    formants = np.repeat(np.array([sound.formants for sound in sounds], np.float32), repeats, 0)
    time = np.arange(count) * (_HOP / SAMPLE_RATE)
    # The melody: down over the sentence, with a slow wave and a little tremor.
    fall = np.linspace(1.12, 0.85, count)
    wave = 0.09 * np.sin(2 * np.pi * (time * chance.uniform(0.5, 0.9) + chance.random()))
    tremor = 0.012 * np.sin(2 * np.pi * time * 5.3)
    return _Tracks(
        voice=_smooth(voice, 7),
        noise=_smooth(noise + np.float32(throat.breath) * voice * np.float32(0.1), 3),
        pitch=(throat.pitch * (fall + wave + tremor)).astype(np.float32),
        formants=np.stack(
            [_smooth(track, 9) for track in formants.T * np.float32(throat.formants)]
        ),
    )


def _smooth(track: Floats, width: int) -> Floats:
    import numpy as np

    window = np.hanning(width + 2)[1:-1].astype(np.float32)
    padded = np.pad(track, width // 2, mode="edge")
    smoothed: Floats = np.convolve(padded, window / window.sum(), mode="valid")
    return smoothed.astype(np.float32)


def _voiced(tracks: _Tracks) -> Floats:
    """The sum of the harmonics, each as loud as source and formants make it."""
    import numpy as np

    # In 64 bits, as a phase grows into the ten thousands.
    phase = 2 * np.pi * np.cumsum(_stretched(tracks.pitch), dtype=np.float64) / SAMPLE_RATE
    twice_cosine = (2 * np.cos(phase)).astype(np.float32)
    # sin((k + 1)x) = 2 cos(x) sin(kx) - sin((k - 1)x): one multiplication for each harmonic.
    before, now = np.zeros_like(twice_cosine), np.sin(phase).astype(np.float32)
    total = np.zeros_like(now)
    for harmonic in range(1, int(_HIGHEST_HARMONIC / tracks.pitch.min()) + 1):
        frequency = tracks.pitch * harmonic
        gain = tracks.voice * _formant_gain(frequency, tracks.formants) / harmonic
        gain[frequency > _HIGHEST_HARMONIC] = 0
        total += _stretched(gain.astype(np.float32)) * now
        before, now = now, twice_cosine * now - before
    return total


def _formant_gain(frequency: Floats, formants: Floats) -> Floats:
    import numpy as np

    gain = np.zeros_like(frequency)
    for formant, bandwidth, weight in zip(formants, (90, 130, 200), (1.0, 0.7, 0.35), strict=True):
        gain += weight / (1 + ((frequency - formant) / bandwidth) ** 2)
    return gain + np.float32(0.05)


def _noisy(tracks: _Tracks, seed: int) -> Floats:
    import numpy as np

    strength = _stretched(tracks.noise)
    white = np.random.default_rng(seed).standard_normal(len(strength) + 1, dtype=np.float32)
    # The difference of neighbours: white noise with its low end taken away.
    return strength * np.diff(white) * np.float32(0.25)


def _stretched(track: Floats) -> Floats:
    """A track at the rate of the samples, with straight lines between its values."""
    import numpy as np

    steps = np.linspace(0, 1, _HOP, endpoint=False, dtype=np.float32)
    following = np.append(track[1:], track[-1:])
    return (track[:, None] + (following - track)[:, None] * steps).reshape(-1)
