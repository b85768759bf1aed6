"""Ids: uuid4 as text, and the prefixes by which people name them."""

from __future__ import annotations

import os

from rushes.errors import BadInput

SHORTEST_PREFIX = 4
"""Characters of an id that a command must be given at least."""

_ALPHABET = frozenset("0123456789abcdefghijklmnopqrstuvwxyz-_")


def new_id() -> str:
    """Give a fresh random id: a uuid4 as 36 lower-case characters (RFC 9562, section 5.4).

    Written out here because importing ``uuid`` costs 8 ms that a start-up can't spare.
    """
    raw = bytearray(os.urandom(16))
    raw[6] = raw[6] & 0x0F | 0x40
    raw[8] = raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def checked_prefix(prefix: str) -> str:
    """Give the prefix as ids are stored, lower-case and without surrounding space.

    Raises:
        BadInput: shorter than 4 characters, or with a character that no id holds.
    """
    cleaned = prefix.strip().lower()
    if len(cleaned) < SHORTEST_PREFIX:
        raise BadInput(
            f"“{prefix}” is too short for an id",
            f"at least {SHORTEST_PREFIX} characters are needed",
            "Copy the id from `rushes list`.",
        )
    if not _ALPHABET.issuperset(cleaned):
        raise BadInput(f"“{prefix}” is no id", "ids are letters, digits, - and _")
    return cleaned
