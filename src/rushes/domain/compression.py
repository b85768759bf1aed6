"""What came of compressing takes to FLAC, or of giving them back as they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from rushes.errors import RushesError


class SkipReason(StrEnum):
    """Why a file was left as it is; the values are what ``--json`` says."""

    NO_AUDIO = "no_audio"
    LINKED = "linked"
    SHARED = "shared"
    NOT_MEASURED = "not_measured"
    FLAC = "flac"
    FORMAT = "format"
    SAMPLES = "samples"
    CHANNELS = "channels"
    RATE = "rate"
    LAYOUT = "layout"
    NO_GAIN = "no_gain"
    NOT_FLAC = "not_flac"
    NOT_OURS = "not_ours"
    CHANGED = "changed"

    @property
    def words(self) -> str:
        """The reason as people say it, after "skipped: "."""
        return _WORDS[self]


_WORDS = {
    SkipReason.NO_AUDIO: "no audio",
    SkipReason.LINKED: "linked, their files belong to another program",
    SkipReason.SHARED: "several takes name the same file",
    SkipReason.NOT_MEASURED: "never measured, so nothing tells whether the file is whole",
    SkipReason.FLAC: "FLAC already",
    SkipReason.FORMAT: "neither WAV nor FLAC",
    SkipReason.SAMPLES: "float, 32-bit or coded samples, which FLAC can't hold",
    SkipReason.CHANNELS: "over 8 channels, which FLAC can't hold",
    SkipReason.RATE: "a sample rate that FLAC can't hold",
    SkipReason.LAYOUT: "laid out so that the very same file couldn't be given back",
    SkipReason.NO_GAIN: "no smaller as FLAC",
    SkipReason.NOT_FLAC: "not FLAC",
    SkipReason.NOT_OURS: "recorded as FLAC, never compressed here",
    SkipReason.CHANGED: "deleted or changed meanwhile",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A generation by its id, and what kept its file from being done."""

    id: str
    error: RushesError


@dataclass(frozen=True, slots=True)
class Recoded:
    """What was done, or would be: ids of generations, bytes of their files before and after.

    ``done`` are those of which ``files`` files were recoded, ``skipped`` those of which some file
    stays as it is, by reason: a generation of several versions can be in both.
    """

    done: tuple[str, ...]
    skipped: Mapping[SkipReason, tuple[str, ...]]
    failed: tuple[Failure, ...]
    files: int
    bytes_before: int
    bytes_after: int

    @property
    def freed(self) -> int:
        """Bytes that come back; negative where more are needed."""
        return self.bytes_before - self.bytes_after
