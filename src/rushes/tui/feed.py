"""The questions behind a list: opens views, brings their pages, follows what others change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rushes.tui.rows import PAGE, Rows

if TYPE_CHECKING:
    from rushes.domain.generation import Generation
    from rushes.domain.query import HistoryQuery
    from rushes.library import Library
    from rushes.library.view import HistoryView
    from rushes.tui.desk import Desk
    from rushes.tui.widgets.history_list import HistoryList

MOST_AT_ONCE = 500
"""Rows read in one go where many are wanted."""


@dataclass(frozen=True, slots=True)
class _Reopened:
    """A view that was opened again: its pages in sight, and where cursor and screen stand now."""

    view: HistoryView
    total: int
    pages: dict[int, tuple[Generation, ...]]
    cursor: int
    top: int


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where a list stands: generation under the cursor, its position, first row, rows in sight."""

    current: Generation | None
    cursor: int
    top: int
    height: int


class Feed:
    """Keeps a ``HistoryList`` filled with the answers to one query at a time.

    Its coroutines run in exclusive workers of the screen: where a newer question cancels one,
    the answer of the old is never shown.
    """

    def __init__(self, desk: Desk, query: HistoryQuery) -> None:
        self.desk = desk
        self.query = query

    async def open(self, target: HistoryList, query: HistoryQuery) -> None:
        """Show the answer to another query from its top; the rows first, the total after."""
        self.query = query
        view, first = await self.desk.ask(lambda library: _open(library, query))
        rows = Rows(view, len(first))
        rows.put(0, first)
        target.show(rows)
        await self._count(target, rows)

    async def refresh(self, target: HistoryList) -> None:
        """Ask the same again; the cursor stays on its generation and on its line of the screen."""
        query = self.query
        stand = _Stand(target.current, target.cursor, target.top, target.page_height)
        again = await self.desk.ask(lambda library: _reopen(library, query, stand))
        rows = Rows(again.view, again.total)
        for page, came in again.pages.items():
            rows.put(page, came)
        target.show(rows, again.cursor, again.top)

    async def fetch(self, target: HistoryList, rows: Rows, page: int) -> None:
        """Bring one page of rows that came in sight."""
        view = rows.view
        if view is None:
            return
        try:
            came = await self.desk.ask(lambda _: view.rows(page * PAGE, PAGE))
        except BaseException:
            rows.forget(page)
            raise
        rows.put(page, came)
        if target.rows is rows:
            target.rows_came(page * PAGE, len(came))

    async def _count(self, target: HistoryList, rows: Rows) -> None:
        view = rows.view
        if view is None or rows.total < PAGE:
            return
        rows.total = await self.desk.ask(lambda _: view.total())
        if target.rows is rows:
            target.total_changed()


def ids_between(view: HistoryView, first: int, last: int) -> frozenset[str]:
    """Give the ids of the rows from ``first`` to ``last``, both included."""
    ids: set[str] = set()
    for start in range(first, last + 1, MOST_AT_ONCE):
        rows = view.rows(start, min(MOST_AT_ONCE, last + 1 - start))
        ids.update(row.id for row in rows)
    return frozenset(ids)


def _open(library: Library, query: HistoryQuery) -> tuple[HistoryView, tuple[Generation, ...]]:
    view = library.generations.view(query)
    return view, view.rows(0, PAGE)


def _reopen(library: Library, query: HistoryQuery, stand: _Stand) -> _Reopened:
    view = library.generations.view(query)
    total = view.total()
    found = view.position_of(stand.current.id) if stand.current is not None else None
    cursor = max(0, min(stand.cursor if found is None else found, total - 1))
    keeps_top = stand.top == 0 and cursor < stand.height
    top = 0 if keeps_top else cursor - (stand.cursor - stand.top)
    top = max(0, min(top, total - stand.height))
    last = max(top, min(top + stand.height, total) - 1)
    pages = range(top // PAGE, last // PAGE + 1)
    return _Reopened(
        view, total, {page: view.rows(page * PAGE, PAGE) for page in pages}, cursor, top
    )
