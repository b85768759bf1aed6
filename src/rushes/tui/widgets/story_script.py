"""What a story holds, to be read: its description, then who says what from when on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from rushes.tui import story_words
from rushes.tui.widgets.redrawn import Redrawn
from rushes.words import when
from rushes.words.cells import fit, shorten
from rushes.words.wrap import wrap

if TYPE_CHECKING:
    from rushes.domain.story import Scene
    from rushes.tui.paint import Line
    from rushes.tui.piece import Piece

_TIME = 9
_NAME = 14
_MOST_DESCRIPTION = 3


class StoryScript(Redrawn):
    """As many lines of the script as there is room for."""

    def __init__(self) -> None:
        super().__init__(id="story-script")
        self._scene: Scene | None = None
        self._description: list[str] = []
        self._pieces: tuple[Piece, ...] = ()

    def show(self, scene: Scene | None) -> None:
        """Show another story."""
        if scene != self._scene:
            self._scene = scene
            items = () if scene is None else scene.items
            self._pieces = tuple(story_words.piece_of(shown) for shown in items)
            self._lay_out()

    def on_resize(self) -> None:
        """Break the description anew."""
        self._lay_out()

    def _lay_out(self) -> None:
        story = None if self._scene is None else self._scene.story
        text = "" if story is None or not story.description else story.description
        lines = wrap(text, max(8, self.size.width - 4), _MOST_DESCRIPTION) if text else []
        self._description = [*lines, ""] if lines else []
        self.redraw()

    def draw(self, y: int) -> Line | None:
        """Draw a line of the description, then one for each item."""
        line, colours = self.line().add("  "), self.colours
        if y < len(self._description):
            return line.add(self._description[y], colours.grey)
        if not self._pieces and self._scene is not None and y == len(self._description):
            return line.add("Nothing is in it yet.", colours.grey)
        at, room = y - len(self._description), self.size.height - len(self._description)
        if at >= len(self._pieces):
            return None
        more = len(self._pieces) - room
        if more > 0 and at == room - 1:
            return line.add(f"{'':{_TIME}}{more + 1:,} more", colours.grey)
        piece = self._pieces[at]
        line.add(fit(when.playhead(piece.start_ms / 1000), _TIME), colours.grey)
        name = fit(piece.name or piece.gap, _NAME - 2) + "  "
        line.add(name, colours.of_profile(piece.profile_id) if piece.name else colours.rose)
        said = f"a gap: {piece.gap}  " if piece.gap and piece.name else ""
        line.add(said, colours.rose)
        rest = self.size.width - 4 - _TIME - _NAME - cell_len(said)
        ink = colours.grey if piece.gap else colours.ink
        return line.add(shorten(piece.text[: 4 * max(0, rest)], rest), ink)
