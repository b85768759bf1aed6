"""Where a library's audio lies: staged, flushed, put in its place, found again, removed.

A key is a path relative to the library, with slashes, as the rows hold it: ``audio/<id>.wav``.
What a crash leaves is either a file in ``incoming/``, which ``sweep`` removes, or a whole file in
``audio/``.
"""

from __future__ import annotations

import errno
import os
import stat
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from rushes.domain import limits
from rushes.domain.text import shown
from rushes.errors import BadAudio, BadInput, Conflict, DiskFull, LibraryReadOnly, RushesError
from rushes.media.decode import open_regular

AUDIO = "audio"
INCOMING = "incoming"

_COPY_BYTES = 1 << 20
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_NO_PERMISSION = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})

# libsndfile's name of a format to the suffix that people know it by; others are their own.
_SUFFIXES = {"WAVEX": ".wav", "RF64": ".wav", "NIST": ".sph", "IRCAM": ".sf", "SVX": ".iff"}


def suffix_of(format_name: str) -> str:
    """The suffix of a file of libsndfile's format ``format_name``, as ".wav" or ".mp3"."""
    return _SUFFIXES.get(format_name, f".{format_name.lower()}")


def audio_key(name: str, format_name: str) -> str:
    """The key of an audio file: ``name`` (a new id) with the suffix of its real format."""
    return f"{AUDIO}/{name}{suffix_of(format_name)}"


def is_audio_key(key: str) -> bool:
    """Whether a key names a place in ``audio/``: nothing else is ever placed or removed."""
    parts = key.split("/")
    if parts[0] != AUDIO or len(parts) < 2 or not all(part.strip(". ") for part in parts):
        return False
    return _is_plain(key)


class SupportsRead(Protocol):
    """A stream of bytes: an open file, an entry of an archive."""

    def read(self, size: int, /) -> bytes | None:
        """Up to ``size`` bytes; none at the end."""


Source = Path | bytes | SupportsRead


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that is whole and flushed to disk, but isn't in its place yet; size in bytes."""

    path: Path
    bytes: int


class AudioFiles(Protocol):
    """Keeps audio under keys. Every method may raise the errors of ``LocalAudioFiles``."""

    def stage(self, source: Source, *, link: bool = False) -> Staged:
        """Take the bytes of a file or a stream, or these bytes."""

    def stage_array(
        self, samples: object, sample_rate: object, subtype: str | None = None
    ) -> Staged:
        """Take samples as a WAV file without loss."""

    def stage_written(self, write: Callable[[BinaryIO], None]) -> Staged:
        """Take what ``write`` writes to an empty file."""

    def place(self, staged: Staged, key: str) -> None:
        """Put a staged file where ``key`` says, for good."""

    def discard(self, staged: Staged) -> None:
        """Give a staged file up."""

    def resolve(self, key: str) -> Path:
        """Where the file of a key is, or would be."""

    def remove(self, key: str) -> None:
        """Remove a file; one that is gone already is no error."""

    def exists(self, key: str) -> bool:
        """Whether there is a file under a key."""

    def size(self, key: str) -> int | None:
        """The size of a file in bytes; None when there is none."""

    def keys(self) -> Iterator[str]:
        """Every key that has a file, in no order."""

    def stale(self, older_than: float) -> Sequence[tuple[str, int]]:
        """Staged files older than so many seconds: where, and how many bytes."""

    def sweep(self, older_than: float) -> int:
        """Remove staged files older than so many seconds; gives their number."""


