"""What is compared, gathered from the library, and what is decided of it. Run off the loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rushes.domain.ranking import Mode, Side
from rushes.tui.candidates import Candidate
from rushes.tui.undo import Change
from rushes.tui.widgets.blind_pair import Progress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.domain.envelope import Envelope
    from rushes.domain.generation import Generation
    from rushes.domain.ranking import Comparison, Outcome
    from rushes.library import Library


@dataclass(frozen=True, slots=True)
class Gathered:
    """Candidates as they are seen, the best first where a ranking stands; and the ranking, if any.

    ``by_place`` are those that can be heard, by their places in the ranking. ``left_out`` are how
    many have no audio.
    """

    candidates: tuple[Candidate, ...]
    comparison: Comparison | None = None
    by_place: Mapping[int, Candidate] = field(default_factory=dict)
    left_out: int = 0

    @property
    def comparison_id(self) -> str:
        """The id of the ranking; empty where there is none."""
        return self.comparison.id if self.comparison is not None else ""

    @property
    def pair(self) -> tuple[Candidate, ...]:
        """The two that are asked about; nothing where no question is left."""
        asks = self.comparison.ranking.asks if self.comparison is not None else None
        if asks is None:
            return ()
        return self.by_place[asks.one], self.by_place[asks.other]

    @property
    def progress(self) -> Progress:
        """How far the ranking is."""
        if self.comparison is None:
            return Progress(0, 0)
        ranking = self.comparison.ranking
        taken = len(ranking.decisions)
        return Progress(taken, max(0, ranking.standing.most - taken))

    @property
    def are_versions(self) -> bool:
        """Tell whether versions of one take are compared."""
        return any(one.version is not None for one in self.candidates)

    @property
    def words(self) -> str:
        """How many of what are compared: ``3 takes``."""
        return f"{len(self.candidates)} {'versions' if self.are_versions else 'takes'}"


# What is compared

Gather = Callable[["Library"], Gathered]


def of_ids(library: Library, ids: Sequence[str]) -> Gathered:
    """Gather takes by their ids, the newest first."""
    found = sorted(library.generations.of_ids(ids), key=lambda take: take.created_at, reverse=True)
    return _gathered([Candidate(take) for take in found])


def of_words(library: Library, take: Generation) -> Gathered:
    """Gather all takes of the same words."""
    found = library.generations.same_words(take)
    takes = found if any(one.id == take.id for one in found) else (take, *found)
    return _gathered([Candidate(one) for one in takes])


def of_versions(library: Library, take: Generation) -> Gathered:
    """Gather all versions of a take."""
    fresh = library.generations.get(take.id)
    return _gathered([Candidate(fresh, one) for one in library.versions.list(take.id)])


def _gathered(found: Sequence[Candidate]) -> Gathered:
    there = tuple(one for one in found if one.heard.is_playable)
    return Gathered(there, left_out=len(found) - len(there))


def envelope(library: Library, heard: Generation, columns: int) -> Envelope:
    """Give the waveform of what is heard, in so many columns.

    Raises:
        RushesError: it can't be read.
    """
    return library.audio.envelope(heard, columns)


# The ranking


def known(library: Library, gathered: Gathered) -> Gathered:
    """With the newest blind ranking of just these candidates, if there has been one."""
    wanted = {_side(one) for one in gathered.candidates}
    for comparison in library.comparisons.list():
        if comparison.ranking.blind and {*comparison.ranking.sides} == wanted:
            return _ranked(gathered, comparison)
    return gathered


def begin(library: Library, gathered: Gathered) -> Gathered:
    """Begin to rank them blind."""
    sides = [_side(one) for one in gathered.candidates]
    return _ranked(gathered, library.comparisons.begin(sides, blind=True))


def decide(library: Library, gathered: Gathered, outcome: Outcome) -> Gathered:
    """Decide the pair that is asked about."""
    return _ranked(gathered, library.comparisons.decide(gathered.comparison_id, outcome))


def take_back(library: Library, gathered: Gathered) -> Gathered:
    """Take the last decision back."""
    return _ranked(gathered, library.comparisons.undo(gathered.comparison_id))


def give_up(library: Library, gathered: Gathered) -> Gathered:
    """Forget the ranking."""
    library.comparisons.delete(gathered.comparison_id)
    return replace(gathered, comparison=None, by_place={})


def decision_of(gathered: Gathered) -> Change:
    """Give what takes the last decision of a ranking back."""
    identity = gathered.comparison_id
    number = gathered.progress.taken
    return Change(
        f"decision {number} of a comparison is taken back",
        lambda library: library.comparisons.undo(identity),
        identity,
    )


def again(library: Library, gathered: Gathered) -> Gathered:
    """Gather the same anew: as they are now, without those that are gone."""
    ids = [one.generation.id for one in gathered.candidates]
    there = {take.id: take for take in library.generations.of_ids(ids) if take.deleted_at is None}
    versions = {
        version.id: version
        for one in there
        if gathered.are_versions
        for version in library.versions.list(one)
    }
    fresh = tuple(
        replace(
            one,
            generation=there[one.generation.id],
            version=None if one.version is None else versions[one.version.id],
        )
        for one in gathered.candidates
        if one.generation.id in there and (one.version is None or one.version.id in versions)
    )
    now = replace(gathered, candidates=fresh)
    if gathered.comparison is None:
        return now
    return _ranked(now, library.comparisons.get(gathered.comparison_id))


def _side(one: Candidate) -> Side:
    return Side(one.generation.id, None if one.version is None else one.version.id)


def _ranked(gathered: Gathered, comparison: Comparison) -> Gathered:
    """The candidates with their places, and in the order of the ranking where it stands."""
    ranking = comparison.ranking
    at = {side: place for place, side in enumerate(ranking.sides)}
    by_place = {at[_side(one)]: replace(one, rank=0) for one in gathered.candidates}
    ordered: list[Candidate] = []
    if ranking.asks is None:
        for group in ranking.order:
            there = [by_place[place] for place in group if place in by_place]
            told = ranking.mode is Mode.RANKING or not ordered
            rank = len(ordered) + 1 if told else 0
            ordered += [replace(one, rank=rank) for one in there]
    candidates = tuple(ordered) or tuple(replace(one, rank=0) for one in gathered.candidates)
    return replace(gathered, candidates=candidates, comparison=comparison, by_place=by_place)
