"""Verifying a library, and mending what can be mended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.text import shown
from rushes.domain.watch import Watch, unwatched
from rushes.errors import LibraryBusy, LibraryDamaged
from rushes.library.audio import Audio
from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.domain.health import Report
    from rushes.library.verifying.job import Job


class Health:
    """``library.health``."""

    def __init__(self, store: Store, audio: Audio, root: Path) -> None:
        self._store = store
        self._audio = audio
        self._root = root

    def check(self, *, deep: bool = False, watch: Watch = unwatched) -> Report:
        """What is wrong with the library; nothing is changed.

        Files are compared by their size; ``deep`` reads them whole and compares their hashes.
        Memory stays small, however many rows there are.

        Raises:
            Interrupted: ``watch`` called it off.
            LibraryReadOnly: it was moved away, or another has taken its place.
            LibraryError: the library can't be read.
        """
        if self._store.database.writable:
            # What is read would be one library's rows and another's files.
            self._store.database.check_in_place()
        return self._verify(deep=deep, mends=False, adopts=False, watch=watch)

    def repair(
        self, *, adopt: bool = False, deep: bool = False, watch: Watch = unwatched
    ) -> Report:
        """What is wrong with the library, and what was done with each thing.

        Audio that no row names is set aside in ``lost+found/``; with ``adopt`` it gets a row, and
        stays where it is. Never is audio deleted, and never is a linked file touched.

        Raises:
            Interrupted: ``watch`` called it off; what is done stays done.
            LibraryReadOnly: it can't be written.
            LibraryBusy: another process is repairing it.
            LibraryError: the library can't be read.
        """
        from rushes.media.coming_in import alone

        self._store.check_writable()
        with alone(self._root) as is_alone:
            if not is_alone:
                raise LibraryBusy(
                    f"the library {shown(self._root)} is being repaired",
                    "by another process",
                    "Wait until it is done.",
                )
            return self._verify(deep=deep, mends=True, adopts=adopt, watch=watch)

    def _verify(self, *, deep: bool, mends: bool, adopts: bool, watch: Watch) -> Report:
        from rushes.domain.health import Finding, Kind
        from rushes.library.verifying.job import Job
        from rushes.media.files import LocalAudioFiles
        from rushes.store.ledger import Ledger

        with Ledger() as ledger:
            job = Job(
                store=self._store,
                audio=self._audio,
                root=self._root,
                files=LocalAudioFiles(self._root),
                ledger=ledger,
                watch=watch,
                deep=deep,
                mends=mends,
                adopts=adopts,
            )
            try:
                _examine(job)
            except LibraryDamaged as error:
                job.found(Finding(Kind.DATABASE, "rushes.db", str(error)))
            return job.report()


def _examine(job: Job) -> None:
    """All parts in their order: rows first, so that what they name can be trusted."""
    from rushes.library.verifying import held_files, leftovers, loose_files, rows, samples, sought

    if not rows.examine_database(job):
        return
    # Before anything is written: every transaction puts the journal right.
    leftovers.examine_journal(job)
    leftovers.examine_unfinished(job)
    rows.examine_references(job)
    rows.examine_states(job)
    held_files.examine(job)
    missing = samples.examine(job)
    loose_files.settle_names(job)
    sought.examine(job)
    samples.seek(job, missing)
    loose_files.examine(job)
    leftovers.examine_staged(job)
    leftovers.examine_derived(job)
    leftovers.examine_surroundings(job)
