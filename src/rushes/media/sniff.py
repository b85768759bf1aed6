"""Whether a file begins like audio: a look that costs no decoder."""

from __future__ import annotations

from pathlib import Path

AUDIO_SUFFIXES = frozenset(
    (
        *(".wav", ".wave", ".flac", ".ogg", ".oga", ".opus", ".mp3"),
        *(".aif", ".aiff", ".aifc", ".au", ".caf", ".w64", ".rf64"),
    )
)
"""Suffixes of files that are taken for audio when a folder is looked through."""

_MAGICS = (b"RIFF", b"RIFX", b"RF64", b"riff", b"fLaC", b"OggS", b"FORM", b".snd", b"caff", b"ID3")
_LEAST_BYTES = 45
"""Bytes of the smallest WAV file that holds a sample."""


def has_audio_suffix(name: str) -> bool:
    """Whether a file's name says that it is audio."""
    return Path(name).suffix.lower() in AUDIO_SUFFIXES


def begins_like_audio(path: Path) -> bool:
    """Whether a file can be opened, holds something, and begins as audio files do."""
    try:
        with path.open("rb") as handle:
            head = handle.read(_LEAST_BYTES)
    except (OSError, ValueError):
        return False
    if len(head) < _LEAST_BYTES:
        return False
    # An MPEG frame: eleven bits set.
    return head.startswith(_MAGICS) or (head[0] == 0xFF and head[1] & 0xE0 == 0xE0)
