"""Audio as another format, in blocks: memory doesn't grow with its length.

Lossless formats take over every sample; what they can't hold becomes 24 bits, which is said. Lossy
ones are written well rather than small: Vorbis at quality 7, MP3 as LAME's V0. Nothing is resampled
and no channel is mixed into another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from rushes.domain import limits
from rushes.domain.audio import AudioFacts
from rushes.domain.export_formats import AudioFormat
from rushes.domain.exporting import Remark
from rushes.domain.text import shown
from rushes.errors import BadAudio, BadInput
from rushes.media.decode import AudioReader, open_audio
from rushes.media.encoding import Coding, Unencodable, encode
from rushes.media.flac import original_wav
from rushes.media.wav import sample_bytes, wav_header
from rushes.media.wav_samples import octets

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Tick = Callable[[], None]
"""Called between blocks; what it raises ends the work."""

_OF_FORMAT = {
    "WAV": AudioFormat.WAV,
    "WAVEX": AudioFormat.WAV,
    "RF64": AudioFormat.WAV,
    "FLAC": AudioFormat.FLAC,
    "OGG": AudioFormat.OGG,
    "MP3": AudioFormat.MP3,
}
_FLOATS = {"FLOAT": "float32", "DOUBLE": "float64"}
_OF_BITS = {
    8: ("PCM_S8", "PCM_U8"),
    16: ("PCM_16", "ULAW", "ALAW", "IMA_ADPCM", "MS_ADPCM", "GSM610", "ALAC_16"),
    24: ("PCM_24", "ALAC_20", "ALAC_24"),
    32: ("PCM_32", "ALAC_32"),
}
_BITS = {subtype: bits for bits, subtypes in _OF_BITS.items() for subtype in subtypes}
_IN_WAV = {8: "PCM_U8", 16: "PCM_16", 24: "PCM_24", 32: "PCM_32"}
_IN_FLAC = {8: "PCM_S8", 16: "PCM_16", 24: "PCM_24"}

_MP3_RATES = frozenset((8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000))
_OGG_HIGHEST_RATE = 200_000  # beyond it libvorbis takes the process down
_FLAC_CHANNELS = 8
_MP3_CHANNELS = 2

_CODINGS = {
    AudioFormat.OGG: ("VORBIS", 0.3, None),
    AudioFormat.MP3: ("MPEG_LAYER_III", 0.0, "VARIABLE"),
}
_LOSSLESS_EFFORT = 0.6


@dataclass(frozen=True, slots=True)
class Encoded:
    """What an encoded file should give back: the frames, and the hash of lossless samples."""

    frames: int
    digest: str | None


def format_of(facts: AudioFacts) -> AudioFormat | None:
    """Which of the formats a file is in already; None for others, such as AIFF."""
    return _OF_FORMAT.get(facts.format)


def check_holdable(facts: AudioFacts, wanted: AudioFormat) -> None:
    """Make sure that a format can hold the rate and the channels of a file.

    Raises:
        BadInput: it can't, which says why and names another.
    """
    rate, channels = facts.sample_rate, facts.channels
    why = ""
    if wanted is AudioFormat.MP3 and channels > _MP3_CHANNELS:
        why = f"it has {channels} channels, MP3 holds {_MP3_CHANNELS}"
    elif wanted is AudioFormat.MP3 and rate not in _MP3_RATES:
        why = f"MP3 knows no {rate:,} samples a second"
    elif wanted is AudioFormat.OGG and rate > _OGG_HIGHEST_RATE:
        why = f"OGG holds no {rate:,} samples a second"
    elif wanted is AudioFormat.FLAC and channels > _FLAC_CHANNELS:
        why = f"it has {channels} channels, FLAC holds {_FLAC_CHANNELS}"
    elif wanted is AudioFormat.FLAC and not _in_flac(rate):
        why = f"FLAC holds no {rate:,} samples a second"
    elif wanted is AudioFormat.WAV and wav_bytes(facts) > limits.LARGEST_WAV:
        why = "WAV ends at 4 GB"
    if why:
        other = "FLAC" if wanted is AudioFormat.WAV else "WAV"
        what = f"the audio can't be written as {wanted.upper()}"
        raise BadInput(what, why, f"{other} can hold it.")


def damaged(path: Path) -> BadAudio:
    """A file isn't the one that was recorded."""
    return BadAudio(
        f"{shown(path.name)} is damaged",
        "its bytes aren't those that were recorded",
        "See `rushes verify`.",
    )


def remarks_on(facts: AudioFacts, wanted: AudioFormat) -> tuple[Remark, ...]:
    """What is to be said of a file that becomes one of that format."""
    if wanted not in (AudioFormat.WAV, AudioFormat.FLAC):
        return ()
    if _is_lossy(facts):
        return (Remark.WAS_LOSSY,)
    if wanted is AudioFormat.WAV:
        return ()
    if facts.subtype in _FLOATS:
        clipped = (Remark.CLIPPED,) if facts.peak > 1.0 else ()
        return (Remark.FLOAT_TO_24, *clipped)
    return (Remark.INTEGER_TO_24,) if _bits(facts) > 24 else ()


def wav_bytes(facts: AudioFacts) -> int:
    """How many bytes of samples a file has as WAV."""
    return facts.frames * facts.channels * sample_bytes(_wav_subtype(facts))


