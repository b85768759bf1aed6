"""The sink on the laptop: what the player starts here sounds there.

A clip travels once. What plays goes first, then what is likely to be played next, in the order in
which it was named; a start never waits for more than a window of what is under way.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence

from rushes.logs import logger
from rushes.playback.clip import Clip
from rushes.playback.listening import frames
from rushes.playback.listening.frames import SHORT, ClipFacts, Frame, Start
from rushes.playback.listening.remote import Remote
from rushes.playback.listening.sending import Outgoing, Window
from rushes.playback.listening.store import digest_of
from rushes.playback.sink import Ended, Failed, Fault, Held, Started, Tell

MOST_LEFT_OVER = 4
"""Clips that were begun, and still go on when nothing else is to be sent."""

_NO_TAKE = 0
_MOST_TRIES = 3
_FAULTS = {1: Fault.MISSING, 2: Fault.DEVICE, 3: Fault.UNANSWERED, 4: Fault.TAKEN}
_log = logger(__name__)


def facts_of(clip: Clip) -> ClipFacts:
    """What the laptop is told of a clip."""
    digest = digest_of(clip.descriptor, clip.sample_rate, clip.channels, clip.frames)
    return ClipFacts(digest, clip.sample_rate, clip.channels, clip.frames)


class ListenerSink:
    """Plays through the listener that ``remote`` is connected to. Safe from any thread.

    ``title_of`` names a clip for whoever looks at the laptop.
    """

    def __init__(
        self, remote: Remote, tell: Tell, title_of: Callable[[Clip], str] = lambda _: ""
    ) -> None:
        self._remote = remote
        self._title_of = title_of
        self._tell = tell
        self._lock = threading.RLock()
        self._window = Window()
        self._clips: dict[bytes, Outgoing] = {}
        self._known: dict[tuple[int, int, int], ClipFacts] = {}
        self._held: set[bytes] = set()  # beginnings of digests
        self._tries: dict[bytes, int] = {}
        self._next_number = 1
        self._current: Outgoing | None = None
        self._ahead: list[Outgoing] = []
        self._left_over: list[Outgoing] = []
        self._take = _NO_TAKE
        self._asked = 0.0
        self._way = 0.0  # seconds from the laptop to here, as of the last start
        remote.attach(self._hear)

    def start(self, clip: Clip, frame: int, take: int) -> None:
        """See :class:`rushes.playback.sink.Sink`."""
        facts = self._facts(clip)
        with self._lock:
            if self._remote.listener is None:
                self._tell(Failed(take, Fault.UNANSWERED, "the listener doesn't answer"))
                return
            out = self._outgoing(facts, clip)
            self._make_current(out)
            out.look_from(frame)
            self._take = take
            self._asked = time.monotonic()
            wish = Start(take, out.number, frame, not out.whole, out.title)
            self._remote.send(frames.START, wish.packed())
            self._pump()

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
            for out in self._clips.values():
                out.close()
            self._clips.clear()
            self._current, self._ahead, self._left_over = None, [], []

    def expect(self, clips: Sequence[Clip]) -> None:
        """Send these ahead, the first one first, when there is nothing more urgent."""
        wanted = [(self._facts(clip), clip) for clip in clips]
        with self._lock:
            if self._remote.listener is None:
                return
            before = self._ahead
            self._ahead = []
            for facts, clip in wanted:
                if facts.digest[:SHORT] not in self._held:
                    out = self._outgoing(facts, clip)
                    if out is not self._current and not out.whole:
                        self._ahead.append(out)
            self._leave(out for out in before if out not in self._ahead)
            self._pump()

    # What is sent

    def _facts(self, clip: Clip) -> ClipFacts:
        found = os.fstat(clip.descriptor)
        key = (found.st_dev, found.st_ino, found.st_mtime_ns)
        facts = self._known.get(key)
        if facts is None or (facts.frames, facts.sample_rate) != (clip.frames, clip.sample_rate):
            facts = facts_of(clip)
            with self._lock:
                if len(self._known) > 64:
                    self._known.clear()
                self._known[key] = facts
        return facts

    def _outgoing(self, facts: ClipFacts, clip: Clip) -> Outgoing:
        """The clip as it travels, announced."""
        out = self._clips.get(facts.digest)
        if out is None:
            out = Outgoing.of(self._next_number, facts, clip, self._title_of(clip))
            out.whole = facts.digest[:SHORT] in self._held
            self._next_number += 1
            self._clips[facts.digest] = out
            self._remote.send(frames.CLIP, frames.pack_clip(out.number, facts))
        return out

    def _make_current(self, out: Outgoing) -> None:
        before, self._current = self._current, out
        self._ahead = [other for other in self._ahead if other is not out]
        self._left_over = [other for other in self._left_over if other is not out]
        if before is not None and before is not out:
            self._leave([before])

    def _leave(self, outs: Iterable[Outgoing]) -> None:
        """Clips that nobody waits for: whole ones go, a few others are finished some time."""
        for out in outs:
            if out.whole:
                self._forget(out)
            elif out is not self._current and out not in self._left_over:
                self._left_over.append(out)
        while len(self._left_over) > MOST_LEFT_OVER:
            self._forget(self._left_over.pop(0))

    def _forget(self, out: Outgoing) -> None:
        if self._clips.pop(out.facts.digest, None) is not None:
            out.close()
            self._remote.send(frames.FORGET, frames.pack_number(out.number))

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
            self._window.sent((out.number, piece), len(samples), time.monotonic())
            self._remote.send(frames.DATA, frames.pack_data(out.number, piece, samples))

    def _in_order(self) -> list[Outgoing]:
        first = [self._current] if self._current else []
        return [*first, *self._ahead, *reversed(self._left_over)]

    # What is heard

    def _hear(self, frame: Frame | None) -> None:
        with self._lock:
            if frame is None:
                self._over(Failed(self._take, Fault.UNANSWERED, "the laptop doesn't answer"))
            elif frame.kind == frames.GOT:
                self._window.got(frames.unpack_got(frame.body), time.monotonic())
                self._pump()
            elif frame.kind == frames.HAVE:
                body = frame.body
                self._held.update(body[at : at + SHORT] for at in range(0, len(body), SHORT))
            elif frame.kind in (frames.WHOLE, frames.MISSING):
                self._told_of(frames.unpack_number(frame.body), whole=frame.kind == frames.WHOLE)
            else:
                self._hear_of_sound(frame)

    def _told_of(self, number: int, *, whole: bool) -> None:
        out = next((out for out in self._clips.values() if out.number == number), None)
        if out is None:
            return
        short = out.facts.digest[:SHORT]
        if whole:
            out.whole = True
            self._held.add(short)
            if out is not self._current:
                self._ahead = [other for other in self._ahead if other is not out]
                self._left_over = [other for other in self._left_over if other is not out]
                self._forget(out)
            self._pump()
            return
        tries = self._tries[short] = self._tries.get(short, 0) + 1
        self._held.discard(short)
        if tries <= _MOST_TRIES:
            out.begin_again()
            self._pump()
        elif out is self._current:
            line = "the clip doesn't reach the laptop as it is"
            self._over(Failed(self._take, Fault.DEVICE, line))

    def _hear_of_sound(self, frame: Frame) -> None:
        if frame.kind == frames.STARTED:
            take, _, spent = frames.unpack_started(frame.body)
            if take == self._take:
                now = time.monotonic()
                if self._asked:
                    # There and back, without what the laptop took: half of it is the way here.
                    self._way = max(0.0, now - self._asked - max(0.0, spent)) / 2
                    self._asked = 0.0
                self._tell(Started(take, now - self._way))
        elif frame.kind == frames.HELD:
            take, at = frames.unpack_held(frame.body)
            if take == self._take:
                self._tell(Held(take, at))
        elif frame.kind == frames.ENDED:
            self._over(Ended(frames.unpack_ended(frame.body)))
        elif frame.kind == frames.FAILED:
            take, fault, line = frames.unpack_failed(frame.body)
            self._over(Failed(take, _FAULTS.get(fault, Fault.DEVICE), line))

    def _over(self, event: Ended | Failed) -> None:
        if event.take == self._take != _NO_TAKE:
            self._take = _NO_TAKE
            self._tell(event)
