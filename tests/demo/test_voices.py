from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np
import pytest

from rushes.demo.script import LINES, PEOPLE
from rushes.demo.synthesis import SAMPLE_RATE, Throat, synthesise
from rushes.demo.voices import LONGEST, Speech, find_espeak, speak

if TYPE_CHECKING:
    from numpy.typing import NDArray

ANNA, ROBOT = PEOPLE[0].voice, PEOPLE[3].voice
WORDS = "Hello and welcome to the show. It is good to have you here."

speakers = pytest.mark.parametrize(
    "espeak",
    [
        None,
        pytest.param(
            find_espeak(),
            marks=pytest.mark.skipif(find_espeak() is None, reason="espeak-ng isn't installed"),
        ),
    ],
    ids=["own", "espeak"],
)


def loudness(speech: Speech) -> NDArray[np.float64]:
    """RMS of every 20 ms of the first channel, full scale 1.0."""
    step = speech.sample_rate // 50
    mono = speech.samples[:, 0] / 32768
    parts = mono[: len(mono) // step * step].reshape(-1, step)
    return np.asarray(np.sqrt(np.mean(parts**2, axis=1)))


@speakers
def test_speech_has_syllables_and_pauses(espeak: str | None) -> None:
    speech = speak(WORDS, ANNA, language="en", seed=1, espeak=espeak)
    assert speech.samples.dtype == np.int16
    assert speech.samples.shape[1] == 1
    assert 2 < len(speech.samples) / speech.sample_rate < 9
    parts = loudness(speech)
    assert 0.4 < np.abs(speech.samples).max() / 32768 <= 1
    assert parts.max() > 5 * np.median(parts[parts < np.quantile(parts, 0.3)])
    rises = np.sum((parts[1:] > 0.06) & (parts[:-1] <= 0.06))
    assert rises >= 4


@speakers
def test_the_same_seed_says_the_same_and_another_says_it_otherwise(espeak: str | None) -> None:
    first, same, other = (
        speak(WORDS, ANNA, language="en", seed=seed, espeak=espeak).samples for seed in (1, 1, 2)
    )
    assert len(first) == len(same) != len(other)
    if espeak is None:
        # espeak-ng adds a breath of noise of its own each time.
        assert np.array_equal(first, same)


@speakers
def test_rates_and_channels_are_those_of_the_voice(espeak: str | None) -> None:
    speech = speak("Affirmative.", ROBOT, language="en", seed=3, espeak=espeak)
    assert speech.sample_rate == ROBOT.sample_rate
    assert speech.samples.shape[1] == 2
    assert not np.array_equal(speech.samples[:, 0], speech.samples[:, 1])


@speakers
@pytest.mark.parametrize(
    "text", ["--help", "", "-w /tmp/x", "𝔘𝔫𝔦 😀", "今日は", "\x1b[31m", "$(id) `id` | id"]
)
def test_any_text_is_only_ever_spoken(espeak: str | None, text: str) -> None:
    speech = speak(text, ANNA, language="en", seed=1, espeak=espeak)
    assert len(speech.samples) > 0


@speakers
def test_a_long_text_ends_in_time(espeak: str | None) -> None:
    speech = speak(WORDS * 100, ANNA, language="en", seed=1, espeak=espeak)
    assert 15 < len(speech.samples) / speech.sample_rate <= LONGEST


def test_a_synthesiser_that_fails_is_replaced_by_our_own_sound() -> None:
    own = speak(WORDS, ANNA, language="en", seed=1).samples
    assert np.array_equal(own, speak(WORDS, ANNA, language="en", seed=1, espeak="false").samples)
    assert np.array_equal(
        own, speak(WORDS, ANNA, language="en", seed=1, espeak="no-such-program").samples
    )


def test_our_own_sound_is_made_far_faster_than_it_plays() -> None:
    synthesise(WORDS, Throat(200), 1)
    start = time.perf_counter()
    samples = synthesise(WORDS * 10, Throat(100), 1)
    assert len(samples) / SAMPLE_RATE / (time.perf_counter() - start) > 30


def test_every_person_of_the_script_is_known() -> None:
    assert {line.person for line in LINES} == {person.name for person in PEOPLE}
