"""Ids: uuid4 as text, and the prefixes by which people name them."""

from __future__ import annotations

import os
import re

from rushes.errors import BadInput

SHORTEST_PREFIX = 4
"""Characters of an id that a command must be given at least."""

SHORT = 8
"""Characters of an id that are shown where it stands for a take."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

_ALPHABET = frozenset("0123456789abcdefghijklmnopqrstuvwxyz-_")


def new_id() -> str:
    """Give a fresh random id: a uuid4 as 36 lower-case characters (RFC 9562, section 5.4).

    Written out here because importing ``uuid`` costs 8 ms that a start-up can't spare.
    """
    raw = bytearray(os.urandom(16))
    return _written(raw, 4)


def derived_id(*parts: str) -> str:
    """Give the id that always belongs to these texts: a uuid8 of their hash (RFC 9562, 5.8)."""
    from hashlib import sha256  # 2 ms that only sources need

    said = "\0".join(f"{len(part)}:{part}" for part in parts)
    return _written(bytearray(sha256(said.encode("utf-8", "replace")).digest()[:16]), 8)


def is_id(text: str) -> bool:
    """Whether a text is a uuid in the form in which ids are written here."""
    return _UUID.fullmatch(text) is not None


def _written(raw: bytearray, version: int) -> str:
    raw[6] = raw[6] & 0x0F | version << 4
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
            "Give more of the id.",
        )
    if not _ALPHABET.issuperset(cleaned):
        raise BadInput(f"“{prefix}” is no id", "ids are letters, digits, - and _")
    return cleaned
