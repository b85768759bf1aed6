"""The way out that is taken: chosen, kept, and chosen again when it is lost or others appear."""

from __future__ import annotations

from rushes.errors import PlaybackError
from rushes.logs import logger
from rushes.playback.board import Board
from rushes.playback.routes import Ways
from rushes.playback.sink import Sink
from rushes.playback.state import Route

LOOK_EVERY = 2.0
"""Seconds between two looks at whether devices or sound servers have come or gone."""

_SILENCE_HOLDS = 2.0
_MORE_LOOKS = 4  # a server takes its time to find a device that was plugged in

_log = logger(__name__)


class Outlet:
    """Belongs to the player's thread; ``sink`` is None with silence, or before the choice."""

    def __init__(self, board: Board, ways: Ways) -> None:
        self.sink: Sink | None = None
        self._board = board
        self._ways = ways
        self._lost = True
        self._chosen_at = self._looked_at = 0.0
        self._signs: object = None
        self._looks = 0

    def choose(self) -> Route:
        """The way out: chosen when there is none, when it was lost, and anew after silence.

        Raises:
            PlaybackError: no helper process can be started.
        """
        route, now = self._board.deck.route, self._board.clock()
        silent_long = self.sink is None and now > self._chosen_at + _SILENCE_HOLDS
        if route is not None and not self._lost and not silent_long:
            return route
        return self._choose_anew()

    def look(self) -> None:
        """Choose again if devices or servers have come or gone; to be called while all is quiet.

        Raises:
            PlaybackError: no helper process can be started.
        """
        self._looked_at = self._board.clock()
        if self._ways.signs() != self._signs:
            _log.info("devices or sound servers have changed")
            self._looks = _MORE_LOOKS
            self._choose_anew()
        elif self._looks and self.sink is None:
            self._looks -= 1
            self._choose_anew()

    def next_look(self) -> float:
        """When to look again, on the board's clock."""
        return self._looked_at + LOOK_EVERY

    def look_soon(self) -> None:
        """Let the next look be due now."""
        self._looked_at = -LOOK_EVERY

    def lose(self) -> None:
        """The device isn't what it was: the next wish chooses again."""
        self._lost = True

    def stop(self) -> None:
        """Be silent."""
        if self.sink:
            self.sink.stop()

    def prepare(self) -> None:
        """Have ready what makes the next start quick."""
        try:
            if self.sink:
                self.sink.prepare()
        except PlaybackError as error:
            # What plays goes on; the next start says it if it is still so.
            _log.warning("%s", error)

    def close(self) -> None:
        """Be silent, and give up what the sink holds."""
        if self.sink:
            self.sink.close()
            self.sink = None

    def _choose_anew(self) -> Route:
        self.close()
        self._signs = self._ways.signs()
        route, self.sink = self._ways.choose(self._board.tell)
        self._lost = False
        self._chosen_at = self._looked_at = self._board.clock()
        self._board.change(lambda deck: deck.routed(route))
        return route
