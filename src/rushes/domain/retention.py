"""Clean-up: which generations may go to the trash by themselves, how far, and which never do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from rushes.domain import limits
from rushes.domain.generation import HIGHEST_RATING
from rushes.domain.storage import Portion
from rushes.errors import BadInput


class Reason(StrEnum):
    """Why a generation goes: the part of the policy that says so."""

    AGE = "older_than_days"
    RATING = "rated_below"
    UNRATED = "unrated"
    QUERY = "query"
    COUNT = "keep_per_profile"
    SIZE = "max_bytes"
    TRASH = "trash_days"


@dataclass(frozen=True, slots=True)
class Policy:
    """What to clean up. Conditions say which generations may go, limits how far.

    All conditions given must hold: made over ``older_than_days`` × 24 h ago; rated below
    ``rated_below``, or not rated at all where ``unrated`` is set; fitting ``query``, a line of the
    filter language. Without a limit all of those go. ``keep_per_profile`` lets go what is older
    than so many of its profile's newest that have audio; ``max_bytes`` lets the oldest go until
    the files outside the trash are no more. With both, the first goes first.

    ``trash_days`` deletes for good what lies in the trash for over so many days.

    Spared are what a story uses, favourites (unless ``spare_favorites`` is off) and what is rated
    ``spare_rated`` or more, in the trash too. Running and linked generations are none of a
    clean-up's business.

    Raises:
        BadInput: a number makes no sense, or nothing is said at all.
    """

    older_than_days: int | None = None
    rated_below: int | None = None
    unrated: bool = False
    query: str | None = None
    keep_per_profile: int | None = None
    max_bytes: int | None = None
    trash_days: int | None = None
    spare_favorites: bool = True
    spare_rated: int | None = None

    def __post_init__(self) -> None:
        """Refuse what can't be meant."""
        for name, (least, most) in _RANGES.items():
            _check_number(name, getattr(self, name), least, most)
        for name in ("unrated", "spare_favorites"):
            if not isinstance(getattr(self, name), bool):
                raise BadInput(f"{_words(name)} must be yes or no")
        if self.query is not None and not _is_line(self.query):
            raise BadInput("the query of a clean-up must be a line that says something")
        if not self.moves and self.trash_days is None:
            raise BadInput(
                "a clean-up needs something to go by", "", "Give it an age, a number or a size."
            )

    @property
    def conditions(self) -> tuple[Reason, ...]:
        """The conditions that are given."""
        given = (
            (Reason.AGE, self.older_than_days is not None),
            (Reason.RATING, self.rated_below is not None),
            (Reason.UNRATED, self.unrated),
            (Reason.QUERY, self.query is not None),
        )
        return tuple(reason for reason, is_given in given if is_given)

    @property
    def is_limited(self) -> bool:
        """Tell whether a limit says how far to go."""
        return self.keep_per_profile is not None or self.max_bytes is not None

    @property
    def moves(self) -> bool:
        """Tell whether anything goes to the trash by it."""
        return bool(self.conditions) or self.is_limited

    def record(self) -> dict[str, object]:
        """Give the policy for JSON, whole."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


_RANGES = {
    "older_than_days": (1, limits.MOST_DAYS),
    "rated_below": (2, HIGHEST_RATING),
    "keep_per_profile": (1, limits.LARGEST_SIZE),
    "max_bytes": (0, limits.LARGEST_SIZE),
    "trash_days": (1, limits.MOST_DAYS),
    "spare_rated": (1, HIGHEST_RATING),
}


def policy_of(record: object) -> Policy:
    """Read what ``Policy.record`` gives, strictly: a clean-up is nothing to guess about.

    Raises:
        BadInput: it is something else.
    """
    known = {field.name for field in fields(Policy)}
    if not isinstance(record, Mapping) or not known.issuperset(record):
        raise BadInput("this is no clean-up policy", f"it may hold {', '.join(sorted(known))}")
    return Policy(**record)


class Offered(NamedTuple):
    """A generation that may go: it meets the conditions and nothing spares it."""

    id: str
    profile_id: str
    bytes: int


def going(
    policy: Policy, held: int, oldest_first: Iterable[Offered], surplus: Iterable[Offered]
) -> Iterator[tuple[Offered, tuple[Reason, ...]]]:
    """Those of the offered that go, and why; no more of either is read than needed.

    ``held`` are the bytes outside the trash. ``surplus`` are those offered whose profile has
    ``keep_per_profile`` newer ones.
    """
    if not policy.moves:
        return
    given = policy.conditions
    if not policy.is_limited:
        yield from ((take, given) for take in oldest_first)
        return
    gone = set()
    if policy.keep_per_profile is not None:
        for take in surplus:
            held -= take.bytes
            gone.add(take.id)
            yield take, (*given, Reason.COUNT)
    if policy.max_bytes is None:
        return
    for take in oldest_first:
        if held <= policy.max_bytes:
            return
        # One without a file would go in vain.
        if take.bytes and take.id not in gone:
            held -= take.bytes
            yield take, (*given, Reason.SIZE)


@dataclass(frozen=True, slots=True)
class Part:
    """Generations that go for the same reasons; bytes of all their files."""

    reasons: tuple[Reason, ...]
    ids: tuple[str, ...]
    bytes: int


@dataclass(frozen=True, slots=True)
class CleanUpPlan:
    """What a clean-up would do.

    ``parts`` go to the trash; their ``bytes`` come back when it is emptied. ``profiles`` says whose
    they are, the most bytes first. ``purged`` is deleted for good and brings its bytes back at
    once. ``still_over`` are bytes by which the rest is larger than the policy's ``max_bytes``, as
    nothing more may go.
    """

    policy: Policy
    made_at: datetime
    parts: tuple[Part, ...]
    profiles: tuple[Portion, ...]
    purged: Part
    still_over: int

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all that goes to the trash."""
        return tuple(identity for part in self.parts for identity in part.ids)

    @property
    def count(self) -> int:
        """How many go to the trash."""
        return sum(len(part.ids) for part in self.parts)

    @property
    def bytes(self) -> int:
        """Bytes of the files of what goes to the trash."""
        return sum(part.bytes for part in self.parts)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What a clean-up did: ``ids`` are in the trash now and were not before.

    ``bytes`` come back when the trash is emptied, ``freed`` came back at once with the ``purged``
    ids. ``left`` of the plan was left alone: changed since it was made, or the work was called off.
    """

    ids: tuple[str, ...]
    bytes: int
    purged: tuple[str, ...]
    freed: int
    left: int


@dataclass(frozen=True, slots=True)
class LastRun:
    """When a saved policy last ran by itself, and what it did: numbers, bytes, or what went wrong.

    ``moved`` went to the trash with ``bytes``; the ``purged`` brought ``freed`` bytes back.
    """

    at: datetime
    moved: int = 0
    bytes: int = 0
    purged: int = 0
    freed: int = 0
    error: str | None = None


@dataclass(frozen=True, slots=True)
class SavedPolicy:
    """The policy that a library keeps; it runs by itself, daily at most, only while ``on``."""

    policy: Policy
    on: bool
    last: LastRun | None


def _check_number(name: str, value: object, least: int, most: int) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int):
        raise BadInput(f"{_words(name)} must be a whole number")
    if not least <= value <= most:
        raise BadInput(f"{_words(name)} can't be {value}", f"it is {least:,} to {most:,}")


def _is_line(query: object) -> bool:
    return isinstance(query, str) and 0 < len(query.strip()) <= len(query) <= limits.LONGEST_LINE


def _words(name: str) -> str:
    return name.replace("_", " ")
