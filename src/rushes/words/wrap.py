"""Text broken into lines of terminal cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len, chop_cells

from rushes.domain.text import printable, steady
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator

# Where no spaces part the words (Chinese, Japanese, fullwidth forms) a line may end behind any
# character, unless what follows closes a phrase: that never begins a line.
_PIECES = re.compile(
    r" +"
    r"|[\u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]"
    r"[\u3001\u3002\u300d\u300f\u3099\u309a\u30fc\uff01\uff09\uff0c\uff0e\uff1f]*"
    r"|[^ \u2e80-\u9fff\uf900-\ufaff\uff00-\uff60\U00020000-\U0003ffff]+"
)


def wrapped(text: str, width: int) -> Iterator[str]:
    """Give the lines of a text, each of ``width`` cells at most, broken between words.

    Line breaks of the text and the spaces that a line begins with are kept, control characters
    become pictures, and words longer than a line are cut.
    """
    for paragraph in printable(text).split("\n"):
        yield from _paragraph(steady(paragraph), max(1, width))


def _paragraph(text: str, width: int) -> Iterator[str]:
    if len(text) <= width and cell_len(text) <= width:
        yield text.rstrip(" ")
        return
    line, room = "", width
    for found in _PIECES.finditer(text):
        piece = found[0]
        length = cell_len(piece)
        if length <= room:
            line, room = line + piece, room - length
            continue
        if line.strip(" "):
            yield line.rstrip(" ")
            line, room = "", width
            if piece.startswith(" "):
                continue
        # A word, or the spaces that a line begins with, wider than a whole line.
        *full, line = chop_cells(piece.strip(" "), width) or [""]
        yield from full
        room = width - cell_len(line)
    if line.strip(" "):
        yield line.rstrip(" ")


def wrap(text: str, width: int, most: int) -> list[str]:
    """Break text into lines of ``width`` cells at most, at spaces; … ends the last of ``most``.

    Line breaks of the text are kept; words longer than a line are cut.
    """
    lines: list[str] = []
    for line in wrapped(text, width):
        if len(lines) == most:
            lines[-1] = shorten(f"{lines[-1]} …", max(1, width))
            return lines
        lines.append(line)
    return lines
