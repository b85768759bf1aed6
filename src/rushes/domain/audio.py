"""Facts of an audio file, as they were measured from its bytes."""

from __future__ import annotations

import builtins
from dataclasses import dataclass
from enum import StrEnum

from rushes.domain.quality import Quality


class Fault(StrEnum):
    """What was found wrong with a file when the library was last verified."""

    MISSING = "missing"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """What a file of audio is: Hz, channels, frames, bytes, its hash and its small waveform.

    ``format`` and ``subtype`` are libsndfile's names ("WAV", "PCM_16"). ``sha256`` is lower-case
    hexadecimal over the file's bytes. ``waveform`` is the small waveform that
    ``rushes.domain.waveform`` packs and draws. ``peak`` is the largest absolute sample, full
    scale being 1.0; it may exceed 1.0 in float files. ``quality`` is what was heard of the
    sound; None where nobody has listened yet.
    """

    sample_rate: int
    channels: int
    frames: int
    bytes: int
    sha256: str
    format: str
    subtype: str
    peak: float
    waveform: builtins.bytes
    quality: Quality | None = None

    @property
    def duration(self) -> float:
        """Length of the audio in seconds."""
        return self.frames / self.sample_rate
