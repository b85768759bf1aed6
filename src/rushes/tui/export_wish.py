"""What a person wants exported, as what, to where; as the dialog gives it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from rushes.domain.export_formats import DEFAULT_PATTERN, AudioFormat
from rushes.domain.exporting import Archives, AudioAlone, What


class Way(Enum):
    """What an export can write; the values are what it is called on the screen."""

    ZIP = "ZIP"
    AS_IT_IS = "audio as it is"
    WAV = "WAV"
    FLAC = "FLAC"
    OGG = "OGG"
    MP3 = "MP3"


@dataclass(frozen=True, slots=True)
class ExportWish:
    """A way, a folder (or the file of one take) as it was typed, and a pattern of names.

    With ``to_laptop`` the place is the downloads folder of whoever listens.
    """

    way: Way = Way.ZIP
    place: str = "~/"
    pattern: str = DEFAULT_PATTERN
    to_laptop: bool = False


def what_of(way: Way) -> What:
    """Give what the library is asked for."""
    if way is Way.ZIP:
        return Archives()
    return AudioAlone(None if way is Way.AS_IT_IS else AudioFormat(way.value.lower()))


def suffix_of(way: Way, original: str) -> str:
    """Give how files end; ``original`` is libsndfile's name of the audio's own format."""
    return f".{original.lower()}" if way is Way.AS_IT_IS else f".{way.value.lower()}"
