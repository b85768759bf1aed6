"""The list of stories, and putting takes into one from wherever they are seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.library import Library
from rushes.tui.screens.ask_text import AskText
from rushes.tui.screens.detail import DetailScreen
from rushes.tui.screens.into_story import Choice, IntoStory, choices
from rushes.tui.screens.stories import StoriesScreen
from rushes.tui.screens.story import StoryScreen
from tests.exchange.voiceboxes import MADE, Voicebox
from tests.tui.driving import Here, opened, recorded, until
from tests.tui.storied import list_of_stories, scene_of, story_of, told

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "takes"


async def says(here: Here, text: str) -> None:
    await until(here.pilot, lambda: text in here.text)


async def shows(here: Here, kind: type) -> None:
    await until(here.pilot, lambda: isinstance(here.app.screen, kind))
    await here.pilot.pause()


async def answers(here: Here, text: str) -> None:
    """Type an answer over what stands in the question."""
    await shows(here, AskText)
    here.app.screen.query_one("#answer").value = text  # type: ignore[attr-defined]  # an Input
    await here.pilot.press("enter")


async def undoes(here: Here, said: str) -> None:
    await here.press("u")
    await says(here, f"Undone: {said}")


@SIZES
async def test_the_list_says_how_much_is_in_each_and_reads_it_out(
    path: Path, size: tuple[int, int]
) -> None:
    told(path)
    async with opened(path, size) as here:
        await list_of_stories(here)
        await says(here, "2")
        assert "Another [b]" in here.text
        await here.press("j")
        for text in ("The river", "7.0s", "own", "A night at the river.", "[laughs] it was cold"):
            assert text in here.text, text
        await here.press("escape")
        assert "Stories" not in here.text


async def test_where_there_are_none_the_way_to_one_is_told(path: Path) -> None:
    async with opened(path, (80, 24)) as here:
        await list_of_stories(here)
        await says(here, "No stories yet. A makes one; b on a take")
        await here.pilot.press("enter", "d", "r", "e", "C", "n")
        assert isinstance(here.app.screen, StoriesScreen)


async def test_a_story_is_made_renamed_described_and_deleted_and_each_is_undone(path: Path) -> None:
    async with opened(path) as here:
        await list_of_stories(here)
        await here.pilot.press("A")
        await answers(here, "   ")
        assert isinstance(here.app.screen, AskText), "a story has a name"
        await answers(here, "The [b]river")
        await says(here, "Made the story The [b]river. u takes it back.")
        await here.settled()
        assert isinstance(here.app.screen, StoriesScreen)
        await here.pilot.press("r")
        await answers(here, "The sea")
        await says(here, "The [b]river is now called The sea")
        await here.settled()
        await here.pilot.press("n")
        await answers(here, "All about it")
        await says(here, "The sea is described")
        await says(here, "All about it")
        await here.settled()
        await here.press("d")
        await says(here, "Deleted the story The sea; its takes stay. u brings it back.")
        await says(here, "No stories yet")
        await undoes(here, "the story The sea is back")
        await says(here, "All about it")
        await undoes(here, "The sea is described as before")
        await until(here.pilot, lambda: "All about it" not in here.text)
        await undoes(here, "the story is called The [b]river again")
        await undoes(here, "the story The [b]river is gone again")
        await says(here, "No stories yet")


async def test_a_linked_story_is_only_read_and_can_be_copied(path: Path, tmp_path: Path) -> None:
    voices = Voicebox(tmp_path / "voices")
    spoken = voices.take("linked words")
    voices.insert("stories", id="s", name="Theirs", created_at=MADE, updated_at=MADE)
    for number in range(2):
        voices.insert(
            "story_items",
            id=f"i{number}",
            story_id="s",
            generation_id=spoken,
            start_time_ms=900 * number,
            track=0,
            trim_start_ms=0,
            trim_end_ms=0,
            volume=1.0,
            created_at=MADE,
        )
    with Library.open(path) as library:
        library.sources.add(voices.folder)
        library.measuring.run()
    async with opened(path) as here:
        await list_of_stories(here)
        await says(here, "voices")
        for key in ("r", "d"):
            await here.press(key)
            await says(here, "only read. C copies it.")
            here.app.clear_notifications()
            await until(here.pilot, lambda: "only read. C" not in here.text)
        screen = await story_opened(here)
        assert "voices's, only read" in here.text
        before = screen.scene
        for key in ("full_stop", "i", "s", "d", "t", "p"):
            await here.press(key)
            await says(here, "only read. C copies it.")
            here.app.clear_notifications()
            await until(here.pilot, lambda: "only read. C" not in here.text)
        assert screen.scene == before
        await here.press("C")
        await says(here, "Copied into Theirs (copy), which is yours")
        await until(here.pilot, lambda: "Theirs (copy)" in here.text.splitlines()[0])
        await here.press("d")
        await says(here, "is out of the story")
    assert len(scene_of(path, "Theirs (copy)").items) == 1
    assert len(scene_of(path, "Theirs").items) == 2


async def story_opened(here: Here) -> StoryScreen:
    await here.press("enter")
    await shows(here, StoryScreen)
    screen = here.app.screen
    assert isinstance(screen, StoryScreen)
    await until(here.pilot, lambda: screen.scene is not None)
    await here.settled()
    return screen


# Putting takes into a story


def test_what_is_typed_narrows_the_stories_and_names_a_new_one(path: Path) -> None:
    told(path)
    with Library.open(path) as library:
        stories = library.stories.list()
    names = [one.name for one in choices(stories, "")]
    assert sorted(names) == ["Another [b]", "The river"]
    assert [one.name for one in choices(stories, "RIVER")] == ["The river", "RIVER"]
    assert choices(stories, " new ") == (Choice("new"),)


async def test_the_marked_rows_go_into_a_story_oldest_first(path: Path) -> None:
    recorded(path, 4)
    with Library.open(path) as library:
        library.stories.create("The river")
    async with opened(path, (80, 24)) as here:
        await here.press("m", "m", "m", "b")
        await shows(here, IntoStory)
        await says(here, "3 takes")
        await here.pilot.press(*"riv", "enter")
        await says(here, "3 takes put into the story The river. u takes it back.")
        items = scene_of(path).items
        assert [item.text for item in items] == ["line 1", "line 2", "line 3"]
        assert [item.start_ms for item in items[1:]] == [item.end_ms for item in items[:2]]
        await undoes(here, "3 takes out of the story The river again")
        assert scene_of(path).items == ()


async def test_one_row_goes_into_a_new_story_and_both_are_undone_together(path: Path) -> None:
    recorded(path, 2)
    async with opened(path) as here:
        await here.press("b")
        await shows(here, IntoStory)
        await says(here, "There are no stories yet: type a name.")
        await here.pilot.press(*"night", "enter")
        await says(here, "1 take put into the new story night.")
        assert [item.text for item in scene_of(path, "night").items] == ["line 1"]
        await undoes(here, "the story night is gone again")
        with here.library() as library:
            assert library.stories.list() == ()


async def test_a_take_that_cannot_be_heard_is_told_and_nothing_is_made(path: Path) -> None:
    with Library.open(path) as library:
        library.generations.begin(profile="Anna", text="not there yet")
    async with opened(path) as here:
        await here.press("b")
        await shows(here, IntoStory)
        await here.pilot.press(*"night", "enter")
        await says(here, "can't be heard: it is still")
        with here.library() as library:
            assert library.stories.list() == ()


async def test_the_detail_puts_in_names_the_stories_and_deleting_says_what_they_keep(
    path: Path,
) -> None:
    recorded(path, 2)
    async with opened(path) as here:
        await here.press("enter")
        await shows(here, DetailScreen)
        await here.press("b")
        await shows(here, IntoStory)
        await here.pilot.press(*"The [b]sea", "enter")
        await shows(here, DetailScreen)
        await until(here.pilot, lambda: "stories" in here.text and "The [b]sea" in here.text)
        await here.press("escape", "d")
        await says(here, "1 take moved to the trash; 1 story uses it")
        await here.press("u")
        await says(here, "1 take back from the trash")
        await here.press("k", "D")
        await says(here, "1 story uses it.")


async def test_what_another_process_does_to_stories_appears(path: Path) -> None:
    told(path)
    async with opened(path) as here:
        screen = await story_of(here, "j")
        await here.press("j")
        chosen = screen.timeline.chosen_id
        with Library.open(path) as library:
            scene = library.stories.scene("The river")
            library.stories.rename(scene.story, "The long river")
            library.stories.remove(scene.items[0])
        await until(here.pilot, lambda: "The long river" in here.text.splitlines()[0], 20)
        assert screen.timeline.chosen_id == chosen
        assert "3 items" in here.text
        with Library.open(path) as library:
            library.stories.delete("The long river")
        await shows(here, StoriesScreen)
        await until(here.pilot, lambda: "The long river" not in here.text)
