"""What a filter can ask: plain terms, ANDed. ``filter_language`` reads them from a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rushes.domain.quality import QualityFlag


class Flag(StrEnum):
    """A state that ``is:`` can ask for."""

    FAVORITE = "fav"
    FAILED = "failed"
    RUNNING = "running"
    COMPLETED = "completed"
    RATED = "rated"
    TAGGED = "tagged"
    ORPHAN = "orphan"
    CLIPPED = "clipped"
    SILENT = "silent"
    LEADING = "leading"
    TRAILING = "trailing"
    CUTOFF = "cutoff"
    QUIET = "quiet"
    LOUD = "loud"
    FAST = "fast"
    SLOW = "slow"
    OFFSET = "dc"
    LENGTH = "length"
    DUPLICATE = "duplicate"
    FLAGGED = "flagged"


class TextField(StrEnum):
    """A column of short text that ``key:value`` can ask for."""

    PROFILE = "profile"
    ENGINE = "engine"
    MODEL = "model"
    LANGUAGE = "lang"
    TAG = "tag"
    ID = "id"


class NumberField(StrEnum):
    """A column of numbers that ``key:>value`` can ask for; durations in seconds.

    ``lufs`` is integrated loudness in LUFS, ``peak`` the true peak in dBTP.
    """

    RATING = "rating"
    DURATION = "dur"
    SEED = "seed"
    LOUDNESS = "lufs"
    TRUE_PEAK = "peak"


@dataclass(frozen=True, slots=True)
class Words:
    """The folded text stands literally in the generation's text or its profile's name."""

    folded: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class TextIs:
    """The field holds one of the folded values; ``exact`` asks for the whole field.

    Languages match whole or up to a hyphen, tags and ids as ``filter_language`` documents.
    """

    field: TextField
    folded: tuple[str, ...]
    exact: bool = False
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Is:
    """The generation is in that state."""

    flag: Flag
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """The number lies within the bounds; None is open. An empty field never does.

    ``rating:0`` asks for no rating: there ``low`` and ``high`` are both 0.
    """

    field: NumberField
    low: float | None
    high: float | None
    low_included: bool = True
    high_included: bool = True
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """Made at ``since`` or later, and before ``until``; None is open; both aware, in UTC."""

    since: datetime | None
    until: datetime | None
    negated: bool = False


Term = Words | TextIs | Is | Between | Made


@dataclass(frozen=True, slots=True)
class Filter:
    """Terms that must all hold; none means everything. ``source`` is the line it was read from."""

    terms: tuple[Term, ...] = ()
    source: str = ""


QUALITY_FLAGS = {
    flag: QualityFlag[flag.name] for flag in Flag if flag.name in QualityFlag.__members__
}
"""Which flag of a clip each of these asks for."""

EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A line of the filter language under a name; ``@name`` in another line stands for it."""

    name: str
    line: str
