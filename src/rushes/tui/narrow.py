"""Partial updates that send only the cells that have changed.

Textual 8 cuts the line of a partial update at the right of what is dirty but not at its left: the
playhead's cell would bring everything before it along, ten times a second, over somebody's SSH
line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual._compositor import ChopsUpdate, Compositor

if TYPE_CHECKING:
    from rich.console import Console


class NarrowUpdate(ChopsUpdate):
    """An update whose lines begin where the first dirty cell is."""

    def render_segments(self, console: Console) -> str:
        """Give what is sent to the terminal."""
        pieces = []
        for y, first, last in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                left, right = max(x, first), min(end, last)
                if strip is not None and left < right:
                    pieces.append(f"\x1b[{y + 1};{left + 1}H")
                    pieces.append(strip.crop(left - x, right - x).render(console))
        return "".join(pieces)


class NarrowCompositor(Compositor):
    """Textual's compositor with narrower partial updates."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """Give the update of what is dirty, if anything is."""
        update = super().render_partial_update()
        if update is None:
            return None
        return NarrowUpdate(update.chops, update.spans, update.chop_ends)
