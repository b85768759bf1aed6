"""Audio files as 16-bit samples for playing, and in blocks for measuring.

Files are opened by descriptor, never by name, so that neither a suffix nor an odd character in a
name changes what libsndfile makes of them: the content alone decides.
"""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rushes.domain import limits
from rushes.domain.text import shown
from rushes.errors import AudioMissing, BadAudio, RushesError
from rushes.media.riff import check_wav_sizes, mend_unfinished, read_wav_sizes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCK_SAMPLES = 1 << 18
"""Samples, of all channels together, that one block holds at most."""

_LOUDEST = 1e12
"""What floating samples are held to: beyond it float32 has no room for what is measured."""

# Decoded to 16 bits by libsndfile these are neither scaled nor clipped as they should be.
_FLOATING = frozenset({"FLOAT", "DOUBLE", "VORBIS", "OPUS"})
_LOSSY_FORMATS = frozenset({"OGG", "MP3"})
_SIXTEEN_BIT = frozenset({"PCM_16", "PCM_S8", "PCM_U8", "ULAW", "ALAW"})

# No coder here packs a longer run of samples into one byte (FLAC's digital silence: about 600).
_MOST_SAMPLES_PER_BYTE = 4_096


@dataclass(frozen=True, slots=True)
class Pcm:
    """A whole clip: int16 ``samples`` of shape (frames, channels), C-contiguous; rate in Hz."""

    samples: NDArray[np.int16]
    sample_rate: int

    @property
    def frames(self) -> int:
        """Length in frames."""
        return int(self.samples.shape[0])

    @property
    def channels(self) -> int:
        """Number of channels."""
        return int(self.samples.shape[1])

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate


