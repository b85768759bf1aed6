"""What is compared, as a value: the candidates, their ranking, and how far that is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rushes.tui.candidates import Candidate, Common, common

if TYPE_CHECKING:
    from rushes.domain.judging import Judging
    from rushes.domain.ranking import Side


@dataclass(frozen=True, slots=True)
class Progress:
    """How many decisions have been taken, and how many there still are at most."""

    taken: int
    left: int

    @property
    def words(self) -> str:
        """In words: ``3 decisions taken, at most 6 left``."""
        taken = (
            f"{self.taken} decision taken" if self.taken == 1 else f"{self.taken} decisions taken"
        )
        return f"{taken}, at most {self.left} left"


@dataclass(frozen=True, slots=True)
class Gathered:
    """Candidates as they are seen, the best first where a ranking stands; and the ranking, if any.

    ``sides`` are all of them in the order of their making, also what was moved to the trash since.
    ``by_place`` are those that can be heard, by their places in the ranking. ``left_out`` is how
    many have no audio.
    """

    candidates: tuple[Candidate, ...]
    sides: tuple[Side, ...] = ()
    judging: Judging | None = None
    by_place: Mapping[int, Candidate] = field(default_factory=dict)
    left_out: int = 0

    @property
    def comparison_id(self) -> str:
        """The id of the ranking; empty where there is none."""
        return self.judging.id if self.judging is not None else ""

    @property
    def pair(self) -> tuple[Candidate, ...]:
        """The two that are asked about; nothing where no question is left."""
        if self.judging is None or not self.judging.is_open:
            return ()
        asks = self.judging.ranking.asks
        places = () if asks is None else (asks.one, asks.other)
        return tuple(self.by_place[place] for place in places)

    @property
    def progress(self) -> Progress:
        """How far the ranking is."""
        if self.judging is None:
            return Progress(0, 0)
        ranking = self.judging.ranking
        taken = len(ranking.decisions)
        return Progress(taken, max(0, ranking.standing.most - taken))

    @property
    def stands(self) -> bool:
        """Tell whether there is an order."""
        return self.judging is not None and self.judging.ranking.stands

    @property
    def is_kept(self) -> bool:
        """Tell whether the ranking was settled by keeping one of them."""
        return self.judging is not None and self.judging.kept_at is not None

    def losers(self, winner: Candidate) -> tuple[Candidate, ...]:
        """Give all that the winner has left behind: not what shares its place in a ranking."""
        return tuple(
            one
            for one in self.candidates
            if one.side != winner.side and (not winner.rank or one.rank != winner.rank)
        )

    def asks_the_same(self, now: Gathered, winner: Candidate) -> bool:
        """Tell whether keeping the winner still means the same, by what is seen now."""
        mine, theirs = ([one.side for one in seen.candidates] for seen in (self, now))
        same = next((one for one in now.candidates if one.side == winner.side), None)
        return (
            same is not None
            and mine == theirs
            and [one.side for one in self.losers(winner)] == [one.side for one in now.losers(same)]
        )

    @property
    def are_versions(self) -> bool:
        """Tell whether versions of one take are compared."""
        return any(side.version_id is not None for side in self.sides)

    @property
    def state(self) -> str:
        """How far the ranking is, in few words."""
        if self.judging is None:
            return "not ranked"
        if self.judging.is_open:
            taken, left = self.progress.taken, self.progress.left
            return f"{taken} of at most {taken + left}"
        return "kept" if self.judging.kept_at is not None else "ranked"

    @property
    def common(self) -> Common:
        """What all of them have in common."""
        return common(self.candidates)

    @property
    def count(self) -> str:
        """How many of what are compared: ``3 takes``."""
        one, several = ("version", "versions") if self.are_versions else ("take", "takes")
        return f"{len(self.candidates)} {one if len(self.candidates) == 1 else several}"

    @property
    def words(self) -> str:
        """How many, and how they came into this order where it is a ranking's."""
        if self.judging is None or not self.stands or self.judging.is_open:
            return self.count
        taken, chance = self.progress.taken, self.judging.ranking.standing.chance
        by = f"{taken} blind decision" if taken == 1 else f"{taken} blind decisions"
        sure = "" if chance is None else f", {math.floor(100 * chance)} % sure of the first"
        return f"{self.count}, {by}{sure}"

    @property
    def may_be_surer(self) -> bool:
        """Tell whether more decisions could make surer which is the best."""
        return (
            self.stands and self.judging is not None and not self.judging.ranking.standing.is_sure
        )
