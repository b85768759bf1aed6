"""Sides at one level: what is really played is measured by its loudness."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from rushes.media.facts import measure
from rushes.playback import Player, Playing, Source
from rushes.playback.clip import Loudness
from rushes.playback.matching import (
    HIGHEST_PEAK,
    common_level,
    loudness_of,
)
from tests.media.speech import clips
from tests.playback.conftest import MakePlayer, Samples
from tests.playback.fakes import PATIENCE, FakeSink, FakeWays
from tests.playback.test_player import reach, sounding
from tests.playback.test_player_modes import samples

LOUDNESS = st.builds(Loudness, st.floats(-60, -5), st.floats(-40, 1))
RATE = 24_000


def take(folder: Path, name: str, number: int, decibels: float) -> Source:
    """Speech at that gain, at 24 kHz, and how loud its file was measured to be."""
    speech = clips()[number * 4].samples[: 2 * RATE]  # every fourth is of 24 kHz
    path = folder / f"{name}.wav"
    loud = np.clip(speech / np.abs(speech).max() * 10 ** (decibels / 20), -1, 1)
    soundfile.write(path, loud, RATE, subtype="PCM_16")
    return Source(name, path, loudness_of(measure(path)))


@pytest.fixture
def takes(tmp_path: Path) -> tuple[Source, ...]:
    """A loud one, a soft one, and one at full scale that is soft all the same: a click in it."""
    loud, soft = take(tmp_path, "loud", 0, -2.0), take(tmp_path, "soft", 1, -18.0)
    peaky = take(tmp_path, "peaky", 2, -24.0)
    speech, _ = soundfile.read(peaky.path)
    speech[RATE] = 0.99
    soundfile.write(peaky.path, speech, RATE, subtype="PCM_16")
    return loud, soft, Source("peaky", peaky.path, loudness_of(measure(peaky.path)))


def at_one_level(sources: Sequence[Source]) -> tuple[Source, ...]:
    """As a screen of sides has them played."""
    level = common_level([source.loudness for source in sources])
    return tuple(source if level is None else replace(source, aim=level) for source in sources)


def lufs(heard: Samples, folder: Path) -> float:
    """The loudness of samples that were played."""
    path = folder / "heard.wav"
    soundfile.write(path, heard, RATE, subtype="PCM_16")
    found = loudness_of(measure(path))
    assert found is not None
    return found.lufs


@pytest.fixture
def sink() -> FakeSink:
    return FakeSink(streams=True)


@pytest.fixture
def player(make_player: MakePlayer, sink: FakeSink) -> Player:
    player, _ = make_player(ways=FakeWays(sink), clock=lambda: sink.now)
    return player


def now_heard(sink: FakeSink, count: int) -> Samples:
    """What plays after the ``count``-th change of the sound."""
    stretch, _ = sink.joined(count)
    sink.goes_on_at(0.5)
    return samples(stretch.clip)


def test_all_of_several_sides_are_heard_at_one_level_from_the_first_on(
    player: Player, sink: FakeSink, takes: tuple[Source, ...], tmp_path: Path
) -> None:
    sides = at_one_level(takes)
    sounding(player, sink, sides[0])
    assert sink.stretch is not None
    heard = [samples(sink.stretch.clip)]
    for count, side in enumerate((sides[1], sides[2], sides[0], sides[2]), 1):
        player.swap(side)
        heard.append(now_heard(sink, count))
    levels = [lufs(one, tmp_path) for one in heard]
    assert max(levels) - min(levels) < 0.2
    assert max(int(np.abs(one.astype(int)).max()) for one in heard) < 32_767


def test_a_soft_side_is_raised_as_far_as_its_peak_allows(
    player: Player, sink: FakeSink, takes: tuple[Source, ...]
) -> None:
    loud, soft, peaky = takes
    raised = at_one_level([loud, soft])
    assert raised[0].aim == raised[1].aim
    assert soft.loudness is not None
    assert raised[1].aim is not None
    assert raised[1].aim > soft.loudness.lufs + 6
    sounding(player, sink, raised[1])
    assert player.state.matched == pytest.approx(raised[1].aim - soft.loudness.lufs)
    held_down = at_one_level([loud, peaky])
    assert peaky.loudness is not None
    assert held_down[0].aim == peaky.loudness.lufs


def test_two_sides_without_an_aim_are_matched_by_their_loudness(
    player: Player, sink: FakeSink, takes: tuple[Source, ...], tmp_path: Path
) -> None:
    loud, soft, _ = takes
    sounding(player, sink, soft)
    assert sink.stretch is not None
    before = samples(sink.stretch.clip)
    player.swap(loud)
    assert lufs(now_heard(sink, 1), tmp_path) == pytest.approx(lufs(before, tmp_path), abs=0.2)


def test_matching_can_be_switched_off_and_on_while_it_sounds(
    player: Player, sink: FakeSink, takes: tuple[Source, ...], tmp_path: Path
) -> None:
    loud, soft, _ = at_one_level(takes[:2]) + takes[2:]
    assert loud.loudness is not None
    assert soft.loudness is not None
    sounding(player, sink, loud)
    player.match(on=False)
    assert lufs(now_heard(sink, 1), tmp_path) == pytest.approx(loud.loudness.lufs, abs=0.1)
    assert (player.state.matches, player.state.matched) == (False, 0.0)
    player.swap(soft)
    assert lufs(now_heard(sink, 2), tmp_path) == pytest.approx(soft.loudness.lufs, abs=0.1)
    player.match(on=True)
    assert lufs(now_heard(sink, 3), tmp_path) == pytest.approx(soft.aim, abs=0.2)
    reach(player, Playing.PLAYING)
    assert (player.state.key, player.state.matches) == ("soft", True)


def test_what_a_device_gets_is_at_one_level(
    capture: Path, make_player: MakePlayer, takes: tuple[Source, ...], tmp_path: Path
) -> None:
    player, _ = make_player(route="simpleaudio")
    levels = []
    for side in at_one_level(takes):
        player.play(side)
        assert player.wait(PATIENCE).error is None
        levels.append(lufs(np.fromfile(capture, np.int16), tmp_path))
    assert max(levels) - min(levels) < 0.2


def test_one_channel_is_as_loud_as_two_of_the_same(tmp_path: Path) -> None:
    mono = take(tmp_path, "mono", 0, -6.0)
    speech, _ = soundfile.read(mono.path)
    soundfile.write(tmp_path / "two.wav", np.stack([speech, speech], 1), RATE, subtype="PCM_16")
    stereo = loudness_of(measure(tmp_path / "two.wav"))
    assert mono.loudness is not None
    assert stereo is not None
    assert mono.loudness.lufs == pytest.approx(stereo.lufs, abs=0.01)


def test_one_that_nobody_has_measured_leaves_it_to_the_player(takes: tuple[Source, ...]) -> None:
    unknown = Source("unknown", takes[0].path)
    assert at_one_level([takes[0], unknown]) == (takes[0], unknown)
    assert [one.aim for one in at_one_level([takes[0], unknown])] == [None, None]
    assert at_one_level([]) == ()
    assert loudness_of(None) is None


@given(st.lists(LOUDNESS, min_size=1, max_size=6))
def test_nothing_is_raised_beyond_its_peak_nor_above_the_loudest(all_of: list[Loudness]) -> None:
    level = common_level(all_of)
    assert level is not None
    assert level <= max(one.lufs for one in all_of) + 1e-9
    for one in all_of:
        gain = level - one.lufs
        assert gain <= 1e-9 or one.true_peak + gain <= HIGHEST_PEAK + 1e-9
    gains = [level - one.lufs for one in all_of]
    # As high as can be: somebody is as loud as it gets.
    limits = [max(0.0, HIGHEST_PEAK - one.true_peak) for one in all_of]
    at_limit = any(gain >= most - 1e-9 for gain, most in zip(gains, limits, strict=True))
    assert at_limit or level == max(one.lufs for one in all_of)
