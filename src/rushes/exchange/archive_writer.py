"""A generation as a ZIP, in the layout of Voicebox or in that of Sonna's documents.

Audio comes first, so that each hash is that of what was written, then the two JSON files. The
default version is first among ``audio/*.wav`` both in order and by name, as that one is what
Voicebox imports. The same generation gives the same bytes.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from rushes.domain import limits
from rushes.domain.archive_writing import (
    GENERATION,
    MANIFEST,
    ArchivedVersion,
    WholeTake,
    generation_document,
    manifest,
)
from rushes.domain.audio import AudioFacts
from rushes.domain.export_formats import AudioFormat, Layout
from rushes.domain.exporting import Remark
from rushes.domain.generation import GenerationVersion
from rushes.domain.record import Record, to_json
from rushes.domain.times import as_utc
from rushes.media.decode import open_regular
from rushes.media.files import suffix_of
from rushes.media.transcode import damaged, format_of, wav_bytes, wav_parts
from rushes.media.wav_samples import read_some

if TYPE_CHECKING:
    import io

Tick = Callable[[], None]
"""Called between blocks; what it raises ends the work."""

_PIECE = 1 << 20
_PLAIN_FILE = 0o644 << 16
_UNIX = 3
_SONNA_AUDIO = "audio.wav"


@dataclass(frozen=True, slots=True)
class VersionFile:
    """A version, where its file lies, and what was measured of that file."""

    version: GenerationVersion
    path: Path
    facts: AudioFacts


@dataclass(frozen=True, slots=True)
class WrittenArchive:
    """The hash of every entry by its name, in order, and what is to be said of the archive."""

    entries: dict[str, str]
    remarks: tuple[Remark, ...]


def write_archive(
    target: BinaryIO,
    take: WholeTake,
    files: Sequence[VersionFile],
    layout: Layout,
    tick: Tick,
) -> WrittenArchive:
    """Write the ZIP of a generation to an empty file; ``files`` are its versions in order.

    Raises:
        BadAudio: a file is damaged, or isn't the one that was recorded.
        AudioMissing: a file isn't there.
        RushesError: a file can't be read.
        OSError: the target can't be written.
    """
    writing = _Writing(target, take, tick)
    try:
        if layout is Layout.SONNA:
            writing.sonna(files)
        else:
            writing.voicebox(files)
        return writing.finished()
    except BaseException:
        writing.abandon()
        raise


def is_as_written(path: Path, written: WrittenArchive, tick: Tick) -> bool:
    """Whether every entry of a ZIP, read to its end, is what was written; raises OSError."""
    found: dict[str, str] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                digest = hashlib.sha256()
                with archive.open(name) as entry:
                    while piece := entry.read(_PIECE):
                        tick()
                        digest.update(piece)
                found[name] = digest.hexdigest()
    except (zipfile.BadZipFile, EOFError):
        return False
    return found == written.entries


class _Writing:
    """One archive while it is written."""

    def __init__(self, target: BinaryIO, take: WholeTake, tick: Tick) -> None:
        self._archive = zipfile.ZipFile(target, "w", zipfile.ZIP_STORED)
        self._take = take
        self._tick = tick
        self._entries: dict[str, str] = {}
        self._remarks: list[Remark] = []

    def voicebox(self, files: Sequence[VersionFile]) -> None:
        """Every version's bytes; where the default's are no WAV, one for Voicebox besides."""
        archived: dict[str, ArchivedVersion] = {}
        for file in sorted(files, key=lambda file: not file.version.is_default):
            archived[file.version.id] = self._version(file)
        versions = [archived[file.version.id] for file in files]
        self._json(MANIFEST, manifest(self._take, versions))
        self._json(GENERATION, generation_document(self._take, versions))

    def sonna(self, files: Sequence[VersionFile]) -> None:
        """The record, and the default version as WAV."""
        default = next((file for file in files if file.version.is_default), None)
        versions = []
        if len(files) > 1:
            self._remarks.append(Remark.VERSIONS_LEFT_OUT)
        if default is not None and _is_wav(default):
            versions.append(self._copied(default, _SONNA_AUDIO))
        elif default is not None:
            self._remarks.append(Remark.DECODED)
            size, digest = self._decoded(default, _SONNA_AUDIO)
            versions.append(
                ArchivedVersion(default.version, _SONNA_AUDIO, _SONNA_AUDIO, digest, size)
            )
        self._json(GENERATION, generation_document(self._take, versions))

    def finished(self) -> WrittenArchive:
        """End the archive with its directory."""
        self._archive.close()
        return WrittenArchive(self._entries, tuple(self._remarks))

    def abandon(self) -> None:
        """Write nothing more: else its end would be, when the file is closed already."""
        self._archive.fp = None

    def _version(self, file: VersionFile) -> ArchivedVersion:
        identity = self._take.generation.id
        suffix = suffix_of(file.facts.format)
        if not file.version.is_default:
            # A full stop sorts before an underscore: the default stays first by name.
            return self._copied(file, f"audio/{identity}_{file.version.id}{suffix}")
        if _is_wav(file):
            return self._copied(file, f"audio/{identity}.wav")
        exact = f"original/{identity}{suffix}"
        if wav_bytes(file.facts) > limits.LARGEST_WAV:
            self._remarks.append(Remark.NO_WAV)
            return self._copied(file, exact)
        heard = f"audio/{identity}.wav"
        self._decoded(file, heard)
        return replace(self._copied(file, exact), heard=heard)

    def _copied(self, file: VersionFile, name: str) -> ArchivedVersion:
        with open_regular(file.path) as source:
            size, digest = self._entry(name, file.facts.bytes, _no_more(source, file))
        if digest != file.facts.sha256:
            raise damaged(file.path)
        return ArchivedVersion(file.version, name, name, digest, size)

    def _decoded(self, file: VersionFile, name: str) -> tuple[int, str]:
        """Write a file as WAV; gives its bytes and their hash."""
        expected = wav_bytes(file.facts)
        return self._entry(name, expected, wav_parts(file.path, file.facts, self._tick))

    def _json(self, name: str, record: Record) -> None:
        text = to_json(record, indent=2).encode()
        self._entry(name, len(text), iter((text,)), zipfile.ZIP_DEFLATED)

    def _entry(
        self, name: str, expected: int, pieces: Iterator[bytes], way: int = zipfile.ZIP_STORED
    ) -> tuple[int, str]:
        info = zipfile.ZipInfo(name, self._moment())
        info.compress_type = way
        info.create_system = _UNIX
        info.external_attr = _PLAIN_FILE
        info.file_size = expected  # by which zipfile makes room for sizes of 64 bits
        size, digest = 0, hashlib.sha256()
        with self._archive.open(info, "w") as entry:
            for piece in pieces:
                self._tick()
                entry.write(piece)
                digest.update(piece)
                size += len(piece)
        self._entries[name] = digest.hexdigest()
        return size, digest.hexdigest()

    def _moment(self) -> tuple[int, int, int, int, int, int]:
        """When the generation was made, within what ZIP can tell: 1980 to 2107."""
        made = as_utc(self._take.generation.created_at)
        if made.year < 1980:
            return (1980, 1, 1, 0, 0, 0)
        if made.year > 2107:
            return (2107, 12, 31, 23, 59, 58)
        return (made.year, made.month, made.day, made.hour, made.minute, made.second)


def _no_more(source: io.FileIO, file: VersionFile) -> Iterator[bytes]:
    """The bytes of a file, unless it has grown since it was measured."""
    left = file.facts.bytes
    while piece := read_some(source, _PIECE):
        left -= len(piece)
        if left < 0:
            raise damaged(file.path)
        yield piece


def _is_wav(file: VersionFile) -> bool:
    return format_of(file.facts) is AudioFormat.WAV
