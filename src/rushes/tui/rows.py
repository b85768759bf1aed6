"""The rows of a list by position: pages as they have come, and which are still to be asked for."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rushes.domain.generation import Generation
    from rushes.library.view import HistoryView


PAGE = 64
"""Rows read at once: a tall screen's worth."""

KEPT = 48
"""Pages kept; with 64 rows each some 3 MB at most."""


class Rows:
    """What is known of one view's rows. Lives on the event loop and asks nobody anything.

    Until they are ``counted`` the total is how many are known to be there.
    """

    def __init__(
        self, view: HistoryView | None = None, total: int = 0, *, counted: bool = True
    ) -> None:
        self.view = view
        self.total = total
        self.counted = counted
        self._pages: OrderedDict[int, tuple[Generation, ...]] = OrderedDict()
        self._asked: set[int] = set()

    def count(self, total: int) -> None:
        """Take over the total."""
        self.total, self.counted = total, True

    def get(self, position: int) -> Generation | None:
        """Give the row at ``position`` if it has come."""
        page = self._pages.get(position // PAGE)
        offset = position % PAGE
        return page[offset] if page is not None and offset < len(page) else None

    def put(self, page: int, generations: tuple[Generation, ...]) -> None:
        """Keep a page that has come; the longest unused one goes."""
        self._asked.discard(page)
        self._pages[page] = generations
        self._pages.move_to_end(page)
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)

    def replace(self, generations: tuple[Generation, ...]) -> None:
        """Put changed generations in the place of those with their ids."""
        changed = {generation.id: generation for generation in generations}
        for page, kept in self._pages.items():
            if any(row.id in changed for row in kept):
                self._pages[page] = tuple(changed.get(row.id, row) for row in kept)

    def wanted(self, first: int, last: int, ahead: int) -> list[int]:
        """Give the pages that cover ``first`` to ``last`` and have been neither read nor asked.

        The page in the direction ``ahead`` (-1, 0, 1) is wanted as well, after the others.
        Each is given once: it counts as asked until ``put`` or ``forget``.
        """
        pages = list(range(max(0, first) // PAGE, min(last, self.total - 1) // PAGE + 1))
        if pages and ahead:
            pages.append(pages[-1] + 1 if ahead > 0 else pages[0] - 1)
        wanted = []
        for page in pages:
            if page in self._pages:
                self._pages.move_to_end(page)
            elif page not in self._asked and 0 <= page * PAGE < self.total:
                self._asked.add(page)
                wanted.append(page)
        return wanted

    def forget(self, page: int) -> None:
        """Let a page be asked for again, because its answer failed."""
        self._asked.discard(page)

    def known(self) -> Iterator[tuple[int, Generation]]:
        """Give every row that is here with its position."""
        for page, kept in self._pages.items():
            for offset, generation in enumerate(kept):
                yield page * PAGE + offset, generation

    def position_of(self, generation_id: str) -> int | None:
        """Give where a generation stands, if it is among the rows that are here."""
        return next((at for at, row in self.known() if row.id == generation_id), None)