class LocalAudioFiles:
    """Audio in a folder on this machine; ``root`` is the library's folder.

    Nothing is made before the first file is staged, so that a library that can only be read stays
    as it is.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def stage(self, source: Source, *, link: bool = False) -> Staged:
        """Bring the bytes of a file, or what is given, into ``incoming/``, flushed to disk.

        ``link`` lets the staged file share the source's room where the file system can: for a
        source that is to be moved. The source itself stays; whoever asked removes it after the row
        is committed.

        Raises:
            AudioMissing: there is no such source.
            BadAudio: the source isn't a file, or is too large.
            DiskFull: no room is left; nothing stays in ``incoming/``.
            LibraryReadOnly: the library can't be written.
            RushesError: the source can't be read.
        """
        if isinstance(source, bytes):
            return self._copied(BytesIO(source), "The audio")
        if not isinstance(source, Path):
            return self._copied(source, "The audio")
        with open_regular(source) as original:
            _check_size(os.fstat(original.fileno()).st_size, shown(source.name))
            linked = self._linked(source, original.fileno()) if link else None
            return linked or self._copied(original, shown(source.name))

    def stage_array(
        self, samples: object, sample_rate: object, subtype: str | None = None
    ) -> Staged:
        """Write samples as a WAV file into ``incoming/``, without loss, and flush it to disk.

        Shapes, types and ``subtype`` are those of ``rushes.media.wav.encode_wav``.

        Raises:
            BadInput: samples, rate or subtype that aren't meant for this.
            BadAudio: no samples, too many, or some that are no numbers.
            DiskFull: no room is left; nothing stays in ``incoming/``.
            LibraryReadOnly: the library can't be written.
        """
        from rushes.media.wav import encode_wav

        wav = encode_wav(samples, sample_rate, subtype)
        with self._staging() as (path, handle):
            handle.write(wav.header)
            handle.write(wav.data.data)
            handle.write(wav.padding)
            size = handle.tell()
        return Staged(path, size)

    def stage_written(self, write: Callable[[BinaryIO], None]) -> Staged:
        """Let ``write`` write a file in ``incoming/``, at any places of it, and flush it to disk.

        What ``write`` raises goes on to the caller.

        Raises:
            DiskFull: no room is left; nothing stays in ``incoming/``.
            LibraryReadOnly: the library can't be written.
        """
        with self._staging() as (path, handle):
            write(handle)
            handle.seek(0, os.SEEK_END)
            size = handle.tell()
        return Staged(path, size)

    def place(self, staged: Staged, key: str) -> None:
        """Rename a staged file to its place and flush the folder.

        Raises:
            BadInput: the key doesn't lie in ``audio/``.
            Conflict: there is a file already.
            DiskFull, LibraryReadOnly, RushesError: it can't be done; the staged file stays.
        """
        target = self.resolve(key)
        if not key.startswith(f"{AUDIO}/"):
            raise _bad_key(key)
        with self._translated():
            make_folder(target.parent)
            if os.path.lexists(target):
                raise Conflict(f"{shown(key)} can't be placed", "there is a file of that name")
            staged.path.rename(target)
            flush_folder(target.parent)

    def discard(self, staged: Staged) -> None:
        """Remove a staged file; one that was placed or is gone is no error."""
        with self._translated():
            staged.path.unlink(missing_ok=True)

    def resolve(self, key: str) -> Path:
        """The path of a key, whether or not there is a file.

        Raises:
            BadInput: the key would lead out of the library.
        """
        parts = key.split("/")
        if not (_is_plain(key) and all(part.strip(". ") for part in parts)):
            raise _bad_key(key)
        return self._root.joinpath(*parts)

    def remove(self, key: str) -> None:
        """Remove the file of a key; one that is gone already is no error.

        Raises:
            BadInput: the key would lead out of the library.
            LibraryReadOnly, RushesError: it can't be removed.
        """
        path = self.resolve(key)
        with self._translated(), suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()

    def exists(self, key: str) -> bool:
        """Whether there is a file under a key; raises BadInput as ``resolve`` does."""
        return self.size(key) is not None

    def size(self, key: str) -> int | None:
        """The size of a key's file in bytes, None without one; raises as ``resolve`` does."""
        try:
            found = self.resolve(key).stat()
        except OSError:
            return None
        return found.st_size if stat.S_ISREG(found.st_mode) else None

    def keys(self) -> Iterator[str]:
        """The key of every file in ``audio/`` and its folders, in no order."""
        folders = [AUDIO]
        while folders:
            folder = folders.pop()
            with suppress(FileNotFoundError), os.scandir(self._root / folder) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(f"{folder}/{entry.name}")
                    else:
                        yield f"{folder}/{entry.name}"

    def sweep(self, older_than: float) -> int:
        """Remove what was staged more than ``older_than`` seconds ago; gives how many.

        Raises:
            LibraryReadOnly, RushesError: they can't be removed.
        """
        swept = 0
        with self._translated():
            for name, _ in self.stale(older_than):
                (self._root / name).unlink(missing_ok=True)
                swept += 1
        return swept

    def stale(self, older_than: float) -> list[tuple[str, int]]:
        """What was staged more than ``older_than`` seconds ago: where, and how many bytes.

        Raises OSError where the folder can't be read.
        """
        found = []
        limit = time.time() - older_than
        with suppress(FileNotFoundError), os.scandir(self._root / INCOMING) as entries:
            for entry in entries:
                with suppress(FileNotFoundError):
                    about = entry.stat(follow_symlinks=False)
                    if about.st_ctime <= limit:
                        found.append((f"{INCOMING}/{entry.name}", about.st_size))
        return found

    def _copied(self, source: SupportsRead, name: str) -> Staged:
        with self._staging() as (path, handle):
            while chunk := _read(source, name):
                handle.write(chunk)
                # A stream doesn't say how long it is.
                _check_size(handle.tell(), name)
            size = handle.tell()
        return Staged(path, size)

    @contextmanager
    def _staging(self) -> Iterator[tuple[Path, BinaryIO]]:
        """A new file in ``incoming/``; flushed at the end, gone if anything fails."""
        path = self._incoming()
        with self._translated():
            try:
                with path.open("xb", buffering=_COPY_BYTES) as handle:
                    yield path, handle
                    handle.flush()
                    os.fsync(handle.fileno())
            except BaseException:
                path.unlink(missing_ok=True)
                raise

    def _linked(self, source: Path, descriptor: int) -> Staged | None:
        """A second name for the source in ``incoming/``; None where that can't be had.

        Nor where the file would keep a name elsewhere, under which it could be changed later.
        """
        lone = os.fstat(descriptor).st_nlink == 1 and not source.is_symlink()
        if not (lone and os.access(source.parent, os.W_OK)):
            return None
        path = self._incoming()
        with self._translated():
            try:
                os.link(source.resolve(), path)
                os.fsync(descriptor)
            except OSError:
                path.unlink(missing_ok=True)
                return None
            # What was opened may have been replaced meanwhile; the link then names something else.
            opened, linked = os.fstat(descriptor), path.stat()
            if (opened.st_dev, opened.st_ino) != (linked.st_dev, linked.st_ino):
                path.unlink()
                return None
            return Staged(path, linked.st_size)

    def _incoming(self) -> Path:
        folder = self._root / INCOMING
        with self._translated():
            make_folder(folder)
        return folder / f"{uuid.uuid4()}.part"

    def _translated(self) -> AbstractContextManager[None]:
        return translated(self._root)


