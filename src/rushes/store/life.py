"""The life of a generation: which status may follow which (REQUIREMENTS A2)."""

from __future__ import annotations

from rushes.domain.generation import RUNNING, Status
from rushes.errors import Conflict

MAY_COMPLETE = RUNNING | {Status.FAILED}
"""A failed one may be tried again."""

MAY_FAIL = RUNNING


def check_move(
    identity: str, present: Status, following: Status, *, allowed: frozenset[Status]
) -> None:
    """Make sure that a generation may take its next status.

    Raises:
        Conflict: its present status isn't among those allowed.
    """
    if present in allowed:
        return
    if present is following:
        raise Conflict(f"the generation {identity} is {present} already")
    raise Conflict(f"the generation {identity} is {present}", f"it can't become {following}")
