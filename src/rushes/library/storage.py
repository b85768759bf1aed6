"""What the library takes of the disk, and what can be done about it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.retention import Policy
from rushes.domain.times import now
from rushes.domain.watch import Watch, unwatched
from rushes.library.filters import Filters
from rushes.library.trash import Trash
from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.domain.retention import Cleaned, CleanUpPlan
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
        return self._clean_up().plan(policy, now(), watch)

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
        planned = self.plan(plan, watch) if isinstance(plan, Policy) else plan
        return self._clean_up().carry_out(planned, watch)

    def _clean_up(self) -> CleanUp:
        from rushes.library.clean_up import CleanUp

        return CleanUp(self._store, self._filters, self._trash)