def wav_parts(path: Path, facts: AudioFacts, tick: Tick) -> Iterator[bytes]:
    """A file as WAV, in pieces; one that was compressed here as the very file that it was.

    Raises:
        BadInput: it is too long for WAV.
        BadAudio: it is damaged, or doesn't hold what was measured.
        AudioMissing: there is no such file.
        RushesError: it can't be read.
    """
    original = original_wav(path, tick)
    if original is not None:
        yield from original
        return
    check_holdable(facts, AudioFormat.WAV)
    subtype = _wav_subtype(facts)
    yield wav_header(subtype, facts.channels, facts.sample_rate, facts.frames)
    size = 0
    with open_audio(path) as reader:
        for piece in _as_bytes(reader, subtype):
            tick()
            size += len(piece)
            yield piece
    if size != wav_bytes(facts):
        raise damaged(path)
    yield b"\0" * (size & 1)


def write_encoded(
    path: Path, facts: AudioFacts, wanted: AudioFormat, target: BinaryIO, tick: Tick
) -> Encoded:
    """Write a file as FLAC, OGG or MP3; gives what it is to be compared with.

    Raises:
        BadInput: the format can't hold it.
        BadAudio: the file is damaged.
        OSError: the target can't be written.
        RushesError: the file can't be read.
    """
    check_holdable(facts, wanted)
    frames = 0
    digest = hashlib.sha256() if wanted is AudioFormat.FLAC else None

    def counted(blocks: Iterator[NDArray[Any]]) -> Iterator[NDArray[Any]]:
        nonlocal frames
        for block in blocks:
            tick()
            frames += len(block)
            if digest is not None:
                digest.update(block.tobytes())
            yield block

    with open_audio(path) as reader:
        try:
            if wanted is AudioFormat.FLAC:
                subtype = _IN_FLAC[_flac_bits(facts)]
                coding = Coding(
                    facts.sample_rate, facts.channels, "FLAC", subtype, _LOSSLESS_EFFORT
                )
                encode(target, coding, counted(_integers(reader, _flac_bits(facts))))
            else:
                subtype, level, mode = _CODINGS[wanted]
                coding = Coding(
                    facts.sample_rate, facts.channels, wanted.upper(), subtype, level, mode
                )
                encode(target, coding, counted(reader.measuring_blocks()))
        except Unencodable as error:
            why = str(getattr(error.__cause__, "error_string", ""))
            what = f"the audio can't be written as {wanted.upper()}"
            raise BadInput(what, shown(why).strip().rstrip("."), "WAV can hold it.") from error
    return Encoded(frames, None if digest is None else digest.hexdigest())


def check_encoded(path: Path, encoded: Encoded, tick: Tick) -> bool:
    """Whether a file that was written gives back what it was made of: all of it is decoded."""
    frames = 0
    digest = hashlib.sha256()
    try:
        with open_audio(path) as reader:
            exactly = encoded.digest is not None
            for block in reader.int32_blocks() if exactly else reader.measuring_blocks():
                tick()
                frames += len(block)
                if exactly:
                    digest.update(block.tobytes())
    except BadAudio:
        return False
    return frames == encoded.frames and encoded.digest in (None, digest.hexdigest())


def _is_lossy(facts: AudioFacts) -> bool:
    return facts.subtype in ("VORBIS", "OPUS") or facts.subtype.startswith("MPEG")


def _bits(facts: AudioFacts) -> int:
    """Bits that hold all that is in samples of whole numbers; 16 for lossy ones."""
    return 16 if _is_lossy(facts) else _BITS.get(facts.subtype, 24)


def _flac_bits(facts: AudioFacts) -> int:
    return 24 if facts.subtype in _FLOATS else min(_bits(facts), 24)


def _wav_subtype(facts: AudioFacts) -> str:
    return facts.subtype if facts.subtype in _FLOATS else _IN_WAV[_bits(facts)]


def _in_flac(rate: int) -> bool:
    """Rates that FLAC's frames can tell (RFC 9639, section 9.1.2)."""
    return rate <= 65_535 or (rate % 10 == 0 and rate <= 655_350)


def _as_bytes(reader: AudioReader, subtype: str) -> Iterator[bytes]:
    if subtype in _FLOATS:
        kind = _FLOATS[subtype]
        for block in reader.float_blocks(kind):
            yield block.astype(f"<f{sample_bytes(subtype)}").tobytes()
        return
    width = sample_bytes(subtype)
    for block in _integers(reader, 8 * width):
        yield octets(block, width)


def _integers(reader: AudioReader, bits: int) -> Iterator[NDArray[np.int32]]:
    """Samples as whole numbers of so many bits, in the highest bits of int32."""
    import numpy as np

    mask = np.int32(-1 << (32 - bits))
    if not reader.floating:
        for whole in reader.int32_blocks():
            yield whole & mask
    elif bits == 16:
        for short in reader.int16_blocks():
            yield short.astype(np.int32) << np.int32(16)
    else:
        full = float(1 << (bits - 1))
        for block in reader.measuring_blocks():
            scaled = np.clip(np.rint(block.astype(np.float64) * full), -full, full - 1)
            yield scaled.astype(np.int32) << np.int32(32 - bits)
