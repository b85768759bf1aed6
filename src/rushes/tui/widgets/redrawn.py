"""A widget drawn line by line that sends only the cells that have become others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.geometry import Region

from rushes.tui.widgets.line import Lines

if TYPE_CHECKING:
    from rich.segment import Segment
    from textual.strip import Strip


class Redrawn(Lines):
    """Remembers the lines that it drew last, so that ``redraw`` can tell what differs."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002  # Textual's name for it
        super().__init__(id=id)
        self._drawn_lines: dict[int, Strip] = {}

    def render_line(self, y: int) -> Strip:
        """Give line ``y``, and remember it."""
        strip = self._drawn_lines[y] = self.strip_of(y)
        return strip

    def strip_of(self, y: int) -> Strip:
        """Draw line ``y``."""
        return super().render_line(y)

    def redraw(self) -> None:
        """Repaint the cells that differ from what was drawn last."""
        changed = []
        for y in range(self.size.height):
            before, now = self._drawn_lines.get(y), self.strip_of(y)
            if before is None or before.cell_length != now.cell_length:
                # Never drawn, or drawn at another width: Textual is about to draw it anyway.
                changed.append(Region(0, y, self.size.width, 1))
            elif before != now:
                first, last = _differing(before, now)
                changed.append(Region(first, y, last - first, 1))
        if changed:
            self.refresh(*changed)


def _differing(before: Strip, now: Strip) -> tuple[int, int]:
    """Give the first cell that differs and the one behind the last; both are equally long."""
    left = _same(list(before), list(now))
    right = _same(list(before)[::-1], list(now)[::-1])
    return left, max(left + 1, now.cell_length - right)


def _same(ones: list[Segment], others: list[Segment]) -> int:
    cells = 0
    for one, other in zip(ones, others, strict=False):
        if one != other:
            break
        cells += one.cell_length
    return cells
