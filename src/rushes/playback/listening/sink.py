"""The sink on the laptop: what the player starts here sounds there.

A clip travels once. What plays goes first, then what is likely to be played next, in the order in
which it was named; a start never waits for more than a window of what is under way.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rushes.playback.clip import Clip
from rushes.playback.listening import frames
from rushes.playback.listening.coding import encode
from rushes.playback.listening.frames import SHORT, ClipFacts, Frame, Start
from rushes.playback.listening.remote import Remote
from rushes.playback.listening.sending import Outgoing, Window
from rushes.playback.listening.store import digest_of
from rushes.playback.sink import Ended, Failed, Fault, Held, Missed, Place, Started, Stretch, Tell

MOST_LEFT_OVER = 4
"""Clips that were begun, and still go on when nothing else is to be sent."""

THIN = 2.0
"""Times of what a clip plays that a line carries, below which its samples are coded."""

_NO_TAKE = 0
_MOST_TRIES = 3
_MOST_KNOWN = 64
_PLACES = {Place.HERE: frames.HERE, Place.END: frames.END}
_FAULTS = {1: Fault.MISSING, 2: Fault.DEVICE, 3: Fault.UNANSWERED, 4: Fault.TAKEN}


def facts_of(clip: Clip) -> ClipFacts:
    """What the laptop is told of a clip."""
    digest = digest_of(clip.descriptor, clip.sample_rate, clip.channels, clip.frames)
    return ClipFacts(digest, clip.sample_rate, clip.channels, clip.frames)


@dataclass(slots=True)
class _Playhead:
    """Where the sound was when it was last heard of; ``way`` in s is from the laptop to here."""

    asked: float = 0.0
    way: float = 0.0
    when: float = 0.0
    position: float = 0.0

    def answered(self, spent: float, position: float, trip: float) -> float:
        """When the sound began, on this machine's clock; ``trip`` is there and back, 0 if unknown.

        Samples on the way there hold up the question, but nothing holds up the answer.
        """
        now = time.monotonic()
        if self.asked:
            # Without what the laptop took: half of it is the way here, or less.
            self.way = max(0.0, now - self.asked - max(0.0, spent)) / 2
            self.asked = 0.0
        if trip:
            self.way = min(self.way, trip / 2) if self.way else trip / 2
        self.when, self.position = now - self.way, position
        return self.when


class ListenerSink:
    """Plays through the listener that ``remote`` is connected to. Safe from any thread."""

    streams = True

    def __init__(self, remote: Remote, tell: Tell) -> None:
        self._remote = remote
        self._tell = tell
        self._lock = threading.RLock()
        self._window = Window()
        self._clips: dict[bytes, Outgoing] = {}
        self._known: dict[tuple[int, int, int], ClipFacts] = {}
        self._tries: dict[bytes, int] = {}
        self._current: Outgoing | None = None
        self._following: Outgoing | None = None
        self._ahead: list[Outgoing] = []
        self._left_over: list[Outgoing] = []
        self._take = _NO_TAKE
        self._playhead = _Playhead()
        remote.attach(self._hear)

    def start(self, stretch: Stretch, take: int) -> None:
        """See :class:`rushes.playback.sink.Sink`."""
        facts, made_of = self._facts(stretch.clip), self._made_of(stretch)
        with self._lock:
            self._take = take
            if self._remote.listener is None:
                self._over(Failed(take, Fault.UNANSWERED, "the listener doesn't answer"))
                return
            if not facts.frames:
                self._over(Ended(take))
                return
            out = self._outgoing(facts, stretch.clip, made_of)
            self._make_current(out)
            out.look_from(stretch.frame)
            self._ask(out, take, frames.NOW, stretch)

    def join(self, stretch: Stretch, take: int, place: Place) -> None:
        """See :class:`rushes.playback.sink.Sink`."""
        facts, made_of = self._facts(stretch.clip), self._made_of(stretch)
        with self._lock:
            if self._take == _NO_TAKE or self._remote.listener is None or not facts.frames:
                self._take = _NO_TAKE
                self._remote.send(frames.STOP)
                self._tell(Missed(take))
                return
            self._take = take
            out = self._outgoing(facts, stretch.clip, made_of)
            if place is Place.END:
                self._following = out
                self._leave_out(out)
                # The turn comes by itself; where it can't, the laptop says so.
                self._tell(Started(take, time.monotonic(), None))
            else:
                head = self._playhead
                reached = head.position + time.monotonic() - head.when
                self._make_current(out)
                out.look_from(int(max(0.0, reached) * facts.sample_rate) % max(1, facts.frames))
            self._ask(out, take, _PLACES[place], stretch)

    def stop(self) -> None:
        """See :class:`rushes.playback.sink.Sink`."""
        with self._lock:
            if self._take != _NO_TAKE:
                self._take = _NO_TAKE
                self._remote.send(frames.STOP)

    def prepare(self) -> None:
        """The laptop keeps its own helper ready."""

    def close(self) -> None:
        """See :class:`rushes.playback.sink.Sink`."""
        with self._lock:
            self.stop()
            self._remote.attach(None)
            self._forget_all()

    def expect(self, clips: Sequence[Clip]) -> None:
        """Send these ahead, the first one first, when there is nothing more urgent."""
        wanted = [(self._facts(clip), clip) for clip in clips]
        with self._lock:
            if self._remote.listener is None:
                return
            before, self._ahead = self._ahead, []
            for facts, clip in wanted:
                if facts.digest[:SHORT] not in self._remote.held:
                    out = self._outgoing(facts, clip)
                    if out not in (self._current, self._following) and not out.whole:
                        self._ahead.append(out)
            self._leave(out for out in before if out not in self._ahead)
            self._pump()

    # What is sent

    def _ask(self, out: Outgoing, take: int, place: int, stretch: Stretch) -> None:
        self._playhead.asked = time.monotonic() if place != frames.END else 0.0
        coming = not out.whole
        wish = Start(take, out.number, place, stretch.frame, stretch.loop, coming, stretch.title)
        self._remote.send(frames.START, wish.packed())
        self._pump()

    def _facts(self, clip: Clip) -> ClipFacts:
        found = os.fstat(clip.descriptor)
        key = (found.st_dev, found.st_ino, found.st_mtime_ns)
        facts = self._known.get(key)
        if facts is None or (facts.frames, facts.sample_rate) != (clip.frames, clip.sample_rate):
            facts = facts_of(clip)
            with self._lock:
                if len(self._known) > _MOST_KNOWN:
                    self._known.clear()
                self._known[key] = facts
        return facts

    def _made_of(self, stretch: Stretch) -> tuple[bytes, float] | None:
        """The digest of what the laptop can make a clip of by itself, and how many dB more."""
        if stretch.made_of is None or not self._remote.can("make"):
            return None
        plain, gain = stretch.made_of
        digest = self._facts(plain).digest
        return (digest, gain) if digest[:SHORT] in self._remote.held else None

    def _outgoing(
        self, facts: ClipFacts, clip: Clip, made_of: tuple[bytes, float] | None = None
    ) -> Outgoing:
        """The clip as it travels, announced; where it is made there, nothing of it travels."""
        out = self._clips.get(facts.digest)
        if out is None:
            number = self._remote.next_number()
            out = Outgoing.of(number, facts, clip)
            out.whole = facts.digest[:SHORT] in self._remote.held
            self._clips[facts.digest] = out
            self._remote.send(frames.CLIP, frames.pack_clip(number, facts))
            if made_of is not None and not out.whole:
                out.whole = True  # the laptop says so if it isn't
                self._remote.send(frames.MAKE, frames.pack_make(number, *made_of))
        return out

    def _make_current(self, out: Outgoing) -> None:
        before = [one for one in (self._current, self._following) if one is not None]
        self._current, self._following = out, None
        self._leave_out(out)
        self._leave(one for one in before if one is not out)

    def _leave_out(self, out: Outgoing) -> None:
        """It is sent for another reason than to be there some time."""
        self._ahead = [other for other in self._ahead if other is not out]
        self._left_over = [other for other in self._left_over if other is not out]

    def _leave(self, outs: Iterable[Outgoing]) -> None:
        """Clips that nobody waits for: whole ones go, a few others are finished some time."""
        for out in outs:
            if out in (self._current, self._following) or out in self._left_over:
                continue
            if out.whole:
                self._forget(out)
            else:
                self._left_over.append(out)
        while len(self._left_over) > MOST_LEFT_OVER:
            self._forget(self._left_over.pop(0))

    def _forget(self, out: Outgoing) -> None:
        if self._clips.pop(out.facts.digest, None) is not None:
            out.close()
            self._remote.send(frames.FORGET, frames.pack_number(out.number))

    def _forget_all(self) -> None:
        for out in list(self._clips.values()):
            self._forget(out)
        self._current, self._following, self._ahead, self._left_over = None, None, [], []
        self._window = Window()

    def _pump(self) -> None:
        """Send as much as may be on its way."""
        while self._window.has_room:
            for out in self._in_order():
                found = out.next_piece()
                if found is not None:
                    break
            else:
                return
            piece, samples = found
            coded = encode(samples, out.facts.channels) if self._is_thin_for(out.facts) else None
            kind, data = (frames.DATA, samples) if coded is None else (frames.LEAN, coded)
            self._window.sent((out.number, piece), len(data), time.monotonic())
            self._remote.send(kind, frames.pack_data(out.number, piece, data))

    def _is_thin_for(self, facts: ClipFacts) -> bool:
        """Whether the line carries hardly more than the clip plays."""
        thin = 0 < self._window.rate < THIN * facts.frame_bytes * facts.sample_rate
        return thin and self._remote.can("lean")

    def _in_order(self) -> list[Outgoing]:
        first = [out for out in (self._current, self._following) if out is not None]
        return [*first, *self._ahead, *reversed(self._left_over)]

    # What is heard

    def _hear(self, frame: Frame | None) -> None:
        with self._lock:
            if frame is None:
                self._over(Failed(self._take, Fault.UNANSWERED, "the laptop doesn't answer"))
                self._forget_all()
            elif frame.kind == frames.GOT:
                self._window.got(frames.unpack_got(frame.body), time.monotonic())
                self._pump()
            elif frame.kind in (frames.WHOLE, frames.MISSING):
                number = frames.unpack_number(frame.body)
                out = next((out for out in self._clips.values() if out.number == number), None)
                if out is not None:
                    self._is_there(out) if frame.kind == frames.WHOLE else self._is_missing(out)
            else:
                self._hear_of_sound(frame)

    def _is_there(self, out: Outgoing) -> None:
        out.whole = True
        self._remote.held.add(out.facts.digest[:SHORT])
        if out not in (self._current, self._following):
            self._leave_out(out)
            self._forget(out)
        self._pump()

    def _is_missing(self, out: Outgoing) -> None:
        short = out.facts.digest[:SHORT]
        tries = self._tries[short] = self._tries.get(short, 0) + 1
        self._remote.held.discard(short)
        if tries <= _MOST_TRIES:
            out.begin_again()
            self._pump()
        elif out is self._current:
            line = "the clip doesn't reach the laptop as it is"
            self._over(Failed(self._take, Fault.DEVICE, line))

    def _hear_of_sound(self, frame: Frame) -> None:
        if frame.kind == frames.STARTED:
            take, at, spent = frames.unpack_started(frame.body)
            if take == self._take:
                position = self._seconds(at)
                when = self._playhead.answered(spent, position, self._remote.trip)
                self._tell(Started(take, when, position))
        elif frame.kind == frames.HELD:
            take, at = frames.unpack_held(frame.body)
            if take == self._take:
                self._tell(Held(take, self._seconds(at)))
        elif frame.kind == frames.MISSED:
            self._over(Missed(frames.unpack_ended(frame.body)))
        elif frame.kind == frames.ENDED:
            self._over(Ended(frames.unpack_ended(frame.body)))
        elif frame.kind == frames.FAILED:
            take, fault, line = frames.unpack_failed(frame.body)
            self._over(Failed(take, _FAULTS.get(fault, Fault.DEVICE), line))

    def _seconds(self, frame: int) -> float:
        return frame / self._current.facts.sample_rate if self._current is not None else 0.0

    def _over(self, event: Ended | Missed | Failed) -> None:
        if event.take == self._take != _NO_TAKE:
            self._take = _NO_TAKE
            self._tell(event)
