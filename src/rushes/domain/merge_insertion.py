"""Orders that cost few comparisons: merge insertion, and a knockout for the best alone.

Both go through plain indices and ask ``better``; where an answer isn't known yet that may raise.
Asked again with more answers they ask the same questions in the same order, so that a question
that was answered once is never wasted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Better = Callable[[int, int], bool]
"""Whether the first of two is at least as good as the second."""


def sorted_best_first(items: Sequence[int], better: Better) -> list[int]:
    """The items, the best first, by at most ``most_comparisons(len(items))`` questions.

    L. R. Ford, S. M. Johnson, "A Tournament Problem", American Mathematical Monthly 66 (1959);
    Knuth, The Art of Computer Programming 3, 5.3.1: pairs are compared and their winners sorted
    likewise; then the losers are inserted by bisection in the order in which each one's place is
    among 2^k - 1 others at most.
    """
    if len(items) < 2:
        return list(items)
    pairs = [
        (one, other) if better(one, other) else (other, one)
        for one, other in zip(items[::2], items[1::2], strict=False)
    ]
    loser_of = dict(pairs)
    winners = sorted_best_first([winner for winner, _ in pairs], better)
    # From the worst on: below the worst winner its loser is known to be.
    chain = winners[::-1]
    losers: list[tuple[int, int | None]] = [(loser_of[winner], winner) for winner in chain]
    if len(items) % 2:
        losers.append((items[-1], None))
    order = [losers[0][0], *chain]
    for index in _insertion_order(len(losers)):
        item, winner = losers[index]
        end = len(order) if winner is None else order.index(winner)
        order.insert(_place(order, item, end, better), item)
    return order[::-1]


def most_comparisons(count: int) -> int:
    """The most questions that ``sorted_best_first`` asks for so many items: 16 for 8.

    The sum of ceil(log2(3k / 4)) for k from 1 on (Knuth, 5.3.1, formula 15).
    """
    return sum((3 * k - 1).bit_length() - 2 for k in range(2, count + 1))


def best(items: Sequence[int], better: Better) -> int:
    """The best of one item or more, by one question less than there are items.

    A knockout: whoever is better of two goes on to the next round. No way needs fewer
    (Knuth, 5.3.3), and each of the rest has lost to few, so that little has to be asked again
    where an answer is doubted.
    """
    left = list(items)
    while len(left) > 1:
        after = [
            one if better(one, other) else other
            for one, other in zip(left[::2], left[1::2], strict=False)
        ]
        left = after + left[len(after) * 2 :]
    return left[0]


def _insertion_order(count: int) -> list[int]:
    """Indices of losers after the first, in groups that end at Jacobsthal's numbers: 3, 5, 11."""
    order: list[int] = []
    before, end = 1, 3
    while before < count:
        order += range(min(end, count) - 1, before - 1, -1)
        before, end = end, end + 2 * before
    return order


def _place(order: Sequence[int], item: int, end: int, better: Better) -> int:
    """Where an item belongs among the first ``end`` of an order that has the worst first."""
    low, high = 0, end
    while low < high:
        middle = (low + high) // 2
        if better(order[middle], item):
            high = middle
        else:
            low = middle + 1
    return low
