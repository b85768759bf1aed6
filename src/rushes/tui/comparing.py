"""What is compared, gathered from the library, and what is decided of it. Run off the loop."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rushes.domain.judging import SparedBecause
from rushes.domain.ranking import Mode, Side
from rushes.tui.candidates import Candidate
from rushes.tui.cells import shorten
from rushes.tui.changes import takes
from rushes.tui.undo import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.domain.envelope import Envelope
    from rushes.domain.generation import Generation, GenerationVersion
    from rushes.domain.judging import Judging, Kept
    from rushes.library import Library

_SHOWN = 40
_SPARED = {SparedBecause.FAVORITE: "a favourite", SparedBecause.STORY: "in a story"}


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
    def are_versions(self) -> bool:
        """Tell whether versions of one take are compared."""
        return any(side.version_id is not None for side in self.sides)

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
        by = f"{taken} decision" if taken == 1 else f"{taken} decisions"
        sure = "" if chance is None else f", {math.floor(100 * chance)} % sure of the first"
        return f"{self.count}, ranked blind by {by}{sure}"

    @property
    def may_be_surer(self) -> bool:
        """Tell whether more decisions could make surer which is the best."""
        return (
            self.stands and self.judging is not None and not self.judging.ranking.standing.is_sure
        )


# What is compared

Gather = Callable[["Library"], Gathered]


def of_ids(library: Library, ids: Sequence[str]) -> Gathered:
    """Gather takes by their ids, the newest first."""
    return _of_takes(library.generations.of_ids(ids))


def of_words(library: Library, take: Generation) -> Gathered:
    """Gather a take and all others of its words, the newest first."""
    return _of_takes(library.comparisons.takes_of(take.id))


def of_versions(library: Library, take: Generation) -> Gathered:
    """Gather all versions of a take."""
    fresh = library.generations.get(take.id)
    return _gathered([Candidate(fresh, one) for one in library.versions.list(take.id)])


def _of_takes(takes: Sequence[Generation]) -> Gathered:
    newest_first = sorted(takes, key=lambda take: (take.created_at, take.seq), reverse=True)
    return _gathered([Candidate(take) for take in newest_first])


def _gathered(found: Sequence[Candidate]) -> Gathered:
    there = tuple(one for one in found if one.heard.is_playable)
    return Gathered(there, tuple(map(_side, there)), left_out=len(found) - len(there))


def envelope(library: Library, heard: Generation, columns: int) -> Envelope:
    """Give the waveform of what is heard, in so many columns.

    Raises:
        RushesError: it can't be read.
    """
    return library.audio.envelope(heard, columns)


# The ranking


def known(library: Library, gathered: Gathered) -> Gathered:
    """With the blind ranking of just these, if there has been one: an open one, or the newest."""
    wanted = {_side(one) for one in gathered.candidates}
    found = [
        one
        for one in library.comparisons.list()
        if one.ranking.blind and {*one.ranking.sides} == wanted
    ]
    chosen = next((one for one in found if one.is_open), found[0] if found else None)
    return gathered if chosen is None else _ranked(gathered, chosen)


def begin(library: Library, gathered: Gathered) -> Gathered:
    """Begin to rank them blind."""
    sides = [_side(one) for one in gathered.candidates]
    return _ranked(gathered, library.comparisons.begin(sides, blind=True))


def decide(library: Library, gathered: Gathered, better: int | None) -> Gathered:
    """Decide the pair that is asked about: its first (0) or second (1) is better, or neither."""
    judging = _judging(gathered)
    asks = judging.ranking.asks
    place = None if better is None or asks is None else (asks.one, asks.other)[better]
    return _ranked(gathered, library.comparisons.decide(judging, place))


def begin_anew(library: Library, gathered: Gathered) -> Gathered:
    """Begin to rank those that are left blind; an earlier ranking of them stays stored."""
    left = tuple(map(_side, gathered.candidates))
    return begin(library, replace(gathered, sides=left, judging=None, by_place={}))


def take_back(library: Library, gathered: Gathered) -> Gathered:
    """Take the last decision back."""
    return _ranked(gathered, library.comparisons.undo(_judging(gathered)))


def make_sure(library: Library, gathered: Gathered, *, on: bool) -> Gathered:
    """Ask on until the winner is as good as certain, or no longer."""
    return _ranked(gathered, library.comparisons.make_sure(_judging(gathered), on))


def give_up(library: Library, gathered: Gathered) -> Gathered:
    """Forget the ranking."""
    library.comparisons.delete(gathered.comparison_id)
    unranked = tuple(replace(one, rank=0) for one in gathered.candidates)
    return replace(gathered, candidates=unranked, judging=None, by_place={})


def decision_of(gathered: Gathered) -> Change:
    """Give what takes the last decision of a ranking back."""
    identity = gathered.comparison_id
    return Change(
        f"decision {gathered.progress.taken} of the comparison",
        lambda library: library.comparisons.undo(identity),
        identity,
    )


# The winner


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be done besides making the winner a favourite; no ``preset`` where it is empty."""

    bin_losers: bool = False
    preset: str = ""


