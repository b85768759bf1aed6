"""WAV files put together byte by byte, so that their headers can lie."""

from __future__ import annotations

import struct
from pathlib import Path


def write_wav(
    path: Path,
    data: bytes,
    *,
    tag: int = 1,
    channels: int = 1,
    rate: int = 24_000,
    bits: int = 16,
    data_size: int | None = None,
    riff_size: int | None = None,
) -> Path:
    """A WAV file of these bytes; ``data_size`` and ``riff_size`` replace the true sizes."""
    block = channels * bits // 8
    body = struct.pack(
        "<4sIHHIIHH",
        b"fmt ",
        16,
        tag,
        channels,
        rate,
        (rate * block) & 0xFFFFFFFF,
        block & 0xFFFF,
        bits,
    )
    body += struct.pack("<4sI", b"data", len(data) if data_size is None else data_size) + data
    riff = len(body) + 4 if riff_size is None else riff_size
    path.write_bytes(struct.pack("<4sI4s", b"RIFF", riff, b"WAVE") + body)
    return path
