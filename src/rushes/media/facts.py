"""What a file of audio is, measured from its bytes and samples."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from rushes.domain import limits
from rushes.domain.audio import AudioFacts
from rushes.domain.waveform import BUCKETS, pack
from rushes.errors import BadAudio
from rushes.media.decode import UNKNOWN_FRAMES, AudioReader, open_audio
from rushes.media.peaks import Measured, measure_buckets
from rushes.media.quality import QualityMeter

_AT_ONCE = 1 << 22


def measure(path: Path, name: str = "") -> AudioFacts:
    """Decode a whole file in blocks and give its facts; memory doesn't grow with its length.

    Frames, peak and waveform are those of the samples that were decoded, whatever the header
    says. The waveform's RMS is over all channels, its peak that of the loudest. How well it came
    out is heard in the same pass. ``name`` is what errors call the file, a staged one for instance.

    Raises:
        AudioMissing: there is no such file.
        BadAudio: it isn't audio, is empty, lies about its size, or is beyond the limits.
        RushesError: it can't be opened.
    """
    with open_audio(path, name) as reader:
        _check_limits(reader, reader.frames if reader.frames < UNKNOWN_FRAMES else 0)
        meter = QualityMeter(reader.sample_rate, reader.channels, reader.full_scale)
        measured = measure_buckets(reader, BUCKETS, meter.hear)
        _check_limits(reader, measured.frames)
        peak, waveform = _small_waveform(measured)
        return AudioFacts(
            sample_rate=reader.sample_rate,
            channels=reader.channels,
            frames=measured.frames,
            bytes=reader.bytes,
            sha256=sha256_of(path),
            format=reader.format,
            subtype=reader.subtype,
            peak=peak,
            waveform=waveform,
            quality=meter.quality(),
        )


def check_density(path: Path, name: str) -> None:
    """Refuse a stranger's file that would be decoded for long out of next to nothing.

    Raises:
        BadAudio: it isn't audio, or its header promises over ``limits.MOST_DENSE_SAMPLES`` and
            ``limits.HIGHEST_RATIO`` samples for each byte.
        RushesError: it can't be opened.
    """
    with open_audio(path, name) as reader:
        if reader.frames >= UNKNOWN_FRAMES:
            return
        samples = reader.frames * reader.channels
        if samples > max(limits.MOST_DENSE_SAMPLES, limits.HIGHEST_RATIO * reader.bytes):
            why = f"{reader.bytes:,} bytes would grow to {samples:,} samples"
            raise BadAudio(f"{name} can't be trusted", why)


def sha256_of(path: Path, read: Callable[[int], object] | None = None) -> str:
    """The SHA-256 of a file's bytes in lower-case hexadecimal; raises OSError as reading does.

    ``read`` is called after every few megabytes with how many they were; what it raises ends it.
    """
    # hashlib.file_digest clears 256 KB for each file, which takes as long as hashing a short one.
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as handle:
        while chunk := handle.read(_AT_ONCE):
            digest.update(chunk)
            if read is not None:
                read(len(chunk))
    return digest.hexdigest()


def _check_limits(reader: AudioReader, frames: int) -> None:
    if reader.channels > limits.MOST_CHANNELS:
        why = f"it has {reader.channels:,} channels, {limits.MOST_CHANNELS} are the most"
        raise BadAudio(f"{reader.name} can't be kept", why)
    if frames > limits.LONGEST_AUDIO * reader.sample_rate:
        why = f"it lasts over {limits.LONGEST_AUDIO // 3600} hours"
        raise BadAudio(f"{reader.name} can't be kept", why, "Cut it in parts.")


def _small_waveform(measured: Measured) -> tuple[float, bytes]:
    import numpy as np

    peaks = np.maximum(measured.maxima, -measured.minima).max(axis=0)
    rms = np.sqrt(measured.mean_squares.mean(axis=0))
    # A clip of fewer frames than buckets shows each of them for longer.
    spread = np.arange(BUCKETS) * len(peaks) // BUCKETS
    # Silence comes as minus zero.
    return abs(float(peaks.max())), pack(rms[spread].tolist(), peaks[spread].tolist())
