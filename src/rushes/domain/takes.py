"""Takes of the same words: what folds into one row of a list, and how such a row stands there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rushes.domain.text import fold

if TYPE_CHECKING:
    from rushes.domain.generation import Generation

Words = tuple[str, str]
"""A profile's id and the folded text: what all takes of the same words share."""


@dataclass(frozen=True, slots=True)
class Fold:
    """How a row stands in a folded list: alone, for several ``takes``, or as one of them.

    Of an ``opened`` fold every take has a row: the first is the one that stood for all, the
    others follow as ``member``.
    """

    takes: int = 1
    opened: bool = False
    member: bool = False

    @property
    def closed(self) -> bool:
        """Tell whether the row stands for others that aren't shown."""
        return self.takes > 1 and not self.opened


SINGLE = Fold()


@dataclass(frozen=True, slots=True)
class Listed:
    """A row of a list: the generation that it shows, and how it stands."""

    generation: Generation
    fold: Fold = SINGLE


@dataclass(frozen=True, slots=True)
class FoldedTakes:
    """Takes of the same profile and words that a query matches, and the one that is ``shown``.

    That is a completed one before others, then a favourite, then the best rated, then the newest.
    """

    shown: Generation
    takes: int


@dataclass(frozen=True, slots=True)
class FoldedPage:
    """Some folds in order. ``total`` is how many the query has without its limits.

    ``takes`` is how many generations these are of. ``next`` is the keyset cursor for what
    follows, None at the end.
    """

    items: tuple[FoldedTakes, ...]
    total: int
    takes: int
    next: str | None


def words_of(generation: Generation) -> Words | None:
    """Give what its takes share; None without any words: such generations never fold."""
    return words_in(generation.profile_id, fold(generation.text))


def words_in(profile_id: str, folded: str) -> Words | None:
    """Give the same of a profile and a folded text.

    Words are looked for where the store keeps a text's beginning: in the first 200 characters, up
    to a NUL.
    """
    return (profile_id, folded) if folded[:200].partition("\0")[0].strip() else None
