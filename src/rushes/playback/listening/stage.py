"""What is heard on the laptop: one clip at a time, perhaps while it still comes in.

All calls come under one lock, the session's; what the loudspeaker tells takes it as well.
"""

from __future__ import annotations

import os
import threading
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass

from rushes.playback.listening import frames
from rushes.playback.listening.frames import ClipFacts, Start
from rushes.playback.listening.loudspeaker import Begun, Done, Loudspeaker
from rushes.playback.listening.pace import READS_AHEAD, Pace, may_start, runs_dry
from rushes.playback.listening.store import ClipStore, Coming

DEVICE, TAKEN = 2, 4
"""Faults in a FAILED: the device takes no sound; another program plays now."""

_TICK = 0.04
_ALIVE_EVERY = 1.0
_TWICE = 0.06  # s that are heard again after a wait, rather than lost in the device

Send = Callable[[int, int, bytes], None]


@dataclass(slots=True, eq=False)
class Known:
    """A clip that was announced: ``stored`` already, or what has come of it."""

    facts: ClipFacts
    stored: bool = False
    coming: Coming | None = None

    @property
    def is_growing(self) -> bool:
        """Whether samples of it are still to come."""
        return self.coming is not None and not self.coming.whole

    def close(self) -> None:
        """Give up what has come."""
        if self.coming is not None:
            self.coming.close()
            self.coming = None


@dataclass(frozen=True, slots=True)
class Heard:
    """What is heard: position and length in seconds; ``peak`` of the last tenth of one, 0 to 1."""

    title: str
    position: float
    length: float
    peak: float


