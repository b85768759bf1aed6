"""File names that every system takes: Linux, macOS and Windows.

Windows: "Naming Files, Paths, and Namespaces" (Microsoft); bytes: NAME_MAX of Linux and APFS.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MOST_BYTES = 255
"""Bytes of a file's name in UTF-8, with its suffix."""

NAMELESS = "take"
"""What a file is called when nothing else is left."""

_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³])\s*(\..*)?", re.IGNORECASE
)


def plain(text: str) -> str:
    """Text as a part of a name: NFC on one line, without characters that some system refuses.

    Controls, invisible marks and halves of surrogate pairs go, separators become ``_``.
    """
    spaced = "".join(" " if character.isspace() else character for character in text)
    seen = "".join(character for character in spaced if not _is_invisible(character))
    composed = unicodedata.normalize("NFC", seen)
    return " ".join(composed.translate(_FORBIDDEN).split())


def shortened(text: str, characters: int) -> str:
    """Up to so many characters, none of them parted from the marks that stand on it."""
    end = characters
    while 0 < end < len(text) and unicodedata.combining(text[end]):
        end -= 1
    return text[:end].rstrip() if end else text[:characters]


def within(text: str, room: int) -> str:
    """As much of the text's beginning as ``room`` bytes of UTF-8 hold."""
    encoded = text.encode()
    if len(encoded) <= room:
        return text
    kept = encoded[: max(room, 0)].decode(errors="ignore")
    return shortened(text, len(kept)) if kept else ""


def safe_stem(text: str, room: int) -> str:
    """A file's name without its suffix, of at most ``room`` bytes (12 or more); never empty.

    It doesn't begin with a dot, which hides a file, nor end with a dot or a space, which Windows
    takes away, and is no name of a device there.
    """
    stem = _trimmed(within(_trimmed(plain(text)), room)) or NAMELESS
    return within(f"_{stem}", room) if _RESERVED.fullmatch(stem) else stem


def numbered(stem: str, suffix: str, first: int = 1) -> Iterator[tuple[int, str]]:
    """Names with their numbers: ``stem`` and ``suffix``, then with -2, -3 … between them."""
    number = first
    while True:
        end = f"-{number}{suffix}" if number > 1 else suffix
        room = MOST_BYTES - len(end.encode())
        yield number, f"{_trimmed(within(stem, room)) or NAMELESS}{end}"
        number += 1


def _trimmed(text: str) -> str:
    return text.lstrip(". ").rstrip(". ")


def _is_invisible(character: str) -> bool:
    """Controls, formatting marks, surrogates, and what Unicode hasn't given a meaning."""
    return character != " " and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn")
