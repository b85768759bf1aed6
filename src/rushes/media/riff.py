"""What the header of a WAV file claims about its samples, held against the bytes there are.

libsndfile quietly shortens a file whose header claims more than it holds, and reads a header
that was never finished as an empty file. Both are told apart here, before it opens the file.

Layout: "Multimedia Programming Interface and Data Specifications 1.0" (RIFF, WAVE) and
EBU Tech 3306 (RF64, ``ds64``).
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from typing import BinaryIO

from rushes.errors import BadAudio

# What programs that write to a pipe leave in the data chunk's size, as they can't go back to it:
# GStreamer and recorders that were interrupted 0, espeak-ng and sox 0x7FFFF000, arecord
# 0x80000000, ffmpeg 0xFFFFFFFF.
UNFINISHED_SIZES = frozenset({0, 0x7FFFF000, 0x80000000, 0xFFFFFFFF})

# An unfinished header with less sound than this behind it is taken for a damaged file.
UNFINISHED_LEAST_SECONDS = 0.1

_MOST_CHUNKS = 4_096


@dataclass(frozen=True, slots=True)
class WavSizes:
    """Sizes that a WAV file's header claims, and those it has, in bytes.

    ``data_at`` is where the samples begin, ``claimed`` what the data chunk says, ``held`` what
    lies between there and the end of the file, ``riff`` what the first eight bytes say.
    """

    little_endian: bool
    riff: int
    total: int
    data_at: int
    claimed: int
    held: int
    bytes_per_second: int

    @property
    def unfinished(self) -> bool:
        """Whether the header was plainly left open by a program that wrote to a pipe."""
        if self.claimed not in UNFINISHED_SIZES:
            return False
        if self.held < max(1, self.bytes_per_second * UNFINISHED_LEAST_SECONDS):
            return False
        if self.claimed:
            return self.riff == 0 or self.riff + 8 > self.total
        return self.riff in (0, 0xFFFFFFFF) or self.riff + 8 <= self.data_at


def read_wav_sizes(handle: BinaryIO, total: int) -> WavSizes | None:
    """The sizes in a WAV file of ``total`` bytes; None when it isn't WAV or has no data chunk.

    ``handle`` is left anywhere.
    """
    handle.seek(0)
    head = handle.read(12)
    if len(head) < 12 or head[:4] not in (b"RIFF", b"RIFX", b"RF64") or head[8:] != b"WAVE":
        return None
    order = ">" if head[:4] == b"RIFX" else "<"
    riff = int(struct.unpack(f"{order}I", head[4:8])[0])
    bytes_per_second = 0
    long_data: int | None = None
    at = 12
    for _ in range(_MOST_CHUNKS):
        handle.seek(at)
        chunk = handle.read(8)
        if len(chunk) < 8:
            return None
        name, size = chunk[:4], int(struct.unpack(f"{order}I", chunk[4:])[0])
        if name == b"data":
            claimed = size if long_data is None or size != 0xFFFFFFFF else long_data
            return WavSizes(
                order == "<", riff, total, at + 8, claimed, total - at - 8, bytes_per_second
            )
        body = handle.read(16) if name in (b"fmt ", b"ds64") else b""
        if name == b"fmt " and len(body) == 16:
            rate, _, block = struct.unpack(f"{order}IIH", body[4:14])
            bytes_per_second = rate * block
        if name == b"ds64" and len(body) == 16:
            riff, long_data = struct.unpack("<QQ", body)
        at += 8 + size + (size & 1)
    return None


def check_wav_sizes(sizes: WavSizes, name: str) -> None:
    """Refuse a WAV file that claims more samples than it holds.

    Raises:
        BadAudio: the data chunk claims more bytes than the file has.
    """
    if sizes.claimed <= sizes.held or sizes.unfinished:
        return
    raise BadAudio(
        f"{name} lies about its size",
        f"its header promises {sizes.claimed:,} bytes of samples, the file holds {sizes.held:,}",
        "It is cut off or damaged: copy or make it again.",
    )


def mend_unfinished(handle: io.RawIOBase, sizes: WavSizes) -> MendedWav:
    """The file as it would be had its writer filled in the two sizes; nothing is written."""
    order = "<" if sizes.little_endian else ">"
    data = min(sizes.held, 0xFFFFFFFE)
    riff = min(sizes.data_at - 8 + data, 0xFFFFFFFE)
    return MendedWav(
        handle,
        {4: struct.pack(f"{order}I", riff), sizes.data_at - 4: struct.pack(f"{order}I", data)},
    )


class MendedWav(io.RawIOBase):
    """A file read with a few of its bytes replaced; ``patches`` maps offsets to those bytes."""

    def __init__(self, handle: io.RawIOBase, patches: dict[int, bytes]) -> None:
        super().__init__()
        self._handle = handle
        self._patches = patches

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move to ``offset`` bytes; gives the new position."""
        return self._handle.seek(offset, whence)

    def tell(self) -> int:
        """The position in bytes."""
        return self._handle.tell()

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]  # the stub's Buffer needs Python 3.12
        """Fill ``buffer`` from here on; gives the number of bytes."""
        view = memoryview(buffer).cast("B")
        start = self.tell()
        count = self._handle.readinto(view) or 0
        for at, patch in self._patches.items():
            first, last = max(at, start), min(at + len(patch), start + count)
            if first < last:
                view[first - start : last - start] = patch[first - at : last - at]
        return count
