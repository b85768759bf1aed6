"""The deck as a value: whatever wishes and answers come in whatever order, it stays whole."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rushes.playback import Playing, Source
from rushes.playback.deck import Deck

ONE, OTHER = Source("one", Path("/one.wav")), Source("other", Path("/other.wav"))
LENGTHS = {"one": 3.0, "other": 0.5}
seconds = st.floats(-2, 6) | st.sampled_from([0.0, 0.5, 3.0, float("inf"), float("nan")])


class DeckMachine(RuleBasedStateMachine):
    """Wishes of a person, and answers of sinks to the newest and to older wishes."""

    def __init__(self) -> None:
        super().__init__()
        self.deck = Deck()
        self.now = 50.0

    @rule(source=st.sampled_from([ONE, OTHER]), at=seconds)
    def play(self, source: Source, at: float) -> None:
        self.deck = self.deck.play(source, at)
        assert self.deck.playing is Playing.LOADING
        assert self.deck.source == source
        assert self.deck.error is None

    @rule()
    def pause(self) -> None:
        before = self.deck.position_at(self.now)
        self.deck = self.deck.pause(self.now)
        assert self.deck.position_at(self.now) == before
        assert self.deck.playing in (Playing.PAUSED, Playing.STOPPED)

    @rule()
    def resume(self) -> None:
        before = self.deck.position_at(self.now)
        self.deck = self.deck.resume()
        assert self.deck.position_at(self.now) == before
        assert self.deck.playing is not Playing.PAUSED

    @rule()
    def toggle_twice_says_what_once_does(self) -> None:
        before = self.deck
        self.deck = self.deck.toggle(self.now)
        sounding = {Playing.PLAYING, Playing.LOADING}
        assert self.deck.source is None or (before.playing in sounding) != (
            self.deck.playing in sounding
        )

    @rule(position=seconds)
    def seek(self, position: float) -> None:
        self.deck = self.deck.seek(position)

    @rule(step=seconds)
    def nudge(self, step: float) -> None:
        self.deck = self.deck.nudge(step, self.now)

    @rule()
    def stop(self) -> None:
        self.deck = self.deck.stop()
        assert self.deck.playing is Playing.STOPPED
        assert self.deck.position_at(self.now) == 0

    @rule(late=st.integers(0, 1))
    def started(self, late: int) -> None:
        if self.deck.playing is Playing.LOADING and self.deck.source:
            take = self.deck.take
            self.deck = self.deck.loaded(take - late, LENGTHS[self.deck.source.key])
            self.deck = self.deck.started(take - late, self.now, self.deck.position)
            assert (self.deck.playing is Playing.PLAYING) == (not late)

    @rule(late=st.integers(0, 1))
    def ended(self, late: int) -> None:
        before = self.deck
        self.deck = self.deck.ended(self.deck.take - late)
        assert not late or self.deck == before
        if before.playing is not Playing.PLAYING or late:
            return
        if before.loop or before.following:
            follows = before.source if before.loop else before.following[0]
            assert (self.deck.source, self.deck.playing) == (follows, Playing.LOADING)
            assert self.deck.position == 0
        else:
            assert self.deck.playing is Playing.STOPPED
            assert self.deck.position_at(self.now) == self.deck.length

    @rule(late=st.integers(0, 1))
    def failed(self, late: int) -> None:
        before = self.deck
        self.deck = self.deck.failed(self.deck.take - late, "no", self.now)
        assert self.deck == before if late else self.deck.playing is Playing.STOPPED

    @rule(on=st.booleans())
    def loop(self, on: bool) -> None:
        before = self.deck
        self.deck = before.looped(self.now, on=on)
        self.changes_nothing_but_the_sound(before)

    @rule(gain=st.floats(-99, 99))
    def gain(self, gain: float) -> None:
        before = self.deck
        self.deck = before.amplified(gain, self.now)
        self.changes_nothing_but_the_sound(before)
        assert -40 <= self.deck.gain <= 20

    def changes_nothing_but_the_sound(self, before: Deck) -> None:
        assert (self.deck.playing, self.deck.source) == (before.playing, before.source)
        if before.loop == self.deck.loop:
            assert self.deck.position_at(self.now) == before.position_at(self.now)
        sounds = before.playing in (Playing.PLAYING, Playing.LOADING)
        same = (before.loop, before.gain) == (self.deck.loop, self.deck.gain)
        assert self.deck.take == before.take + (sounds and not same)

    @rule(source=st.none() | st.sampled_from([ONE, OTHER]))
    def swap(self, source: Source | None) -> None:
        before = self.deck
        self.deck = before.swapped(source, self.now)
        if self.deck.source != before.source and before.source is not None:
            assert self.deck.other == before.source
            assert self.deck.side == {"B": "A"}.get(before.side, "B")
            assert self.deck.playing is before.playing

    @rule(sources=st.lists(st.sampled_from([ONE, OTHER]), max_size=3))
    def queue(self, sources: list[Source]) -> None:
        self.deck = self.deck.queued(tuple(sources))

    @rule()
    def what_follows_is_heard(self) -> None:
        if self.deck.playing is Playing.PLAYING and self.deck.following:
            first = self.deck.following[0]
            self.deck = self.deck.turned(self.now, LENGTHS[first.key])
            assert self.deck.source == first
            assert self.deck.position_at(self.now) == 0

    @rule(seconds=st.floats(0, 1))
    def slipped(self, seconds: float) -> None:
        before = self.deck.position_at(self.now)
        self.deck = self.deck.slipped(self.deck.take, seconds)
        assert self.deck.loop or self.deck.position_at(self.now) <= before

    @rule()
    def broken(self) -> None:
        before = self.deck.position_at(self.now)
        self.deck = self.deck.broken(self.deck.take, "unplugged", self.now)
        assert self.deck.position_at(self.now) == before

    @rule(moved=st.floats(0, 5))
    def time_passes(self, moved: float) -> None:
        self.now += moved

    @invariant()
    def the_playhead_moves_only_while_it_plays(self) -> None:
        assert (self.deck.since is not None) == (self.deck.playing is Playing.PLAYING)

    @invariant()
    def the_position_lies_within_the_clip(self) -> None:
        state = self.deck.view(self.now)
        assert state.position >= 0
        assert not state.length or state.position <= state.length

    @invariant()
    def nothing_plays_without_a_clip(self) -> None:
        assert self.deck.source or self.deck.playing is Playing.STOPPED


TestDeck = DeckMachine.TestCase


def playing(position: float = 0.0) -> Deck:
    deck = Deck().play(ONE, position)
    return deck.loaded(deck.take, 3.0).started(deck.take, 10.0, position)


def test_position_follows_the_clock_and_stops_at_the_end() -> None:
    deck = playing(0.5)
    assert deck.position_at(10.0) == 0.5
    assert deck.position_at(11.25) == 1.75
    assert deck.position_at(99.0) == 3.0


def test_a_toggle_after_the_end_starts_from_the_beginning() -> None:
    deck = playing(1.0)
    deck = deck.ended(deck.take)
    assert deck.position_at(99.0) == 3.0
    assert deck.toggle(99.0).position == 0.0


def test_a_toggle_after_a_failure_goes_on_where_the_sound_broke_off() -> None:
    deck = playing()
    deck = deck.failed(deck.take, "crashed", 11.5).toggle(20.0)
    assert (deck.playing, deck.position, deck.error) == (Playing.LOADING, 1.5, None)


def test_nudges_add_up_while_the_sound_is_still_being_started() -> None:
    deck = playing().nudge(0.5, 10.5).nudge(0.5, 10.6).nudge(-0.25, 10.7)
    assert (deck.playing, deck.position) == (Playing.LOADING, 1.25)


def test_seeking_in_a_pause_stays_a_pause() -> None:
    deck = playing().pause(11.0).seek(2.0)
    assert (deck.playing, deck.position) == (Playing.PAUSED, 2.0)


@pytest.mark.parametrize("answer", ["started", "ended", "failed"])
def test_an_answer_to_an_older_wish_is_thrown_away(answer: str) -> None:
    old = playing()
    deck = old.play(OTHER, 0.0)
    late = {
        "started": deck.started(old.take, 10.0, 0.0),
        "ended": deck.ended(old.take),
        "failed": deck.failed(old.take, "late", 10.0),
    }
    assert late[answer] == deck


def test_a_loop_begins_anew_and_without_it_the_clip_ends() -> None:
    deck = playing(1.0).looped(10.5, on=True)
    assert deck.position_at(12.5) == pytest.approx(0.5)
    assert deck.position_at(16.0) == pytest.approx(1.0)
    deck = deck.looped(16.0, on=False)
    assert deck.position_at(16.0) == pytest.approx(1.0)
    assert deck.position_at(99.0) == 3.0


def test_sides_are_swapped_at_the_same_position_to_and_fro() -> None:
    deck = playing(1.0).swapped(OTHER, 10.25)
    assert (deck.source, deck.side, deck.position_at(10.25)) == (OTHER, "B", 1.25)
    deck = deck.loaded(deck.take, 9.0).swapped(None, 10.5)
    assert (deck.source, deck.side, deck.position_at(10.5)) == (ONE, "A", 1.5)
    assert deck.playing is Playing.PLAYING


def test_what_follows_comes_one_after_the_other_and_a_stop_forgets_it() -> None:
    deck = playing().queued((OTHER, ONE))
    assert (deck.source, deck.take) == (ONE, playing().take)
    deck = deck.turned(13.0, 0.5)
    assert (deck.source, deck.following, deck.position_at(13.25)) == (OTHER, (ONE,), 0.25)
    deck = deck.ended(deck.take)
    assert (deck.source, deck.following) == (ONE, ())
    assert playing().queued((OTHER,)).stop().following == ()


def test_the_length_stays_known_when_the_same_clip_is_played_again() -> None:
    assert playing().play(ONE, 0.0).length == 3.0
    assert playing().play(replace(ONE, path=Path("/new.wav")), 0.0).length == 0.0