@dataclass(slots=True, eq=False)
class _Playing:
    """What plays or is to play. ``began`` is None while it waits for samples."""

    channel: int
    wish: Start
    known: Known
    asked: float
    frame: int
    name: str = ""
    began: float | None = None
    follows: bool = False  # by itself, at the end of what was before
    growing: bool = False  # it was started before all was there
    alive: float = 0.0
    descriptor: int = -1

    def position(self, now: float) -> float:
        """Where the playhead is, in seconds."""
        facts = self.known.facts
        start, length = self.frame / facts.sample_rate, facts.frames / facts.sample_rate
        if self.began is None:
            return start
        reached = start + max(0.0, now - self.began)
        return reached % length if self.wish.loop else min(reached, length)

    def wait_at(self, frame: int) -> None:
        """Be silent until it is started from there."""
        self.frame, self.began, self.name = frame, None, ""

    def let_go(self) -> None:
        """Close the samples."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


class Stage:
    """The loudspeaker, and what it is to play.

    Args:
        store: where whole clips are.
        send: sends kind, channel and body; never waits.
        route: the loudspeaker's, as in the configuration.
        lock: held by whoever calls.
    """

    def __init__(
        self, store: ClipStore, send: Send, route: str, lock: threading.RLock | None = None
    ) -> None:
        self.pace = Pace()
        self._store = store
        self._send = send
        self._lock = lock or threading.RLock()
        self._current: _Playing | None = None
        self._joining: _Playing | None = None  # takes over from what plays as soon as it can
        self._following: _Playing | None = None
        self._at_once = False  # the device takes a clip at once, and must be given it whole
        self._count = 0
        self._over = threading.Event()
        self._speaker = Loudspeaker(self._heard, route)
        self._speaker.warm()
        threading.Thread(target=self._watch, name="rushes-stage", daemon=True).start()

    # What is asked for

    def ask(self, channel: int, wish: Start, known: Known) -> bool:
        """Play a clip; False where it isn't there though it should be."""
        now = time.monotonic()
        asked = _Playing(channel, wish, known, now, wish.frame, alive=now)
        if wish.place == frames.NOW:
            self._make_way(channel)
            self._current = asked
            if wish.frame >= known.facts.frames:
                self._end(frames.ENDED, frames.pack_ended(wish.take))
                return True
        elif self._current is None or self._current.channel != channel:
            self._send(frames.MISSED, channel, frames.pack_ended(wish.take))
            return True
        elif wish.place == frames.HERE:
            self._drop(self._joining)
            self._unfollow()
            self._joining = asked
        else:
            self._unfollow()
            asked.follows = True
            self._following = asked
        is_there = self._samples(asked) is not None or wish.coming
        self.consider()
        return is_there

    def stop(self, channel: int) -> None:
        """Be silent, if this program plays."""
        if self._current is not None and self._current.channel == channel:
            self._silence()

    def uses(self, known: Known | None) -> bool:
        """Whether a clip plays or is to play."""
        return any(one is not None and one.known is known for one in self._all())

    def lost(self, known: Known) -> None:
        """What has come of a clip wasn't the clip: it comes again."""
        for one in self._all():
            if one is not None and one.known is known:
                if one is self._current:
                    self._speaker.stop()
                one.wait_at(one.frame)
                one.let_go()

    def failed(self, known: Known, line: str) -> None:
        """A clip can't be had."""
        current = self._current
        if current is not None and current.known is known:
            self._end(frames.FAILED, frames.pack_failed(current.wish.take, DEVICE, line))

    def close(self) -> None:
        """Let everything go; not to be called under the lock."""
        self._over.set()
        with self._lock:
            self._silence()
        self._speaker.close()

    @property
    def heard(self) -> Heard | None:
        """What is heard now."""
        current = self._current
        if current is None or current.began is None:
            return None
        facts = current.known.facts
        position = current.position(time.monotonic())
        last = int(position * facts.sample_rate) * facts.frame_bytes
        first = max(0, last - facts.sample_rate // 10 * facts.frame_bytes)
        samples = array("h", os.pread(current.descriptor, last - first, first))
        peak = max(map(abs, samples), default=0) / 32_768
        return Heard(current.wish.title, position, facts.frames / facts.sample_rate, peak)

    @property
    def no_sound(self) -> str:
        """What to do where this laptop has no way out for sound; empty where it has one."""
        route = self._speaker.route
        return route.hint if route is not None and not route.heard else ""

    # What plays

    def consider(self) -> None:
        """Start what waits, if enough of it is there."""
        current, joining = self._current, self._joining
        if current is None:
            return
        if joining is not None and self._only_loops_otherwise(current, joining):
            self._joining = None
            self._loop_otherwise(current, joining)
        elif joining is not None:
            reached = current.position(time.monotonic())
            facts = joining.known.facts
            frame = int(reached * facts.sample_rate)
            joining.frame = frame if frame < facts.frames else 0
            if self._samples(joining) is None or not self._enough(joining):
                return
            goes_over = current.began is not None and frame < facts.frames
            current.let_go()
            self._current, self._joining = joining, None
            self._play(joining, goes_over=goes_over)
        elif current.began is not None or current.name:
            self._let_follow(current)
        elif self._samples(current) is not None and self._enough(current):
            self._play(current)

    @staticmethod
    def _only_loops_otherwise(current: _Playing, joining: _Playing) -> bool:
        same = current.known.facts == joining.known.facts
        return same and current.began is not None and not current.known.is_growing

    def _loop_otherwise(self, current: _Playing, joining: _Playing) -> None:
        """Go on with the same clip, which ends at its end now, or no longer."""
        now = time.monotonic()
        current.frame = int(current.position(now) * current.known.facts.sample_rate)
        current.began, current.wish = now, joining.wish
        self._speaker.loop(on=joining.wish.loop)
        self._drop(joining)
        body = frames.pack_started(current.wish.take, current.frame, now - joining.asked)
        self._send(frames.STARTED, current.channel, body)

    def _play(self, current: _Playing, *, goes_over: bool = False) -> None:
        current.name = self._fresh_name()
        current.growing = current.known.is_growing
        whole_loop = current.wish.loop and not current.growing
        facts = current.known.facts
        play = self._speaker.go_over if goes_over else self._speaker.play
        play(current.name, current.descriptor, facts, current.frame, loop=whole_loop)

    def _let_follow(self, current: _Playing) -> None:
        """Have the loudspeaker go on to what follows by itself, once all of that is there."""
        following = self._following
        if following is None or following.name or current.began is None or current.wish.loop:
            return
        if self._samples(following) is not None and not following.known.is_growing:
            following.name = self._fresh_name()
            self._speaker.queue(following.name, following.descriptor, following.known.facts)

    def _unfollow(self) -> None:
        """Nothing is to follow any more."""
        following, self._following = self._following, None
        if following is not None and following.name:
            self._speaker.unqueue()
        self._drop(following)

    def _fresh_name(self) -> str:
        self._count += 1
        return str(self._count)

    def _samples(self, playing: _Playing) -> int | None:
        """The samples of what is to play, as far as they are there."""
        if playing.descriptor < 0:
            coming = playing.known.coming
            if coming is not None:
                playing.descriptor = os.dup(coming.descriptor)
            else:
                found = self._store.find(playing.known.facts)
                if found is None:
                    return None
                playing.descriptor = found
        return playing.descriptor

    def _enough(self, playing: _Playing) -> bool:
        coming = playing.known.coming
        if coming is None or coming.whole:
            return True
        reads_ahead = self._reads_ahead()
        if self._at_once or reads_ahead is None:
            return False
        facts = playing.known.facts
        first = playing.frame * facts.frame_bytes
        ahead = coming.end_from(first) - first
        rest = facts.size - first - ahead
        needed = facts.frame_bytes * facts.sample_rate
        return may_start(ahead, rest, needed, self.pace.rate, reads_ahead)

    def _reads_ahead(self) -> float | None:
        """How far the route reads ahead, in seconds; None where it takes a clip at once."""
        route = self._speaker.route
        return READS_AHEAD.get(route.name) if route is not None else None

    def _heard(self, name: str, told: Begun | Done) -> None:
        """A word of the loudspeaker, in its own thread."""
        with self._lock:
            current, following = self._current, self._following
            if current is not None and following is not None and following.name == name:
                current.let_go()
                current, self._current, self._following = following, following, None
            if current is None or current.name != name:
                return
            if isinstance(told, Begun):
                current.began = told.when
                if current.follows:
                    return  # the server counts on it
                spent = max(0.0, told.when - current.asked)
                body = frames.pack_started(current.wish.take, current.frame, spent)
                self._send(frames.STARTED, current.channel, body)
            elif current.growing and self._took_too_early(current):
                self._at_once = True
                current.wait_at(current.frame)
                self.consider()
            elif told.error:
                body = frames.pack_failed(current.wish.take, DEVICE, told.error)
                self._end(frames.FAILED, body)
            else:
                self._next(current)

    def _next(self, current: _Playing) -> None:
        """What comes when a clip was heard to its end."""
        following, self._following = self._following, None
        if current.wish.loop:
            current.wait_at(0)
        elif following is not None:
            current.let_go()
            following.wait_at(0)
            self._current = following
        else:
            self._end(frames.ENDED, frames.pack_ended(current.wish.take))
        self.consider()

    @staticmethod
    def _took_too_early(current: _Playing) -> bool:
        """Whether the device took samples before they were there: it doesn't keep real time."""
        if current.began is None or current.known.is_growing:
            return True
        facts = current.known.facts
        length = (facts.frames - current.frame) / facts.sample_rate
        return time.monotonic() - current.began < length / 2

    def _watch(self) -> None:
        """Have the sound wait where samples come too late, and say that there is still hope."""
        while not self._over.wait(_TICK):
            with self._lock:
                if self._current is not None:
                    self._look_at(self._current, time.monotonic())

    def _look_at(self, current: _Playing, now: float) -> None:
        self.consider()
        if current.began is None:
            if now - current.alive > _ALIVE_EVERY and not current.name:
                self._say_held(current, now)
        elif current.known.is_growing and self._runs_dry(current, now):
            self._speaker.stop()
            reached = max(0.0, current.position(now) - _TWICE)
            current.wait_at(int(reached * current.known.facts.sample_rate))
            self._say_held(current, now)

    def _runs_dry(self, current: _Playing, now: float) -> bool:
        facts, coming = current.known.facts, current.known.coming
        assert coming is not None
        place = int(current.position(now) * facts.sample_rate) * facts.frame_bytes
        end = coming.end_from(place)
        needed = facts.frame_bytes * facts.sample_rate
        return end < facts.size and runs_dry(end - place, needed, self._reads_ahead() or 0.0)

    def _say_held(self, current: _Playing, now: float) -> None:
        current.alive = now
        body = frames.pack_held(current.wish.take, current.frame)
        self._send(frames.HELD, current.channel, body)

    def _make_way(self, channel: int) -> None:
        """Silence what plays; another program's is told."""
        before = self._current
        if before is not None and before.channel != channel:
            words = "another rushes plays on the laptop now"
            body = frames.pack_failed(before.wish.take, TAKEN, words)
            self._send(frames.FAILED, before.channel, body)
        self._silence()

    def _end(self, kind: int, body: bytes) -> None:
        assert self._current is not None
        self._send(kind, self._current.channel, body)
        self._silence()

    def _silence(self) -> None:
        if self._current is not None:
            self._speaker.stop()
        for one in self._all():
            self._drop(one)
        self._current = self._joining = self._following = None

    def _all(self) -> tuple[_Playing | None, ...]:
        return self._current, self._joining, self._following

    @staticmethod
    def _drop(playing: _Playing | None) -> None:
        if playing is not None:
            playing.let_go()
