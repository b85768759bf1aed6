"""The player: takes wishes from any thread, grants the newest one in a thread of its own.

A wish changes the deck at once, under a lock that is never held for long; the player's thread
then makes the sound agree with the deck. Whatever takes time (choosing the way out, decoding,
waiting for a device) happens there or in a helper process, and an answer to an older wish is
thrown away.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from weakref import WeakSet

from rushes.errors import NoSound, PlaybackError, RushesError
from rushes.logs import logger
from rushes.playback.clip import Clip, FileStamp, Source, import_decoders, load_clip, stamp
from rushes.playback.deck import Deck
from rushes.playback.routes import AUTO, HelperWays, Ways
from rushes.playback.sink import Ended, Fault, Held, Sink, SinkEvent, Started
from rushes.playback.state import PlayerState, Playing, Route

START_LIMIT = 5.0
"""Seconds in which a sink must have started; a Bluetooth loudspeaker takes two."""

END_LIMIT = 5.0
"""Seconds after a clip's length in which a sink must have ended."""

_MOST_TRIES = 3
_SILENCE_HOLDS = 2.0
_CLOSE_LIMIT = 5.0

_log = logger(__name__)
_open_players: WeakSet[Player] = WeakSet()


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The clip in memory, and the file that it was read from."""

    path: Path
    stamp: FileStamp | None
    clip: Clip


class Player:
    """Plays one clip at a time. No call waits for sound; ``wait`` alone waits for the end.

    Args:
        route: one of ``rushes.playback.routes.OF_THIS_MACHINE``; "auto" takes the first that
            answers.
        on_change: hears every change of state (not the moving playhead) in the player's thread;
            it must return at once. Of wishes that overtake each other it hears the newest.
        log: file for what C libraries print; the program's log file unless given.
        ways: finds the way out; the helper processes of this machine unless given.
        load: decodes a clip.
        clock: seconds, as ``time.monotonic``.

    Raises:
        BadInput: there is no such route.
    """

    def __init__(
        self,
        *,
        route: str = AUTO,
        on_change: Callable[[PlayerState], None] | None = None,
        log: Path | None = None,
        ways: Ways | None = None,
        load: Callable[[Source], Clip] = load_clip,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ways = ways or HelperWays(route, log)
        self._on_change = on_change
        self._load = load
        self._clock = clock
        self._changed = threading.Condition()
        # These belong to all threads, under the condition's lock.
        self._deck = Deck()
        self._events: deque[SinkEvent] = deque()
        self._thread: threading.Thread | None = None
        self._closing = False
        self._look_again = False
        # The rest belongs to the player's thread.
        self._told = self._deck
        self._served = 0
        self._tries = 0
        self._retry = False
        self._deadline: float | None = None
        self._sink: Sink | None = None
        self._way_lost = True
        self._chosen_at = 0.0
        self._loaded: _Loaded | None = None

    def warm(self) -> None:
        """Choose the way out and have a helper ready, in the background."""
        with self._changed:
            self._run_thread()

    def play(self, source: Source, at: float = 0.0) -> None:
        """Play a clip from ``at`` seconds on; whatever plays stops."""
        self._wish(lambda deck, _: deck.play(source, at))

    def toggle(self) -> None:
        """Pause, or go on; a clip that was stopped or has ended starts."""
        self._wish(lambda deck, now: deck.toggle(now))

    def pause(self) -> None:
        """Hold the playhead where it is."""
        self._wish(lambda deck, now: deck.pause(now))

    def resume(self) -> None:
        """Go on after a pause."""
        self._wish(lambda deck, _: deck.resume())

    def seek(self, position: float) -> None:
        """Move the playhead to a position in seconds; sound and pause stay what they are."""
        self._wish(lambda deck, _: deck.seek(position))

    def nudge(self, seconds: float) -> None:
        """Move the playhead by some seconds, back if they are negative."""
        self._wish(lambda deck, now: deck.nudge(seconds, now))

    def stop(self) -> None:
        """Be silent; the clip stays in the deck, at its beginning."""
        self._wish(lambda deck, _: deck.stop())

    def look_again(self) -> None:
        """Choose the way out anew, now or when what plays has ended; from any thread."""
        with self._changed:
            self._look_again = True
            self._changed.notify_all()

    def close(self) -> None:
        """End the player's thread and its helpers; later calls do nothing."""
        with self._changed:
            self._closing = True
            self._deck = self._deck.stop()
            self._changed.notify_all()
            thread = self._thread
        self._ways.close()
        if thread and thread is not threading.current_thread():
            thread.join(_CLOSE_LIMIT)
        _open_players.discard(self)

    @property
    def state(self) -> PlayerState:
        """What the player does now; never waits."""
        return self._deck.view(self._clock())

    @property
    def sink(self) -> Sink | None:
        """The way out in use; None while there is none."""
        return self._sink

    def wait(self, timeout: float | None = None) -> PlayerState:
        """Wait until the clip has ended, was stopped or failed, ``timeout`` seconds at most."""
        with self._changed:
            self._changed.wait_for(lambda: self._deck.playing is Playing.STOPPED, timeout)
            return self.state

    def _wish(self, change: Callable[[Deck, float], Deck]) -> None:
        with self._changed:
            if self._closing:
                return
            self._deck = change(self._deck, self._clock())
            if self._deck.playing is Playing.LOADING:
                self._run_thread()
            self._changed.notify_all()

    def _run_thread(self) -> None:
        if self._thread or self._closing:
            return
        self._thread = threading.Thread(target=self._live, name="rushes-player", daemon=True)
        self._thread.start()
        _open_players.add(self)

    def _tell(self, event: SinkEvent) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()

    # From here on: the player's thread.

    def _live(self) -> None:
        try:
            self._grant(self._served, self._choose)
            if self._sink:
                self._grant(self._served, import_decoders)
            while self._turn():
                pass
        finally:
            self._close_sink()
            self._forget_clip()

    def _turn(self) -> bool:
        """Wait for something to do, and do it; False when the player is to end."""
        self._publish()
        with self._changed:
            self._changed.wait_for(self._has_work, self._patience())
            if self._closing:
                return False
            if self._events:  # one a turn, so that a clip that ends at once is heard to have begun
                self._deck = self._heed(self._deck, self._events.popleft())
            deck = self._deck
            anew = self._is_to_look()
            self._look_again = self._look_again and not anew
            self._changed.notify_all()
        if anew:
            self._way_lost = True
            self._grant(self._served, self._choose)
        if deck.take != self._served:
            self._tries = 0
            self._serve(deck)
        elif self._retry:
            self._serve(deck)
        elif self._overdue():
            self._give_up(deck)
        self._prepare()
        return True

    def _has_work(self) -> bool:
        changed = self._deck.take != self._served or self._deck is not self._told
        asked = self._closing or self._overdue() or self._is_to_look()
        return changed or bool(self._events) or asked

    def _is_to_look(self) -> bool:
        busy = self._deck.playing in (Playing.PLAYING, Playing.LOADING)
        return self._look_again and not busy

    def _overdue(self) -> bool:
        return self._deadline is not None and self._clock() >= self._deadline

    def _patience(self) -> float | None:
        return None if self._deadline is None else max(0.0, self._deadline - self._clock())

    def _heed(self, deck: Deck, event: SinkEvent) -> Deck:
        """The deck after a word of the sink's; what belongs to an older wish changes nothing."""
        if event.take != deck.take or event.take != self._served:
            return deck
        self._deadline = None
        if isinstance(event, Started):
            self._deadline = event.when + deck.length - deck.position + END_LIMIT
            return deck.started(event.take, event.when)
        if isinstance(event, Held):
            self._deadline = self._clock() + START_LIMIT
            clip = self._loaded.clip if self._loaded else None
            return deck.held(event.take, event.frame / clip.sample_rate) if clip else deck
        if isinstance(event, Ended):
            return deck.ended(event.take)
        _log.warning("sound failed (%s): %s", event.fault.value, event.line)
        if event.fault is not Fault.CRASHED:
            self._way_lost = True
        if deck.playing is Playing.LOADING and self._tries < _MOST_TRIES:
            # What was fine a while ago is gone: try what there is now.
            self._retry = True
            return deck
        return deck.failed(event.take, str(_complaint(deck, event.line)), self._clock())

    def _serve(self, deck: Deck) -> None:
        """Make the sound agree with the newest wish."""
        self._served = deck.take
        self._tries += 1
        self._retry = False
        self._deadline = None
        if self._sink:
            self._sink.stop()
        if deck.playing is Playing.LOADING:
            self._publish()
            self._grant(deck.take, lambda: self._begin(deck))

    def _begin(self, deck: Deck) -> None:
        assert deck.source is not None
        route = self._choose()
        if self._sink is None:
            if not route.hint:
                raise NoSound("Sound is switched off", "it is set to silence", "Set it to auto.")
            raise NoSound("There is no way out for sound", fix=route.hint)
        clip = self._clip(deck.source)
        with self._changed:
            self._deck = self._deck.loaded(deck.take, clip.duration)
            if self._deck.take != deck.take:
                return
            frame = round(self._deck.position * clip.sample_rate)
            if frame >= clip.frames:
                self._deck = self._deck.ended(deck.take)
                self._changed.notify_all()
                return
        self._deadline = self._clock() + START_LIMIT
        self._sink.start(clip, frame, deck.take)

    def _choose(self) -> Route:
        """The way out: chosen when there is none, when it was lost, and anew after silence."""
        route = self._deck.route
        silent_long = self._sink is None and self._clock() > self._chosen_at + _SILENCE_HOLDS
        if route is not None and not self._way_lost and not silent_long:
            return route
        self._close_sink()
        route, self._sink = self._ways.choose(self._tell)
        self._way_lost = False
        self._chosen_at = self._clock()
        with self._changed:
            self._deck = self._deck.routed(route)
        return route

    def _clip(self, source: Source) -> Clip:
        found = stamp(source.path)
        held = self._loaded
        if held and found and (held.path, held.stamp) == (source.path, found):
            return held.clip
        self._forget_clip()
        clip = self._load(source)
        self._loaded = _Loaded(source.path, found, clip)
        return clip

    def _give_up(self, deck: Deck) -> None:
        """The sink was given time enough; a helper that hangs isn't used again."""
        self._deadline = None
        self._close_sink()
        self._way_lost = True
        self._fail(deck.take, _complaint(deck, "the sound device doesn't answer"))

    def _grant(self, take: int, work: Callable[[], object]) -> None:
        """Do what a wish needs; what goes wrong is told by the deck, and ends nothing else."""
        try:
            work()
        except RushesError as error:
            self._fail(take, error)
        except MemoryError:
            self._fail(take, PlaybackError("The clip can't be played", "it is too long"))
        except Exception as error:  # noqa: BLE001 - a fault in one clip must not end the player
            _log.exception("a wish could not be granted")
            why = f"{type(error).__name__}; the log has more"
            self._fail(take, PlaybackError("The clip can't be played", why))

    def _fail(self, take: int, error: RushesError) -> None:
        with self._changed:
            self._deck = self._deck.failed(take, str(error), self._clock())
            self._changed.notify_all()

    def _publish(self) -> None:
        deck = self._deck
        same = replace(deck, take=0) == replace(self._told, take=0)
        self._told = deck
        if same or self._on_change is None:
            return
        try:
            self._on_change(deck.view(self._clock()))
        except Exception:  # noqa: BLE001 - a face's fault must not end the player
            _log.exception("on_change failed")

    def _prepare(self) -> None:
        try:
            if self._sink:
                self._sink.prepare()
        except PlaybackError as error:
            # What plays goes on; the next start says it if it is still so.
            _log.warning("%s", error)

    def _close_sink(self) -> None:
        if self._sink:
            self._sink.close()
            self._sink = None

    def _forget_clip(self) -> None:
        if self._loaded:
            self._loaded.clip.close()
            self._loaded = None


def _complaint(deck: Deck, why: str) -> PlaybackError:
    if deck.playing is Playing.PLAYING:
        return PlaybackError("The sound broke off", why, "Play again to go on")
    return PlaybackError("The clip can't be played", why, "Play again to retry")


def _close_all() -> None:
    for player in list(_open_players):
        player.close()


atexit.register(_close_all)
