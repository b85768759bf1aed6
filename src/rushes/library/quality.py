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

_ABSENT = 512
"""The most where none is there: looking for them takes no time, and each commit is a change.

On a library whose disk is away there would be a hundred commits a second, each of which has
everybody else read anew.
"""


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
        waiting = unheard.unheard_of(self._store.reader, generation_ids)
        while waiting:
            some, _ = self._listen(waiting)
            waiting = waiting[some:]

    def run(self, watch: Watch = unwatched) -> int:
        """Listen to all that needs it; gives how many files were read.

        What ``watch`` raises ends it; a later call goes on from there.

        Raises:
            LibraryError: it can't be written.
        """
        total, done, after, most = self.waiting(), 0, 0, _BATCH
        while batch := unheard.unheard(self._store.reader, after, most):
            watch(done, total, LISTENING)
            some, read = self._listen(batch)
            after = batch[some - 1].seq
            done += some
            most = _BATCH if read else min(2 * most, _ABSENT)
        return done

    def twins(self, generation: Generation, limit: int = 20) -> tuple[str, ...]:
        """The ids of other generations outside the trash that are of the same samples."""
        quality = None if generation.facts is None else generation.facts.quality
        if quality is None:
            return ()
        return unheard.twins(self._store.reader, generation.id, quality.sound_hash, limit)

    def _listen(self, batch: Sequence[Unheard]) -> tuple[int, int]:
        """Read some files, then keep what was heard in one commit.

        Gives with how many it is done, and how many of them were there: no more than a few.
        """
        from rushes.store import write_measuring

        linked = LinkedFiles(self._store.reader)
        heard: list[tuple[Unheard, AudioFacts | Fault]] = []
        read = 0
        for one in batch:
            heard.append((one, self._heard(linked, one)))
            read += heard[-1][1] is not Fault.MISSING
            if read == _BATCH:
                break
        with self._store.transaction() as session:
            for one, found in heard:
                if isinstance(found, Fault):
                    write_measuring.set_fault_of(session, one.seq, one.audio_path, found)
                else:
                    write_measuring.set_heard(session, one.seq, one.audio_path, found)
        return len(heard), read

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
