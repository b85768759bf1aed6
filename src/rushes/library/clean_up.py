"""Clean-up: planned in short readings, done in short commits, undone by restoring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from rushes.domain.filters import EVERYTHING, Filter, Words
from rushes.domain.retention import Cleaned, CleanUpPlan, Offered, Part, Policy, Reason, going
from rushes.domain.storage import Portion
from rushes.domain.text import one_line
from rushes.domain.times import now
from rushes.domain.watch import Watch
from rushes.errors import BadFilter, FilesKept, Interrupted
from rushes.library.filters import Filters
from rushes.library.trash import Trash
from rushes.store import clean_up, storage, trash
from rushes.store.clean_up import Choice
from rushes.store.reader import Reader
from rushes.store.store import Store
from rushes.store.where import Condition

if TYPE_CHECKING:
    from sqlmodel import Session

_AT_ONCE = 2_000
"""Generations in one commit: who writes beside it waits for half a second."""

_Going = Iterator[tuple[Offered, tuple[Reason, ...]]]


class CleanUp:
    """Makes plans for one library and carries them out."""

    def __init__(self, store: Store, filters: Filters, trash: Trash) -> None:
        self._store = store
        self._filters = filters
        self._trash = trash

    def plan(self, policy: Policy, moment: datetime, watch: Watch) -> CleanUpPlan:
        """What the policy would do at that moment. Who writes meanwhile needn't wait.

        Raises:
            BadFilter: its query can't be read.
            LibraryError: the database can't be read.
        """
        choice = self._choice(policy, moment)
        reader = self._store.reader
        with reader.snapshot() as snapshot:
            held = storage.outside_trash(snapshot)
            names = storage.profile_names(snapshot)
        parts, profiles = _sorted_out(_going(reader, choice, held.bytes), held.generations, watch)
        rest = held.bytes - sum(part.bytes for part in parts)
        return CleanUpPlan(
            policy=policy,
            made_at=moment,
            parts=parts,
            profiles=_named(names, profiles),
            purged=_purged(reader, choice, watch),
            still_over=0 if policy.max_bytes is None else max(0, rest - policy.max_bytes),
        )

    def carry_out(self, plan: CleanUpPlan, watch: Watch) -> Cleaned:
        """Do what was planned, but for what the policy would spare by now.

        Raises:
            BadFilter: the policy's query can't be read.
            FilesKept: some files can't be removed; all else is done.
            LibraryError: it can't be written; what was moved before lies in the trash.
        """
        choice = self._choice(plan.policy, plan.made_at)
        total = plan.count + len(plan.purged.ids)
        moved, purged = dict[str, int](), dict[str, int]()
        kept: FilesKept | None = None
        # Called off between two commits: what is done is told all the same, to be undone.
        with suppress(Interrupted):
            for ids in _pieces(plan.ids):
                watch(len(moved), total, "moving to the trash")
                moved |= self._move(ids, choice.to_trash)
            for ids in _pieces(plan.purged.ids):
                watch(len(moved) + len(purged), total, "deleting for good")
                try:
                    self._purge(ids, choice.for_good, purged)
                except FilesKept as error:
                    kept = error
        if kept is not None:
            raise kept
        return Cleaned(
            ids=tuple(moved),
            bytes=sum(moved.values()),
            purged=tuple(purged),
            freed=sum(purged.values()),
            left=total - len(moved) - len(purged),
        )

    def _move(self, ids: Sequence[str], condition: Condition) -> dict[str, int]:
        from rushes.store import write_clean_up, write_trash

        with self._store.transaction() as session:
            found = write_clean_up.still(session, ids, condition)
            write_trash.to_trash(session, tuple(found), now())
        return found

    def _purge(self, ids: Sequence[str], condition: Condition, purged: dict[str, int]) -> None:
        from rushes.store import write_clean_up, write_trash

        def begin(session: Session, some: Sequence[str]) -> None:
            found = write_clean_up.still(session, some, condition)
            write_trash.begin_purge(session, tuple(found), now())
            purged.update(found)

        self._trash.purge_by(ids, begin)

    def filter_of(self, policy: Policy) -> Filter:
        """The policy's query, read.

        Raises:
            BadFilter: it can't be read, or names a saved filter that isn't there.
        """
        if policy.query is None:
            return EVERYTHING
        read = self._filters.parse(policy.query)
        # Elsewhere such a word is looked for as it is. Here somebody's filter was taken away.
        for term in read.terms:
            if isinstance(term, Words) and term.folded.startswith("@"):
                raise BadFilter(
                    f"there is no saved filter “{one_line(term.folded)}”",
                    0,
                    "",
                    "See `rushes filters list`.",
                )
        return read

    def _choice(self, policy: Policy, moment: datetime) -> Choice:
        return clean_up.choice(policy, self.filter_of(policy), moment)


@dataclass(slots=True)
class _Pile:
    """Generations while they are put together."""

    ids: list[str] = field(default_factory=list)
    bytes: int = 0

    def put(self, take: Offered) -> None:
        self.ids.append(take.id)
        self.bytes += take.bytes

    def part(self, reasons: tuple[Reason, ...]) -> Part:
        return Part(reasons, tuple(self.ids), self.bytes)


def _going(reader: Reader, choice: Choice, held: int) -> _Going:
    keep = choice.policy.keep_per_profile
    return going(
        choice.policy,
        held,
        oldest_first=clean_up.oldest_first(reader, choice.to_trash),
        surplus=() if keep is None else clean_up.surplus(reader, choice.to_trash, keep),
    )


def _sorted_out(
    chosen: _Going, total: int, watch: Watch
) -> tuple[tuple[Part, ...], dict[str, _Pile]]:
    """What goes by its reasons, and by its profile."""
    by_reasons: dict[tuple[Reason, ...], _Pile] = {}
    by_profile: dict[str, _Pile] = {}
    for count, (take, reasons) in enumerate(chosen):
        if not count % _AT_ONCE:
            watch(count, total, "looking for what may go")
        by_reasons.setdefault(reasons, _Pile()).put(take)
        by_profile.setdefault(take.profile_id, _Pile()).put(take)
    return tuple(pile.part(reasons) for reasons, pile in by_reasons.items()), by_profile


def _purged(reader: Reader, choice: Choice, watch: Watch) -> Part:
    pile = _Pile()
    if choice.policy.trash_days is not None:
        total = trash.count(reader)
        for count, take in enumerate(clean_up.in_trash(reader, choice.for_good)):
            if not count % _AT_ONCE:
                watch(count, total, "looking through the trash")
            pile.put(take)
    return pile.part((Reason.TRASH,))


def _named(names: dict[str, str], profiles: dict[str, _Pile]) -> tuple[Portion, ...]:
    portions = (
        Portion(key, names.get(key, ""), len(pile.ids), pile.bytes)
        for key, pile in profiles.items()
    )
    return tuple(sorted(portions, key=lambda portion: (-portion.bytes, portion.label, portion.key)))


def _pieces(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))
