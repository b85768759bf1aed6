"""What is exported, as what, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, TypeAlias

from rushes.domain.export_formats import AudioFormat, Layout
from rushes.errors import RushesError


@dataclass(frozen=True, slots=True)
class Archives:
    """A ZIP for each generation, with its whole record."""

    layout: Layout = Layout.VOICEBOX


@dataclass(frozen=True, slots=True)
class AudioAlone:
    """The audio of each generation; ``format`` is None for the file as it is.

    ``version`` is a label or the beginning of a version's id, None for the default;
    ``every_version`` exports them all, each as a file.
    """

    format: AudioFormat | None = None
    version: str | None = None
    every_version: bool = False


What: TypeAlias = Archives | AudioAlone

MOST_FOR_VOICEBOX = 50 * 1024 * 1024
"""Bytes of a ZIP beyond which Voicebox refuses to import it."""


class Remark(StrEnum):
    """What somebody should know of a file that was exported all the same; the values say it."""

    OVER_50_MB = "over 50 MB, which Voicebox doesn't import"
    NO_WAV = "too long for a WAV file, which Voicebox would need; the original is in it"
    VERSIONS_LEFT_OUT = "a sonna ZIP holds the default version alone"
    DECODED = "its audio was decoded to WAV, which is all that a sonna ZIP holds"
    FLOAT_TO_24 = "float samples became 24 bits, as FLAC knows no float"
    INTEGER_TO_24 = "32-bit samples became 24 bits, the most that FLAC is written with"
    CLIPPED = "samples beyond full scale were clipped"
    WAS_LOSSY = "made of a lossy file, as 16 bits: no better than that one"


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file that was exported: the generation's id, the absolute path, the size in bytes.

    ``version_id`` names the version of audio alone, None for a ZIP.
    """

    id: str
    file: str
    bytes: int
    version_id: str | None = None
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class NotExported:
    """A generation by its id, and why nothing was exported of it."""

    id: str
    error: RushesError


Result: TypeAlias = ExportedFile | NotExported

Carry: TypeAlias = Callable[[str, BinaryIO, Callable[[int, int], None]], str]
"""Takes a file elsewhere, by its name and an open handle, and gives where it lies there.

The last argument is to be told, now and then, how many bytes of how many are there; what it raises
ends it. ``RushesError``: this file isn't taken. ``TargetError``: no other would be either.
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export came to as a whole: every file, and what failed."""

    done: tuple[ExportedFile, ...]
    failed: tuple[NotExported, ...]

    @property
    def bytes(self) -> int:
        """Bytes of all files together."""
        return sum(file.bytes for file in self.done)
