"""A clip on its way to the loudspeaker: named by a face, decoded, and held outside of any process.

The samples lie in a file without a name (in memory where the system has such files). A helper
process gets its descriptor and maps it, so that nothing is copied to start, to seek or to go on
after a pause, however long the clip is.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from rushes.domain import limits
from rushes.errors import PlaybackError

_PIECE = 1 << 24


@dataclass(frozen=True, slots=True)
class Loudness:
    """How loud a file is heard, in LUFS, and its true peak in dBTP: ``matching.loudness_of``."""

    lufs: float
    true_peak: float


@dataclass(frozen=True, slots=True)
class Source:
    """What a face asks to hear: its own name of the clip, and the absolute path of the file.

    ``loudness`` is that of the file where somebody has measured it. ``aim`` is the level in LUFS
    at which it is heard as long as levels are matched (``playback.matching`` finds it for several);
    without one it is matched with the other side. Neither makes it another source.
    """

    key: str
    path: Path
    loudness: Loudness | None = field(default=None, compare=False)
    aim: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Clip:
    """Decoded audio, ready for every sink.

    ``descriptor`` is an open file that holds nothing but interleaved int16 samples in the
    machine's byte order. Rate in Hz; one or two channels. Whoever made the clip closes it.
    """

    descriptor: int
    sample_rate: int
    channels: int
    frames: int

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.frames / self.sample_rate

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame."""
        return 2 * self.channels

    def sounds_like(self, other: Clip) -> bool:
        """Whether one device can play both, one after the other."""
        return (self.sample_rate, self.channels) == (other.sample_rate, other.channels)

    def close(self) -> None:
        """Give the samples up; a sink that plays them holds them by itself."""
        os.close(self.descriptor)


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells whether a file is still the one that was read."""

    device: int
    inode: int
    size: int
    modified_ns: int


def stamp(path: Path) -> FileStamp | None:
    """The file's stamp; None when there is no such file."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return FileStamp(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def load_clip(source: Source) -> Clip:
    """Decode a whole file, fitted to what every sink plays.

    Raises:
        AudioMissing: there is no such file.
        BadAudio: it isn't audio, or is damaged.
        PlaybackError: it is too long to play.
        RushesError: it can't be opened.
    """
    from rushes.media.decode import read_pcm16
    from rushes.playback.fit import fit

    pcm = fit(read_pcm16(source.path))
    return hold([pcm.samples.data.cast("B")], pcm.sample_rate, pcm.channels, pcm.frames)


def import_decoders() -> None:
    """Import what ``load_clip`` needs, so that the first clip doesn't wait for it."""
    for module in ("numpy", "soundfile", "rushes.media.decode", "rushes.playback.fit"):
        import_module(module)


def hold(pieces: Iterable[memoryview], sample_rate: int, channels: int, frames: int) -> Clip:
    """A clip out of the bytes of its samples.

    Raises:
        PlaybackError: it is too long, or there is no room for it.
    """
    if 2 * channels * frames > limits.LARGEST_CLIP:
        hours = frames / sample_rate / 3600
        raise PlaybackError("The clip can't be played", f"{hours:.0f} hours are too long")
    descriptor = _nameless_file()
    try:
        for piece in pieces:
            written = 0
            while written < len(piece):
                written += os.write(descriptor, piece[written : written + _PIECE])
    except OSError as error:
        os.close(descriptor)
        raise PlaybackError(
            "The clip can't be played", f"no room for its samples ({error.strerror})"
        ) from None
    except BaseException:
        os.close(descriptor)
        raise
    return Clip(descriptor, sample_rate, channels, frames)


def _nameless_file() -> int:
    if hasattr(os, "memfd_create"):
        return os.memfd_create("rushes", os.MFD_CLOEXEC)
    from tempfile import TemporaryFile

    with TemporaryFile() as file:
        return os.dup(file.fileno())
