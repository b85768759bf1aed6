"""The trash: what was deleted and can come back, until it is purged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rushes.domain.query import HistoryQuery, Page, RecordPage
from rushes.domain.times import now
from rushes.errors import DiskFull, FilesKept, RushesError
from rushes.library import checks
from rushes.library.audio import Audio
from rushes.library.leaving import LeavingFiles
from rushes.store import history, samples, trash
from rushes.store.store import Store

if TYPE_CHECKING:
    from sqlmodel import Session

    from rushes.media.ballast import Ballast

_BATCH = 500

_FEW = 20
"""Generations that are purged at once where the disk is full: some hundred kilobytes of journal."""


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

    def records(self, query: HistoryQuery | None = None) -> RecordPage:
        """The same page as records of JSON, as ``library.generations.records`` has them.

        Raises:
            BadInput: the page can't be meant.
        """
        asked = HistoryQuery() if query is None else query
        return history.record_page(self._store.reader, replace(asked, trashed=True))

    def count(self) -> int:
        """How many generations lie in the trash."""
        return trash.count(self._store.reader)

    def holds_profiles(self) -> bool:
        """Whether deleted profiles lie here with nothing but their samples; ``empty`` ends them."""
        return samples.any_abandoned(self._store.reader)

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
        On a full disk they go a few at a time, and what is gone by the time of an error stays gone.

        Raises:
            NotFound: one or more are unknown; nothing has changed.
            FilesKept: some files can't be removed; the others are purged.
            LibraryError: it can't be written.
        """
        from rushes.store import write_trash

        wanted = checks.ids(ids)
        self.purge_by(wanted, lambda session, some: write_trash.begin_purge(session, some, now()))
        return len(wanted)

    def purge_by(
        self, ids: Sequence[str], begin: Callable[[Session, Sequence[str]], object]
    ) -> None:
        """Delete those of these for good that ``begin``, given some of them, marks as purging.

        Raises:
            FilesKept: some files can't be removed; the others are purged.
            RushesError: what ``begin`` raises; nothing more has changed.
        """
        begun = 0
        try:
            with self._store.transaction() as session:
                begin(session, ids)
            begun = len(ids)
            self.finish_purges()
        except DiskFull:
            self._finish_without_room()
            for start in range(begun, len(ids), _FEW):
                with self._store.transaction() as session:
                    begin(session, ids[start : start + _FEW])
                self._finish_without_room()
        self._ballast().keep()

    def empty(self) -> int:
        """Delete everything in the trash for good; gives how many. On a full disk as ``purge``.

        Deleted profiles go with their samples.

        Raises:
            FilesKept: some files can't be removed; the rest is purged.
            LibraryError: it can't be written.
        """
        from rushes.store import write_trash

        count = 0
        try:
            with self._store.transaction() as session:
                count = write_trash.begin_purge_of_trash(session)
            self.finish_purges()
        except DiskFull:
            self._finish_without_room()
            while True:
                with self._store.transaction() as session:
                    begun = write_trash.begin_purge_of_trash(session, _FEW)
                if not begun:
                    break
                count += begun
                self._finish_without_room()
        if self.holds_profiles():
            self._drop_empty_profiles()
        self._ballast().keep()
        return count

    def finish_purges(self) -> None:
        """End what a purge began: files first, then rows, so that a crash leaves no stray file.

        A generation with a file that can't be removed stays as it is, neither here nor there, and
        doesn't keep the others from going.

        Raises:
            FilesKept: some files can't be removed.
            LibraryError: it can't be written.
        """
        self._finish(_BATCH)

    def _finish_without_room(self) -> None:
        """Give the ballast up and end what was begun: every file that goes is room for more."""
        self._ballast().give_up()
        try:
            self._finish(_FEW)
        except DiskFull:
            self._finish(1)  # very long texts: taking one out of the index writes a megabyte

    def _finish(self, batch: int) -> None:
        if not trash.any_leaving(self._store.reader):
            return
        from rushes.store import write_trash

        after, kept, errors = "", list[str](), list[RushesError]()
        while leaving := trash.leaving(self._store.reader, after, batch):
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
        try:
            self._drop_empty_profiles()
        except FilesKept as error:
            errors.append(error)
        if errors:
            raise FilesKept.of(errors, tuple(kept))

    def _drop_empty_profiles(self) -> None:
        """Let the deleted profiles go that have no generations any more, with their samples."""
        from rushes.store import write_trash

        with self._store.transaction() as session:
            files = write_trash.drop_empty_profiles(session)
        if files:
            LeavingFiles(self._store, self._audio).finish(files)

    def _ballast(self) -> Ballast:
        from rushes.media.ballast import Ballast

        return Ballast(self._store.database.folder)
