"""Files that nothing names any more: unlinked, now or by whoever opens the library next."""

from __future__ import annotations

from collections.abc import Sequence

from rushes.errors import FilesKept, LibraryError, RushesError
from rushes.library.audio import Audio
from rushes.store import leaving
from rushes.store.store import Store

_BATCH = 500


class LeavingFiles:
    """``library.leaving``: what ``store.write_leaving.add_leaving`` noted is brought to its end."""

    def __init__(self, store: Store, audio: Audio) -> None:
        self._store = store
        self._audio = audio

    def finish(self, paths: Sequence[str] | None = None) -> None:
        """Unlink the noted files and forget them.

        ``paths`` are those that the caller has just taken the names from; by default it is all
        that are noted, of which any that a row names again is forgotten and stays. A file that
        can't be removed stays noted and doesn't keep the others from going.

        Raises:
            FilesKept: some can't be removed.
            LibraryError: it can't be written.
        """
        if paths is not None:
            self._end(*self._unlinked(paths))
        elif leaving.any_leaving_files(self._store.reader):
            self._finish_all()

    def finish_or_note(self, paths: Sequence[str]) -> None:
        """The same for files whose row is gone for good, which is what its caller answers for.

        Where they can't be forgotten now, the library does it when it is opened next.

        Raises:
            FilesKept: some can't be removed.
        """
        try:
            self.finish(paths)
        except FilesKept:
            raise
        except LibraryError as error:
            from rushes.logs import logger

            logger(__name__).warning("files that have gone are still noted: %s", error)

    def _finish_all(self) -> None:
        named = leaving.named_after_all(self._store.reader)
        after, kept = "", list[RushesError]()
        while paths := leaving.leaving_files(self._store.reader, after, _BATCH):
            after = paths[-1]
            gone, errors = self._unlinked([path for path in paths if path not in named])
            kept += errors
            self._end([*gone, *(path for path in paths if path in named)], ())
        self._end((), kept)

    def _unlinked(self, paths: Sequence[str]) -> tuple[list[str], list[RushesError]]:
        gone, errors = list[str](), list[RushesError]()
        for path in paths:
            try:
                self._audio.unlink(path)
                gone.append(path)
            except RushesError as error:
                errors.append(error)
        return gone, errors

    def _end(self, gone: Sequence[str], errors: Sequence[RushesError]) -> None:
        if gone:
            from rushes.store import write_leaving

            with self._store.transaction() as session:
                write_leaving.end_leaving(session, gone)
        if errors:
            raise FilesKept.of(errors)
