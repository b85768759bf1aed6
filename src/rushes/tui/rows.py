"""The rows of a list by position: pages as they have come, and which are still to be asked for."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING

from rushes.domain.takes import SINGLE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rushes.domain.generation import Generation
    from rushes.domain.takes import Fold, Listed
    from rushes.library.view import View


PAGE = 64
"""Rows read at once: a tall screen's worth."""

KEPT = 48
"""Pages kept; with 64 rows each some 3 MB at most."""


class Rows:
    """What is known of one view's rows. Lives on the event loop and asks nobody anything.

    Until they are ``counted`` the total is how many are known to be there, and ``takes`` for how
    many generations these stand: for more than there are rows where takes are ``folded``.
    """

    def __init__(
        self,
        view: View | None = None,
        total: int = 0,
        *,
        counted: bool = True,
        folded: bool = False,
        takes: int = 0,
    ) -> None:
        self.view = view
        self.total = total
        self.counted = counted
        self.folded = folded
        self.takes = takes
        self._pages: OrderedDict[int, tuple[Listed, ...]] = OrderedDict()
        self._asked: set[int] = set()

    def count(self, total: int, takes: int) -> None:
        """Take over the total, and of how many generations it is."""
        self.total, self.counted, self.takes = total, True, takes

    def get(self, position: int) -> Generation | None:
        """Give the generation at ``position`` if it has come."""
        listed = self._at(position)
        return None if listed is None else listed.generation

    def fold(self, position: int) -> Fold:
        """Give how the row at ``position`` stands; alone where it hasn't come."""
        listed = self._at(position)
        return SINGLE if listed is None else listed.fold

    def _at(self, position: int) -> Listed | None:
        page = self._pages.get(position // PAGE)
        offset = position % PAGE
        return page[offset] if page is not None and offset < len(page) else None

    def put(self, page: int, listed: tuple[Listed, ...]) -> None:
        """Keep a page that has come; the longest unused one goes."""
        self._asked.discard(page)
        self._pages[page] = listed
        self._pages.move_to_end(page)
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)

    def replace(self, generations: tuple[Generation, ...]) -> None:
        """Put changed generations in the place of those with their ids."""
        changed = {generation.id: generation for generation in generations}
        for page, kept in self._pages.items():
            if any(row.generation.id in changed for row in kept):
                self._pages[page] = tuple(
                    replace(row, generation=changed.get(row.generation.id, row.generation))
                    for row in kept
                )

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
            for offset, listed in enumerate(kept):
                yield page * PAGE + offset, listed.generation

    def position_of(self, generation_id: str) -> int | None:
        """Give where a generation stands, if it is among the rows that are here."""
        return next((at for at, row in self.known() if row.id == generation_id), None)
