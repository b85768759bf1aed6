"""Who is the best, how surely, when one answer in ten is wrong: all orders weighed by the answers.

Every order is as likely as another beforehand; an answer is wrong with the probability
``ERROR_RATE``, whatever was asked, and independently of the others (the model of M. Braverman,
E. Mossel, "Noisy Sorting Without Resampling", SODA 2008). The sum over all n! orders is taken by
dynamic programming over sets, as M. Held and R. M. Karp (1962) order the stops of a journey: of an
order that begins with a set only the set matters for what comes next. 2^n n steps, exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

ERROR_RATE = 0.1
"""How many answers of people are taken to be wrong."""

MOST_WEIGHED = 10
"""The most things that are weighed at once: about 10 ms."""

_DOUBT = ERROR_RATE / (1 - ERROR_RATE)

Answer = tuple[int, int]
"""The better and the worse."""


class Weighed:
    """All orders of ``count`` things, weighed by answers.

    Raises:
        ValueError: there are more things than ``MOST_WEIGHED``.
    """

    def __init__(self, count: int, answers: Iterable[Answer]) -> None:
        if count > MOST_WEIGHED:
            raise ValueError("too many things to weigh")
        self._count = count
        self._all = (1 << count) - 1
        # Likelihood of the answers on two, where the first is better; the likelier of both is 1.
        factors = [[1.0] * count for _ in range(count)]
        for better, worse in answers:
            factors[worse][better] *= _DOUBT
        self._next = self._of_next(factors)

    def chances(self) -> list[float]:
        """The probability of each thing to be the best."""
        sums = self._over_sets(sum)
        return [sums[1 << index] / sums[0] for index in range(self._count)]

    def likeliest(self, first: int) -> list[int]:
        """The likeliest order of those in which ``first`` is the best; the best first.

        Of equally likely ones that which keeps lower numbers in front.
        """
        highest = self._over_sets(max)
        order, taken = [first], 1 << first
        while taken != self._all:
            following = max(
                self._beyond(taken),
                key=lambda index: (self._next[taken][index] * highest[taken | 1 << index], -index),
            )
            order.append(following)
            taken |= 1 << following
        return order

    def _over_sets(self, together: Callable[[Iterable[float]], float]) -> list[float]:
        """By set: ``together`` of the weights of all orders that begin with it, from there on."""
        values = [1.0] * (self._all + 1)
        for taken in range(self._all - 1, -1, -1):
            row = self._next[taken]
            values[taken] = together(
                [row[index] * values[taken | 1 << index] for index in self._beyond(taken)]
            )
        return values

    def _beyond(self, taken: int) -> list[int]:
        return [index for index in range(self._count) if not taken >> index & 1]

    def _of_next(self, factors: Sequence[Sequence[float]]) -> list[list[float]]:
        """By set and thing: the weight of that thing coming next after exactly the set."""
        rows = [[1.0] * self._count]
        for taken in range(1, self._all + 1):
            lowest = taken & -taken
            before = factors[lowest.bit_length() - 1]
            rows.append([a * b for a, b in zip(rows[taken ^ lowest], before, strict=True)])
        return rows


def likeliest_two(chances: Sequence[float], but: frozenset[frozenset[int]]) -> Answer | None:
    """The likeliest best, and the next likeliest that it may still be asked against.

    The two that most of the doubt is between ("top two", D. Russo, "Simple Bayesian Algorithms
    for Best Arm Identification", COLT 2016). ``but`` are pairs that needn't be asked again; None
    where nobody is left with a chance above one in a thousand.
    """
    order = sorted(range(len(chances)), key=lambda index: (-chances[index], index))
    leader, others = order[0], order[1:]
    for other in others:
        if chances[other] > 0.001 and frozenset((leader, other)) not in but:
            return leader, other
    return None
