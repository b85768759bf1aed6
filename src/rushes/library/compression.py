"""Takes as FLAC, to save room, and back to the very same files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rushes.domain.audio import AudioFacts
from rushes.domain.compression import Failure, Recoded, SkipReason
from rushes.domain.generation import GenerationVersion
from rushes.domain.ids import new_id
from rushes.domain.query import HistoryQuery
from rushes.domain.watch import Watch, unwatched
from rushes.errors import FilesKept, Interrupted, LibraryError, RushesError
from rushes.library import checks
from rushes.library.audio import Audio
from rushes.library.leaving import LeavingFiles
from rushes.store import history, version_files
from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.media.files import AudioFiles, Staged
    from rushes.media.flac import Tick

    Recode: TypeAlias = Callable[[AudioFiles, Path, AudioFacts, Tick], tuple[Staged, AudioFacts]]

Wanted: TypeAlias = "HistoryQuery | Sequence[str] | str"
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
        from rushes.media.flac import compressed

        return self._run(wanted, compressed, "compressing", watch, dry_run=dry_run)

    def expand(self, wanted: Wanted, *, dry_run: bool = False, watch: Watch = unwatched) -> Recoded:
        """Give files that ``compress`` made back as they were. The rest is as for ``compress``.

        A FLAC file that was recorded as one stays one.

        Raises:
            NotFound: one or more ids are unknown; nothing has changed.
            LibraryReadOnly: nothing may be written here.
            RushesError: whatever ``watch`` raises.
        """
        from rushes.media.flac import expanded

        return self._run(wanted, expanded, "expanding", watch, dry_run=dry_run)

    def _run(
        self, wanted: Wanted, recode: Recode, doing: str, watch: Watch, *, dry_run: bool
    ) -> Recoded:
        from rushes.media.files import LocalAudioFiles

        self._store.check_writable()
        self._store.warm()
        ids = self._ids(wanted)
        tally = _Tally()
        files = LocalAudioFiles(self._root)
        for number, take in self._takes(ids):

            def tick(done: int = number) -> None:
                watch(done, len(ids), doing)

            tick()
            try:
                self._take(take, _Work(files, recode, tick, dry_run), tally)
            except Interrupted:
                raise
            except LibraryError as error:
                tally.failed += [Failure(identity, error) for identity in ids[number:]]
                break
        watch(len(ids), len(ids), doing)
        return tally.result()

    def _ids(self, wanted: Wanted) -> tuple[str, ...]:
        if isinstance(wanted, HistoryQuery):
            return history.ids(self._store.reader, wanted)
        ids = checks.ids(wanted)
        unknown = version_files.unknown(self._store.reader, ids)
        if unknown:
            raise history.missing(unknown)
        return ids

    def _takes(self, ids: Sequence[str]) -> Iterator[tuple[int, version_files.TakeFiles]]:
        """The generations that are still there, each with how many came before it."""
        places = {identity: number for number, identity in enumerate(ids)}
        for start in range(0, len(ids), version_files.CHUNK):
            chunk = ids[start : start + version_files.CHUNK]
            for take in version_files.files_of(self._store.reader, chunk):
                yield places[take.id], take

    def _take(self, take: version_files.TakeFiles, work: _Work, tally: _Tally) -> None:
        from rushes.media.flac import Unfit

        if take.is_linked:
            tally.skip(take.id, SkipReason.LINKED)
        elif not take.versions:
            tally.skip(take.id, SkipReason.NO_AUDIO)
        else:
            for version in take.versions:
                if version.audio_path in take.shared:
                    tally.skip(take.id, SkipReason.SHARED)
                    continue
                try:
                    self._version(version, work, tally)
                except Unfit as unfit:
                    tally.skip(take.id, unfit.reason)
                except FilesKept as error:
                    tally.fail(take.id, error)
                except LibraryError:
                    raise
                except RushesError as error:
                    tally.fail(take.id, error)

    def _version(self, version: GenerationVersion, work: _Work, tally: _Tally) -> None:
        from rushes.media.coming_in import bringing_in
        from rushes.media.flac import Unfit

        before = version.facts
        if before is None:
            raise Unfit(SkipReason.NOT_MEASURED)
        staged, facts = work.recode(work.files, self._audio.path(version), before, work.tick)
        if work.dry_run:
            work.files.discard(staged)
        else:
            with bringing_in(self._root):
                replaced = self._put(version, staged, facts, work.files)
            if not replaced:
                raise Unfit(SkipReason.CHANGED)
        tally.add(version.generation_id, before.bytes, facts.bytes)
        if not work.dry_run:
            self._leaving.finish([version.audio_path])

    def _put(
        self, version: GenerationVersion, staged: Staged, facts: AudioFacts, files: AudioFiles
    ) -> bool:
        """Place the file and commit that the version names it; tells whether it still could."""
        from rushes.media.files import audio_key

        identity = version.generation_id
        key = audio_key(f"{identity[:2]}/{identity}_{new_id()[:8]}", facts.format)
        try:
            files.place(staged, key)
        except BaseException:
            files.discard(staged)
            raise
        replaced = False
        try:
            with self._store.transaction() as session:
                from rushes.store import write_versions

                replaced = write_versions.replace_file(session, version, key, facts)
        except BaseException:
            if not self._is_named(key):
                files.remove(key)
            raise
        if not replaced:
            files.remove(key)
        return replaced

    def _is_named(self, audio_path: str) -> bool:
        """Whether a row names the file after all; if nobody can tell, it is better kept."""
        try:
            return history.names_audio(self._store.reader, audio_path)
        except RushesError:
            return True


@dataclass(frozen=True, slots=True)
class _Work:
    """What is done to each file."""

    files: AudioFiles
    recode: Recode
    tick: Tick
    dry_run: bool


@dataclass(slots=True)
class _Tally:
    """What came of it so far."""

    done: dict[str, None] = field(default_factory=dict)
    skipped: dict[SkipReason, dict[str, None]] = field(default_factory=dict)
    failed: list[Failure] = field(default_factory=list)
    files: int = 0
    bytes_before: int = 0
    bytes_after: int = 0

    def add(self, identity: str, before: int, after: int) -> None:
        """A file of a generation was recoded: its bytes before and after."""
        self.done[identity] = None
        self.files += 1
        self.bytes_before += before
        self.bytes_after += after

    def skip(self, identity: str, reason: SkipReason) -> None:
        """A file of a generation was left as it is."""
        self.skipped.setdefault(reason, {})[identity] = None

    def fail(self, identity: str, error: RushesError) -> None:
        """A file of a generation couldn't be done."""
        self.failed.append(Failure(identity, error))

    def result(self) -> Recoded:
        """All of it."""
        return Recoded(
            done=tuple(self.done),
            skipped={reason: tuple(ids) for reason, ids in self.skipped.items()},
            failed=tuple(self.failed),
            files=self.files,
            bytes_before=self.bytes_before,
            bytes_after=self.bytes_after,
        )
