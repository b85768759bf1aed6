"""Sets of row numbers, intersected with numpy: for questions that match many rows.

numpy is imported by the first such question, so that nothing else waits for it.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, cast

from rushes.store import planner
from rushes.store.big_blocks import give_back
from rushes.store.ordering import Order
from rushes.store.planner import Part, Plan, walked
from rushes.store.reader import Snapshot
from rushes.store.where import LIVE, Condition

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint32] | NDArray[np.int64]
    Mask = NDArray[np.bool_]

_CHUNK = 500
_IN_TRASH = Condition("SELECT g.seq FROM generations g WHERE g.deleted_at IS NOT NULL")
_ALL = Condition(f"SELECT g.seq FROM generations g INDEXED BY generations_by_time WHERE {LIVE.sql}")


def mask(snapshot: Snapshot, plan: Plan) -> Mask:
    """For each ``seq`` whether the row matches, shape (highest + 1,), bool."""
    kept, parts = _beginning(snapshot, plan)
    if plan.facets is not None and size(kept) <= planner.LIMITS.few:
        return _tested(snapshot, plan, kept)
    for part in parts:
        named = _of_part(snapshot, plan, part)
        kept &= ~named if part.negated else named
    if plan.cuts is not None:
        kept[plan.cuts + 1 :] = False
    return kept


def _beginning(snapshot: Snapshot, plan: Plan) -> tuple[Mask, list[Part]]:
    """Rows outside the trash that hold all answers, and the parts that aren't met yet."""
    parts = list(plan.parts)
    if plan.facets is not None:
        return _mask(snapshot, plan, _of_facets(plan.facets)), parts
    # What was found by a scan has none of the trash among it.
    positive = sorted((part for part in parts if not part.negated), key=lambda part: part.scanned)
    if not positive:
        return _mask(snapshot, plan, _ALL), parts
    first = positive[-1]
    parts.remove(first)
    named = _of_part(snapshot, plan, first)
    if not first.scanned:
        named &= ~_mask(snapshot, plan, _IN_TRASH)
    return named, parts


def _tested(snapshot: Snapshot, plan: Plan, mask: Mask) -> Mask:
    """Those of a few rows that match, looked at one by one."""
    import numpy as np

    candidates = numbers_of(mask)
    kept = np.zeros_like(mask)
    for start in range(0, len(candidates), _CHUNK):
        chunk = candidates[start : start + _CHUNK]
        marks = ", ".join("?" * len(chunk))
        found = snapshot.all(
            f"SELECT g.seq FROM generations g WHERE g.seq IN ({marks}) AND {plan.condition.sql}",
            (*chunk, *plan.condition.parameters),
        )
        kept[[cast(int, row[0]) for row in found]] = True
    return kept


def size(mask: Mask) -> int:
    """How many rows match."""
    import numpy as np

    return int(np.count_nonzero(mask))


def numbers_of(mask: Mask) -> list[int]:
    """The rows that match, by their numbers."""
    import numpy as np

    numbers: list[int] = np.flatnonzero(mask).tolist()
    return numbers


def in_order(snapshot: Snapshot, order: Order) -> Numbers:
    """The numbers of all rows outside the trash, in that order; 4 bytes each."""
    return _numbers(
        snapshot,
        Condition(
            f"SELECT g.seq FROM {walked(order, order.index)} WHERE {LIVE.sql}"
            f" ORDER BY {order.order_by}"
        ),
        snapshot.number("SELECT COALESCE(max(seq), 0) FROM generations"),
    )


def numbered_in_order(snapshot: Snapshot, select: Condition) -> array[int]:
    """What a SELECT of ``seq`` gives, in its order."""
    highest = snapshot.number("SELECT COALESCE(max(seq), 0) FROM generations")
    return _array_of(_numbers(snapshot, select, highest))


def chosen(everything: Numbers, mask: Mask) -> array[int]:
    """Those of ``everything`` that match, in its order."""
    within = everything[everything < len(mask)]
    return _array_of(within[mask[within]])


def _array_of(numbers: Numbers) -> array[int]:
    found = array("I" if numbers.dtype.itemsize == array("I").itemsize else "q")
    found.frombytes(numbers.tobytes())
    return found


def _of_facets(facets: Condition) -> Condition:
    return Condition(
        f"SELECT g.seq FROM generations g INDEXED BY generations_by_facets WHERE {facets.sql}",
        facets.parameters,
    )


def _of_part(snapshot: Snapshot, plan: Plan, part: Part) -> Mask:
    first, *rest = part.selects
    named = _mask(snapshot, plan, first)
    for select in rest:
        named |= _mask(snapshot, plan, select)
    return named


def _mask(snapshot: Snapshot, plan: Plan, select: Condition) -> Mask:
    import numpy as np

    result = np.zeros(plan.highest + 1, np.bool_)
    result[_numbers(snapshot, select, plan.highest)] = True
    return result


def _numbers(snapshot: Snapshot, select: Condition, highest: int) -> Numbers:
    """What a SELECT of ``seq`` gives, in its order; one long text is ten times as quick as rows.

    ``highest`` is the largest there can be: read at once as what is kept, they take half the room.
    """
    import numpy as np

    give_back()
    row: Any = snapshot.one(f"SELECT group_concat(seq) FROM ({select.sql})", select.parameters)
    text = row[0] or ""
    if highest <= np.iinfo(np.uint32).max:
        return np.fromstring(text, np.uint32, sep=",") if text else np.zeros(0, np.uint32)
    return np.fromstring(text, np.int64, sep=",") if text else np.zeros(0, np.int64)
