"""Effects chains in words."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.effects import UNREADABLE, in_words

VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.none())


def effect(kind: str, *, enabled: bool = True, **params: object) -> dict[str, object]:
    return {"type": kind, "enabled": enabled, "params": params}


@pytest.mark.parametrize(
    ("chain", "words"),
    [
        ([effect("reverb", room_size=0.4, wet_level=0.3)], "reverb: room 0.4, wet 0.3"),
        ([effect("gain", gain_db=-3.0, enabled=False)], "gain −3 dB (off)"),
        ([effect("gain", gain_db=6.0)], "gain +6 dB"),
        (
            [effect("highpass", cutoff_frequency_hz=300.0), effect("lowpass")],
            "highpass 300 Hz · lowpass",
        ),
        ([effect("lowpass", cutoff_frequency_hz=3500.0)], "lowpass 3.5 kHz"),
        ([effect("pitch_shift", semitones=-3.0)], "pitch shift −3 semitones"),
        ([effect("pitch_shift", semitones=1)], "pitch shift +1 semitone"),
        (
            [effect("compressor", threshold_db=-15.0, ratio=6.0, attack_ms=5.0, release_ms=50.0)],
            "compressor: threshold −15 dB, ratio 6:1, attack 5 ms, release 50 ms",
        ),
        (
            [effect("delay", delay_seconds=0.25, feedback=0.3, mix=0.2)],
            "delay: delay 0.25 s, feedback 0.3, mix 0.2",
        ),
        (
            [effect("chorus", rate_hz=0.2, depth=1.0, centre_delay_ms=7.0)],
            "chorus: rate 0.2 Hz, depth 1, delay 7 ms",
        ),
        (
            [effect("tape_wow", amount=0.1, on=True, mode="[b]")],
            "tape wow: amount 0.1, on yes, mode [b]",
        ),
        ([{"type": "gain"}, {"enabled": False}, 7], "gain · effect (off)"),
        ([], ""),
    ],
)
def test_a_chain_is_told_as_people_say_it(chain: object, words: str) -> None:
    assert in_words(json.dumps(chain)) == words


@pytest.mark.parametrize("text", ["{", "7", '"gain"', "{}", "[" * 100_000])
def test_what_is_no_chain_is_said_to_be_unreadable(text: str) -> None:
    assert in_words(text) == UNREADABLE
    assert in_words(None) == ""


@given(
    st.lists(st.fixed_dictionaries({"type": VALUES, "params": st.dictionaries(st.text(), VALUES)}))
)
def test_whatever_other_programs_write_can_be_told(chain: list[object]) -> None:
    assert bool(in_words(json.dumps(chain))) == bool(chain)
