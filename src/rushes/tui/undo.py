"""What can be undone: the last changes of this sitting, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from rushes.library import Library


@dataclass(frozen=True, slots=True)
class Change:
    """A change that was made; ``revert`` undoes it and ``said`` names what came back.

    ``of`` is the id of the comparison that it is a decision of, if it is one.
    """

    said: str
    revert: Callable[[Library], object]
    of: str = ""


class Undo:
    """The changes of this sitting that can still be undone."""

    LONGEST = 200

    def __init__(self) -> None:
        self._changes: list[Change] = []

    @property
    def newest(self) -> Change | None:
        """The newest change; None where there is none."""
        return self._changes[-1] if self._changes else None

    def remember(self, change: Change) -> None:
        """Keep a change; the oldest goes where there are too many."""
        self._changes.append(change)
        del self._changes[: -self.LONGEST]

    def take(self) -> Change | None:
        """Give the newest change and forget it; None where there is none."""
        return self._changes.pop() if self._changes else None

    def forget(self, comparison_id: str) -> None:
        """Forget the decisions of a comparison: they are no longer there to be taken back."""
        self._changes = [change for change in self._changes if change.of != comparison_id]

    def forget_last(self, comparison_id: str) -> None:
        """Forget the last decision of a comparison: it was taken back; "" is none."""
        for at in reversed(range(len(self._changes))):
            if comparison_id and self._changes[at].of == comparison_id:
                del self._changes[at]
                return
