"""Real libraries, real processes, real bytes: what reaches a device that records."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pytest

from rushes.media.decode import read_pcm16
from rushes.playback import Player, Playing
from rushes.playback.fit import fit
from tests.playback.conftest import MakePlayer, Samples, Wav
from tests.playback.fakes import PATIENCE, Recorder, children, source


def recorded(capture: Path) -> Samples:
    return np.fromfile(capture, np.int16)


def heard_whole(player: Player, path: Path, at: float = 0.0) -> None:
    player.play(source(path), at)
    state = player.wait(PATIENCE)
    assert (state.playing, state.error) == (Playing.STOPPED, None)
    assert state.position == state.length > 0


SHAPES = [(24_000, 1), (48_000, 2), (44_100, 1)]


@pytest.mark.parametrize(("rate", "channels"), SHAPES)
def test_simpleaudio_delivers_every_sample_and_nothing_else(
    rate: int, channels: int, capture: Path, make_player: MakePlayer, wav: Wav
) -> None:
    path, samples = wav(2 * rate + 77, channels, rate)
    player, _ = make_player()
    heard_whole(player, path)
    assert np.array_equal(recorded(capture), samples.ravel())
    assert player.state.route
    assert player.state.route.name == "simpleaudio"


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("route", ["miniaudio", "aplay"])
def test_the_others_deliver_every_sample_and_fill_up_their_buffer(
    route: str, shape: tuple[int, int], capture: Path, make_player: MakePlayer, wav: Wav
) -> None:
    rate, channels = shape
    path, samples = wav(2 * rate + 77, channels, rate)
    player, _ = make_player(route=route)
    heard_whole(player, path)
    got = recorded(capture)
    assert np.array_equal(got[: samples.size], samples.ravel())
    assert not got[samples.size :].any()


@pytest.mark.parametrize(("rate", "channels"), [(22_000, 1), (12_345, 2), (24_000, 6)])
def test_odd_rates_and_many_channels_are_made_to_fit(
    rate: int,
    channels: int,
    capture: Path,
    make_player: MakePlayer,
    wav: Wav,
) -> None:
    path, _ = wav(rate, channels, rate)
    player, _ = make_player(route="simpleaudio")
    heard_whole(player, path)
    assert np.array_equal(recorded(capture), fit(read_pcm16(path)).samples.ravel())
    assert player.state.length == pytest.approx(1.0, abs=0.001)


def test_a_clip_starts_at_the_frame_that_was_asked_for(
    capture: Path, make_player: MakePlayer, wav: Wav
) -> None:
    path, samples = wav(48_000, 2, 24_000)
    player, _ = make_player(route="simpleaudio")
    heard_whole(player, path, at=1.25)
    assert np.array_equal(recorded(capture), samples[30_000:].ravel())


@pytest.mark.parametrize("frames", [1, 2, 100])
def test_the_shortest_clips_come_through(
    frames: int, capture: Path, make_player: MakePlayer, wav: Wav
) -> None:
    path, samples = wav(frames, 1, 24_000)
    player, _ = make_player(route="simpleaudio")
    heard_whole(player, path)
    assert np.array_equal(recorded(capture), samples.ravel())


def test_one_helper_serves_clip_after_clip(
    capture: Path, make_player: MakePlayer, wav: Wav
) -> None:
    player, _ = make_player(route="simpleaudio")
    clips = [wav(5000 + number, 1, 24_000) for number in range(3)]
    heard_whole(player, clips[0][0])
    helpers = set(children())
    for _ in range(20):
        for path, samples in clips:
            heard_whole(player, path)
            assert np.array_equal(recorded(capture), samples.ravel())
    assert set(children()) == helpers
    assert len(helpers) == 2  # one in use, one spare


def test_clips_that_follow_each_other_have_no_sample_between_them(
    capture: Path, make_player: MakePlayer, wav: Wav
) -> None:
    clips = [wav(7_001 + number, 1, 24_000) for number in range(5)]
    first, *rest = [source(path) for path, _ in clips]
    player, recorder = make_player(route="simpleaudio")
    player.play(first, following=rest)
    state = player.wait(PATIENCE)
    assert (state.key, state.following, state.error) == (rest[-1].key, (), None)
    assert state.position == state.length == pytest.approx(7_005 / 24_000)
    assert np.array_equal(recorded(capture), np.concatenate([one.ravel() for _, one in clips]))
    # Together these are longer than what is laid out: the last has its own start.
    made = [wav(24_000 * 50 + number, 1, 24_000) for number in range(3)]
    first, *rest = [source(path) for path, _ in made]
    player.play(first, following=rest)
    assert player.wait(PATIENCE).key == rest[-1].key
    assert [seen.key for seen in recorder.states if seen.playing is Playing.PLAYING] == [
        source(clips[0][0]).key,
        first.key,
        rest[-1].key,
    ]
    assert np.array_equal(recorded(capture), made[-1][1].ravel())


@pytest.mark.usefixtures("slow_device")
def test_pause_seek_and_cut_over_on_a_real_device(make_player: MakePlayer, wav: Wav) -> None:
    path, _ = wav(24_000 * 60, 1, 24_000)
    other, _ = wav(24_000 * 59, 1, 24_000)
    player, recorder = make_player(route="simpleaudio")
    player.play(source(path), 10.0)
    recorder.until(lambda state: state.playing is Playing.PLAYING)
    player.pause()
    paused = recorder.until(lambda state: state.playing is Playing.PAUSED).position
    assert 10.0 <= paused < 60.0
    player.nudge(5.0)
    assert player.state.position == pytest.approx(paused + 5.0)
    player.resume()
    going_on = recorder.until(lambda state: state.playing is Playing.PLAYING)
    assert going_on.position >= paused + 5.0
    player.seek(2.0)
    recorder.until(lambda state: state.playing is Playing.PLAYING and state.position < 10.0)
    player.play(source(other))
    recorder.until(lambda state: state.playing is Playing.PLAYING and state.key == other.stem)
    player.stop()
    recorder.until(lambda state: state.playing is Playing.STOPPED)
    assert player.state.error is None


@pytest.mark.usefixtures("no_device")
def test_without_any_device_there_is_silence_that_says_what_to_do(
    make_player: MakePlayer, wav: Wav
) -> None:
    player, recorder = make_player()
    player.warm()
    route = recorder.until(lambda state: state.route is not None).route
    assert route
    assert (route.name, route.heard) == ("silence", False)
    assert "loudspeaker" in route.hint
    player.play(source(wav(100, 1, 24_000)[0]))
    state = player.wait(PATIENCE)
    assert state.playing is Playing.STOPPED
    assert state.error
    assert route.hint in state.error


@pytest.mark.usefixtures("no_device")
@pytest.mark.parametrize("route", ["simpleaudio", "miniaudio", "aplay"])
def test_no_backend_pretends_to_play_where_nothing_is_heard(
    route: str, make_player: MakePlayer, wav: Wav
) -> None:
    player, _ = make_player(route=route)
    player.play(source(wav(100, 1, 24_000)[0]))
    state = player.wait(PATIENCE)
    assert state.error
    assert state.route
    assert not state.route.heard


def put_on_path(name: str, script: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


def test_a_program_that_answers_the_probe_and_fails_later_says_why(
    alsa_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_player: MakePlayer,
    wav: Wav,
) -> None:
    # The probe is shorter than a kilobyte.
    fails = '[ $(wc -c < "$1") -lt 1100 ] && exit 0; echo "Host is down" >&2; exit 1'
    put_on_path("paplay", fails, alsa_folder, monkeypatch)
    player, _ = make_player(route="paplay")
    player.play(source(wav(24_000, 1, 24_000)[0]))
    error = player.wait(PATIENCE).error
    assert error
    assert "paplay ended with code 1: Host is down" in error


@pytest.mark.parametrize(("sink", "heard"), [("auto_null", False), ("desk", True)])
def test_a_sound_server_without_a_loudspeaker_counts_as_none(
    sink: str,
    heard: bool,
    alsa_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_player: MakePlayer,
) -> None:
    monkeypatch.delenv("ALSA_CONFIG_PATH", raising=False)
    put_on_path("paplay", "exit 0", alsa_folder, monkeypatch)
    put_on_path("pactl", f"echo 'Default Sink: {sink}'", alsa_folder, monkeypatch)
    player, recorder = make_player(route="paplay")
    player.warm()
    route = recorder.until(lambda state: state.route is not None).route
    assert route
    assert route.heard is heard


def test_a_server_that_never_answers_is_not_waited_for_long(
    alsa_folder: Path, monkeypatch: pytest.MonkeyPatch, make_player: MakePlayer
) -> None:
    monkeypatch.setattr("rushes.playback.helper_sink.PROBE_LIMIT", 0.3)
    put_on_path("paplay", "exec sleep 60", alsa_folder, monkeypatch)
    player, recorder = make_player(route="paplay")
    player.warm()
    route = recorder.until(lambda state: state.route is not None).route
    assert route
    assert "doesn't answer" in route.hint


def test_closing_does_not_wait_for_a_server_that_never_answers(
    alsa_folder: Path, monkeypatch: pytest.MonkeyPatch, make_player: MakePlayer
) -> None:
    monkeypatch.setattr("rushes.playback.helper_sink.PROBE_LIMIT", 1000.0)
    started = alsa_folder / "started"
    os.mkfifo(started)
    put_on_path("paplay", f"echo > {started}; exec sleep 60", alsa_folder, monkeypatch)
    player, _ = make_player(route="paplay")
    player.warm()
    started.read_text()
    player.close()
    assert not children()


def test_a_device_that_breaks_off_is_not_taken_for_the_end(
    alsa_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_player: MakePlayer,
    wav: Wav,
) -> None:
    # In real time but not to the end, as when a loudspeaker is unplugged.
    stops_early = '[ $(wc -c < "$1") -lt 1100 ] || sleep 1.2'
    put_on_path("paplay", stops_early, alsa_folder, monkeypatch)
    player, _ = make_player(route="paplay")
    player.play(source(wav(24_000 * 2, 1, 24_000)[0]))
    error = player.wait(PATIENCE).error
    assert error
    assert "went away" in error


def test_who_listens_hears_loading_playing_and_the_end(
    capture: Path, make_player: MakePlayer, wav: Wav
) -> None:
    player, recorder = make_player(route="simpleaudio")
    heard_whole(player, wav(24_000, 1, 24_000)[0])
    recorder.until(lambda state: state.playing is Playing.STOPPED and state.position > 0)
    assert told(recorder) == [Playing.LOADING, Playing.PLAYING, Playing.STOPPED]
    assert capture.exists()


def told(recorder: Recorder) -> list[Playing]:
    """What was told, without repetitions and without what came before the first wish."""
    states = [state.playing for state in recorder.states if state.key]
    return [now for before, now in zip([None, *states], states, strict=False) if now != before]
