"""The history as a screen scrolls through it: any rows of a million, as quickly as the first."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from typing import Protocol

from rushes.domain.generation import Generation
from rushes.domain.query import HistoryQuery
from rushes.domain.takes import Listed
from rushes.errors import BadInput
from rushes.store import history
from rushes.store.answers import Answer, Placed
from rushes.store.ordering import KeyValues
from rushes.store.planner import Plan, Way, plan
from rushes.store.reader import Call
from rushes.store.store import Store

_MOST_ANCHORS = 2_000

_AT_ONCE = 500
"""Rows read in one go where many are wanted."""

_Known = tuple[int | None, KeyValues | None]
"""How far a known place is away, and which: None where nothing is known, or the end itself."""


class View(Protocol):
    """A list that a screen scrolls through, folded or not; what its parts raise is said there."""

    query: HistoryQuery

    def total(self) -> int:
        """How many rows there are."""

    def takes(self) -> int:
        """How many generations they stand for."""

    def listed(self, start: int, count: int) -> tuple[Listed, ...]:
        """Up to ``count`` rows from row ``start`` (0-based) on; fewer at the end."""

    def ids(self, first: int, last: int) -> frozenset[str]:
        """The ids of all that the rows from ``first`` to ``last`` (included) stand for."""

    def position_of(self, identity: str) -> int | None:
        """The row of the generation of that whole id, or the one that stands for it."""

    def newer(self) -> int:
        """How many generations match that came in after the view was opened."""

    def cancel(self) -> None:
        """End what this view is asking, in whatever thread, with ``Interrupted``, for good."""

    def again(self) -> View:
        """The same rows, to be asked apart from this view."""


class Asked:
    """One question as of the moment it was asked, which can be called off."""

    def __init__(self, store: Store, query: HistoryQuery, pin: int | None) -> None:
        self.query = query
        self._asked = replace(query, limit=0, offset=0, after=None)
        self._store = store
        self._call = Call()
        self._pin = history.highest_seq(store.reader) if pin is None else pin

    def newer(self) -> int:
        """How many generations match that came in after the view was opened.

        Raises:
            Interrupted: the view was called off.
            LibraryError: the database can't be read.
        """
        return history.newer(self._store.reader, self.query, self._pin, self._call)

    def cancel(self) -> None:
        """End what this view is asking, in whatever thread, with ``Interrupted``, for good."""
        self._call.cancel()


class HistoryView(Asked):
    """The answer to one question, as of the moment it was opened; safe from any thread.

    Generations that come in later are left out, so that rows keep their places (``newer`` counts
    them). What is deleted or changed is seen at the next look: places behind it move. The query's
    limit, offset and cursor don't matter.
    """

    def __init__(self, store: Store, query: HistoryQuery, pin: int | None = None) -> None:
        super().__init__(store, query, pin)
        self._lock = Lock()
        self._plan: Plan | None = None
        self._token: int | None = None
        self._total: int | None = None
        self._anchors: list[int] = []
        self._places: dict[int, KeyValues] = {}

    def total(self) -> int:
        """How many rows there are. Counted when first asked for, and after changes.

        Raises:
            Interrupted: the view was called off.
            LibraryError: the database can't be read.
        """
        token = self._look()
        with self._lock:
            if self._total is not None:
                return self._total
        with self._answer(token) as answer:
            total = answer.total(keeping=True)
        with self._lock:
            if token == self._token:
                self._total = total
        return total

    def rows(self, start: int, count: int) -> tuple[Generation, ...]:
        """Up to ``count`` generations from row ``start`` (0-based) on; fewer at the end.

        Raises:
            BadInput: ``start`` or ``count`` is negative.
            Interrupted: the view was called off.
            LibraryError: the database can't be read.
        """
        if start < 0 or count < 0:
            raise BadInput(f"there are no {count} rows from {start} on")
        token = self._look()
        with self._lock:
            if self._total is not None:
                count = min(count, self._total - start)
            ahead, first = self._nearest_before(start)
            behind, last = self._nearest_after(start + count - 1)
        if count <= 0:
            return ()
        with self._answer(token) as answer:
            found = self._read(answer, start, count, (ahead, first), (behind, last))
        if found:
            self._remember(token, start, found[0].place)
            self._remember(token, start + len(found) - 1, found[-1].place)
        return tuple(placed.generation for placed in found)

    def listed(self, start: int, count: int) -> tuple[Listed, ...]:
        """The same generations as the rows of a list, each standing for itself.

        Raises:
            BadInput: ``start`` or ``count`` is negative.
            Interrupted: the view was called off.
            LibraryError: the database can't be read.
        """
        return tuple(Listed(generation) for generation in self.rows(start, count))

    def ids(self, first: int, last: int) -> frozenset[str]:
        """The ids of the rows from ``first`` to ``last``, both included.

        Raises:
            Interrupted: the view was called off.
            LibraryError: the database can't be read.
        """
        ids: set[str] = set()
        for start in range(first, last + 1, _AT_ONCE):
            ids.update(row.id for row in self.rows(start, min(_AT_ONCE, last + 1 - start)))
        return frozenset(ids)

    def takes(self) -> int:
        """How many generations the rows stand for: each for itself.

        Raises:
            Interrupted: the view was called off.
            LibraryError: the database can't be read.
        """
        return self.total()

    def position_of(self, identity: str) -> int | None:
        """The row (0-based) of the generation of that whole id; None where it isn't in the view.

        Raises:
            Interrupted: the view was called off.
            LibraryError: the database can't be read.
        """
        with self._answer(self._look()) as answer:
            return answer.index_of(identity)

    def again(self) -> HistoryView:
        """The same rows, to be asked apart from this view: the one outlives the other's end."""
        return HistoryView(self._store, self.query, self._pin)

    @contextmanager
    def _answer(self, token: int) -> Iterator[Answer]:
        """What the view's question finds in one state of the library."""
        reader = self._store.reader
        with reader.snapshot(self._call) as snapshot:
            with self._lock:
                known = self._plan if token == self._token else None
            planned = plan(snapshot, self._asked, self._pin) if known is None else known
            yield Answer(snapshot, planned, reader.memory, token)
            with self._lock:
                if token == self._token:
                    self._plan = planned

    @staticmethod
    def _read(
        answer: Answer, start: int, count: int, before: _Known, after: _Known
    ) -> list[Placed]:
        """Rows from ``start`` on, walked to from the nearest known place where that is a walk."""
        if answer.plan.way is not Way.WALK:
            return answer.rows(count, start)
        (ahead, first), (behind, last) = before, after
        order = answer.plan.order
        if behind is None or (ahead is not None and ahead <= behind):
            assert ahead is not None
            if first is None:
                # From the beginning, or from the end where counters tell how far that is.
                return answer.rows(count, ahead)
            return answer.walk(order, count, ahead, first, included=True)
        return answer.walk(order.reversed(), count, behind, last, included=True)[::-1]

    def _look(self) -> int:
        """Forget what was counted and placed if anybody has changed the library since."""
        token = self._store.database.change_token()
        with self._lock:
            if token != self._token:
                self._token = token
                self._total = None
                self._plan = None
                self._anchors.clear()
                self._places.clear()
        return token

    def _nearest_before(self, row: int) -> tuple[int, KeyValues | None]:
        """How far ``row`` lies behind the next known place before it, and that place."""
        index = bisect_right(self._anchors, row)
        if not index:
            return row, None
        anchor = self._anchors[index - 1]
        return row - anchor, self._places[anchor]

    def _nearest_after(self, row: int) -> tuple[int | None, KeyValues | None]:
        """The same from the other side, where the end is known as well once it is counted."""
        index = bisect_left(self._anchors, row)
        if index < len(self._anchors):
            anchor = self._anchors[index]
            return anchor - row, self._places[anchor]
        if self._total is None:
            return None, None
        return self._total - 1 - row, None

    def _remember(self, token: int, row: int, place: KeyValues) -> None:
        with self._lock:
            if token != self._token or row in self._places:
                return
            if len(self._anchors) >= _MOST_ANCHORS:
                dropped = self._anchors[::2]
                self._anchors = self._anchors[1::2]
                for old in dropped:
                    del self._places[old]
            insort(self._anchors, row)
            self._places[row] = place
