"""A long text wrapped as far as somebody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.words.wrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence


class LazyLines:
    """The lines of a text at one width; a text of a million words costs what is read of it."""

    def __init__(self, text: str, width: int) -> None:
        self.width = width
        self._rest = wrapped(text, width)
        self._lines: list[str] = []
        self._at_end = False

    def slice(self, first: int, count: int) -> Sequence[str]:
        """Give ``count`` lines from ``first`` on, as far as there are any."""
        self._read(first + count)
        return self._lines[first : first + count]

    def has(self, index: int) -> bool:
        """Tell whether there is a line ``index``."""
        self._read(index + 1)
        return index < len(self._lines)

    def count(self) -> int:
        """Read it all and give how many lines there are."""
        self._read(None)
        return len(self._lines)

    def _read(self, wanted: int | None) -> None:
        while not self._at_end and (wanted is None or len(self._lines) < wanted):
            line = next(self._rest, None)
            if line is None:
                self._at_end = True
            else:
                self._lines.append(line)


def scrolled(lines: LazyLines, top: int, by: int, page: int) -> int:
    """Give the first line in sight after scrolling by ``by``; the last page is the end."""
    if by <= 0:
        return max(0, top + by)
    lines.slice(0, top + by + page)
    if lines.has(top + by + page - 1):
        return top + by
    return max(top, lines.count() - page)
