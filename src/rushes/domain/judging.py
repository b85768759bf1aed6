"""A comparison as the library keeps it: a ranking with its name and times, and what was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rushes.domain.generation import Generation
from rushes.domain.preset import Preset
from rushes.domain.ranking import Ranking


class SideState(StrEnum):
    """Whether a side can still be heard."""

    HERE = "here"
    TRASHED = "trashed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Judging:
    """A comparison of takes, as it is stored.

    ``states`` has one for each side of the ranking; those that aren't ``HERE`` are ``gone`` in it.
    ``decided_at`` is when the last decision was made. ``kept_at`` and ``kept_place`` tell when
    which side was kept in the end.
    """

    id: str
    ranking: Ranking
    states: tuple[SideState, ...]
    created_at: datetime
    decided_at: datetime | None = None
    kept_at: datetime | None = None
    kept_place: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is left to decide, and nothing was kept yet."""
        return self.kept_at is None and self.ranking.asks is not None

    @property
    def generation_ids(self) -> tuple[str, ...]:
        """The generations of its sides, each once, in their order."""
        return tuple(dict.fromkeys(side.generation_id for side in self.ranking.sides))


class SparedBecause(StrEnum):
    """Why a loser wasn't moved to the trash."""

    FAVORITE = "favorite"
    STORY = "story"


@dataclass(frozen=True, slots=True)
class Spared:
    """A loser that stays, and why."""

    generation_id: str
    because: SparedBecause


@dataclass(frozen=True, slots=True)
class Kept:
    """What keeping a winner has done; ``comparisons.take_back`` undoes it.

    ``winner`` is as it is since. ``favorited`` tells whether it became a favourite by it,
    ``new_default`` is the version that became the default in the place of ``old_default``.
    ``binned`` are the ids of what went to the trash, ``spared`` those that were to go and stay.
    ``kept_before`` is when which place of the comparison had been kept already.
    """

    winner: Generation
    favorited: bool
    new_default: str | None
    old_default: str | None
    binned: tuple[str, ...]
    spared: tuple[Spared, ...]
    preset: Preset | None
    comparison_id: str | None
    kept_before: tuple[datetime | None, int | None] = (None, None)
