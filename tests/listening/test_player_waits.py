"""The player over a line that is thinner than the sound: the playhead stands while samples come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rushes.playback import Player
from rushes.playback.sink import Fault, Held
from rushes.playback.state import Playing
from tests.listening.conftest import MakeWav
from tests.playback.fakes import FakeSink, FakeWays, Recorder, source

Far = tuple[Player, FakeSink, Recorder]


@pytest.fixture
def far() -> Iterator[Far]:
    sink, recorder = FakeSink(streams=True), Recorder()
    player = Player(ways=FakeWays(sink), on_change=recorder, clock=lambda: sink.now)
    yield player, sink, recorder
    player.close()


def test_a_sink_that_waits_for_samples_is_alive_however_long_that_takes(
    far: Far, make_wav: MakeWav
) -> None:
    player, sink, recorder = far
    player.play(source(make_wav(seconds=5)))
    take = sink.started_at(0)
    for _ in range(5):
        sink.now += 4.0
        sink.tell(Held(take, 0.0))
        recorder.until(lambda state: state.playing is Playing.LOADING)
    sink.begin()
    recorder.until(lambda state: state.playing is Playing.PLAYING)
    sink.now += 1.5
    assert player.state.position == pytest.approx(1.5)
    sink.tell(Held(take, 1.4))
    recorder.until(lambda state: state.playing is Playing.LOADING)
    sink.now += 3.0
    assert player.state.position == pytest.approx(1.4)
    sink.goes_on_at(1.4)
    recorder.until(lambda state: state.playing is Playing.PLAYING)
    sink.now += 1.0
    assert player.state.position == pytest.approx(2.4)
    assert len(sink.starts) == 1
    assert player.state.error is None


def test_a_loudspeaker_that_another_program_took_is_not_taken_back(
    far: Far, make_wav: MakeWav
) -> None:
    player, sink, recorder = far
    player.play(source(make_wav()))
    sink.started_at(0)
    sink.begin()
    recorder.until(lambda state: state.playing is Playing.PLAYING)
    sink.fail(Fault.TAKEN, "another rushes plays on the laptop now")
    state = recorder.until(lambda state: state.playing is Playing.STOPPED)
    assert "another rushes plays on the laptop now" in str(state.error)
    assert len(sink.starts) == 1
    assert state.route is not None
    assert state.route.heard
