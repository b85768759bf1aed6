"""Long work under way: how far it is, and the way to call it off."""

from __future__ import annotations

from rushes.errors import Interrupted


class Work:
    """One piece of long work. It is the watch that the library tells how far it is.

    ``reads_sources``: linked sources are read by it, and need not be followed meanwhile.

    Told from the thread that works, read on the event loop: whole values are put in place.
    """

    def __init__(self, name: str, *, reads_sources: bool = False) -> None:
        self.name = name
        self.reads_sources = reads_sources
        self.done = 0
        self.total = 0
        self.doing = ""
        self._called_off = False

    def __call__(self, done: int, total: int, doing: str = "") -> None:
        """Take up how far it is.

        Raises:
            Interrupted: it was called off.
        """
        if self._called_off:
            raise Interrupted(f"{self.name} was called off")
        self.done, self.total, self.doing = done, total, doing

    def call_off(self) -> None:
        """End it between two of its steps."""
        self._called_off = True

    @property
    def is_called_off(self) -> bool:
        """Tell whether it is about to end."""
        return self._called_off

    @property
    def share(self) -> float:
        """How much is done, 0 to 1."""
        return min(1.0, self.done / self.total) if self.total else 0.0

    @property
    def words(self) -> str:
        """The work and its part, on one line: ``verifying: hashing``."""
        if self._called_off:
            return f"{self.name}: ending"
        doing = self.doing
        return f"{self.name}: {doing}" if doing and doing != self.name else self.name