@dataclass(frozen=True, slots=True)
class Keeping:
    """What keeping a winner came to: in a line, and what undoes it."""

    said: str
    change: Change


def keep(
    library: Library, gathered: Gathered, winner: Candidate, wish: Wish
) -> tuple[Keeping, Gathered]:
    """Keep one of them, with what is wished for besides, and gather the rest anew."""
    preset = wish.preset or None
    place = next((at for at, one in gathered.by_place.items() if _side(one) == _side(winner)), None)
    if gathered.judging is not None and place is not None:
        kept = library.comparisons.keep(
            gathered.judging, place, bin_losers=wish.bin_losers, preset_name=preset
        )
    else:
        losers = [_side(one) for one in gathered.candidates if _side(one) != _side(winner)]
        kept = library.comparisons.keep_side(
            _side(winner), losers, bin_losers=wish.bin_losers, preset_name=preset
        )
    said = _kept_in_words(kept, winner)
    change = Change(_undone_in_words(kept), lambda lib: lib.comparisons.take_back(kept))
    return Keeping(said, change), again(library, gathered)


def _undone_in_words(kept: Kept) -> str:
    """Say what came back."""
    parts = ["the winner is no longer kept"]
    if kept.binned:
        parts.append(f"{takes(len(kept.binned))} back from the trash")
    if kept.preset is not None:
        parts.append(f"the preset {shorten(kept.preset.path, _SHOWN)} is gone again")
    return ", ".join(parts)


def _kept_in_words(kept: Kept, winner: Candidate) -> str:
    """Say what was done: ``Kept as a favourite, 3 takes moved to the trash``."""
    parts = []
    if kept.new_default is not None and winner.version is not None:
        parts.append(f"{shorten(winner.version.label, _SHOWN)} is the default now")
    elif winner.version is not None:
        parts.append(f"{shorten(winner.version.label, _SHOWN)} is the default already")
    else:
        parts.append("Kept as a favourite")
    if kept.binned:
        parts.append(f"{takes(len(kept.binned))} moved to the trash")
    if kept.spared:
        reasons = {_SPARED[one.because] for one in kept.spared}
        verb = "stays" if len(kept.spared) == 1 else "stay"
        parts.append(f"{len(kept.spared)} {verb} ({' or '.join(sorted(reasons))})")
    if kept.preset is not None:
        parts.append(f"saved as the preset {shorten(kept.preset.path, _SHOWN)}")
    return ", ".join(parts)


# What has changed


def again(library: Library, gathered: Gathered) -> Gathered:
    """Gather the same anew: as they are now, without those that are gone."""
    ids = list(dict.fromkeys(side.generation_id for side in gathered.sides))
    takes = {take.id: take for take in library.generations.of_ids(ids) if take.deleted_at is None}
    versions: dict[str, GenerationVersion] = {}
    if gathered.are_versions:
        versions = {version.id: version for one in takes for version in library.versions.list(one)}
    there = [
        Candidate(takes[side.generation_id], versions.get(side.version_id or ""))
        for side in gathered.sides
        if side.generation_id in takes and (side.version_id is None or side.version_id in versions)
    ]
    now = replace(gathered, candidates=tuple(there))
    if gathered.judging is None:
        return now
    return _ranked(now, library.comparisons.get(gathered.comparison_id))


def _judging(gathered: Gathered) -> Judging:
    assert gathered.judging is not None
    return gathered.judging


def _side(one: Candidate) -> Side:
    return Side(one.generation.id, None if one.version is None else one.version.id)


def _ranked(gathered: Gathered, judging: Judging) -> Gathered:
    """The candidates with their places, and in the order of the ranking where it stands."""
    ranking = judging.ranking
    at = {side: place for place, side in enumerate(ranking.sides)}
    by_place = {at[_side(one)]: replace(one, rank=0) for one in gathered.candidates}
    ordered: list[Candidate] = []
    for group in () if judging.is_open else ranking.order:
        there = [by_place[place] for place in group if place in by_place]
        # Of those that only didn't win, nobody knows which is better.
        rank = len(ordered) + 1 if ranking.mode is Mode.RANKING or not ordered else 0
        ordered += [replace(one, rank=rank) for one in there]
    candidates = tuple(ordered) or tuple(by_place.values())
    return replace(gathered, candidates=candidates, judging=judging, by_place=by_place)
