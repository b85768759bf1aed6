"""The player's thread: makes the sound agree with the newest wish, and hears what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from rushes.errors import PlaybackError, RushesError
from rushes.logs import logger
from rushes.playback.board import Board
from rushes.playback.clip import Clip, Source, import_decoders
from rushes.playback.deck import Deck
from rushes.playback.outlet import Outlet
from rushes.playback.routes import Ways
from rushes.playback.shelf import Shelf
from rushes.playback.sink import (
    Ended,
    Failed,
    Fault,
    Held,
    Missed,
    Sink,
    SinkEvent,
    Slipped,
    Started,
)
from rushes.playback.sounding import Sounding
from rushes.playback.state import PlayerState, Playing

START_LIMIT = 5.0
"""Seconds in which a sink must have started; a Bluetooth loudspeaker takes two."""

END_LIMIT = 5.0
"""Seconds after a clip's length in which a sink must have ended."""

_MOST_TRIES = 3
_LONG = 3600.0

_log = logger(__name__)


class Engine:
    """Lives in the thread that calls ``run``."""

    def __init__(
        self,
        board: Board,
        ways: Ways,
        load: Callable[[Source], Clip],
        on_change: Callable[[PlayerState], None] | None,
    ) -> None:
        self._board = board
        self._on_change = on_change
        self._outlet = Outlet(board, ways)
        self._shelf = Shelf(load)
        self._sounding = Sounding(board, self._outlet, self._shelf)
        self._told = board.deck
        self._served = 0
        self._tries = 0
        self._retry = False
        self._deadline: float | None = None

    def run(self) -> None:
        """Grant wishes until the board is closing."""
        try:
            self._grant(self._served, self._outlet.choose)
            if self._outlet.sink:
                self._grant(self._served, import_decoders)
            while self._turn():
                pass
        finally:
            self._outlet.close()
            self._shelf.clear()

    def look_soon(self) -> None:
        """Look for other ways out as soon as all is quiet; from any thread."""
        with self._board.changed:
            self._outlet.look_soon()
            self._board.changed.notify_all()

    @property
    def sink(self) -> Sink | None:
        """The way out in use; None while there is none."""
        return self._outlet.sink

    def _turn(self) -> bool:
        """Wait for something to do, and do it; False when the player is to end."""
        self._publish()
        board = self._board
        with board.changed:
            board.changed.wait_for(self._has_work, self._patience())
            if board.closing:
                return False
            if board.events:  # one a turn, so that a clip that ends at once is heard to have begun
                board.deck = self._heed(board.deck, board.events.popleft())
            deck = board.deck
            board.changed.notify_all()
        self._act(deck)
        self._outlet.prepare()
        return True

    def _act(self, deck: Deck) -> None:
        now = self._board.clock()
        turning = self._sounding.turning(deck)
        if deck.take != self._served:
            self._tries = 0
            self._serve(deck)
        elif self._retry:
            self._serve(deck)
        elif self._deadline is not None and now >= self._deadline:
            self._give_up(deck)
        elif turning is not None and now >= turning:
            self._deadline = turning + self._sounding.turn(deck, turning) + END_LIMIT
        elif self._is_quiet(deck) and now >= self._outlet.next_look():
            self._grant(deck.take, self._outlet.look)
        self._sounding.follow(self._board.deck)

    def _has_work(self) -> bool:
        board = self._board
        changed = board.deck.take != self._served or board.deck is not self._told
        return changed or bool(board.events) or board.closing or self._patience() == 0

    def _patience(self) -> float:
        """How long to wait for a wish or an event until there is something to do."""
        deck = self._board.deck
        times = [self._deadline, self._sounding.turning(deck)]
        times += [self._outlet.next_look()] if self._is_quiet(deck) else []
        due = min((time for time in times if time is not None), default=None)
        return _LONG if due is None else max(0.0, due - self._board.clock())

    def _is_quiet(self, deck: Deck) -> bool:
        return deck.playing in (Playing.STOPPED, Playing.PAUSED) and not self._sounding.is_on

    def _heed(self, deck: Deck, event: SinkEvent) -> Deck:
        """The deck after a word of the sink's; what belongs to an older wish changes nothing."""
        if event.take != deck.take or event.take != self._served:
            return deck
        if isinstance(event, Slipped):
            self._deadline = self._deadline and self._deadline + event.seconds
            return deck.slipped(event.take, event.seconds)
        if isinstance(event, Held):
            self._await_start()
            return deck.held(event.take, event.position)
        if isinstance(event, Started):
            return self._heed_start(deck, event)
        self._deadline = None
        gone_through = self._sounding.gone_through()
        self._sounding.over()
        if isinstance(event, Ended):
            return self._heed_end(deck, event, gone_through)
        if isinstance(event, Missed):
            self._retry = True
            return deck.broken(event.take, deck.error, self._board.clock())
        return self._heed_failure(deck, event)

    def _heed_start(self, deck: Deck, event: Started) -> Deck:
        if event.position is None:
            self._sounding.next_is_joined()
            return deck
        left = self._sounding.seconds_left(event.position)
        self._deadline = None if left is None else event.when + left + END_LIMIT
        return deck.started(event.take, event.when, event.position)

    def _heed_end(self, deck: Deck, event: Ended, lengths: tuple[float, ...]) -> Deck:
        """A device that isn't real, or has a quicker clock, is through before its turns are due."""
        for length in lengths:
            deck = deck.turned(self._board.clock(), length)
        return deck.ended(event.take)

    def _heed_failure(self, deck: Deck, event: Failed) -> Deck:
        _log.warning("sound failed (%s): %s", event.fault.value, event.line)
        if event.fault not in (Fault.CRASHED, Fault.TAKEN):
            self._outlet.lose()
        now = self._board.clock()
        if event.fault is Fault.TAKEN or self._tries >= _MOST_TRIES:
            return deck.failed(event.take, str(_complaint(deck, event.line)), now)
        # What was fine a while ago is gone: try what there is now.
        self._retry = True
        if deck.playing is Playing.LOADING:
            return deck
        broke = PlaybackError("The sound broke off", event.line, "It goes on by itself")
        return deck.broken(event.take, str(broke), now)

    def _serve(self, deck: Deck) -> None:
        """Make the sound agree with the newest wish."""
        self._served = deck.take
        self._tries += 1
        self._retry = False
        self._deadline = None
        if deck.playing is Playing.PLAYING and self._sounding.is_on:
            self._await_start()
            self._grant(deck.take, lambda: self._sounding.change(deck))
            return
        self._sounding.stop()
        if deck.playing is Playing.LOADING:
            self._publish()
            self._grant(deck.take, lambda: self._sounding.begin(deck))
            if self._sounding.is_on:
                self._await_start()

    def _await_start(self) -> None:
        self._deadline = self._board.clock() + START_LIMIT

    def _give_up(self, deck: Deck) -> None:
        """The sink was given time enough; a helper that hangs isn't used again."""
        self._deadline = None
        self._outlet.close()
        self._sounding.over()
        self._outlet.lose()
        self._board.fail(deck.take, _complaint(deck, "the sound device doesn't answer"))

    def _grant(self, take: int, work: Callable[[], object]) -> None:
        """Do what a wish needs; what goes wrong is told by the deck, and ends nothing else."""
        try:
            work()
        except RushesError as error:
            self._fail(take, error)
        except MemoryError:
            self._fail(take, PlaybackError("The clip can't be played", "it is too long"))
        except Exception as error:  # noqa: BLE001  # a fault in one clip must not end the player
            _log.exception("a wish could not be granted")
            why = f"{type(error).__name__}; the log has more"
            self._fail(take, PlaybackError("The clip can't be played", why))

    def _fail(self, take: int, error: RushesError) -> None:
        self._deadline = None
        self._sounding.stop()
        self._board.fail(take, error)

    def _publish(self) -> None:
        deck = self._board.deck
        same = replace(deck, take=0) == replace(self._told, take=0)
        self._told = deck
        if same or self._on_change is None:
            return
        try:
            self._on_change(deck.view(self._board.clock()))
        except Exception:  # noqa: BLE001  # a face's fault must not end the player
            _log.exception("on_change failed")


def _complaint(deck: Deck, why: str) -> PlaybackError:
    if deck.playing is Playing.PLAYING:
        return PlaybackError("The sound broke off", why, "Play again to go on")
    return PlaybackError("The clip can't be played", why, "Play again to retry")
