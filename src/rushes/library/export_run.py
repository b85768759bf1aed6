"""One export: generation after generation, each file whole before it has its name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rushes.domain.archive_writing import WholeTake
from rushes.domain.export_formats import Layout
from rushes.domain.exporting import (
    MOST_FOR_VOICEBOX,
    Archives,
    AudioAlone,
    Carry,
    ExportedFile,
    NotExported,
    Remark,
    Result,
)
from rushes.domain.file_pattern import Field, FilePattern, values_of
from rushes.domain.generation import Generation, GenerationVersion
from rushes.domain.picking import pick_version
from rushes.domain.profile import Profile
from rushes.domain.safe_name import numbered
from rushes.domain.text import shown
from rushes.domain.watch import Watch
from rushes.errors import (
    AudioMissing,
    BadAudio,
    Conflict,
    LibraryError,
    RushesError,
    TargetError,
)
from rushes.exchange.archive_writer import VersionFile, is_as_written, write_archive
from rushes.library.audio import Audio
from rushes.library.export_target import Target
from rushes.media.audio_out import write_audio
from rushes.media.facts import measure
from rushes.media.files import suffix_of
from rushes.media.going_out import Part, part_in, told
from rushes.media.transcode import check_holdable
from rushes.store import history, profiles, sources, version_files
from rushes.store.store import Store

_AT_ONCE = 200
"""Generations whose rows are held at a time."""

_ZIP = ".zip"


@dataclass(frozen=True, slots=True)
class _Take:
    """A generation and its versions, in the order they were added."""

    generation: Generation
    versions: tuple[GenerationVersion, ...]

    @property
    def default(self) -> GenerationVersion | None:
        return next((one for one in self.versions if one.is_default), None)


class ExportRun:
    """One run over generations; it may end between any two files."""

    def __init__(
        self,
        store: Store,
        audio: Audio,
        target: Target,
        pattern: FilePattern,
        *,
        overwrite: bool,
        watch: Watch,
        carry: Carry | None = None,
    ) -> None:
        self._store = store
        self._audio = audio
        self._target = target
        self._pattern = _telling_versions_apart(pattern, target)
        self._overwrite = overwrite
        self._watch = watch
        self._carry = carry
        self._trouble: TargetError | None = None
        self._profiles: dict[str, tuple[Profile, str | None]] = {}
        self._numbers: dict[str, int] = {}
        self._written: set[int] = set()
        self._done = 0
        self._total = 0

    def results(self, ids: Sequence[str]) -> Iterator[Result]:
        """Export these generations; gives each file when it has its name, and what failed.

        Raises:
            LibraryError: the library can't be read.
            RushesError: whatever the watch raises.
        """
        self._total = len(ids)
        for identity, take in self._takes(ids):
            self._tick()
            if take is None:
                yield NotExported(identity, history.missing([identity]))
            else:
                yield from self._results(take)
            self._done += 1
            if self._trouble is not None:
                for other in ids[self._done :]:
                    yield NotExported(other, self._trouble)
                return
        self._tick()

    def _tick(self) -> None:
        self._watch(self._done, self._total, "exporting")

    def _takes(self, ids: Sequence[str]) -> Iterator[tuple[str, _Take | None]]:
        for start in range(0, len(ids), _AT_ONCE):
            chunk = ids[start : start + _AT_ONCE]
            found = {one.id: one for one in history.by_ids(self._store.reader, chunk)}
            versions = {
                one.id: one.versions for one in version_files.files_of(self._store.reader, chunk)
            }
            for identity in chunk:
                here = identity in found and identity in versions
                yield identity, _Take(found[identity], versions[identity]) if here else None

    def _results(self, take: _Take) -> Iterator[Result]:
        what = self._target.what
        if isinstance(what, Archives):
            yield self._tried(take, self._archive)
        elif what.every_version and take.versions:
            for version in take.versions:
                yield self._tried(take, partial(self._alone, wanted=version.id))
        else:
            yield self._tried(take, partial(self._alone, wanted=what.version))

    def _tried(self, take: _Take, export: Callable[[_Take], ExportedFile]) -> Result:
        try:
            try:
                return export(take)
            except (AudioMissing, BadAudio):
                # It may have been compressed, or got another file, since its row was read.
                ((_, again),) = self._takes([take.generation.id])
                if again is None or again == take:
                    raise
                return export(again)
        except LibraryError:
            raise
        except TargetError as error:
            self._trouble = error
            return NotExported(take.generation.id, error)
        except RushesError as error:
            return NotExported(take.generation.id, error)

    def _archive(self, take: _Take) -> ExportedFile:
        assert isinstance(self._target.what, Archives)
        layout = self._target.what.layout
        self._check_free()
        files = [self._file(version) for version in take.versions]
        with part_in(self._target.folder) as part:
            written = write_archive(part.handle, self._whole(take), files, layout, self._tick)
            part.flush()
            if not is_as_written(part.path, written, self._tick):
                raise part.unreadable()
            size = part.path.stat().st_size
            file = self._put(part, take, take.default, _ZIP)
        file = self._carried(file)
        too_large = layout is Layout.VOICEBOX and size > MOST_FOR_VOICEBOX
        remarks = (*written.remarks, *((Remark.OVER_50_MB,) if too_large else ()))
        return ExportedFile(take.generation.id, file, size, remarks=remarks)

    def _alone(self, take: _Take, wanted: str | None) -> ExportedFile:
        assert isinstance(self._target.what, AudioAlone)
        self._check_free()
        version = _chosen(take, wanted)
        file = self._file(version)
        known = self._target.what.format
        if known is not None:
            check_holdable(file.facts, known)
        suffix = suffix_of(file.facts.format) if known is None else f".{known}"
        with part_in(self._target.folder) as part:
            remarks = write_audio(part, file.path, file.facts, known, self._tick)
            size = part.path.stat().st_size
            name = self._put(part, take, version, suffix)
        return ExportedFile(take.generation.id, self._carried(name), size, version.id, remarks)

    def _carried(self, file: str) -> str:
        """Where a whole file lies in the end: where it was put, or where it was carried to."""
        if self._carry is None:
            return file
        path = Path(file)
        with told(path.parent), path.open("rb") as handle:
            path.unlink()  # however this run ends from here on, nothing is left
            return self._carry(path.name, handle, self._tick_sending)

    def _tick_sending(self, sent: int, size: int) -> None:
        share = sent / size if size else 1.0
        self._watch(self._done, self._total, f"sending, {share:.0%}")

    def _file(self, version: GenerationVersion) -> VersionFile:
        path = self._audio.path(version)
        if version.facts is not None:
            return VersionFile(version, path, version.facts)
        try:
            facts = measure(path)
            return VersionFile(replace(version, facts=facts), path, facts)
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else str(error)
            raise AudioMissing(f"{shown(path.name)} can't be read", why) from error

    def _whole(self, take: _Take) -> WholeTake:
        generation = take.generation
        known = self._profiles.get(generation.profile_id)
        if known is None:
            reader = self._store.reader
            profile = profiles.by_id(reader, generation.profile_id)
            known = profile, profiles.details_of(reader, generation.profile_id)
            self._profiles[generation.profile_id] = known
        source = generation.source_id
        root = None if source is None else sources.root_of(self._store.reader, source)
        return WholeTake(generation, *known, source_kind=None if root is None else root.kind)

    def _check_free(self) -> None:
        """Tell before the work, rather than after it, that the one file is there already."""
        name = self._target.name
        if name is None or self._overwrite:
            return
        if os.path.lexists(self._target.folder / name):
            raise self._there_already()

    def _there_already(self) -> Conflict:
        place = self._target.folder / (self._target.name or "")
        fix = "Name another file, or ask for it to be overwritten."
        return Conflict(f"{shown(place)} isn't written", "there is something of that name", fix)

    def _put(self, part: Part, take: _Take, version: GenerationVersion | None, suffix: str) -> str:
        """Give a part the name that it is to have; gives the absolute path."""
        name = self._target.name
        if name is not None:
            if not part.put(name, overwrite=self._overwrite):
                raise self._there_already()
            return str(self._target.folder / name)
        values = values_of(take.generation, None if version is None else version.label)
        return str(
            self._target.folder / self._named(part, self._pattern.stem(values, suffix), suffix)
        )

    def _named(self, part: Part, stem: str, suffix: str) -> str:
        """Give a part that name, or with a number behind it where it is borne by something.

        What this run has written is never overwritten by it.
        """
        whole = f"{stem}{suffix}"
        for number, name in numbered(stem, suffix, self._numbers.get(whole, 1)):
            mark = hash(name.casefold())
            if self._overwrite and mark in self._written:
                continue
            if part.put(name, overwrite=self._overwrite):
                if self._overwrite:
                    self._written.add(mark)
                if number > 1:
                    self._numbers[whole] = number + 1
                return name
        raise AssertionError("numbers don't end")


def _chosen(take: _Take, wanted: str | None) -> GenerationVersion:
    if wanted is not None and take.versions:
        return pick_version(take.versions, wanted)
    if take.default is not None:
        return take.default
    running = take.generation.status.is_running
    raise AudioMissing(
        f"the generation {take.generation.id} has no audio",
        "it is still running" if running else "no file was ever kept",
        "A ZIP holds its record.",
    )


def _telling_versions_apart(pattern: FilePattern, target: Target) -> FilePattern:
    """The pattern with the label where all versions of a generation are exported."""
    what = target.what
    if isinstance(what, AudioAlone) and what.every_version and "label" not in pattern.fields:
        return FilePattern((*pattern.pieces, "-", Field("label")))
    return pattern
