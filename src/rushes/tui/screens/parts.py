"""A screen of several parts, one of which is chosen and takes the keys that move and open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.tui.screens.rows import RowScreen

if TYPE_CHECKING:
    from rushes.tui.widgets.part import Part

FAR = 1_000_000_000
"""More lines than any part has."""


class PartScreen(RowScreen):
    """Moves between its ``parts``, in their order, and within the chosen one."""

    parts: tuple[Part, ...] = ()

    @property
    def part(self) -> Part:
        """The part that is chosen."""
        return next((part for part in self.parts if part.chosen), self.parts[0])

    def part_chosen(self) -> None:
        """Take up that another part was chosen."""

    def choose(self, part: Part) -> None:
        """Let a part take the keys."""
        for one in self.parts:
            one.choose(one is part)
        self.part_chosen()

    def action_next_part(self) -> None:
        """Choose the next part that holds anything."""
        self._choose_from(1)

    def action_previous_part(self) -> None:
        """Choose the part before that holds anything."""
        self._choose_from(-1)

    def _choose_from(self, way: int) -> None:
        count, at = len(self.parts), self.parts.index(self.part)
        following = (self.parts[(at + way * by) % count] for by in range(1, count))
        self.choose(next((part for part in following if not part.is_empty), self.part))

    def on_part_clicked(self, event: Part.Clicked) -> None:
        """Choose the part; open what was clicked twice."""
        self.choose(event.part)
        if event.again:
            self.action_open_part()

    def action_open_part(self) -> None:
        """Do what suits the chosen part."""

    def action_part_down(self) -> None:
        """Go a line down in the part."""
        self.part.move(1)

    def action_part_up(self) -> None:
        """Go a line up in the part."""
        self.part.move(-1)

    def action_part_half_down(self) -> None:
        """Go half the part down."""
        self.part.move(max(1, self.part.page // 2))

    def action_part_half_up(self) -> None:
        """Go half the part up."""
        self.part.move(-max(1, self.part.page // 2))

    def action_part_page_down(self) -> None:
        """Go down by the whole part."""
        self.part.move(self.part.page)

    def action_part_page_up(self) -> None:
        """Go up by the whole part."""
        self.part.move(-self.part.page)

    def action_part_top(self) -> None:
        """Go to the beginning of the part."""
        self.part.move(-FAR)

    def action_part_bottom(self) -> None:
        """Go to the end of the part."""
        self.part.move(FAR)
