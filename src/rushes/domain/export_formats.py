"""What can be exported, and how files are called: what the command line says of it.

Apart from ``domain.exporting``, so that a command line starts without it.
"""

from __future__ import annotations

from enum import StrEnum


class AudioFormat(StrEnum):
    """What audio can be exported as; each is its file's suffix as well."""

    WAV = "wav"
    FLAC = "flac"
    OGG = "ogg"
    MP3 = "mp3"


class Layout(StrEnum):
    """How a ZIP is laid out: as Voicebox writes and reads it, or as Sonna's documents say."""

    VOICEBOX = "voicebox"
    SONNA = "sonna"


DEFAULT_PATTERN = "{profile}-{date}-{text:.30}-{id:.8}"
"""How files are called when nobody says otherwise; ``domain.file_pattern`` reads it."""

FIELDS = (
    "profile",
    "date",
    "time",
    "text",
    "id",
    "engine",
    "model",
    "language",
    "seed",
    "rating",
    "label",
    "tags",
    "status",
)
"""What may stand in a pattern's braces. ``label`` is that of the version whose audio it is."""
