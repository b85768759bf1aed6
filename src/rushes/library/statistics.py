"""What the history amounts to. What reads it is imported when asked: no first screen waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.domain.query import HistoryQuery
from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.domain.statistics import Statistics, Totals


class StatisticsReader:
    """``library.statistics``."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, query: HistoryQuery | None = None) -> Statistics:
        """All of it, of what ``query`` matches (everything outside the trash by default).

        Days are those of this machine's time zone. The query's page and order don't matter.

        Raises:
            LibraryError: the database can't be read.
        """
        from rushes.store import statistics

        asked = HistoryQuery() if query is None else query
        return statistics.statistics(self._store.reader, asked)

    def totals(self) -> Totals:
        """Count, seconds and bytes outside the trash, quickly.

        Raises:
            LibraryError: the database can't be read.
        """
        from rushes.store import statistics

        return statistics.totals(self._store.reader)
