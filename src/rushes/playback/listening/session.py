"""The laptop's side of one connection: takes clips in, plays them, and says what it does."""

from __future__ import annotations

import os
import threading
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field

from rushes.playback.listening import frames
from rushes.playback.listening.frames import ClipFacts, Frame, Garbled
from rushes.playback.listening.loudspeaker import GROWING, Begun, Done, Loudspeaker
from rushes.playback.listening.pace import LEAST, Pace, may_start
from rushes.playback.listening.store import LARGEST, ClipStore, Coming

MOST_CHANNELS = 64
MOST_CLIPS = 32
"""Programs, and clips of one program, that are kept track of."""

MOST_COMING = 2 * LARGEST
"""Bytes of clips that have been begun and aren't whole."""

DEVICE, TAKEN = 2, 4
"""Faults in a FAILED: the device takes no sound; another program plays now."""

_TICK = 0.04
_ALIVE_EVERY = 1.0

Send = Callable[[int, int, bytes], None]


@dataclass(slots=True)
class _Known:
    """A clip under its number: what is there of it, or where to find it."""

    facts: ClipFacts
    coming: Coming | None = None

    def close(self) -> None:
        if self.coming is not None:
            self.coming.close()
            self.coming = None


@dataclass(slots=True)
class _Current:
    """What plays or is to play. ``began`` is None while it waits for samples."""

    channel: int
    take: int
    known: _Known
    frame: int
    title: str
    asked: float
    name: str = ""
    began: float | None = None
    told: bool = False
    growing: bool = False  # it was started before all was there
    alive: float = 0.0
    descriptor: int = -1

    def let_go(self) -> None:
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


@dataclass(frozen=True, slots=True)
class Sounding:
    """What is heard: position and length in seconds; ``peak`` of the last tenth of one, 0 to 1."""

    title: str
    position: float
    length: float
    peak: float


@dataclass(slots=True)
class _Channel:
    clips: dict[int, _Known] = field(default_factory=dict)


