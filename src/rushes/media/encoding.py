"""Samples encoded by libsndfile into a file of ours, so that no error of the disk is lost."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from rushes.media.flac_blocks import Inserting

if TYPE_CHECKING:
    import soundfile
    from numpy.typing import NDArray


class Unencodable(Exception):
    """libsndfile doesn't take such samples in such a format."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How samples are encoded: Hz, channels, libsndfile's names and its level of 0 to 1.

    ``bitrate_mode`` is for MP3 alone.
    """

    sample_rate: int
    channels: int
    format: str
    subtype: str
    level: float | None = None
    bitrate_mode: str | None = None


def encode(
    target: BinaryIO, coding: Coding, blocks: Iterable[NDArray[Any]], inserted: bytes = b""
) -> None:
    """Write blocks of shape (frames, channels) to an empty file.

    ``inserted`` are blocks of metadata that come behind the first of a FLAC file.

    Raises:
        Unencodable: the format doesn't take them.
        OSError: the file can't be written.
    """
    import soundfile

    sink = Inserting(target, inserted)

    def begin() -> soundfile.SoundFile:
        return soundfile.SoundFile(
            sink,
            "w",
            samplerate=coding.sample_rate,
            channels=coding.channels,
            format=coding.format,
            subtype=coding.subtype,
            compression_level=coding.level,
            bitrate_mode=coding.bitrate_mode,
        )

    # libsndfile calls back into Python to write, and what is raised there is lost. Signals raise
    # in the main thread alone, so ctrl+c can't come in between when another one writes.
    with ThreadPoolExecutor(1) as aside:
        try:
            sound = aside.submit(begin).result()
            try:
                for block in blocks:
                    aside.submit(sound.write, block).result()
            finally:
                aside.submit(sound.close).result()
        except soundfile.SoundFileError as error:
            if sink.fault is None:
                raise Unencodable from error
        except AssertionError:  # soundfile's own, when not all was written
            if sink.fault is None:
                raise
        finally:
            sink.seal()
    if sink.fault is not None:
        raise sink.fault
