"""The profile filter: choosing, typing, renaming, deleting, and taking it back."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.widgets import Button, Input

from rushes.library import Library
from rushes.tui.app import RushesApp
from rushes.tui.screens.ask_text import AskText
from rushes.tui.screens.confirm import Confirm
from rushes.tui.screens.help import Help
from rushes.tui.screens.history import HistoryScreen
from rushes.tui.screens.profiles import ProfileFilter
from rushes.tui.widgets.profile_list import ProfileList
from tests.tui.driving import desk, rows_shown, seen, take, until

if TYPE_CHECKING:
    from textual.pilot import Pilot

SIZES = [(80, 24), (120, 40)]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """Anna with three takes, Bob with two, one of nobody, an empty profile."""
    path = tmp_path / "library"
    with Library.open(path) as library:
        for number, name in enumerate(("Anna", "Anna", "Anna", "Bob", "Bob")):
            take(library, f"line {number}", number, profile=name)
        gone = take(library, "of nobody", 9, profile="Gone")
        library.profiles.create("Empty")
    with sqlite3.connect(path / "rushes.db") as database:
        database.execute("UPDATE profiles SET missing = 1 WHERE id = ?", (gone.profile_id,))
    database.close()
    return path


async def opened(pilot: Pilot[Any], app: RushesApp) -> ProfileList:
    """Open the dialog from the history and wait for the profiles."""
    if not isinstance(app.screen, HistoryScreen):
        await rows_shown(pilot)
    await pilot.press("p")
    await until(pilot, lambda: isinstance(app.screen, ProfileFilter))
    profiles = app.screen.query_one(ProfileList)
    await until(pilot, lambda: profiles.current is not None)
    await pilot.pause()
    return profiles


async def history_of(pilot: Pilot[Any], app: RushesApp, rows: int) -> HistoryScreen:
    """Wait until the history is there again with that many rows."""
    await until(pilot, lambda: isinstance(app.screen, HistoryScreen))
    history = app.screen
    assert isinstance(history, HistoryScreen)
    await until(pilot, lambda: history.list.rows.total == rows)
    return history


def names(profiles: ProfileList) -> list[str]:
    """Give the names in the list."""
    return [entry.name for entry in profiles.items]


def here(profiles: ProfileList) -> str:
    """Give the name under the cursor."""
    current = profiles.current
    return current.name if current is not None else ""


async def went_away(pilot: Pilot[Any], app: RushesApp, kinds: Sequence[type]) -> None:
    """Wait until none of these screens is in front."""
    await until(pilot, lambda: not isinstance(app.screen, tuple(kinds)))
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_every_profile_is_listed_with_count_and_time(
    library: Path, size: tuple[int, int]
) -> None:
    app = desk(library)
    async with app.run_test(size=size) as pilot:
        profiles = await opened(pilot, app)
        assert names(profiles) == ["Anna", "Bob", "Empty", "no profile"]
        lines = seen(app).splitlines()
        assert any(" Anna " in line and " 3 " in line and " s" in line for line in lines)
        assert any("no profile" in line and " 1 " in line for line in lines)
        assert "space choose" in " ".join(seen(app).split())


async def test_enter_shows_the_profile_under_the_cursor(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        profiles = await opened(pilot, app)
        await pilot.press("j")
        assert here(profiles) == "Bob"
        await pilot.press("enter")
        await history_of(pilot, app, 2)
        assert "profile Bob" in seen(app)


async def test_several_can_be_chosen_and_nobody_is_one_of_them(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await pilot.press("space", "G", "space")
        assert "2 chosen" in seen(app)
        await pilot.press("g", "j", "enter")
        await history_of(pilot, app, 4)


async def test_choosing_twice_takes_the_mark_away(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await pilot.press("space", "k", "space")
        assert "chosen" not in seen(app)
        assert "◆" not in seen(app)


async def test_escape_leaves_the_filter_as_it_was(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await pilot.press("enter")
        await history_of(pilot, app, 3)
        await opened(pilot, app)
        assert "1 chosen" in seen(app)
        await pilot.press("j", "space", "escape")
        await history_of(pilot, app, 3)
        assert "profile Anna" in seen(app)


async def test_a_shows_everybody_again(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await pilot.press("enter")
        await history_of(pilot, app, 3)
        await opened(pilot, app)
        await pilot.press("a")
        await history_of(pilot, app, 6)


async def test_enter_on_another_profile_changes_over_to_it(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await pilot.press("enter")
        await history_of(pilot, app, 3)
        profiles = await opened(pilot, app)
        assert here(profiles) == "Anna"
        await pilot.press("j", "enter")
        await history_of(pilot, app, 2)


async def test_typing_narrows_the_list_and_its_letters_do_nothing_else(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        profiles = await opened(pilot, app)
        await pilot.press("slash", "a")
        await until(pilot, lambda: names(profiles) == ["Anna"])
        await pilot.press("backspace", "o")
        await until(pilot, lambda: names(profiles) == ["Bob", "no profile"])
        await pilot.press("down")
        assert here(profiles) == "no profile"
        await pilot.press("up", "enter")
        await history_of(pilot, app, 2)


async def test_escape_clears_what_was_typed_and_tab_keeps_it(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        profiles = await opened(pilot, app)
        await pilot.press("slash", "B", "tab")
        await until(pilot, lambda: app.screen.focused is profiles)
        assert names(profiles) == ["Bob"]
        await pilot.press("space")
        assert "1 chosen" in seen(app)
        await pilot.press("slash", "escape")
        await until(pilot, lambda: len(names(profiles)) == 4)
        assert here(profiles) == "Bob"
        assert isinstance(app.screen, ProfileFilter)
        await pilot.press("slash", "z", "z")
        await until(pilot, lambda: "No name holds that." in seen(app))
        await pilot.press("tab", "space", "r", "d")
        assert isinstance(app.screen, ProfileFilter)


async def test_a_profile_gets_another_name_and_its_old_one_back(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        profiles = await opened(pilot, app)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        assert app.screen.query_one(Input).value == "Anna"
        await pilot.press(*"bel", "enter")
        await went_away(pilot, app, [AskText])
        await until(pilot, lambda: "Annabel" in names(profiles))
        assert here(profiles) == "Annabel"
        await pilot.press("u")
        await until(pilot, lambda: "Anna" in names(profiles))


async def test_a_taken_name_is_refused_and_can_be_mended(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        profiles = await opened(pilot, app)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        app.screen.query_one(Input).value = "Bob"
        await pilot.press("enter")
        await until(pilot, lambda: any("Bob" in n.message for n in app._notifications))
        await until(pilot, lambda: isinstance(app.screen, AskText))
        assert app.screen.query_one(Input).value == "Bob"
        await pilot.press("2", "enter")
        await until(pilot, lambda: "Bob2" in names(profiles))


async def test_renaming_can_be_left(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        profiles = await opened(pilot, app)
        for keys in (("x", "escape"), ("enter",)):
            await pilot.press("r")
            await until(pilot, lambda: isinstance(app.screen, AskText))
            await pilot.press(*keys)
            await went_away(pilot, app, [AskText])
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        app.screen.query_one(Input).value = "  "
        await pilot.press("enter")
        assert isinstance(app.screen, AskText)
        await pilot.press("escape")
        await went_away(pilot, app, [AskText])
        assert names(profiles) == ["Anna", "Bob", "Empty", "no profile"]
        assert app.desk.undo.take() is None


async def test_what_has_no_profile_cant_be_renamed(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await pilot.press("G", "r")
        await until(pilot, lambda: any("none to rename" in n.message for n in app._notifications))
        assert isinstance(app.screen, ProfileFilter)


async def test_deleting_asks_with_the_count_and_cancel_in_focus(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        profiles = await opened(pilot, app)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await until(pilot, lambda: "Delete Anna?" in seen(app))
        assert "3 takes" in seen(app)
        assert isinstance(app.screen.focused, Button)
        assert app.screen.focused.id == "cancel"
        await pilot.press("enter")
        await went_away(pilot, app, [Confirm])
        assert names(profiles) == ["Anna", "Bob", "Empty", "no profile"]


@pytest.mark.parametrize(("moves", "left"), [((), 3), (("G",), 5)])
async def test_a_deleted_profile_comes_back_with_its_takes(
    library: Path, moves: tuple[str, ...], left: int
) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        profiles = await opened(pilot, app)
        before = names(profiles)
        await pilot.press(*moves, "d")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("tab", "enter")
        await until(pilot, lambda: len(names(profiles)) == 3)
        counts = await app.desk.ask(lambda held: (held.statistics.totals(), held.trash.count()))
        assert (counts[0].generations, counts[1]) == (left, 6 - left)
        await pilot.press("u")
        await until(pilot, lambda: names(profiles) == before)
        assert await app.desk.ask(lambda held: held.trash.count()) == 0
        await pilot.press("escape")
        await history_of(pilot, app, 6)


async def test_the_history_forgets_a_chosen_profile_that_was_deleted(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await pilot.press("enter")
        await history_of(pilot, app, 3)
        profiles = await opened(pilot, app)
        await pilot.press("d")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("tab", "enter")
        await until(pilot, lambda: names(profiles) == ["Bob", "Empty", "no profile"])
        await pilot.press("escape")
        await history_of(pilot, app, 3)
        assert "profile Anna" not in seen(app)


async def test_the_history_says_the_new_name_of_a_chosen_profile(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, app)
        await pilot.press("enter")
        await history_of(pilot, app, 3)
        profiles = await opened(pilot, app)
        await pilot.press("r")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await pilot.press(*"bel", "enter")
        await until(pilot, lambda: "Annabel" in names(profiles))
        await pilot.press("escape")
        await history_of(pilot, app, 3)
        await until(pilot, lambda: "profile Annabel" in seen(app))


async def test_profiles_that_others_make_appear(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(80, 24)) as pilot:
        profiles = await opened(pilot, app)
        await pilot.press("j")
        await until(pilot, lambda: app.desk._library is not None)
        with Library.open(library) as other:
            other.profiles.create("Aaron")
        await until(pilot, lambda: "Aaron" in names(profiles))
        assert here(profiles) == "Bob"


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_names_are_data_and_columns_stay_straight(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    odd = [
        "[red]x[/red]",
        "声優のアンナ",
        "👩‍🚀 crew 🇩🇪",
        "a\x1b[31m\tb",
        "x" * 200,
        "é" * 90,
        "[/",
    ]
    with Library.open(tmp_path / "library") as library:
        for number, name in enumerate(odd):
            take(library, "words", number, profile=name)
    app = desk(tmp_path / "library")
    async with app.run_test(size=size) as pilot:
        profiles = await opened(pilot, app)
        text = seen(app)
        assert size != (80, 24) or "[red]x[/red]" in text
        assert all(line.isprintable() for line in text.splitlines())
        strips = [profiles.render_line(y) for y in range(profiles.size.height)]
        assert {strip.cell_length for strip in strips} == {profiles.size.width - 1}
        for _ in odd:
            await pilot.press("d")
            await until(pilot, lambda: isinstance(app.screen, Confirm))
            await pilot.press("escape")
            await went_away(pilot, app, [Confirm])
            await pilot.press("j")


async def test_a_thousand_profiles_stay_fluent(tmp_path: Path) -> None:
    with Library.open(tmp_path / "library") as library:
        take(library, "words", profile="voice 0000")
    with sqlite3.connect(tmp_path / "library" / "rushes.db") as database:
        database.executemany(
            "INSERT INTO profiles (id, name, name_fold, created_at, updated_at)"
            " SELECT ?, ?, ?, created_at, updated_at FROM profiles WHERE name = 'voice 0000'",
            [(f"id{n:04}", f"voice {n:04}", f"voice {n:04}") for n in range(1, 1000)],
        )
    database.close()
    app = desk(tmp_path / "library")
    async with app.run_test(size=(80, 24)) as pilot:
        profiles = await opened(pilot, app)
        await until(pilot, lambda: len(names(profiles)) == 1000)
        began = time.perf_counter()
        for y in range(profiles.size.height):
            profiles.render_line(y)
        profiles.go(999)
        profiles.go(0)
        assert time.perf_counter() - began < 0.1
        await pilot.press("G")
        assert here(profiles) == "voice 0999"
        assert "voice 0999" in seen(app)
        await pilot.press("k", "pageup", "ctrl+u", "ctrl+d", "pagedown", "g", "slash", *"77")
        await until(pilot, lambda: len(names(profiles)) == 19)
        await pilot.press("enter")
        await history_of(pilot, app, 0)


async def test_help_lists_the_dialogs_keys_and_q_leaves_the_dialog_alone(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(pilot, app)
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, Help))
        await until(pilot, lambda: "Delete it with its generations" in seen(app))
        await pilot.press("escape", "q")
        await history_of(pilot, app, 6)
        assert app.is_running


async def test_the_dialog_fits_whatever_the_terminal_becomes(library: Path) -> None:
    app = desk(library)
    async with app.run_test(size=(120, 40)) as pilot:
        profiles = await opened(pilot, app)
        await pilot.press("G")
        for width, height in ((40, 14), (80, 24), (200, 60), (24, 12)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            assert here(profiles) == "no profile"
            assert "▌" in seen(app)
