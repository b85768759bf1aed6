"""Comparisons of takes: begun, decided two at a time, taken up again, and their winner kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rushes.domain import limits
from rushes.domain.decision import Decision, Outcome
from rushes.domain.generation import Generation
from rushes.domain.ids import SHORT, new_id
from rushes.domain.judging import Judging, Kept, SideState
from rushes.domain.picking import pick_version
from rushes.domain.ranking import Mode, Side, begun
from rushes.domain.times import now
from rushes.errors import BadInput, Conflict
from rushes.library.generations import Generations
from rushes.library.versions import Versions
from rushes.store import comparisons, history
from rushes.store.store import Store


class Comparisons:
    """``library.comparisons``. A comparison is named by its id, the id's beginning, or as it is.

    Every decision is stored at once: whoever comes back goes on where they were. A side that is
    deleted meanwhile drops out, and the order of the others stays; restored it is there again.
    Comparisons aren't in archives: what they say is of takes that would have other ids elsewhere.
    """

    def __init__(self, store: Store, generations: Generations, versions: Versions) -> None:
        self._store = store
        self._generations = generations
        self._versions = versions

    def begin(
        self,
        sides: Sequence[Side | str],
        *,
        blind: bool = False,
        seed: int | None = None,
        mode: Mode | None = None,
        makes_sure: bool = False,
    ) -> Judging:
        """Begin a comparison of generations (ids or their beginnings), or of versions of them.

        Blind ones stand in an order of their own, which ``seed`` settles; it is drawn unless given.
        ``mode`` is as for ``domain.ranking.begun``; ``makes_sure`` as for ``make_sure``.

        Raises:
            NotFound, Ambiguous: a side can't be found.
            BadInput: there are fewer than two, too many, or one comes twice.
            Conflict: a side has no audio, or lies in the trash.
            LibraryError: it can't be written.
        """
        meant = [self._side(Side(side) if isinstance(side, str) else side) for side in sides]
        if seed is None:
            from secrets import randbits

            seed = randbits(62)
        ranking = begun(meant, blind=bool(blind), seed=seed, mode=mode)
        judging = Judging(
            id=new_id(),
            ranking=replace(ranking, makes_sure=bool(makes_sure)),
            states=(SideState.HERE,) * len(meant),
            created_at=now(),
        )
        self.restore(judging)
        return judging

    def get(self, comparison: str) -> Judging:
        """The comparison of that id, or the one whose id begins so, as it is now.

        Raises:
            BadInput: the beginning is shorter than 4 characters.
            NotFound: there is none.
            Ambiguous: there are several.
        """
        return comparisons.find(self._store.reader, comparison)

    def list(self, limit: int = 100, offset: int = 0) -> tuple[Judging, ...]:
        """Some comparisons, the newest first; ``Judging.is_open`` are those that can go on.

        Raises:
            LibraryError: the database can't be read.
        """
        return comparisons.listed(self._store.reader, limit, offset)

    def count(self) -> int:
        """How many comparisons there are."""
        return comparisons.count(self._store.reader)

    def decide(self, comparison: Judging | str, winner: int | None) -> Judging:
        """Decide the pair that it asks for: the better place, or None where nobody can tell.

        Raises:
            NotFound: there is no such comparison.
            BadInput: nothing is left to decide, or the place isn't of that pair.
            Conflict: somebody else has decided or taken back meanwhile.
            LibraryError: it can't be written.
        """
        judging = self._meant(comparison)
        asks = judging.ranking.asks
        if asks is None:
            raise BadInput("nothing is left to decide")
        outcomes = {None: Outcome.EQUAL, asks.one: Outcome.ONE, asks.other: Outcome.OTHER}
        if winner not in outcomes:
            raise BadInput(
                f"the place {winner} isn't asked about", "", f"Name {asks.one} or {asks.other}."
            )
        decision = Decision(asks.one, asks.other, outcomes[winner])
        with self._store.transaction() as session:
            from rushes.store import write_comparisons

            made = len(judging.ranking.decisions)
            write_comparisons.add_decision(session, judging.id, made, decision, now())
        return self.get(judging.id)

    def undo(self, comparison: Judging | str) -> Judging:
        """Take the last decision back; as often as there is one.

        Raises:
            NotFound: there is no such comparison.
            BadInput: no decision is left.
            Conflict: somebody else has decided or taken back meanwhile.
            LibraryError: it can't be written.
        """
        judging = self._meant(comparison)
        judging.ranking.undone()
        with self._store.transaction() as session:
            from rushes.store import write_comparisons

            made = len(judging.ranking.decisions)
            write_comparisons.drop_decision(session, judging.id, made)
        return self.get(judging.id)

    def make_sure(self, comparison: Judging | str, on: bool = True) -> Judging:
        """Ask on, once the order stands, until the winner is as good as certain; or no longer.

        It takes ``domain.ranking.MOST_CHECKS`` decisions more at most.

        Raises:
            NotFound: there is no such comparison.
            LibraryError: it can't be written.
        """
        judging = self._meant(comparison)
        with self._store.transaction() as session:
            from rushes.store import write_comparisons

            write_comparisons.set_makes_sure(session, judging.id, on=bool(on))
        return self.get(judging.id)

    def delete(self, comparison: Judging | str) -> Judging:
        """Forget a comparison; gives it, for ``restore``. Its takes are not touched.

        Raises:
            NotFound: there is no such comparison.
            LibraryError: it can't be written.
        """
        judging = self.get(comparison if isinstance(comparison, str) else comparison.id)
        with self._store.transaction() as session:
            from rushes.store import write_comparisons

            write_comparisons.delete_comparison(session, judging.id)
        return judging

    def restore(self, judging: Judging) -> None:
        """Bring back what ``delete`` took, with its decisions, which lose their own times.

        Raises:
            Conflict: it is there already.
            LibraryError: it can't be written.
        """
        with self._store.transaction() as session:
            from rushes.store import write_comparisons

            write_comparisons.put_comparison(session, judging)

    def takes_of(self, generation_id: str) -> tuple[Generation, ...]:
        """Every take of a generation's profile and words that can be heard, the newest first.

        Those outside the trash, the generation itself among them; ``limits.MOST_SIDES`` at most.

        Raises:
            NotFound: there is no such generation.
            Ambiguous: the prefix fits several.
        """
        meant = history.find(self._store.reader, generation_id)
        others = self._generations.same_words(meant, limits.MOST_SIDES - 1)
        takes = sorted((meant, *others), key=lambda one: (one.created_at, one.seq), reverse=True)
        return tuple(one for one in takes if one.is_playable)

    def keep(
        self,
        comparison: Judging | str,
        winner: int | None = None,
        *,
        bin_losers: bool = False,
        preset_name: str | None = None,
    ) -> Kept:
        """Keep the winner of a comparison, or another of its places, as ``keep_side`` does.

        What is equal to it is no loser, and the comparison is settled by it.

        Raises:
            NotFound: there is no such comparison.
            BadInput: it has no winner yet, or no such place.
            RushesError: what ``keep_side`` raises.
        """
        judging = self._meant(comparison)
        ranking = judging.ranking
        place = ranking.winner if winner is None else winner
        if place is None:
            raise BadInput("nothing has won yet", "", "Decide on, or name the one to be kept.")
        if not 0 <= place < len(ranking.sides):
            raise BadInput(f"the comparison has no place {place}")
        equal = next((group for group in ranking.order if place in group), (place,))
        losers = [side for at, side in enumerate(ranking.sides) if at not in equal]
        from rushes.library import keeping

        return keeping.keep(
            self._store,
            ranking.sides[place],
            losers,
            bin_losers=bool(bin_losers),
            preset_name=preset_name,
            settles=(judging.id, place),
        )

    def keep_side(
        self,
        winner: Side,
        losers: Sequence[Side] = (),
        *,
        bin_losers: bool = False,
        preset_name: str | None = None,
    ) -> Kept:
        """Keep one of several, all in one commit or nothing.

        A version becomes its generation's default; a generation becomes a favourite, and so does
        a version's where it won over other generations. ``bin_losers`` moves losing generations to
        the trash, but no favourites and nothing that a story uses: those stay, and are told.
        Losing versions stay. ``preset_name`` (``folder/name``, or the name) saves what the winner
        was made with.

        Raises:
            NotFound: the winner is gone.
            Conflict: the winner lies in the trash, its version is a linked source's, or a preset
                of that name is there.
            BadInput: the preset's name can't be one.
            LibraryError: it can't be written.
        """
        from rushes.library import keeping

        return keeping.keep(
            self._store,
            self._side(winner),
            losers,
            bin_losers=bool(bin_losers),
            preset_name=preset_name,
        )

    def take_back(self, kept: Kept) -> None:
        """Undo what keeping has done, in one commit; what is gone for good by now is passed over.

        Raises:
            LibraryError: it can't be written.
        """
        from rushes.library import keeping

        keeping.take_back(self._store, kept)

    def _meant(self, comparison: Judging | str) -> Judging:
        return self.get(comparison) if isinstance(comparison, str) else comparison

    def _side(self, side: Side) -> Side:
        """The side by whole ids, if it can be heard."""
        generation = history.find(self._store.reader, side.generation_id)
        if generation.deleted_at is not None:
            raise Conflict(f"the take {generation.id[:SHORT]} lies in the trash", "", "Restore it.")
        if not generation.is_playable:
            raise Conflict(f"the take {generation.id[:SHORT]} has no audio to compare")
        if side.version_id is None:
            return Side(generation.id)
        return Side(
            generation.id, pick_version(self._versions.list(generation.id), side.version_id).id
        )
