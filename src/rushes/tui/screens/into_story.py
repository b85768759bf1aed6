"""Putting takes into a story, from any screen: the stories, narrowed by typing, or a new one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.containers import Vertical

from rushes.domain.text import fold
from rushes.errors import BadInput, Conflict, NotFound
from rushes.tui import story_changes, story_words
from rushes.tui.actions import Scope
from rushes.tui.bindings import bindings_of
from rushes.tui.changes import Done
from rushes.tui.host import Follower, host_of
from rushes.tui.screens.read_dialog import ReadDialog
from rushes.tui.screens.typed_dialog import TypedDialog
from rushes.tui.widgets.dialog import DialogFooter, DialogTitle, TypedPart
from rushes.tui.widgets.item_list import ItemList
from rushes.words.cells import fit, right
from rushes.words.counts import takes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import App, ComposeResult
    from textual.widgets import Input

    from rushes.domain.story import Story
    from rushes.library import Library
    from rushes.tui.paint import Line

_WHILE_TYPING = (
    ("enter", "put it in"), ("↑↓", "move"), ("tab", "to the list"), ("esc", "cancel"),
)  # fmt: skip
_ITEMS = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """A story; None makes a new one of that ``name``."""

    name: str
    story: Story | None = None


def choices(stories: Sequence[Story], typed: str) -> tuple[Choice, ...]:
    """Give the stories that hold what was typed, and last a new one that is called so.

    Those that are called exactly so stand first, then those that begin so.
    """
    wanted = fold(typed.strip())
    found = [story for story in stories if wanted in fold(story.name)]
    found.sort(
        key=lambda story: (fold(story.name) != wanted, not fold(story.name).startswith(wanted))
    )
    known = tuple(Choice(story.name, story) for story in found)
    return (*known, Choice(typed.strip())) if wanted else known


class StoryChoices(ItemList[Choice]):
    """Stories by their names, and how much is in each."""

    def __init__(self) -> None:
        super().__init__(id="story-choices")

    def draw(self, at: int, line: Line, width: int) -> Line:
        """Draw the name, and how many items there are."""
        choice, colours = self.items[at], self.colours
        room = max(4, width - 3 - _ITEMS)
        if choice.story is None:
            return line.add(" new  ", colours.grey).add(fit(choice.name[: room * 4], room))
        name = fit(choice.name[: room * 4], room)
        line.add(f" {name}", colours.of_profile(choice.story.id))
        return line.add(right(story_words.items(choice.story.items), _ITEMS), colours.grey)


class IntoStory(ReadDialog[Choice], TypedDialog[Choice]):
    """Gives the story that ``count`` takes shall be put into; those of linked sources can't be."""

    AUTO_FOCUS = "#story-part"
    scope = Scope.INTO_STORY
    BINDINGS = bindings_of(Scope.INTO_STORY)

    def __init__(self, count: int) -> None:
        self._list = StoryChoices()
        super().__init__(self._list)
        self._count = count
        self._stories: tuple[Story, ...] | None = None

    def compose(self) -> ComposeResult:
        """Lay out the dialog."""
        with Vertical(classes="dialog"):
            yield DialogTitle("Into a story", takes(self._count))
            yield TypedPart("a story, new or known", "story-part")
            yield self._list
            yield DialogFooter(self.own_actions, _WHILE_TYPING)

    @property
    def _lines(self) -> int:
        return len(self._stories or ()) + 1

    async def _read(self) -> None:
        current = self._list.current
        self._stories = await self.host.desk.ask(_own_stories)
        self.on_resize()
        self._show(None if current is None else current.story)

    def narrow(self) -> None:
        """Show what fits what was typed."""
        self._show(None)

    def _show(self, on: Story | None) -> None:
        if self._stories is None:
            return
        found = choices(self._stories, self._typed)
        ids = ["" if one.story is None else one.story.id for one in found]
        cursor = ids.index(on.id) if on is not None and on.id in ids else 0
        self._list.show(found, cursor, "There are no stories yet: type a name.")

    # Choosing

    def action_type_story(self) -> None:
        """Type a name."""
        self.type()

    def action_choose_story(self) -> None:
        """Choose what stands under the cursor."""
        if self._list.current is not None:
            self.dismiss(self._list.current)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Choose what stands under the cursor."""
        event.stop()
        self.action_choose_story()

    def on_cursor_list_clicked(self) -> None:
        """Choose the story that was clicked."""
        self.action_choose_story()

    def on_typed_part_left(self, event: TypedPart.Left) -> None:
        """Go to the list; or leave, where there was nothing to clear."""
        self.leave_line(cleared=event.cleared)


def into_story(app: App[Any], ids: Sequence[str]) -> None:
    """Ask which story these generations shall be put into, do it and say it; undoable.

    They come at the end of the story's first track, in the order in which they were made. From
    any screen.
    """
    host_of(app).start(app, partial(_into_story, app, tuple(ids)), group="into-story")


async def _into_story(app: App[Any], ids: tuple[str, ...]) -> None:
    host = host_of(app)
    choice = await app.push_screen_wait(IntoStory(len(ids)))
    if choice is None:
        return
    try:
        done = await host.desk.ask(partial(_put, choice=choice, ids=ids))
    except (BadInput, Conflict, NotFound) as error:
        host.trouble(error)
        return
    if done.change is not None:
        host.desk.undo.remember(done.change)
    host.say(f"{done.said}. {host.key('undo')} takes it back.")
    for screen in app.screen_stack:
        if isinstance(screen, Follower):
            screen.library_changed()


def _put(library: Library, choice: Choice, ids: tuple[str, ...]) -> Done:
    made = sorted(library.generations.of_ids(ids), key=lambda one: (one.created_at, one.seq))
    ids = tuple(generation.id for generation in made)
    if choice.story is None:
        return story_changes.add_to_new(library, choice.name, ids)
    return story_changes.add(library, choice.story, ids)


def _own_stories(library: Library) -> tuple[Story, ...]:
    return tuple(story for story in library.stories.list() if story.source_id is None)
