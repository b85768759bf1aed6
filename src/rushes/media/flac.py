"""WAV files as FLAC, and back to the very same bytes.

A FLAC file is given out only after it was decoded and every sample compared, and after the WAV
file was put together again from it and its hash is that of the original. Memory doesn't grow with
the length of the audio.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from rushes.domain.audio import AudioFacts
from rushes.domain.compression import SkipReason
from rushes.domain.text import shown
from rushes.errors import BadAudio
from rushes.media.decode import AudioReader, open_audio, open_regular
from rushes.media.encoding import Coding, Unencodable, encode
from rushes.media.flac_blocks import Origin, encode_origin, read_origin
from rushes.media.wav_layout import WavLayout, read_layout, split_pieces
from rushes.media.wav_samples import octets, read_some, samples_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rushes.media.files import AudioFiles, Staged

MOST_CHANNELS = 8
"""Channels that FLAC can hold."""

# Of those that WAV files have; to each what libsndfile calls it in FLAC, and the bytes of a sample.
_SUBTYPES = {"PCM_U8": ("PCM_S8", 1), "PCM_16": ("PCM_16", 2), "PCM_24": ("PCM_24", 3)}
_WIDTHS = dict(_SUBTYPES.values())
_WAV_FORMATS = frozenset({"WAV", "WAVEX", "RF64"})
_FLAC = "FLAC"

# All that there is: with what is read and compared besides, it takes a fifth more time.
_EFFORT = 1.0

_PIECE = 1 << 20

Tick = Callable[[], None]
"""Called between blocks; what it raises ends the work."""


class Unfit(Exception):
    """The file is to be left as it is, for that reason."""

    def __init__(self, reason: SkipReason) -> None:
        super().__init__(reason)
        self.reason = reason


def check_compressible(facts: AudioFacts) -> None:
    """Tell by its facts alone whether a file may become FLAC.

    Raises:
        Unfit: it may not.
    """
    if facts.format == _FLAC:
        raise Unfit(SkipReason.FLAC)
    if facts.format not in _WAV_FORMATS:
        raise Unfit(SkipReason.FORMAT)
    if facts.subtype not in _SUBTYPES:
        raise Unfit(SkipReason.SAMPLES)
    if facts.channels > MOST_CHANNELS:
        raise Unfit(SkipReason.CHANNELS)


def check_expandable(facts: AudioFacts) -> None:
    """Tell by its facts alone whether a file may have been a WAV file.

    Raises:
        Unfit: it may not.
    """
    if facts.format != _FLAC:
        raise Unfit(SkipReason.NOT_FLAC)


def compressed(
    files: AudioFiles, path: Path, facts: AudioFacts, tick: Tick
) -> tuple[Staged, AudioFacts]:
    """Stage a WAV file as FLAC that was compared with it; gives the facts of the FLAC file.

    ``facts`` are those of the WAV file as they were recorded.

    Raises:
        Unfit: FLAC can't hold it, gains nothing, or wouldn't give back the same bytes.
        BadAudio: the file isn't the one that was recorded.
        AudioMissing: there is no such file.
        LibraryError: it can't be written; nothing stays behind.
        RushesError: the file can't be read.
    """
    check_compressible(facts)
    _check_whole(path, facts)
    subtype, width = _SUBTYPES[facts.subtype]
    with open_regular(path) as wav:
        layout = read_layout(wav, os.fstat(wav.fileno()).st_size, width * facts.channels)
    if layout is None or layout.data_bytes != facts.frames * width * facts.channels:
        raise Unfit(SkipReason.LAYOUT)
    staged = files.stage_written(lambda target: _write_flac(path, layout, facts, target, tick))
    try:
        if staged.bytes >= facts.bytes:
            raise Unfit(SkipReason.NO_GAIN)
        _compare(path, staged.path, tick)
        if _digest_of(_restored(staged.path, tick)) != facts.sha256:
            raise Unfit(SkipReason.LAYOUT)
        new = replace(
            facts,
            format=_FLAC,
            subtype=subtype,
            bytes=staged.bytes,
            sha256=_digest(staged.path),
        )
    except BaseException:
        files.discard(staged)
        raise
    return staged, new


def expanded(
    files: AudioFiles, path: Path, facts: AudioFacts, tick: Tick
) -> tuple[Staged, AudioFacts]:
    """Stage the WAV file that a FLAC file was made of, byte for byte; gives its facts.

    ``facts`` are those of the FLAC file as they were recorded.

    Raises:
        Unfit: it isn't FLAC, or wasn't made here.
        BadAudio: the file isn't the one that was recorded, or gives other bytes.
        AudioMissing: there is no such file.
        LibraryError: it can't be written; nothing stays behind.
        RushesError: the file can't be read.
    """
    check_expandable(facts)
    _check_whole(path, facts)
    origin = _origin_of(path)
    staged = files.stage_written(lambda target: target.writelines(_restored(path, tick)))
    try:
        digest = _digest(staged.path)
        if digest != origin.sha256:
            raise BadAudio(f"{shown(path.name)} can't be expanded", "it gives another file back")
        with open_audio(staged.path, shown(path.name)) as reader:
            kind, subtype = reader.format, reader.subtype
        new = replace(facts, format=kind, subtype=subtype, bytes=staged.bytes, sha256=digest)
    except BaseException:
        files.discard(staged)
        raise
    return staged, new


def original_wav(path: Path, tick: Tick) -> Iterator[bytes] | None:
    """The WAV file that a FLAC file was made of here, in pieces; None where it wasn't.

    What comes is compared with the hash that was kept, at its end.

    Raises:
        BadAudio: the file is damaged, or gives other bytes.
        AudioMissing: there is no such file.
        RushesError: it can't be read.
    """
    with open_regular(path) as handle:
        origin = read_origin(handle)
    return None if origin is None else _restored_and_compared(path, origin, tick)


def _restored_and_compared(path: Path, origin: Origin, tick: Tick) -> Iterator[bytes]:
    digest = hashlib.sha256()
    try:
        for part in _restored(path, tick):
            digest.update(part)
            yield part
    except Unfit:
        digest = hashlib.sha256()
    if digest.hexdigest() != origin.sha256:
        raise BadAudio(f"{shown(path.name)} can't be expanded", "it gives another file back")


def _check_whole(path: Path, facts: AudioFacts) -> None:
    if _digest(path) != facts.sha256:
        raise BadAudio(
            f"{shown(path.name)} is damaged",
            "its bytes aren't those that were recorded",
            "See `rushes verify`.",
        )


def _write_flac(
    path: Path, layout: WavLayout, facts: AudioFacts, target: BinaryIO, tick: Tick
) -> None:
    """Write the samples of a WAV file, and all else that it holds, as FLAC."""
    subtype, width = _SUBTYPES[facts.subtype]

    def blocks() -> Iterator[NDArray[np.int32]]:
        for block in samples_of(path, layout, width, facts.channels):
            tick()
            yield block

    coding = Coding(facts.sample_rate, facts.channels, _FLAC, subtype, _EFFORT)
    try:
        encode(target, coding, blocks(), encode_origin(Origin(layout.pieces, facts.sha256)))
    except Unencodable as error:
        # The one thing that hasn't been made sure of: not every rate can be encoded.
        raise Unfit(SkipReason.RATE) from error


def _compare(wav: Path, flac: Path, tick: Tick) -> None:
    """Decode both as for playing and compare every sample.

    Raises:
        Unfit: they differ.
    """
    import numpy as np

    with open_audio(wav) as one, open_audio(flac, f"{shown(wav.name)} as FLAC") as other:
        alike = (one.sample_rate, one.channels, one.frames) == (
            other.sample_rate,
            other.channels,
            other.frames,
        )
        if not alike:
            raise Unfit(SkipReason.LAYOUT)
        for here, there in zip_longest(one.int32_blocks(), other.int32_blocks()):
            tick()
            if here is None or there is None or not np.array_equal(here, there):
                raise Unfit(SkipReason.LAYOUT)


def _origin_of(path: Path) -> Origin:
    with open_regular(path) as handle:
        origin = read_origin(handle)
    if origin is None:
        raise Unfit(SkipReason.NOT_OURS)
    return origin


def _restored(path: Path, tick: Tick) -> Iterator[bytes]:
    """The bytes of the WAV file that a FLAC file was made of."""
    origin = _origin_of(path)
    with open_audio(path) as reader:
        if reader.subtype not in _WIDTHS:
            raise Unfit(SkipReason.NOT_OURS)
        yield from _put_together(reader, origin, tick)


def _put_together(reader: AudioReader, origin: Origin, tick: Tick) -> Iterator[bytes]:
    width = _WIDTHS[reader.subtype]
    parts = split_pieces(origin.pieces, reader.frames * reader.channels * width)
    if parts is None:
        raise Unfit(SkipReason.LAYOUT)
    head, tail = parts
    yield from head
    for block in reader.int32_blocks():
        tick()
        yield octets(block, width)
    yield from tail


def _digest(path: Path) -> str:
    """The SHA-256 of a file's bytes in lower-case hexadecimal."""
    with open_regular(path) as handle:
        return _digest_of(iter(lambda: read_some(handle, _PIECE), b""))


def _digest_of(parts: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
