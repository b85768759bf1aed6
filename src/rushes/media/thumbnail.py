"""A file's waveform as a small picture (PNG, ISO/IEC 15948): two colours, one bit a pixel."""

from __future__ import annotations

import os
import struct
import zlib
from contextlib import suppress
from pathlib import Path

from rushes.domain.envelope import Envelope
from rushes.domain.text import shown
from rushes.errors import RushesError
from rushes.media.peaks import envelope

WIDTH, HEIGHT = 320, 64
"""Pixels."""

_GROUND, _WAVE = b"\x14\x12\x10", b"\x8f\xb3\xe0"


def write_thumbnail(audio: Path, target: Path) -> None:
    """Draw the waveform of a file of audio into ``target``, which is there whole or not at all.

    Raises:
        AudioMissing: there is no such file.
        BadAudio: it isn't audio.
        RushesError: the picture can't be written.
    """
    picture = png(_columns(envelope(audio, WIDTH)))
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as handle:
            handle.write(picture)
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(target)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        why = error.strerror or str(error)
        raise RushesError(f"the picture {shown(target)} can't be written", why) from error


def png(columns: list[tuple[int, int]]) -> bytes:
    """A picture whose columns are filled from one row to another, both included."""
    rows = bytearray()
    for y in range(HEIGHT):
        row = bytearray(-(-len(columns) // 8))
        for x, (top, bottom) in enumerate(columns):
            if top <= y <= bottom:
                row[x // 8] |= 0x80 >> x % 8
        rows += b"\0" + row
    header = struct.pack(">IIBBBBB", len(columns), HEIGHT, 1, 3, 0, 0, 0)
    chunks = (
        (b"IHDR", header),
        (b"PLTE", _GROUND + _WAVE),
        (b"IDAT", zlib.compress(bytes(rows), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _columns(measured: Envelope) -> list[tuple[int, int]]:
    """The rows that each column's lowest and highest sample reach; a clip may be short."""
    columns = []
    for x in range(WIDTH):
        bucket = x * measured.buckets // WIDTH
        high = max(channel[bucket] for channel in measured.maxima)
        low = min(channel[bucket] for channel in measured.minima)
        columns.append((_row(high), _row(low)))
    return columns


def _row(level: float) -> int:
    middle = (HEIGHT - 1) / 2
    return round(middle - max(-1.0, min(1.0, level)) * middle)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
