"""A sink in this process with a clock that a test moves, and somebody who listens to a player."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from rushes.playback import PlayerState, Route, Source
from rushes.playback.sink import (
    Ended,
    Failed,
    Fault,
    Missed,
    Place,
    Sink,
    Slipped,
    Started,
    Stretch,
    Tell,
)

PATIENCE = 20.0
"""Seconds after which a test gives up waiting; never reached where all is well."""


class Recorder:
    """Keeps every state a player tells, and waits for one."""

    def __init__(self) -> None:
        self.states: list[PlayerState] = []
        self._changed = threading.Condition()

    def __call__(self, state: PlayerState) -> None:
        with self._changed:
            self.states.append(state)
            self._changed.notify_all()

    def until(self, wanted: Callable[[PlayerState], bool]) -> PlayerState:
        """Waits until the newest state is as wanted, and gives it."""
        with self._changed:
            found = self._changed.wait_for(
                lambda: self.states and wanted(self.states[-1]), PATIENCE
            )
            assert found, self.states
            return self.states[-1]


class FakeSink:
    """Notes what it is asked to do; the test says what happens then."""

    def __init__(self, *, streams: bool = False) -> None:
        self.streams = streams
        self.tell: Tell = lambda _: None
        self.now = 100.0
        self.at_once = False
        self.broken = False
        self.playing: tuple[int, int] | None = None  # take and first frame
        self.starts: list[tuple[int, int]] = []
        self.stretch: Stretch | None = None
        self.joins: list[tuple[Stretch, Place]] = []
        self.stops = 0
        self.closed = False
        self._changed = threading.Condition()

    def start(self, stretch: Stretch, take: int) -> None:
        os.fstat(stretch.clip.descriptor)  # the samples are still there
        with self._changed:
            self.stretch = stretch
            self.playing = (take, stretch.frame)
            self.starts.append((take, stretch.frame))
            self._changed.notify_all()
        if self.broken:
            self.fail()
        elif self.at_once:
            self.begin()

    def join(self, stretch: Stretch, take: int, place: Place) -> None:
        os.fstat(stretch.clip.descriptor)
        with self._changed:
            assert self.playing is not None
            self.joins.append((stretch, place))
            self.playing = (take, self.playing[1])
            if place is Place.HERE:
                self.stretch = stretch
            self._changed.notify_all()

    def stop(self) -> None:
        with self._changed:
            self.stops += 1
            self.playing = None
            self._changed.notify_all()

    def prepare(self) -> None:
        pass

    def close(self) -> None:
        self.stop()
        self.closed = True

    def started_at(self, frame: int) -> int:
        """Waits until it plays from that frame; gives the take."""
        with self._changed:
            wanted = lambda: self.playing is not None and self.playing[1] == frame  # noqa: E731
            assert self._changed.wait_for(wanted, PATIENCE), self.starts
            assert self.playing is not None
            return self.playing[0]

    def started(self, count: int) -> int:
        """Waits until it was started so many times; gives the frame of the last start."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.starts) >= count, PATIENCE), self.starts
            return self.starts[-1][1]

    def silent(self) -> None:
        """Waits until it plays nothing."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.playing is None, PATIENCE)

    def joined(self, count: int) -> tuple[Stretch, Place]:
        """Waits until so many have joined; gives the last."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.joins) >= count, PATIENCE), self.joins
            return self.joins[-1]

    def begin(self) -> None:
        assert self.playing is not None
        assert self.stretch is not None
        self.goes_on_at(self.playing[1] / self.stretch.clip.sample_rate)

    def goes_on_at(self, position: float | None) -> None:
        """Says that sound comes out from now on."""
        assert self.playing is not None
        self.tell(Started(self.playing[0], self.now, position))

    def miss(self) -> None:
        """Says that what was to join came too late."""
        assert self.playing is not None
        self.tell(Missed(self.playing[0]))

    def slip(self, seconds: float) -> None:
        assert self.playing is not None
        self.tell(Slipped(self.playing[0], seconds))

    def end(self) -> None:
        assert self.playing is not None
        self.tell(Ended(self.playing[0]))

    def fail(self, fault: Fault = Fault.DEVICE, line: str = "unplugged") -> None:
        assert self.playing is not None
        self.tell(Failed(self.playing[0], fault, line))


class FakeWays:
    """Gives the sinks of a list, one for each choice; silence when there is none left."""

    def __init__(self, *sinks: FakeSink) -> None:
        self.sinks = list(sinks)
        self.chosen = 0
        self.seen = 0

    def choose(self, tell: Tell) -> tuple[Route, Sink | None]:
        self.chosen += 1
        if not self.sinks:
            return Route("silence", "no sound", heard=False, hint="Connect a loudspeaker"), None
        sink = self.sinks.pop(0)
        sink.tell = tell
        return Route(f"fake {self.chosen}", "fake loudspeaker", heard=True), sink

    def signs(self) -> object:
        return self.seen

    def close(self) -> None:
        pass


_others: set[int] = set()
"""Children that were there before the test: servers of other tests, which live for a session."""


def leave_out_children_there() -> None:
    """From now on ``children`` are those that come."""
    _others.clear()
    _others.update(children())


def children() -> dict[int, str]:
    """The processes that the test started and didn't reap: number and state letter."""
    found = {}
    for thread in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # threads come and go
            for pid in (thread / "children").read_text().split():
                if int(pid) not in _others:
                    found[int(pid)] = process_state(int(pid))
    return found


def process_state(pid: int) -> str:
    """The letter of /proc/PID/stat: "Z" for one that ended and wasn't reaped, "" for none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def source(path: Path) -> Source:
    return Source(path.stem, path)
