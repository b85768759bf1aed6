"""What is asked of the mix of a story, and what came of it."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from rushes.domain.cues import CueFormat
from rushes.domain.export_formats import AudioFormat
from rushes.domain.story import SceneItem


@dataclass(frozen=True, slots=True)
class StoryWish:
    """As what a story is exported.

    ``format`` is None where the file's suffix tells it, else it is WAV or FLAC. ``sample_rate`` in
    Hz is None for the highest of the clips'.
    """

    format: AudioFormat | None = None
    bits: int = 24
    sample_rate: int | None = None
    cues: Sequence[CueFormat] = ()
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Silent:
    """An item by its id that is a gap in the mix, and why, for people."""

    item_id: str
    why: str


@dataclass(frozen=True, slots=True)
class StorySound:
    """A story as a file to be played: its absolute path, its length, and what plays when.

    ``items`` are those of the scene that was mixed, in the order in which they begin. ``gain`` is
    what all of it was multiplied by to stay under full scale, 1 where it did by itself.
    """

    path: str
    sample_rate: int
    channels: int
    length_ms: int
    gain: float
    items: tuple[SceneItem, ...]
    silent: tuple[Silent, ...]

    def playing(self, at_ms: float) -> tuple[SceneItem, ...]:
        """The items, gaps too, that the playhead is in at that moment of the story."""
        begun = bisect_right(self.items, at_ms, key=lambda item: item.start_ms)
        return tuple(item for item in self.items[:begun] if at_ms < item.end_ms)


@dataclass(frozen=True, slots=True)
class ExportedStory:
    """A story as files: the mix first, then subtitles and labels, by their absolute paths.

    ``bytes`` is the size of the mix; ``true_peak`` that before ``gain``, full scale being 1.0.
    """

    story_id: str
    files: tuple[str, ...]
    bytes: int
    sample_rate: int
    channels: int
    bits: int
    length_ms: int
    true_peak: float
    gain: float
    silent: tuple[Silent, ...]

    @property
    def gain_db(self) -> float:
        """The gain in decibels; 0 where the mix stayed under full scale by itself."""
        return 20 * math.log10(self.gain)
