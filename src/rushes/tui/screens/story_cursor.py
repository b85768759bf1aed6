"""The cursor of a story's timeline, and what of the timeline is in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rushes.tui import story_words, timeline
from rushes.tui.screens.parts import FAR
from rushes.tui.screens.story_keys import StoryKeys

if TYPE_CHECKING:
    from textual.timer import Timer

    from rushes.domain.story import SceneItem
    from rushes.tui.widgets.timeline import Timeline

REST = 0.15
"""Seconds the cursor must rest before what stands beneath the timeline follows."""

_CLOSER = 2
"""Scales that a key zooms by."""


class StoryCursor(StoryKeys):
    """Keys that move the cursor from item to item, and the view over the story."""

    def __init__(self) -> None:
        super().__init__()
        self.cursor_moved = False
        self._rest: Timer | None = None

    def show_item(self) -> None:
        """Show the item under the cursor whole."""
        raise NotImplementedError

    def show_title(self) -> None:
        """Say what a step is now."""
        raise NotImplementedError

    def action_open_item(self) -> None:
        """Open the take under the cursor."""
        raise NotImplementedError

    @property
    def item(self) -> SceneItem | None:
        """The item under the cursor."""
        return None if self.scene is None else self.scene.item(self.timeline.chosen_id)

    @property
    def at(self) -> int:
        """Which item the cursor stands on, 0 for the first."""
        item = self.item
        return self.scene.items.index(item) if self.scene is not None and item else 0

    def choose(self, item_id: str) -> None:
        """Stand on another item."""
        if item_id != self.timeline.chosen_id:
            self.cursor_moved = True
            self.timeline.choose(item_id)
            self.rest()

    def rest(self) -> None:
        """Let what follows the cursor follow, once it rests."""
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(REST, self.show_item)

    def go(self, to: int) -> None:
        """Stand on the ``to``-th item, on the first or the last where there is none."""
        items = () if self.scene is None else self.scene.items
        if items:
            self.choose(items[max(0, min(to, len(items) - 1))].id)

    def action_next_item(self) -> None:
        """Go to the item that begins next."""
        self.go(self.at + 1)

    def action_previous_item(self) -> None:
        """Go to the item that begins before."""
        self.go(self.at - 1)

    def action_first_item(self) -> None:
        """Go to the first item."""
        self.go(0)

    def action_last_item(self) -> None:
        """Go to the last item."""
        self.go(FAR)

    def action_item_below(self) -> None:
        """Go to the nearest item of the track below."""
        self._beside(1)

    def action_item_above(self) -> None:
        """Go to the nearest item of the track above."""
        self._beside(-1)

    def _beside(self, way: int) -> None:
        if self.scene is not None and self.scene.items:
            pieces = [story_words.piece_of(shown) for shown in self.scene.items]
            self.go(timeline.beside(pieces, self.at, way))

    def on_timeline_clicked(self, event: Timeline.Clicked) -> None:
        """Stand on the item that was clicked; open its take with a second click."""
        self.choose(event.id)
        if event.again:
            self.action_open_item()

    # What is in sight

    def action_page_on(self) -> None:
        """Look a page further on."""
        self.timeline.page(1)

    def action_page_back(self) -> None:
        """Look a page back."""
        self.timeline.page(-1)

    def action_zoom_in(self) -> None:
        """Come closer."""
        self._zoom(_CLOSER)

    def action_zoom_out(self) -> None:
        """Go further away."""
        self._zoom(-_CLOSER)

    def _zoom(self, by: int) -> None:
        keep = self.head_ms()
        item = self.item
        if keep is None or not self.timeline.is_in_sight(keep):
            keep = item.start_ms if item is not None else 0
        self.timeline.zoom(by, keep)
        self.show_title()
        self.rest()

    def action_zoom_whole(self) -> None:
        """Show all of the story."""
        self.timeline.whole()
        self.show_title()
