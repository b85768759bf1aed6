"""One run over the files of generations, each of which is put in the place of the one it had."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rushes.domain.audio import AudioFacts
from rushes.domain.compression import Failure, Recoded, SkipReason
from rushes.domain.generation import GenerationVersion
from rushes.domain.ids import new_id
from rushes.domain.watch import Watch
from rushes.errors import FilesKept, Interrupted, LibraryBusy, LibraryError, RushesError
from rushes.library.audio import Audio
from rushes.library.leaving import LeavingFiles
from rushes.store import history, version_files
from rushes.store.store import Store

if TYPE_CHECKING:
    from rushes.media.files import AudioFiles, Staged
    from rushes.media.flac import Tick

    Recode: TypeAlias = Callable[[AudioFiles, Path, AudioFacts, Tick], tuple[Staged, AudioFacts]]


@dataclass(frozen=True, slots=True)
class Way:
    """What is done to each file: whether it may be by its facts, and then how."""

    doing: str
    check: Callable[[AudioFacts], None]
    recode: Recode


class Recoding:
    """One run. It may end between any two steps: each version names a whole file."""

    def __init__(
        self,
        store: Store,
        audio: Audio,
        leaving: LeavingFiles,
        root: Path,
        way: Way,
        *,
        watch: Watch,
        dry_run: bool,
    ) -> None:
        from rushes.media.files import LocalAudioFiles

        self._store = store
        self._audio = audio
        self._leaving = leaving
        self._root = root
        self._files: AudioFiles = LocalAudioFiles(root)
        self._way = way
        self._watch = watch
        self._dry_run = dry_run
        self._tally = _Tally()
        self._done = 0
        self._total = 0

    def run(self, ids: Sequence[str]) -> Recoded:
        """Do it to the generations of these whole ids; gives what came of it.

        Raises:
            RushesError: whatever the watch raises.
        """
        self._store.warm()
        self._total = len(ids)
        try:
            for number, take in self._takes(ids):
                self._done = number
                self._tick()
                self._take(take)
        except Interrupted:
            raise
        except LibraryError as error:  # the others would fare no better
            self._tally.failed += [Failure(identity, error) for identity in ids[self._done :]]
        self._done = self._total
        self._tick()
        return self._tally.result()

    def _tick(self) -> None:
        self._watch(self._done, self._total, self._way.doing)

    def _takes(self, ids: Sequence[str]) -> Iterator[tuple[int, version_files.TakeFiles]]:
        """The generations that are still there, each with how many came before it."""
        for start in range(0, len(ids), version_files.CHUNK):
            chunk = ids[start : start + version_files.CHUNK]
            places = {identity: start + number for number, identity in enumerate(chunk)}
            for take in version_files.files_of(self._store.reader, chunk):
                yield places[take.id], take

    def _take(self, take: version_files.TakeFiles) -> None:
        from rushes.media.flac import Unfit

        if take.is_linked:
            self._tally.skip(take.id, SkipReason.LINKED)
        elif not take.versions:
            self._tally.skip(take.id, SkipReason.NO_AUDIO)
        else:
            for version in take.versions:
                try:
                    self._version(version)
                except Unfit as unfit:
                    self._tally.skip(take.id, unfit.reason)
                except RushesError as error:
                    if isinstance(error, LibraryError) and not isinstance(error, _PASSING):
                        raise
                    if isinstance(error, FilesKept) or self._still_names(version):
                        self._tally.fail(take.id, error)
                    else:
                        self._tally.skip(take.id, SkipReason.CHANGED)

    def _version(self, version: GenerationVersion) -> None:
        from rushes.media.coming_in import bringing_in
        from rushes.media.flac import Unfit

        before = version.facts
        if before is None:
            raise Unfit(SkipReason.NOT_MEASURED)
        self._way.check(before)
        if version.audio_path in self._shared:
            raise Unfit(SkipReason.SHARED)
        path = self._audio.path(version)
        staged, facts = self._way.recode(self._files, path, before, self._tick)
        if self._dry_run:
            self._files.discard(staged)
        else:
            with bringing_in(self._root):
                replaced = self._put(version, staged, facts)
            if not replaced:
                raise Unfit(SkipReason.CHANGED)
        self._tally.add(version.generation_id, before.bytes, facts.bytes)
        if not self._dry_run:
            self._leaving.finish([version.audio_path])

    def _still_names(self, version: GenerationVersion) -> bool:
        """Whether the version still names the file that it named when the run came to it."""
        found = version_files.files_of(self._store.reader, [version.generation_id])
        return any(
            (one.id, one.audio_path) == (version.id, version.audio_path)
            for take in found
            for one in take.versions
        )

    @cached_property
    def _shared(self) -> frozenset[str]:
        """Files that several versions name; looked for when the first file is to be done."""
        return version_files.shared_files(self._store.reader)

    def _put(self, version: GenerationVersion, staged: Staged, facts: AudioFacts) -> bool:
        """Place the file and commit that the version names it; tells whether it still could.

        It is placed when nothing but the commit is left to be done, so that hardly any crash
        leaves a file that nobody names.
        """
        from rushes.media.files import audio_key

        identity = version.generation_id
        key = audio_key(f"{identity[:2]}/{identity}_{new_id()[:8]}", facts.format)
        replaced = placed = False
        try:
            with self._store.transaction() as session:
                from rushes.store import write_versions

                replaced = write_versions.replace_file(session, version, key, facts)
                if replaced:
                    placed = True
                    self._files.place(staged, key)
        except BaseException:
            if placed and not self._is_named(key):
                self._files.remove(key)
            raise
        finally:
            self._files.discard(staged)
        return replaced

    def _is_named(self, audio_path: str) -> bool:
        """Whether a row names the file after all; if nobody can tell, it is better kept."""
        try:
            return history.names_audio(self._store.reader, audio_path)
        except RushesError:
            return True


_PASSING = (FilesKept, LibraryBusy)
"""Errors of the library that another file may be spared."""


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
