"""The first screen, driven by keys on a real library."""

from __future__ import annotations

from pathlib import Path

import pytest

from rushes.config import Config
from rushes.domain.query import HistoryQuery
from rushes.library import Library
from rushes.tui.screens.confirm import Confirm
from rushes.tui.screens.detail import DetailScreen
from rushes.tui.screens.help import Help
from rushes.tui.screens.history import HistoryScreen
from rushes.tui.screens.profiles import ProfileFilter
from rushes.tui.screens.statistics import StatisticsScreen
from rushes.tui.screens.trash import TrashScreen
from tests.tui.driving import opened, recorded, take, until

NASTY = (
    "[laughs] hi",
    "[/whisper]",
    "100% a_b",
    "你好，世界",
    "family 👩‍👩‍👧 flag 🇩🇪 heart ❤️",
    "x" * 3_000,
    "one\ntwo\tthree \x1b[31mred\x07 \x00end",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "takes"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (160, 42), (50, 12)])
async def test_every_generation_is_listed_newest_first(path: Path, size: tuple[int, int]) -> None:
    recorded(path)
    async with opened(path, size) as here:
        assert here.texts == [f"line {n}" for n in (5, 4, 3, 2, 1, 0)]
        assert "6 takes" in here.text
        assert all(len(line) <= size[0] for line in here.text.splitlines())


async def test_an_empty_library_says_how_to_begin(path: Path) -> None:
    async with opened(path, (80, 24)) as here:
        assert "rushes demo" in here.text
        assert "rushes add" in here.text


