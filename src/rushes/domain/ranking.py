"""Takes held against each other, two at a time, until an order stands: as a plain value.

What to ask next follows from the sides and the decisions alone, so that a ranking can be put away
at any time and taken up again, and its last decision taken back, as often as there is one.

First an order is made by as few decisions as it takes (``merge_insertion``): 16 for 8 takes, 1 for
2. A judge who errs now and then is taken at their word so far. ``makes_sure`` goes on from there
with the pairs on which most of the doubt lies (``certainty``), until the winner is as good as
certain, or ``MOST_CHECKS`` decisions have been spent on it. Nobody is made to: whoever is content
with the order stops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from zlib import crc32

from rushes.domain import limits
from rushes.domain.decision import Decision, Outcome
from rushes.domain.merge_insertion import most_comparisons
from rushes.domain.ranking_rules import judged
from rushes.errors import BadInput

MOST_RANKED = 12
"""Above so many takes only the best is looked for, unless somebody says otherwise."""

MOST_CHECKS = 12
"""Decisions that are spent at most on making sure of the winner: 28 for 8 takes, all in all."""

SURE = 0.98
"""The probability from which a winner is taken for certain."""


class Mode(StrEnum):
    """What is to be found out."""

    RANKING = "ranking"
    WINNER = "winner"


@dataclass(frozen=True, slots=True)
class Side:
    """What is held against the others: a generation, or one version of it."""

    generation_id: str
    version_id: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two places, as they are put before the judge: neither comes first for a reason."""

    one: int
    other: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What the decisions come to.

    ``asks`` is the pair to be decided next, None when nothing is left to ask. ``order`` holds
    places, the best first, equal ones together; it is empty until it stands. Where only the winner
    was looked for, all others come together after it. ``chance`` is the probability that the first
    of the order is the best, where one answer in ten is wrong (None until the order stands);
    ``checks`` counts the decisions spent on making sure. ``most`` is the most decisions that it
    takes from the first to the last, as far as can be told.
    """

    asks: Pair | None
    order: tuple[tuple[int, ...], ...]
    chance: float | None
    checks: int
    most: int

    @property
    def is_sure(self) -> bool:
        """Whether the winner is as good as certain."""
        return self.chance is not None and self.chance >= SURE


@dataclass(frozen=True, slots=True)
class Ranking:
    """Sides, in the order in which they are shown, and the decisions about their places so far.

    ``gone`` are places that can't be heard any more: they are asked about no longer and in no
    order, and what was decided about them still counts for the others. ``seed`` says on which hand
    a pair of a blind ranking is shown.
    """

    sides: tuple[Side, ...]
    mode: Mode = Mode.RANKING
    blind: bool = False
    seed: int = 0
    makes_sure: bool = False
    decisions: tuple[Decision, ...] = ()
    gone: frozenset[int] = frozenset()

    @property
    def here(self) -> tuple[int, ...]:
        """The places that can be heard."""
        return tuple(place for place in range(len(self.sides)) if place not in self.gone)

    @property
    def standing(self) -> Standing:
        """What the decisions come to; worked out once, in 20 ms at most."""
        return _standing(self)

    @property
    def asks(self) -> Pair | None:
        """The pair to be decided next; None when nothing is left to ask."""
        return self.standing.asks

    @property
    def order(self) -> tuple[tuple[int, ...], ...]:
        """Places, the best first, equal ones together; empty until the order stands."""
        return self.standing.order

    @property
    def stands(self) -> bool:
        """Whether there is an order; there may be more to ask all the same, to make sure."""
        return bool(self.standing.order)

    @property
    def winner(self) -> int | None:
        """The best place, the first of the equal ones that are; None until the order stands."""
        order = self.standing.order
        return order[0][0] if order else None

    def decided(self, outcome: Outcome) -> Ranking:
        """With the pair that it asks for decided.

        Raises:
            BadInput: nothing is left to decide.
        """
        asks = self.asks
        if asks is None:
            raise BadInput("nothing is left to decide")
        decision = Decision(asks.one, asks.other, outcome)
        return replace(self, decisions=(*self.decisions, decision))

    def undone(self) -> Ranking:
        """Without the last decision.

        Raises:
            BadInput: there is none.
        """
        if not self.decisions:
            raise BadInput("no decision is left to take back")
        return replace(self, decisions=self.decisions[:-1])


def begun(
    sides: Sequence[Side], *, blind: bool = False, seed: int = 0, mode: Mode | None = None
) -> Ranking:
    """A ranking of these, with nothing decided.

    Blind ones stand in an order that the seed alone decides. Without a ``mode`` the best of more
    than ``MOST_RANKED`` is looked for, and fewer are put in order.

    Raises:
        BadInput: there are fewer than two, more than ``limits.MOST_SIDES``, or one comes twice.
    """
    if len(sides) < 2:
        raise BadInput("there is nothing to compare with", "", "Name two takes or more.")
    if len(sides) > limits.MOST_SIDES:
        raise BadInput("too many takes to compare", f"{limits.MOST_SIDES:,} are the most")
    if len(set(sides)) < len(sides):
        raise BadInput("a take can't be compared with itself", "", "Name each once.")
    if mode is None:
        mode = Mode.WINNER if len(sides) > MOST_RANKED else Mode.RANKING
    order = list(sides)
    if blind:
        import random

        random.Random(seed).shuffle(order)  # noqa: S311  # nobody is kept from guessing by force
    return Ranking(tuple(order), mode, blind, seed)


@lru_cache(maxsize=32)
def _standing(ranking: Ranking) -> Standing:
    found = judged(ranking.here, ranking.decisions, in_order=ranking.mode is Mode.RANKING)
    most = most_comparisons(len(ranking.here))
    if ranking.mode is Mode.WINNER:
        most = max(0, len(ranking.here) - 1)
    if ranking.makes_sure:
        most += MOST_CHECKS
    asks = found.asks
    doubts = found.chance is not None and found.chance < SURE and found.checks < MOST_CHECKS
    if ranking.makes_sure and doubts:
        asks = found.doubted
    return Standing(
        asks=None if asks is None else _shown(ranking, *asks),
        order=found.order,
        chance=found.chance,
        checks=found.checks,
        most=most,
    )


def _shown(ranking: Ranking, one: int, other: int) -> Pair:
    """Which of a pair is shown on which hand: of a blind one, neither for a reason."""
    low, high = sorted((one, other))
    if ranking.blind and crc32(b"%d %d" % (ranking.seed, len(ranking.decisions))) & 1:
        return Pair(high, low)
    return Pair(low, high)
