"""Loop, gain, sides, what follows: on sinks that stream and on those that don't."""

from __future__ import annotations

import mmap

import numpy as np
import pytest

from rushes.playback import Player, Playing, Source
from rushes.playback.clip import Clip
from rushes.playback.sink import Fault, Place
from tests.playback.conftest import MakePlayer, Samples, WriteWav
from tests.playback.fakes import FakeSink, FakeWays, source
from tests.playback.test_player import RATE, reach, sounding

SECONDS = 3


@pytest.fixture
def clip(write_wav: WriteWav) -> Source:
    """Three seconds at −20 dBFS."""
    return source(write_wav("clip.wav", np.full((SECONDS * RATE, 1), 3277, np.int16), RATE))


@pytest.fixture
def loud(write_wav: WriteWav) -> Source:
    """Two seconds at −6 dBFS."""
    return source(write_wav("loud.wav", np.full((2 * RATE, 1), 16423, np.int16), RATE))


@pytest.fixture
def wide(write_wav: WriteWav) -> Source:
    """Two seconds of stereo."""
    return source(write_wav("wide.wav", np.full((2 * RATE, 2), 500, np.int16), RATE))


@pytest.fixture(params=[True, False], ids=["streams", "whole"])
def sink(request: pytest.FixtureRequest) -> FakeSink:
    return FakeSink(streams=request.param)


@pytest.fixture
def player(make_player: MakePlayer, sink: FakeSink) -> Player:
    player, _ = make_player(ways=FakeWays(sink), clock=lambda: sink.now)
    return player


def samples(clip: Clip) -> Samples:
    with mmap.mmap(clip.descriptor, clip.frames * clip.frame_bytes, prot=mmap.PROT_READ) as held:
        return np.frombuffer(bytes(held), np.int16)


def changed(sink: FakeSink, count: int, frame: int) -> Samples:
    """Waits for the ``count``-th change of the sound, at a frame, and gives what plays then."""
    if sink.streams:
        stretch, place = sink.joined(count)
        assert place is Place.HERE
    else:
        assert sink.started(count + 1) == frame
        assert sink.stretch is not None
        stretch = sink.stretch
    heard = samples(stretch.clip)
    sink.goes_on_at(frame / RATE)
    return heard


def test_a_gain_changes_the_sound_where_it_is(player: Player, sink: FakeSink, clip: Source) -> None:
    sounding(player, sink, clip)
    sink.now += 1.0
    player.louder(6.0)
    assert (player.state.gain, player.state.playing) == (6.0, Playing.PLAYING)
    heard = changed(sink, 1, RATE)
    assert heard.tolist() == [round(3277 * 10 ** (6 / 20))] * (SECONDS * RATE)
    sink.now += 0.5
    player.louder(-6.0)
    assert changed(sink, 2, round(1.5 * RATE)).tolist() == [3277] * (SECONDS * RATE)


def test_a_gain_holds_for_the_next_clip_and_what_is_too_loud_is_cut_at_full_scale(
    player: Player, sink: FakeSink, clip: Source, loud: Source
) -> None:
    player.louder(99.0)
    assert player.state.gain == 20.0
    sounding(player, sink, clip)
    assert sink.stretch is not None
    assert set(samples(sink.stretch.clip)) == {32767}
    player.louder(-12.0)
    sounding(player, sink, loud, 0.5)
    assert set(samples(sink.stretch.clip)) == {32767}


