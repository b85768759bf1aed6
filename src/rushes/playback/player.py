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
from collections.abc import Callable, Sequence
from pathlib import Path
from weakref import WeakSet

from rushes.playback.board import Board
from rushes.playback.clip import Clip, Source, load_clip
from rushes.playback.deck import Deck
from rushes.playback.engine import Engine
from rushes.playback.routes import HelperWays, Ways
from rushes.playback.sink import Sink
from rushes.playback.state import AUTO, PlayerState, Playing

_CLOSE_LIMIT = 5.0

_open_players: WeakSet[Player] = WeakSet()


class Player:
    """Plays one clip at a time. No call waits for sound; ``wait`` alone waits for the end.

    Args:
        route: one of ``rushes.playback.routes.ROUTES``; "auto" takes the first that answers.
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
        self._board = Board(clock)
        self._engine = Engine(self._board, self._ways, load, on_change)
        self._thread: threading.Thread | None = None

    def warm(self) -> None:
        """Choose the way out and have a helper ready, in the background."""
        with self._board.changed:
            self._run_thread()

    def play(self, source: Source, at: float = 0.0, following: Sequence[Source] = ()) -> None:
        """Play a clip from ``at`` seconds on; whatever plays stops. ``following`` come next."""
        self._wish(lambda deck, _: deck.play(source, at, tuple(following)))

    def queue(self, *sources: Source) -> None:
        """Play clips after what plays, without a gap where rate and channels are the same."""
        self._wish(lambda deck, _: deck.queued(sources))

    def follow(self, key: str, sources: Sequence[Source]) -> None:
        """Let more follow the clip of that key, if it is the last that is to be heard."""
        self._wish(lambda deck, _: deck.followed(key, tuple(sources)))

    def play_alone(self) -> None:
        """Let nothing follow what plays."""
        self._wish(lambda deck, now: deck.alone(now))

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

    def loop(self, *, on: bool) -> None:
        """Begin anew whenever a clip has ended, until this is switched off."""
        self._wish(lambda deck, now: deck.looped(now, on=on))

    def toggle_loop(self) -> None:
        """Loop, or no longer."""
        self._wish(lambda deck, now: deck.looped(now, on=not deck.loop))

    def louder(self, gain: float) -> None:
        """Be so many dB louder than now, softer if they are negative; it holds for all clips.

        From −40 to 20 dB in all. What goes beyond full scale is cut off.
        """
        self._wish(lambda deck, now: deck.amplified(deck.gain + gain, now))

    def swap(self, source: Source | None = None) -> None:
        """Go over to the other side at the same position, and at the same level if they match.

        ``source`` is put on the other side before. Without one it is what was in the deck before
        this clip; where nothing was, nothing happens. What has an aim is heard at that level; else
        the louder side is lowered to the softer, by their loudness where both are measured, by
        their RMS where they aren't.
        """
        self._wish(lambda deck, now: deck.swapped(source, now))

    def match(self, *, on: bool) -> None:
        """Let sides be heard at one level, as they are at first, or as their files are.

        What plays changes at once.
        """
        self._wish(lambda deck, now: deck.matching(now, on=on))

    def take_over(self, source: Source) -> None:
        """Let another clip take the place of this one at the same position; nothing follows.

        Unlike ``swap`` it compares no levels, and there is no way back.
        """
        self._wish(lambda deck, now: deck.taken_over(source, now))

    def look_again(self) -> None:
        """Look for other ways out, now or when what plays has ended; from any thread."""
        self._engine.look_soon()

    def close(self) -> None:
        """End the player's thread and its helpers; later calls do nothing."""
        board = self._board
        with board.changed:
            board.closing = True
            board.deck = board.deck.stop()
            board.changed.notify_all()
            thread = self._thread
        self._ways.close()
        if thread and thread is not threading.current_thread():
            thread.join(_CLOSE_LIMIT)
        _open_players.discard(self)

    @property
    def state(self) -> PlayerState:
        """What the player does now; never waits."""
        return self._board.deck.view(self._board.clock())

    @property
    def sink(self) -> Sink | None:
        """The way out in use; None while there is none."""
        return self._engine.sink

    def wait(self, timeout: float | None = None) -> PlayerState:
        """Wait until the clip has ended, was stopped or failed, ``timeout`` seconds at most."""
        board = self._board
        with board.changed:
            board.changed.wait_for(lambda: board.deck.playing is Playing.STOPPED, timeout)
            return self.state

    def _wish(self, change: Callable[[Deck, float], Deck]) -> None:
        board = self._board
        with board.changed:
            if board.closing:
                return
            board.deck = change(board.deck, board.clock())
            if board.deck.playing is Playing.LOADING:
                self._run_thread()
            board.changed.notify_all()

    def _run_thread(self) -> None:
        if self._thread or self._board.closing:
            return
        self._thread = threading.Thread(target=self._engine.run, name="rushes-player", daemon=True)
        self._thread.start()
        _open_players.add(self)


def _close_all() -> None:
    for player in list(_open_players):
        player.close()


atexit.register(_close_all)
