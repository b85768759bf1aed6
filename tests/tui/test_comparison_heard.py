"""What a loudspeaker gets when one goes over to another side: the recording itself tells it.

Each side is noise of two values, whose signs tell where in which side a sample comes from,
however loud it is played. No clock is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rushes.library import Library
from rushes.media.quality import QualityMeter
from rushes.playback.player import Player
from rushes.tui.screens.comparison import ComparisonScreen
from tests.playback import pulse
from tests.playback.conftest import use_alsa
from tests.playback.pulse import RATE, PulseServer, Recording
from tests.tui.driving import desk, rows_shown, seen, take, until

pytestmark = pytest.mark.skipif(not pulse.is_installed(), reason="PulseAudio isn't installed")

SECONDS = 4.0
WORD = 48
"""Signs in a row that tell a place: of 4 s of noise none comes twice."""

LOUDNESSES = {"A": 1_500, "B": 6_000}


@pytest.fixture
def recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recording]:
    """What a sound server of its own plays."""
    folder = tmp_path / "pulse"
    folder.mkdir()
    server = PulseServer(folder)
    use_alsa(monkeypatch, folder, pulse.ALSA)
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    recorded = Recording(server)
    yield recorded
    recorded.close()
    server.close()


def noise(name: str) -> NDArray[np.int16]:
    signs = np.random.default_rng(ord(name)).integers(0, 2, round(SECONDS * RATE)) * 2 - 1
    return np.asarray(signs * LOUDNESSES[name], np.int16)


def places(samples: NDArray[np.int16], name: str) -> NDArray[np.int64]:
    """For each recorded frame where it lies in a side, in frames; -1 where it isn't from there."""
    signs = np.sign(noise(name)).astype(np.int8).tobytes()
    words = {signs[at : at + WORD]: at for at in range(len(signs) - WORD)}
    heard = np.sign(samples).astype(np.int8).tobytes()
    return np.array([words.get(heard[at : at + WORD], -1) for at in range(len(heard) - WORD)])


def loudness(samples: NDArray[np.int16]) -> float:
    meter = QualityMeter(RATE, 1, 32_768.0)
    sounding = samples[samples != 0]  # where a busy machine let the recording drop out, it is 0
    meter.hear(sounding.reshape(-1, 1))
    lufs = meter.quality().lufs
    assert lufs is not None
    return lufs


async def test_over_at_1_2_s_it_goes_on_at_1_2_s_and_as_loud_as_before(
    recording: Recording, tmp_path: Path
) -> None:
    path = tmp_path / "takes"
    with Library.open(path) as library:
        for number, name in enumerate("BA"):
            take(library, "the same words", number, audio=noise(name))
        library.quality.run()
    app = desk(path)
    app.desk.player = Player(route="miniaudio", on_change=app._tell_player_changed)
    async with app.run_test(size=(80, 24)) as pilot:
        await rows_shown(pilot)
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, ComparisonScreen))
        player = app.desk.player
        await pilot.press("space")
        await until(pilot, lambda: player.state.position >= 1.2)
        await pilot.press("x")
        await until(pilot, lambda: "▶ B" in seen(app))
        await until(pilot, lambda: player.state.position >= 2.2)
        player.stop()
    samples = recording.samples
    first, second = places(samples, "A"), places(samples, "B")
    left = np.flatnonzero(first >= 0)[-1] + WORD - 1
    came = np.flatnonzero(second >= 0)[0]
    went = (first[left - WORD + 1] + WORD - 1) / RATE
    went_on = second[came] / RATE
    assert 1.2 <= went < 2.5
    assert abs(went_on - went) < 0.030
    begun = np.flatnonzero(first >= 0)[0]
    before, after = samples[begun : left + 1], samples[came : np.flatnonzero(second >= 0)[-1]]
    assert abs(loudness(before) - loudness(after)) < 0.2
