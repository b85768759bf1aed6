"""Samples: the recordings that a profile was made from, each with the words in it."""

from __future__ import annotations

from dataclasses import dataclass

from rushes.domain.audio import Fault


@dataclass(frozen=True, slots=True)
class ProfileSample:
    """A sample; ``audio_path`` is relative to the library, ``bytes`` None where it isn't known.

    ``fault`` is what was found wrong with its file.
    """

    id: str
    profile_id: str
    audio_path: str
    reference_text: str
    sample_rate: int | None
    channels: int | None
    frames: int | None
    bytes: int | None
    sha256: str | None
    fault: Fault | None = None

    @property
    def duration(self) -> float | None:
        """Length of the audio in seconds; None where its file was never read."""
        return self.frames / self.sample_rate if self.frames and self.sample_rate else None
