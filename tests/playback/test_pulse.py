"""What a loudspeaker would get, in real time: a sound server with a null sink, recorded."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from rushes.playback import Player, PlayerState, Playing, Source
from tests.playback import pulse
from tests.playback.conftest import MakePlayer, WriteWav, use_alsa
from tests.playback.fakes import PATIENCE, Recorder, source
from tests.playback.pulse import RATE, PulseServer, Recording, counting, level, place, runs

pytestmark = pytest.mark.skipif(not pulse.is_installed(), reason="PulseAudio isn't installed")

ROUTES = ["simpleaudio", "miniaudio"]
NEAR = 0.2
"""Seconds by which positions may be apart on a machine that has other things to do."""

Make = Callable[[str, pulse.Samples], Source]


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PulseServer]:
    server = PulseServer(tmp_path_factory.mktemp("pulse"))
    yield server
    server.close()


def _use(server: PulseServer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_alsa(monkeypatch, folder, pulse.ALSA)
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def server(
    shared_server: PulseServer, alsa_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> PulseServer:
    """A sound server that plays to nobody but its recorder."""
    _use(shared_server, alsa_folder, monkeypatch)
    return shared_server


@pytest.fixture
def own_server(
    tmp_path: Path, alsa_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PulseServer]:
    """One that a test may break."""
    folder = tmp_path / "pulse"
    folder.mkdir()
    server = PulseServer(folder)
    _use(server, alsa_folder, monkeypatch)
    yield server
    server.close()


@pytest.fixture(scope="module")
def shared_recording(shared_server: PulseServer) -> Iterator[Recording]:
    recording = Recording(shared_server)
    yield recording
    recording.close()


@pytest.fixture
def recording(shared_recording: Recording, server: PulseServer) -> Recording:
    """What the server plays from now on."""
    assert server.process.poll() is None
    shared_recording.wait(0.1)
    shared_recording.forget()
    return shared_recording


@pytest.fixture
def make(write_wav: WriteWav) -> Make:
    return lambda name, samples: source(write_wav(f"{name}.wav", samples, RATE))


def plays(recorder: Recorder, key: str) -> PlayerState:
    return recorder.until(lambda state: (state.key, state.playing) == (key, Playing.PLAYING))


def reached(player: Player, position: float) -> None:
    """Waits until the playhead is there."""
    deadline = time.monotonic() + PATIENCE
    while player.state.position < position:
        assert time.monotonic() < deadline, player.state
        os.sched_yield()


@pytest.mark.parametrize("route", ROUTES)
def test_a_swap_goes_on_where_the_other_side_was(
    route: str, recording: Recording, make_player: MakePlayer, make: Make
) -> None:
    one, other = make("one", counting(3.0)), make("other", counting(3.0, -1))
    player, recorder = make_player(route=route)
    player.play(one)
    plays(recorder, "one")
    reached(player, 0.5)
    player.swap(other)
    plays(recorder, "other")
    recording.wait(0.5)
    shown, heard = player.state.position, recording.samples[-1]
    player.stop()
    samples = recording.samples
    left, came = samples[np.flatnonzero(samples > 0)[-1]], samples[np.flatnonzero(samples < 0)[0]]
    assert abs(place(came) - place(left)) < NEAR
    assert 0.4 < place(left) < 1.5
    assert heard < 0
    assert abs(shown - place(heard)) < NEAR


@pytest.mark.parametrize("route", ROUTES)
def test_a_loop_goes_from_the_last_sample_to_the_first(
    route: str, recording: Recording, make_player: MakePlayer, make: Make
) -> None:
    samples = counting(0.25)
    player, recorder = make_player(route=route)
    player.loop(on=True)
    player.play(make("clip", samples))
    plays(recorder, "clip")
    recording.wait(1.0)
    player.stop()
    recorder.until(lambda state: state.playing is Playing.STOPPED)
    got = recording.samples
    ends = np.flatnonzero(got[:-1] == samples[-1, 0])
    after = {int(got[end + 1]) for end in ends} - {int(samples[-1, 0])}
    assert after <= {int(samples[0, 0]), 0}
    assert int(samples[0, 0]) in after
    recording.wait(0.3)
    assert not recording.samples[-round(0.1 * RATE) :].any(), "it is silent after the stop"


@pytest.mark.parametrize("route", ROUTES)
def test_what_follows_comes_with_the_next_sample(
    route: str, recording: Recording, make_player: MakePlayer, make: Make
) -> None:
    values = [1000, 3000, 5000]
    clips = [make(str(value), level(0.5 if value == 1000 else 0.3, value)) for value in values]
    player, recorder = make_player(route=route)
    player.play(clips[0], following=clips[1:])
    plays(recorder, "5000")
    state = player.wait(PATIENCE)
    assert state.key == "5000"
    assert state.position == pytest.approx(0.3)
    recording.wait(0.2)
    heard = [run.value for run in runs(recording.samples)]
    # Within a clip a busy machine may leave a hole; where one gives way to the other none may be.
    assert {(1000, 3000), (3000, 5000)} <= set(pairwise(heard))
    assert [value for value in dict.fromkeys(heard) if value] == values


def test_a_pause_goes_on_where_it_was_and_a_seek_goes_there(
    recording: Recording, make_player: MakePlayer, make: Make
) -> None:
    player, recorder = make_player()
    player.play(make("clip", counting(4.0)))
    state = plays(recorder, "clip")
    assert state.route
    assert state.route.name == "simpleaudio"
    reached(player, 0.3)
    player.pause()
    recording.wait(0.2)
    player.resume()
    plays(recorder, "clip")
    recording.wait(0.2)
    player.seek(3.0)
    recording.until_heard(int(counting(4.0)[round(3.1 * RATE), 0]))
    heard = recording.samples
    sounds = np.flatnonzero(heard)
    jumps = np.flatnonzero(np.diff(sounds) > 1)
    paused = jumps[0]
    before, after = heard[sounds[paused]], heard[sounds[paused + 1]]
    assert abs(place(after) - place(before)) < NEAR
    assert not np.any((heard > heard[sounds[-1]] // 2) & (heard < counting(4.0)[3 * RATE - 8, 0]))


@pytest.mark.parametrize("route", ROUTES)
def test_two_clips_are_never_heard_at_once(
    route: str, recording: Recording, make_player: MakePlayer, make: Make
) -> None:
    # PRESSES=500 for the long run. Sums of these values, and twice one, are none of them.
    presses = int(os.environ.get("PRESSES", "60"))
    values = (1000, 3000, 9000)
    clips = [make(f"clip-{value}", level(5.0, value)) for value in values]
    player, recorder = make_player(route=route)
    dice = random.Random(7)
    keys: list[Callable[[], None]] = [
        lambda: player.play(dice.choice(clips), dice.uniform(0, 2)),
        lambda: player.swap(dice.choice(clips)),
        player.toggle,
        player.toggle_loop,
        lambda: player.nudge(dice.uniform(-1, 1)),
        lambda: player.queue(dice.choice(clips)),
    ]
    player.play(clips[0])
    plays(recorder, "clip-1000")
    for _ in range(presses):
        dice.choice(keys)()
        recording.wait(dice.choice([0.0, 0.01, 0.03, 0.1]))
    player.stop()
    recorder.until(lambda state: state.playing is Playing.STOPPED)
    assert set(np.unique(recording.samples)) <= {0, *values}


@pytest.mark.parametrize("route", ROUTES)
def test_a_server_that_dies_is_told_and_the_next_one_is_found(
    route: str, own_server: PulseServer, make_player: MakePlayer, make: Make
) -> None:
    player, recorder = make_player(route=route)
    clip = make("clip", level(30.0, 1000))
    player.play(clip)
    plays(recorder, "clip")
    own_server.process.kill()
    state = player.wait(PATIENCE)
    assert state.error
    assert state.route
    assert not state.route.heard
    own_server.process.wait()
    own_server.start()
    recorder.until(lambda seen: seen.route is not None and seen.route.heard)
    player.toggle()
    assert plays(recorder, "clip").error is None


@pytest.mark.parametrize("route", ROUTES)
def test_a_device_that_is_unplugged_is_told(
    route: str, own_server: PulseServer, make_player: MakePlayer, make: Make
) -> None:
    player, recorder = make_player(route=route)
    player.play(make("clip", level(30.0, 1000)))
    plays(recorder, "clip")
    own_server.control("unload-module", "module-null-sink")
    assert player.wait(PATIENCE).error


@pytest.mark.parametrize("route", ROUTES)
def test_a_server_that_accepts_and_never_answers_is_not_waited_for(
    route: str,
    own_server: PulseServer,
    make_player: MakePlayer,
    make: Make,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rushes.playback.engine.START_LIMIT", 0.5)
    monkeypatch.setattr("rushes.playback.helper_sink.PROBE_LIMIT", 0.5)
    player, recorder = make_player(route=route)
    clip = make("clip", level(30.0, 1000))
    player.warm()
    recorder.until(lambda state: state.route is not None and state.route.heard)
    own_server.freeze()
    player.play(clip)
    state = player.wait(PATIENCE)
    assert "doesn't answer" in str(state.error)
    player.play(clip)
    state = player.wait(PATIENCE)
    assert "doesn't answer" in str(state.error)
    own_server.thaw()
    player.close()


def test_a_file_that_is_cut_or_removed_while_it_plays_is_heard_to_its_end(
    recording: Recording, make_player: MakePlayer, make: Make
) -> None:
    player, recorder = make_player()
    for name in ("cut", "removed"):
        clip = make(name, level(0.6, 3000))
        player.play(clip)
        plays(recorder, name)
        if name == "cut":
            clip.path.write_bytes(b"RIFF")
        else:
            clip.path.unlink()
        player.louder(-6.0)
        assert player.wait(PATIENCE).error is None
        player.louder(6.0)
        player.toggle()
        state = player.wait(PATIENCE)
        assert state.error
        assert state.playing is Playing.STOPPED
    assert recording.samples.any()
