"""The stories: a list, and beneath it what the one under the cursor holds."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.containers import Vertical

from rushes.paths import styles_dir
from rushes.tui import story_changes
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.screens.asking import asked_until_done
from rushes.tui.screens.story_actions import StoryActions
from rushes.tui.widgets.footer import Footer
from rushes.tui.widgets.story_list import Listed, StoryHead, StoryList
from rushes.tui.widgets.story_script import StoryScript
from rushes.tui.widgets.title import Title

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from rushes.domain.story import Scene, Story
    from rushes.library import Library
    from rushes.tui.changes import Done

AROUND = 14
"""Lines of the screen besides its list: the script's among them."""

_NONE = "No stories yet. {new} makes one; {into} on a take in the history puts it into one."


class StoriesScreen(StoryActions):
    """A line for each story; those of linked sources can be opened, played and copied."""

    CSS_PATH = styles_dir() / "stories.tcss"
    scopes = (Scope.STORIES, Scope.DECK, Scope.MOVE, Scope.APP)
    BINDINGS = bindings_of(Scope.STORIES)

    def __init__(self) -> None:
        super().__init__()
        self.list = StoryList()
        self.title_line = Title("Stories", "reading …")
        self._head = StoryHead()
        self._script = StoryScript()
        self._stories: tuple[Listed, ...] | None = None
        self._on = ""

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield self.title_line
        with Vertical(id="stories-part"):
            yield self._head
            yield self.list
            yield self._script
        yield Footer(self.actions)

    def on_mount(self) -> None:
        """Ask for the stories."""
        self.list.focus()
        self.list.show_lines(0, 0, "reading …")
        self.library_changed()

    # What is shown

    @property
    def scene(self) -> Scene | None:
        """The story under the cursor, whole."""
        return None if self.list.current is None else self.list.current.scene

    @property
    def source_name(self) -> str:
        """Of which linked source it is."""
        return "" if self.list.current is None else self.list.current.source

    def library_changed(self) -> None:
        """Ask again; the cursor stays on its story."""
        self.host.start(self, self._read, group="stories")

    async def _read(self) -> None:
        self._stories = await self.host.desk.ask(_stories)
        none = _NONE.format(new=self.host.key("new_story"), into=self.host.key("into_story"))
        self._give_room()
        self.list.show(self._stories, none, self._on)
        self._on = ""
        count = len(self._stories)
        own = sum(1 for one in self._stories if not one.source)
        words = f"{count:,} {'story' if count == 1 else 'stories'}" if count else "none yet"
        linked = f", {count - own:,} of them linked" if own < count else ""
        self.title_line.say(f"{words}{linked}")
        self._head.display = bool(count)
        self._script.show(self.scene)

    def on_resize(self) -> None:
        """Give the list the room that there is."""
        self._give_room()

    def _give_room(self) -> None:
        rows = len(self._stories or ())
        self.list.styles.height = max(1, min(rows, self.size.height - AROUND))

    def on_cursor_list_moved(self) -> None:
        """Show what the story under the cursor holds."""
        self._script.show(self.scene)

    def story_made(self, story: Story) -> None:
        """Stand on the story that was made."""
        self._on = story.id
        self.library_changed()

    # Keys

    def action_open_story(self) -> None:
        """Open the story's timeline."""
        if self.scene is not None:
            self._open(self.scene.story, self.source_name)

    def on_cursor_list_clicked(self) -> None:
        """Open the story that was clicked."""
        self.action_open_story()

    def _open(self, story: Story, source_name: str = "") -> None:
        from rushes.tui.screens.story import StoryScreen

        self.app.push_screen(StoryScreen(story, source_name))

    def action_new_story(self) -> None:
        """Make a story by its name."""
        self.host.start(self, self._new, group="asking")

    async def _new(self) -> None:
        made: list[Story] = []

        def make(library: Library, name: str) -> Done:
            story, done = story_changes.create(library, name)
            made.append(story)
            return done

        if await asked_until_done(self.app, "A new story: its name", "", make) is not None:
            self.story_made(made[-1])

    def action_delete_story(self) -> None:
        """Delete the story; its takes stay."""
        story = self._own()
        if story is not None:
            self.host.start(self, partial(self._delete, story), group="change", exclusive=False)

    async def _delete(self, story: Story) -> None:
        self.told(
            await self.host.desk.ask(lambda library: story_changes.delete(library, story)),
            "brings it back",
        )
        self.library_changed()


def _stories(library: Library) -> tuple[Listed, ...]:
    """Give every story whole, the one changed last first."""
    names = {source.id: source.name for source in library.sources.list()}
    return tuple(
        Listed(library.stories.scene(story.id), names.get(story.source_id or "", ""))
        for story in library.stories.list()
    )
