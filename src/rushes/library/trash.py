"""The trash: what was deleted and can come back, until it is purged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rushes.domain.query import HistoryQuery, Page
from rushes.domain.times import now
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
            LibraryError: it can't be written.
        """
        from rushes.store import write_trash

        with self._store.transaction() as session:
            count = write_trash.begin_purge_of_trash(session)
        self.finish_purges()
        return count

    def finish_purges(self) -> None:
        """End what a purge began: files first, then rows, so that a crash leaves no stray file.

        Raises:
            LibraryError: it can't be written.
        """
        if not trash.any_leaving(self._store.reader):
            return
        from rushes.store import write_trash

        while leaving := trash.leaving(self._store.reader, _BATCH):
            for generation in leaving:
                for stored in generation.owned_files:
                    self._audio.unlink(stored)
            gone = [generation.id for generation in leaving]
            with self._store.transaction() as session:
                write_trash.end_purge(session, gone, now())
        with self._store.transaction() as session:
            write_trash.drop_empty_profiles(session)
