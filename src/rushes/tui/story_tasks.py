"""Long work on stories as a person has it done: mixed to be played, and exported."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rushes.domain.story_sound import ExportedStory, StorySound, StoryWish
from rushes.tui import story_words
from rushes.tui.story_mix import mix_of
from rushes.tui.tasks import Tasks

if TYPE_CHECKING:
    from collections.abc import Callable

    from rushes.domain.story import Story
    from rushes.domain.watch import Watch
    from rushes.library import Library
    from rushes.tui.host import Host
    from rushes.tui.story_export_wish import StoryExport

MIXING = "mixing the story"
"""The name of the work that goes before playing."""


class StoryTasks(Tasks):
    """What is done about stories; ``look_on`` is called when work has begun."""

    def __init__(self, host: Host, look_on: Callable[[], None]) -> None:
        super().__init__(host, _unasked, host.say)
        self._look_on = look_on

    async def play(self, story: Story, at_ms: int) -> None:
        """Mix a story as it is now, unless that was done already, and play it from there on.

        Raises:
            RushesError: nothing of it can be heard, or a file can't be read.
        """
        await self.told(partial(self._play, story, at_ms))

    async def _play(self, story: Story, at_ms: int) -> None:
        def mixed(library: Library, watch: Watch) -> StorySound:
            return library.stories.sound(story.id, watch)

        desk = self.host.desk
        if desk.work is None:
            self._look_on()
            sound = await self.do(MIXING, mixed)
        else:
            sound = await desk.ask(lambda library: mixed(library, desk.unless_closing))
        self.host.tape.play_story(mix_of(story, sound), at_ms / 1000)

    async def export(self, story: Story, wanted: StoryExport) -> None:
        """Write a story as one file, and what is said when beside it; say what it came to.

        Raises:
            RushesError: the place can't be meant or written, or nothing can be heard.
        """
        await self.told(partial(self._export, story, wanted))

    async def _export(self, story: Story, wanted: StoryExport) -> None:
        wish = StoryWish(format=wanted.format, bits=wanted.bits, cues=wanted.cues)

        def exported(library: Library, watch: Watch) -> ExportedStory:
            return library.stories.export(story.id, wanted.place, wish, watch)

        self._look_on()
        self.say(story_words.exported_words(await self.do("exporting the story", exported)))


async def _unasked(title: str, text: str, action: str) -> bool:  # noqa: ARG001  # as it is asked
    """Nothing is asked on the way."""
    return True
