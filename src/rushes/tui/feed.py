"""The questions behind a list: opens views, brings their pages, follows what others change."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from rushes.domain.takes import words_of
from rushes.errors import Interrupted
from rushes.tui.rows import PAGE, Rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rushes.domain.generation import Generation
    from rushes.domain.query import HistoryQuery
    from rushes.domain.takes import Listed, Words
    from rushes.library import Library
    from rushes.library.view import View
    from rushes.tui.desk import Desk
    from rushes.tui.widgets.history_list import HistoryList

T = TypeVar("T")

AT_ONCE = 500
"""Rows read in one go where many are wanted."""

FARTHEST = 20_000
"""Rows in which the next marked one is looked for."""

FAR = 2_000
"""Rows from which on a jump may need more than a walk along an index."""


@dataclass(frozen=True, slots=True)
class _Reopened:
    """A view that was opened again: its pages in sight, and where cursor and screen stand now."""

    view: View
    total: int
    takes: int
    pages: dict[int, tuple[Listed, ...]]
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
    the answer of the old is never shown, and its SQL is interrupted. Where it is ``folded`` takes
    of the same words are one row, but for those ``opened``: a generation of each.
    """

    def __init__(self, desk: Desk, query: HistoryQuery) -> None:
        self.desk = desk
        self.query = query
        self.folded = False
        self.opened: dict[Words, str] = {}
        self._wanted: list[tuple[Rows, int]] = []
        self._pulling = False

    async def open(self, target: HistoryList, query: HistoryQuery) -> None:
        """Show the first rows of the answer to another query; ``count`` counts them all."""
        self.query = query
        view, first = await self._ask(query, lambda view: (view, view.listed(0, PAGE)))
        self._show(target, self._first(view, first))

    async def turn(self, target: HistoryList) -> None:
        """Show the same folded or not any more; the cursor stays on its generation, or its fold.

        Where that stands among the first rows these come at once; ``count`` counts them all.
        """
        current, at_top = target.current, target.top == 0
        if at_top and current is not None:
            view, first = await self._ask(self.query, lambda view: (view, view.listed(0, PAGE)))
            at = _among(first, current)
            if at is not None and at < target.page_height:
                self._show(target, self._first(view, first), at)
                return
        await self.refresh(target)

    def _first(self, view: View, first: tuple[Listed, ...]) -> Rows:
        takes = sum(row.fold.takes for row in first if not row.fold.member)
        rows = Rows(view, len(first), folded=self.folded, takes=takes)
        rows.counted = len(first) < PAGE
        rows.put(0, first)
        return rows

    async def count(self, target: HistoryList) -> None:
        """Count the rows that are shown, where that hasn't been done."""
        rows = target.rows
        if rows.counted:
            return
        with _followed(rows) as view:
            counted = await self.desk.ask(lambda _: _counted(view), alone=True)
        rows.count(*counted)
        if target.rows is rows:
            target.total_changed()

    async def refresh(self, target: HistoryList) -> None:
        """Ask the same again; the cursor stays on its generation and on its line of the screen."""
        await self._reopen(target)

    async def reopen(self, target: HistoryList) -> None:
        """Show the same folds with what is ``opened`` among them now."""
        from rushes.library.folded_view import FoldedView

        view = target.rows.view
        opened = tuple(self.opened.values())
        await self._reopen(target, view.opening(opened) if isinstance(view, FoldedView) else None)

    async def _reopen(self, target: HistoryList, known: View | None = None) -> None:
        stand = _Stand(target.current, target.cursor, target.top, target.page_height)
        again = await self._ask(self.query, lambda view: _reopened(view, stand), known)
        rows = Rows(again.view, again.total, folded=self.folded, takes=again.takes)
        for page, came in again.pages.items():
            rows.put(page, came)
        self._show(target, rows, again.cursor, again.top)

    # Pages

    def want(self, rows: Rows, pages: Sequence[int]) -> None:
        """Note pages that have come in sight, the most urgent first; ``pull`` brings them."""
        self._wanted += [(rows, page) for page in reversed(pages)]

    async def pull(self, target: HistoryList) -> None:
        """Bring the pages that are wanted, the latest first; what was passed by isn't read.

        One after the other: where a set has to be made for the first, the others find it made.
        """
        if self._pulling:
            return
        self._pulling = True
        try:
            while self._wanted:
                rows, page = self._wanted.pop()
                if target.rows is rows and target.is_near(page * PAGE, PAGE):
                    await self.fetch(target, rows, page)
                else:
                    rows.forget(page)
        finally:
            self._pulling = False
            for rows, page in self._wanted:  # after a failure: let them be asked for again
                rows.forget(page)
            self._wanted.clear()

    async def fetch(self, target: HistoryList, rows: Rows, page: int) -> None:
        """Bring one page of rows."""
        view = rows.view
        if view is None:
            return
        # A folded view knows where all of them stand, once it has counted them.
        takes_long = not rows.counted if rows.folded else page * PAGE > FAR
        try:
            came = await self.desk.ask(lambda _: view.listed(page * PAGE, PAGE), alone=takes_long)
        except Interrupted:
            rows.forget(page)
            if target.rows is not rows:
                return
            if rows.view is view:
                raise
            await self.fetch(target, rows, page)
            return
        except BaseException:
            rows.forget(page)
            raise
        rows.put(page, came)
        if target.rows is rows:
            target.rows_came(page * PAGE, len(came))

    # Questions

    async def _ask(
        self, query: HistoryQuery, question: Callable[[View], T], known: View | None = None
    ) -> T:
        """Give the answer of a view opened for it, if none is ``known`` that can be asked.

        The view is called off when nobody waits.
        """
        asking = _Asking()
        opened = tuple(self.opened.values()) if self.folded else None
        try:
            return await self.desk.ask(
                lambda library: asking.answer(known or _viewed(library, query, opened), question),
                alone=known is None,
            )
        except asyncio.CancelledError:
            asking.call_off()
            raise

    async def foresee(self, target: HistoryList) -> None:
        """Make ready for jumps: a set of rows that the first would need is made beforehand."""
        rows = target.rows
        if rows.view is not None and rows.total > FAR and not rows.folded:
            with _followed(rows) as view:
                await self.desk.ask(lambda _: view.listed(rows.total // 2, 1), alone=True)

    @staticmethod
    def _show(target: HistoryList, rows: Rows, cursor: int = 0, top: int = 0) -> None:
        before = target.rows.view
        target.show(rows, cursor, top)
        if before is not None:
            before.cancel()


@contextmanager
def _followed(rows: Rows) -> Iterator[View]:
    """Within it the view of ``rows`` is asked; where nobody waits any more it is called off.

    The rows stay on the screen until others come, and can still be scrolled.
    """
    view = rows.view
    assert view is not None
    try:
        yield view
    except asyncio.CancelledError:
        view.cancel()
        rows.view = view.again()
        raise


class _Asking:
    """A view that is opened in one thread and may be called off from another meanwhile."""

    def __init__(self) -> None:
        self._view: View | None = None
        self._called_off = False

    def answer(self, view: View, question: Callable[[View], T]) -> T:
        self._view = view
        if self._called_off:
            view.cancel()
        return question(view)

    def call_off(self) -> None:
        self._called_off = True
        if self._view is not None:
            self._view.cancel()


def _viewed(library: Library, query: HistoryQuery, opened: Sequence[str] | None) -> View:
    """Open a view, a folded one where it is told what is ``opened`` in it."""
    if opened is None:
        return library.generations.view(query)
    return library.generations.folded_view(query, opened)


def _among(listed: Sequence[Listed], wanted: Generation) -> int | None:
    """Give where a generation stands among rows, else where its words do."""
    ids = [row.generation.id for row in listed]
    if wanted.id in ids:
        return ids.index(wanted.id)
    words = words_of(wanted)
    found = (at for at, row in enumerate(listed) if words and words_of(row.generation) == words)
    return next(found, None)


def _counted(view: View) -> tuple[int, int]:
    return view.total(), view.takes()


def playable_after(
    view: View, position: int, count: int, marked: frozenset[str]
) -> tuple[Generation, ...]:
    """Give the next rows after a position that can be heard, only marked ones where there are any.

    What is further away than ``FARTHEST`` isn't looked for.
    """
    found: list[Generation] = []
    start, size = position + 1, 2 * count
    while len(found) < count and start <= position + FARTHEST:
        rows = [row.generation for row in view.listed(start, size)]
        if not rows:
            break
        heard = (row for row in rows if row.is_playable and (not marked or row.id in marked))
        found += heard
        start, size = start + len(rows), AT_ONCE
    return tuple(found[:count])


def _reopened(view: View, stand: _Stand) -> _Reopened:
    total = view.total()
    found = view.position_of(stand.current.id) if stand.current is not None else None
    cursor = max(0, min(stand.cursor if found is None else found, total - 1))
    keeps_top = stand.top == 0 and cursor < stand.height
    top = 0 if keeps_top else cursor - (stand.cursor - stand.top)
    top = max(0, min(top, total - stand.height))
    last = max(top, min(top + stand.height, total) - 1)
    pages = range(top // PAGE, last // PAGE + 1)
    listed = {page: view.listed(page * PAGE, PAGE) for page in pages}
    return _Reopened(view, total, view.takes(), listed, cursor, top)
