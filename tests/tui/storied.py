"""A library with stories in it, and the way to their screens."""

from __future__ import annotations

from pathlib import Path

from rushes.domain.story import Scene
from rushes.library import Library
from rushes.tui.screens.stories import StoriesScreen
from rushes.tui.screens.story import StoryScreen
from tests.tui.driving import Here, take, until, voice

WORDS = ("Good evening", "[laughs] it was cold", "今日はいい天気ですね", "100% of a_b [/whisper]")


def told(path: Path, *, seconds: float = 2.0) -> list[str]:
    """Make a story of four takes on two tracks, another one after it; gives the takes' ids.

    On track 0 Anna speaks from 0:00, Bob from 0:02; on track 1 Anna from 0:01, Bob from 0:05.
    """
    with Library.open(path) as library:
        ids = [
            take(
                library, text, n, profile=("Anna", "Bob")[n % 2], audio=voice(seconds, 130 + 20 * n)
            ).id
            for n, text in enumerate(WORDS)
        ]
        story = library.stories.create("The river", "A night at the river.").story
        library.stories.add(story, ids[:2])
        library.stories.add(story, ids[2], at_ms=1_000, track=1)
        library.stories.add(story, ids[3], at_ms=5_000, track=1)
        library.stories.create("Another [b]")
    return ids


def scene_of(path: Path, name: str = "The river") -> Scene:
    """The story as it is in the library."""
    with Library.open(path) as library:
        return library.stories.scene(name)


async def list_of_stories(here: Here) -> StoriesScreen:
    """Open the list of stories."""
    await here.press("S")
    await until(here.pilot, lambda: isinstance(here.app.screen, StoriesScreen))
    await until(here.pilot, lambda: "reading …" not in here.text)
    screen = here.app.screen
    assert isinstance(screen, StoriesScreen)
    return screen


async def story_of(here: Here, *keys: str) -> StoryScreen:
    """Open a story from the list, after these keys."""
    await list_of_stories(here)
    await here.press(*keys, "enter")
    await until(here.pilot, lambda: isinstance(here.app.screen, StoryScreen))
    screen = here.app.screen
    assert isinstance(screen, StoryScreen)
    await until(here.pilot, lambda: screen.scene is not None)
    await here.settled()
    return screen
