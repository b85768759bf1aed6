"""What can be undone: the last changes of this sitting, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from rushes.library import Library


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was made; ``revert`` undoes it and ``said`` names what came back."""

    said: str
    revert: Callable[[Library], object]


class Undo:
    """The changes of this sitting that can still be undone."""

    LONGEST = 200

    def __init__(self) -> None:
        self._changes: list[Change] = []

    def remember(self, change: Change) -> None:
        """Keep a change; the oldest goes where there are too many."""
        self._changes.append(change)
        del self._changes[: -self.LONGEST]

    def take(self) -> Change | None:
        """Give the newest change and forget it; None where there is none."""
        return self._changes.pop() if self._changes else None
