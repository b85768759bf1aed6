"""Sets of row numbers, intersected with numpy: for questions that match many rows.

numpy is imported by the first such question, so that nothing else waits for it.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any, cast

from rushes.store import planner
from rushes.store.ordering import Order
from rushes.store.planner import Part, Plan, walked
from rushes.store.reader import Snapshot
from rushes.store.where import LIVE, Condition

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Mask = NDArray[np.bool_]

_CHUNK = 500
_IN_TRASH = Condition("SELECT g.seq FROM generations g WHERE g.deleted_at IS NOT NULL")
_ALL = Condition(f"SELECT g.seq FROM generations g INDEXED BY generations_by_time WHERE {LIVE.sql}")


def mask(snapshot: Snapshot, plan: Plan) -> Mask:
    """For each ``seq`` whether the row matches, shape (highest + 1,), bool."""
    kept: Mask | None = None
    if plan.facets is not None:
        kept = _mask(snapshot, plan, _of_facets(plan.facets))
    else:
        begin = next((part for part in plan.parts if not part.negated), None)
        if begin is not None:
            kept = _of_part(snapshot, plan, begin)
            kept &= ~_mask(snapshot, plan, _IN_TRASH)
    if kept is None:
        kept = _mask(snapshot, plan, _ALL)
    if plan.facets is not None and size(kept) <= planner.LIMITS.few:
        return _tested(snapshot, plan, kept)
    for part in plan.parts:
        named = _of_part(snapshot, plan, part)
        kept &= ~named if part.negated else named
    if plan.cuts is not None:
        kept[plan.cuts + 1 :] = False
    return kept


def _tested(snapshot: Snapshot, plan: Plan, mask: Mask) -> Mask:
    """Those of a few rows that match, looked at one by one."""
    import numpy as np

    candidates = np.flatnonzero(mask).tolist()
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


def in_order(snapshot: Snapshot, order: Order) -> Numbers:
    """The numbers of all rows outside the trash, in that order."""
    return _numbers(
        snapshot,
        Condition(
            f"SELECT g.seq FROM {walked(order, order.index)} WHERE {LIVE.sql}"
            f" ORDER BY {order.order_by}"
        ),
    )


def chosen(everything: Numbers, mask: Mask) -> array[int]:
    """Those of ``everything`` that match, in its order."""
    import numpy as np

    within = everything[everything < len(mask)]
    found = array("q")
    found.frombytes(np.ascontiguousarray(within[mask[within]]).tobytes())
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
    result[_numbers(snapshot, select)] = True
    return result


def _numbers(snapshot: Snapshot, select: Condition) -> Numbers:
    """What a SELECT of ``seq`` gives, in its order; one long text is ten times as quick as rows."""
    import numpy as np

    row: Any = snapshot.one(f"SELECT group_concat(seq) FROM ({select.sql})", select.parameters)
    return np.fromstring(row[0], np.int64, sep=",") if row[0] else np.zeros(0, np.int64)
