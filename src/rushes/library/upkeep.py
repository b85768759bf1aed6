"""What is to be done to a library now and then: copies, compacting the journal, clean-up."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from rushes.domain.watch import Watch, unwatched
from rushes.errors import Interrupted, RushesError
from rushes.store.store import Store

if TYPE_CHECKING:
    from logging import Logger

    from rushes.library.storage import Storage
    from rushes.store.copies import FreeRoom


class Job(Protocol):
    """Something that is due at times."""

    @property
    def name(self) -> str:
        """What it does, for the log."""

    def is_due(self) -> bool:
        """Whether there is something to be done; to be told in a moment."""

    def run(self, watch: Watch) -> bool:
        """Do it; whether anything was done."""


class DailyCopy:
    """A copy of the database a day, three kept, while twice the room is free."""

    name = "the daily copy"

    def __init__(self, store: Store, room: FreeRoom | None = None) -> None:
        self._store = store
        self._room = room

    def is_due(self) -> bool:
        """Whether something was written since the last day's."""
        from rushes.store import copies

        return copies.copy_due(self._store.database.folder)

    def run(self, watch: Watch) -> bool:
        """Make it, where there is room for it."""
        from rushes.store import copies

        watch(0, 1, "copying the database")
        return copies.make_copy(self._store.database, self._room or copies.free_room)


class Compaction:
    """Writing the journal anew when half of it is void."""

    name = "compacting the journal"

    def __init__(self, store: Store) -> None:
        self._store = store

    def is_due(self) -> bool:
        """Whether it is twice as long as it need be."""
        from rushes.store.journal import compaction

        return compaction.is_due(self._store.reader)

    def run(self, watch: Watch) -> bool:
        """Write it anew beside the old one, while others go on writing."""
        from rushes.store.journal import compaction

        store = self._store
        return compaction.compact(store.database.folder, store.reader, store.transaction, watch)


class CleanUpByPolicy:
    """Cleaning up by the policy that the library keeps, a day after the last time, if it is on."""

    name = "cleaning up by the saved policy"

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def is_due(self) -> bool:
        """Whether it is on and didn't run within a day."""
        return self._storage.policy_is_due()

    def run(self, watch: Watch) -> bool:
        """Move what the policy says to the trash."""
        done = self._storage.run_policy_if_due(watch=watch)
        return done is not None and bool(done.ids or done.purged)


class Upkeep:
    """``library.upkeep``: jobs that nobody has to think of; what fails is logged, never raised."""

    def __init__(self, store: Store, *more: Job) -> None:
        self._store = store
        self.jobs: tuple[Job, ...] = (DailyCopy(store), Compaction(store), *more)

    def due(self) -> bool:
        """Whether any of them has something to do. A few looks at files and one at the database."""
        return self._may_run() and any(self._is_due(job) for job in self.jobs)

    def run(self, watch: Watch = unwatched) -> tuple[str, ...]:
        """Do what is due; gives the names of what was done. ``watch`` may end it early."""
        if not self._may_run() or self._is_behind():
            return ()
        return tuple(job.name for job in self.jobs if self._is_due(job) and self._done(job, watch))

    def _may_run(self) -> bool:
        # A copy of a broken database would drive out a whole one.
        return self._store.database.writable and self._store.database.damage is None

    def _is_behind(self) -> bool:
        """Whether the database is an older copy, which any commit would part from its journal."""
        from rushes.store.journal.checking import is_behind

        try:
            return is_behind(self._store.reader, self._store.database)
        except RushesError as error:
            self._log().warning("upkeep: %s", error)
            return True

    def _is_due(self, job: Job) -> bool:
        return self._guarded(job, job.is_due)

    def _done(self, job: Job, watch: Watch) -> bool:
        return self._guarded(job, lambda: job.run(watch))

    def _guarded(self, job: Job, step: Callable[[], bool]) -> bool:
        try:
            return step()
        except Interrupted:
            return False
        except RushesError as error:
            self._log().warning("%s: %s", job.name, error)
        except Exception:  # noqa: BLE001  # upkeep must not fail what it comes after
            self._log().exception("%s", job.name)
        return False

    @staticmethod
    def _log() -> Logger:
        from rushes.logs import logger

        return logger(__name__)
