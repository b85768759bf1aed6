"""The line beneath a comparison's title: whose words are compared, where that is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.tui.widgets.line import OneLine
from rushes.words.cells import shorten

if TYPE_CHECKING:
    from rushes.tui.candidates import Common
    from rushes.tui.paint import Line


class CommonLine(OneLine):
    """Profile and text, as far as all sides have the same."""

    def __init__(self, common: Common) -> None:
        super().__init__(id="common")
        self._common = common

    def show(self, common: Common) -> None:
        """Show what other candidates have in common."""
        if common != self._common:
            self._common = common
            self.refresh()

    def draw_line(self) -> Line:
        """Draw the line."""
        common, colours, line = self._common, self.colours, self.line().add(" ")
        room = self.size.width - 2
        if common.profile:
            name = shorten(common.profile, 24)
            line.add(f"{name}  ", colours.of_profile(common.profile_id), bold=True)
            room -= cell_len(name) + 2
        text = common.words[: 2 * max(0, room)]
        return line.add(shorten(text, room), colours.ink if common.text else colours.grey)
