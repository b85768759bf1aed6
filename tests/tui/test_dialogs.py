"""Orders, tags, notes and saved filters, by their keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from rushes.domain.query import Sort
from rushes.library import Library
from rushes.tui.screens.ask_text import AskText
from rushes.tui.screens.detail import DetailScreen
from rushes.tui.screens.filters import SavedFilters
from rushes.tui.screens.order import ChooseOrder
from rushes.tui.screens.tags import Borne, Tag, TagsDialog, completing
from tests.tui.driving import Here, opened, recorded, take, until

SIZES = pytest.mark.parametrize("size", [(80, 24), (120, 40)])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "takes"


async def opens(here: Here, key: str, kind: type) -> None:
    await here.press(key)
    await until(here.pilot, lambda: isinstance(here.app.screen, kind))
    await here.settled()


async def leaves(here: Here, *keys: str) -> None:
    await here.press(*keys)
    await until(here.pilot, lambda: here.app.screen is here.screen)
    await here.settled()


def notes_and_tags(path: Path, ids: list[str]) -> list[tuple[str | None, tuple[str, ...]]]:
    with Library.open(path) as library:
        rows = [library.generations.get(one) for one in ids]
    return [(row.note, row.tags) for row in rows]


# The order


@SIZES
async def test_each_order_has_its_key_and_the_line_above_the_list_says_it(
    path: Path, size: tuple[int, int]
) -> None:
    recorded(path)
    async with opened(path, size) as here:
        for key, said in (
            ("o", "oldest first"), ("l", "longest first"), ("r", "best rated first"),
            ("p", "by profile"), ("t", "by text"), ("n", "newest first"),
        ):  # fmt: skip
            await opens(here, "o", ChooseOrder)
            await leaves(here, key)
            assert said in here.text
        assert here.screen.feed.query.sort is Sort.NEWEST


async def test_the_cursor_stays_on_its_row_in_another_order(path: Path) -> None:
    recorded(path, 200)
    async with opened(path, (80, 24)) as here:
        await here.press(*"jjjjj")
        current = here.screen.current
        assert current is not None
        await opens(here, "o", ChooseOrder)
        await leaves(here, "j", "enter")
        await until(here.pilot, lambda: "oldest first" in here.text)
        assert here.screen.current == current
        assert here.screen.list.cursor == 194
        assert current.text in here.texts
        await here.press("g")
        assert here.texts[:2] == ["line 0", "line 1"]


async def test_a_filter_keeps_the_order_and_escape_leaves_it_as_it_was(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await opens(here, "o", ChooseOrder)
        await leaves(here, "o")
        await here.press("slash", *"bob", "enter")
        await until(here.pilot, lambda: here.texts == ["line 1", "line 3", "line 5"])
        await opens(here, "o", ChooseOrder)
        await leaves(here, "escape")
        assert "3 of 6, oldest first" in here.text


# Tags


async def test_a_tag_is_typed_given_to_the_marked_rows_and_undone(path: Path) -> None:
    ids = [one.id for one in recorded(path)]
    async with opened(path) as here:
        await here.press("m", "m")
        await opens(here, "t", TagsDialog)
        assert "of 2 takes" in here.text
        await here.press(*"Keep", "enter")
        await until(here.pilot, lambda: "2 takes tagged Keep" in here.text)
        await leaves(here, "escape")
        tagged = [tags for _, tags in notes_and_tags(path, ids)]
        assert tagged == [(), (), (), (), ("Keep",), ("Keep",)]
        await here.press("u")
        await until(here.pilot, lambda: "without the tag Keep" in here.text)
        assert not any(tags for _, tags in notes_and_tags(path, ids))


async def test_typing_completes_a_known_tag_and_enter_takes_it_away_again(path: Path) -> None:
    ids = [one.id for one in recorded(path)]
    with Library.open(path) as library:
        library.generations.tag(ids[0], add=["chapter one", "[/x]"])
    async with opened(path) as here:
        await opens(here, "t", TagsDialog)
        await until(here.pilot, lambda: "[/x]" in here.text)
        await here.press(*"chap", "enter")
        await until(here.pilot, lambda: "tagged chapter one" in here.text)
        assert notes_and_tags(path, ids)[5][1] == ("chapter one",)
        await here.press("enter")
        await until(here.pilot, lambda: "no longer tagged chapter one" in here.text)
        assert notes_and_tags(path, ids)[5][1] == ()
        await leaves(here, "escape")
        await here.press("u")
        await until(here.pilot, lambda: "Undone" in here.text)
        assert notes_and_tags(path, ids)[5][1] == ("chapter one",)


async def test_the_tags_can_be_walked_and_a_bad_one_is_told(path: Path) -> None:
    ids = [one.id for one in recorded(path)]
    with Library.open(path) as library:
        library.generations.tag(ids, add=["a", "b"])
        library.generations.tag(ids[:5], remove="b")
    async with opened(path) as here:
        await opens(here, "t", TagsDialog)
        await here.press("tab", "j", "space")
        await until(here.pilot, lambda: "no longer tagged" in here.text)
        assert len(notes_and_tags(path, ids)[5][1]) == 1
        await here.press("slash")
        here.app.screen.query_one(Input).value = "x" * 300
        await here.press("enter")
        await until(here.pilot, lambda: "too long" in here.text or "characters" in here.text)
        assert isinstance(here.app.screen, TagsDialog)


async def test_tags_are_shown_in_the_detail_where_they_were_given(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await opens(here, "enter", DetailScreen)
        await opens(here, "t", TagsDialog)
        await here.press(*"[/x]", "enter")
        await here.press("escape")
        await until(here.pilot, lambda: isinstance(here.app.screen, DetailScreen))
        await until(here.pilot, lambda: "[/x]" in here.text)


def test_what_is_typed_is_offered_as_new_after_those_it_completes() -> None:
    known = (Tag("voice-over", 9, Borne.NONE), Tag("my voice", 3, Borne.NONE))
    assert [tag.name for tag in completing(known, "VOICE")] == ["voice-over", "my voice", "VOICE"]
    assert [tag.is_new for tag in completing(known, "my voice")] == [False]
    assert completing(known, "  ") == known


# Notes


async def test_a_note_is_written_shown_emptied_and_undone(path: Path) -> None:
    ids = [one.id for one in recorded(path)]
    async with opened(path) as here:
        await opens(here, "n", AskText)
        await leaves(here, *"good [/x]", "enter")
        assert notes_and_tags(path, ids)[5][0] == "good [/x]"
        await opens(here, "n", AskText)
        assert here.app.screen.query_one(Input).value == "good [/x]"
        here.app.screen.query_one(Input).value = ""
        await leaves(here, "enter")
        assert notes_and_tags(path, ids)[5][0] is None
        await here.press("u")
        await until(here.pilot, lambda: "with the note from before" in here.text)
        assert notes_and_tags(path, ids)[5][0] == "good [/x]"
        await here.press("u")
        await until(here.pilot, lambda: notes_and_tags(path, ids)[5][0] is None)


async def test_a_note_left_as_it_is_stays_byte_for_byte(path: Path) -> None:
    ids = [one.id for one in recorded(path)]
    note = "two\nlines\x07"
    with Library.open(path) as library:
        library.generations.note(ids[5], note)
    async with opened(path) as here:
        await opens(here, "n", AskText)
        await leaves(here, "enter")
        assert notes_and_tags(path, ids)[5][0] == note
        await opens(here, "n", AskText)
        await leaves(here, "end", "x", "enter")
        written = notes_and_tags(path, ids)[5][0]
        assert written is not None
        assert written.startswith("two\nlines")
        assert written.endswith("x")


async def test_different_notes_of_marked_rows_come_back_each_to_its_own(path: Path) -> None:
    ids = [one.id for one in recorded(path)]
    with Library.open(path) as library:
        library.generations.note(ids[5], "five")
        library.generations.note(ids[4], "four")
    async with opened(path) as here:
        await here.press("m", "m")
        await opens(here, "n", AskText)
        assert "different" in here.text
        await leaves(here, *"both", "enter")
        await until(here.pilot, lambda: notes_and_tags(path, ids)[5][0] == "both")
        await here.press("u")
        await until(here.pilot, lambda: "Undone" in here.text)
        assert [note for note, _ in notes_and_tags(path, ids)[4:]] == ["four", "five"]


# Saved filters


@SIZES
async def test_the_filter_in_force_is_saved_used_and_deleted(
    path: Path, size: tuple[int, int]
) -> None:
    recorded(path)
    async with opened(path, size) as here:
        await here.press("slash", *"bob", "enter")
        await opens(here, "F", SavedFilters)
        assert "None yet" in here.text
        await here.press("s")
        await until(here.pilot, lambda: isinstance(here.app.screen, AskText))
        await here.press(*"two words", "enter")
        await until(here.pilot, lambda: "can't name a filter" in here.text)
        await until(here.pilot, lambda: isinstance(here.app.screen, AskText))
        here.app.screen.query_one(Input).value = "his"
        await here.press("enter")
        await until(here.pilot, lambda: "Saved as @his" in here.text)
        await leaves(here, "escape", "escape")
        await until(here.pilot, lambda: len(here.texts) == 6)
        await opens(here, "F", SavedFilters)
        await leaves(here, "enter")
        await until(here.pilot, lambda: here.texts == ["line 5", "line 3", "line 1"])
        assert "@his" in here.text
        await opens(here, "F", SavedFilters)
        await here.press("d")
        await until(here.pilot, lambda: "Deleted @his" in here.text)
        await here.press("u")
        await until(here.pilot, lambda: "@his is back" in here.text)
        with here.library() as library:
            assert library.filters.lines() == {"his": "bob"}


async def test_chosen_profiles_are_saved_as_part_of_the_line(path: Path) -> None:
    recorded(path)
    with Library.open(path) as library:
        take(library, "other", 9, profile='Old "Bob", the second')
    async with opened(path) as here:
        await here.press("p")
        await until(here.pilot, lambda: "the second" in here.text)
        await here.press("j", "j", "enter")
        await until(here.pilot, lambda: here.texts == ["other"])
        await opens(here, "F", SavedFilters)
        await here.press("s")
        await until(here.pilot, lambda: isinstance(here.app.screen, AskText))
        await here.press(*"old", "enter")
        await until(here.pilot, lambda: "Saved as @old" in here.text)
        await leaves(here, "enter")
        await until(here.pilot, lambda: here.texts == ["other"])


async def test_what_shows_everything_is_no_filter_to_save(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await opens(here, "F", SavedFilters)
        await here.press("s")
        await until(here.pilot, lambda: "no filter to save" in here.text)


async def test_at_the_top_another_order_begins_at_its_first_row(path: Path) -> None:
    recorded(path, 200)
    async with opened(path, (80, 24)) as here:
        await opens(here, "o", ChooseOrder)
        await leaves(here, "j", "enter")
        await until(here.pilot, lambda: "oldest first" in here.text)
        await here.settled()
        assert here.screen.list.cursor == 0
        assert here.texts[:2] == ["line 0", "line 1"]


async def test_a_note_is_said_of_a_single_row_too(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await opens(here, "n", AskText)
        await leaves(here, *"bright", "enter")
        await until(here.pilot, lambda: "1 take with a note" in here.text)


async def test_a_question_stands_in_place_of_its_dialog(path: Path) -> None:
    recorded(path)
    async with opened(path, (80, 24)) as here:
        await here.press("slash", *"line", "enter")
        await opens(here, "F", SavedFilters)
        assert "None yet" in here.text
        focused = here.app.focused
        await opens(here, "s", AskText)
        await until(here.pilot, lambda: "None" not in here.text)
        await here.pilot.press("escape")
        await until(here.pilot, lambda: "None yet" in here.text)
        assert here.app.focused is focused
