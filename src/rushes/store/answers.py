"""A plan carried out: rows, totals and places, in one state of the library."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from rushes.domain.generation import Generation
from rushes.store import planner, rows
from rushes.store.database import Parameter, Row
from rushes.store.ordering import KeyValues, Order
from rushes.store.planner import Counting, Plan, Way, anyhow, counted_up_to
from rushes.store.reader import Memory, Snapshot
from rushes.store.where import LIVE, Condition, both, numbered

if TYPE_CHECKING:
    from rushes.store.sets import Mask

_NEAR = 2_000
"""Rows from the beginning or from a known place that are looked for along an index."""

_FAR = 5_000
"""Rows from the beginning from which on the total is worth knowing."""

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Placed:
    """A generation and its place in the order it was read in."""

    generation: Generation
    place: KeyValues


class Answer:
    """What a plan finds in one snapshot; ``token`` is the library's from before it.

    ``columns`` are what ``read`` reads of each row, ``seq`` first; the rest needs those of
    generations.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        plan: Plan,
        memory: Memory,
        token: int,
        columns: str = rows.GENERATION_COLUMNS,
    ) -> None:
        self._snapshot = snapshot
        self.plan = plan
        self._memory = memory
        self.token = token
        self._columns = columns

    def rows(self, count: int, offset: int = 0, after: KeyValues | None = None) -> list[Placed]:
        """``count`` rows in order, ``offset`` rows after the beginning or after a place."""
        return _placed(self.read(count, offset, after))

    def read(self, count: int, offset: int = 0, after: KeyValues | None = None) -> list[Row]:
        """The same as they are read: the columns, then the row's place."""
        if self.plan.way is Way.WALK:
            if after is None and offset > _FAR and self.plan.counting is Counting.COUNTERS:
                return self._from_nearer_end(count, offset)
            return self._along(self.plan.order, count, offset, after)
        numbers = self._known()
        if numbers is None and self.plan.way is Way.MANY:
            found = self._near_an_end(count, offset, after)
            if found is not None:
                return found
        if numbers is None:
            numbers = self._numbers()
        start = offset if after is None else offset + self.index_after(numbers, after)
        return self._fetch(numbers[start : start + count])

    def walk(
        self,
        order: Order,
        count: int,
        offset: int = 0,
        place: KeyValues | None = None,
        *,
        included: bool = False,
    ) -> list[Placed]:
        """Rows along the plan's index, in its order or the reverse of it."""
        return _placed(self._along(order, count, offset, place, included=included))

    def _along(
        self,
        order: Order,
        count: int,
        offset: int,
        place: KeyValues | None = None,
        *,
        included: bool = False,
    ) -> list[Row]:
        found = self._walk(order, count, offset, place, included=included)
        assert found is not None
        return found

    def _near_an_end(self, count: int, offset: int, after: KeyValues | None) -> list[Row] | None:
        """Rows near the beginning, a place or the end, if they are soon found along the index."""
        order, seconds = self.plan.order, planner.LIMITS.walk
        if offset + count <= _NEAR:
            return self._walk(order, count, offset, after, seconds=seconds)
        total = self._memory.get(self.token, self._total_key(), int)
        if after is not None or total is None or total - offset > _NEAR:
            return None
        count = max(0, min(count, total - offset))
        behind = total - offset - count
        found = self._walk(order.reversed(), count, behind, None, seconds=seconds)
        return None if found is None else found[::-1]

    def _from_nearer_end(self, count: int, offset: int) -> list[Row]:
        total = self.total()
        count = max(0, min(count, total - offset))
        behind = total - offset - count
        if behind >= offset:
            return self._along(self.plan.order, count, offset)
        return self._along(self.plan.order.reversed(), count, behind)[::-1]

    def total(self, *, keeping: bool = False) -> int:
        """How many rows there are; ``keeping`` remembers which, for who will jump among them."""
        plan = self.plan
        match plan.counting:
            case Counting.COUNTERS:
                held, above = counted_up_to(plan)
                total = self._snapshot.number(held.sql, held.parameters)
                if above is not None:
                    total -= self._snapshot.number(above.sql, above.parameters)
                return total
            case Counting.INDEX:
                return self._count(plan.counted_in, plan.condition)
        numbers = self._known()
        if numbers is not None:
            return len(numbers)
        if plan.way is Way.FEW:
            return len(self._numbers())
        size = self._memory.get(self.token, self._total_key(), int)
        if size is None:
            size = self._size_of_set(keeping=keeping)
            self._memory.put(self.token, self._total_key(), size)
        return size

    def index_of(self, identity: str) -> int | None:
        """How many rows stand before that generation; None where it isn't among them."""
        plan = self.plan
        own = both(plan.condition, Condition("g.id = ?", (identity,)))
        place = self._snapshot.one(
            f"SELECT {plan.order.columns} FROM {anyhow(plan.order)} WHERE {own.sql}", own.parameters
        )
        if place is None:
            return None
        if plan.way is not Way.WALK:
            return self.index_after(self._numbers(), cast(KeyValues, place)) - 1
        # The order is total: what isn't after the row, and isn't the row, stands before it.
        return sum(
            self._count(plan.tables, both(plan.condition, stretch))
            for stretch in plan.order.reversed().beyond(cast(KeyValues, place))
        )

    def ids(self, limit: int | None = None) -> tuple[str, ...]:
        """The ids of all rows, in order, or of the first."""
        plan, order = self.plan, self.plan.order
        if plan.way is Way.WALK:
            found = self._snapshot.all(
                f"SELECT g.id FROM {plan.tables} WHERE {plan.condition.sql}"
                f" ORDER BY {order.order_by} LIMIT ?",
                (*plan.condition.parameters, -1 if limit is None else limit),
            )
            return tuple(str(row[0]) for row in found)
        if limit is not None:
            return tuple(placed.generation.id for placed in self.rows(limit))
        return self.names(self._numbers())

    def names(self, numbers: Sequence[int]) -> tuple[str, ...]:
        """The ids of the rows of these numbers, in their order."""
        names: dict[object, str] = {}
        for start in range(0, len(numbers), _CHUNK):
            chunk = numbers[start : start + _CHUNK]
            found = self._snapshot.all(
                f"SELECT seq, id FROM generations WHERE seq IN ({_marks(chunk)})", chunk
            )
            names.update(cast(list[tuple[int, str]], found))
        return tuple(names[number] for number in numbers if number in names)

    def _walk(
        self,
        order: Order,
        count: int,
        offset: int,
        place: KeyValues | None,
        *,
        included: bool = False,
        seconds: float | None = None,
    ) -> list[Row] | None:
        """Rows along the index; None where that takes longer than ``seconds``."""
        stretches: tuple[Condition, ...] = ()
        if place is not None:
            stretches = order.beyond(place, included=included)
        found: list[Row] = []
        for number, stretch in enumerate(stretches or (Condition("1"),), 1):
            more = self._stretch(order, stretch, count - len(found), offset, seconds)
            if more is None:
                return None
            found += more
            if len(found) >= count or number >= len(stretches):
                break
            if more or not offset:
                offset = 0
            else:
                offset -= self._count(self.plan.tables, both(self.plan.condition, stretch))
        return found

    def _stretch(
        self, order: Order, stretch: Condition, limit: int, offset: int, seconds: float | None
    ) -> list[Row] | None:
        """Rows are picked through indexes first: an offset must not read what it skips."""
        here = both(self.plan.condition, stretch)
        sql = self._reading(
            f"SELECT g.seq FROM {self.plan.tables} WHERE {here.sql}"
            f" ORDER BY {order.order_by} LIMIT ? OFFSET ?",
            order,
        )
        parameters = (*here.parameters, limit, offset)
        if seconds is None:
            return self._snapshot.all(sql, parameters)
        return self._snapshot.all_within(seconds, sql, parameters)

    def fetch(self, numbers: Sequence[int]) -> list[Placed]:
        """The rows of these numbers, in their order."""
        return _placed(self._fetch(numbers))

    def _fetch(self, numbers: Sequence[int]) -> list[Row]:
        found: dict[object, Row] = {}
        for start in range(0, len(numbers), _CHUNK):
            chunk = numbers[start : start + _CHUNK]
            here = self._snapshot.all(
                self._reading(
                    f"SELECT seq FROM generations WHERE seq IN ({_marks(chunk)})", self.plan.order
                ),
                chunk,
            )
            found.update((row[0], row) for row in here)
        return [found[number] for number in numbers if number in found]

    def _reading(self, picking: str, order: Order) -> str:
        """The SELECT that reads picked rows whole, with their places, in order."""
        return (
            f"WITH picked (seq) AS MATERIALIZED ({picking})"
            f" SELECT {self._columns}, {order.columns}"
            f" FROM picked CROSS JOIN generations g ON g.seq = picked.seq {rows.GENERATION_JOINS}"
            f" ORDER BY {order.order_by}"
        )

    def _count(self, tables: str, condition: Condition) -> int:
        return self._snapshot.number(
            f"SELECT count(*) FROM {tables} WHERE {condition.sql}", condition.parameters
        )

    def _key(self) -> tuple[Hashable, ...]:
        return (self.plan.query, self.plan.cuts)

    def _known(self) -> array[int] | None:
        return self._memory.get(self.token, self._key(), array)

    def _numbers(self) -> array[int]:
        """The numbers of all rows, in order."""
        known = self._known()
        if known is not None:
            return known
        found = self._few() if self.plan.way is Way.FEW else self._many()
        self._memory.put(self.token, self._key(), found)
        return found

    def _few(self) -> array[int]:
        assert self.plan.few is not None
        return self._sorted(self.plan.few, self.plan.condition)

    def _sorted(self, few: Condition, condition: Condition) -> array[int]:
        """Those of a few rows that meet the condition, read and put in order."""
        order = self.plan.order
        profiles = " JOIN profiles p ON p.id = g.profile_id" if order.of_profiles else ""
        found = self._snapshot.all(
            f"WITH few (seq) AS MATERIALIZED (SELECT DISTINCT seq FROM ({few.sql}))"
            f" SELECT g.seq FROM few CROSS JOIN generations g ON g.seq = few.seq{profiles}"
            f" WHERE {condition.sql} ORDER BY {order.order_by}",
            (*few.parameters, *condition.parameters),
        )
        return array("q", (cast(int, row[0]) for row in found))

    def _many(self) -> array[int]:
        import numpy as np

        from rushes.store import sets

        mask = self._mask()
        if sets.size(mask) <= planner.LIMITS.few:
            return self._sorted(numbered(sets.numbers_of(mask)), LIVE)
        key = ("everything", self.plan.query.sort)
        everything = self._memory.get(self.token, key, np.ndarray)
        if everything is None:
            everything = sets.in_order(self._snapshot, self.plan.order)
            self._memory.put(self.token, key, everything)
        return sets.chosen(everything, mask)

    def _size_of_set(self, *, keeping: bool) -> int:
        whole = self.plan.whole
        if whole is not None and not keeping and self._known_mask() is None:
            return self._snapshot.number(f"SELECT count(*) FROM ({whole.sql})", whole.parameters)
        from rushes.store import sets

        return sets.size(self._mask())

    def _set_key(self) -> tuple[Hashable, ...]:
        query = self.plan.query
        return (query.search, query.filter.terms, query.profile_ids, self.plan.cuts)

    def _total_key(self) -> tuple[Hashable, ...]:
        return ("total", *self._set_key())

    def _known_mask(self) -> Mask | None:
        known = self._memory.get(self.token, ("mask", *self._set_key()), object)
        return cast("Mask | None", known)

    def _mask(self) -> Mask:
        """Which rows match, whatever their order."""
        from rushes.store import sets

        mask = self._known_mask()
        if mask is None:
            mask = sets.mask(self._snapshot, self.plan)
            self._memory.put(self.token, ("mask", *self._set_key()), mask)
        return mask

    def index_after(self, numbers: Sequence[int], place: KeyValues) -> int:
        """How many rows stand before what follows ``place``, whose own row may be gone."""
        low, high = 0, len(numbers)
        while low < high:
            middle = (low + high) // 2
            if self._stands_after(numbers[middle], place):
                high = middle
            else:
                low = middle + 1
        return low

    def _stands_after(self, number: int, place: KeyValues) -> bool:
        order = self.plan.order
        own = self._snapshot.one(
            f"SELECT {order.columns} FROM {anyhow(order)} WHERE g.seq = ?", (number,)
        )
        return own is not None and order.comes_before(place, cast(KeyValues, own))


def _placed(found: list[Row]) -> list[Placed]:
    width = rows.GENERATION_WIDTH
    return [Placed(rows.generation(row), cast(tuple[Parameter, ...], row[width:])) for row in found]


def _marks(values: Sequence[int]) -> str:
    return ", ".join("?" * len(values))
