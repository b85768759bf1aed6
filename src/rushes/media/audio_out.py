"""The audio of a version as a file of its own: the very bytes, or another format."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from rushes.domain.audio import AudioFacts
from rushes.domain.export_formats import AudioFormat
from rushes.domain.exporting import Remark
from rushes.errors import BadAudio
from rushes.media.decode import open_audio, open_regular
from rushes.media.facts import sha256_of
from rushes.media.going_out import Part
from rushes.media.transcode import (
    check_encoded,
    check_holdable,
    damaged,
    format_of,
    remarks_on,
    wav_parts,
    write_encoded,
)
from rushes.media.wav_samples import read_some

Tick = Callable[[], None]
"""Called between blocks; what it raises ends the work."""

_PIECE = 1 << 20


def write_audio(
    part: Part, path: Path, facts: AudioFacts, wanted: AudioFormat | None, tick: Tick
) -> tuple[Remark, ...]:
    """Write a file's audio to a part, flush it, and read it back; gives what is to be said of it.

    Where ``wanted`` is None or what the file is already, its bytes are copied.

    Raises:
        BadInput: the format can't hold it.
        BadAudio: the file is damaged, or isn't the one that was recorded.
        AudioMissing: there is no such file.
        TargetError: what was written can't be read back.
        OSError: the part can't be written.
        RushesError: the file can't be read.
    """
    if wanted is None or wanted is format_of(facts):
        digest = _written(part, _copied(path), tick)
        if digest != facts.sha256:
            raise damaged(path)
        _check(part, sha256_of(part.path, lambda _: tick()) == digest)
        return ()
    check_holdable(facts, wanted)
    if wanted is AudioFormat.WAV:
        digest = _written(part, wav_parts(path, facts, tick), tick)
        _check(part, sha256_of(part.path, lambda _: tick()) == digest)
        _check(part, _frames(part.path) == facts.frames)
    else:
        encoded = write_encoded(path, facts, wanted, part.handle, tick)
        part.flush()
        _check(part, check_encoded(part.path, encoded, tick))
    return remarks_on(facts, wanted)


def _copied(path: Path) -> Iterator[bytes]:
    with open_regular(path) as source:
        while piece := read_some(source, _PIECE):
            yield piece


def _written(part: Part, pieces: Iterator[bytes], tick: Tick) -> str:
    """Write pieces, flushed; gives their hash."""
    digest = hashlib.sha256()
    for piece in pieces:
        tick()
        digest.update(piece)
        part.handle.write(piece)
    part.flush()
    return digest.hexdigest()


def _frames(path: Path) -> int:
    try:
        with open_audio(path) as reader:
            return reader.frames
    except BadAudio:
        return -1


def _check(part: Part, held: bool) -> None:
    if not held:
        raise part.unreadable()
