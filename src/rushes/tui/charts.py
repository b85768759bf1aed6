"""Bars and columns of block characters, to an eighth of a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_LYING = "▏▎▍▌▋▊▉█"
_STANDING = "▁▂▃▄▅▆▇█"
_EIGHTHS = 8


def bar(value: int, largest: int, width: int, *, ascii: bool = False) -> str:  # noqa: A002  # the flag's name everywhere
    """Draw a lying bar of at most ``width`` cells, which ``largest`` fills; 0 draws nothing.

    Whatever there is at all shows: its bar is never shorter than the thinnest.
    """
    if ascii:
        return "#" * _parts(value, largest, width)
    whole, rest = divmod(_parts(value, largest, width * _EIGHTHS), _EIGHTHS)
    return _LYING[-1] * whole + (_LYING[rest - 1] if rest else "")


def column(value: int, largest: int, height: int, *, ascii: bool = False) -> str:  # noqa: A002  # the flag's name everywhere
    """Draw a standing bar of exactly ``height`` cells, as one character for each, bottom first."""
    if ascii:
        return f"{'#' * _parts(value, largest, height):<{height}}"
    whole, rest = divmod(_parts(value, largest, height * _EIGHTHS), _EIGHTHS)
    return f"{_STANDING[-1] * whole + (_STANDING[rest - 1] if rest else ''):<{height}}"


def columns(
    values: Sequence[int],
    height: int,
    *,
    ascii: bool = False,  # noqa: A002  # the flag's name everywhere
) -> tuple[str, ...]:
    """Draw standing bars to one scale, each as ``column`` gives it; the largest fills its own."""
    largest = max(values, default=0)
    return tuple(column(value, largest, height, ascii=ascii) for value in values)


def _parts(value: int, largest: int, parts: int) -> int:
    if value <= 0 or largest <= 0 or parts <= 0:
        return 0
    return max(1, min(parts, (2 * value * parts + largest) // (2 * largest)))
