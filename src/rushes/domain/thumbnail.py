"""What a thumbnail looks like: its size and its two colours."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rushes.domain.text import one_line
from rushes.errors import BadInput

_LEAST, _MOST = 16, 4_096
_SIZE = re.compile(r"(\d{1,5})x(\d{1,5})")


@dataclass(frozen=True, slots=True)
class ThumbnailLook:
    """Width and height in pixels; colours as ``#rrggbb``."""

    width: int = 320
    height: int = 64
    ground: str = "#141210"
    wave: str = "#8fb3e0"


def read_size(text: str) -> tuple[int, int]:
    """Read ``320x64``: width and height in pixels.

    Raises:
        BadInput: it is no size, or one beyond the limits.
    """
    found = _SIZE.fullmatch(text.strip().lower())
    if found is None:
        raise BadInput(f"“{one_line(text)}” is no size", "", "Write it as 320x64.")
    width, height = int(found[1]), int(found[2])
    if not (_LEAST <= width <= _MOST and _LEAST <= height <= _MOST):
        why = f"a thumbnail has {_LEAST} to {_MOST:,} pixels each way"
        raise BadInput(f"{width}x{height} can't be drawn", why)
    return width, height
