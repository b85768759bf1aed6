"""The letters of the two sides that are heard blind, as large as a panel."""

from __future__ import annotations

_SHAPES = {
    "A": (
        "   ███   ",
        "  ██ ██  ",
        " ██   ██ ",
        " ███████ ",
        " ██   ██ ",
    ),
    "B": (
        " ██████  ",
        " ██   ██ ",
        " ██████  ",
        " ██   ██ ",
        " ██████  ",
    ),
}

HEIGHT, WIDTH = 5, 9
"""Lines and cells of a letter."""


def big(letter: str, *, ascii: bool) -> tuple[str, ...]:  # noqa: A002  # the flag's name everywhere
    """Give the lines of a letter, A or B."""
    shape = _SHAPES[letter]
    return tuple(line.replace("█", "#") for line in shape) if ascii else shape
