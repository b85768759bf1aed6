"""What all threads of a player share: the deck, and what the sink has told."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from rushes.errors import RushesError
from rushes.playback.deck import Deck
from rushes.playback.sink import SinkEvent


class Board:
    """The deck, under a lock that is never held for long. ``changed`` wakes whoever waits."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.changed = threading.Condition()
        self.clock = clock
        self.deck = Deck()
        self.events: deque[SinkEvent] = deque()
        self.closing = False

    def change(self, how: Callable[[Deck], Deck]) -> Deck:
        """Change the deck, and give it."""
        with self.changed:
            self.deck = how(self.deck)
            self.changed.notify_all()
            return self.deck

    def tell(self, event: SinkEvent) -> None:
        """Take up what a sink tells, from any thread."""
        with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    def fail(self, take: int, error: RushesError) -> None:
        """Tell by the deck that a wish can't be granted."""
        self.change(lambda deck: deck.failed(take, str(error), self.clock()))
