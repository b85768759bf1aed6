"""Metadata blocks of FLAC: written between those of libsndfile, and read back.

Layout: RFC 9639, section 8. What a WAV file holds besides its samples lies in APPLICATION blocks
of the id "riff", as ``flac --keep-foreign-metadata`` writes and reads them: a block for the twelve
bytes at the beginning, one for each chunk with its padding, in order, of the data chunk the header
alone.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

_MARK = b"fLaC"
_APPLICATION = 2
_LAST = 0x80
_STREAMINFO_END = 4 + 4 + 34
_LONGEST_BLOCK = (1 << 24) - 1

RIFF = b"riff"
"""The id of blocks that hold parts of a WAV file."""

ORIGIN = b"rush"
"""The id of the block that holds the SHA-256 of the whole WAV file: 32 bytes."""

LONGEST_PIECE = _LONGEST_BLOCK - 4
"""Bytes that one block can hold after its id."""


@dataclass(frozen=True, slots=True)
class Origin:
    """What a FLAC file tells of the WAV file that it was made of.

    ``pieces`` are the parts that aren't samples, in order; ``sha256`` is lower-case hexadecimal.
    """

    pieces: tuple[bytes, ...]
    sha256: str


def encode_origin(origin: Origin) -> bytes:
    """The blocks that keep an origin, none of them marked as the last."""
    blocks = [_block(ORIGIN, bytes.fromhex(origin.sha256))]
    blocks += [_block(RIFF, piece) for piece in origin.pieces]
    return b"".join(blocks)


def read_origin(handle: BinaryIO) -> Origin | None:
    """The origin that a FLAC file keeps; None where it keeps none, or isn't FLAC at all."""
    pieces: list[bytes] = []
    sha256 = b""
    for name, content in _applications(handle):
        if name == ORIGIN:
            sha256 = content
        elif name == RIFF:
            pieces.append(content)
    return Origin(tuple(pieces), sha256.hex()) if pieces and len(sha256) == 32 else None


def _block(name: bytes, content: bytes) -> bytes:
    header = struct.pack(">I", _APPLICATION << 24 | len(name) + len(content))
    return header + name + content


def _applications(handle: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    handle.seek(0)
    if handle.read(4) != _MARK:
        return
    last = False
    while not last:
        header = handle.read(4)
        if len(header) < 4:
            return
        last, kind = bool(header[0] & _LAST), header[0] & ~_LAST
        size = int.from_bytes(header[1:], "big")
        if kind != _APPLICATION:
            handle.seek(size, io.SEEK_CUR)
            continue
        content = handle.read(size)
        if len(content) < size:
            return
        yield content[:4], content[4:]


class Inserting:
    """A file to write FLAC to, into which blocks come behind the first, without a second copy.

    Whoever writes sees the file without them. libsndfile can't be told of an error: ``fault``
    keeps the first, and nothing more is written.
    """

    def __init__(self, target: BinaryIO, blocks: bytes) -> None:
        self._target = target
        self._shift = len(blocks)
        self._at = 0
        self._end = 0
        self._sealed = False
        self.fault: OSError | None = None
        target.seek(_STREAMINFO_END)
        target.write(blocks)

    def write(self, data: bytes) -> int:
        """Write at the present place; gives the number of bytes written."""
        if self._sealed or self.fault is not None:
            return 0
        try:
            for piece in self._parted(data):
                place = self._at if self._at < _STREAMINFO_END else self._at + self._shift
                self._target.seek(place)
                self._target.write(piece)
                self._at += len(piece)
        except OSError as error:
            self.fault = error
            return 0
        self._end = max(self._end, self._at)
        return len(data)

    def seal(self) -> None:
        """Write nothing more: the file may be closed before its writer knows."""
        self._sealed = True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place; gives it."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._end}[whence]
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        """The present place."""
        return self._at

    def _parted(self, data: bytes) -> Iterable[bytes]:
        """The data in two where it reaches across the place of the blocks."""
        head = max(0, _STREAMINFO_END - self._at)
        return [part for part in (data[:head], data[head:]) if part]
