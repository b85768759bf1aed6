"""What the library takes of the disk, and what can be done about it.

What does it is imported when asked: no first screen waits.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.times import as_utc, now
from rushes.domain.watch import Watch, unwatched
from rushes.library.filters import Filters
from rushes.library.trash import Trash
from rushes.store import settings
from rushes.store.settings import CLEAN_UP
from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.domain.retention import Cleaned, CleanUpPlan, Policy, SavedPolicy
    from rushes.domain.storage import StorageUse
    from rushes.library.clean_up import CleanUp


class Storage:
    """``library.storage``."""

    def __init__(self, store: Store, root: Path, filters: Filters, trash: Trash) -> None:
        self._store = store
        self._root = root
        self._filters = filters
        self._trash = trash

    def use(self, watch: Watch = unwatched) -> StorageUse:
        """What lies on the disk, by kind, profile, engine and month. Takes 2 s for a million.

        The files' bytes are those that the rows know: verify finds what differs. ``watch`` is told
        of generations, and may call it off.

        Raises:
            LibraryError: the database can't be read.
        """
        from rushes.library.disk_use import disk_use

        return disk_use(self._store, self._root, watch)

    def plan(self, policy: Policy, watch: Watch = unwatched) -> CleanUpPlan:
        """What a clean-up by this policy would do now; nothing is changed.

        Raises:
            BadFilter: the policy's query can't be read.
            LibraryError: the database can't be read.
        """
        return self._plan(policy, now(), watch)

    def clean_up(self, plan: CleanUpPlan | Policy, watch: Watch = unwatched) -> Cleaned:
        """Move what was planned to the trash, and delete for good what lay there long enough.

        What the policy would spare by now stays, a new favourite for one; nothing goes that wasn't
        planned. It takes a commit for every 2,000; between two of them ``watch`` may call it off.
        ``library.trash.restore`` undoes it, given the ids.

        Raises:
            BadFilter: the policy's query can't be read.
            FilesKept: some files can't be removed; all else is done.
            LibraryError: it can't be written; what was moved before lies in the trash.
        """
        from rushes.domain.retention import Policy

        planned = self.plan(plan, watch) if isinstance(plan, Policy) else plan
        return self._clean_up().carry_out(planned, watch)

    def saved_policy(self) -> SavedPolicy | None:
        """The policy that the library keeps, whether it is on, and its last run; None without.

        Raises:
            LibraryError: it can't be read.
        """
        from rushes.library import saved_policy

        return saved_policy.saved(self._store)

    def save_policy(self, policy: Policy) -> SavedPolicy:
        """Keep a policy in place of another. It is off until it is switched on.

        Raises:
            BadFilter: its query can't be read.
            LibraryError: it can't be written.
        """
        from rushes.library import saved_policy

        self._clean_up().filter_of(policy)
        return saved_policy.save(self._store, policy)

    def switch_policy(self, on: bool) -> SavedPolicy:
        """Let the policy that is kept run by itself, or no longer.

        Raises:
            NotFound: none is kept.
            LibraryError: it can't be read or written.
        """
        from rushes.library import saved_policy

        return saved_policy.switch(self._store, on=bool(on))

    def forget_policy(self) -> None:
        """Keep no policy any more.

        Raises:
            NotFound: none was kept.
            LibraryError: it can't be written.
        """
        from rushes.library import saved_policy

        saved_policy.forget(self._store)

    def policy_is_due(self, moment: datetime | None = None) -> bool:
        """Whether the policy that is kept is on and hasn't run for a day. Takes a moment.

        Raises:
            LibraryError: it can't be read.
        """
        if not settings.has(self._store.reader, CLEAN_UP):
            return False
        from rushes.library import saved_policy

        return saved_policy.is_due(self._store, now() if moment is None else as_utc(moment))

    def run_policy_if_due(
        self, moment: datetime | None = None, watch: Watch = unwatched
    ) -> Cleaned | None:
        """Clean up by the policy that is kept, if it is on and hasn't run for a day.

        Gives what it did, None where nothing was due. ``moment`` is now unless it is given.

        Raises:
            RushesError: it can't be done; the policy's last run says why.
        """
        from rushes.library import saved_policy

        at = now() if moment is None else as_utc(moment)
        return saved_policy.run_if_due(
            self._store, at, lambda policy: self.clean_up(self._plan(policy, at, watch), watch)
        )

    def _plan(self, policy: Policy, moment: datetime, watch: Watch) -> CleanUpPlan:
        return self._clean_up().plan(policy, moment, watch)

    def _clean_up(self) -> CleanUp:
        from rushes.library.clean_up import CleanUp

        return CleanUp(self._store, self._filters, self._trash)
