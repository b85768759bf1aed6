"""A file's waveform as a small picture (PNG, ISO/IEC 15948): two colours, one bit a pixel.

The scale is fixed: full scale fills the height, and a quiet clip looks quiet beside a loud one.
"""

from __future__ import annotations

import os
import struct
import zlib
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rushes.domain.envelope import Envelope
from rushes.domain.text import shown
from rushes.domain.thumbnail import ThumbnailLook
from rushes.errors import Conflict, RushesError
from rushes.media.peaks import envelope

if TYPE_CHECKING:
    from numpy.typing import NDArray


def picture_of(audio: Path, look: ThumbnailLook) -> bytes:
    """Draw the waveform of a file of audio as a PNG.

    Raises:
        AudioMissing: there is no such file.
        BadAudio: it isn't audio.
    """
    reached = _reached(envelope(audio, look.width), look.width)
    return _png(_filled(reached, look.height), look)


def write_thumbnail(
    audio: Path, target: Path, look: ThumbnailLook, *, overwrite: bool = True
) -> None:
    """Draw the waveform of a file of audio into ``target``, which is there whole or not at all.

    Raises:
        AudioMissing: there is no such file.
        BadAudio: it isn't audio.
        Conflict: there is something already, and it isn't to be overwritten.
        RushesError: the picture can't be written.
    """
    if not overwrite and os.path.lexists(target):
        raise _in_the_way(target)
    picture = picture_of(audio, look)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as handle:
            handle.write(picture)
            handle.flush()
            os.fsync(handle.fileno())
        if not overwrite and os.path.lexists(target):  # it came while this was drawn
            raise _in_the_way(target)
        part.replace(target)
    except OSError as error:
        why = error.strerror or str(error)
        raise RushesError(f"the picture {shown(target)} can't be written", why) from error
    finally:
        with suppress(OSError):
            part.unlink()


def _in_the_way(target: Path) -> Conflict:
    return Conflict(
        f"the picture {shown(target)} isn't written", "there is something of that name already"
    )


def _reached(measured: Envelope, width: int) -> NDArray[Any]:
    """How far each column reaches from the middle, 0 to 1: the loudest sample of either sign.

    A clip of fewer frames than columns shows each of them for longer.
    """
    import numpy as np

    lows, highs = np.array(measured.minima), np.array(measured.maxima)
    loudest = np.maximum(np.abs(lows), np.abs(highs)).max(axis=0)
    spread = np.arange(width) * measured.buckets // width
    reached: NDArray[Any] = np.minimum(loudest[spread], 1.0)
    return reached


def _filled(reached: NDArray[Any], height: int) -> NDArray[Any]:
    """Which pixels belong to the wave, (height, width): as many above the middle as below."""
    import numpy as np

    middle = (height - 1) / 2
    tops = np.floor(middle - reached * middle)
    rows = np.arange(height)[:, None]
    filled: NDArray[Any] = (tops <= rows) & (rows <= height - 1 - tops)
    return filled


def _png(filled: NDArray[Any], look: ThumbnailLook) -> bytes:
    import numpy as np

    packed = np.packbits(filled, axis=1)
    # Each row begins with the number of its filter: none.
    rows = np.hstack([np.zeros((look.height, 1), dtype=np.uint8), packed]).tobytes()
    header = struct.pack(">IIBBBBB", look.width, look.height, 1, 3, 0, 0, 0)
    palette = bytes.fromhex(look.ground.removeprefix("#") + look.wave.removeprefix("#"))
    chunks = (
        (b"IHDR", header),
        (b"PLTE", palette),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
