"""What the player means, proved on a sink in this process whose clock stands still."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from rushes.errors import BadInput
from rushes.playback import Player, Playing, Source
from rushes.playback.clip import Clip, load_clip
from rushes.playback.sink import Fault
from tests.playback.conftest import MakePlayer, WriteWav
from tests.playback.fakes import PATIENCE, FakeSink, FakeWays, Recorder, source

RATE = 8000


@pytest.fixture
def clip(write_wav: WriteWav) -> Source:
    """Three seconds."""
    return source(write_wav("clip.wav", np.ones((3 * RATE, 1), np.int16), RATE))


@pytest.fixture
def other(write_wav: WriteWav) -> Source:
    """One second."""
    return source(write_wav("other.wav", np.ones((RATE, 1), np.int16), RATE))


@pytest.fixture
def sink() -> FakeSink:
    return FakeSink()


@pytest.fixture
def player(make_player: MakePlayer, sink: FakeSink) -> Player:
    player, _ = make_player(ways=FakeWays(sink), clock=lambda: sink.now)
    return player


def sounding(player: Player, sink: FakeSink, clip: Source, at: float = 0.0) -> None:
    player.play(clip, at)
    sink.started_at(round(at * RATE))
    sink.begin()
    reach(player, Playing.PLAYING)


def reach(player: Player, playing: Playing) -> None:
    """Waits for the player's thread: every change of its deck wakes who waits."""
    with player._board.changed:
        assert player._board.changed.wait_for(lambda: player.state.playing is playing, PATIENCE)


def test_a_wish_shows_at_once(player: Player, clip: Source) -> None:
    player.play(clip, 1.0)
    state = player.state
    assert (state.key, state.error) == ("clip", None)
    assert state.playing is Playing.LOADING


def test_the_position_follows_the_clock(player: Player, sink: FakeSink, clip: Source) -> None:
    sounding(player, sink, clip, 0.5)
    sink.now += 1.0
    assert player.state.position == 1.5
    assert player.state.length == 3.0
    sink.now += 100.0
    assert player.state.position == 3.0


def test_a_clip_that_ended_stays_in_the_deck(player: Player, sink: FakeSink, clip: Source) -> None:
    sounding(player, sink, clip)
    sink.end()
    state = player.wait(PATIENCE)
    assert state.playing is Playing.STOPPED
    assert (state.key, state.position, state.error) == ("clip", 3.0, None)


def test_a_pause_silences_and_going_on_starts_there(
    player: Player, sink: FakeSink, clip: Source
) -> None:
    sounding(player, sink, clip)
    sink.now += 1.0
    player.toggle()
    sink.silent()
    sink.now += 60.0
    assert (player.state.playing, player.state.position) == (Playing.PAUSED, 1.0)
    player.toggle()
    sink.started_at(RATE)


