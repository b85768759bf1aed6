"""The trash: what was deleted and can come back, until it is purged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rushes.domain.query import HistoryQuery, Page
from rushes.domain.times import now
from rushes.errors import FilesKept, RushesError
from rushes.library import checks
from rushes.library.audio import Audio
from rushes.store import history, trash
from rushes.store.store import Store

_BATCH = 500


class Trash:
    """``library.trash``."""

    def __init__(self, store: Store, audio: Audio) -> None:
        self._store = store
        self._audio = audio

    def list(self, query: HistoryQuery | None = None) -> Page:
        """A page of the trash, with the total.

        Raises:
            BadInput: the page can't be meant.
        """
        asked = HistoryQuery() if query is None else query
        return history.page(self._store.reader, replace(asked, trashed=True))

    def count(self) -> int:
        """How many generations lie in the trash."""
        return trash.count(self._store.reader)

    def restore(self, ids: Sequence[str] | str) -> tuple[str, ...]:
        """Bring these back, with their profiles, in one commit; gives those that were here.

        Raises:
            NotFound: one or more are unknown; nothing has changed.
            LibraryError: it can't be written.
        """
        from rushes.store import write_trash

        wanted = checks.ids(ids)
        with self._store.transaction() as session:
            return write_trash.from_trash(session, wanted, now())

    def purge(self, ids: Sequence[str] | str) -> int:
        """Delete these for good, with their own files, wherever they are; gives how many.

        Files of linked sources stay; what was linked doesn't come back when they are synced.

        Raises:
            NotFound: one or more are unknown; nothing has changed.
            FilesKept: some files can't be removed; the others are purged.
            LibraryError: it can't be written.
        """
        from rushes.store import write_trash

        wanted = checks.ids(ids)
        with self._store.transaction() as session:
            write_trash.begin_purge(session, wanted, now())
        self.finish_purges()
        return len(wanted)

    def empty(self) -> int:
        """Delete everything in the trash for good; gives how many.

        Raises:
            FilesKept: some files can't be removed; the rest is purged.
            LibraryError: it can't be written.
        """
        from rushes.store import write_trash

        with self._store.transaction() as session:
            count = write_trash.begin_purge_of_trash(session)
        self.finish_purges()
        return count

    def finish_purges(self) -> None:
        """End what a purge began: files first, then rows, so that a crash leaves no stray file.

        A generation with a file that can't be removed stays as it is, neither here nor there, and
        doesn't keep the others from going.

        Raises:
            FilesKept: some files can't be removed.
            LibraryError: it can't be written.
        """
        if not trash.any_leaving(self._store.reader):
            return
        from rushes.store import write_trash

        after, kept, errors = "", list[str](), list[RushesError]()
        while leaving := trash.leaving(self._store.reader, after, _BATCH):
            after = leaving[-1].id
            gone = []
            for generation in leaving:
                try:
                    for stored in generation.owned_files:
                        self._audio.unlink(stored)
                    gone.append(generation.id)
                except RushesError as error:
                    kept.append(generation.id)
                    errors.append(error)
            with self._store.transaction() as session:
                write_trash.end_purge(session, gone, now())
        with self._store.transaction() as session:
            write_trash.drop_empty_profiles(session)
        if errors:
            raise FilesKept.of(errors, tuple(kept))