class Session:
    """Heeds what the programs on the server ask. Safe from any thread.

    Args:
        store: where clips are kept.
        send: sends kind, channel and body; never waits.
        route: the loudspeaker's, as in the configuration.
        others: gets the frames of programs that have nothing to do with sound.
    """

    def __init__(
        self,
        store: ClipStore,
        send: Send,
        route: str,
        others: Callable[[Frame], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._send = send
        self._others = others
        self._lock = threading.RLock()
        self._pace = Pace()
        self._channels: dict[int, _Channel] = {}
        self._current: _Current | None = None
        self._count = 0
        self._at_once = False  # the device takes a clip at once, and must be given it whole
        self._over = threading.Event()
        self._speaker = Loudspeaker(self._heard, route)
        self._speaker.warm()
        threading.Thread(target=self._watch, name="rushes-pace", daemon=True).start()

    def hear(self, frame: Frame) -> None:
        """Heed one frame.

        Raises:
            Garbled: it makes no sense.
        """
        with self._lock:
            if frame.kind == frames.OPEN:
                self._opened(frames.unpack_number(frame.body))
            elif frame.kind == frames.SHUT:
                self._shut(frames.unpack_number(frame.body))
            elif frame.channel in self._channels:
                self._heed(frame, self._channels[frame.channel])

    def hang_up(self) -> None:
        """The connection is gone: nobody is left who wants to hear anything."""
        with self._lock:
            self._silence()
            for channel in list(self._channels):
                self._shut(channel)

    def close(self) -> None:
        """Let everything go."""
        self._over.set()
        self.hang_up()
        self._speaker.close()

    @property
    def sounding(self) -> Sounding | None:
        """What is heard now."""
        with self._lock:
            current = self._current
            if current is None or current.began is None or not current.told:
                return None
            facts = current.known.facts
            length = facts.frames / facts.sample_rate
            position = min(self._position(current, time.monotonic()), length)
            last = int(position * facts.sample_rate) * facts.frame_bytes
            first = max(0, last - facts.sample_rate // 10 * facts.frame_bytes)
            samples = array("h", os.pread(current.descriptor, last - first, first))
            peak = max(map(abs, samples), default=0) / 32_768
            return Sounding(current.title, position, length, peak)

    @property
    def no_sound(self) -> str:
        """What to do where this laptop has no way out for sound; empty where it has one."""
        route = self._speaker.route
        return route.hint if route is not None and not route.heard else ""

    # Programs and their clips

    def _opened(self, channel: int) -> None:
        if len(self._channels) >= MOST_CHANNELS:
            raise Garbled("too many programs at once")
        self._channels[channel] = _Channel()
        self._send(frames.HAVE, channel, self._store.recent())

    def _shut(self, channel: int) -> None:
        if self._current is not None and self._current.channel == channel:
            self._silence()
        gone = self._channels.pop(channel, None)
        if gone is not None:
            for known in gone.clips.values():
                known.close()

    def _heed(self, frame: Frame, channel: _Channel) -> None:
        if frame.kind == frames.DATA:
            self._take_in(frame, channel)
        elif frame.kind == frames.CLIP:
            self._announced(frame, channel)
        elif frame.kind == frames.START:
            self._asked_to_play(frame, channel)
        elif frame.kind == frames.STOP:
            if self._current is not None and self._current.channel == frame.channel:
                self._silence()
        elif frame.kind == frames.FORGET:
            number = frames.unpack_number(frame.body)
            if self._current is None or self._current.known is not channel.clips.get(number):
                known = channel.clips.pop(number, None)
                if known is not None:
                    known.close()
        else:
            self._others(frame)

    def _announced(self, frame: Frame, channel: _Channel) -> None:
        number, facts = frames.unpack_clip(frame.body)
        if number in channel.clips:
            raise Garbled("two clips of one number")
        channel.clips[number] = _Known(facts)
        if len(channel.clips) > MOST_CLIPS:
            playing = self._current.known if self._current is not None else None
            oldest = next(key for key, known in channel.clips.items() if known is not playing)
            channel.clips.pop(oldest).close()
        descriptor = self._store.find(facts)
        if descriptor is not None:
            os.close(descriptor)
            self._send(frames.WHOLE, frame.channel, frames.pack_number(number))

    def _take_in(self, frame: Frame, channel: _Channel) -> None:
        number, piece, samples = frames.unpack_data(frame.body)
        self._send(frames.GOT, frame.channel, frames.pack_got(number, piece))
        self._pace.came(len(samples), time.monotonic())
        known = channel.clips.get(number)
        if known is None or known.facts.size > LARGEST:
            return
        if known.coming is not None and known.coming.whole:
            return
        try:
            if known.coming is None:
                self._refuse_too_much(known.facts)
                known.coming = self._store.coming(known.facts)
            known.coming.write(piece, samples)
        except OSError as error:
            self._fail_current(known, f"the clip can't be kept: {error.strerror or error}")
            return
        if known.coming.whole and not self._keep(known):
            self._send(frames.MISSING, frame.channel, frames.pack_number(number))
        elif known.coming.whole:
            self._send(frames.WHOLE, frame.channel, frames.pack_number(number))
        if self._current is not None and self._current.known is known:
            self._consider(self._current)

    def _refuse_too_much(self, facts: ClipFacts) -> None:
        """Keep a server from filling the disk with clips that it never finishes.

        Raises:
            OSError: too much is coming in already.
        """
        coming = [
            known.facts.size
            for channel in self._channels.values()
            for known in channel.clips.values()
            if known.coming is not None and not known.coming.whole
        ]
        if sum(coming) + facts.size > MOST_COMING:
            raise OSError(28, "too much is sent at once")

    def _keep(self, known: _Known) -> bool:
        """Take a clip up that is whole; False, and it comes again, where it isn't what it says."""
        assert known.coming is not None
        if self._store.keep(known.coming):
            return True
        current = self._current
        if current is not None and current.known is known:
            self._speaker.stop()
            current.began, current.name = None, ""
            current.let_go()
        known.close()
        known.coming = self._store.coming(known.facts)
        return False

    # What plays

    def _asked_to_play(self, frame: Frame, channel: _Channel) -> None:
        wish = frames.unpack_start(frame.body)
        before = self._current
        if before is not None and before.channel != frame.channel:
            words = "another rushes plays on the laptop now"
            self._send(frames.FAILED, before.channel, frames.pack_failed(before.take, TAKEN, words))
        self._silence()
        known = channel.clips.get(wish.number)
        if known is None:
            raise Garbled("a start of no clip")
        now = time.monotonic()
        current = _Current(frame.channel, wish.take, known, wish.frame, wish.title, now, alive=now)
        self._current = current
        if wish.frame >= known.facts.frames:
            self._end(frames.ENDED, frames.pack_ended(wish.take))
        elif known.facts.size > LARGEST:
            self._fail_current(known, "it is too long to be heard on the laptop")
        elif self._descriptor(current) is None and not wish.coming:
            # It was there once, as the server has been told.
            self._send(frames.MISSING, frame.channel, frames.pack_number(wish.number))
        else:
            self._consider(current)

    def _descriptor(self, current: _Current) -> int | None:
        """The samples of what is to play, as far as they are there."""
        if current.descriptor < 0:
            known = current.known
            if known.coming is not None:
                current.descriptor = os.dup(known.coming.descriptor)
            else:
                found = self._store.find(known.facts)
                if found is None:
                    return None
                current.descriptor = found
        return current.descriptor

    def _consider(self, current: _Current) -> None:
        """Start what waits, if enough of it is there."""
        if current.began is not None or current.name:
            return
        descriptor = self._descriptor(current)
        if descriptor is None or not self._enough(current):
            return
        self._count += 1
        current.name = str(self._count)
        current.growing = _is_growing(current.known)
        self._speaker.play(current.name, descriptor, current.known.facts, current.frame)

    def _enough(self, current: _Current) -> bool:
        known = current.known
        if known.coming is None or known.coming.whole:
            return True
        route = self._speaker.route
        if self._at_once or route is None or route.name not in GROWING:
            return False
        facts = known.facts
        first = current.frame * facts.frame_bytes
        ahead = known.coming.end_from(first) - first
        rest = facts.size - first - ahead
        playing = facts.frame_bytes * facts.sample_rate
        return may_start(ahead, rest, playing, self._pace.rate)

    def _heard(self, name: str, told: Begun | Done) -> None:
        """A word of the loudspeaker, in its own thread."""
        with self._lock:
            current = self._current
            if current is None or current.name != name:
                return
            if isinstance(told, Begun):
                spent = max(0.0, told.when - current.asked)
                current.began, current.told = told.when, True
                body = frames.pack_started(current.take, current.frame, spent)
                self._send(frames.STARTED, current.channel, body)
            elif current.growing and self._took_too_early(current):
                self._at_once = True
                current.began, current.name = None, ""
                self._consider(current)
            elif told.error:
                self._end(frames.FAILED, frames.pack_failed(current.take, DEVICE, told.error))
            else:
                self._end(frames.ENDED, frames.pack_ended(current.take))

    @staticmethod
    def _took_too_early(current: _Current) -> bool:
        """Whether the device took samples before they were there: it doesn't keep real time."""
        if current.began is None or _is_growing(current.known):
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

    def _look_at(self, current: _Current, now: float) -> None:
        coming = current.known.coming
        if current.began is None:
            self._consider(current)
            if now - current.alive > _ALIVE_EVERY and not current.name:
                current.alive = now
                self._say_held(current)
        elif coming is not None and _is_growing(current.known):
            facts = current.known.facts
            reached = min(int(self._position(current, now) * facts.sample_rate), facts.frames)
            place = reached * facts.frame_bytes
            end = coming.end_from(place)
            rate = facts.frame_bytes * facts.sample_rate
            if end < facts.size and end - place < LEAST * rate:
                self._speaker.stop()
                current.frame, current.began, current.name = reached, None, ""
                current.alive = now
                self._say_held(current)

    def _say_held(self, current: _Current) -> None:
        body = frames.pack_held(current.take, current.frame)
        self._send(frames.HELD, current.channel, body)

    @staticmethod
    def _position(current: _Current, now: float) -> float:
        start = current.frame / current.known.facts.sample_rate
        return start if current.began is None else start + max(0.0, now - current.began)

    def _fail_current(self, known: _Known, line: str) -> None:
        if self._current is not None and self._current.known is known:
            body = frames.pack_failed(self._current.take, DEVICE, line)
            self._end(frames.FAILED, body)

    def _end(self, kind: int, body: bytes) -> None:
        assert self._current is not None
        self._send(kind, self._current.channel, body)
        self._silence()

    def _silence(self) -> None:
        current, self._current = self._current, None
        if current is not None:
            self._speaker.stop()
            current.let_go()


def _is_growing(known: _Known) -> bool:
    """Whether samples of it are still to come."""
    return known.coming is not None and not known.coming.whole
