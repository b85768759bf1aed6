"""Takes as FLAC, to save room, and back to the very same files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeAlias

from rushes.domain.compression import Recoded
from rushes.domain.query import HistoryQuery
from rushes.domain.watch import Watch, unwatched
from rushes.library import checks
from rushes.library.audio import Audio
from rushes.library.leaving import LeavingFiles
from rushes.library.recoding import Recoding, Way
from rushes.store import history, version_files
from rushes.store.store import Store

Wanted: TypeAlias = HistoryQuery | Sequence[str] | str
"""All that a query matches, whatever its page; or these ids, in the trash or not."""


class Compression:
    """``library.compression``.

    Every version of a generation is worked on. One file after another is staged, compared with
    what it was made of, placed and committed, and only then is the old file removed: whenever the
    work ends, each generation has one whole file or the other.
    """

    def __init__(self, store: Store, audio: Audio, leaving: LeavingFiles, root: Path) -> None:
        self._store = store
        self._audio = audio
        self._leaving = leaving
        self._root = root

    def compress(
        self, wanted: Wanted, *, dry_run: bool = False, watch: Watch = unwatched
    ) -> Recoded:
        """Make WAV files FLAC, which ``expand`` undoes byte for byte.

        What FLAC can't hold is skipped, as is what isn't worth it and what isn't the library's
        own. ``dry_run`` makes each file and throws it away: it takes as long, needs the room of
        one file, and its sizes are those that would be. An error of the library as a whole (a
        full disk) ends the work: what was left is among the failures. ``watch`` counts
        generations, and is asked in the midst of long files as well.

        Raises:
            NotFound: one or more ids are unknown; nothing has changed.
            LibraryReadOnly: nothing may be written here.
            RushesError: whatever ``watch`` raises.
        """
        from rushes.media.flac import check_compressible, compressed

        way = Way("compressing", check_compressible, compressed)
        return self._recoding(way, watch, dry_run=dry_run).run(self._ids(wanted))

    def expand(self, wanted: Wanted, *, dry_run: bool = False, watch: Watch = unwatched) -> Recoded:
        """Give files that ``compress`` made back as they were. The rest is as for ``compress``.

        A FLAC file that was recorded as one stays one.

        Raises:
            NotFound: one or more ids are unknown; nothing has changed.
            LibraryReadOnly: nothing may be written here.
            RushesError: whatever ``watch`` raises.
        """
        from rushes.media.flac import check_expandable, expanded

        way = Way("expanding", check_expandable, expanded)
        return self._recoding(way, watch, dry_run=dry_run).run(self._ids(wanted))

    def _recoding(self, way: Way, watch: Watch, *, dry_run: bool) -> Recoding:
        self._store.check_writable()
        return Recoding(
            self._store,
            self._audio,
            self._leaving,
            self._root,
            way,
            watch=watch,
            dry_run=dry_run,
        )

    def _ids(self, wanted: Wanted) -> tuple[str, ...]:
        if isinstance(wanted, HistoryQuery):
            return history.ids(self._store.reader, wanted)
        ids = checks.ids(wanted)
        unknown = version_files.unknown(self._store.reader, ids)
        if unknown:
            raise history.missing(unknown)
        return ids
