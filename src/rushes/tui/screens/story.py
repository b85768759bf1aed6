"""A story: its timeline, and beneath it the item under the cursor."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rushes.domain.story import Presence
from rushes.domain.waveform import BUCKETS
from rushes.errors import NotFound, RushesError
from rushes.paths import styles_dir
from rushes.playback.state import PlayerState, Playing
from rushes.tui import story_words
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.screens.story_cursor import StoryCursor
from rushes.tui.story_mix import belongs_to, mix_key
from rushes.tui.timeline import buckets_for
from rushes.tui.widgets.footer import Footer
from rushes.tui.widgets.item_pane import ItemPane
from rushes.tui.widgets.story_title import StoryTitle
from rushes.tui.widgets.timeline import Timeline

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from rushes.domain.envelope import Envelope
    from rushes.domain.generation import Generation
    from rushes.domain.story import Scene, Story
    from rushes.library import Library

MOST_FINE = 24
"""Clips whose fine waveforms are kept: half a megabyte each at the finest."""

_WIDTHS: list[tuple[int, str]] | None = [(0, "-narrow"), (72, "-wide")]
_HEIGHTS: list[tuple[int, str]] | None = [(0, "-short"), (34, "-tall")]

_EMPTY = (
    "Nothing is in this story yet.",
    "",
    "{key} puts in the row or the marked rows of the history, or an open take.",
)


class StoryScreen(StoryCursor):
    """One story; the cursor stands on one of its items."""

    CSS_PATH = styles_dir() / "stories.tcss"
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = _WIDTHS
    VERTICAL_BREAKPOINTS = _HEIGHTS
    scopes = (Scope.STORY, Scope.DECK, Scope.APP)
    BINDINGS = bindings_of(Scope.STORY)

    def __init__(self, story: Story, source_name: str = "") -> None:
        super().__init__()
        self._story = story
        self._source_name = source_name
        self._scene: Scene | None = None
        self._questions = 0
        self._answered = 0
        self._followed: int | None = None
        self._fine: dict[str, Envelope] = {}
        self.story_title = StoryTitle(story.name)
        self.timeline = Timeline()
        self.pane = ItemPane()

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self.story_title
        yield self.timeline
        yield self.pane
        yield Footer(self.actions)

    def on_mount(self) -> None:
        """Ask for the story."""
        self.library_changed()

    # What is shown

    @property
    def scene(self) -> Scene | None:
        """The story, whole."""
        return self._scene

    @property
    def source_name(self) -> str:
        """Of which linked source it is."""
        return self._source_name

    def library_changed(self) -> None:
        """Show what has changed; the cursor stays on its item."""
        self.host.start(self, self.read, group="scene")

    async def read(self, on: str = "") -> None:
        """Read the story and show it; a late answer to an older question is thrown away."""
        self._questions += 1
        question = self._questions
        asked = self._story.id
        try:
            scene, source = await self.host.desk.ask(partial(_scene, story_id=asked))
        except NotFound:
            scene, source = None, ""
        if question < self._answered or asked != self._story.id:
            return
        self._answered = question
        if scene is None or scene.story.deleted_at is not None:
            self.host.say("The story is gone.")
            self.dismiss()
            return
        self._source_name = source
        self._show(scene, on or self.timeline.chosen_id)

    def _show(self, scene: Scene, chosen: str) -> None:
        before, self._scene = self._scene, scene
        self._story = scene.story
        ids = [shown.id for shown in scene.items]
        if chosen not in ids:
            # What stood under the cursor is gone: what came after it takes its place.
            was = [] if before is None else [shown.id for shown in before.items]
            at = was.index(chosen) if chosen in was else 0
            chosen = ids[min(at, len(ids) - 1)] if ids else ""
        self._show_pieces(scene, chosen)
        self.show_item()
        self.show_title()

    def _show_pieces(self, scene: Scene, chosen: str) -> None:
        pieces = [
            story_words.piece_of(
                shown, None if shown.version is None else self._fine.get(shown.version.id)
            )
            for shown in scene.items
        ]
        said = [line.format(key=self.host.key("into_story")) for line in _EMPTY]
        self.timeline.show(pieces, scene.length_ms, chosen, said)

    def show_title(self) -> None:
        """Say how much there is and what a step is now."""
        scene, view = self._scene, self.timeline.view
        if scene is not None:
            step = "" if view is None or self._source_name else f"{view.step} ms"
            words = story_words.scene_words(scene)
            self.story_title.show(scene.story.name, words, self._source_name, step)

    def show_item(self) -> None:
        """Show the item under the cursor whole."""
        scene, item = self._scene, self.item
        if scene is None or item is None:
            self.pane.show(None)
            return
        at = scene.items.index(item) + 1
        self.pane.show(item, f"item {at:,} of {len(scene.items):,}")
        self.host.start(self, self._refine, group="fine")

    async def _refine(self) -> None:
        """Read the waveform of the item under the cursor as fine as it is drawn."""
        item, view = self.item, self.timeline.view
        if (
            view is None
            or item is None
            or item.version is None
            or item.presence in story_words.GAPS
        ):
            return
        version = item.version
        known = self._fine.get(version.id)
        stored = BUCKETS if known is None else known.buckets
        buckets = buckets_for(view, item.clip_ms, stored)
        if not buckets:
            return
        try:
            fine = await self.host.desk.ask(
                lambda library: library.audio.envelope(version, buckets)
            )
        except RushesError:
            return  # said when somebody wants to hear it
        self._fine[version.id] = fine
        while len(self._fine) > MOST_FINE:
            del self._fine[next(iter(self._fine))]
        if self._scene is not None:
            self._show_pieces(self._scene, self.timeline.chosen_id)

    def on_resize(self) -> None:
        """Say what a step is in the new width."""
        self.call_after_refresh(self.show_title)

    def story_made(self, story: Story) -> None:
        """Go over to the copy that was made."""
        self._story = story
        self.library_changed()

    # Playing

    def head_ms(self) -> int | None:
        """Give where the playhead stands in this story; None while nothing of it plays."""
        state = self.host.desk.player.state
        if state.playing is Playing.STOPPED or not belongs_to(state.key, self._story.id):
            return None
        return round(state.position * 1000)

    def action_play(self) -> None:
        """Play from the cursor where it has moved since, else from the playhead; or pause."""
        if not self.called_off():
            self.after_changes(self._play_here)

    def _play_here(self) -> None:
        scene, item, head = self._scene, self.item, self.head_ms()
        if scene is None or item is None:
            super().action_play()
            return
        state = self.host.desk.player.state
        if head is not None and not self.cursor_moved:
            if state.playing is Playing.PLAYING or state.key == mix_key(scene):
                self.host.desk.player.toggle()
                return
            self.play_from(scene, head)  # it was changed while it was paused
            return
        self.cursor_moved = False
        self.play_from(scene, item.start_ms)

    def player_changed(self, state: PlayerState) -> None:
        """Show the player's state in the deck and on the timeline."""
        super().player_changed(state)
        self._move_head()

    def tick(self, state: PlayerState) -> None:
        """Move the playhead."""
        super().tick(state)
        self._move_head()

    def _move_head(self) -> None:
        """Move the playhead; where it runs out of sight the page is turned."""
        head = self.head_ms()
        seen = self._followed is not None and self.timeline.is_in_sight(self._followed)
        self.timeline.playhead(head)
        if head is not None and (seen or self._followed is None):
            self.timeline.follow(head)
        self._followed = head

    # The take itself

    def action_open_item(self) -> None:
        """Open the take under the cursor."""
        item = self.item
        if item is None:
            return
        if item.generation is None or item.presence is Presence.TRASHED:
            self.host.say(story_words.why_silent(item))
            return
        from rushes.tui.screens.detail import DetailScreen

        self.app.push_screen(DetailScreen(item.generation, self._step))

    async def _step(self, by: int) -> Generation | None:
        """Move the cursor by some items and give the take that is there; None for a gap."""
        self.go(self.at + by)
        item = self.item
        gone = item is None or item.presence is Presence.TRASHED
        return None if item is None or gone else item.generation


def _scene(library: Library, story_id: str) -> tuple[Scene, str]:
    """Give the story whole, and the name of the source that it comes from."""
    scene = library.stories.scene(story_id)
    source_id = scene.story.source_id
    sources = () if source_id is None else library.sources.list()
    return scene, next((one.name for one in sources if one.id == source_id), "")
