"""Times and volumes of a story's items as people read them, and volumes as they write them."""

from __future__ import annotations

import math
import re

from rushes.domain import limits
from rushes.domain.text import one_line
from rushes.errors import BadInput

_VOLUME = re.compile(r"([+−-]?)\s*(\d{1,4})(?:[.,](\d{1,6}))?\s*(%|db)?", re.ASCII | re.IGNORECASE)

_MOST_DB = 400.0

SILENT_DB = -60.0
"""What is softer than this is shown as silence."""


def read_volume(text: str) -> float:
    """Read a volume as a factor: ``0.5``, ``50%``, ``-6 dB``, ``+3dB``.

    Raises:
        BadInput: it isn't one.
    """
    found = _VOLUME.fullmatch(text.strip())
    if found is None or (found[1] and (found[4] or "").lower() != "db"):
        raise BadInput(
            f"“{one_line(text.strip())}” is no volume", "", "Write it as 0.5, 50% or -6 dB."
        )
    sign, whole, part, unit = found.groups(default="")
    value = float(f"{whole}.{part or 0}")
    if unit.lower() == "db":
        # Far beyond any volume they are all the same, and no float holds 9999 dB.
        value = min(value, _MOST_DB)
        return math.pow(10.0, (value if sign in ("", "+") else -value) / 20)
    return value / 100 if unit == "%" else value


def louder(volume: float, by_db: float) -> float:
    """Give a volume so many dB louder, 4.0 at most; silence becomes heard at -40 dB.

    What comes within a hundredth of a dB of the clip's own level is exactly that.
    """
    if volume <= 0:
        return 0.01 if by_db > 0 else 0.0
    wanted = min(limits.HIGHEST_VOLUME, volume * math.pow(10.0, by_db / 20))
    return 1.0 if abs(wanted - 1.0) < 0.001 else wanted


def in_db(volume: float) -> float | None:
    """Give a volume in dB; None for silence."""
    if volume <= 0:
        return None
    level = 20 * math.log10(volume)
    return level if level > SILENT_DB else None


def exact(ms: int) -> str:
    """Give a place in time to the millisecond: ``0:01.250``."""
    seconds, rest = divmod(abs(ms), 1000)
    hours, minutes = seconds // 3600, seconds // 60 % 60
    clock = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{'-' if ms < 0 else ''}{clock}:{seconds % 60:02}.{rest:03}"


def seconds(ms: int) -> str:
    """Give a length to the millisecond: ``1.250 s``."""
    return f"{ms / 1000:.3f} s"
