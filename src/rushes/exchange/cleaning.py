"""Values as other programs wrote them, made into values that a library can hold. Nothing raises.

A foreign row is taken as it is meant: too long a name is cut, a number out of range is none.
"""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from hashlib import blake2b

from rushes.domain.record import strict, to_json
from rushes.domain.times import as_utc

LONGEST_TEXT = 1_000_000
LONGEST_NAME = 200
"""Characters that the library takes at most."""

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of what has none, or none that can be read."""

_MOST = 2**63


def text(value: object) -> str:
    """Any value as text that UTF-8 can hold; none is empty."""
    if value is None:
        return ""
    if isinstance(value, str) and value.isascii() and len(value) <= LONGEST_TEXT:
        return value
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return str(value).encode("utf-8", "replace").decode()[:LONGEST_TEXT]


def optional_text(value: object) -> str | None:
    """The same, where nothing and an empty text are none."""
    return text(value) or None


def name(value: object, otherwise: str) -> str:
    """A name without the space around it, cut where it is too long."""
    return text(value).strip()[:LONGEST_NAME].strip() or otherwise


def optional_name(value: object) -> str | None:
    """The same, where there may be none."""
    return name(value, "") or None


def whole(value: object) -> int | None:
    """A whole number of 64 bits; none where it isn't one."""
    if isinstance(value, bool) or value is None:
        return None
    try:
        number = float(value) if isinstance(value, float) else int(str(value))
        if number != int(number) or not -_MOST <= number < _MOST:
            return None
        return int(number)
    except (ValueError, OverflowError):
        return None


def number(value: object, otherwise: float) -> float:
    """A finite number, else another."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return otherwise
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return otherwise
    return found if math.isfinite(found) else otherwise


def seconds(value: object) -> float | None:
    """A length of audio; none where it is nothing or can't be meant."""
    found = number(value, 0.0)
    return found if 0.0 < found < 1e9 else None


def moment(value: object, otherwise: datetime = BEGINNING) -> datetime:
    """A time, in UTC where it names no zone."""
    try:
        found = as_utc(datetime.fromisoformat(text(value).strip()))
    except (ValueError, OverflowError):
        return otherwise
    return found if 1 < found.year < 9999 else otherwise


def parsed(value: object) -> object:
    """What a JSON text says (bare Infinity and NaN too), or the text itself where it is none."""
    written = text(value)
    try:
        return json.loads(written)
    except (ValueError, RecursionError):
        return written


def json_text(value: object) -> str | None:
    """A value as strict JSON text; none where there is nothing in it."""
    if value is None or value in ({}, ""):
        return None
    try:
        # Halves of surrogate pairs, which JSON can name, become question marks.
        return to_json(strict(value)).encode("utf-8", "replace").decode()
    except (ValueError, RecursionError):
        return None


def digest(*values: object) -> str:
    """A short text that tells these values from others."""
    return blake2b(repr(values).encode("utf-8", "replace"), digest_size=9).hexdigest()
