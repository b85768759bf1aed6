"""Stories, a line for each, and the names of the columns over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rushes.domain.times import now
from rushes.tui.widgets.cursor_list import CursorList
from rushes.tui.widgets.line import OneLine
from rushes.words import when
from rushes.words.cells import fit, right

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rushes.domain.story import Scene, Story
    from rushes.tui.paint import Line

_ITEMS, _LENGTH, _FROM, _CHANGED = 6, 8, 18, 9
_MOST_NAME = 56
OWN = "own"


@dataclass(frozen=True, slots=True)
class Listed:
    """A story whole, and the name of the source that it comes from; empty for one's own."""

    scene: Scene
    source: str = ""

    @property
    def story(self) -> Story:
        """The story."""
        return self.scene.story


@dataclass(frozen=True, slots=True)
class _Columns:
    name: int
    source: int

    @classmethod
    def of(cls, width: int) -> _Columns:
        rest = width - _ITEMS - _LENGTH - _CHANGED - 8
        source = _FROM if rest - _FROM - 1 >= 20 else 10
        return cls(max(8, min(_MOST_NAME, rest - source)), source)


class StoryHead(OneLine):
    """The names of the columns."""

    def __init__(self) -> None:
        super().__init__(id="story-head")

    def draw_line(self) -> Line:
        """Draw the one line."""
        columns = _Columns.of(self.size.width - 1)
        cells = [
            fit("story", columns.name),
            right("items", _ITEMS),
            right("length", _LENGTH),
            " " + fit("from", columns.source),
            right("changed", _CHANGED),
        ]
        return self.line().add("  " + " ".join(cells), self.colours.grey)


class StoryList(CursorList):
    """The stories; one of a linked source is told by its source's name."""

    back = "ground"

    def __init__(self) -> None:
        super().__init__(id="stories")
        self._stories: tuple[Listed, ...] = ()

    @property
    def current(self) -> Listed | None:
        """The story under the cursor."""
        return self._stories[self.cursor] if self._stories else None

    def show(self, stories: Sequence[Listed], said: str, on: str = "") -> None:
        """Show others, or the same as they are now; the cursor stays on its story, or goes ``on``.

        ``said`` stands there where there are none.
        """
        wanted = on or (self.current.story.id if self.current is not None else "")
        if tuple(stories) == self._stories and self._said == said and not on:
            return
        self._stories = tuple(stories)
        ids = [one.story.id for one in stories]
        self.show_lines(len(ids), ids.index(wanted) if wanted in ids else self.cursor, said)

    def draw(self, at: int, line: Line, width: int) -> Line:
        """Draw a story."""
        listed, colours, columns = self._stories[at], self.colours, _Columns.of(width)
        story, scene = listed.story, listed.scene
        line.add(f" {fit(story.name, columns.name)} ", colours.of_profile(story.id))
        line.add(right(f"{len(scene.items):,}", _ITEMS) + " ", colours.ink)
        length = when.length(scene.length_ms / 1000) if scene.items else "–"
        line.add(right(length, _LENGTH) + "  ", colours.grey)
        source = fit(listed.source or OWN, columns.source)
        line.add(f"{source} ", colours.teal if listed.source else colours.grey)
        changed = when.moment(story.updated_at, now(), _CHANGED)
        return line.add(right(changed, _CHANGED), colours.grey)
