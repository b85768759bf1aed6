"""Text from people: how it is folded for searching and made safe for a screen."""

from __future__ import annotations

import unicodedata

from rushes.errors import BadInput

_CONTROL_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "␡"}
_LINE_BREAKS = {ord("\n"): "⏎", ord("\r"): None, ord("\t"): " ", 0x2028: "⏎", 0x2029: "⏎"}

# Bidirectional overrides and isolates would reorder everything that follows them on a row.
_DIRECTIONS = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F)
_BYTE_ORDER_MARK = 0xFEFF
_INVISIBLE = dict.fromkeys(range(0x80, 0xA0), "�") | dict.fromkeys((*_DIRECTIONS, _BYTE_ORDER_MARK))

_JOINERS = (0x200B, 0x200C, 0x200D)
_VARIATIONS = (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAGS = {0x1F1E6 + letter: chr(ord("A") + letter) for letter in range(26)}

_ON_ONE_LINE = _CONTROL_PICTURES | _INVISIBLE | _LINE_BREAKS
_STEADY = _ON_ONE_LINE | dict.fromkeys((*_JOINERS, *_VARIATIONS, *_SKIN_TONES)) | _FLAGS
_ON_LINES = _CONTROL_PICTURES | _INVISIBLE | {ord("\n"): "\n", ord("\r"): None, ord("\t"): "    "}


def fold(text: str) -> str:
    """Give the form that is indexed and searched: the casefold of the NFC form, NFC again.

    STRASSE finds straße and é is found whether composed or not (Unicode 16, section 3.13,
    caseless matching). Plain ASCII takes a shortcut that gives the same.
    """
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def one_line(text: str) -> str:
    """Give the text as one printable line: control characters become visible pictures."""
    return text if text.isascii() and text.isprintable() else text.translate(_ON_ONE_LINE)


def steady(text: str) -> str:
    """Give one printable line whose width every terminal measures alike.

    Terminals disagree on joined emoji, variation selectors, skin tones and flags: joiners and
    selectors are taken out, flags become their two letters. What is shown is a little plainer;
    what is stored and copied is untouched.
    """
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize("NFC", text.translate(_STEADY))


def printable(text: str) -> str:
    """Give the text with its line breaks, and every other control character as a picture."""
    return text.translate(_ON_LINES)


def shown(thing: object) -> str:
    """Give a path, a name or a foreign message on one line, whatever bytes it was made of."""
    return one_line(str(thing)).encode("utf-8", "replace").decode()


def valid(text: str, what: str) -> str:
    """Give the text back unchanged when SQLite and UTF-8 can hold it.

    Raises:
        BadInput: it holds half of a surrogate pair, which no encoding can carry.
    """
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadInput(
            f"the {what} can't be kept",
            f"character {error.start + 1} is half of a surrogate pair, not text",
            "Give it as valid UTF-8.",
        ) from None
    return text
