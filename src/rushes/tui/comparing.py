"""What is compared, gathered from the library, and what is decided of it. Run off the loop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from rushes.domain.ranking import Mode
from rushes.tui.candidates import Candidate
from rushes.tui.gathered import Gathered
from rushes.tui.undo import Change

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.domain.envelope import Envelope
    from rushes.domain.generation import Generation, GenerationVersion
    from rushes.domain.judging import Judging
    from rushes.library import Library


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
    return Gathered(there, tuple(one.side for one in there), left_out=len(found) - len(there))


def envelope(library: Library, heard: Generation, columns: int) -> Envelope:
    """Give the waveform of what is heard, in so many columns.

    Raises:
        RushesError: it can't be read.
    """
    return library.audio.envelope(heard, columns)


# The ranking


def known(library: Library, gathered: Gathered) -> Gathered:
    """With the blind ranking of just these, if there has been one: an open one, or the newest."""
    wanted = {one.side for one in gathered.candidates}
    found = [
        one
        for one in library.comparisons.list()
        if one.ranking.blind and {*one.ranking.sides} == wanted
    ]
    chosen = next((one for one in found if one.is_open), found[0] if found else None)
    return gathered if chosen is None else _ranked(gathered, chosen)


def stored(library: Library, most: int) -> tuple[Gathered, ...]:
    """Give the comparisons that were ranked, or begun to be, the newest first."""
    found = library.comparisons.list(most)
    return tuple(
        again(library, Gathered((), one.ranking.sides, one)) for one in found if one.ranking.blind
    )


def begin(library: Library, gathered: Gathered) -> Gathered:
    """Begin to rank them blind."""
    sides = [one.side for one in gathered.candidates]
    return _ranked(gathered, library.comparisons.begin(sides, blind=True))


def decide(library: Library, gathered: Gathered, better: int | None) -> Gathered:
    """Decide the pair that is asked about: its first (0) or second (1) is better, or neither."""
    judging = _judging(gathered)
    asks = judging.ranking.asks
    place = None if better is None or asks is None else (asks.one, asks.other)[better]
    return _ranked(gathered, library.comparisons.decide(judging, place))


def begin_anew(library: Library, gathered: Gathered) -> Gathered:
    """Begin to rank those that are left blind; an earlier ranking of them stays stored."""
    left = tuple(one.side for one in gathered.candidates)
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


def _ranked(gathered: Gathered, judging: Judging) -> Gathered:
    """The candidates with their places, and in the order of the ranking where it stands."""
    ranking = judging.ranking
    at = {side: place for place, side in enumerate(ranking.sides)}
    by_place = {at[one.side]: replace(one, rank=0) for one in gathered.candidates}
    came_back = frozenset(ranking.here) - by_place.keys()
    if came_back:
        # Since these were gathered; the next look gathers it too, and until then nobody is asked.
        ranking = replace(ranking, gone=ranking.gone | came_back)
        judging = replace(judging, ranking=ranking)
    ordered: list[Candidate] = []
    for group in () if judging.is_open else ranking.order:
        there = [by_place[place] for place in group if place in by_place]
        # Of those that only didn't win, nobody knows which is better.
        rank = len(ordered) + 1 if ranking.mode is Mode.RANKING or not ordered else 0
        ordered += [replace(one, rank=rank) for one in there]
    candidates = tuple(ordered) or tuple(by_place.values())
    return replace(gathered, candidates=candidates, judging=judging, by_place=by_place)
