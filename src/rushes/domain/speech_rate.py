"""How much there is to speak in a text, counted in letters of an alphabet."""

from __future__ import annotations

import re

# What is meant for the engine and isn't spoken: [laughs], <break time="1s"/>, (softly).
_DIRECTIONS = re.compile(r"\[[^\]]{0,80}\]|<[^>]{0,80}>|\([^)]{0,40}\)")

_DIGIT = 4.0
"""A digit is read as a word: “seven”."""

# Every text that is recorded is counted: of ASCII by what is left without the others.
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())
_NO_DIGITS = bytes(code for code in range(128) if not chr(code).isdigit())

# A sign of these stands for a mora or a syllable; a syllable has some 3 letters (Pellegrino,
# Coupé and Marsico, "A cross-language perspective on speech information rate", 2011).
_SIGNS = (
    (0x3040, 0x30FF, 2.0),  # kana
    (0x3400, 0x4DBF, 3.0),  # ideographs
    (0x4E00, 0x9FFF, 3.0),
    (0xAC00, 0xD7A3, 3.0),  # Hangul syllables
    (0x20000, 0x323AF, 3.0),
)


def letters(text: str) -> float:
    """About how many letters of an alphabet a text is when it is spoken."""
    spoken = _DIRECTIONS.sub(" ", text)
    if spoken.isascii():
        raw = spoken.encode()
        return len(raw.translate(None, _NO_LETTERS)) + _DIGIT * len(raw.translate(None, _NO_DIGITS))
    return sum(map(_weight, spoken))


def _weight(letter: str) -> float:
    if letter.isdigit():
        return _DIGIT
    if not letter.isalpha():
        return 0.0
    code = ord(letter)
    return next((weight for first, last, weight in _SIGNS if first <= code <= last), 1.0)
