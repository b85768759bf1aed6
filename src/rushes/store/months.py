"""How many generations each month has, and the bytes of their files: no counter knows that."""

from __future__ import annotations

from collections import Counter
from typing import cast

from rushes.domain.storage import Portion
from rushes.domain.watch import Watch
from rushes.store.reader import Reader, Snapshot

_AT_ONCE = 50_000
"""Rows in one reading: some 0.1 s, for which nobody who writes has to wait long."""

_HIGHEST = "SELECT COALESCE(max(seq), 0) FROM generations"
_MONTHS = (
    "SELECT strftime('%Y-%m', g.created_at, 'localtime') AS month, count(*), COALESCE(sum("
    "(SELECT sum(v.bytes) FROM generation_versions v WHERE v.generation_id = g.id)), 0)"
    " FROM generations g WHERE g.seq > ? AND g.seq <= ?"
    " AND g.source_id IS NULL AND g.purging = 0 GROUP BY month"
)


class Months:
    """The library's own generations by the months of the local clock, while they are added up."""

    def __init__(self) -> None:
        self._generations: Counter[str] = Counter()
        self._bytes: Counter[str] = Counter()
        self._read_to = 0

    def read(self, reader: Reader, watch: Watch) -> None:
        """Add up all rows that are there, in one short reading after another."""
        highest = cast(tuple[int], reader.one(_HIGHEST))[0]
        while self._read_to < highest:
            watch(self._read_to, highest, "adding up")
            with reader.snapshot() as snapshot:
                self._add(snapshot, min(self._read_to + _AT_ONCE, highest))

    def end(self, snapshot: Snapshot, generations: int, size: int, watch: Watch) -> None:
        """Add what came in meanwhile; where anything else has changed since, read all again here.

        ``generations`` and ``size`` are what there is of both in this state of the library.
        """
        highest = snapshot.number(_HIGHEST)
        self._add(snapshot, highest)
        if (self._generations.total(), self._bytes.total()) == (generations, size):
            return
        self._generations.clear()
        self._bytes.clear()
        self._read_to = 0
        while self._read_to < highest:
            watch(self._read_to, highest, "adding up again")
            self._add(snapshot, min(self._read_to + _AT_ONCE, highest))

    def portions(self) -> tuple[Portion, ...]:
        """The months that have any, the oldest first."""
        return tuple(
            Portion(month, month, count, self._bytes[month])
            for month, count in sorted(self._generations.items())
        )

    def _add(self, snapshot: Snapshot, up_to: int) -> None:
        for row in snapshot.all(_MONTHS, (self._read_to, up_to)):
            month, count, size = cast(tuple[str, int, int], row)
            self._generations[month] += count
            self._bytes[month] += size
        self._read_to = up_to
