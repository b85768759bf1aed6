"""Exporting generations: ZIPs with their whole records, or audio alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rushes.domain.export_formats import DEFAULT_PATTERN
from rushes.domain.query import HistoryQuery
from rushes.domain.watch import Watch, unwatched
from rushes.library import checks
from rushes.library.audio import Audio
from rushes.store import history
from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.domain.exporting import Carry, Exported, Result, What
    from rushes.domain.file_pattern import FilePattern

Wanted: TypeAlias = HistoryQuery | Sequence[str] | str
"""All that a query matches, whatever its page; or these whole ids, in the trash or not."""


class Exporting:
    """``library.exporting``. Nothing of the library is changed by it.

    Each file is written beside its place, flushed, read back and compared, and only then gets its
    name: whenever the work ends, there are whole files and no others.
    """

    def __init__(self, store: Store, audio: Audio, root: Path) -> None:
        self._store = store
        self._audio = audio
        self._root = root

    def export(
        self,
        wanted: Wanted,
        target: str | Path,
        what: What | None = None,
        *,
        name: str = DEFAULT_PATTERN,
        overwrite: bool = False,
        watch: Watch = unwatched,
    ) -> Exported:
        """Export these to a folder, or one of them to a file; gives every file.

        The rest is as for ``each``.
        """
        from rushes.domain.exporting import Exported, ExportedFile, NotExported

        results = list(self.each(wanted, target, what, name=name, overwrite=overwrite, watch=watch))
        return Exported(
            done=tuple(one for one in results if isinstance(one, ExportedFile)),
            failed=tuple(one for one in results if isinstance(one, NotExported)),
        )

    def each(
        self,
        wanted: Wanted,
        target: str | Path,
        what: What | None = None,
        *,
        name: str = DEFAULT_PATTERN,
        overwrite: bool = False,
        watch: Watch = unwatched,
    ) -> Iterator[Result]:
        """Export these one after another, and give each file when it is in its place.

        ``what`` is ZIPs in Voicebox's layout where it is None. ``target`` is a folder, made where
        there is none, in which ``name`` is the pattern of the files' names
        (``rushes.domain.file_pattern``); where one generation is wanted it may be a file, if it
        ends with ``.zip`` or an audio format. Only with ``overwrite`` is anything replaced that
        is there: else names by pattern get a number, and a file that was named isn't written.

        What fails is given with its reason, and the rest goes on; where the target can't be
        written any more, all the rest fails for that reason.

        Of a query the ids alone are held. ``watch`` counts generations, and is asked in the midst
        of long files as well.

        Raises:
            BadInput: the target lies in the library or in a linked source, or can't be meant.
            BadPattern: the pattern can't be read.
            TargetError: there is a file where a folder is needed.
            LibraryError: the library can't be read.
            RushesError: whatever ``watch`` raises; nothing is left in half.
        """
        from rushes.domain.exporting import Archives, AudioAlone
        from rushes.domain.file_pattern import parse_pattern
        from rushes.library.export_run import ExportRun
        from rushes.library.export_target import check_outside, target_of

        asked = Archives() if what is None else what
        pattern = parse_pattern(name)
        ids = self._ids(wanted)
        every = isinstance(asked, AudioAlone) and asked.every_version
        single = not isinstance(wanted, HistoryQuery) and len(ids) == 1 and not every
        place = target_of(target, asked, single=single)
        check_outside(place.folder, self._root, self._store.reader)
        run = ExportRun(self._store, self._audio, place, pattern, overwrite=overwrite, watch=watch)
        return run.results(ids)

    def each_carried(
        self,
        wanted: Wanted,
        carry: Carry,
        what: What | None = None,
        *,
        name: str = DEFAULT_PATTERN,
        watch: Watch = unwatched,
    ) -> Iterator[Result]:
        """Export these to where no path of this machine leads: ``carry`` takes each file there.

        One file at a time is made, whole, in a temporary folder, and is gone from there as soon as
        it is open. What is given has the place that ``carry`` tells. The rest is as for ``each``.

        Raises:
            BadPattern: the pattern can't be read.
            TargetError: no temporary folder can be made.
            LibraryError: the library can't be read.
            RushesError: whatever ``watch`` raises; nothing is left in half.
        """
        from rushes.domain.exporting import Archives
        from rushes.domain.file_pattern import parse_pattern

        pattern = parse_pattern(name)
        asked = Archives() if what is None else what
        return self._carried(self._ids(wanted), asked, pattern, watch, carry)

    def _carried(
        self, ids: Sequence[str], what: What, pattern: FilePattern, watch: Watch, carry: Carry
    ) -> Iterator[Result]:
        from rushes.library.export_run import ExportRun
        from rushes.library.export_target import Target
        from rushes.media.going_out import folder_for_a_while

        with folder_for_a_while() as folder:
            run = ExportRun(
                self._store,
                self._audio,
                Target(folder, None, what),
                pattern,
                overwrite=False,
                watch=watch,
                carry=carry,
            )
            yield from run.results(ids)

    def _ids(self, wanted: Wanted) -> tuple[str, ...]:
        if isinstance(wanted, HistoryQuery):
            return history.ids(self._store.reader, wanted)
        return checks.ids(wanted)
