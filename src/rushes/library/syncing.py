"""One sync of a linked source: what is new or changed there comes in, what is gone is marked.

Batch by batch, each a commit: a sync that was ended is a shorter one, and the next goes on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from rushes.domain.audio import Fault
from rushes.domain.foreign import ForeignTake, Head
from rushes.domain.source import SourceKind, Synced
from rushes.domain.times import now
from rushes.domain.watch import Watch
from rushes.library.linked import LinkedFiles
from rushes.store import measuring, sources
from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.exchange.history import ForeignHistory

_MARKED = 2_000
"""Generations that are marked as gone in one commit."""

_PAGE = 500


@dataclass(slots=True)
class Sync:
    """The work, with what it has come to so far."""

    store: Store
    source_id: str
    history: ForeignHistory
    watch: Watch

    def run(self, *, again: bool = False) -> Synced:
        """Do it. Nothing is read where nothing has changed since the last one, unless ``again``.

        Raises:
            SourceError: the source can't be read any further.
            LibraryError: it can't be written.
        """
        signature = self.history.signature()
        known = sources.signature_of(self.store.reader, self.source_id)
        self._look_for_missing()
        # A folder doesn't tell of what was written in place.
        tells_all = self.history.kind is not SourceKind.FOLDER
        if tells_all and signature == known and not again:
            self._end(signature)
            return Synced(unchanged=self.history.count())
        profiles = self._profiles()
        done = self._takes(profiles)
        vanished = self._vanished()
        self._stories_and_presets(profiles)
        self._end(signature)
        return _sum(done, Synced(vanished=vanished))

    def _end(self, signature: str) -> None:
        from rushes.store import write_sources

        with self.store.transaction() as session:
            write_sources.end_sync(session, self.source_id, signature, now())

    def _profiles(self) -> dict[str, str]:
        from rushes.store import write_sources

        listed = self.history.profiles()
        with self.store.transaction() as session:
            return write_sources.put_profiles(session, self.source_id, listed)

    def _takes(self, profiles: dict[str, str]) -> Synced:
        total = self.history.count()
        passed, done = 0, Synced()
        for heads in self.history.heads():
            self.watch(passed, total, "linking")
            wanted = self._wanted(heads)
            if wanted:
                done = _sum(done, self._put(self.history.takes(wanted), profiles))
            done = _sum(done, Synced(unchanged=len(heads) - len(wanted)))
            passed += len(heads)
        return done

    def _wanted(self, heads: Sequence[Head]) -> list[str]:
        """Those that aren't here as they are there, nor were purged here."""
        seen = sources.seen(self.store.reader, self.source_id, [head.key for head in heads])
        wanted = []
        for head in heads:
            known = seen.get(head.key)
            if known is None or known.vanished or known.digest not in (head.digest, None):
                wanted.append(head.key)
        return wanted

    def _put(self, takes: Sequence[ForeignTake], profiles: dict[str, str]) -> Synced:
        from rushes.store import write_linked, write_sources

        new_files = self.history.kind is SourceKind.FOLDER
        with self.store.transaction() as session:
            for key in {take.profile_key for take in takes} - profiles.keys():
                profile = self.history.profile_of(key)
                profiles[key] = (
                    write_sources.add_placeholder(session, self.source_id, key)
                    if profile is None
                    else write_sources.add_profile_of(session, self.source_id, profile)
                )
            return write_linked.put_takes(
                session, self.source_id, takes, profiles, new_files=new_files
            )

    def _vanished(self) -> int:
        """Mark what is here and no longer there; gives how many."""
        from rushes.store import write_linked

        count = 0
        here = sources.keys_here(self.store.reader, self.source_id)
        for batch in _batches(missing_from(here, self.history.keys()), _MARKED):
            with self.store.transaction() as session:
                write_linked.mark_vanished(session, self.source_id, batch, now())
            count += len(batch)
        return count

    def _stories_and_presets(self, profiles: dict[str, str]) -> None:
        from rushes.store import write_linked_stories as writing

        listed = self.history.stories()
        with self.store.transaction() as session:
            stories = writing.put_stories(session, self.source_id, listed, now())
        kept: set[str] = set()
        for items in self.history.story_items():
            with self.store.transaction() as session:
                kept |= writing.put_story_items(session, self.source_id, items, stories)
        effects, presets = self.history.effect_presets(), self.history.presets()
        with self.store.transaction() as session:
            there = [stories[story.key] for story in listed]
            writing.drop_other_items(session, there, kept)
            writing.put_effect_presets(session, self.source_id, effects)
            writing.put_presets(session, self.source_id, presets, profiles)

    def _look_for_missing(self) -> None:
        """Take the mark from files that were missing and are there by now."""
        from rushes.store import write_measuring

        files = LinkedFiles(self.store.reader)
        after = 0
        while batch := measuring.at_fault(
            self.store.reader, self.source_id, Fault.MISSING.value, after, _PAGE
        ):
            after = batch[-1].seq
            there = [
                one.seq for one in batch if files.find(one.source_id, one.audio_path) is not None
            ]
            if there:
                with self.store.transaction() as session:
                    write_measuring.clear_faults(session, there)


def missing_from(here: Iterator[str], there: Iterator[str]) -> Iterator[str]:
    """Those of one ordered row of texts that aren't in another; neither is held in memory."""
    other = next(there, None)
    for key in here:
        while other is not None and other < key:
            other = next(there, None)
        if other != key:
            yield key


def _batches(keys: Iterator[str], size: int) -> Iterator[list[str]]:
    batch: list[str] = []
    for key in keys:
        batch.append(key)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _sum(one: Synced, other: Synced) -> Synced:
    return Synced(
        *(getattr(one, field.name) + getattr(other, field.name) for field in fields(Synced))
    )
