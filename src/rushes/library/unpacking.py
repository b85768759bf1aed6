"""Bringing in what archives hold: everything is checked, then files are placed, then rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.domain.audio import AudioFacts
from rushes.domain.foreign import ForeignSample, ForeignVersion
from rushes.domain.ids import is_id, new_id
from rushes.domain.text import shown
from rushes.domain.times import now
from rushes.domain.watch import Watch
from rushes.errors import BadAudio, Conflict, LibraryError, RushesError
from rushes.library.audio import Audio, Stream, TakenIn
from rushes.store import history
from rushes.store.store import Store

if TYPE_CHECKING:
    from sqlmodel import Session

    from rushes.exchange.archives import ArchivedProfile, ArchivedTake
    from rushes.exchange.zip_archive import ZipArchive
    from rushes.library.imported import Imported
    from rushes.media.files import SupportsRead
    from rushes.store.write_imported import CopiedVersion


class Unpacking:
    """Brings archives in, one after the other; ``done`` tells what each came to."""

    def __init__(
        self, store: Store, audio: Audio, done: Imported, *, again: bool, watch: Watch
    ) -> None:
        self._store = store
        self._audio = audio
        self._done = done
        self._again = again
        self._watch = watch
        self._passed = 0
        self._total = 0

    def run(self, paths: Sequence[Path]) -> None:
        """Bring them in; a bad one doesn't keep the others out.

        Raises:
            LibraryError: it can't be written, or the watch called it off.
        """
        self._store.check_writable()
        self._store.warm()
        self._total = len(paths)
        for passed, path in enumerate(paths):
            self._passed = passed
            self._tell()
            try:
                self._unpack(path)
            except LibraryError:
                raise
            except RushesError as error:
                self._done.failed.append((str(path), error))

    def _tell(self) -> None:
        self._watch(self._passed, self._total, "importing")

    def _unpack(self, path: Path) -> None:
        from rushes.exchange.archives import ArchivedTake, opened_archive

        with opened_archive(path) as archived:
            if isinstance(archived, ArchivedTake):
                self._take(archived)
            else:
                self._profile(archived)

    def _take(self, archived: ArchivedTake) -> None:
        """Files first, all of them, then one commit."""
        from rushes.store import write_archived

        take = archived.found.take
        key = take.key or archived.name
        with self._store.transaction() as session:
            found = None if self._again else write_archived.here(session, key)
            identity = write_archived.free_id(session, key)
        if found is not None:
            self._done.already += 1
            self._done.trashed += [found.id] if found.trashed else []
            return
        streams = [
            self._stream(
                archived.archive,
                identity if version.is_default else f"{identity}_{new_id()[:8]}",
                version.audio_path,
                partial(_check_bytes, version),
            )
            for version in take.versions
        ]
        with (
            self._audio.streamed_in(streams, is_named=self._is_named) as taken,
            self._store.transaction() as session,
        ):
            self._commit(session, archived, key, identity, taken)
        self._done.ids.append(identity)

    def _commit(
        self,
        session: Session,
        archived: ArchivedTake,
        key: str,
        identity: str,
        taken: Sequence[TakenIn],
    ) -> None:
        from dataclasses import replace

        from rushes.store import write_archived
        from rushes.store.write_imported import CopiedVersion

        if write_archived.free_id(session, identity) != identity:
            raise Conflict("it isn't needed any more", "another program has just imported it")
        take = replace(archived.found.take, key=key)
        versions: list[CopiedVersion] = [
            CopiedVersion(
                write_archived.free_version_id(session, version.key),
                version,
                one.audio_path,
                one.facts,
            )
            for version, one in zip(take.versions, taken, strict=True)
        ]
        profile = write_archived.profile_of(session, archived.found.profile)
        write_archived.add_archived(session, take, versions, identity, profile)

    def _profile(self, archived: ArchivedProfile) -> None:
        """All samples first, then one commit with the profile; those that are here already go."""
        from rushes.store import write_archived, write_samples
        from rushes.store.write_samples import NewSample

        ids = [self._sample_id(sample) for sample in archived.samples]
        streams = [
            self._stream(archived.archive, identity, sample.audio_path, _welcome)
            for identity, sample in zip(ids, archived.samples, strict=True)
        ]
        unneeded, added = list[str](), 0
        with self._audio.streamed_in(streams, is_named=self._is_named) as taken:
            with self._store.transaction() as session:
                profile = write_archived.profile_of(session, archived.profile)
                for identity, sample, one in zip(ids, archived.samples, taken, strict=True):
                    words, digest = sample.reference_text, one.facts.sha256
                    if write_samples.has_sample(session, profile, words, digest):
                        unneeded.append(one.audio_path)
                        continue
                    new = NewSample(identity, profile, words, one.audio_path, one.facts, now())
                    write_samples.add_sample(session, new)
                    added += 1
            for path in unneeded:
                self._audio.unlink(path)
        self._done.profiles.append(profile)
        self._done.samples += added

    def _sample_id(self, sample: ForeignSample) -> str:
        from rushes.store import samples

        free = is_id(sample.key) and samples.by_id(self._store.reader, sample.key) is None
        return sample.key if free else new_id()

    def _stream(
        self, archive: ZipArchive, name: str, entry: str, check: Callable[[AudioFacts], None]
    ) -> Stream:
        return Stream(name, shown(entry), partial(self._opened, archive, entry), check)

    @contextmanager
    def _opened(self, archive: ZipArchive, entry: str) -> Iterator[SupportsRead]:
        with archive.opened(entry) as stream:
            yield _Told(stream, self._tell)

    def _is_named(self, audio_path: str) -> bool:
        """Whether a row names the file after all; if nobody can tell, it is better kept."""
        try:
            return history.names_audio(self._store.reader, audio_path)
        except RushesError:
            return True


class _Told:
    """A stream that tells, whenever it is read from; what that raises ends the reading."""

    def __init__(self, stream: SupportsRead, tell: Callable[[], None]) -> None:
        self._stream = stream
        self._tell = tell

    def read(self, size: int, /) -> bytes | None:
        self._tell()
        return self._stream.read(size)


def _check_bytes(version: ForeignVersion, facts: AudioFacts) -> None:
    """Refuse what isn't the file that the record tells of."""
    if version.sha256 not in (None, facts.sha256) or version.bytes not in (None, facts.bytes):
        why = "its bytes aren't those that were exported"
        raise BadAudio(f"{shown(version.audio_path)} is damaged", why, "Export it again.")


def _welcome(facts: AudioFacts) -> None:
    """Whatever it is: it was asked for."""
