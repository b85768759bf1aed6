"""The sink of a helper process: one in use, one spare that waits for the next start.

Stopping means killing: a library's own stop plays on for as long as its buffer lasts, and can't
be called at all while it waits for a device.
"""

from __future__ import annotations

import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from rushes.playback import protocol
from rushes.playback.process import GONE, HelperProcess
from rushes.playback.protocol import Message
from rushes.playback.sink import (
    Ended,
    Failed,
    Fault,
    Missed,
    Place,
    SinkEvent,
    Slipped,
    Started,
    Stretch,
    Tell,
)

READY_LIMIT = 10.0
"""Seconds in which a helper must have started."""

PROBE_LIMIT = 3.0
"""Seconds in which a device or sound server must have answered."""

FAR = 0.1
"""Seconds for opening a device over a network beyond which it needs large buffers: several trips
there and back."""

_MOST_DEATHS = 3
_REAP_LIMIT = 2.0
_FAULTS = {protocol.MISSING: Fault.MISSING, protocol.DEVICE: Fault.DEVICE}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a backend can't be the way out."""

    fault: Fault
    line: str


@dataclass(frozen=True, slots=True)
class _Order:
    stretch: Stretch
    take: int


class HelperSink:
    """Plays through the backend of that name. Safe from any thread.

    ``streams`` as in :class:`rushes.playback.sink.Sink`. ``took`` is how many seconds the device
    took to open when it was probed; with ``over_network`` a long time means that the sound server
    is far away.
    """

    def __init__(
        self, backend: str, tell: Tell, log: Path, *, streams: bool, over_network: bool = False
    ) -> None:
        self.backend = backend
        self.streams = streams
        self.took = 0.0
        self._over_network = over_network
        self._tell = tell
        self._log = log
        self._lock = threading.Condition(threading.RLock())
        self._main: HelperProcess | None = None
        self._spare: HelperProcess | None = None
        self._running: set[HelperProcess] = set()
        self._fading: set[HelperProcess] = set()  # killed, and perhaps still to be heard
        self._order: _Order | None = None  # waits for its helper, or for those to be gone
        self._take = protocol.NO_TAKE
        self._deaths = 0  # of helpers that nobody killed, since the last one that played
        self._answer: Refusal | None = None
        self._answered = False
        self._closed = False

    @property
    def is_far(self) -> bool:
        """Whether the sound server answers so slowly that the device needs large buffers."""
        return self._over_network and self.took > FAR

    def start(self, stretch: Stretch, take: int) -> None:
        """See :class:`rushes.playback.sink.Sink`."""
        with self._lock:
            self.stop()
            if self._closed:
                return
            self._deaths = 0
            helper = self._main = self._main or self._spare or self._spawn()
            if helper is self._spare:
                self._spare = None
            self._take = take
            self._order = _Order(stretch, take)
            self._begin()

    def join(self, stretch: Stretch, take: int, place: Place) -> None:
        """See :class:`rushes.playback.sink.Sink`."""
        with self._lock:
            if self._closed:
                return
            if self._main is None or self._order or self._take == protocol.NO_TAKE:
                self._tell(Missed(take))
                return
            self._take = take
            self._main.join(stretch, take, place)

    def stop(self) -> None:
        """See :class:`rushes.playback.sink.Sink`."""
        with self._lock:
            if self._take == protocol.NO_TAKE:
                return
            self._take = protocol.NO_TAKE
            if self._order:
                self._order = None  # it never began, and can serve the next start
                return
            if self._main:
                self._main.kill()
                self._fading.add(self._main)
                self._main = None

    def prepare(self) -> None:
        """Keep one helper that plays nothing, unless helpers die as fast as they are started."""
        with self._lock:
            idle = self._main is not None and self._take == protocol.NO_TAKE
            if idle or self._spare or self._closed or self._deaths >= _MOST_DEATHS:
                return
            self._spare = self._spawn()

    def close(self) -> None:
        """See :class:`rushes.playback.sink.Sink`."""
        with self._lock:
            self._closed = True
            self._take, self._order = protocol.NO_TAKE, None
            helpers = list(self._running)
            for helper in helpers:
                helper.kill()
            self._lock.notify_all()
        for helper in helpers:
            helper.await_end(_REAP_LIMIT)

    def probe(self) -> Refusal | None:
        """Ask a helper whether sound would come out; None when it would.

        Waits for it, ``PROBE_LIMIT`` seconds at most once the helper runs, or until the sink is
        closed. The helper that answered stays, ready to play.

        Raises:
            PlaybackError: no process can be started.
        """
        with self._lock:
            helper = self._main = self._spawn()
            if self._wait_for(lambda: helper.ready or self._main is not helper, READY_LIMIT):
                if self._main is helper and not self._answered:
                    helper.probe()
                self._wait_for(lambda: self._answered or self._main is not helper, PROBE_LIMIT)
            if self._answered:
                return self._answer
            if self._main is helper:
                helper.kill()
                self._main = None
                return Refusal(Fault.UNANSWERED, f"{self.backend} doesn't answer")
            return Refusal(Fault.CRASHED, _how_it_ended(helper))

    def _wait_for(self, condition: object, limit: float) -> bool:
        assert callable(condition)
        deadline = time.monotonic() + limit
        while not condition():
            left = deadline - time.monotonic()
            if self._closed or left <= 0:
                return False
            self._lock.wait(left)
        return True

    def _spawn(self) -> HelperProcess:
        helper = HelperProcess(self.backend, self._hear, self._log)
        self._running.add(helper)
        return helper

    def _hear(self, helper: HelperProcess, message: Message) -> None:
        with self._lock:
            if message.kind == GONE:
                self._gone(helper)
            elif helper in (self._main, self._spare):
                self._heed(helper, message)
            self._lock.notify_all()

    def _heed(self, helper: HelperProcess, message: Message) -> None:
        if message.kind == protocol.READY:
            helper.ready = True
            self._begin()
        elif message.kind == protocol.ALIVE:
            self._answered = True
            _, self.took = protocol.unpack_seconds(message.body)
        elif message.kind == protocol.STARTED:
            take, when, position = protocol.unpack_started(message.body)
            at = None if position == protocol.GOES_ON else position
            self._tell_of(Started(take, when, at))
        elif message.kind == protocol.SLIPPED:
            self._tell_of(Slipped(*protocol.unpack_seconds(message.body)))
        elif message.kind == protocol.MISSED:
            self._over(Missed(protocol.unpack_take(message.body)))
        elif message.kind == protocol.ENDED:
            self._over(Ended(protocol.unpack_take(message.body)))
        elif message.kind == protocol.FAILED:
            take, fault, line = protocol.unpack_failed(message.body)
            if take != protocol.NO_TAKE:
                self._over(Failed(take, _FAULTS[fault], line))
            elif helper is self._main:
                # What a start waits for won't come; a probe is answered.
                self._answered, self._answer = True, Refusal(_FAULTS[fault], line)
                self._order = None
                self._over(Failed(self._take, _FAULTS[fault], line))

    def _begin(self) -> None:
        """Start what was ordered, once its helper is ready and what sounded before is gone."""
        if self._order and self._main and self._main.ready and not self._fading:
            order, self._order = self._order, None
            self._main.start(order.stretch, order.take, far=self.is_far)

    def _tell_of(self, event: SinkEvent) -> None:
        if event.take == self._take:
            self._tell(event)

    def _over(self, event: Missed | Ended | Failed) -> None:
        if event.take == self._take != protocol.NO_TAKE:
            self._take = protocol.NO_TAKE
            self._tell(event)

    def _gone(self, helper: HelperProcess) -> None:
        self._running.discard(helper)
        self._fading.discard(helper)
        if helper is self._spare:
            self._spare = None
            self._deaths += 1
        if helper is self._main:
            self._main = None
            self._order = None
            self._deaths += 1
            self._over(Failed(self._take, Fault.CRASHED, _how_it_ended(helper)))
        self._begin()


def _how_it_ended(helper: HelperProcess) -> str:
    code = helper.exit_code
    if code is None or code >= 0:
        return "the sound helper ended unexpectedly"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"the sound helper was ended by {name}"
