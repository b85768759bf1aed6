"""ZIP archives of generations and of profiles: found, told apart, and read as plain values.

A generation comes as Voicebox writes it (``manifest.json``), as it is documented
(``generation.json`` and ``audio.wav``), or as rushes writes it, which is both, with all that
Voicebox has no place for in ``generation.json``. A profile comes as Voicebox writes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rushes.domain.archive_record import RECORD, Recorded, is_own, recorded
from rushes.domain.foreign import ForeignProfile, ForeignSample
from rushes.domain.strict_json import strict_json
from rushes.domain.text import shown
from rushes.errors import BadAudio, BadInput, RushesError, SourceError
from rushes.exchange import voicebox_archive
from rushes.exchange.recognising import holds_history
from rushes.exchange.voicebox_archive import MANIFEST, SAMPLES
from rushes.exchange.zip_archive import SUFFIX, ZipArchive

_BEGINNINGS = (b"PK\3\4", b"PK\5\6")


@dataclass(frozen=True, slots=True)
class ArchivedTake:
    """A generation in an archive; ``name`` tells it from others where it has no id of its own."""

    archive: ZipArchive
    found: Recorded
    name: str


@dataclass(frozen=True, slots=True)
class ArchivedProfile:
    """A profile in an archive, with its samples; their paths are names of entries."""

    archive: ZipArchive
    profile: ForeignProfile
    samples: tuple[ForeignSample, ...]


def archives_at(path: Path) -> tuple[Path, ...]:
    """The archives that a path means: itself, or all in a folder that holds nothing else to import.

    None where it means something else, or isn't there.
    """
    try:
        if path.is_dir():
            inside = sorted(one for one in path.iterdir() if _is_archive_name(one))
            return tuple(inside) if inside and not holds_history(path) else ()
        if path.suffix.lower() == SUFFIX:
            return (path,)
        if path.is_file():
            with path.open("rb") as handle:
                return (path,) if handle.read(4) in _BEGINNINGS else ()
    except (OSError, ValueError):
        pass  # whoever opens it tells what is wrong with it
    return ()


@contextmanager
def opened_archive(path: Path) -> Iterator[ArchivedTake | ArchivedProfile]:
    """What an archive holds, to be streamed from within the block.

    What is wrong with the archive, found here or while it is read in the block, leaves as a
    SourceError that names it.

    Raises:
        SourceError: it isn't an archive of either kind, or nothing that could be trusted.
        AudioMissing: there is no such file.
        RushesError: it can't be opened.
    """
    try:
        with ZipArchive(path) as archive:
            yield _read(archive)
    except (BadInput, BadAudio) as error:
        raise refused(path, error) from error


def refused(path: Path, error: RushesError) -> SourceError:
    """What is wrong with an archive, told of the archive."""
    why = f"{error.what}: {error.why}" if error.why else error.what
    return SourceError(f"{shown(path.name)} can't be imported", why, error.fix)


def _read(archive: ZipArchive) -> ArchivedTake | ArchivedProfile:
    raw = archive.document(RECORD) if RECORD in archive else b""
    record = strict_json(raw, RECORD) if raw else None
    if record is not None and (is_own(record) or MANIFEST not in archive):
        return ArchivedTake(archive, recorded(record), sha256(raw).hexdigest())
    if MANIFEST not in archive:
        why = f"it holds neither {MANIFEST} nor {RECORD}"
        raise BadInput("it is no archive of a generation or a profile", why)
    raw = archive.document(MANIFEST)
    manifest = strict_json(raw, MANIFEST)
    if voicebox_archive.is_profile(manifest):
        words = strict_json(archive.document(SAMPLES), SAMPLES) if SAMPLES in archive else {}
        return ArchivedProfile(archive, *voicebox_archive.profile(manifest, words, archive.names))
    found = voicebox_archive.generation(manifest, archive.names)
    return ArchivedTake(archive, found, sha256(raw).hexdigest())


def _is_archive_name(path: Path) -> bool:
    return path.suffix.lower() == SUFFIX and not path.name.startswith(".") and path.is_file()
