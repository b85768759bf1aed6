"""Sizes and spans of time as people write and read them."""

from __future__ import annotations

import re

from rushes.errors import BadInput

_UNITS = ("B", "KB", "MB", "GB")
_SIZE = r"(\d{1,18})(?:\.(\d{1,9}))?\s*(?:([kmgt])(i?)b?|b)?"
_SPAN = r"(\d{1,9})\s*(|d|days?|w|weeks?|y|years?)"
_MOMENT = r"(?:(?:(\d{1,4}):)?(\d{1,4}):)?(\d{1,8})(?:\.(\d{1,9}))?\s*(ms|s)?"
_FLAGS = re.IGNORECASE | re.ASCII
_DAYS = {"": 1, "d": 1, "w": 7, "y": 365}


def size_words(count: int) -> str:
    """Give bytes in decimal units: ``612 MB``."""
    value = float(count)
    for unit in _UNITS:
        if value < 999.5:
            return f"{value:.0f} {unit}" if value >= 10 or unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} TB"


def read_size(text: str) -> int:
    """Read a size in bytes: ``5GB``, ``500 MB``, ``1.5 GiB``, ``2000000``.

    Decimal units as they are shown; with an i (``GiB``) they are powers of 1,024.

    Raises:
        BadInput: it isn't a size.
    """
    found = re.fullmatch(_SIZE, text.strip().replace(",", ""), _FLAGS)
    if found is None:
        raise BadInput(f"“{text}” is no size", "", "Write it as 5GB, 500 MB or a number of bytes.")
    whole, part, unit, binary = found.groups(default="")
    factor: int = (1024 if binary else 1000) ** (" kmgt".index(unit.lower()) if unit else 0)
    fractions: int = 10 ** len(part)
    # In whole numbers, so that no byte is lost; what is left of one counts as one.
    return -(-int(whole + part) * factor // fractions)


def read_days(text: str) -> int:
    """Read a span of days: ``30``, ``30d``, ``2w``, ``1y`` (365 days).

    Raises:
        BadInput: it isn't a span.
    """
    found = re.fullmatch(_SPAN, text.strip(), _FLAGS)
    if found is None:
        raise BadInput(f"“{text}” is no span of days", "", "Write it as 30d, 2w or 1y.")
    number, unit = found.groups()
    return int(number) * _DAYS[unit[:1].lower()]


def read_ms(text: str) -> int:
    """Read a moment or a length as whole milliseconds: ``1.5``, ``1:02.5``, ``800ms``.

    Plain numbers are seconds; halves of a millisecond are rounded up.

    Raises:
        BadInput: it is neither.
    """
    found = re.fullmatch(_MOMENT, text.strip(), _FLAGS)
    hours, minutes, seconds, part, unit = found.groups() if found else (None,) * 5
    in_ms = (unit or "").lower() == "ms"
    if seconds is None or (in_ms and minutes is not None):
        raise BadInput(f"“{text}” is no time", "", "Write it as 1.5, 1:02.5 or 800ms.")
    whole = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds)
    digits = f"{whole}{(part or '').ljust(9, '0')}"
    return (int(digits) * (1 if in_ms else 1000) + 500_000_000) // 1_000_000_000
