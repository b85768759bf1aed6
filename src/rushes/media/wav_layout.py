"""A WAV file taken apart, its samples and everything else, so as to be put together again."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from rushes.media.riff import WavSizes, read_wav_sizes

MOST_ELSE = 8_000_000
"""Bytes of a WAV file besides its samples that are kept in a FLAC file."""

_MOST_PIECES = 4_096


@dataclass(frozen=True, slots=True)
class WavLayout:
    """Where the samples lie, in bytes, and the other parts of the file in order.

    ``head`` are the parts before the samples, the last of which is the data chunk's header,
    ``tail`` those behind them. The zero that makes an odd data chunk even is in neither.
    """

    head: tuple[bytes, ...]
    data_at: int
    data_bytes: int
    tail: tuple[bytes, ...]

    @property
    def pieces(self) -> tuple[bytes, ...]:
        """Head and tail."""
        return self.head + self.tail


def read_layout(handle: BinaryIO, total: int, frame_bytes: int) -> WavLayout | None:
    """Take a RIFF or RF64 file of ``total`` bytes apart; None where that can't be done.

    ``frame_bytes`` is the size of a frame; what is left over of one belongs to the tail.
    """
    sizes = read_wav_sizes(handle, total)
    if sizes is None or not sizes.little_endian:
        return None
    # A header that was left open claims no size, or more than there is: libsndfile reads it all.
    open_ended = sizes.unfinished or sizes.claimed > sizes.held
    length = sizes.held if open_ended else sizes.claimed
    length -= length % frame_bytes
    behind = sizes.data_at + length
    if total - length > MOST_ELSE:
        return None
    handle.seek(0)
    head = _chunks(handle.read(sizes.data_at - 8), 12)
    handle.seek(sizes.data_at - 8)
    head = (*head, handle.read(8))
    padded = _is_padded(sizes, length)
    handle.seek(behind + padded)
    rest = handle.read()
    # Only behind a whole data chunk do chunks follow.
    tail = _chunks(rest, 0) if padded or sizes.claimed == length else (rest,)
    layout = WavLayout(head, sizes.data_at, length, tuple(piece for piece in tail if piece))
    return layout if len(layout.pieces) <= _MOST_PIECES else None


def split_pieces(
    pieces: Sequence[bytes], data_bytes: int
) -> tuple[tuple[bytes, ...], tuple[bytes, ...]] | None:
    """What comes before the samples and what behind them, with the padding, ready to be written.

    ``data_bytes`` is the size of the samples. None where the pieces make no WAV file.
    """
    at = next((n for n, piece in enumerate(pieces) if len(piece) == 8 and piece[:4] == b"data"), -1)
    head, tail = tuple(pieces[: at + 1]), tuple(pieces[at + 1 :])
    before = b"".join(head)
    total = len(before) + data_bytes + sum(map(len, tail))
    sizes = read_wav_sizes(io.BytesIO(before), total)
    if sizes is None or sizes.data_at != len(before):
        return None
    return head, ((b"\0", *tail) if _is_padded(sizes, data_bytes) else tail)


def _is_padded(sizes: WavSizes, length: int) -> bool:
    """Whether an odd data chunk is followed by a zero.

    It should be, but programs leave it out at the end of the file. The size in the first eight
    bytes tells.
    """
    end = sizes.data_at + length
    return bool(length & 1) and sizes.claimed == length and sizes.riff + 8 > end


def _chunks(content: bytes, first: int) -> tuple[bytes, ...]:
    """Content parted into its ``first`` bytes and whole chunks with their padding.

    What is no whole chunk at the end comes as one piece.
    """
    pieces = [content[:first]] if first else []
    at = first
    while at < len(content):
        end = len(content)
        if at + 8 <= len(content):
            (size,) = struct.unpack_from("<I", content, at + 4)
            end = at + 8 + size + (size & 1)
        pieces.append(content[at:end])
        at = end
    return tuple(pieces)
