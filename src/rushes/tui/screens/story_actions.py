"""What can be done to a whole story, from the list of stories and from a story's own screen."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rushes.domain.text import one_line
from rushes.playback.state import Playing
from rushes.tui import story_changes
from rushes.tui.screens.asking import asked_until_done
from rushes.tui.screens.base import DeskScreen
from rushes.tui.story_mix import belongs_to
from rushes.tui.story_tasks import MIXING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from rushes.domain.story import Scene, Story
    from rushes.library import Library
    from rushes.tui.changes import Done


class StoryActions(DeskScreen):
    """Renames, describes, copies, exports and plays ``story``; a linked one is only read."""

    @property
    def scene(self) -> Scene | None:
        """The story that keys act on, whole."""
        return None

    @property
    def source_name(self) -> str:
        """Of which linked source it is; empty for one's own."""
        return ""

    def story_made(self, story: Story) -> None:
        """Take up that a story was made, and is meant from now on."""

    def _own(self) -> Story | None:
        """Give the story where it may be changed; else say why not, in one line."""
        if self.scene is None:
            return None
        if self.scene.story.source_id is not None:
            key = self.host.key("copy_story")
            self.host.say(
                f"This story is {one_line(self.source_name)}'s and only read. {key} copies it."
            )
            return None
        return self.scene.story

    def _work(self, work: Callable[[], Awaitable[None]]) -> None:
        self.host.start(self, work, group="asking")

    def told(self, done: Done, back: str = "takes it back") -> None:
        """Remember how a change is undone, and say it."""
        said = f"{done.said}."
        if done.change is not None:
            self.host.desk.undo.remember(done.change)
            said += f" {self.host.key('undo')} {back}."
        self.host.say(said)

    # Hearing and exporting it

    def action_play(self) -> None:
        """Play it from its beginning, or pause and resume it."""
        scene, state = self.scene, self.host.desk.player.state
        if self.called_off():
            return
        if scene is None:
            super().action_play()
        elif belongs_to(state.key, scene.story.id) and state.playing is not Playing.STOPPED:
            self.host.desk.player.toggle()
        else:
            self.play_from(scene, 0)

    def called_off(self) -> bool:
        """Call off a mix that is being made to be played; tell whether one was."""
        work = self.host.desk.work
        if work is None or work.name != MIXING:
            return False
        work.call_off()
        return True

    def play_from(self, scene: Scene, at_ms: int) -> None:
        """Mix the story as it is now, and play it from there on."""
        if not scene.items:
            self.host.say("There is nothing to hear in this story yet.")
            return
        self.host.start(self.app, partial(self._play, scene, at_ms), group="play")

    async def _play(self, scene: Scene, at_ms: int) -> None:
        from rushes.tui.screens.story_export import story_tasks

        await story_tasks(self.app).play(scene.story, at_ms)

    def action_export_story(self) -> None:
        """Write it as one file, with what is said when beside it."""
        if self.scene is not None:
            from rushes.tui.screens.story_export import export_story

            export_story(self.app, self.scene.story)

    # Changing it

    def action_rename_story(self) -> None:
        """Give it another name."""
        story = self._own()
        if story is not None:
            self._work(partial(self._rename, story))

    async def _rename(self, story: Story) -> None:
        title = f"Rename the story {story_changes.titled(story)}"
        make = partial(_named, story)
        if await asked_until_done(self.app, title, story.name, make) is not None:
            self.library_changed()

    def action_describe_story(self) -> None:
        """Write what it is about."""
        story = self._own()
        if story is not None:
            self._work(partial(self._describe, story))

    async def _describe(self, story: Story) -> None:
        from rushes.tui.screens.ask_text import AskText

        before = story.description or ""
        title = f"What {story_changes.titled(story)} is about"
        asking = AskText(title, one_line(before), on_nothing="an empty line: nothing")
        answer = await self.app.push_screen_wait(asking)
        if answer is None or answer == one_line(before):
            return
        # A description of several lines is edited on one: its breaks are shown as ⏎.
        text = answer.replace("⏎", "\n") if "\n" in before else answer
        self.told(
            await self.host.desk.ask(lambda library: story_changes.describe(library, story, text))
        )
        self.library_changed()

    def action_copy_story(self) -> None:
        """Copy it into one of the library's own."""
        if self.scene is not None:
            story = self.scene.story
            self.host.start(self, partial(self._copy, story), group="change", exclusive=False)

    async def _copy(self, story: Story) -> None:
        made, done = await self.host.desk.ask(lambda library: story_changes.copy(library, story))
        self.told(done)
        self.story_made(made)


def _named(story: Story, library: Library, name: str) -> Done:
    return story_changes.rename(library, story, name)
