"""Loops, swapped sides and what follows, on a laptop whose loudspeaker keeps real time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rushes.playback.clip import Source
from rushes.playback.state import Playing
from tests.listening.conftest import Desk, Laptop, MakeDesk, until
from tests.listening.server import Server
from tests.playback.pulse import RATE, PulseServer, Recording, is_installed, level, runs

pytestmark = pytest.mark.skipif(not is_installed(), reason="PulseAudio isn't installed")


@pytest.fixture(scope="module")
def pulse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PulseServer]:
    server = PulseServer(tmp_path_factory.mktemp("pulse"))
    yield server
    server.close()


@pytest.fixture(scope="module")
def recorder(pulse: PulseServer) -> Iterator[Recording]:
    recording = Recording(pulse)
    yield recording
    recording.close()


@pytest.fixture
def recording(recorder: Recording) -> Recording:
    recorder.forget()
    return recorder


@pytest.fixture
def desk(pulse: PulseServer, tmp_path: Path, server: Server, make_desk: MakeDesk) -> Iterator[Desk]:
    laptop = Laptop(tmp_path / "real", extra=pulse.environment)
    laptop.configure('sound = "miniaudio"')
    laptop.listen([*server.client, "home"])
    until(server.relay_socket.exists)
    desk = make_desk()
    desk.routed("listener")
    yield desk
    desk.player.close()
    laptop.close()


def clip(folder: Path, value: int, seconds: float) -> Source:
    import soundfile

    path = folder / f"{value}.wav"
    soundfile.write(path, level(seconds, value), RATE)
    return Source(str(value), path)


def heard(recording: Recording) -> list[tuple[int, float]]:
    """The values that were heard, and for how many seconds, without the silence between."""
    found: list[tuple[int, float]] = []
    for run in runs(recording.samples):
        if run.value and found and found[-1][0] == run.value:
            found[-1] = (run.value, found[-1][1] + run.frames / RATE)
        elif run.value:
            found.append((run.value, run.frames / RATE))
    return found


def test_a_clip_loops_until_it_is_told_not_to(
    desk: Desk, recording: Recording, tmp_path: Path
) -> None:
    desk.player.loop(on=True)
    desk.player.play(clip(tmp_path, 5_000, 0.3))
    recording.until_heard(5_000)
    recording.wait(1.0)
    assert desk.player.state.playing is Playing.PLAYING
    assert desk.player.state.position <= 0.3
    desk.player.loop(on=False)
    assert desk.player.wait(20).error is None
    recording.wait(0.2)
    ((value, seconds),) = heard(recording)
    assert value == 5_000
    assert seconds > 0.6, "more than one round"


def test_sides_are_swapped_at_the_same_position_and_what_follows_follows(
    desk: Desk, recording: Recording, tmp_path: Path
) -> None:
    first, second = clip(tmp_path, 5_000, 2.0), clip(tmp_path, -5_000, 1.5)
    third = clip(tmp_path, 7_000, 0.5)
    desk.player.expect([first, second, third])
    until(lambda: len(list(tmp_path.glob("real/.cache/rushes/clips/*.pcm"))) == 3)
    desk.player.play(first)
    recording.until_heard(5_000)
    desk.recorder.until(lambda state: state.playing is Playing.PLAYING)
    desk.player.swap(second)
    recording.until_heard(-5_000)
    desk.player.queue(third)
    desk.recorder.until(lambda state: state.key == third.key)
    assert desk.player.wait(20).error is None
    recording.wait(0.2)
    values = heard(recording)
    assert [value for value, _ in values] == [5_000, -5_000, 7_000]
    assert values[0][1] + values[1][1] == pytest.approx(1.5, abs=0.35)
    assert values[2][1] == pytest.approx(0.5, abs=0.02)
    order = [run.value for run in runs(recording.samples)]
    between = [
        (before, after)
        for before, silence, after in zip(order, order[1:], order[2:], strict=False)
        if not silence and before and after and before != after
    ]
    assert not between, "there is no gap where one gives way to the other"
    assert np.count_nonzero(recording.samples) > RATE
