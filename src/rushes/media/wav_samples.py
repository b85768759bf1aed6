"""Samples of a WAV file of whole numbers, between its bytes and int32."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from rushes.errors import RushesError
from rushes.media.decode import BLOCK_SAMPLES, open_regular
from rushes.media.wav_layout import WavLayout

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def samples_of(
    path: Path, layout: WavLayout, width: int, channels: int
) -> Iterator[NDArray[np.int32]]:
    """The samples of a WAV file as the high bits of int32, in blocks of (frames, channels).

    ``width`` is the number of bytes of a sample; those of one byte are unsigned in the file.

    Raises:
        RushesError: the file can't be read, or has become shorter.
    """
    import numpy as np

    frame = width * channels
    left = layout.data_bytes
    with open_regular(path) as wav:
        wav.seek(layout.data_at)
        while left:
            raw = _read_exactly(wav, min(left, BLOCK_SAMPLES // channels * frame))
            left -= len(raw)
            narrow = np.frombuffer(raw, dtype=np.uint8).reshape(-1, channels, width)
            wide = np.zeros((*narrow.shape[:2], 4), dtype=np.uint8)
            wide[..., 4 - width :] = narrow
            if width == 1:
                wide[..., 3] ^= 0x80
            yield wide.view("<i4")[..., 0].astype(np.int32)


def octets(block: NDArray[np.int32], width: int) -> bytes:
    """The high bits of int32 as the samples of a WAV file have them."""
    import numpy as np

    wide = np.ascontiguousarray(block).astype("<i4").reshape(-1, 1).view(np.uint8)
    narrow = wide[:, 4 - width :]
    return (narrow ^ np.uint8(0x80) if width == 1 else narrow).tobytes()


def read_some(handle: io.FileIO, size: int) -> bytes:
    """Up to so many bytes; none at the end.

    Raises:
        RushesError: they can't be read; whoever writes meanwhile tells it from an error of theirs.
    """
    try:
        return handle.read(size) or b""
    except OSError as error:
        why = os.strerror(error.errno or errno.EIO)
        raise RushesError("the audio can't be read", why) from error


def _read_exactly(handle: io.FileIO, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = read_some(handle, size)
        if not part:
            raise RushesError("the audio can't be read", "it was cut off this moment")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
