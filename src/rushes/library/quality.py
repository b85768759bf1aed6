"""Listening to what nobody has listened to yet, and takes of the same sound."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rushes.domain.audio import AudioFacts, Fault
from rushes.domain.generation import Generation
from rushes.domain.watch import Watch, unwatched
from rushes.errors import AudioMissing, RushesError
from rushes.library.linked import LinkedFiles
from rushes.store import unheard
from rushes.store.store import Store
from rushes.store.unheard import Unheard

LISTENING = "checking the sound"
"""What a watch is told."""

_BATCH = 32
"""Files that are committed together: what is lost when the work is ended is little."""


class QualityCheck:
    """``library.quality``: the queue is the rows themselves whose flags are unknown.

    What is recorded or imported is listened to at once. The rest was measured by an earlier
    rushes, or says other words by now.
    """

    def __init__(self, store: Store, root: Path) -> None:
        self._store = store
        self._root = root

    def waiting(self) -> int:
        """How many files are still to be listened to.

        Raises:
            LibraryError: the database can't be read.
        """
        return unheard.waiting(self._store.reader)

    def first(self, generation_ids: Sequence[str]) -> None:
        """Listen to the default versions of these generations, those that need it.

        Raises:
            LibraryError: it can't be written.
        """
        self._listen(unheard.unheard_of(self._store.reader, generation_ids))

    def run(self, watch: Watch = unwatched) -> int:
        """Listen to all that needs it; gives how many files were read.

        What ``watch`` raises ends it; a later call goes on from there.

        Raises:
            LibraryError: it can't be written.
        """
        total, done, after = self.waiting(), 0, 0
        while batch := unheard.unheard(self._store.reader, after, _BATCH):
            watch(done, total, LISTENING)
            after = batch[-1].seq
            self._listen(batch)
            done += len(batch)
        return done

    def twins(self, generation: Generation, limit: int = 20) -> tuple[str, ...]:
        """The ids of other generations outside the trash that are of the same samples."""
        quality = None if generation.facts is None else generation.facts.quality
        if quality is None:
            return ()
        return unheard.twins(self._store.reader, generation.id, quality.sound_hash, limit)

    def _listen(self, batch: Sequence[Unheard]) -> None:
        """Read some files, then keep what was heard in one commit."""
        if not batch:
            return
        from rushes.store import write_measuring

        linked = LinkedFiles(self._store.reader)
        heard = [(one, self._heard(linked, one)) for one in batch]
        with self._store.transaction() as session:
            for one, found in heard:
                if isinstance(found, Fault):
                    write_measuring.set_fault_of(session, one.seq, one.audio_path, found)
                else:
                    write_measuring.set_heard(session, one.seq, one.audio_path, found)

    def _heard(self, linked: LinkedFiles, one: Unheard) -> AudioFacts | Fault:
        from rushes.media.facts import measure

        try:
            path = self._own(one.audio_path)
            if one.source_id is not None:
                path = linked.find(one.source_id, one.audio_path)
            return Fault.MISSING if path is None else measure(path)
        except AudioMissing:
            return Fault.MISSING
        except (RushesError, OSError):
            return Fault.DAMAGED

    def _own(self, stored: str) -> Path | None:
        """The library's own file of that name; None where it leads out of the library."""
        from rushes.media.files import LocalAudioFiles, is_audio_key

        return LocalAudioFiles(self._root).resolve(stored) if is_audio_key(stored) else None
