"""What answers about pairs say of all other pairs."""

from __future__ import annotations


class KnownOrder:
    """Which of ``count`` things are known to be better than which, by what was said and follows.

    What was said first counts: what contradicts it, or repeats it, adds nothing.
    """

    def __init__(self, count: int) -> None:
        # A bit for each thing that this one is at least as good as, and better than.
        self._at_least = [1 << index for index in range(count)]
        self._above = [0] * count

    def relation(self, one: int, other: int) -> int | None:
        """1 where the one is better, -1 where the other is, 0 where they are equal; None: unknown.

        In O(1).
        """
        if self._above[one] >> other & 1:
            return 1
        if self._above[other] >> one & 1:
            return -1
        return 0 if self._at_least[one] >> other & 1 else None

    def add(self, one: int, other: int, relation: int) -> bool:
        """Learn how two stand to each other; False where that was known, or its opposite."""
        if self.relation(one, other) is not None:
            return False
        if relation == 0:
            one_at_least, one_above = self._at_least[one], self._above[one]
            self._join(one, self._at_least[other], self._above[other])
            self._join(other, one_at_least, one_above)
        elif relation > 0:
            self._join(one, self._at_least[other], self._at_least[other])
        else:
            self._join(other, self._at_least[one], self._at_least[one])
        return True

    def betters(self, index: int) -> int:
        """How many are known to be better than this one."""
        return sum(above >> index & 1 for above in self._above)

    def _join(self, upper: int, at_least: int, above: int) -> None:
        """Let all that are as good as ``upper`` be as good as these, and better than those."""
        for index, reached in enumerate(self._at_least):
            if reached >> upper & 1:
                self._above[index] |= at_least if self._above[index] >> upper & 1 else above
                self._at_least[index] |= at_least
