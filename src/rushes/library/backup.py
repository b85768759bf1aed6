"""Backups of a library: the door to them, which opens quickly."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.watch import Watch, unwatched
from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.domain.backup import Backup


class Backups:
    """``library.backups``."""

    def __init__(self, store: Store, root: Path) -> None:
        self._store = store
        self._root = root

    def make(self, target: Path, watch: Watch = unwatched) -> Backup:
        """Bring the backup in the folder ``target`` up to date, or make it.

        Files of linked sources aren't part of it. What the backup held beyond the library is set
        aside in its ``lost+found/``; so is the database before, of which three are kept.

        Raises:
            BadInput: the folder lies within the library, or the library within it.
            Conflict: the folder holds something else.
            DiskFull, LibraryReadOnly, LibraryError: it can't be written; what was there stays.
            Interrupted: ``watch`` called it off; the next one goes on from there.
        """
        from rushes.library.backing_up import BackingUp

        return BackingUp(self._store, self._root).make(target, watch)
