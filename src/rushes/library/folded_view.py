"""The history as a screen scrolls through it where takes of the same words are one row."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from rushes.domain.takes import SINGLE, Fold, Listed
from rushes.errors import BadInput
from rushes.library.view import Asked
from rushes.store.folded_answers import FoldedAnswer
from rushes.store.planner import Plan, plan

if TYPE_CHECKING:
    from rushes.domain.query import HistoryQuery
    from rushes.store.folding import Folded
    from rushes.store.store import Store


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where rows stand by a plan: ``opened`` are the folds that show all their takes, in order.

    ``beneath`` is how many rows more there are by the first of them, the first two, and so on.
    """

    plan: Plan
    folded: Folded
    opened: tuple[int, ...]
    beneath: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.folded) + self.beneath[-1]

    def head_of(self, index: int) -> int:
        """The row in which the fold begins."""
        return index + self.beneath[bisect_left(self.opened, index)]

    def fold_at(self, row: int) -> int:
        """The fold that the row belongs to."""
        heads = [one + before for one, before in zip(self.opened, self.beneath, strict=False)]
        nearest = bisect_right(heads, row) - 1
        if nearest < 0:
            return row
        index = self.opened[nearest]
        return index + max(0, row - heads[nearest] - (self.folded.takes(index) - 1))

    def is_open(self, index: int) -> bool:
        return index in self.opened

    def rows(self, start: int, count: int) -> list[tuple[int, Fold]]:
        """Rows from ``start`` on, by their ``seq``."""
        if count <= 0:
            return []
        index = self.fold_at(start)
        skipped = start - self.head_of(index)
        found: list[tuple[int, Fold]] = []
        while len(found) < skipped + count:
            found += self.rows_of(index)
            index += 1
        return found[skipped : skipped + count]

    def rows_of(self, index: int) -> list[tuple[int, Fold]]:
        """The rows in which the fold shows, by their ``seq``."""
        shown, takes = self.folded.shown[index], self.folded.takes(index)
        if not self.is_open(index):
            return [(shown, _closed(takes))]
        others = (number for number in self.folded.members_of(index) if number != shown)
        return [
            (shown, Fold(takes, opened=True)),
            *((number, Fold(takes, opened=True, member=True)) for number in others),
        ]


class FoldedView(Asked):
    """The answer to one question, folded, as of when it was first asked; safe from any thread.

    Which rows there are and where stays as it was then, whatever is changed or deleted later: to
    fold a million rows takes a second. What they show is read anew. ``opened`` are generations
    whose takes all have a row of their own: the one that is shown for all of them first, then the
    others in the list's order. The query's limit, offset and cursor don't matter.
    """

    def __init__(
        self,
        store: Store,
        query: HistoryQuery,
        opened: Sequence[str] = (),
        pin: int | None = None,
    ) -> None:
        super().__init__(store, query, pin)
        self._opened = tuple(opened)
        self._known: _Layout | None = None
        self._base: _Layout | None = None

    def total(self) -> int:
        """How many rows there are.

        Raises:
            Interrupted: the view was called off.
            LibraryError: the database can't be read.
        """
        with self._laid_out() as (_, layout):
            return len(layout)

    def takes(self) -> int:
        """How many generations these are of.

        Raises:
            Interrupted: the view was called off.
            LibraryError: the database can't be read.
        """
        with self._laid_out() as (_, layout):
            return len(layout.folded.members)

    def listed(self, start: int, count: int) -> tuple[Listed, ...]:
        """Up to ``count`` rows from row ``start`` (0-based) on; fewer at the end.

        Raises:
            BadInput: ``start`` or ``count`` is negative.
            Interrupted: the view was called off.
            LibraryError: the database can't be read.
        """
        if start < 0 or count < 0:
            raise BadInput(f"there are no {count} rows from {start} on")
        with self._answer() as answer:
            soon = start == 0 and not self._opened and not (self._known or self._base)
            first = answer.first(count) if soon else None
            if first is not None:
                return _read(answer, [(number, _closed(takes)) for number, takes in first])
            layout = self._layout(answer)
            return _read(answer, layout.rows(start, min(count, len(layout) - start)))

    def ids(self, first: int, last: int) -> frozenset[str]:
        """The ids of all takes that the rows from ``first`` to ``last`` (included) stand for.

        Raises:
            Interrupted: the view was called off.
            LibraryError: the database can't be read.
        """
        numbers: set[int] = set()
        with self._laid_out() as (answer, layout):
            row, last = first, min(last, len(layout) - 1)
            while row <= last:
                index = layout.fold_at(row)
                shown = layout.rows_of(index)
                if layout.is_open(index):
                    skipped = row - layout.head_of(index)
                    shown = shown[skipped : skipped + last + 1 - row]
                    numbers.update(number for number, _ in shown)
                else:
                    numbers.update(layout.folded.members_of(index))
                row += len(shown)
            return frozenset(answer.names(tuple(numbers)))

    def position_of(self, identity: str) -> int | None:
        """The row (0-based) of the generation of that whole id, or the one that stands for it.

        Also of one that isn't in the view any more, if others of its words still fold into a row.

        Raises:
            Interrupted: the view was called off.
            LibraryError: the database can't be read.
        """
        with self._laid_out() as (answer, layout):
            found = answer.fold_of(layout.folded, identity)
            if found is None:
                return None
            index, number = found
            head = layout.head_of(index)
            if not layout.is_open(index):
                return head
            rows = [row for row, _ in layout.rows_of(index)]
            return head + rows.index(number) if number in rows else None

    def again(self) -> FoldedView:
        """The same rows, to be asked apart from this view: the one outlives the other's end."""
        return self.opening(self._opened)

    def opening(self, opened: Sequence[str]) -> FoldedView:
        """The same folds with others of them opened: without asking for all rows again."""
        view = FoldedView(self._store, self.query, opened, self._pin)
        view._base = self._known or self._base
        return view

    @contextmanager
    def _laid_out(self) -> Iterator[tuple[FoldedAnswer, _Layout]]:
        """What the question finds in one state of the library, and where it stands."""
        with self._answer() as answer:
            yield answer, self._layout(answer)

    @contextmanager
    def _answer(self) -> Iterator[FoldedAnswer]:
        token = self._store.database.change_token()
        reader = self._store.reader
        with reader.snapshot(self._call) as snapshot:
            known = self._known or self._base
            planned = plan(snapshot, self._asked, self._pin) if known is None else known.plan
            yield FoldedAnswer(snapshot, planned, reader, token)

    def _layout(self, answer: FoldedAnswer) -> _Layout:
        if self._known is None:
            folded = answer.folded() if self._base is None else self._base.folded
            found = {answer.fold_of(folded, identity) for identity in self._opened}
            opened = sorted({one[0] for one in found if one and folded.takes(one[0]) > 1})
            beneath = accumulate((folded.takes(index) - 1 for index in opened), initial=0)
            self._known = _Layout(answer.plan, folded, tuple(opened), tuple(beneath))
        return self._known


def _closed(takes: int) -> Fold:
    return Fold(takes) if takes > 1 else SINGLE


def _read(answer: FoldedAnswer, wanted: Sequence[tuple[int, Fold]]) -> tuple[Listed, ...]:
    found = {
        placed.generation.seq: placed.generation
        for placed in answer.fetch([number for number, _ in wanted])
    }
    return tuple(Listed(found[number], fold) for number, fold in wanted if number in found)
