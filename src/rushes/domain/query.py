"""A question asked of the history, and the page that answers it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from rushes.domain.filters import EVERYTHING, Filter
from rushes.domain.generation import Generation


class Sort(StrEnum):
    """The orders of a list; equal ones are told apart by newest first, then ``seq``."""

    NEWEST = "newest"
    OLDEST = "oldest"
    LONGEST = "longest"
    RATING = "rating"
    PROFILE = "profile"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Which generations, in which order, and which of them.

    ``search`` is one literal, case-insensitive substring of the text. ``filter`` comes from the
    filter language. ``profile_ids`` narrows to any of these profiles. ``trashed`` asks for the
    trash instead of the history. ``after`` is a page's ``next`` and takes the place of
    ``offset``. ``limit`` is 1 to 1,000.
    """

    search: str | None = None
    filter: Filter = field(default=EVERYTHING)
    profile_ids: tuple[str, ...] = ()
    trashed: bool = False
    sort: Sort = Sort.NEWEST
    limit: int = 50
    offset: int = 0
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some generations in order; ``total`` is how many the query has without its limits.

    ``next`` is the keyset cursor for what follows, None at the end.
    """

    items: tuple[Generation, ...]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A page whose generations are records, as ``rushes.domain.record`` has them."""

    items: tuple[dict[str, object], ...]
    total: int
    next: str | None