def test_a_seek_starts_anew_from_there(player: Player, sink: FakeSink, clip: Source) -> None:
    sounding(player, sink, clip)
    sink.now += 1.0
    player.nudge(-0.5)
    sink.started_at(RATE // 2)
    player.seek(2.0)
    sink.started_at(2 * RATE)


def test_a_seek_past_the_end_ends(player: Player, sink: FakeSink, clip: Source) -> None:
    sounding(player, sink, clip)
    player.nudge(60.0)
    state = player.wait(PATIENCE)
    assert (state.playing, state.position) == (Playing.STOPPED, 3.0)
    sink.silent()


def test_another_clip_cuts_over(
    player: Player, sink: FakeSink, clip: Source, other: Source
) -> None:
    sounding(player, sink, clip)
    stops = sink.stops
    sounding(player, sink, other, 0.25)
    assert sink.stops > stops
    assert (player.state.key, player.state.length) == ("other", 1.0)


def test_stop_silences_and_rewinds(player: Player, sink: FakeSink, clip: Source) -> None:
    sounding(player, sink, clip)
    sink.now += 1.0
    player.stop()
    sink.silent()
    assert player.state.position == 0.0
    assert player.wait(PATIENCE).playing is Playing.STOPPED


def test_what_an_old_sound_tells_is_not_taken_for_the_new_one(
    player: Player, sink: FakeSink, clip: Source, other: Source
) -> None:
    sounding(player, sink, clip)
    old = sink.playing
    player.play(other, 0.5)
    take = sink.started_at(RATE // 2)
    assert old is not None
    sink.playing = old
    sink.end()
    sink.fail()
    sink.playing = (take, RATE // 2)
    sink.begin()
    reach(player, Playing.PLAYING)
    assert player.state.key == "other"
    assert player.state.error is None


def test_every_change_is_told_and_the_moving_playhead_is_not(
    make_player: MakePlayer, sink: FakeSink, clip: Source
) -> None:
    player, recorder = make_player(ways=FakeWays(sink), clock=lambda: sink.now)
    sounding(player, sink, clip)
    recorder.until(lambda state: state.playing is Playing.PLAYING)
    told = len(recorder.states)
    sink.now += 1.0
    player.warm()
    sink.end()
    recorder.until(lambda state: state.playing is Playing.STOPPED)
    assert len(recorder.states) == told + 1


def test_the_fault_of_a_face_ends_nothing(sink: FakeSink, clip: Source) -> None:
    def broken(state: object) -> None:
        raise ValueError(state)

    with closing(Player(ways=FakeWays(sink), on_change=broken, clock=lambda: sink.now)) as player:
        sounding(player, sink, clip)


def test_missing_and_broken_files_say_so_and_the_next_plays(
    player: Player, sink: FakeSink, clip: Source, tmp_path: Path
) -> None:
    nonsense = tmp_path / "nonsense [b].wav"
    nonsense.write_bytes(b"no audio at all")
    truncated = tmp_path / "truncated.wav"
    truncated.write_bytes(clip.path.read_bytes()[:5000])
    for path in (tmp_path / "gone.wav", nonsense, truncated, tmp_path):
        player.play(Source("bad", path))
        state = player.wait(PATIENCE)
        assert state.playing is Playing.STOPPED
        assert state.error
        assert "\n" not in state.error
    sounding(player, sink, clip)
    assert player.state.error is None


def test_a_fault_that_nobody_foresaw_is_one_line_and_the_next_plays(
    make_player: MakePlayer, sink: FakeSink, clip: Source, other: Source
) -> None:
    def load(wanted: Source) -> Clip:
        if wanted == other:
            raise ZeroDivisionError
        return load_clip(wanted)

    player, _ = make_player(ways=FakeWays(sink), clock=lambda: sink.now, load=load)
    player.play(other)
    error = player.wait(PATIENCE).error
    assert error
    assert "ZeroDivisionError" in error
    sounding(player, sink, clip)


def test_a_file_that_changed_is_read_again_and_one_that_did_not_is_not(
    make_player: MakePlayer, sink: FakeSink, clip: Source, write_wav: WriteWav
) -> None:
    loads: list[Source] = []

    def load(wanted: Source) -> Clip:
        loads.append(wanted)
        return load_clip(wanted)

    player, _ = make_player(ways=FakeWays(sink), clock=lambda: sink.now, load=load)
    sounding(player, sink, clip)
    sounding(player, sink, clip, 1.0)
    assert len(loads) == 1
    write_wav("clip.wav", np.ones((5 * RATE, 1), np.int16), RATE)
    sounding(player, sink, clip, 2.0)
    assert len(loads) == 2
    assert player.state.length == 5.0


def test_silence_fails_with_what_to_type_and_looks_again_later(
    make_player: MakePlayer, sink: FakeSink, clip: Source
) -> None:
    ways = FakeWays()
    player, _ = make_player(ways=ways, clock=lambda: sink.now)
    player.play(clip)
    state = player.wait(PATIENCE)
    assert state.playing is Playing.STOPPED
    assert state.route
    assert not state.route.heard
    assert state.error == "There is no way out for sound. Connect a loudspeaker"
    ways.sinks.append(sink)
    sink.now += 10.0
    sounding(player, sink, clip)
    assert player.state.route
    assert player.state.route.heard


def test_a_device_that_is_gone_gives_way_to_the_next(
    make_player: MakePlayer, sink: FakeSink, clip: Source
) -> None:
    gone = FakeSink()
    gone.broken = True
    player, _ = make_player(ways=FakeWays(gone, sink), clock=lambda: sink.now)
    sounding(player, sink, clip)
    assert gone.closed
    assert player.state.route
    assert player.state.route.name == "fake 2"


def test_no_device_anywhere_is_tried_a_few_times_and_no_more(
    make_player: MakePlayer, clip: Source
) -> None:
    sinks = [FakeSink() for _ in range(9)]
    for sink in sinks:
        sink.broken = True
    ways = FakeWays(*sinks)
    player, _ = make_player(ways=ways)
    player.play(clip)
    state = player.wait(PATIENCE)
    assert state.error == "The clip can't be played: unplugged. Play again to retry"
    assert ways.chosen == 3


def test_a_crash_while_it_plays_says_so_and_the_sound_goes_on_by_itself(
    player: Player, sink: FakeSink, clip: Source
) -> None:
    sounding(player, sink, clip)
    sink.now += 1.0
    sink.fail(Fault.CRASHED, "the sound helper was ended by SIGSEGV")
    sink.started_at(RATE)
    sink.begin()
    reach(player, Playing.PLAYING)
    state = player.state
    assert state.error
    assert "SIGSEGV" in state.error
    assert state.position == 1.0


def test_what_crashes_again_and_again_is_given_up_where_it_broke_off(
    player: Player, sink: FakeSink, clip: Source
) -> None:
    sounding(player, sink, clip)
    for number in (1, 2, 3):
        sink.now += 0.5
        sink.fail(Fault.CRASHED, "the sound helper was ended by SIGSEGV")
        if number < 3:
            sink.started_at(number * RATE // 2)
            sink.begin()
            reach(player, Playing.PLAYING)
    state = player.wait(PATIENCE)
    assert (state.playing, state.position) == (Playing.STOPPED, 1.5)
    assert state.error
    assert "Play again" in state.error
    player.toggle()
    sink.started_at(round(1.5 * RATE))


@pytest.mark.parametrize("begun", [False, True])
def test_a_device_that_never_answers_is_given_up(
    make_player: MakePlayer, sink: FakeSink, clip: Source, *, begun: bool
) -> None:
    spare = FakeSink()
    player, _ = make_player(ways=FakeWays(sink, spare), clock=lambda: sink.now)
    player.play(clip)
    sink.started_at(0)
    if begun:
        sink.begin()
        reach(player, Playing.PLAYING)
    sink.now += 60.0
    player.warm()
    with player._board.changed:
        player._board.changed.notify_all()
    error = player.wait(PATIENCE).error
    assert error
    assert "doesn't answer" in error
    assert sink.closed
    player.play(clip)
    spare.started_at(0)


def test_a_thousand_wishes_at_once_end_where_the_last_one_says(
    player: Player, sink: FakeSink, clip: Source, other: Source
) -> None:
    sink.at_once = True
    dice = random.Random(4)
    wishes: list[Callable[[], None]] = [
        lambda: player.play(dice.choice([clip, other]), dice.uniform(0, 4)),
        player.toggle,
        player.pause,
        player.resume,
        player.stop,
        lambda: player.seek(dice.uniform(-1, 4)),
        lambda: player.nudge(dice.uniform(-1, 1)),
    ]

    def wish() -> None:
        for _ in range(250):
            dice.choice(wishes)()

    people = [threading.Thread(target=wish) for _ in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    player.play(clip, 1.0)
    sink.started_at(RATE)
    reach(player, Playing.PLAYING)
    assert (player.state.key, player.state.position) == ("clip", 1.0)
    player.pause()
    sink.silent()


def test_closing_ends_the_wait_and_later_wishes_do_nothing(
    player: Player, sink: FakeSink, clip: Source
) -> None:
    sounding(player, sink, clip)
    waiting = threading.Thread(target=player.wait)
    waiting.start()
    player.close()
    player.close()
    waiting.join(PATIENCE)
    assert not waiting.is_alive()
    assert sink.closed
    player.play(clip)
    assert player.wait(PATIENCE).playing is Playing.STOPPED


def test_closing_from_within_a_change_does_not_hang(sink: FakeSink, clip: Source) -> None:
    closed = threading.Event()
    players: list[Player] = []

    def close(_: object) -> None:
        players[0].close()
        closed.set()

    players.append(Player(ways=FakeWays(sink), on_change=close, clock=lambda: sink.now))
    players[0].play(clip)
    assert closed.wait(PATIENCE)


def test_a_player_that_is_never_used_starts_nothing() -> None:
    before = threading.active_count()
    player = Player(on_change=Recorder())
    player.toggle()
    player.seek(1.0)
    player.stop()
    assert threading.active_count() == before
    assert player.state.route is None
    player.close()


def test_a_route_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(BadInput, match="pw-play"):
        Player(route="loud")
