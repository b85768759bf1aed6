"""Reading what linked files are: true lengths, waveforms, hashes. It goes on where it was ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rushes.domain.audio import AudioFacts, Fault
from rushes.domain.watch import Watch, unwatched
from rushes.errors import AudioMissing, RushesError
from rushes.library.linked import LinkedFiles
from rushes.store import measuring
from rushes.store.measuring import Unmeasured
from rushes.store.store import Store

MEASURING = "measuring"
"""What a watch is told."""

_BATCH = 32
"""Files whose facts are committed together: what is lost when the work is ended is little."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How many files were measured, weren't there, or were no audio."""

    measured: int = 0
    missing: int = 0
    damaged: int = 0


class Measuring:
    """``library.measuring``: the queue is the rows themselves that are without facts."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def waiting(self) -> int:
        """How many files are still to be read.

        Raises:
            LibraryError: the database can't be read.
        """
        return measuring.waiting(self._store.reader)

    def files(self, source_id: str) -> int:
        """How many files a source has, read or not.

        Raises:
            LibraryError: the database can't be read.
        """
        return measuring.files(self._store.reader, source_id)

    def first(self, generation_ids: Sequence[str]) -> Measured:
        """Read the files of these generations' default versions: of those on the screen.

        Raises:
            LibraryError: it can't be written.
        """
        return self._measure(measuring.unmeasured_of(self._store.reader, generation_ids))

    def run(self, watch: Watch = unwatched) -> Measured:
        """Read all files that are still to be read.

        What ``watch`` raises ends it; a later call goes on from there.

        Raises:
            LibraryError: it can't be written.
        """
        total, done, after = self.waiting(), Measured(), 0
        while batch := measuring.unmeasured(self._store.reader, after, _BATCH):
            watch(sum((done.measured, done.missing, done.damaged)), total, MEASURING)
            after = batch[-1].seq
            some = self._measure(batch)
            done = Measured(
                done.measured + some.measured,
                done.missing + some.missing,
                done.damaged + some.damaged,
            )
        return done

    def _measure(self, batch: Sequence[Unmeasured]) -> Measured:
        """Read some files, then keep what was read in one commit."""
        if not batch:
            return Measured()
        from rushes.store import write_measuring

        files = LinkedFiles(self._store.reader)
        read: list[tuple[Unmeasured, AudioFacts]] = []
        faults: list[tuple[int, Fault]] = []
        for one in batch:
            found = _facts(files, one)
            if isinstance(found, Fault):
                faults.append((one.seq, found))
            else:
                read.append((one, found))
        with self._store.transaction() as session:
            for one, facts in read:
                write_measuring.set_facts(session, one.seq, one.audio_path, facts)
            write_measuring.set_faults(session, faults)
        missing = sum(fault is Fault.MISSING for _, fault in faults)
        return Measured(len(read), missing, len(faults) - missing)


def _facts(files: LinkedFiles, one: Unmeasured) -> AudioFacts | Fault:
    from rushes.media.facts import measure

    path = files.find(one.source_id, one.audio_path)
    if path is None:
        return Fault.MISSING
    try:
        return measure(path)
    except AudioMissing:
        return Fault.MISSING
    except (RushesError, OSError):
        return Fault.DAMAGED
