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
class _Opened:
    """A view that was opened, with its first rows and where the kept generation stands now."""

    view: HistoryView
    first: tuple[Generation, ...]
    first_page: int
    position: int | None
    total: int | None


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
        opened = await self.desk.ask(lambda library: _open(library, query))
        self.query = query
        rows = Rows(opened.view, len(opened.first))
        rows.put(0, opened.first)
        target.show(rows)
        await self._count(target, rows)

    async def refresh(self, target: HistoryList) -> None:
        """Ask the same again; the cursor stays on its generation and on its line of the screen."""
        query, current, old = self.query, target.current, target.cursor
        offset = old - target.top
        was_at_top = target.top == 0
        opened = await self.desk.ask(lambda library: _reopen(library, query, current, old))
        rows = Rows(opened.view, opened.total or 0)
        rows.put(opened.first_page, opened.first)
        cursor = old if opened.position is None else opened.position
        keeps_top = was_at_top and cursor < target.page_height
        target.show(rows, cursor, 0 if keeps_top else max(0, cursor - offset))

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


def _open(library: Library, query: HistoryQuery) -> _Opened:
    view = library.generations.view(query)
    return _Opened(view, view.rows(0, PAGE), 0, None, None)


def _reopen(library: Library, query: HistoryQuery, current: Generation | None, old: int) -> _Opened:
    view = library.generations.view(query)
    position = view.position_of(current.id) if current is not None else None
    total = view.total()
    page = max(0, min(old if position is None else position, total - 1)) // PAGE
    return _Opened(view, view.rows(page * PAGE, PAGE), page, position, total)
