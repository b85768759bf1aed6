"""What a person wants of the export of a story, as the dialog gives it."""

from __future__ import annotations

from dataclasses import dataclass

from rushes.domain.cues import CueFormat
from rushes.domain.export_formats import AudioFormat


@dataclass(frozen=True, slots=True)
class StoryExport:
    """What is wanted of an export: a folder or a file as it was typed, and as what."""

    place: str = "~/"
    format: AudioFormat = AudioFormat.WAV
    bits: int = 24
    cues: tuple[CueFormat, ...] = ()
