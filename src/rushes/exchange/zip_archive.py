"""A ZIP archive of a stranger's, read without trusting it.

Nothing is ever extracted by name: entries are streams. All that the directory says is checked
before the first of them is opened, and what it said of sizes while they are read.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Self

from rushes.domain import limits
from rushes.domain.text import shown
from rushes.errors import BadInput
from rushes.exchange.end_of_zip import read_end
from rushes.media.decode import open_regular

SUFFIX = ".zip"

_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_OTHERS = {9: "deflate64", 12: "bzip2", 14: "LZMA", 93: "zstd", 95: "xz", 98: "PPMd"}
_ENCRYPTED = 0x1 | 0x40 | 0x2000
_HEADER = 30
_LONGEST_NAME = 500
_BAD = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
"""What ``zipfile`` raises at archives that aren't as they say; ValueError at odd offsets."""


class Entry:
    """An entry as a stream of bytes: as many as the directory says, whose sum is right.

    ``read`` raises BadInput where it holds fewer or others.
    """

    def __init__(self, name: str, size: int, stream: IO[bytes]) -> None:
        self._name = name
        self._left = size
        self._stream = stream

    def read(self, size: int = -1, /) -> bytes:
        """Up to ``size`` bytes; none at the end."""
        try:
            found = self._stream.read(self._left if size < 0 else min(size, self._left))
        except (*_BAD, OSError) as error:
            raise BadInput(f"{shown(self._name)} in it is damaged", shown(error)) from None
        self._left -= len(found)
        if not found and self._left and size:
            raise BadInput(
                f"{shown(self._name)} in it is damaged",
                f"{self._left:,} bytes fewer are there than its directory says",
            )
        return found


class ZipArchive:
    """An open archive whose directory was found to be sound; used in a ``with``.

    Raises:
        AudioMissing: there is no such file.
        BadInput: it is no ZIP archive, or nothing that could be trusted.
        RushesError: it can't be opened.
    """

    def __init__(self, path: Path) -> None:
        with ExitStack() as stack:
            handle = stack.enter_context(io.BufferedReader(open_regular(path)))
            self.size = handle.seek(0, 2)
            record = read_end(handle)
            try:
                self._zip = stack.enter_context(zipfile.ZipFile(handle))
            except (*_BAD, UnicodeDecodeError) as error:
                raise BadInput("it is no whole ZIP archive", shown(error)) from None
            found = self._zip.infolist()
            if len(found) != record.entries:
                why = f"{len(found):,} files are in it, {record.entries:,} its end says"
                raise BadInput("it is no whole ZIP archive", why)
            _check(found, record.offset, self.size)
            self._entries = {info.filename: info for info in found if not info.is_dir()}
            self._open = stack.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *told: object) -> None:
        """Close it."""
        self._open.close()

    @property
    def names(self) -> Sequence[str]:
        """The names of all files in it, in their order; folders are left out."""
        return tuple(self._entries)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    @contextmanager
    def opened(self, name: str) -> Iterator[Entry]:
        """An entry to read from.

        Raises:
            BadInput: there is none, or it can't be read.
        """
        info = self._entries.get(name)
        if info is None:
            raise BadInput(f"{shown(name)} is missing from it")
        try:
            stream = self._zip.open(info)
        except (*_BAD, OSError) as error:
            raise BadInput(f"{shown(name)} in it is damaged", shown(error)) from None
        with stream:
            yield Entry(name, info.file_size, stream)

    def document(self, name: str) -> bytes:
        """The whole of a short entry.

        Raises:
            BadInput: there is none, it can't be read, or it is too long for a document.
        """
        with self.opened(name) as entry:
            if self._entries[name].file_size > limits.LARGEST_RECORD:
                why = f"it has over {limits.LARGEST_RECORD:,} bytes"
                raise BadInput(f"its {shown(name)} can't be read", why)
            return b"".join(iter(lambda: entry.read(1 << 20), b""))


def _check(found: Sequence[zipfile.ZipInfo], directory: int, size: int) -> None:
    names: set[str] = set()
    for info in found:
        _check_name(info)
        _check_kind(info)
        _check_size(info)
        if info.filename in names:
            raise BadInput("it can't be trusted", f"{_told(info)} is in it twice")
        names.add(info.filename)
    ends = 0
    for info in sorted(found, key=lambda one: one.header_offset):
        if info.header_offset < ends or info.header_offset + _HEADER > directory:
            raise BadInput("it can't be trusted", f"{_told(info)} lies over another file")
        ends = info.header_offset + _HEADER + info.compress_size
    if ends > directory:
        raise BadInput("it can't be trusted", "a file in it reaches beyond the others")
    _check_ratio("all of it together", sum(info.file_size for info in found), size)


def _check_name(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename
    parts = (name[:-1] if name.endswith("/") else name).split("/")
    why = ""
    if "\0" in name:
        why = "has a NUL in its name"
    elif "\\" in name:
        why = "has a backslash in its name"
    elif name.startswith("/") or (len(name) > 1 and name[1] == ":"):
        why = "has an absolute name"
    elif not all(part.strip(". ") for part in parts):
        why = "has a name that leads elsewhere"
    elif len(name) > _LONGEST_NAME:
        why = "has too long a name"
    elif name != info.filename:
        why = "has two names"
    if why:
        raise BadInput("it can't be trusted", f"{_told(info)} {why}")


def _check_kind(info: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        told = "a symbolic link" if kind == stat.S_IFLNK else "no file"
        raise BadInput("it can't be trusted", f"{_told(info)} is {told}")
    if info.flag_bits & _ENCRYPTED:
        raise BadInput("it can't be read", f"{_told(info)} is encrypted", "Unlock it first.")
    if info.compress_type not in _METHODS:
        method = _OTHERS.get(info.compress_type, f"method {info.compress_type}")
        why = f"{_told(info)} is packed by {method}, only “stored” and “deflate” are known"
        raise BadInput("it can't be read", why)


def _check_size(info: zipfile.ZipInfo) -> None:
    if info.file_size > limits.LARGEST_FILE:
        why = f"{_told(info)} has over {limits.LARGEST_FILE:,} bytes"
        raise BadInput("it holds too much", why)
    if info.compress_type == zipfile.ZIP_STORED and info.file_size != info.compress_size:
        raise BadInput("it can't be trusted", f"{_told(info)} is said to have two sizes")
    _check_ratio(_told(info), info.file_size, info.compress_size)


def _check_ratio(what: str, size: int, packed: int) -> None:
    if size > limits.LARGEST_LEAVENED and size > limits.HIGHEST_RATIO * packed:
        why = f"{what} would grow to {size:,} bytes out of {packed:,}"
        raise BadInput("it can't be trusted", why)


def _told(info: zipfile.ZipInfo) -> str:
    name = info.orig_filename
    return shown(name if len(name) <= 80 else f"{name[:80]}…")