@contextmanager
def translated(root: Path) -> Iterator[None]:
    """Within it, what the system says against a change to ``root`` leaves as ours.

    Raises:
        DiskFull, LibraryReadOnly, RushesError: by what the system says.
    """
    where = shown(root)
    try:
        yield
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        if error.errno in _NO_ROOM:
            raise DiskFull(
                "The audio wasn't kept", f"no room is left where {where} lies", "Make room there."
            ) from error
        if error.errno in _NO_PERMISSION:
            raise LibraryReadOnly(
                f"The library {where} can only be read",
                why,
                "Give yourself write permission there.",
            ) from error
        raise RushesError(f"The audio files of {where} can't be changed", why) from error


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, on the disk; raises OSError as ``mkdir`` does."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    flush_folder(folder.parent)


def _is_plain(key: str) -> bool:
    """Whether every character of a key can be part of a file's name."""
    try:
        os.fsencode(key)
    except UnicodeEncodeError:
        return False
    return "\\" not in key and "\0" not in key


def _check_size(size: int, name: str) -> None:
    if size > limits.LARGEST_FILE:
        why = f"it has over {limits.LARGEST_FILE:,} bytes"
        raise BadAudio(f"{name} can't be kept", why, "Cut it in parts.")


def _read(handle: SupportsRead, name: str) -> bytes:
    try:
        return handle.read(_COPY_BYTES) or b""
    except OSError as error:
        raise RushesError(f"{name} can't be read", os.strerror(error.errno or errno.EIO)) from error


def flush_folder(folder: Path) -> None:
    """Flush a folder: a file's new name is on the disk only then."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _bad_key(key: str) -> BadInput:
    return BadInput(f"{shown(key)} doesn't name a file of the library")