def test_a_loop_goes_on_without_end(player: Player, sink: FakeSink, clip: Source) -> None:
    player.loop(on=True)
    sounding(player, sink, clip, 1.0)
    assert sink.stretch is not None
    if sink.streams:
        assert sink.stretch.loop
    else:
        assert sink.stretch.clip.frames >= 100 * SECONDS * RATE
        assert sink.stretch.clip.frames % (SECONDS * RATE) == 0
    sink.now += 2.5
    assert player.state.position == pytest.approx(0.5)
    sink.now += 30.0
    assert player.state.playing is Playing.PLAYING
    assert player.state.position == pytest.approx(0.5)
    player.loop(on=False)
    assert len(changed(sink, 1, RATE // 2)) == SECONDS * RATE
    sink.now += 99.0
    assert player.state.position == SECONDS


def test_sides_are_swapped_in_place_with_the_louder_one_lowered(
    player: Player, sink: FakeSink, clip: Source, loud: Source
) -> None:
    sounding(player, sink, clip)
    sink.now += 1.25
    player.swap(loud)
    heard = changed(sink, 1, round(1.25 * RATE))
    assert heard[0] == pytest.approx(3277, abs=1)
    reach(player, Playing.PLAYING)
    state = player.state
    assert (state.key, state.side, state.position) == ("loud", "B", 1.25)
    assert state.matched == pytest.approx(-14.0, abs=0.01)
    assert state.length == 2.0
    player.swap()
    assert changed(sink, 2, round(1.25 * RATE))[0] == 3277
    assert (player.state.key, player.state.side, player.state.matched) == ("clip", "A", 0.0)


def test_a_clip_that_takes_over_goes_on_in_place_as_loud_as_it_is(
    player: Player, sink: FakeSink, clip: Source, loud: Source
) -> None:
    sounding(player, sink, clip)
    sink.now += 1.25
    player.take_over(loud)
    assert changed(sink, 1, round(1.25 * RATE))[0] == 16423
    reach(player, Playing.PLAYING)
    state = player.state
    assert (state.key, state.other, state.side, state.position) == ("loud", None, "", 1.25)
    player.stop()
    player.take_over(clip)
    assert sink.started(3 - sink.streams) == 0, "what doesn't play is played"
    assert player.state.key == "clip"


def test_a_side_that_is_shorter_begins_anew(
    player: Player, sink: FakeSink, clip: Source, loud: Source
) -> None:
    sounding(player, sink, clip, 2.5)
    player.swap(loud)
    changed(sink, 1, 0)


def test_a_side_of_another_form_needs_a_new_start(
    player: Player, sink: FakeSink, clip: Source, wide: Source
) -> None:
    sounding(player, sink, clip, 1.0)
    player.swap(wide)
    assert sink.started(2) == RATE
    assert not sink.joins
    assert sink.stretch is not None
    assert sink.stretch.clip.channels == 2


def test_a_side_that_cannot_be_read_says_so_and_nothing_plays_on(
    player: Player, sink: FakeSink, clip: Source, loud: Source
) -> None:
    sounding(player, sink, clip)
    loud.path.unlink()
    player.swap(loud)
    assert player.wait(20.0).error
    sink.silent()


def test_what_follows_is_joined_to_a_stream_and_shown_when_it_is_heard(
    make_player: MakePlayer, clip: Source, loud: Source
) -> None:
    sink = FakeSink(streams=True)
    player, _ = make_player(ways=FakeWays(sink), clock=lambda: sink.now)
    sounding(player, sink, clip)
    sink.now += 1.0
    player.queue(loud, clip)
    stretch, place = sink.joined(1)
    assert (place, set(samples(stretch.clip))) == (Place.END, {16423})
    sink.goes_on_at(None)
    sink.now += 2.5
    player.louder(0.0)
    with player._board.changed:
        assert player._board.changed.wait_for(lambda: player.state.key == "loud", 20.0)
    assert player.state.position == pytest.approx(0.5)
    assert sink.joined(2)[1] is Place.END  # the third follows the second


def test_what_follows_is_laid_out_where_nothing_can_be_joined(
    make_player: MakePlayer, clip: Source, loud: Source
) -> None:
    sink = FakeSink(streams=False)
    player, _ = make_player(ways=FakeWays(sink), clock=lambda: sink.now)
    with player._board.changed:  # both wishes at once
        player.queue(clip, loud)
    sink.started_at(0)
    assert sink.stretch is not None
    assert sink.stretch.clip.frames == 5 * RATE
    sink.begin()
    reach(player, Playing.PLAYING)
    sink.now += 3.25
    with player._board.changed:
        player._board.changed.notify_all()
        assert player._board.changed.wait_for(lambda: player.state.key == "loud", 20.0)
    assert player.state.position == pytest.approx(0.25)


def test_all_that_follows_is_laid_out_as_far_as_it_fits_and_each_is_shown_in_its_turn(
    make_player: MakePlayer, clip: Source, loud: Source, wide: Source
) -> None:
    sink = FakeSink(streams=False)
    player, _ = make_player(ways=FakeWays(sink), clock=lambda: sink.now)
    again = Source("again", clip.path)
    player.play(clip, 1.0, [loud, again, wide])
    sink.started_at(RATE)
    assert sink.stretch is not None
    heard = samples(sink.stretch.clip)
    assert [len(heard), heard[3 * RATE], heard[-1]] == [8 * RATE, 16423, 3277]
    sink.begin()
    reach(player, Playing.PLAYING)
    for later, key, position in ((1.5, "clip", 2.5), (2.25, "loud", 1.75), (1.0, "again", 0.75)):
        sink.now += later
        with player._board.changed:
            player._board.changed.notify_all()
            assert player._board.changed.wait_for(lambda: player.state.key == key, 20.0)  # noqa: B023
        assert player.state.position == pytest.approx(position)
    player.follow("again", [loud])  # it isn't the last
    player.follow("wide", [loud])
    assert player.state.following == ("wide", "loud")
    player.louder(6.0)
    assert sink.started(2) == 0.75 * RATE
    sink.begin()
    sink.end()  # by its own clock, which is quicker
    assert sink.started(3) == 0
    assert player.state.key == "wide"
    player.play_alone()
    assert not player.state.following


def test_a_sink_that_is_through_before_the_turns_are_due_has_played_them_all(
    make_player: MakePlayer, clip: Source, loud: Source
) -> None:
    sink = FakeSink(streams=False)
    player, _ = make_player(ways=FakeWays(sink), clock=lambda: sink.now)
    player.play(clip, following=[loud, Source("again", clip.path)])
    sink.started_at(0)
    sink.begin()
    reach(player, Playing.PLAYING)
    sink.end()
    state = player.wait(20.0)
    assert (state.key, state.position) == ("again", SECONDS)
    assert len(sink.starts) == 1


def test_what_follows_in_another_form_starts_when_the_first_has_ended(
    player: Player, sink: FakeSink, clip: Source, wide: Source
) -> None:
    sounding(player, sink, clip)
    player.queue(wide)
    sink.end()
    assert sink.started(2) == 0
    assert player.state.key == "wide"


def test_what_follows_and_cannot_be_read_is_told_and_left_out(
    player: Player, sink: FakeSink, clip: Source, loud: Source
) -> None:
    loud.path.unlink()
    sounding(player, sink, clip)
    player.queue(loud)
    with player._board.changed:
        assert player._board.changed.wait_for(lambda: player.state.error is not None, 20.0)
    assert player.state.playing is Playing.PLAYING
    sink.end()
    assert player.wait(20.0).key == "clip"


def test_a_change_that_comes_too_late_starts_anew(
    make_player: MakePlayer, clip: Source, loud: Source
) -> None:
    sink = FakeSink(streams=True)
    player, _ = make_player(ways=FakeWays(sink), clock=lambda: sink.now)
    sounding(player, sink, clip, 1.0)
    player.swap(loud)
    sink.joined(1)
    sink.miss()
    assert sink.started(2) == RATE
    sink.begin()
    reach(player, Playing.PLAYING)
    assert player.state.key == "loud"


def test_a_device_that_had_nothing_to_play_sets_the_playhead_back(
    player: Player, sink: FakeSink, clip: Source
) -> None:
    sounding(player, sink, clip)
    sink.now += 1.0
    sink.slip(0.25)
    with player._board.changed:
        assert player._board.changed.wait_for(lambda: player.state.position == 0.75, 20.0)


def test_a_way_out_that_appears_is_taken_while_all_is_quiet(
    make_player: MakePlayer, sink: FakeSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rushes.playback.outlet.LOOK_EVERY", 0.01)
    ways = FakeWays()
    player, recorder = make_player(ways=ways)
    player.warm()
    recorder.until(lambda state: state.route is not None and not state.route.heard)
    ways.sinks.append(sink)
    ways.seen += 1
    recorder.until(lambda state: state.route is not None and state.route.heard)


def test_a_device_that_goes_away_while_it_plays_gives_way_to_the_next_at_the_same_place(
    make_player: MakePlayer, clip: Source
) -> None:
    first, second = FakeSink(), FakeSink()
    player, _ = make_player(ways=FakeWays(first, second), clock=lambda: first.now)
    sounding(player, first, clip)
    first.now += 1.0
    first.fail(Fault.DEVICE, "unplugged")
    second.started_at(RATE)
    second.now = first.now
    second.begin()
    reach(player, Playing.PLAYING)
    state = player.state
    assert state.route
    assert (state.route.name, state.position) == ("fake 2", 1.0)
    assert state.error
    assert "unplugged" in state.error
