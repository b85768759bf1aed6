"""A mix as a file: WAV or FLAC, kept under full scale, read back before it gets its name."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from rushes.domain.audio import AudioFacts
from rushes.domain.export_formats import AudioFormat
from rushes.errors import BadInput
from rushes.media.encoding import Coding, Unencodable, encode
from rushes.media.going_out import Part
from rushes.media.mix_peak import Peak
from rushes.media.mixing import Mix, Tick, mixed
from rushes.media.transcode import Encoded, check_encoded, check_holdable
from rushes.media.wav import wav_header
from rushes.media.wav_samples import octets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BITS = (16, 24)
"""Bits of a sample that a mix is written with."""

_EFFORT = 0.6


@dataclass(frozen=True, slots=True)
class MixFormat:
    """WAV or FLAC, and the bits of a sample."""

    format: AudioFormat
    bits: int


@dataclass(frozen=True, slots=True)
class Level:
    """The true peak of a mix, full scale being 1.0, and what every sample was multiplied by."""

    true_peak: float
    gain: float


def check_mix(mix: Mix, wanted: MixFormat) -> None:
    """Make sure that a mix can be written so.

    Raises:
        BadInput: the format, its bits, the rate, the channels or the length don't go together.
    """
    if wanted.format not in (AudioFormat.WAV, AudioFormat.FLAC):
        raise BadInput(f"a story can't be written as {wanted.format}", "", "Use wav or flac.")
    if wanted.bits not in BITS:
        raise BadInput(f"{wanted.bits} is no number of bits", "", "Use 16 or 24.")
    subtype = f"PCM_{wanted.bits}"
    facts = AudioFacts(mix.sample_rate, mix.channels, mix.frames, 0, "", "", subtype, 0.0, b"")
    check_holdable(facts, wanted.format)


def level_of(mix: Mix, bits: int, tick: Tick) -> Level:
    """Go through a mix once; gives its true peak, and the one gain that keeps it under full scale.

    The gain is 1 where nothing passes full scale: by BS.1770-4 between the samples, and by what
    so many bits can hold at them.

    Raises:
        AudioMissing, BadAudio, RushesError: as ``mixing.mixed``.
    """
    peak = Peak(mix.channels)
    for block in mixed(mix, tick):
        peak.feed(block)
    peak.finish()
    ceiling = 1.0 - 2.0 ** (1 - bits)
    passes = peak.true_peak > 1.0 or peak.sample_peak > ceiling
    return Level(peak.true_peak, ceiling / peak.true_peak if passes else 1.0)


def write_mix(target: Part, mix: Mix, wanted: MixFormat, gain: float, tick: Tick) -> None:
    """Write a mix, flush it and read it back whole. Samples are rounded to the next step.

    Raises:
        BadInput: the format doesn't take it.
        AudioMissing, BadAudio, RushesError: as ``mixing.mixed``.
        TargetError: what was written can't be read back.
        OSError: it can't be written.
    """
    digest = hashlib.sha256()

    def steps() -> Iterator[NDArray[np.int32]]:
        for block in mixed(mix, tick):
            made = _steps(block, gain, wanted.bits)
            digest.update(made.tobytes())
            yield made

    if wanted.format is AudioFormat.WAV:
        _write_wav(target.handle, mix, wanted.bits, steps())
    else:
        _write_flac(target.handle, mix, wanted.bits, steps())
    target.flush()
    written = Encoded(mix.frames, digest.hexdigest())
    if not check_encoded(target.path, written, lambda: tick(mix.frames)):
        raise target.unreadable()


def _write_wav(handle: BinaryIO, mix: Mix, bits: int, steps: Iterator[NDArray[np.int32]]) -> None:
    handle.write(wav_header(f"PCM_{bits}", mix.channels, mix.sample_rate, mix.frames))
    size = 0
    for block in steps:
        size += handle.write(octets(block, bits // 8))
    handle.write(b"\0" * (size & 1))


def _write_flac(handle: BinaryIO, mix: Mix, bits: int, steps: Iterator[NDArray[np.int32]]) -> None:
    coding = Coding(mix.sample_rate, mix.channels, "FLAC", f"PCM_{bits}", _EFFORT)
    try:
        encode(handle, coding, steps)
    except Unencodable as error:
        raise BadInput("the story can't be written as FLAC", "", "WAV can hold it.") from error


def _steps(block: NDArray[np.float64], gain: float, bits: int) -> NDArray[np.int32]:
    """Samples as whole numbers of so many bits, in the highest bits of int32."""
    import numpy as np

    full = float(1 << (bits - 1))
    whole = np.clip(np.rint(block * gain * full), -full, full - 1)
    return whole.astype(np.int32) << np.int32(32 - bits)
