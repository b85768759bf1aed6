"""Arrays of samples as WAV files, without loss.

Written here and not through libsndfile, so that a full disk is an ordinary error of the operating
system, and the same samples always give the same bytes. Layout: "Multimedia Programming Interface
and Data Specifications 1.0"; IEEE float with its ``fact`` chunk as in "New Multimedia Data Types
and Data Techniques" (1994).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rushes.domain import limits
from rushes.errors import BadAudio, BadInput
from rushes.media.decode import to_int16

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LOSSLESS = {
    "uint8": "PCM_U8",
    "int16": "PCM_16",
    "int32": "PCM_32",
    "float16": "FLOAT",
    "float32": "FLOAT",
    "float64": "DOUBLE",
}
_BYTES = {"PCM_U8": 1, "PCM_16": 2, "PCM_24": 3, "PCM_32": 4, "FLOAT": 4, "DOUBLE": 8}
_FLOATS = {"FLOAT": "<f4", "DOUBLE": "<f8"}


@dataclass(frozen=True, slots=True)
class WavImage:
    """A whole WAV file: its header, and its samples as a C-contiguous array of bytes."""

    header: bytes
    data: NDArray[np.uint8]

    @property
    def padding(self) -> bytes:
        """What makes the length of the data even."""
        return b"\0" * (self.data.size & 1)


def encode_wav(samples: object, sample_rate: object, subtype: str | None = None) -> WavImage:
    """Give samples as the WAV file that holds them without loss.

    ``samples`` is an array, a list or whatever numpy takes for one, of shape (frames,) or
    (frames, channels): int16 becomes PCM_16, int32 PCM_32, uint8 PCM_U8, float16 and float32
    FLOAT, float64 DOUBLE. ``subtype`` asks for another of these or PCM_24; then values beyond full
    scale are clipped and the rest rounded. ``sample_rate`` is in Hz.

    Raises:
        BadInput: a shape, type, rate or subtype that isn't meant for this.
        BadAudio: there are no samples, too many, or some are not numbers.
    """
    rate = _checked_rate(sample_rate)
    array = _checked(samples)
    chosen = subtype.upper() if subtype else _LOSSLESS[array.dtype.name]
    if chosen not in _BYTES:
        raise BadInput(f"Subtype {chosen} isn't known", "", f"Use one of {', '.join(_BYTES)}.")
    frames, channels = array.shape
    header = wav_header(chosen, channels, rate, frames)
    return WavImage(header, _data(array, chosen))


def wav_header(subtype: str, channels: int, rate: int, frames: int) -> bytes:
    """The header of a WAV file whose samples follow; where their bytes are odd, a zero ends it.

    ``subtype`` is one that ``encode_wav`` knows, ``rate`` in Hz.

    Raises:
        BadAudio: there are too many samples.
    """
    size = frames * channels * _BYTES[subtype]
    if size > limits.LARGEST_WAV:
        raise BadAudio("The samples can't be kept", "WAV ends at 4 GB", "Record it in parts.")
    return _header(subtype, channels, rate, frames, size)


def sample_bytes(subtype: str) -> int:
    """Bytes of a sample of a subtype that ``encode_wav`` knows."""
    return _BYTES[subtype]


def _checked_rate(value: object) -> int:
    try:
        rate = int(value)  # type: ignore[call-overload]  # numpy's integers and whole floats too
        fits = rate == value and limits.LOWEST_RATE <= rate <= limits.HIGHEST_RATE
    except (TypeError, ValueError, OverflowError):
        fits = False
    if not fits:
        span = f"{limits.LOWEST_RATE:,} to {limits.HIGHEST_RATE:,}"
        raise BadInput(f"{value!r} isn't a sample rate", "", f"Give whole Hz, {span}.")
    return int(rate)


def _checked(samples: object) -> NDArray[Any]:
    import numpy as np

    try:
        array = np.asarray(samples)
    except (TypeError, ValueError, RuntimeError) as error:
        raise BadInput(
            "The samples can't be read as an array",
            str(error),
            "Give a numpy array of shape (frames,) or (frames, channels).",
        ) from None
    if array.dtype.name not in _LOSSLESS:
        raise BadInput(
            f"Samples of type {array.dtype.name} can't be kept as audio",
            "",
            f"Give one of {', '.join(_LOSSLESS)}.",
        )
    if array.ndim == 1:
        array = array[:, np.newaxis]
    if array.ndim != 2:
        raise BadInput(
            f"Samples of shape {array.shape} can't be kept as audio",
            "",
            "Give (frames,) or (frames, channels).",
        )
    if not array.size:
        raise BadAudio("The samples hold no sound", "the array is empty")
    frames, channels = array.shape
    if channels > limits.MOST_CHANNELS or (channels > frames and channels > 8):
        raise BadInput(
            f"Samples of shape {array.shape} have {channels:,} channels",
            "frames come first",
            "Give samples.T if these are (channels, frames).",
        )
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise BadAudio("The samples can't be kept", "some are NaN or infinite")
    return array


def _data(array: NDArray[Any], subtype: str) -> NDArray[np.uint8]:
    import numpy as np

    if subtype in _FLOATS:
        return _bytes_of(_scaled_floats(array).astype(_FLOATS[subtype]))
    if _LOSSLESS[array.dtype.name] == subtype:
        return _bytes_of(array.astype(f"<{array.dtype.kind}{_BYTES[subtype]}"))
    if subtype == "PCM_16" and array.dtype.kind == "f":
        return _bytes_of(to_int16(array.astype(np.float64)).astype("<i2"))
    bits = 8 * _BYTES[subtype]
    whole = _integers(array, bits)
    if subtype == "PCM_U8":
        return _bytes_of((whole + 128).astype(np.uint8))
    return _bytes_of(whole.astype("<i4")[..., np.newaxis].view(np.uint8)[..., : _BYTES[subtype]])


def _integers(array: NDArray[Any], bits: int) -> NDArray[np.int64]:
    """Samples as integers of so many bits: floats rounded and clipped, integers shifted."""
    import numpy as np

    if array.dtype.kind == "f":
        full = float(1 << (bits - 1))
        return np.clip(np.rint(array.astype(np.float64) * full), -full, full - 1).astype(np.int64)
    have = 8 * array.dtype.itemsize
    wide = array.astype(np.int64) - (128 if array.dtype.kind == "u" else 0)
    return wide << (bits - have) if bits >= have else wide >> (have - bits)


def _scaled_floats(array: NDArray[Any]) -> NDArray[Any]:
    """Samples with full scale at 1.0."""
    import numpy as np

    if array.dtype.kind == "f":
        return array
    full = float(1 << (8 * array.dtype.itemsize - 1))
    offset = full if array.dtype.kind == "u" else 0.0
    return (array.astype(np.float64) - offset) / full


def _bytes_of(array: NDArray[Any]) -> NDArray[np.uint8]:
    import numpy as np

    return np.ascontiguousarray(array).reshape(-1).view(np.uint8)


def _header(subtype: str, channels: int, rate: int, frames: int, size: int) -> bytes:
    width = _BYTES[subtype]
    block = channels * width
    floating = subtype in _FLOATS
    head = struct.pack(
        "<HHIIHH", 3 if floating else 1, channels, rate, rate * block, block, 8 * width
    )
    if floating:
        head += struct.pack("<H", 0)
    chunks = struct.pack("<4sI", b"fmt ", len(head)) + head
    if floating:
        chunks += struct.pack("<4sII", b"fact", 4, frames)
    chunks += struct.pack("<4sI", b"data", size)
    total = 4 + len(chunks) + size + (size & 1)
    return struct.pack("<4sI4s", b"RIFF", total, b"WAVE") + chunks
