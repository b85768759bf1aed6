"""A plan carried out where takes of the same words are one row."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, cast

from rushes.domain.takes import words_in
from rushes.store import folding, planner
from rushes.store.answers import Answer
from rushes.store.folding import Folded, Likeness
from rushes.store.planner import Way
from rushes.store.where import Condition

if TYPE_CHECKING:
    from collections.abc import Hashable

    from rushes.store.database import Row
    from rushes.store.planner import Plan
    from rushes.store.reader import Reader, Snapshot

_AHEAD = 1_000
"""Rows that are looked through for the first folds, before all rows are."""

_MOST = 500
"""Takes of a fold that are looked through for that; where there are more, all rows are."""


class FoldedAnswer(Answer):
    """What a plan finds in one snapshot, folded."""

    def __init__(self, snapshot: Snapshot, plan: Plan, reader: Reader, token: int) -> None:
        super().__init__(snapshot, plan, reader.memory, token)
        self._folds = reader.folds

    def folded(self) -> Folded:
        """All rows, with takes of the same words as one."""
        found = self._known_folds()
        if found is None:
            numbers = self._in_order()
            # The trash is read: what is known of many rows is known of those outside it.
            if len(numbers) <= planner.LIMITS.few or self.plan.query.trashed:
                found = folding.fold_few(self._snapshot, numbers)
            else:
                found = folding.fold_many(numbers, self._likeness())
            self._folds.put(self.token, self._folds_key(), found)
        return found

    def fold_of(self, folded: Folded, identity: str) -> tuple[int, int | None] | None:
        """The fold of that generation, and its number if it is one of the rows.

        Of one that isn't: the fold of its words. None where there is neither.
        """
        own = self._snapshot.one(
            "SELECT seq, profile_id, text_fold FROM generations WHERE id = ?", (identity,)
        )
        if own is None:
            return None
        number, profile_id, text = cast("tuple[int, str, str]", own)
        index = folded.index_of(number)
        if index is not None:
            return index, number
        if words_in(profile_id, text) is None:
            return None
        others = self._like(profile_id, text, 1)
        index = folded.index_of(cast(int, others[0][0])) if others else None
        return None if index is None else (index, None)

    def first(self, count: int) -> list[tuple[int, int]] | None:
        """What the first folds show, and of how many takes they are, if that is soon found.

        They are looked for among the first rows, whose takes an index names: in the time that it
        takes to fold a million rows nobody wants to look at an empty screen.
        """
        if self._known_folds() is not None or self.plan.query.trashed:
            return None
        rows = self._first_rows()
        if rows is None or len(rows) < _AHEAD:
            return None
        folded = folding.fold_few(self._snapshot, rows)
        if len(folded) < count:
            return None
        found = []
        for index in range(count):
            one = self._whole(folded.shown[index])
            if one is None:
                return None
            found.append(one)
        return found

    def _first_rows(self) -> list[int] | None:
        """The numbers of the first rows, walked to; None where they are far apart."""
        plan = self.plan
        if plan.way is Way.FEW:
            return None
        found = self._snapshot.all_within(
            planner.LIMITS.walk,
            f"SELECT g.seq FROM {plan.tables} WHERE {plan.condition.sql}"
            f" ORDER BY {plan.order.order_by} LIMIT ?",
            (*plan.condition.parameters, _AHEAD),
        )
        return None if found is None else [cast(int, row[0]) for row in found]

    def _whole(self, number: int) -> tuple[int, int] | None:
        """What the fold of that row shows, and of how many takes it is; None if of too many."""
        own = self._snapshot.one(
            "SELECT profile_id, text_fold FROM generations WHERE seq = ?", (number,)
        )
        profile_id, text = cast("tuple[str, str]", own)
        if words_in(profile_id, text) is None:
            return number, 1
        takes = self._like(profile_id, text, _MOST + 1)
        if len(takes) > _MOST:
            return None
        return cast(int, max(takes, key=lambda row: row[1:] + row[:1])[0]), len(takes)

    def _like(self, profile_id: str, text: str, limit: int) -> list[Row]:
        """Rows of the same words: number, worth, time."""
        condition = self.plan.condition
        through = "" if self.plan.query.trashed else "INDEXED BY generations_by_text"
        return self._snapshot.all(
            f"SELECT g.seq, {folding.MERIT}, g.created_at FROM generations g {through}"
            f" WHERE {condition.sql} AND g.text_start = substr(?, 1, 200)"
            " AND g.profile_id = ? AND g.text_fold = ? LIMIT ?",
            (*condition.parameters, text, profile_id, text, limit),
        )

    def _known_folds(self) -> Folded | None:
        return self._folds.get(self.token, self._folds_key(), Folded)

    def _folds_key(self) -> tuple[Hashable, ...]:
        plan = self.plan
        pin = plan.pinned_to if plan.way is Way.WALK else plan.cuts
        return (plan.query, pin)

    def _likeness(self) -> Likeness:
        found = self._folds.get(self.token, "likeness", Likeness)
        if found is None:
            found = folding.likeness(self._snapshot)
            self._folds.put(self.token, "likeness", found)
        return found

    def _in_order(self) -> array[int]:
        """The numbers of all rows, in order, whatever the way."""
        plan = self.plan
        if plan.way is not Way.WALK:
            return self._numbers()
        picked = f"FROM {plan.tables} WHERE {plan.condition.sql} ORDER BY {plan.order.order_by}"
        few = self._snapshot.all(
            f"SELECT g.seq {picked} LIMIT ?", (*plan.condition.parameters, planner.LIMITS.few + 1)
        )
        if len(few) <= planner.LIMITS.few:
            return array("q", (cast(int, row[0]) for row in few))
        from rushes.store import sets

        return sets.numbered_in_order(
            self._snapshot, Condition(f"SELECT g.seq {picked}", plan.condition.parameters)
        )
