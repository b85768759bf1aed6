"""A decision between two takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Outcome(IntEnum):
    """What was decided of one and another: which is better, or that nobody can tell."""

    ONE = 1
    EQUAL = 0
    OTHER = -1


@dataclass(frozen=True, slots=True)
class Decision:
    """What was said of two places."""

    one: int
    other: int
    outcome: Outcome