async def test_the_cursor_moves_by_every_key(path: Path) -> None:
    recorded(path, 60)
    async with opened(path, (80, 24)) as here:
        rows = here.screen.list
        page = rows.page_height
        for key, stands in (
            ("j", 1), ("down", 2), ("k", 1), ("up", 0), ("G", 59), ("g", 0), ("end", 59),
            ("home", 0), ("pagedown", page), ("pageup", 0), ("ctrl+d", page // 2), ("ctrl+u", 0),
        ):  # fmt: skip
            await here.press(key)
            assert rows.cursor == stands, key
            assert rows.top <= rows.cursor < rows.top + page


async def test_rows_far_away_come_from_the_store(path: Path) -> None:
    recorded(path, 200)
    async with opened(path, (80, 24)) as here:
        await here.press("G")
        assert here.texts[-1] == "line 0"
        await here.press("pageup", "pageup", "pageup", "pageup", "pageup")
        await until(here.pilot, lambda: len(here.texts) == here.screen.list.page_height)


async def test_typing_narrows_and_escape_shows_all_again(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await here.press("slash", "b", "o", "b")
        await until(here.pilot, lambda: here.texts == ["line 5", "line 3", "line 1"])
        assert "3 of 6" in here.text
        await here.press("enter")
        assert here.screen.list.has_focus
        await here.press("escape")
        await until(here.pilot, lambda: len(here.texts) == 6)


async def test_a_filter_that_cannot_be_read_says_where_and_keeps_the_rows(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        with here.library() as library:
            take(library, "this is one of its kind", 9)
        await here.press("slash", *"is")
        await until(here.pilot, lambda: here.texts == ["this is one of its kind"])
        await here.press("colon", *"sad")
        assert "at 4: “is:sad” is not known" in here.text
        assert here.texts == ["this is one of its kind"]
        await here.press("escape")
        await until(here.pilot, lambda: len(here.texts) == 7)


async def test_a_saved_filter_is_asked_for_by_its_name(path: Path) -> None:
    recorded(path)
    with Library.open(path) as library:
        library.filters.save("hers", "profile:=Anna")
    async with opened(path) as here:
        await here.press("slash", "at", *"hers", "enter")
        await until(here.pilot, lambda: here.texts == ["line 4", "line 2", "line 0"])


async def test_a_filter_without_hits_says_so(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await here.press("slash", *"zzz", "enter")
        await until(here.pilot, lambda: "Nothing matches" in here.text)


async def test_space_plays_the_row_and_another_row_cuts_over(path: Path) -> None:
    takes = recorded(path)
    async with opened(path) as here:
        await here.press("space")
        await until(here.pilot, lambda: len(here.player.asked) == 1)
        await here.press("j", "space")
        await until(here.pilot, lambda: len(here.player.asked) == 2)
        assert [source.key for source in here.player.asked] == [takes[5].id, takes[4].id]
        assert all(source.path.is_file() for source in here.player.asked)
        assert "line 4" in here.text.splitlines()[-5:][0] or "Anna" in here.text


async def test_a_machine_without_sound_says_what_to_type(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await here.press("space")
        await until(here.pilot, lambda: "sound off" in here.text)
        await until(here.pilot, lambda: "Sound is switched off" in here.text)


async def test_favourite_and_rating_show_at_once_and_are_kept(path: Path) -> None:
    takes = recorded(path)
    async with opened(path) as here:
        await here.press("f", "4")
        row = here.text.splitlines()[4]
        assert "♥" in here.text
        assert "★★★★" in here.text, row
        await here.press("j", "2", "0")
        with here.library() as library:
            first, second = (
                library.generations.get(takes[5].id),
                library.generations.get(takes[4].id),
            )
        assert (first.is_favorited, first.rating, second.rating) == (True, 4, None)
        await here.press("k", "f")
        assert "♥" not in here.text


async def test_a_key_pressed_quickly_acts_on_one_row_after_another(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await here.pilot.press("d", "d", "d", "d")
        await until(here.pilot, lambda: here.texts == ["line 1", "line 0"])
        await here.press("u", "u", "u", "u")
        await until(here.pilot, lambda: len(here.texts) == 6)


async def test_a_fault_stays_however_quickly_it_was_typed(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await here.press("slash")
        await here.pilot.press(*"is", "colon", *"foo")
        await here.settled()
        assert "is not known" in here.text
        here.screen.library_changed()
        await here.settled()
        assert "is not known" in here.text


async def test_a_change_elsewhere_does_not_replace_the_question(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        here.screen.filter_by_text("bob")
        here.screen.library_changed()
        await until(here.pilot, lambda: here.texts == ["line 5", "line 3", "line 1"])


async def test_undo_takes_back_one_change_after_another(path: Path) -> None:
    takes = recorded(path)
    async with opened(path) as here:
        await here.press("f", "3", "d")
        await until(here.pilot, lambda: len(here.texts) == 5)
        await here.press("u")
        await until(here.pilot, lambda: len(here.texts) == 6)
        assert "back from the trash" in here.text
        await here.press("u", "u", "u")
        assert "Nothing to undo" in here.text
        with here.library() as library:
            generation = library.generations.get(takes[5].id)
        assert (generation.is_favorited, generation.rating) == (False, None)


async def test_what_is_deleted_lies_in_the_trash_and_comes_back(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await here.press("d", "d")
        await until(here.pilot, lambda: here.texts == [f"line {n}" for n in (3, 2, 1, 0)])
        await here.press("T")
        await until(here.pilot, lambda: isinstance(here.app.screen, TrashScreen))
        await until(here.pilot, lambda: "2 takes" in here.text and "line 5" in here.text)
        await here.press("enter")
        await until(here.pilot, lambda: "1 take," in here.text)
        await here.press("escape")
        await until(here.pilot, lambda: len(here.texts) == 5)


async def test_deleting_for_good_asks_with_cancel_in_focus(path: Path) -> None:
    takes = recorded(path)
    async with opened(path) as here:
        await here.press("D")
        await until(here.pilot, lambda: isinstance(here.app.screen, Confirm))
        assert here.app.focused is not None
        assert here.app.focused.id == "cancel"
        await here.press("enter")
        await until(here.pilot, lambda: here.app.screen is here.screen)
        assert len(here.texts) == 6
        await here.press("D")
        await until(here.pilot, lambda: isinstance(here.app.screen, Confirm))
        await here.press("tab", "enter")
        await until(here.pilot, lambda: len(here.texts) == 5)
        with here.library() as library:
            assert library.generations.list(HistoryQuery(trashed=True)).total == 0
            assert library.generations.list().total == 5
        assert not any(takes[5].id in str(file) for file in (path / "audio").rglob("*"))


async def test_deleting_what_a_story_uses_says_so(path: Path) -> None:
    takes = recorded(path)
    with Library.open(path) as library:
        story = library.stories.create("Chapter").story
        library.stories.add(story, takes[5].id)
        before = library.stories.scene(story)
    async with opened(path) as here:
        await here.press("D")
        await until(here.pilot, lambda: isinstance(here.app.screen, Confirm))
        await until(here.pilot, lambda: "1 story uses it." in here.text)
        await here.press("escape", "d")
        await until(here.pilot, lambda: "moved to the trash; 1 story uses it." in here.text)
        await here.press("u")
        await until(here.pilot, lambda: len(here.texts) == 6)
        with here.library() as library:
            assert library.stories.scene(story) == before


async def test_the_trash_is_emptied_only_when_told_so(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await here.press("d", "d", "d", "T")
        await until(here.pilot, lambda: "3 takes" in here.text)
        await here.press("D")
        await until(here.pilot, lambda: isinstance(here.app.screen, Confirm))
        await here.press("tab", "enter")
        await until(here.pilot, lambda: "2 takes" in here.text)
        await here.press("E")
        await until(here.pilot, lambda: isinstance(here.app.screen, Confirm))
        await here.press("escape")
        assert "2 takes" in here.text
        await here.press("E")
        await until(here.pilot, lambda: isinstance(here.app.screen, Confirm))
        await here.press("tab", "enter")
        await until(here.pilot, lambda: "empty" in here.text.splitlines()[0])
        assert len(list((path / "audio").rglob("*.wav"))) == 3


async def test_keys_act_on_the_marked_rows(path: Path) -> None:
    takes = recorded(path)
    async with opened(path) as here:
        await here.press("m", "m")
        assert "2 marked" in here.text
        await here.press("5")
        await until(here.pilot, lambda: here.text.count("★★★★★") == 2)
        await here.press("j", "v")
        assert here.screen.list.marked == {takes[n].id for n in (5, 4, 2)} | {takes[3].id}
        await here.press("d")
        await until(here.pilot, lambda: here.texts == ["line 1", "line 0"])
        assert not here.screen.list.marked
        await here.press("M")
        assert "2 marked" in here.text
        await here.press("M")
        assert not here.screen.list.marked


async def test_mark_all_marks_what_the_filter_shows(path: Path) -> None:
    takes = recorded(path)
    async with opened(path) as here:
        await here.press("slash", *"bob", "enter")
        await until(here.pilot, lambda: len(here.texts) == 3)
        await here.press("M")
        assert here.screen.list.marked == {takes[n].id for n in (1, 3, 5)}
        await here.press("escape")
        await until(here.pilot, lambda: len(here.texts) == 6)
        assert "3 marked" in here.text
        await here.press("escape")
        assert not here.screen.list.marked


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("enter", DetailScreen),
        ("s", StatisticsScreen),
        ("p", ProfileFilter),
        ("T", TrashScreen),
        ("question_mark", Help),
    ],
)
async def test_each_screen_opens_and_escape_comes_back(
    path: Path, key: str, kind: type[object]
) -> None:
    recorded(path)
    async with opened(path, (80, 24)) as here:
        await here.press(key)
        await until(here.pilot, lambda: isinstance(here.app.screen, kind))
        await here.press("escape")
        await until(here.pilot, lambda: here.app.screen is here.screen)


async def test_profiles_that_are_chosen_filter_the_list(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await here.press("p")
        await until(here.pilot, lambda: isinstance(here.app.screen, ProfileFilter))
        await until(here.pilot, lambda: "Bob" in here.text)
        await here.press("j", "enter")
        await until(here.pilot, lambda: here.texts == ["line 5", "line 3", "line 1"])
        assert "profile Bob" in here.text


async def test_the_palette_finds_an_action_by_its_name(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await here.press("colon")
        await until(here.pilot, lambda: here.app.screen is not here.screen)
        await here.press(*"trash")
        await until(here.pilot, lambda: "Open the trash" in here.text)
        await here.pilot.press("enter")
        await until(here.pilot, lambda: isinstance(here.app.screen, (TrashScreen, HistoryScreen)))


async def test_copying_shows_the_text_and_sends_it(path: Path) -> None:
    takes = recorded(path)
    async with opened(path) as here:
        await here.press("y")
        await until(here.pilot, lambda: takes[5].id in here.text)
        await until(here.pilot, lambda: ".wav" in here.text)
        await here.press("i")
        assert here.app.clipboard == takes[5].id
        assert "clipboard" in here.text


async def test_what_another_process_records_appears_and_the_cursor_stays(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await here.press("j", "j")
        with here.library() as library:
            take(library, "from elsewhere", 99)
        await until(here.pilot, lambda: "from elsewhere" in here.texts, within=5)
        assert here.screen.current is not None
        assert here.screen.current.text == "line 3"
        await until(here.pilot, lambda: "7 takes" in here.text)


async def test_new_ones_are_told_when_scrolled_away(path: Path) -> None:
    recorded(path, 80)
    async with opened(path, (80, 24)) as here:
        await here.press("G")
        before = here.texts
        with here.library() as library:
            take(library, "from elsewhere", 99)
        await until(here.pilot, lambda: "1 new" in here.text, within=5)
        assert here.texts == before


async def test_pending_ones_count_and_failed_ones_show_their_error(path: Path) -> None:
    with Library.open(path) as library:
        run = library.generations.begin(profile="Anna", text="to come")
        lost = library.generations.begin(profile="Anna", text="lost")
        library.generations.fail(lost.id, "CUDA out of memory")
    async with opened(path) as here:
        assert "CUDA out of memory" in here.text
        assert "running" in here.text
        with here.library() as library:
            library.generations.fail(run.id, "killed")
        await until(here.pilot, lambda: "killed" in here.text, within=5)
        assert "running" not in here.text


@pytest.mark.parametrize("size", [(80, 24), (160, 42)])
async def test_any_text_is_shown_literally_and_keeps_the_columns(
    path: Path, size: tuple[int, int]
) -> None:
    with Library.open(path) as library:
        for number, text in enumerate(NASTY):
            take(library, text, number, profile=text[:60].replace("\x00", "0") or "x")
    async with opened(path, size) as here:
        for shown in ("[laughs] hi", "[/whisper]", "100% a_b", "你好", "one⏎two"):
            assert shown in here.text
        assert "\x1b" not in here.text
        assert "\x07" not in here.text
        for _ in NASTY:
            await here.press("j")
            await here.press("enter")
            await until(here.pilot, lambda: isinstance(here.app.screen, DetailScreen))
            await here.press("escape")
            await until(here.pilot, lambda: here.app.screen is here.screen)


async def test_keys_can_be_given_other_keys(path: Path) -> None:
    recorded(path)
    config = Config(sound="silence", keys={"favorite": ("b",)})
    async with opened(path, config=config) as here:
        await here.press("f")
        assert "♥" not in here.text
        await here.press("b")
        await until(here.pilot, lambda: "♥" in here.text)
        assert " b favourite" in here.text


async def test_plain_glyphs_only_where_asked(path: Path) -> None:
    recorded(path)
    async with opened(path, (80, 24), Config(sound="silence", ascii=True)) as here:
        await here.press("f", "3", "space")
        rows = [line for line in here.text.splitlines() if "line" in line]
        assert rows
        assert all(line.isascii() for line in rows)


async def test_the_preview_comes_and_goes(path: Path) -> None:
    recorded(path, params={"temperature": 0.7})
    async with opened(path, (160, 42)) as here:
        await until(here.pilot, lambda: "temperature" in here.text)
        await here.press("P")
        await until(here.pilot, lambda: "temperature" not in here.text)
        await here.press("P")
        await until(here.pilot, lambda: "temperature" in here.text)


async def test_quit_leaves(path: Path) -> None:
    recorded(path)
    async with opened(path) as here:
        await here.pilot.press("q")
        await until(here.pilot, lambda: here.app._exit)
