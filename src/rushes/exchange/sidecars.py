"""What is said of an audio file: in a ``.txt`` or a ``.json`` of its name, or in its tags."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from rushes.errors import RushesError
from rushes.exchange import cleaning

SUFFIXES = (".json", ".txt")
"""Of sidecars; what is in a JSON goes before what is in a text."""

_TEXT_KEYS = ("text", "prompt", "transcript", "transcription", "sentence", "caption")
_PROFILE_KEYS = ("profile_name", "profile", "voice", "speaker", "model_name")
_TAGS = ("title", "comment")
_LONGEST = 4_000_000

Said = Mapping[str, object]


def read_text(file: Path) -> str:
    """A text file's words, in UTF-8 or, failing that, Latin-1; nothing where it can't be read."""
    raw = _bytes_of(file)
    try:
        words = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = raw.decode("latin-1")
    return cleaning.text(words.strip())


def read_json(file: Path) -> Said | None:
    """A JSON object; None where the file holds none."""
    try:
        document = json.loads(_bytes_of(file))
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, Mapping) else None


def text_in(said: Said) -> str:
    """The words that a JSON object tells, under whichever of their usual names."""
    found = (said.get(key) for key in _TEXT_KEYS)
    return next((cleaning.text(words) for words in found if isinstance(words, str) and words), "")


def profile_in(said: Said) -> str | None:
    """The profile that a JSON object tells."""
    for key in _PROFILE_KEYS:
        value = said.get(key)
        if isinstance(value, Mapping):
            value = value.get("name")
        if isinstance(value, str) and value.strip():
            return cleaning.name(value, "")
    return None


def text_in_tags(file: Path) -> str:
    """The title, else the comment, of an audio file's own tags; nothing where there is neither."""
    import soundfile

    from rushes.media.decode import open_regular

    try:
        with (
            open_regular(file) as handle,
            soundfile.SoundFile(handle.fileno(), closefd=False) as sound,
        ):
            found = [cleaning.text(getattr(sound, tag, "")).strip() for tag in _TAGS]
    except (RushesError, soundfile.LibsndfileError, UnicodeDecodeError):
        return ""
    return next((words for words in found if words), "")


def _bytes_of(file: Path) -> bytes:
    try:
        with file.open("rb") as handle:
            return handle.read(_LONGEST)
    except OSError:
        return b""