@dataclass(slots=True)
class AudioReader:
    """An open audio file: what its header says, and its samples block by block.

    ``frames`` is the header's word; compressed files may hold more or fewer. ``bytes`` is the
    size of the file. ``format`` and ``subtype`` are libsndfile's names.
    """

    name: str
    sample_rate: int
    channels: int
    frames: int
    format: str
    subtype: str
    bytes: int
    _file: Any = field(repr=False)

    @property
    def floating(self) -> bool:
        """Whether the samples are decoded to floating point and may exceed full scale."""
        return self.subtype in _FLOATING or self.subtype.startswith("MPEG")

    @property
    def exact(self) -> bool:
        """Whether the header's number of frames must be met to the frame."""
        return self.format not in _LOSSY_FORMATS

    @property
    def full_scale(self) -> float:
        """What a sample of ``measuring_blocks`` has at full scale."""
        return 32768.0 if self.subtype in _SIXTEEN_BIT else 1.0

    def rewind(self) -> None:
        """Start again from the first frame."""
        self._file.seek(0)

    def int16_blocks(self) -> Iterator[NDArray[np.int16]]:
        """Blocks of int16 samples, shape (frames, channels), each valid until the next one.

        Raises:
            BadAudio: the file is damaged.
        """
        if not self.floating:
            yield from self._blocks("int16")
            return
        for block in self._blocks("float32"):
            yield to_int16(block)

    def int32_blocks(self) -> Iterator[NDArray[np.int32]]:
        """Blocks of int32 samples, shape (frames, channels), each valid until the next one.

        They hold all that is in a file of whole numbers, in their highest bits.

        Raises:
            BadAudio: the file is damaged.
        """
        yield from self._blocks("int32")

    def float_blocks(self, dtype: str) -> Iterator[NDArray[Any]]:
        """Blocks of "float32" or "float64" as they are in the file, each valid until the next one.

        Raises:
            BadAudio: the file is damaged.
        """
        yield from self._blocks(dtype)

    def measuring_blocks(self) -> Iterator[NDArray[Any]]:
        """Blocks to measure, shape (frames, channels), each valid until the next one.

        int16 where that holds all that is in the file, float32 elsewhere; ``full_scale`` tells
        the scale. NaN comes as 0, infinities as full scale.

        Raises:
            BadAudio: the file is damaged.
        """
        if self.subtype in _SIXTEEN_BIT:
            yield from self._blocks("int16")
            return
        for block in self._blocks("float32"):
            yield _finite(block) if self.floating else block

    def mixing_blocks(self) -> Iterator[NDArray[np.float64]]:
        """Blocks of float64, full scale being 1.0, each valid until the next one.

        NaN comes as 0, infinities as full scale, what lies beyond all measure as 240 dBFS.

        Raises:
            BadAudio: the file is damaged.
        """
        for block in self._blocks("float64"):
            yield _finite(block) if self.floating else block

    def _blocks(self, dtype: str) -> Iterator[NDArray[Any]]:
        import numpy as np
        import soundfile

        wanted = max(1, min(BLOCK_SAMPLES // self.channels, max(self.frames, 1)))
        buffer = np.empty((wanted, self.channels), dtype=dtype)
        decoded = 0
        while True:
            try:
                block = self._file.read(out=buffer)
            except (soundfile.SoundFileError, RuntimeError) as error:
                raise _damaged(self.name, getattr(error, "error_string", "")) from None
            if not len(block):
                break
            decoded += len(block)
            yield block
            if self.exact and decoded >= self.frames:
                break
        if not decoded:
            raise _empty(self.name)
        if self.exact and decoded < self.frames < UNKNOWN_FRAMES:
            why = f"its header promises {self.frames:,} frames, {decoded:,} can be decoded"
            raise _damaged(self.name, why)


UNKNOWN_FRAMES = 1 << 62
"""Frames from which on a header is one that doesn't know."""


@contextmanager
def open_audio(path: Path, name: str = "") -> Iterator[AudioReader]:
    """Open a file of audio: WAV, FLAC, OGG, MP3 and whatever else libsndfile knows.

    A WAV file whose header was left open by a program that wrote to a pipe (sizes of 0 or near
    the limit, at least 0.1 s of sound behind it) is read to its end. Any other header that
    promises more than the file holds is refused. ``name`` is what errors call the file when its
    path isn't what the person gave.

    Raises:
        AudioMissing: there is no such file.
        BadAudio: it isn't audio, is empty or lies about its size.
        RushesError: it can't be opened.
    """
    name = name or shown(path.name)
    with open_regular(path, name) as handle:
        size = os.fstat(handle.fileno()).st_size
        if not size:
            raise _empty(name)
        source: Any = handle.fileno()
        sizes = read_wav_sizes(handle, size)
        if sizes is not None:
            check_wav_sizes(sizes, name)
            if sizes.unfinished and not sizes.claimed:
                source = mend_unfinished(handle, sizes)
        handle.seek(0)
        with _open_sound(source, name) as sound:
            yield AudioReader(
                name=name,
                sample_rate=sound.samplerate,
                channels=sound.channels,
                frames=sound.frames,
                format=sound.format,
                subtype=sound.subtype,
                bytes=size,
                _file=sound,
            )


def read_pcm16(path: Path) -> Pcm:
    """Decode a whole file to 16 bits.

    16-bit files come out bit for bit; 24- and 32-bit ones lose their low bits; floating-point
    ones are scaled by 32768, rounded and clipped.

    Raises:
        AudioMissing: there is no such file.
        BadAudio: it isn't audio, is empty or lies about its size.
        RushesError: it can't be opened, or is too long for the memory there is.
    """
    import numpy as np

    with open_audio(path) as reader:
        frames = reader.frames
        if frames * reader.channels > reader.bytes * _MOST_SAMPLES_PER_BYTE:
            # The header may lie: count before room is made.
            frames = sum(len(block) for block in reader.int16_blocks())
            reader.rewind()
        try:
            samples = np.empty((frames, reader.channels), dtype=np.int16)
        except MemoryError:
            raise RushesError(f"{reader.name} can't be loaded", "it is too long") from None
        filled = 0
        for block in reader.int16_blocks():
            room = samples[filled : filled + len(block)]
            room[:] = block[: len(room)]
            filled += len(room)
        return Pcm(samples[:filled], reader.sample_rate)


def to_int16(samples: NDArray[Any]) -> NDArray[np.int16]:
    """Floating-point samples (full scale 1.0, any shape) scaled, rounded and clipped to int16.

    NaN becomes 0. ``samples`` may be overwritten.
    """
    import numpy as np

    scaled = _finite(samples)
    np.clip(scaled, -1.0, 1.0, out=scaled)
    np.multiply(scaled, 32768.0, out=scaled)
    np.rint(scaled, out=scaled)
    np.minimum(scaled, 32767.0, out=scaled)
    return scaled.astype(np.int16)


def _finite(samples: NDArray[Any]) -> NDArray[Any]:
    import numpy as np

    if not np.abs(samples).max(initial=0.0) <= _LOUDEST:  # nor is NaN
        np.nan_to_num(samples, copy=False, nan=0.0, posinf=1.0, neginf=-1.0)
        np.clip(samples, -_LOUDEST, _LOUDEST, out=samples)
    return samples


def open_regular(path: Path, name: str = "") -> io.FileIO:
    """Open a plain file for reading, unbuffered; ``name`` is what an error calls it.

    Raises:
        AudioMissing: there is no such file.
        BadAudio: it isn't a plain file.
        RushesError: it can't be opened.
    """
    name = name or shown(path.name or path)
    try:
        # Without O_NONBLOCK a named pipe would be waited for.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        raise AudioMissing(f"{name} can't be read", f"there is no file {shown(path)}") from None
    except (OSError, ValueError) as error:
        why = os.strerror(error.errno) if isinstance(error, OSError) and error.errno else str(error)
        raise RushesError(f"{name} can't be read", shown(why)) from None
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return io.FileIO(descriptor, "rb")
    os.close(descriptor)
    raise BadAudio(f"{name} isn't audio", "it isn't a file")


@contextmanager
def _open_sound(source: Any, name: str) -> Iterator[Any]:  # noqa: ANN401  # a descriptor or a file-like
    import soundfile

    try:
        sound = soundfile.SoundFile(source, closefd=False)
    except soundfile.LibsndfileError as error:
        raise BadAudio(
            f"{name} isn't audio that can be read",
            shown(error.error_string).strip().rstrip("."),
            "WAV, FLAC, OGG and MP3 can be read.",
        ) from None
    with sound:
        if not limits.LOWEST_RATE <= sound.samplerate <= limits.HIGHEST_RATE:
            why = f"its header says {sound.samplerate:,} samples a second"
            raise BadAudio(f"{name} isn't audio that can be read", why)
        if sound.frames < 1:
            raise _empty(name)
        # soundfile seeks after every read of a file that can seek. Where MP3 frames lean on the
        # ones before them, that leaves holes in the sound at the start of every block.
        sound.seekable = lambda: False
        yield sound


def _empty(name: str) -> BadAudio:
    return BadAudio(f"{name} holds no sound", "it is empty")


def _damaged(name: str, why: str) -> BadAudio:
    return BadAudio(
        f"{name} is damaged", shown(why).strip().rstrip("."), "Copy it or make it again."
    )
