"""What decisions come to: what is still to be asked, the order, and how sure its first place is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rushes.domain.certainty import MOST_WEIGHED, Answer, Weighed, likeliest_two
from rushes.domain.decision import Decision
from rushes.domain.known_order import KnownOrder
from rushes.domain.merge_insertion import best, sorted_best_first

Groups = list[tuple[int, ...]]
"""Places, the best first, equal ones together."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the decisions on some places come to.

    ``asks`` is the pair that the order needs next, None when it stands. From then on ``order`` has
    places, ``chance`` is the probability of its first to be the best, and ``doubted`` the pair that
    most of the doubt is between, None where there is hardly any. ``checks`` counts the decisions on
    what was known before.
    """

    asks: Answer | None = None
    order: tuple[tuple[int, ...], ...] = ()
    chance: float | None = None
    doubted: Answer | None = None
    checks: int = 0


class _Asks(Exception):
    """What an order still needs to know of two."""

    def __init__(self, one: int, other: int) -> None:
        super().__init__(one, other)
        self.pair = (one, other)


def judged(here: Sequence[int], decisions: Sequence[Decision], *, in_order: bool) -> Judged:
    """What the decisions say of the places ``here``; ``in_order``: of all, not of the best alone.

    First decisions are taken at their word. Only one that denies what was known from them lets the
    likeliest of all orders take the place of theirs.
    """
    named = (place for one in decisions for place in (one.one, one.other))
    known = KnownOrder(max((*here, *named), default=-1) + 1)
    checks, denied = _learn(known, decisions)
    try:
        groups = _as_known(known, here, in_order=in_order)
    except _Asks as asks:
        return Judged(asks.pair, checks=checks)
    if not groups:
        return Judged(checks=checks)
    return _weighed(groups, decisions, checks, in_order=in_order, denied=denied)


def _weighed(
    groups: Groups, decisions: Sequence[Decision], checks: int, *, in_order: bool, denied: bool
) -> Judged:
    """How sure the first of an order is; of one that was denied, the likeliest in its place."""
    number = {place: index for index, group in enumerate(groups) for place in group}
    met = [
        (number[one.one], number[one.other], one.outcome)
        for one in decisions
        if one.one in number and one.other in number
    ]
    answers = [
        (one, other) if outcome > 0 else (other, one) for one, other, outcome in met if outcome
    ]
    if in_order:
        answers += _through_others(len(groups), answers)
    weighed = Weighed(
        min(len(groups), MOST_WEIGHED),
        (pair for pair in answers if max(pair) < MOST_WEIGHED and pair[0] != pair[1]),
    )
    chances = weighed.chances()
    first = max(range(len(chances)), key=lambda index: (chances[index], -index)) if denied else 0
    told = frozenset(frozenset(pair) for *pair, outcome in met if not outcome)
    # Whoever has just heard two says the same again; in between they may forget.
    last = {frozenset(pair) for *pair, _ in met[-1:]}
    doubted = likeliest_two(chances, told | last) or likeliest_two(chances, told)
    order = weighed.likeliest(first) if denied else range(len(chances))
    ordered = [*(groups[index] for index in order), *groups[MOST_WEIGHED:]]
    return Judged(
        order=_told(ordered, in_order=in_order),
        chance=chances[first],
        doubted=None if doubted is None else (groups[doubted[0]][0], groups[doubted[1]][0]),
        checks=checks,
    )


def _learn(known: KnownOrder, decisions: Sequence[Decision]) -> tuple[int, bool]:
    """Take the decisions in; gives how many were on what was known, and whether one denies it."""
    checks, denied = 0, False
    for one in decisions:
        if not known.add(one.one, one.other, one.outcome):
            checks += 1
            relation = known.relation(one.one, one.other)
            denied |= relation is not None and relation * one.outcome < 0
    return checks, denied


def _as_known(known: KnownOrder, here: Sequence[int], *, in_order: bool) -> Groups:
    """The order that first decisions make; of one winner the others follow, the likelier first."""

    def better(one: int, other: int) -> bool:
        relation = known.relation(one, other)
        if relation is None:
            raise _Asks(one, other)
        return relation >= 0

    if not here:
        return []
    if in_order:
        return _together(known, sorted_best_first(here, better))
    winner = best(here, better)
    others = [place for place in here if place != winner]
    return _together(known, [winner, *sorted(others, key=known.betters)])


def _together(known: KnownOrder, order: Sequence[int]) -> Groups:
    """Equal ones in one group each, in the place of its first."""
    groups: Groups = []
    for place in order:
        for index, group in enumerate(groups):
            if known.relation(group[0], place) == 0:
                groups[index] = (*group, place)
                break
        else:
            groups.append((place,))
    return groups


def _through_others(count: int, answers: Sequence[Answer]) -> Iterator[Answer]:
    """Neighbours in the order that were never met: one that is gone stood between them."""
    met = {frozenset(pair) for pair in answers}
    for index in range(count - 1):
        if frozenset((index, index + 1)) not in met:
            yield index, index + 1


def _told(ordered: Groups, *, in_order: bool) -> tuple[tuple[int, ...], ...]:
    if in_order or len(ordered) < 3:
        return tuple(ordered)
    others = sorted(place for group in ordered[1:] for place in group)
    return ordered[0], tuple(others)
